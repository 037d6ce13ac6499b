"""What people write about exercises, by language: words for doses, for sections, for what is no part of a session.

language -> Vocabulary, from the files in `words`
"""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from audiogen.phrases import load_phrases

_FOLDER = Path(__file__).with_name("words")
LANGUAGES = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
_SAMPLE = 20_000  # letters that are enough to tell a language
_LARGEST_NUMBER = 99


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Expressions and the kinds of each, found by their first letter and from the longest on."""

    kinds: Mapping[str, frozenset[str]]
    by_letter: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def longest_at(self, text: str, at: int) -> str:
        """The longest expression that stands at a place of a text in small letters; empty where there is none."""
        for expression in self.by_letter.get(text[at], ()):
            if text.startswith(expression, at) and ends_word(text, at + len(expression)):
                return expression
        return ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language, and those of English, which are used everywhere."""

    language: str
    doses: Lexicon
    numbers: Mapping[str, int]
    sections: Mapping[str, tuple[str, ...]]
    noise: tuple[str, ...]
    recipe: tuple[str, ...]
    greetings: tuple[str, ...]
    ear: Mapping[str, tuple[str, ...]]
    prose: Mapping[str, tuple[str, ...]]
    side: Mapping[str, tuple[str, ...]]
    program: Mapping[str, str]

    def heads(self, section: str, text: str) -> bool:
        """Whether a text is, or begins with, the name of a section."""
        return begins_with(text, self.sections.get(section, ()))

    def named(self, section: str, text: str) -> str:
        """The longest name of a section that stands in a text."""
        return max(all_in(text, self.sections.get(section, ())), key=len, default="")

    def is_head(self, section: str, text: str) -> bool:
        """Whether a text is the name of a section and nothing more."""
        return plain(text).strip(" .!:-–—") in self.sections.get(section, ())

    def mentions(self, section: str, text: str) -> bool:
        """Whether a text has a word of a section."""
        return has_any(text, self.sections.get(section, ()))


def ends_word(text: str, at: int) -> bool:
    """Whether a word may end before this place: at a letter of a script without spaces, it may everywhere."""
    if at >= len(text) or at == 0:
        return True
    before, after = text[at - 1], text[at]
    if is_unspaced(before) or is_unspaced(after) or not (before.isalpha() or unicodedata.category(before)[0] == "M"):
        return True
    return not (after.isalpha() or unicodedata.category(after)[0] == "M")


def is_unspaced(letter: str) -> bool:
    """Whether it belongs to a script that has no spaces between words."""
    return "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\u9fff"


def plain(text: str) -> str:
    """A text as expressions are compared: small letters, straight quotes, single spaces."""
    return " ".join(text.lower().replace("’", "'").replace("ʼ", "'").split())


def has_any(text: str, expressions: Iterable[str]) -> bool:
    """Whether one of the expressions stands in a text as whole words."""
    return bool(found_in(text, expressions))


def found_in(text: str, expressions: Iterable[str]) -> str:
    """The first expression that stands in a text as whole words; empty where none does."""
    whole = plain(text)
    return next((expression for expression in expressions if _stands_in(whole, expression)), "")


def all_in(text: str, expressions: Iterable[str]) -> list[str]:
    """All of the expressions that stand in a text as whole words."""
    whole = plain(text)
    return [expression for expression in expressions if _stands_in(whole, expression)]


def _stands_in(whole: str, expression: str) -> bool:
    at = whole.find(expression)
    while at >= 0:
        if ends_word(whole, at) and ends_word(whole, at + len(expression)):
            return True
        at = whole.find(expression, at + 1)
    return False


