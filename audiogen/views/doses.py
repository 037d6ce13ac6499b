"""What an exercise asks for, in plain English: "30s per side", "3 sets of 12 repetitions of 6s, 45s rest in between".

Visit or Exercise -> Dose -> words
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from audiogen.durations import format_duration
from audiogen.routine.model import Exercise
from audiogen.routine.values import Side
from audiogen.script.work import dose_on, sides_of
from audiogen.text import counted
from audiogen.timeline.visits import Visit


class Amount(NamedTuple):
    """One set on one side: a hold of `length_ms`, or repetitions of `length_ms` each."""

    side: Side | None
    length_ms: int
    repetitions: int | None = None


@dataclass(frozen=True, slots=True)
class Dose:
    """All work of an exercise in one round: an amount for each side, in sets."""

    amounts: tuple[Amount, ...]
    alternates: bool = False
    sets: int = 1
    rest_ms: int = 0

    def words(self, length: Callable[[int], str] = format_duration) -> str:
        """The dose in words; `length` writes lengths."""
        work = self._of_sides(length)
        if self.alternates:
            work += ", alternating sides"
        if self.sets == 1:
            return work
        return f"{self.sets} sets of {work}, {length(self.rest_ms)} rest in between"

    def _of_sides(self, length: Callable[[int], str]) -> str:
        amounts = [_written(amount, length) for amount in self.amounts]
        sides = [amount.side for amount in self.amounts]
        if len(sides) > 1 and len(set(amounts)) == 1:
            return f"{amounts[0]} per side"
        sided = [f"{amount} on the {side}" if side else amount for amount, side in zip(amounts, sides, strict=True)]
        return " and ".join(sided)


def dose_of_visit(visit: Visit) -> Dose:
    """The dose of an exercise as a session has it."""
    sets = visit.sides[0].sets
    amounts = (
        Amount(one.side, *((first.length_ms,) if first.is_hold else (first.events[0].length_ms, len(first.events))))
        for one in visit.sides
        for first in one.sets[:1]
    )
    rest_ms = sets[1].start_ms - sets[0].end_ms if len(sets) > 1 else 0
    return Dose(tuple(amounts), visit.sides[0].alternates, len(sets), rest_ms)


def dose_of_exercise(exercise: Exercise) -> Dose:
    """The dose of an exercise as a routine has it."""
    cycle_ms = sum(phase.for_ms for phase in exercise.tempo)
    amounts = (
        Amount(side, cycle_ms, dose_on(exercise.reps or 0, side))
        if exercise.hold_ms is None
        else Amount(side, dose_on(exercise.hold_ms, side))
        for side in sides_of(exercise)
    )
    return Dose(tuple(amounts), exercise.alternate, exercise.sets, exercise.rest_ms or 0)


def _written(amount: Amount, length: Callable[[int], str]) -> str:
    each = length(amount.length_ms)
    return each if amount.repetitions is None else f"{counted(amount.repetitions, 'repetition')} of {each}"
