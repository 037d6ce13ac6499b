"""What of a text a voice may read otherwise than meant, although it has been written out as far as is known.

"Tap the QUAD, 5 ^ 2, rest 10m" -> "QUAD", "^", "10m"
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from audiogen.spoken import spoken
from audiogen.spoken.pack import pack_of

Kind = Literal["capitals", "sign", "meters"]

_CAPITALS = re.compile(r"(?<![\w'’-])[A-ZÀ-ÖØ-Þ]{2,5}(?![\w'’])")
_PLACEHOLDER = re.compile(r"\{\w*\}")
_PUNCTUATION = frozenset(".,;:!?…'’‘\"“”„«»‹›()–—-¿¡")
_METERS = re.compile(r"(?<![\w.,])\d{1,2}m(?![\w²³/])(?! ?\d)")


class Doubt(NamedTuple):
    """A part of a text, and why it is doubtful: capitals that may be spelled, a sign, an "m" that may be minutes."""

    kind: Kind
    part: str


def doubts(text: str, language: str) -> Iterator[Doubt]:
    """Find each doubtful part of a text once; none in a language whose numbers and signs are spoken as written."""
    pack = pack_of(language)
    if pack is None:
        return
    bare = _PLACEHOLDER.sub("", text)
    said = spoken(bare, language)
    if not _shouted(said):
        for word in dict.fromkeys(_CAPITALS.findall(said)):
            if word not in pack.words_in_capitals.split() and re.search("[AEIOUYÀ-Þ]", word):
                yield Doubt("capitals", word)
    for sign in dict.fromkeys(said):
        if not (sign.isalnum() or sign.isspace() or sign in _PUNCTUATION or re.match(r"[\u0300-\u036f]", sign)):
            yield Doubt("sign", sign)
    for length in dict.fromkeys(_METERS.findall(bare)):
        yield Doubt("meters", length)


def _shouted(text: str) -> bool:
    """Whether a whole line is in capitals, which voices read as words."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    shouted = [word for word in words if word.isupper()]
    return len(words) > 1 and len(shouted) * 2 > len(words)
