"""A long text -> the parts in which an engine speaks it: whole sentences where they fit.

A service has a limit, and the memory that a model needs grows with the square of what it speaks at once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

LONGEST_AT_ONCE = 400  # characters that a model speaks at once; hardly a cue is longer
PACKING = 2  # part of the keys of longer texts: one more whenever they are split differently


# Where a long text may be split.
_AFTER_SENTENCE = re.compile(r"(?<=[.!?…।])(?=\s)|(?<=[.!?…][\"”’»)])(?=\s)|(?<=[。！？])")
_AFTER_CLAUSE = re.compile(r"(?<=[,;:–—])(?=\s)|(?<=[，、；：])")
_BETWEEN_WORDS = re.compile(r"(?=\s)")

# Abbreviations that shorten what follows them, in the languages with standard phrases: no sentence ends there.
_SHORTENING = """
dr prof mr mrs ms st no nr approx ca circa vs bzw vgl inkl evtl ggf sog sr sra dra aprox núm pág mme mlle env sig dott
ecc bijv dhr mevr ul tzw np
"""
_ABBREVIATIONS = frozenset(_SHORTENING.split())


def packed(text: str, longest: int) -> list[str]:
    """Split a text into few parts of at most `longest` characters: whole sentences where they fit, else whole clauses.

    Only white space at the seams and parts without letters and digits are dropped.
    """
    parts = [""]
    for piece in _pieces(text, longest, (_sentences, _AFTER_CLAUSE.split, _BETWEEN_WORDS.split)):
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


def _sentences(text: str) -> Iterator[str]:
    """Split a text after its sentences, and not after "e.g.", "approx.", "z. B.", initials and words that go on."""
    sentence = ""
    for piece in _AFTER_SENTENCE.split(text):
        if sentence and not (_is_shortened(sentence) or piece.lstrip()[:1].islower()):
            yield sentence
            sentence = ""
        sentence += piece
    yield sentence


def _is_shortened(text: str) -> bool:
    """Whether a text ends in an abbreviation or an initial."""
    if not text.endswith("."):
        return False
    word = text.split()[-1].strip('("“‘«„.').lower()
    return (len(word) == 1 and word.isalpha()) or "." in word or word in _ABBREVIATIONS
