"""The cues that are written for an exercise, as they come in one piece of its work.

Exercise + place -> Cued
"""

from collections.abc import Iterator
from dataclasses import replace

from audiogen.routine.model import Exercise
from audiogen.routine.parts import Cue
from audiogen.script.lines import Lines
from audiogen.script.steps import APART_MS, Cued, Place, Say, Tone


def written_cues(lines: Lines, exercise: Exercise, length_ms: int, place: Place) -> tuple[Cued, ...]:
    """The written cues of a set, side and round; one at 0 s comes right after the start tone."""
    here = ((n, cue) for n, cue in enumerate(exercise.cues) if _is_here(lines, exercise, cue, place))
    return tuple(replace(cued, number=n) for n, cue in here for cued in _cued(lines, exercise, cue, length_ms, place))


def _is_here(lines: Lines, exercise: Exercise, cue: Cue, place: Place) -> bool:
    return (cue.sets is None or cue.sets.has(place.set or 1, exercise.sets)) and (
        cue.rounds is None or cue.rounds.has(place.round or 1, lines.rounds_of(exercise))
    )


def _cued(lines: Lines, exercise: Exercise, cue: Cue, length_ms: int, place: Place) -> Iterator[Cued]:
    first_ms = lines.tone("start", place).length_ms + APART_MS
    if cue.after_ms is not None:
        for sound in _sounds(lines, exercise, cue, place):
            yield Cued(cue.after_ms, sound, after=True)
        return
    for at_ms in cue.moments_ms(length_ms):
        then = replace(place, rep=at_ms // exercise.rep_ms + 1) if exercise.tempo else place
        for sound in _sounds(lines, exercise, cue, then):
            from_end = cue.at is not None and cue.at.kind == "end"
            share = float(cue.at.value) if cue.at is not None and cue.at.kind == "share" else 0.0
            yield Cued(at_ms or first_ms, replace(sound, place=place), from_end=from_end, share=share)


def _sounds(lines: Lines, exercise: Exercise, cue: Cue, place: Place) -> Iterator[Say | Tone]:
    """What is heard of a cue: its sound, or its words, or a tone for them where nobody speaks."""
    if cue.sound is not None:
        tone = lines.tone(lines.role_of(cue.sound), place)
        if tone.length_ms:
            yield tone
    elif cue.say is not None and lines.instructs:
        yield Say(lines.line_at(cue.say, exercise, place), "cue", place)
    elif not lines.speaks:
        yield lines.tone("cue", place)
