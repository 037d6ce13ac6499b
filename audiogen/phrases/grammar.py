"""Numbers in words, plural categories and lists: what a sentence needs to know of its language.

    language + number -> "twenty-one", "few";   language + items -> "a mat, a towel, and a foam roller"

All of it is num2words' and CLDR's (Babel's), but loading these two takes as long as all else that a plan does. So what
they say of the numbers below 100 is in one file per language;
`python -m audiogen.phrases.grammar` writes them again.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypedDict

KEPT = 100  # numbers; there are hardly more repetitions, exercises, seconds or minutes


class Grammar(TypedDict):
    """A kept file. The categories are CLDR's; the patterns join two items, or the first, the next and the last ones."""

    numbers: list[str]
    categories: list[str]
    lists: dict[str, str]


def number(language: str, n: int) -> str:
    """A number in words; in digits where num2words does not know the language."""
    return _kept(language)["numbers"][n] if 0 <= n < KEPT else _in_words(language, n)


def category(language: str, n: int) -> str:
    """The plural category of a number of things: "one", "few", "other" …"""
    return _kept(language)["categories"][n] if 0 <= n < KEPT else _plural(language, n)


def listing(language: str, items: Sequence[str]) -> str:
    """Several things as one phrase."""
    patterns = _kept(language)["lists"]
    match items:
        case []:
            return ""
        case [one]:
            return one
        case [one, other]:
            return patterns["2"].format(one, other)
    joined = patterns["start"].format(*items[:2])
    for item in items[2:-1]:
        joined = patterns["middle"].format(joined, item)
    return patterns["end"].format(joined, items[-1])


def worked_out(language: str) -> Grammar:
    """What the kept file of a language should hold."""
    from babel import Locale

    patterns = Locale.parse(language).list_patterns["standard"]
    return Grammar(
        numbers=[_in_words(language, n) for n in range(KEPT)],
        categories=[_plural(language, n) for n in range(KEPT)],
        lists={name: patterns.get(name, patterns["end"]) for name in ("2", "start", "middle", "end")},
    )


@cache
def _in_words(language: str, n: int) -> str:
    from num2words import num2words

    try:
        return str(num2words(n, lang=language))
    except NotImplementedError:
        return str(n)


@cache
def _plural(language: str, n: int) -> str:
    from babel import Locale

    return Locale.parse(language).plural_form(n)


@cache
def _kept(language: str) -> Grammar:
    grammar: Grammar = json.loads(_file(language).read_bytes())
    return grammar


def _file(language: str) -> Path:
    return Path(__file__).with_name(f"{language}.json")


if __name__ == "__main__":
    for pack in Path(__file__).parent.glob("*.toml"):
        _file(pack.stem).write_text(json.dumps(worked_out(pack.stem), ensure_ascii=False, indent=1) + "\n", "utf-8")