def begins_with(text: str, expressions: Iterable[str]) -> bool:
    """Whether a text begins with one of the expressions, behind any signs."""
    whole = plain(text)
    start = next((n for n, letter in enumerate(whole) if letter.isalnum()), len(whole))
    whole = whole[start:]
    return any(whole.startswith(one) and ends_word(whole, len(one)) for one in expressions)


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a language, such as "de" or "pt-BR"; English for one that is not known."""
    code = language.partition("-")[0].lower()
    own = _read(code if code in LANGUAGES else "en")
    english = _read("en")
    return Vocabulary(
        code if code in LANGUAGES else "en",
        _lexicon([own["dose"], english["dose"]]),
        _numbers(code) | (_numbers("en") if code != "en" else {}),
        _merged(own["section"], english["section"]),
        (*own["noise"]["words"], *english["noise"]["words"]),
        english["noise"]["recipe"],
        (*own["noise"].get("signs", ()), *english["noise"]["signs"]),
        _merged(own["ear"], english["ear"]) if code == "en" else own["ear"],
        _merged(own["prose"], english["prose"]),
        own.get("side", {}),
        _document(code if code in LANGUAGES else "en")["program"],
    )


def language_of(text: str) -> str:
    """Tell the language of a text by its common words; English where nothing speaks for another."""
    sample = text[:_SAMPLE]
    if any("\u3040" <= letter <= "\u30ff" for letter in sample):
        return "ja"
    if sum("\u0900" <= letter <= "\u097f" for letter in sample) > len(sample) // 10:
        return "hi"
    words = Counter("".join(letter if letter.isalpha() else " " for letter in sample.casefold()).split())
    scores = {code: sum(words[word] for word in _read(code)["detect"]["common"]) for code in LANGUAGES}
    best = max(scores, key=lambda code: (scores[code], code == "en"))
    return best if scores[best] > scores["en"] else "en"


@cache
def _document(code: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


@cache
def _read(code: str) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        table: {key: tuple(plain(one) for one in text.split(" | ")) for key, text in entries.items()}
        for table, entries in _document(code).items()
    }


@cache
def column_heads() -> dict[str, tuple[str, ...]]:
    """The heads of columns by what stands below them."""
    document = tomllib.loads(_FOLDER.with_name("columns.toml").read_text(encoding="utf-8"))
    return {kind: tuple(plain(one) for one in text.split(" | ")) for kind, text in document.items()}


def _merged(*tables: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    keys = dict.fromkeys(key for table in tables for key in table)
    return {key: tuple(dict.fromkeys(one for table in tables for one in table.get(key, ()))) for key in keys}


def _lexicon(tables: Iterable[Mapping[str, tuple[str, ...]]]) -> Lexicon:
    kinds: dict[str, set[str]] = {}
    for table in tables:
        for kind, expressions in table.items():
            for expression in expressions:
                kinds.setdefault(expression, set()).add(kind)
    by_letter: dict[str, list[str]] = {}
    for expression in sorted(kinds, key=len, reverse=True):
        by_letter.setdefault(expression[0], []).append(expression)
    return Lexicon(
        {expression: frozenset(found) for expression, found in kinds.items()},
        {letter: tuple(found) for letter, found in by_letter.items()},
    )


@cache
def _numbers(code: str) -> dict[str, int]:
    """Numbers in words, from one to ninety-nine."""
    if code not in LANGUAGES:
        return {}
    phrases = load_phrases(code)
    words = {plain(phrases.number(n)): n for n in range(1, _LARGEST_NUMBER + 1)}
    return {word: n for word, n in words.items() if word.isalpha()} | _ONES.get(code, {})


# Other forms of "one" and "two", which stand before what is counted.
_ONES = {
    "en": {"a": 1, "an": 1},
    "de": {"eine": 1, "einen": 1, "einer": 1, "ein": 1},
    "es": {"un": 1, "una": 1},
    "fr": {"un": 1, "une": 1},
    "it": {"un": 1, "una": 1, "uno": 1},
    "nl": {"een": 1},
    "pl": {"jedna": 1, "jedną": 1, "dwie": 2},
    "pt": {"um": 1, "uma": 1, "duas": 2},
    "hi": {"एक": 1, "पाँच": 5, "दस": 10},
}
