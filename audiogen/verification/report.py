"""Report what a verification found: one check per promise, one finding per deviation."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from audiogen.durations import format_clock, format_duration
from audiogen.errors import Problem
from audiogen.script.steps import COUNTED_MS
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline

HOLDS = "holds and repetitions"
SHOWN = 40  # characters of a text


@dataclass(frozen=True, slots=True)
class Finding:
    """A deviation, or something that cannot be measured: when, in which exercise, and in words."""

    at_ms: int | None
    place: str
    what: str


@dataclass(frozen=True, slots=True)
class Check:
    """One promise: how many items keep it, which do not, and which could not be measured; `measured` in words."""

    name: str
    passed: int
    measured: str
    off: tuple[Finding, ...] = ()
    unmeasured: tuple[Finding, ...] = ()

    @property
    def total(self) -> int:
        return self.passed + len(self.off) + len(self.unmeasured)


@dataclass(frozen=True, slots=True)
class Report:
    """A finished track compared with its timeline; `unmeasured` is what no check covers.

    `within_ms` is how far holds may be off. `notices` are what a user should know and is no fault.
    """

    path: Path
    timeline: Timeline
    checks: tuple[Check, ...]
    unmeasured: tuple[str, ...] = ("which words are spoken",)
    within_ms: int = 1
    notices: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything that could be measured is as planned."""
        return not any(check.off for check in self.checks)

    @property
    def verdict(self) -> str:
        """Return one line, such as "31 of 31 holds and repetitions within 1 ms"."""
        holds = next(check for check in self.checks if check.name == HOLDS)
        parts = [f"{holds.passed} of {holds.total} {HOLDS} within {self.within_ms} ms"]
        for words, found in (
            ("off", [check.name for check in self.checks if check.off]),
            ("not measured in full", [check.name for check in self.checks if check.unmeasured]),
        ):
            if found:
                parts.append(f"{words}: {', '.join(found)}")
        return "; ".join(parts)

    def to_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "title": self.timeline.title,
            "voice": self.timeline.voice,
            "length_ms": self.timeline.length_ms,
            "ok": self.ok,
            "verdict": self.verdict,
            "checks": [{**asdict(check), "total": check.total} for check in self.checks],
            "unmeasured": list(self.unmeasured),
            "notices": [notice.to_json() for notice in self.notices],
        }


def shortened(text: str) -> str:
    """Shorten a text for a message."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"


def named(tile: Event) -> str:
    """Name a tile for a message."""
    match tile.kind:
        case "say":
            role = "" if tile.role == "cue" else f"{tile.role} "
            return f"the {role}cue “{shortened(tile.text or '')}”"
        case "tone":
            return f"the {tile.role} tone"
        case _:
            return f"the {tile.role} silence of {format_duration(tile.length_ms)}"


def is_counted(tile: Event) -> bool:
    """Whether a cue is a number of a countdown in its place; once, they were cues like others."""
    return tile.role == "countdown" and tile.length_ms == COUNTED_MS


def early_or_late(off_ms: float) -> str:
    return f"{abs(off_ms):.0f} ms {'late' if off_ms > 0 else 'early'}"


def clock(ms: float) -> str:
    """Format a moment to the millisecond."""
    whole = round(ms)
    return f"{format_clock(whole)}.{whole % 1000:03}"


def silences(beds_dbfs: Sequence[float], waits_dbfs: Sequence[float], *, below_music: bool) -> str:
    """Describe silences: the levels of the bed, or the loudest sample."""
    if beds_dbfs:
        return f"the bed at {min(beds_dbfs):.1f} to {max(beds_dbfs):.1f} dBFS"
    if below_music:
        return "below music"
    loudest = max(waits_dbfs)
    return f"{loudest:.0f} dBFS at most" if math.isfinite(loudest) else "digital silence"


def dbfs(level: float) -> float:
    return 20 * math.log10(level) if level else -math.inf
