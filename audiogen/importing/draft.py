"""What is found in a source before it is a routine: moves, circuits, passages, each with its place and with what was
guessed and left out."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from audiogen.importing.dose import Amount, Dose
from audiogen.importing.line import TOP, Spot
from audiogen.routine.written import Value

if TYPE_CHECKING:
    from audiogen.importing.breathing import Phase


class Said(NamedTuple):
    """Words to be spoken."""

    text: str
    spot: Spot


class Silence(NamedTuple):
    """A pause that the source asks for; without an amount it does not say how long. `after` has its own words."""

    amount: Amount | None
    spot: Spot
    words: str = ""


class Ring(NamedTuple):
    """A bell, so many times."""

    times: int
    spot: Spot


class Guess(NamedTuple):
    """What the source does not say for certain: why it is so, and at which key it stands."""

    reason: str
    spot: Spot
    about: str = ""
    key: str = ""


class LeftOut(NamedTuple):
    """A line, or a part of it, that is not spoken, and what it was taken for."""

    text: str
    spot: Spot
    kind: str


@dataclass(slots=True)
class Move:
    """An exercise as it was found."""

    name: str
    spot: Spot
    dose: Dose
    said: list[Said | Silence] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    switch: list[Said] = field(default_factory=list)
    phases: "list[Phase]" = field(default_factory=list)
    preset: dict[str, Value] = field(default_factory=dict)  # keys that need no settling
    rest_after: Amount | None = None
    dose_spot: Spot | None = None


@dataclass(slots=True)
class Circuit:
    """Moves that are done in turn; `every_ms` is how long after one another they begin, if that is fixed."""

    moves: list["Move | Script"]
    spot: Spot
    name: str = ""
    rounds: int = 1
    work: Amount | None = None
    rest: Amount | None = None
    round_rest: Amount | None = None
    every_ms: int | None = None
    guesses: list[Guess] = field(default_factory=list)


@dataclass(slots=True)
class Script:
    """A passage: words, pauses and bells in order; None is the end of a paragraph."""

    name: str
    spot: Spot
    parts: list[Said | Silence | Ring | None] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    length_ms: int | None = None  # what its heading gives it


Item = Move | Circuit | Script


@dataclass(slots=True)
class Draft:
    """All that was found."""

    language: str
    title: str = ""
    title_spot: Spot = TOP
    length_ms: int | None = None
    length_spot: Spot = TOP
    equipment: list[Said] = field(default_factory=list)
    before: list[Said] = field(default_factory=list)
    caution: list[Said] = field(default_factory=list)
    after: list[Said] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def moves(self) -> list[Move]:
        """All moves, those in circuits too."""
        inside = (item.moves if isinstance(item, Circuit) else [item] for item in self.items)
        return [one for group in inside for one in group if isinstance(one, Move)]


Kind = Literal[
    "title",
    "head",
    "dose",
    "instruction",
    "side",
    "pause",
    "equipment",
    "caution",
    "before",
    "section",
    "closing",
    "noise",
]
