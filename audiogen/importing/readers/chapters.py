"""Chapters as a video's description lists them, "1:30 Low lunge": where each begins says how long the one before is."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

FEWEST = 3
LONGEST_MS = 3_600_000
_STAMP = re.compile(
    r"\s*[-*•▸]?\s*[(\[]?(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)[)\]]?"
    r"(?:\s*[-–—]\s*(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d))?\s*[-–—:|]?\s+(?=\S)"
)


class Chapter(NamedTuple):
    """Where the words of its row begin, and how long it lasts; 0 for the last one, of which nobody knows."""

    start: int
    length_ms: int


def chapters(rows: Sequence[str]) -> dict[int, Chapter]:
    """The chapters by their rows: several rows in a row whose times begin at 0:00 and grow."""
    found = dict[int, Chapter]()
    for first, stamp in enumerate(map(_STAMP.match, rows)):
        if stamp is None or _ms(stamp) or first in found:
            continue
        stamps = list(_growing(rows, first))
        if len(stamps) < FEWEST:
            continue
        ends = [*map(_ms, stamps[1:]), _ms(stamps[-1])]
        ends = [_ms(one, 3) or end_ms for one, end_ms in zip(stamps, ends, strict=True)]
        for at, (one, end_ms) in enumerate(zip(stamps, ends, strict=True)):
            found[first + at] = Chapter(one.end(), min(max(end_ms - _ms(one), 0), LONGEST_MS))
    return found


def _growing(rows: Sequence[str], first: int) -> Iterator[re.Match[str]]:
    before_ms = -1
    for row in rows[first:]:
        stamp = _STAMP.match(row)
        if stamp is None or _ms(stamp) <= before_ms:
            return
        before_ms = _ms(stamp)
        yield stamp


def _ms(stamp: re.Match[str], first: int = 0) -> int:
    """A time of a row: that at which it begins, or, from its fourth group on, that at which it ends."""
    hours, minutes, seconds = (int(part or 0) for part in stamp.groups()[first : first + 3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000
