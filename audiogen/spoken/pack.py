"""How a language is said that is written in digits, signs and abbreviations: one TOML file per language -> Pack."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement in words; `size` says that N x M of it is a width and a length."""

    one: str
    other: str
    size: bool = False
    single: str = ""  # one of it with its number, where that is no word of its own: "un'ora"

    def of(self, amount: str) -> str:
        """The form after an amount in digits: "1" -> "second", "1/2" -> "second", "20-30" -> "seconds"."""
        return self.one if amount.strip() in ("1", "-1") or _is_fraction(amount) else self.other


@dataclass(frozen=True, slots=True)
class Own:
    """A pattern of one language, and what is said in its place."""

    pattern: str
    say: str


@dataclass(frozen=True, slots=True)
class One:
    """The forms that a number has before nouns whose ending in words is this pattern."""

    ending: str
    masculine: str
    feminine: str


@dataclass(frozen=True, slots=True)
class Pack:
    """The words of a language; `feminine` is a pattern of the nouns before which `ones` have their feminine form."""

    language: str
    number: str
    point: str
    minus: str
    range: str
    ratio: str
    sets: str
    times: str
    by: str
    units: Mapping[str, Unit]
    named: Mapping[str, Unit]
    before_numbers: Mapping[str, str] = field(default_factory=dict)
    between: Mapping[str, str] = field(default_factory=dict)
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    abbreviations_of_numbers: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)
    capitals: Mapping[str, str] = field(default_factory=dict)
    fractions: Mapping[str, str] = field(default_factory=dict)
    mixed: Mapping[str, str] = field(default_factory=dict)
    out_of: str = ""
    words_in_capitals: str = ""  # separated by spaces: every voice says these right
    each: str = "(?!)"  # what doses are for each of, behind a slash …
    per: str = ""  # … and the word in the slash's place
    feminine: str = "(?!)"
    ones: tuple[One, ...] = ()
    first: tuple[Own, ...] = ()  # before all else, around digits
    last: tuple[Own, ...] = ()  # on what has become words


def languages() -> tuple[str, ...]:
    """The codes of all languages with a pack, sorted."""
    return tuple(sorted(file.stem for file in Path(__file__).parent.glob("*.toml")))


@cache
def pack_of(language: str) -> Pack | None:
    """The pack of a language such as "en" or "en-GB"; None where there is none."""
    code = language.replace("_", "-").partition("-")[0].lower()
    if code not in languages():
        return None
    written: dict[str, Any] = tomllib.loads(Path(__file__).with_name(f"{code}.toml").read_text("utf-8"))
    listed = written.pop("units")
    units = {sign: _unit(entry) for entry in listed for sign in entry["written"]}
    named = {entry["name"]: _unit(entry) for entry in listed if "name" in entry}
    ones = tuple(One(**entry) for entry in written.pop("ones", ()))
    first, last = (tuple(Own(**entry) for entry in written.pop(key, ())) for key in ("first", "last"))
    return Pack(language=code, units=units, named=named, ones=ones, first=first, last=last, **written)


def _unit(entry: Mapping[str, Any]) -> Unit:
    return Unit(entry["one"], entry["other"], entry.get("size", False), entry.get("single", ""))


def _is_fraction(amount: str) -> bool:
    """Whether an amount is less than one, written as a fraction."""
    above, slash, below = amount.strip().partition("/")
    return bool(slash) and above.isdecimal() and below.isdecimal() and int(above) < int(below)
