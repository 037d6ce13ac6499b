"""What happens in a session, and where in it.

All positions are whole milliseconds from the start of the track.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from audiogen.routine.model import Exercise, Passage
from audiogen.script import Place

FRAME_MS = 24  # 1152 samples at 48 kHz

_BEFORE_ALL = Place()

Kind = Literal["say", "tone", "wait", "hold", "pace", "rep", "rest"]


@dataclass(frozen=True, slots=True)
class Event:
    """A stretch [start_ms, end_ms) of the session.

    Events of kind say, tone and wait tile the whole track; hold, pace, rep and rest lie over them, from tone onset to
    tone onset (a rest where it lies between exercises). The role of a tone is its sound; `text` is what is said.
    """

    start_ms: int
    end_ms: int
    kind: Kind
    role: str
    text: str | None = None
    place: Place = _BEFORE_ALL
    amount: str | None = None  # how many repetitions are done at one's own pace
    rings_ms: int | None = None  # how long a tone sounds in all that goes on below what follows it

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def over_ms(self) -> int:
        """When nothing of it is heard any more."""
        return self.end_ms if self.rings_ms is None else self.start_ms + self.rings_ms

    @property
    def is_tile(self) -> bool:
        """Whether it is a piece of the track itself, not work or a rest that lies over it."""
        return self.kind in ("say", "tone", "wait")

    @property
    def is_work(self) -> bool:
        """Whether it is a hold, repetitions at one's own pace, or a repetition."""
        return self.kind in ("hold", "pace", "rep")


@dataclass(frozen=True, slots=True)
class Exercised:
    """An exercise or a passage as the timeline lists it; `number` counts from 1 in the session's order.

    Its `note` is shown, never spoken.
    """

    number: int
    slug: str
    name: str
    note: str | None = None
    optional: bool = False


def place_name(
    place: Place, exercises: Sequence[Exercise | Exercised], passages: Sequence[Passage | Exercised] = ()
) -> str:
    """Name a place as messages do: "3 Double V, right side, set 2"."""
    if place.passage:
        parts = [passages[place.passage - 1].name]
    elif place.exercise:
        parts = [f"{place.exercise} {exercises[place.exercise - 1].name}"]
    else:
        return "opening" if place.exercise == 0 else "closing"
    if place.side:
        parts.append(f"{place.side} side")
    for what, number in (("set", place.set), ("round", place.round), ("repetition", place.rep)):
        if number:
            parts.append(f"{what} {number}")
    return ", ".join(parts)
