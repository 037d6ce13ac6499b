"""How much work is: a length or a count, one for each set, one for each side, and ranges to choose from.

30s;  [10s, 20s, 30s];  {right: 30s, left: 20s};  8 to 12
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from audiogen.errors import InvalidValue, Problem
from audiogen.routine.values import Side, Sided, read_length, whole
from audiogen.text import shown

MOST_REPS = 500
MOST_SETS = 20


@dataclass(frozen=True, slots=True)
class Range:
    """Any number from `least` to `most`, which is left to the one who does it."""

    least: int
    most: int

    def __str__(self) -> str:
        return f"{self.least} to {self.most}"


Count: TypeAlias = int | Range


def amount_on(dose: Any, side: Side | None, number: int = 1) -> Any:
    """What a dose is on a side in set `number`; without a side, on the right."""
    one = dose.on(side or "right") if isinstance(dose, Sided) else dose
    return one[min(number, len(one)) - 1] if isinstance(one, tuple) else one


def with_each_amount(dose: Any, change: Callable[[Any], Any]) -> Any:
    """A dose with each of its amounts changed, for every set and side."""
    if isinstance(dose, Sided):
        return dose.map(lambda one: with_each_amount(one, change))
    return tuple(map(change, dose)) if isinstance(dose, tuple) else change(dose)


def amounts_of(dose: Any) -> tuple[Any, ...]:
    """Every amount of a dose."""
    if isinstance(dose, Sided):
        return (*amounts_of(dose.right), *amounts_of(dose.left))
    return dose if isinstance(dose, tuple) else (dose,)


def sets_listed(dose: Any) -> int | None:
    """How many sets a dose lists; None where it has one amount for all."""
    one = dose.right if isinstance(dose, Sided) else dose
    return len(one) if isinstance(one, list | tuple) else None


def _listed(value: object, read: Callable[[object], Any]) -> Any:
    if not isinstance(value, list | tuple):
        return read(value)
    if not 1 <= len(value) <= MOST_SETS:
        raise InvalidValue(Problem("routine.sets-listed", expected=str(MOST_SETS), found=str(len(value))))
    return tuple(map(read, value)) if len(value) > 1 else read(value[0])


def read_lengths(value: object) -> Any:
    """A length, or a list with one for each set."""
    return _listed(value, read_length)


def read_counts(value: object) -> Any:
    """A count or a range, or a list with one for each set."""
    return _listed(value, _read_count)


def _read_count(value: object) -> Count:
    if isinstance(value, Range):
        return value
    if match := re.fullmatch(r"\s*(\d{1,3})\s*(?:to|-)\s*(\d{1,3})\s*", str(value), re.ASCII):
        least, most = int(match[1]), int(match[2])
        if not 1 <= least < most <= MOST_REPS:
            raise InvalidValue(Problem("routine.count-range", expected=f"1 to {MOST_REPS}", found=shown(value)))
        return Range(least, most)
    return whole(1, MOST_REPS)(value)
