"""The silences that may be stretched, and how far.

Every silence outside the exercises has a floor, a default length and a ceiling. Fitting a session to a length moves
them all in the same proportion between floor and ceiling.
"""

from dataclasses import dataclass
from typing import Literal

Pause = Literal["lead-in", "gap", "settle", "switch", "transition", "tail", "paragraph", "pause"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limit how far a silence may be stretched, in ms; all three are equal where it may not."""

    floor_ms: int
    default_ms: int
    ceiling_ms: int

    def with_default(self, default_ms: int) -> "Limits":
        """Move the default, and with it a limit that would exclude it."""
        return Limits(min(self.floor_ms, default_ms), default_ms, max(self.ceiling_ms, default_ms))

    def __add__(self, other: "Limits") -> "Limits":
        """Two silences as one."""
        return Limits(
            self.floor_ms + other.floor_ms, self.default_ms + other.default_ms, self.ceiling_ms + other.ceiling_ms
        )

    @property
    def is_exact(self) -> bool:
        """Whether the silence is never stretched."""
        return self.floor_ms == self.ceiling_ms


SHORTEST_REST_MS = 1100  # the end tone and the distance that it keeps from the start tone
LEAD_IN_MS = 960  # 40 frames of silence that open every session

LIMITS: dict[Pause, Limits] = {
    "lead-in": Limits(LEAD_IN_MS, LEAD_IN_MS, LEAD_IN_MS),
    "gap": Limits(500, 800, 1500),
    "settle": Limits(3000, 5000, 20_000),
    "switch": Limits(3500, 5000, 15_000),
    "transition": Limits(1000, 3000, 10_000),
    "tail": Limits(1000, 1500, 3000),
    "paragraph": Limits(1000, 1500, 3000),
    "pause": Limits(0, 0, 0),  # each written pause has its own
}

Way = Literal["long", "short", "unknown"]  # into the position of an exercise

SETTLING: dict[Way, Limits] = {
    "long": Limits(8000, 9000, 20_000),  # between lying, kneeling, sitting and standing
    "short": Limits(3000, 4000, 20_000),
    "unknown": LIMITS["settle"],
}
DOSE_MS = 1200  # the least that a line of the dose and the gap before it last, said while one gets into position
SHORTEST_MS = 1000  # after the dose


def settling(way: Way, *, dose_lines: int) -> Limits:
    """How long one settles in silence, after the set-up or the lines of the dose that follow it."""
    limits, said_ms = SETTLING[way], DOSE_MS * dose_lines
    floor_ms, default_ms = (max(SHORTEST_MS, ms - said_ms) for ms in (limits.floor_ms, limits.default_ms))
    return Limits(floor_ms, default_ms, limits.ceiling_ms)


PAUSE_OF_SETTING: dict[str, Pause] = {
    "settle": "settle",
    "switching": "switch",
    "transition": "transition",
    "gap": "gap",
    "tail": "tail",
    "paragraph": "paragraph",
}
