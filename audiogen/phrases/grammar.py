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
from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from babel import Locale

FORMS = ("zero", "one", "two", "few", "many", "other")  # of plurals: CLDR's categories
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
    locale = _locale(language)
    return Grammar(
        numbers=[_in_words(language, n) for n in range(KEPT)],
        categories=[_plural(language, n) for n in range(KEPT)],
        lists=_patterns(locale, "standard") if locale else dict.fromkeys(("2", "start", "middle", "end"), "{0}, {1}"),
    )


@cache
def _in_words(language: str, n: int) -> str:
    from num2words import num2words

    try:
        return str(num2words(n, lang=language))
    except NotImplementedError:
        return str(n)


def _plural(language: str, n: int) -> str:
    locale = _locale(language)
    return locale.plural_form(n) if locale else "other"


def forms(language: str) -> tuple[str, ...]:
    """The plural forms of a language, as far as CLDR knows it."""
    locale = _locale(language)
    tags = {*locale.plural_form.tags, "other"} if locale else {"other"}
    return tuple(form for form in FORMS if form in tags)


def name_of(language: str) -> str:
    """The name of a language in English, or its code."""
    locale = _locale(language)
    return str(locale.english_name) if locale and locale.english_name else language


@cache
def known_phrases(language: str) -> "dict[tuple[str, str], str | dict[str, str]]":
    """What CLDR says of lengths in a language, by section and word of a pack."""
    locale = _locale(language)
    if locale is None:
        return {}
    both = _patterns(locale, "unit")["2"]
    return {
        ("units", "second"): _units(locale, "second"),
        ("units", "minute"): _units(locale, "minute"),
        ("units", "both"): both.format("{minutes}", "{seconds}"),
        ("written", "decimal"): str(locale.number_symbols.get("latn", locale.number_symbols)["decimal"]),
        **{("written", unit): _units(locale, unit, "short")["other"] for unit in ("hour", "minute", "second")},
    }


def _units(locale: "Locale", unit: str, length: "Literal['short', 'long']" = "long") -> dict[str, str]:
    """The forms of a unit of time: {"one": "{n} sekund", "other": "{n} sekunder"}."""
    from babel.units import format_unit

    found: dict[str, str] = {}
    for n in range(KEPT, -1, -1):
        text = format_unit(n, f"duration-{unit}", length, locale=locale)
        found[locale.plural_form(n)] = text.replace(_number_in(n, locale), "{n}")
    return {**found, "other": found.get("other", next(iter(found.values())))}


def _number_in(n: int, locale: "Locale") -> str:
    """A number as CLDR writes it in the language."""
    from babel.numbers import format_decimal

    return format_decimal(n, locale=locale)


def _patterns(locale: "Locale", style: str) -> dict[str, str]:
    patterns = locale.list_patterns.get(style, locale.list_patterns["standard"])
    return {name: patterns.get(name, patterns["end"]) for name in ("2", "start", "middle", "end")}


@cache
def _locale(language: str) -> "Locale | None":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@cache
def _kept(language: str) -> Grammar:
    file = _file(language)
    if not file.is_file():
        return worked_out(language)
    grammar: Grammar = json.loads(file.read_bytes())
    return grammar


def _file(language: str) -> Path:
    return Path(__file__).with_name(f"{language}.json")


if __name__ == "__main__":
    for pack in Path(__file__).parent.glob("*.toml"):
        _file(pack.stem).write_text(json.dumps(worked_out(pack.stem), ensure_ascii=False, indent=1) + "\n", "utf-8")
