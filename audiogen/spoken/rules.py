"""A pattern and what is said in its place."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import NamedTuple

_BEFORE_A_SENTENCE = re.compile(r"[.!?…][\"”’»)\]]*\s+\Z")


class Rule(NamedTuple):
    """What matches is said otherwise, in upper case where a sentence begins with it.

    Engines end no sentence before a lower-case letter, so "Rest. 30s plank." needs one.
    A text matches only if it has one of the signs in `needs`, if these are given: 50 patterns take long to compile, and
    hardly a text needs more than a few.
    """

    written: str
    say: Callable[[re.Match[str]], str]
    flags: int = 0
    needs: frozenset[str] = frozenset()

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.written, self.flags)

    def applied(self, text: str) -> str:
        return text if self.needs and self.needs.isdisjoint(text) else self.pattern.sub(self._said, text)

    def _said(self, match: re.Match[str]) -> str:
        said = self.say(match)
        begins = _BEFORE_A_SENTENCE.search(match.string, 0, match.start())
        return said[:1].upper() + said[1:] if begins else said


DIGITS = "0123456789"


def rule(pattern: str, say: "Callable[[re.Match[str]], str] | str", flags: int = 0, needs: str = "") -> Rule:
    """A rule that says a text, with `\\1` and the like in it, or what a function makes of the match."""
    if isinstance(say, str):
        template = say
        return Rule(pattern, lambda match: match.expand(template), flags, frozenset(needs))
    return Rule(pattern, say, flags, frozenset(needs))


_compiled = cache(re.compile)


def applied(rules: Iterable[Rule], text: str) -> str:
    """Apply rules one after the other."""
    for one in rules:
        text = one.applied(text)
    return text


def alternatives(words: "Iterable[str] | Mapping[str, str]") -> str:
    """A pattern for any of these words, the longest first; one that matches nothing where there are none."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(map(re.escape, ordered)) or "(?!)"
