"""What is said as captions: files for players that show words with the sound.

    Timeline -> Captions -> .srt, .vtt;   Timeline -> .lrc

A caption has two lines at most and stays long enough to be read: into the silence behind the words where there is some,
never into the next caption and never past the end.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from audiogen.spoken.sentences import sentences
from audiogen.text import balanced, cells, pieces
from audiogen.timeline.model import Timeline
from audiogen.views.lyrics import Line, lines_of

LINE_CELLS = 42  # of a line; a broad letter needs two
_LINES = 2
LETTERS_A_SECOND = 17  # cells that are read with ease
_SHORTEST_MS = 1000
_APART_MS = 80  # between two captions, so that an eye sees that they change

_CLAUSE_END = re.compile(r"(?<=[,;:–—])\s+|(?<=[、，])")


@dataclass(frozen=True, slots=True)
class Caption:
    """Words on the screen in [start_ms, end_ms)."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def captions(timeline: Timeline) -> tuple[Caption, ...]:
    """All that is said, in captions that follow one another without overlap."""
    said = lines_of(timeline)
    free = [*(line.start_ms for line in said[1:]), timeline.length_ms][: len(said)]
    return tuple(one for line, free_ms in zip(said, free, strict=True) for one in _captions(line, free_ms))


def srt(timeline: Timeline) -> str:
    """SubRip: numbered captions, with a comma before the milliseconds."""
    blocks = [
        f"{number}\n{_clock(one.start_ms, ',')} --> {_clock(one.end_ms, ',')}\n" + "\n".join(one.lines) + "\n"
        for number, one in enumerate(captions(timeline), start=1)
    ]
    return "\n".join(blocks)


def vtt(timeline: Timeline) -> str:
    """WebVTT, for browsers and podcasts."""
    blocks = [
        f"{_clock(one.start_ms, '.')} --> {_clock(one.end_ms, '.')}\n"
        + "\n".join(html.escape(line, quote=False) for line in one.lines)
        + "\n"
        for one in captions(timeline)
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def lrc(timeline: Timeline) -> str:
    """Lyrics: the time at which each line begins, to the hundredth of a second that it lies in."""
    head = [f"[ti:{timeline.title}]", f"[la:{timeline.language}]", f"[length:{_minutes(timeline.length_ms)}]"]
    return "\n".join([*head, *(f"[{_minutes(line.start_ms)}]{_literal(line.text)}" for line in lines_of(timeline)), ""])


# -- captions of one line


def _captions(line: Line, free_ms: int) -> Iterator[Caption]:
    """The captions of a line that may stay until `free_ms`; each is shown while its share of the line is spoken."""
    shown = [tuple(balanced(list(pieces(part)), LINE_CELLS)) for part in _parts(line.text)]
    sizes = [sum(map(cells, lines)) for lines in shown]
    spoken_ms, total = line.end_ms - line.start_ms, max(sum(sizes), 1)
    starts = [line.start_ms + spoken_ms * sum(sizes[:n]) // total for n in range(len(sizes))]
    read_ms = starts[-1] + max(_SHORTEST_MS, sizes[-1] * 1000 // LETTERS_A_SECOND)
    end_ms = max(line.end_ms, min(read_ms, free_ms - _APART_MS))
    for (start_ms, stop_ms), lines in zip(pairwise([*starts, end_ms]), shown, strict=True):
        yield Caption(start_ms, stop_ms, lines)


def _parts(text: str) -> list[str]:
    """A text in parts that fit a caption each: whole sentences where they fit, else clauses, else words."""
    parts = [text]
    for divide in (lambda part: list(sentences(part)), _CLAUSE_END.split, lambda part: list(pieces(part))):
        parts = [one for part in parts for one in ([part] if _fits(part) else _packed(divide(part)))]
    return parts


def _packed(parts: Sequence[str]) -> list[str]:
    """Neighbours joined as long as they fit a caption together."""
    packed: list[str] = []
    for part in filter(None, parts):
        gap = "" if not packed or packed[-1].endswith(" ") or cells(packed[-1][-1]) == 2 else " "
        if packed and _fits(f"{packed[-1]}{gap}{part}"):
            packed[-1] += f"{gap}{part}"
        else:
            packed.append(part)
    return packed


def _fits(text: str) -> bool:
    return len(balanced(list(pieces(text)), LINE_CELLS)) <= _LINES


# -- clocks


def _clock(ms: int, point: str) -> str:
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


def _minutes(ms: int) -> str:
    hundredths = ms // 10
    return f"{hundredths // 6000:02}:{hundredths // 100 % 60:02}.{hundredths % 100:02}"


def _literal(text: str) -> str:
    """A line that begins with a bracket would be taken for a time."""
    return f" {text}" if text.startswith("[") else text
