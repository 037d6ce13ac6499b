"""A long text -> the parts in which an engine speaks it: whole sentences where they fit.

A service has a limit, and the memory that a model needs grows with the square of what it speaks at once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from audiogen.spoken.sentences import with_spaces

LONGEST_AT_ONCE = 400  # characters that a model speaks at once; hardly a cue is longer
PACKING = 3  # part of the keys of longer texts: one more whenever they are split differently


# Where a long text may be split.
_AFTER_CLAUSE = re.compile(r"(?<=[,;:–—])(?=\s)|(?<=[，、；：])")
_BETWEEN_WORDS = re.compile(r"(?=\s)")


def at_once(text: str) -> list[str]:
    """Split a text into what a model speaks at once; hardly any is more than one part, and that stays as it is."""
    return packed(text, LONGEST_AT_ONCE) if len(text) > LONGEST_AT_ONCE else [text]


def packing(text: str) -> dict[str, str]:
    """Return what the key of a text says of how it is split, where it is."""
    return {"packing": str(PACKING)} if len(text) > LONGEST_AT_ONCE else {}


def packed(text: str, longest: int) -> list[str]:
    """Split a text into few parts of at most `longest` characters: whole sentences where they fit, else whole clauses.

    Only white space at the seams and parts without letters and digits are dropped.
    """
    parts = [""]
    for piece in _pieces(text, longest, (with_spaces, _AFTER_CLAUSE.split, _BETWEEN_WORDS.split)):
        if len((parts[-1] + piece).strip()) <= longest:
            parts[-1] += piece
        else:
            parts.append(piece)
    return [part.strip() for part in parts if any(character.isalnum() for character in part)]


def _pieces(text: str, longest: int, splits: Sequence[Callable[[str], Iterable[str]]]) -> Iterator[str]:
    if len(text.strip()) <= longest:
        yield text
    elif splits:
        for piece in splits[0](text):
            yield from _pieces(piece, longest, splits[1:])
    else:
        for start in range(0, len(text), longest):
            yield text[start : start + longest]
