"""The silences that may be stretched, and how far.

Every silence of a session that is not exercise has a floor, a usual length and a ceiling; fitting a session to a
length moves them between the two ends, all in the same proportion.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = ["LIMITS", "PAUSE_OF_SETTING", "Limits", "Pause"]

Pause = Literal["lead-in", "gap", "settle", "switch", "transition", "tail"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a silence may be stretched, in ms; all three equal where it may not."""

    floor_ms: int
    usual_ms: int
    ceiling_ms: int

    def with_usual(self, usual_ms: int) -> "Limits":
        """The same limits around another usual length; what a user asks for is always within them."""
        return Limits(min(self.floor_ms, usual_ms), usual_ms, max(self.ceiling_ms, usual_ms))


LEAD_IN_MS = 960  # 40 frames of silence that open every session

LIMITS: dict[Pause, Limits] = {
    "lead-in": Limits(LEAD_IN_MS, LEAD_IN_MS, LEAD_IN_MS),
    "gap": Limits(500, 800, 1500),
    "settle": Limits(3000, 5000, 20_000),
    "switch": Limits(5000, 7000, 15_000),
    "transition": Limits(1000, 3000, 10_000),
    "tail": Limits(1000, 1500, 3000),
}

PAUSE_OF_SETTING: dict[str, Pause] = {
    "settle": "settle",
    "switching": "switch",
    "transition": "transition",
    "gap": "gap",
    "tail": "tail",
}
