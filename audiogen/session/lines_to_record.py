"""Routines -> the lines that a coach records for them: in the order in which they come up, each once, with file names.

Announcements are made of pieces, so a few lines more serve all doses that a practice uses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiogen.phrases import load_phrases
from audiogen.phrases.configured import configured_phrases
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.overrides.doses import total_work_ms
from audiogen.script import Silence, Wording, write_script
from audiogen.timeline.compose import Plan, Spoken, compose, draft
from audiogen.voices import estimate_ms
from audiogen.voices.recordings import file_stem, pieces_of

MINUTE_MS = 60_000
# How long a coach may take for a line, times the estimate, which is 170 words a minute: 75 to 280 words. The opening
# names the length in whole minutes, and what fits between two moments follows from it, too.
PACES = (1.0, 0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.2, 2.3)


@dataclass(frozen=True, slots=True)
class Line:
    """A line to record, and the name of its file."""

    file: str
    text: str


def lines_to_record(routines: Sequence[Routine], holds_ms: Sequence[int] = ()) -> tuple[Line, ...]:
    """All lines of these routines, as they are and with any of these holds in any of their timed exercises.

    Raises:
        AudiogenError: a routine that cannot happen in its time.
    """
    lines: dict[str, Line] = {}
    for routine in routines:
        numbered = _numbered(routine)
        texts = [piece for text in dict.fromkeys(_texts(routine, holds_ms)) for piece in numbered.get(text, (text,))]
        for text in dict.fromkeys((*texts, *(piece for pieces in numbered.values() for piece in pieces))):
            stem = file_stem(text)
            lines.setdefault(stem, Line(f"{stem}.wav", text))
    return tuple(lines.values())


def _numbered(routine: Routine) -> dict[str, tuple[str, ...]]:
    """Each announcement with a number that a choice or another order of the exercises can lead to, in its pieces."""
    phrases = load_phrases(routine.language).with_own({**configured_phrases(routine.language), **routine.phrases})
    count = len(routine.flat)
    texts = (
        phrases.say("announcement", "position", n=number, count=of, name=phrases.ended(exercise.name))
        for exercise in routine.flat
        for of in range(2, count + 1)
        for number in range(1, of + 1)
    )
    return {text: pieces_of(text) for text in texts if text and routine.guidance == "full"}


def _texts(routine: Routine, holds_ms: Sequence[int]) -> Iterator[str]:
    def at_pace(times: float) -> Plan:
        def speak(texts: Sequence[str]) -> Spoken:
            lasting = {text: estimate_ms(text, routine.language, routine.speed) * times for text in texts}
            return Spoken({text: round(length_ms) for text, length_ms in lasting.items()}, False)

        return compose(begun, "recordings", speak)

    begun = draft(routine)
    routine = begun.routine
    paces = [at_pace(times) for times in PACES]
    script, timeline = paces[0].script, paces[0].timeline
    for composed in paces:
        yield from composed.script.texts()
    yield from begun.script.texts()
    shortest_ms = min(composed.timeline.length_ms for composed in paces)
    longest_ms = max(composed.timeline.length_ms for composed in paces)
    for exercise in routine.flat:
        doses = [_with_hold(routine, exercise, hold_ms) for hold_ms in holds_ms if exercise.hold_ms is not None]
        for dosed in doses:
            yield from write_script(dosed, Wording(timeline.length_ms)).texts()
        added_ms = [0, *(total_work_ms(dosed) - total_work_ms(routine) for dosed in doses)]
        shortest_ms += min(added_ms)
        longest_ms += max(added_ms)
    if routine.length_ms is None or holds_ms:
        yield from _openings(routine, shortest_ms, longest_ms)
    # Recorded words may be quicker than estimated ones; then the silences before the work grow, and are announced.
    silences = frozenset(
        step.place for step in script.steps if isinstance(step, Silence) and step.kind in ("settle", "switch")
    )
    yield from write_script(routine, Wording(timeline.length_ms, silences)).texts()


def _openings(routine: Routine, shortest_ms: int, longest_ms: int) -> Iterator[str]:
    """What the opening says of each length in whole minutes from one to the other, and of about that length."""
    first, last = (max(1, round(length_ms / MINUTE_MS)) for length_ms in (shortest_ms, longest_ms))
    for minutes in range(first, last + 1):
        for total_ms in (minutes * MINUTE_MS, minutes * MINUTE_MS + MINUTE_MS // 10):
            yield from write_script(routine, Wording(total_ms)).texts()


def _with_hold(routine: Routine, exercise: Exercise, hold_ms: int) -> Routine:
    return routine.with_each(
        lambda one: one.model_copy(update={"hold_ms": hold_ms}) if one.slug == exercise.slug else one
    )
