"""How a series grows from week to week: "10%" or "5s" for holds, "reps=1" and "sets=1" next to it.

texts -> Growth;   Exercise + weeks -> Exercise
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from audiogen.durations import parse_duration
from audiogen.errors import CustomiseError, DurationError, Problem
from audiogen.routine.amounts import MOST_REPS, MOST_SETS, Range, sets_listed, with_each_amount
from audiogen.routine.model import Exercise


@dataclass(frozen=True, slots=True)
class Growth:
    """What is added each week: a share of each hold or a length, repetitions, sets."""

    share: float = 0.0
    add_ms: int = 0
    reps: int = 0
    sets: int = 0

    @property
    def of_holds(self) -> bool:
        return bool(self.share or self.add_ms)

    @property
    def is_possible(self) -> bool:
        return 0 <= self.share <= 1 and bool(self.share or self.add_ms or self.reps or self.sets)

    def held_ms(self, length_ms: int, weeks: int) -> int:
        """How long a hold is after so many weeks; a share is rounded to whole seconds, half seconds upwards."""
        if not weeks or not self.share:
            return length_ms + weeks * self.add_ms
        times = (1 + Fraction(str(self.share))) ** weeks
        return math.floor(length_ms * times / 1000 + Fraction(1, 2)) * 1000

    def grows(self, exercise: Exercise) -> bool:
        """Whether it changes anything in an exercise."""
        return (
            not exercise.skip
            and not exercise.fixed
            and (
                (self.of_holds and exercise.hold_ms is not None)
                or (self.reps > 0 and exercise.reps is not None)
                or (self.sets > 0 and self._adds_sets(exercise))
            )
        )

    def counted(self, exercise: Exercise, weeks: int) -> Exercise:
        """The exercise with its repetitions and sets after so many weeks; a list does not grow in sets."""
        update: dict[str, object] = {}
        if self.reps and exercise.reps is not None:
            update["reps"] = with_each_amount(exercise.reps, lambda count: _more(count, weeks * self.reps))
        if self.sets and self._adds_sets(exercise):
            update["sets"] = min(MOST_SETS, exercise.sets + weeks * self.sets)
        return exercise.model_copy(update=update)

    def _adds_sets(self, exercise: Exercise) -> bool:
        return exercise.sets > 1 and sets_listed(exercise.hold_ms or exercise.reps) is None


def _more(count: int | Range, by: int) -> int | Range:
    if isinstance(count, Range):
        return Range(min(MOST_REPS - 1, count.least + by), min(MOST_REPS, count.most + by))
    return min(MOST_REPS, count + by)


def read_growth(texts: Sequence[str]) -> Growth:
    """Read how a series grows: ["10%", "reps=1"].

    Raises:
        CustomiseError: a text that is none of these, or two for holds.
    """
    growth = Growth()
    for text in texts:
        more = _read(text.strip())
        if more.of_holds and growth.of_holds:
            raise CustomiseError(Problem("runs.growth", found=f"'{text}'"))
        growth = Growth(
            growth.share + more.share, growth.add_ms + more.add_ms, growth.reps + more.reps, growth.sets + more.sets
        )
    return growth


def _read(text: str) -> Growth:
    if match := re.fullmatch(r"(reps|sets)\s*=\s*([1-9]\d?)", text, re.ASCII):
        return replace(Growth(), **{match[1]: int(match[2])})
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*%", text, re.ASCII)
    if text.isdigit():  # plain seconds elsewhere; here, most likely a percentage without its sign
        raise CustomiseError(Problem("runs.growth", found=f"'{text}'"))
    try:
        growth = Growth(share=float(Fraction(match[1]) / 100)) if match else Growth(add_ms=parse_duration(text))
    except DurationError as error:
        raise CustomiseError(Problem("runs.growth", found=f"'{text}'")) from error
    if not growth.is_possible:
        raise CustomiseError(Problem("runs.growth", found=f"'{text}'"))
    return growth
