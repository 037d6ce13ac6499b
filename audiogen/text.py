"""Text on a screen: how values are quoted, which characters are shown, where a line may break, how wide letters are.

value -> quoted text;   text -> legible text;   text -> pieces;   text -> cells
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

_UNSPACED = (
    "CJK",
    "HIRAGANA",
    "KATAKANA",
)  # scripts without spaces: a line may break anywhere
# Control characters, separators of lines and paragraphs, directional embeddings, overrides and isolates, surrogates.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_UNSTYLED = re.compile(rf"(?!\x1b\[[0-9;]*m){_OBEYED.pattern}")
_REFUSED = re.compile(r'[<>:"|?*/\\\x00-\x1f]')  # in names on Windows, and those that separate folders
_NEVER_FIRST = "、。，！？：；」』）ーっゃゅょッャュョ… "


def is_name_everywhere(name: str) -> bool:
    """Whether every common system takes it as the name of a file, Windows too."""
    reserved = re.fullmatch(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", name.partition(".")[0].strip(), re.IGNORECASE)
    return bool(name.strip(". ")) and name == name.rstrip(". ") and not reserved and not _REFUSED.search(name)


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Count a noun: "1 cue", "12 cues", "2 entries"."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def megabytes(size_bytes: int) -> str:
    """Write a size: "7.2 MB", and at least "0.1 MB"."""
    return f"{max(size_bytes / 1e6, 0.1):.1f} MB"


def shown(value: object) -> str:
    """Quote a value as the user wrote it, on one line and cut to a readable length: "'long'", "a list", "nothing"."""
    match value:
        case None:
            return "nothing"
        case Mapping():
            return "a map"
        case list() | tuple():
            return "a list" if value else "an empty list"
        case bool():
            return f"'{str(value).lower()}'"
        case _:
            text = " ".join(str(value).splitlines())
            return f"'{text if len(text) <= 40 else text[:39] + '…'}'"


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """Join words as a sentence has them: "gap", "gap and tail", "gap, settle and tail"."""
    *first, last = words
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def visible(text: str, *, styled: bool = False) -> str:
    r"""Write out what a terminal or a page would obey instead of showing it: "\u001b", as JSON and YAML write it.

    That is control characters, halves of characters, and what reverses the text behind it; new lines and tabs stay. A
    `styled` text keeps its colours, so whatever a user wrote was made visible before it got any.
    """
    return (_UNSTYLED if styled else _OBEYED).sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def is_obeyed(character: str) -> bool:
    """Whether a terminal or a page obeys a character instead of showing it."""
    return _OBEYED.match(character) is not None


def is_text(name: str) -> bool:
    """Whether the name of a file is text: on some systems it may be any bytes, and no page can name those."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def legible(text: str) -> str:
    """Put a text on one line, with � for what XML cannot hold and for what terminals and pages obey."""
    return "".join("\ufffd" if _is_illegible(character) else character for character in " ".join(text.split()))


def pieces(text: str) -> Iterator[str]:
    """Split a text where a line may break: into words with the space behind them, or single letters."""
    piece = ""
    for letter in text:
        if piece and (piece[-1] == " " or (_is_unspaced(piece[-1]) and letter not in _NEVER_FIRST)):
            yield piece
            piece = ""
        piece += letter
    yield piece


def cells(text: str) -> int:
    """Measure a text in cells of a screen: wide letters have two, marks none."""
    return sum(_cells(letter) for letter in text)


def balanced(parts: Sequence[str], width: int) -> list[str]:
    """Join parts to as few lines of at most `width` cells as possible, and make these as even as possible.

    A part that is wider than a line is cut.
    """
    parts = [piece for part in parts for piece in _cut(part, width)]
    sizes = [(cells(part), cells(part.rstrip())) for part in parts]
    least, most = max((bare for _, bare in sizes), default=0), width
    count = len(_greedy(sizes, width))
    while least < most:
        middle = (least + most) // 2
        if len(_greedy(sizes, middle)) > count:
            least = middle + 1
        else:
            most = middle
    starts = _greedy(sizes, most)
    return ["".join(parts[first:last]).strip() for first, last in pairwise([*starts, len(parts)])]


def _greedy(sizes: Sequence[tuple[int, int]], width: int) -> list[int]:
    """Find the parts at which lines begin; `sizes` are the cells of each part with the space behind it, and without."""
    starts, filled = [0], 0
    for index, (whole, bare) in enumerate(sizes):
        if filled and filled + bare > width:
            starts.append(index)
            filled = 0
        filled += whole
    return starts


def _cut(part: str, width: int) -> Iterator[str]:
    while cells(part.rstrip()) > width:
        fits = next(n for n in range(len(part), 0, -1) if n == 1 or cells(part[:n]) <= width)
        yield part[:fits]
        part = part[fits:]
    yield part


def _is_unspaced(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_UNSPACED)


@cache
def _cells(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _is_illegible(character: str) -> bool:
    return is_obeyed(character) or character in "\ufffe\uffff"
