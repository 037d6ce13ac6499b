"""The words by which the coach knows what a line asks for, as patterns.

language -> Vocabulary
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from audiogen.phrases import Phrases
from audiogen.phrases.expressions import either, source


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The lists of one language as patterns; a list that it has not finds nothing."""

    lists: Mapping[str, Sequence[str]]

    def find(self, name: str, text: str) -> re.Match[str] | None:
        """Find the first expression of a list in a text."""
        return _pattern(self._all([name])).search(text)

    def find_but(self, name: str, exceptions: str, text: str) -> re.Match[str] | None:
        """Find the first expression of a list that does not begin one of its exceptions."""
        wanted, spared = _pattern(self._all([name])), _pattern(self._all([exceptions]))
        return next((match for match in wanted.finditer(text) if not spared.match(text, match.start())), None)

    def movements(self, sentence: str, *names: str) -> list[re.Match[str]]:
        """Find the movements of these lists that begin a clause of a sentence; group 1 is the movement alone."""
        return list(_clauses(self._all(["joins"]), self._all(["manners"]), self._all(names)).finditer(sentence))

    def _all(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(one for name in names for one in self.lists.get(name, ()))

    def part(self, before: str, names: Sequence[str], sentence: str) -> re.Match[str] | None:
        """Find a part of the body of these lists behind a word of the list `before`; its group 1 is the part."""
        return _parts(self._all([before]), self._all(names), self._all(["compounds"])).search(sentence)


def vocabulary(language: str) -> Vocabulary:
    """The words of a language such as "en" or "en-GB"; empty where there are none."""
    return Vocabulary(_lists().get(language.replace("_", "-").lower().partition("-")[0], {}))


def names_a_side(words: Vocabulary, phrases: Phrases, text: str) -> bool:
    """Whether a text says which side is meant, or that both are."""
    return words.find("sided", text) is not None or any(phrases.names_side(text, side) for side in ("right", "left"))


@cache
def _lists() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = resources.files(__package__).joinpath("vocabulary.toml").read_text("utf-8")
    found: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(unicodedata.normalize("NFC", text))
    return found


@cache
def _pattern(expressions: tuple[str, ...]) -> re.Pattern[str]:
    return either(expressions)


def _any(expressions: Sequence[str]) -> str:
    return "|".join(source(one) for one in sorted(expressions, key=len, reverse=True)) or r"(?!)"


@cache
def _clauses(joins: tuple[str, ...], manners: tuple[str, ...], movements: tuple[str, ...]) -> re.Pattern[str]:
    beginning = rf"(?:^|[,;:]\s*(?:(?:{_any(joins)})\s+)?|\s(?:{_any(joins)})\s+)"
    return re.compile(rf"{beginning}(?:(?:{_any(manners)})\s+)*({_any(movements)})", re.IGNORECASE)


@cache
def _parts(before: tuple[str, ...], parts: tuple[str, ...], compounds: tuple[str, ...]) -> re.Pattern[str]:
    behind = rf"(?!(?:\s+|-|['’])(?:{_any(compounds)}))"
    return re.compile(rf"(?:{_any(before)})\s+({_any(parts)}){behind}", re.IGNORECASE)
