"""A text -> its tokens: numbers, known expressions with their kinds, other words, signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from audiogen.importing.vocabulary import Vocabulary, ends_word, is_unspaced, vocabulary

LONGEST = 600  # letters of a text in which doses are looked for

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_MINUTES = re.compile(r"(\d+)\s?['′’](?:\s?(\d{1,2})\s?(?:[\"″”]|''))?(?![a-z])")
_SECONDS = re.compile(r"(\d+)\s?(?:[\"″”]|''|’’)")
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_WIDE = {ord("０") + n: str(n) for n in range(10)} | {ord("’"): "'", ord("："): ":", ord("−"): "-"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text at [start, end): its kinds, and its value where it is a number or a length of time (ms)."""

    text: str
    start: int
    end: int
    kinds: frozenset[str] = frozenset()
    number: float | None = None
    length_ms: int | None = None

    def of(self, *kinds: str) -> bool:
        """Whether it is of one of the kinds."""
        return not self.kinds.isdisjoint(kinds)


_WORD, _SIGN = frozenset({"word"}), frozenset({"sign"})


def tokens(text: str, words: Vocabulary) -> tuple[Token, ...]:
    """Split a text into tokens; what stands behind `LONGEST` letters is not looked at."""
    return _tokens(text[:LONGEST], words.language)


@lru_cache(maxsize=4096)
def _tokens(text: str, language: str) -> tuple[Token, ...]:
    """The same by language: several stages look at each line."""
    return tuple(_found(text, vocabulary(language)))


def _found(text: str, words: Vocabulary) -> Iterator[Token]:
    small = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text).translate(_WIDE)
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = (
            _dated(text, small, at, words)
            or _number(text, small, at)
            or _expression(text, small, at, words)
            or _word(text, small, at, words)
        )
        yield token
        at = token.end


def _dated(text: str, small: str, at: int, words: Vocabulary) -> Token | None:
    """An expression that begins with a digit, such as "a day" in Japanese."""
    return _expression(text, small, at, words) if small[at].isdigit() and small[at] in words.doses.by_letter else None


def _number(text: str, small: str, at: int) -> Token | None:
    if not small[at].isascii() or not small[at].isdigit():
        fraction = _FRACTIONS.get(small[at])
        return Token(text[at], at, at + 1, frozenset({"number"}), fraction) if fraction else None
    if clock := _CLOCK.match(small, at):
        first, second, third = (int(part or 0) for part in clock.groups())
        seconds = first * 60 + second if clock[3] is None else first * 3600 + second * 60 + third
        return _length(text, at, clock.end(), seconds)
    if seconds_only := _SECONDS.match(small, at):
        return _length(text, at, seconds_only.end(), int(seconds_only[1]))
    if minutes := _MINUTES.match(small, at):
        return _length(text, at, minutes.end(), int(minutes[1]) * 60 + int(minutes[2] or 0))
    found = _NUMBER.match(small, at)
    if found is None:
        return None
    value = float(found[0].replace(",", "."))
    return Token(text[at : found.end()], at, found.end(), frozenset({"number"}), value)


def _length(text: str, start: int, end: int, seconds: int) -> Token:
    return Token(text[start:end], start, end, frozenset({"length"}), length_ms=seconds * 1000)


def _expression(text: str, small: str, at: int, words: Vocabulary) -> Token | None:
    if at and not (ends_word(small, at) or small[at - 1].isdigit()):
        return None
    found = words.doses.longest_at(small, at)
    if not found:
        return None
    end = at + len(found)
    kinds = words.doses.kinds[found]
    number = words.numbers.get(found)
    return Token(text[at:end], at, end, kinds | {"numeral"} if number else kinds, number)


def _word(text: str, small: str, at: int, words: Vocabulary) -> Token:
    if not small[at].isalpha():
        return Token(text[at], at, at + 1, _SIGN)
    end = at + 1
    while end < len(small) and not ends_word(small, end) and not is_unspaced(small[at]):
        end += 1
    number = words.numbers.get(small[at:end])
    kinds = frozenset({"word", "numeral"}) if number else _WORD
    return Token(text[at:end], at, end, kinds, number)
