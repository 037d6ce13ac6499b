"""What a step of a script may say: Step -> the words in it, and the step without phrases that are to stay unsaid."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

from audiogen.script.steps import Line, Option, Say, Step, Tone, Work


def heard(step: Step) -> Step:
    """A step without the phrases that are to stay unsaid; nothing is asked in place of one."""
    if not isinstance(step, Work):
        return step
    asks = tuple(
        replace(ask, options=tuple(option for option in ask.options if not _is_unsaid(option)))
        for ask in step.asks
        if not _is_unsaid(ask.options[0])
    )
    return replace(
        step,
        asks=asks,
        countdown=tuple(one for one in step.countdown if not _is_unsaid(one)),
        before=tuple(_said(step.before)),
        after=tuple(_said(step.after)),
    )


def _said(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        if line.options[0].text:
            yield replace(line, options=tuple(option for option in line.options if option.text))


def _is_unsaid(sound: Option) -> bool:
    return isinstance(sound, Say) and not sound.text


def says(step: Step) -> Iterator[Say]:
    """All that a step may say, in the order in which it is first needed."""
    match step:
        case Say():
            yield step
        case Work():
            cued = ((cue.at_ms, (cue.sound,)) for cue in step.cues)
            asked = ((ask.at_ms, tuple(_alone(ask.options))) for ask in step.asks)
            inside = (sound for _, sounds in sorted((*cued, *asked), key=itemgetter(0)) for sound in sounds)
            yield from (say for line in (*step.before, *step.after) for say in line.options)
            yield from (sound for sound in (*inside, *step.countdown) if isinstance(sound, Say))


def _alone(options: Sequence[Option]) -> Iterator[Say | Tone]:
    """The sounds of options, those of a pair one by one."""
    for option in options:
        yield from option if isinstance(option, tuple) else (option,)
