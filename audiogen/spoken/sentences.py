"""A text -> its sentences, in every language with standard phrases: the one place that knows where they end.

    "Lift approx. 10 cm. Hold." -> "Lift approx. 10 cm.", "Hold."

No sentence ends behind an abbreviation or an initial, nor before a word that goes on in lower case.
"""

import re
from collections.abc import Iterator

# A run of stops is looked at once, from its beginning: else a million dots would be read again from each one on.
_ENDS = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*\s+|[。！？।]+[\"'”’»)\]」』）]*\s*")
_WORD = re.compile(r"\w")
_TO_LAST_WORD = re.compile(r".*\w", re.DOTALL)
_LONGEST_WORD = 200  # letters, such as those of an address

# What a full stop may shorten.
_SHORTENING = """
dr prof mr mrs ms st no nr approx ca circa vs bzw vgl inkl evtl ggf sog sr sra dra aprox núm pág mme mlle env sig dott
ecc bijv dhr mevr ul tzw np etc usw resp max min sec sek ea wdh ej poss
"""
_ABBREVIATIONS = frozenset(_SHORTENING.split())


def sentences(text: str, *, jotted: bool = False) -> Iterator[str]:
    """The sentences of a text without the white space around them, at least one.

    In what somebody has `jotted` down, one may begin in lower case or with a digit; only dots go on there.

    >>> list(sentences("Hips down. Sit up, approx. 10 cm. Rest …"))
    ['Hips down.', 'Sit up, approx. 10 cm.', 'Rest …']
    """
    return (piece.strip() for piece in with_spaces(text, jotted=jotted))


def with_spaces(text: str, *, jotted: bool = False) -> Iterator[str]:
    """The same with the white space behind each: together they are the text."""
    worded = _TO_LAST_WORD.match(text)
    last = worded.end() if worded else 0
    begun = looked = 0
    has_words = False
    for match in _ENDS.finditer(text, 0, last):
        end = match.end()
        has_words = has_words or _WORD.search(text, looked, end) is not None
        looked = end
        stop = match.start() + len(match[0].rstrip())
        said = text[max(begun, stop - _LONGEST_WORD) : stop]  # no more: a text without ends would be read over and over
        if has_words and not _goes_on(said, text[end : end + 1], jotted):
            yield text[begun:end]
            begun, has_words = end, False
    yield text[begun:]


def _goes_on(said: str, following: str, jotted: bool) -> bool:
    shortened = _last_word_before_a_stop(said)
    if jotted:
        dots = following.islower() and said.endswith(("...", "…"))
        return dots or (_is_shortened(shortened) and not shortened.isdecimal())
    return following.islower() or following.isdecimal() or _is_shortened(shortened)


def _last_word_before_a_stop(text: str) -> str:
    return text.split()[-1].strip('("“‘«„.').lower() if text.endswith(".") and not text.endswith("..") else ""


def _is_shortened(word: str) -> bool:
    """Whether a full stop behind a word is that of an abbreviation, an initial or the number of an order."""
    return len(word) == 1 or word.isdecimal() or "." in word or word in _ABBREVIATIONS
