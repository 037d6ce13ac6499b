"""What a finished render reports.

Rendered -> RenderReport -> sentences for people, one document for programs
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiogen.durations import format_clock, format_exact_clock
from audiogen.errors import Notice
from audiogen.storage.cache import Cache
from audiogen.text import counted, megabytes

PLAY = 'speed 1x and with "trim silence" off'  # how a track has to be played for its times to be right


@dataclass(frozen=True, slots=True)
class RenderReport:
    """What became of a render; small enough to be sent from one process to another."""

    path: Path
    length_ms: int
    size_bytes: int
    voice: str | None
    sent_to: str | None
    fallback: str | None
    warning: str | None
    filled: tuple[str, ...]
    cues: int
    spoken: int
    blocks: int
    made: int
    replaced: bool
    notices: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return all fields."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {**fields, "path": str(self.path), "filled": list(self.filled), "notices": list(self.notices)}

    @property
    def size(self) -> str:
        """Its length and size: "10:00, 7.2 MB"."""
        return f"{format_exact_clock(self.length_ms)}, {megabytes(self.size_bytes)}"

    @property
    def summary(self) -> str:
        """Its length and size, and how much had to be spoken for it."""
        if not self.voice:
            return f"{self.size}; no voice."
        # More may be spoken than the track has: the lengths that the opening announces settle in two passes.
        spoken = "all" if self.spoken >= self.cues else self.spoken or "none"
        return f"{self.size}; {counted(self.cues, 'cue')} by {self.voice}, {spoken} newly spoken."

    def notes(self) -> Iterator[str]:
        """What a person should know of it, a sentence each."""
        yield from (f"Notice: {notice}" for notice in self.notices)
        if self.warning:
            yield f"Warning: {self.warning}"
        if self.fallback:
            yield self.fallback
        if self.filled:
            yield f"Not recorded, so another voice spoke: {' · '.join(self.filled)}"

    def lines(self) -> Iterator[str]:
        """All that a person who waited for the track wants to know, a sentence each."""
        yield from self.notes()
        yield self.summary
        yield where_sent(self.sent_to)
        if self.replaced:
            yield "An earlier file was replaced."
        yield f"Play it at {PLAY}; the player should show {format_clock(self.length_ms)}."


def where_sent(sent_to: str | None) -> str:
    """Where the words of a session went."""
    return f"The text was sent to {sent_to}." if sent_to else "Nothing was sent to the internet."


def not_cached(store: Cache) -> Notice | None:
    """Why the next render has to do work of this one again, if it has to."""
    return Notice("session.not-cached", found=str(store.warning)) if store.warning else None
