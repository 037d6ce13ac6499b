"""How much of an exercise is to be done, as a text says it: nothing is filled in here.

text -> Dose: "3 x 10 each leg, rest 30s" -> sets 3, reps 10, both sides, a rest of 30 s
"""

from dataclasses import dataclass, field, fields, replace
from typing import Literal

Sides = Literal["both", "right", "left", "alternate"]
Where = Literal["sets", "exercises", "rounds"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or a range of numbers; lengths of time in ms."""

    least: int
    most: int

    @property
    def is_range(self) -> bool:
        """Whether the text left a choice."""
        return self.least != self.most


@dataclass(frozen=True, slots=True)
class Beat:
    """A part of a repetition, and the word for it."""

    length_ms: int
    word: str = ""


@dataclass(frozen=True, slots=True)
class Dose:
    """What a text says about how much; None where it says nothing. `spans` are the parts of the text that say it."""

    hold: Amount | None = None
    reps: Amount | None = None
    sets: Amount | None = None
    rounds: Amount | None = None
    breaths: Amount | None = None
    rest: Amount | None = None
    round_rest: Amount | None = None
    on: Amount | None = None
    off: Amount | None = None
    sides: Sides | None = None
    tempo: tuple[Beat, ...] = ()
    side_words: str = ""  # the words that say so
    swaps: bool = False  # the sides are in words such as "then switch"
    spans: tuple[tuple[int, int], ...] = ()
    ignored: tuple[tuple[int, int], ...] = field(default=(), compare=False)  # how often a day, and the like

    @property
    def has_work(self) -> bool:
        """Whether it says how long or how often."""
        return any(one is not None for one in (self.hold, self.reps, self.sets, self.breaths, self.on)) or bool(
            self.tempo
        )

    @property
    def says(self) -> bool:
        """Whether it says anything."""
        return bool(self.spans) or self.sides is not None

    def or_else(self, other: "Dose") -> "Dose":
        """The same, with what only the other says."""
        mine = {one.name: getattr(self, one.name) for one in fields(self)}
        missing = {name: getattr(other, name) for name, value in mine.items() if value in (None, (), False, "")}
        if self.hold or self.reps or self.breaths or self.on:
            missing |= {"hold": self.hold, "breaths": self.breaths}
            if self.hold is None and self.reps is not None and other.reps is None:
                missing["hold"] = other.hold  # "10 reps", and elsewhere "hold for 5 seconds"
            if self.reps is None and self.hold is not None and other.hold in (None, self.hold):
                missing["reps"] = other.reps
            elif self.reps is None:
                missing["reps"] = None
        return replace(self, **{name: value for name, value in missing.items() if name not in ("spans", "ignored")})
