"""What a passage says and sounds: Passage -> steps.

Its lines follow one another without a pause where none is written, so they are spoken in one breath, as one text.
"""

from collections.abc import Iterator
from itertools import groupby

from audiogen.routine.model import Passage
from audiogen.routine.prose import Paragraph, Pause, Sounded
from audiogen.script.lines import Lines
from audiogen.script.steps import Place, Say, Silence, Step


def passage_steps(lines: Lines, passage: Passage, place: Place, rounds: int, paragraph: Silence) -> Iterator[Step]:
    """The words, pauses and sounds of a passage; without a voice, its pauses and sounds."""
    numbers = {
        "{rounds}": lines.phrases.in_sentence(rounds),
        "{round}": lines.phrases.in_sentence(place.round or 1),
    }
    for is_text, found in groupby(passage.say, key=lambda part: isinstance(part, str)):
        if is_text:
            *before, last = (str(text) for text in found)
            said = " ".join([*map(lines.phrases.ended, before), last])
            for placeholder, number in numbers.items():
                said = said.replace(placeholder, number)
            if lines.speaks:
                yield Say(said, "passage", place)
            continue
        for part in found:
            match part:
                case Pause(limits):
                    yield Silence("pause", limits, place)
                case Sounded(sound):
                    yield lines.tone(lines.role_of(sound), place)
                case Paragraph():
                    yield paragraph


def with_written_pauses(steps: Iterator[Step]) -> Iterator[Step]:
    """The steps of a session, in which a written pause stands in place of the gap or transition next to it.

    Written pauses that follow one another add up.
    """
    for is_silence, found in groupby(steps, key=lambda step: isinstance(step, Silence)):
        run = list(found)
        pauses = [step for step in run if isinstance(step, Silence) and step.kind == "pause"]
        if is_silence and pauses:
            whole = pauses[0]
            for pause in pauses[1:]:
                whole = Silence("pause", whole.limits + pause.limits, whole.place)
            run = [step for step in run if isinstance(step, Silence) and step.kind not in _GIVES_WAY]
            at = sum(isinstance(step, Silence) and step.kind == "lead-in" for step in run)
            run.insert(at, whole)
        yield from run


_GIVES_WAY = ("gap", "paragraph", "transition", "pause")
