"""How wide text is at most, without its font.

    text, size -> units

Widths are those of a broad sans serif (DejaVu Sans, Verdana), the broadest that systems show by default; what is
not Latin counts a whole em where it is written in squares, and rather too much elsewhere.
"""

import unicodedata
from collections.abc import Iterator

OTHER = 0.92  # of an em, for what is not listed
_EMS = {
    **dict.fromkeys("ijl.,'·", 0.35),
    **dict.fromkeys("ftrI -()[]/:;|!", 0.43),
    **dict.fromkeys('abcdeghknopqsuvxyz0123456789?"', 0.645),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 0.79),
    **dict.fromkeys("mwMW%@…—", 1.0),
    **dict.fromkeys("æœÆŒЖШЩЮжшщю", 1.15),
}
_BOLDER = 1.12


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """An upper limit of how wide a text of this size is drawn."""
    ems = sum(_ems(character) for character in text)
    return ems * size * (_BOLDER if bold else 1.0)


def fold(text: str, size: float, width: float, *, lines: int, bold: bool = False) -> list[str]:
    """The text in at most so many lines of at most this width; what is too long ends in an ellipsis."""
    folded = list(_folded(text, size, width, bold=bold))
    if len(folded) <= lines:
        return folded
    last = folded[lines - 1]
    while last and text_width(last + "…", size, bold=bold) > width:
        last = last[:-1]
    return [*folded[: lines - 1], last.rstrip() + "…"]


def _folded(text: str, size: float, width: float, *, bold: bool) -> Iterator[str]:
    """Lines broken at spaces, and inside a word where the word alone is too long."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while text_width(line, size, bold=bold) > width:
            fits = next(n for n in range(len(line), 0, -1) if n == 1 or text_width(line[:n], size, bold=bold) <= width)
            yield line[:fits]
            line = line[fits:]
    yield line


def _ems(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05 if ord(character) < 0x1F000 else 1.4  # emoji are broader than a square
    return _EMS.get(unicodedata.normalize("NFD", character)[0], OTHER)
