"""The words by which the coach knows what a line asks for, as patterns.

language -> Vocabulary
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from audiogen.phrases import Phrases
from audiogen.phrases.expressions import either, source
from audiogen.spoken import spoken


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The lists of a language, by its code; a list that it has not finds nothing."""

    code: str

    def expressions(self, name: str) -> tuple[str, ...]:
        """The expressions of a list."""
        return tuple(_lists().get(self.code, {}).get(name, ()))

    def find(self, name: str, text: str) -> re.Match[str] | None:
        """Find the first expression of a list in a text."""
        return next(iter(_found(self, name, text)), None)

    def find_all_but(self, name: str, exceptions: str, text: str) -> list[re.Match[str]]:
        """Find all expressions of a list that do not begin one of its exceptions."""
        spared = _either(self, exceptions)
        return [one for one in _found(self, name, text) if not spared.match(text, one.start())]

    def find_but(self, name: str, exceptions: str, text: str) -> re.Match[str] | None:
        """Find the first of these."""
        return next(iter(self.find_all_but(name, exceptions, text)), None)

    def movements(self, sentence: str, *names: str) -> Sequence[re.Match[str]]:
        """Find the movements of these lists that begin a clause of a sentence; group 1 is the movement alone."""
        return _moves(self, names, sentence)

    def part(self, before: str, names: tuple[str, ...], sentence: str) -> re.Match[str] | None:
        """Find a part of the body of these lists behind a word of the list `before`; its group 1 is the part."""
        return _parts(self, before, names).search(sentence)


def vocabulary(language: str) -> Vocabulary:
    """The words of a language such as "en" or "en-GB"."""
    return Vocabulary(language.replace("_", "-").lower().partition("-")[0])


def names_a_side(words: Vocabulary, phrases: Phrases, text: str) -> bool:
    """Whether a text says which side is meant, or that both are."""
    said = spoken(text, phrases.language)
    return words.find("sided", said) is not None or any(phrases.names_side(said, side) for side in ("right", "left"))


@cache
def _lists() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = resources.files(__package__).joinpath("vocabulary.toml").read_text("utf-8")
    found: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(unicodedata.normalize("NFC", text))
    return found


@lru_cache(maxsize=20_000)  # while a routine is written, most of its sentences stay as they were
def _found(words: Vocabulary, name: str, text: str) -> tuple[re.Match[str], ...]:
    return tuple(_either(words, name).finditer(text))


@lru_cache(maxsize=20_000)
def _moves(words: Vocabulary, names: tuple[str, ...], sentence: str) -> tuple[re.Match[str], ...]:
    return tuple(_clauses(words, names).finditer(sentence))


@cache
def _either(words: Vocabulary, name: str) -> re.Pattern[str]:
    return either(words.expressions(name))


def _any(words: Vocabulary, *names: str) -> str:
    """The source of a pattern for any expression of these lists."""
    expressions = sorted((one for name in names for one in words.expressions(name)), key=len, reverse=True)
    return f"(?:{'|'.join(map(source, expressions)) or '(?!)'})"


@cache
def _clauses(words: Vocabulary, names: tuple[str, ...]) -> re.Pattern[str]:
    joins, manners = _any(words, "joins"), _any(words, "manners")
    beginning = rf"(?:^|[,;:]\s*(?:{joins}\s+)?|\s{joins}\s+)"
    return re.compile(rf"{beginning}(?:{manners}\s+)*({_any(words, *names)})", re.IGNORECASE)


@cache
def _parts(words: Vocabulary, before: str, names: tuple[str, ...]) -> re.Pattern[str]:
    behind = rf"(?!(?:\s+|-|['’]){_any(words, 'compounds')})"
    return re.compile(rf"{_any(words, before)}\s+({_any(words, *names)}){behind}", re.IGNORECASE)
