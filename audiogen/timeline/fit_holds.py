"""Holds made longer or shorter so that a session meets its length, where the routine allows that.

    Routine + its script + spoken lengths -> Routine

Only holds that nobody fixed are stretched, all by the same factor, to whole seconds, within their own bounds, and only
to lengths in which their written cues have room. What that leaves over is the silences' to absorb.
"""

from collections.abc import Callable, Mapping

from audiogen.routine.model import Exercise, Routine
from audiogen.routine.overrides.doses import with_hold
from audiogen.script import Script, Silence, Work
from audiogen.script.work import LONGEST_HOLD_MS
from audiogen.timeline.build import default_length_ms
from audiogen.timeline.hold_bounds import SECOND_MS, hold_bounds

HALVINGS = 40  # enough to find a factor to far below a second on an hour's hold
SPARE_MS = 1000  # the silences keep so much of what they can, since the words that say lengths may still change
Choose = Callable[[int, int, float], int]
CHOICES: tuple[Choose, ...] = (
    lambda above, below, wanted: above if above - wanted <= wanted - below else below,
    lambda above, _below, _wanted: above,
    lambda _above, below, _wanted: below,
)


def stretched(routine: Routine, script: Script, lengths_ms: Mapping[str, int]) -> Routine:
    """The routine with its holds stretched towards its length; itself where that is not requested."""
    if routine.stretch != "holds" or routine.length_ms is None:
        return routine
    bounds = hold_bounds(script, lengths_ms)
    holds = [step for step in script.steps if isinstance(step, Work) and step.least_ms is not None]
    wanted_ms = sum(hold.length_ms for hold in holds) + routine.length_ms - default_length_ms(script, lengths_ms)

    def times(number: int | None, length_ms: int, factor: float) -> float:
        bound = bounds[number, length_ms]
        return min(max(length_ms * factor, min(bound.least_ms, length_ms)), max(bound.most_ms, length_ms))

    low, high = 0.0, 1000.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        total_ms = sum(times(hold.place.exercise, hold.length_ms, middle) for hold in holds)
        low, high = (middle, high) if total_ms < wanted_ms else (low, middle)

    def fitted(number: int | None, length_ms: int, choose: Choose) -> int:
        """The length that has room for the cues, where a factor would lead to one that has not."""
        wanted_ms = times(number, length_ms, high)
        above, below = (way(wanted_ms) for way in (bounds[number, length_ms].above, bounds[number, length_ms].below))
        whole_ms = -(-round(wanted_ms) // SECOND_MS) * SECOND_MS
        if above is None or below is None:
            return above or below or whole_ms
        return whole_ms if above == whole_ms else choose(above, below, wanted_ms)

    def missed_ms(choose: Choose) -> int:
        """How far the silences would have to go beyond what they can."""
        over_ms = sum(fitted(hold.place.exercise, hold.length_ms, choose) for hold in holds) - wanted_ms
        silences = [step.limits for step in script.steps if isinstance(step, Silence)]
        if over_ms > 0:
            return over_ms - sum(limits.default_ms - limits.floor_ms for limits in silences)
        return -over_ms - sum(limits.ceiling_ms - limits.default_ms for limits in silences)

    chosen = min(CHOICES, key=lambda choose: max(-SPARE_MS, missed_ms(choose)))
    numbers = {exercise.slug: number for number, exercise in enumerate(script.exercises, start=1)}

    def scaled(exercise: Exercise) -> Exercise:
        number = numbers.get(exercise.slug)
        own = {length_ms: bound for (other, length_ms), bound in bounds.items() if other == number}
        if not own:
            return exercise
        # The bound stays that of the longest hold as it was: it must not grow with it.
        longest_ms = max(bound.most_ms for bound in own.values())
        most_ms = exercise.max_ms or (longest_ms if longest_ms > LONGEST_HOLD_MS else None)
        longer = with_hold(exercise, lambda ms: fitted(number, ms, chosen) if ms in own else ms)
        return longer.model_copy(update={"max_ms": most_ms})

    return routine.with_each(scaled)
