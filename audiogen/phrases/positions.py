"""Which position a line brings its listener into.

    "Lie on your back, knees bent." -> "back"

The words are data, one table per language in vocabulary/positions.toml.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Literal, cast

from audiogen.phrases.expressions import either, source

Position = Literal["standing", "sitting", "kneeling", "all-fours", "back", "belly", "side", "lying"]
Level = Literal["up", "seat", "knees", "down"]

# How high somebody is. `lying` is for lines that do not say how.
_LEVELS: Mapping[Position, Level] = {
    "standing": "up",
    "sitting": "seat",
    "kneeling": "knees",
    "all-fours": "knees",
    "back": "down",
    "belly": "down",
    "side": "down",
    "lying": "down",
}


@lru_cache(4096)  # a session is looked at again and again while it is shaped
def position_of(line: str, language: str) -> Position | None:
    """Tell the position that a line leads to; None where it names none, or in a language without such words.

    Of several the last counts, unless it is an alternative ("sit, or lie down") or where one comes from ("from
    standing"). Placeholders such as {side} may stand in the line.
    """
    found = _positions(unicodedata.normalize("NFC", line), _code(language))
    last = found[-1] if found else None
    lying = [one for one in found if _LEVELS[one] == "down" and one != "lying"]
    return lying[-1] if last == "lying" and lying else last


def level_of(position: Position) -> Level:
    """Tell how high a position is: lying, on one's knees, sitting or standing."""
    return _LEVELS[position]


def is_long_way(before: Position | None, after: Position | None) -> bool:
    """Whether getting from one position to another takes a while: between lying, kneeling and standing.

    Sitting may be on a chair or on the floor, so nothing is known of the way from or to it.
    """
    if before is None or after is None:
        return False
    levels = {_LEVELS[before], _LEVELS[after]}
    return len(levels) == 2 and "seat" not in levels


def _positions(line: str, language: str) -> list[Position]:
    """The positions that a line names in order, without alternatives and without those that are left."""
    words = _vocabulary().get(language)
    if words is None:
        return []
    line = _left(language).sub(" ", line)
    matches = [
        (match.start(), _kinds(language)[(match.lastindex or 1) - 1]) for match in _named(language).finditer(line)
    ]
    found = [(at, kind) for at, kind in matches if kind in _LEVELS]
    alternative = either(words.get("or", ())).search(line, found[0][0]) if found else None
    return [cast(Position, kind) for at, kind in found if alternative is None or at < alternative.start()]


def _code(language: str) -> str:
    return language.replace("_", "-").lower().partition("-")[0]


@cache
def _vocabulary() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = resources.files(__package__).joinpath("vocabulary", "positions.toml").read_text("utf-8")
    found: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(unicodedata.normalize("NFC", text))
    return found


@cache
def _expressions(language: str) -> tuple[tuple[str, str], ...]:
    """Every expression with its kind (a position, or `not`), the longest first."""
    kinds = (
        (one, kind) for kind, some in _vocabulary()[language].items() if kind not in ("or", "from") for one in some
    )
    return tuple(sorted(kinds, key=lambda pair: len(pair[0]), reverse=True))


@cache
def _named(language: str) -> re.Pattern[str]:
    """All expressions, each in a group of its own, so that the group tells the kind."""
    return re.compile("|".join(f"({source(one)})" for one, _ in _expressions(language)), re.IGNORECASE)


@cache
def _kinds(language: str) -> tuple[str, ...]:
    return tuple(kind for _, kind in _expressions(language))


@cache
def _left(language: str) -> re.Pattern[str]:
    """Find the words for the position that one comes from: "from lying on your back"."""
    leaving = [source(one) for one in _vocabulary()[language].get("from", ())]
    named = "|".join(source(one) for one, kind in _expressions(language) if kind != "not")
    return re.compile(f"(?:{'|'.join(leaving)})\\s+(?:{named})[^,.;]*" if leaving else r"(?!)", re.IGNORECASE)
