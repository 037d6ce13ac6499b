"""What an exercise asks for, in plain English: "30s per side", "3 sets of 12 repetitions of 6s, 45s rest in between".

Visit or Exercise -> Dose -> words
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from audiogen.durations import format_duration
from audiogen.routine.amounts import amount_on
from audiogen.routine.model import Exercise
from audiogen.routine.values import Side
from audiogen.script import Place
from audiogen.script.work import sides_of
from audiogen.text import listed
from audiogen.timeline.visits import Set, Visit


class Amount(NamedTuple):
    """One set on one side: a hold of `length_ms`, repetitions of `length_ms` each, or all of them `paced` within it."""

    side: Side | None
    length_ms: int
    repetitions: str | None = None
    paced: bool = False


@dataclass(frozen=True, slots=True)
class Dose:
    """All work of an exercise in one round: for each side, the amount of each of its sets."""

    sides: tuple[tuple[Amount, ...], ...]
    alternates: bool = False
    rest_ms: int = 0

    def words(self, length: Callable[[int], str] = format_duration) -> str:
        """The dose in words; `length` writes lengths."""
        work, sets = self._of_sides(length), len(self.sides[0])
        if self.alternates and self.sides[0][0].repetitions is None:
            work = f"{sets} hold{'s' * (sets > 1)} of {work}"
        elif sets > 1 and not self._varies:
            work = f"{sets} sets of {work}"
        parts = [work, *(["alternating sides"] if self.alternates else [])]
        if sets > 1:
            parts.append(f"{length(self.rest_ms) if self.rest_ms else 'no'} rest in between")
        return ", ".join(parts)

    def brief(self) -> str:
        """The dose in a cell: "30s", "3x12", "10s,20s,30s", "30s/45s" where the sides differ."""
        return "/".join(dict.fromkeys(map(_brief, self.sides)))

    @property
    def _varies(self) -> bool:
        """Whether sets are not all alike."""
        return any(len({*amounts}) > 1 for amounts in self.sides)

    def _of_sides(self, length: Callable[[int], str]) -> str:
        doses = [
            listed(_each(amounts, length)) if self._varies else _written(amounts[0], length) for amounts in self.sides
        ]
        sides = [amounts[0].side for amounts in self.sides]
        if len(sides) > 1 and len(set(doses)) == 1:
            return f"{doses[0]} per side"
        sided = [f"{dose} on the {side}" if side else dose for dose, side in zip(doses, sides, strict=True)]
        return " and ".join(sided)


def dose_of_visit(visit: Visit) -> Dose:
    """The dose of an exercise as a session has it."""
    amounts: dict[Side | None, list[Amount]] = {}
    for work in visit.sides:
        amounts.setdefault(work.side, []).extend(_of_set(work.side, one) for one in work.sets)
    alternates = visit.sides[0].alternates
    rests_ms = (two.start_ms - one.end_ms for one, two in pairwise(visit.sets) if _rests(one.place, two.place))
    return Dose(tuple(map(tuple, amounts.values())), alternates, next(rests_ms, 0))


def _rests(place: Place, after: Place) -> bool:
    """Whether a rest lies between two pieces of work, not a change of sides."""
    return (place.set or 0) < (after.set or 0) or place.rep != after.rep


def _of_set(side: Side | None, one: Set) -> Amount:
    return Amount(side, one.events[0].length_ms, one.repetitions, one.is_paced)


def dose_of_exercise(exercise: Exercise) -> Dose:
    """The dose of an exercise as a routine has it."""
    numbers = range(1, exercise.pieces + 1)
    amounts = tuple(tuple(_planned(exercise, side, number) for number in numbers) for side in sides_of(exercise))
    return Dose(amounts, exercise.alternate, exercise.rest_ms or 0)


def _planned(exercise: Exercise, side: Side | None, number: int) -> Amount:
    if exercise.hold_ms is not None:
        return Amount(side, amount_on(exercise.hold_ms, side, number))
    repetitions = str(amount_on(exercise.reps, side, number))
    return Amount(side, exercise.for_ms or exercise.rep_ms, repetitions, exercise.for_ms is not None)


def _each(amounts: Sequence[Amount], length: Callable[[int], str]) -> list[str]:
    """Amounts that differ, the unit once where it is the same: "12, 10 and 8 repetitions of 6s"."""
    doses = [_written(amount, length) for amount in amounts]
    if len({(one.length_ms, one.paced) for one in amounts}) > 1 or amounts[0].repetitions is None:
        return doses
    return [*(str(one.repetitions) for one in amounts[:-1]), doses[-1]]


def _brief(amounts: Sequence[Amount]) -> str:
    cells = [(one.repetitions or format_duration(one.length_ms)).replace(" to ", "-") for one in amounts]
    if len({*cells}) > 1:
        return ",".join(cells)
    return f"{len(cells)}x{cells[0]}" if len(cells) > 1 else cells[0]


def in_repetitions(amount: str) -> str:
    """Count repetitions, or a range of them: "1 repetition", "8 to 12 repetitions"."""
    return f"{amount} repetition{'' if amount == '1' else 's'}"


def _written(amount: Amount, length: Callable[[int], str]) -> str:
    each = length(amount.length_ms)
    if amount.repetitions is None:
        return each
    return f"{in_repetitions(amount.repetitions)} {'in' if amount.paced else 'of'} {each}"
