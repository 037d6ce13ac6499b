"""Holds made longer or shorter so that a session meets its length, where the routine allows that.

    Routine + its script + spoken lengths -> Routine

Only holds that nobody fixed are stretched, all by the same factor, to whole seconds, within their own bounds and never
below what their written cues need. What whole seconds leave over is the silences' to absorb.
"""

from collections.abc import Mapping

from audiogen.routine.model import Exercise, Routine
from audiogen.routine.overrides.doses import with_hold
from audiogen.script import Script, Work
from audiogen.timeline.build import default_length_ms, hold_bounds

HALVINGS = 40  # enough to find a factor to far below a second on an hour's hold


def stretched(routine: Routine, script: Script, lengths_ms: Mapping[str, int]) -> Routine:
    """The routine with its holds stretched towards its length; itself where that is not requested."""
    if routine.stretch != "holds" or routine.length_ms is None:
        return routine
    bounds = hold_bounds(script, lengths_ms)
    holds = [step for step in script.steps if isinstance(step, Work) and step.place.exercise in bounds]
    wanted_ms = sum(hold.length_ms for hold in holds) + routine.length_ms - default_length_ms(script, lengths_ms)

    def times(number: int | None, length_ms: int, factor: float) -> float:
        least_ms, most_ms = bounds[number]
        return min(max(length_ms * factor, min(least_ms, length_ms)), max(most_ms, length_ms))

    low, high = 0.0, 1000.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        total_ms = sum(times(hold.place.exercise, hold.length_ms, middle) for hold in holds)
        low, high = (middle, high) if total_ms < wanted_ms else (low, middle)
    numbers = {exercise.slug: number for number, exercise in enumerate(script.exercises, start=1)}

    def scaled(exercise: Exercise) -> Exercise:
        number = numbers.get(exercise.slug)
        if number not in bounds:
            return exercise
        return with_hold(exercise, lambda length_ms: _whole_seconds(times(number, length_ms, high)))

    return routine.with_each(scaled)


def _whole_seconds(length_ms: float) -> int:
    """To whole seconds, upwards: a cue that just fits still fits."""
    return -(-round(length_ms) // 1000) * 1000
