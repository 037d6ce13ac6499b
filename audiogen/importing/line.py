"""A line of what is imported, whatever format it came in: its words, its place in the source and its structure."""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`")


class Spot(NamedTuple):
    """A place in the source; both count from 1."""

    line: int
    column: int = 1


TOP = Spot(1)


@dataclass(frozen=True, slots=True)
class Line:
    """Words of the source and how they stand there.

    `level` is that of a heading, 0 for other lines. `mark` is "-" for a bullet, "1" for a number, "@" for a message
    of a chat, "" for none, and `depth` counts the lists it is in. `gap` says that a blank line or a new block stands
    before it. `strong` and `soft` are whole lines in bold and in italics. A row of a table has `cells`; the first of a
    table is its `header`.
    `lasts_ms` is how far away the next time stamp is, 0 where there is none.
    """

    text: str
    spot: Spot
    level: int = 0
    depth: int = 0
    mark: str = ""
    gap: bool = False
    strong: bool = False
    soft: bool = False
    quoted: bool = False
    cells: tuple[str, ...] = ()
    header: bool = False
    lasts_ms: int = 0

    @property
    def words(self) -> list[str]:
        """The words, without punctuation that stands alone."""
        return [word for word in self.text.split() if any(map(str.isalnum, word))]

    def with_text(self, text: str) -> "Line":
        """The same line with other words."""
        return replace(self, text=text)


def unmarked(text: str) -> str:
    """A text without the marks of bold, italics and code."""
    return " ".join(_MARKS.sub("", text).split())
