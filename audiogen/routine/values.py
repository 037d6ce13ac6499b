"""What a key may hold: how each kind of value is read, and what an editor is told of it.

Keys speak seconds and durations, fields milliseconds: the types here convert once. Each reader takes what was written,
or what is read already, and raises `ValueError` with "must be …, found …".
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Discriminator, PlainValidator, Tag, WithJsonSchema

from audiogen.durations import parse_duration, parse_factor
from audiogen.routine.settings import AMBIENCES, LOUDNESSES
from audiogen.routine.sounds import LONGEST_MS, SETS, sounds_text
from audiogen.routine.yaml.mistakes import shown

__all__ = ["At", "Side", "Sided", "Text"]  # and the types of keys, for `model`

Side = Literal["right", "left"]
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Sided(Generic[T]):
    """One value for each side."""

    right: T
    left: T

    def on(self, side: Side) -> T:
        """The value for `side`."""
        return self.right if side == "right" else self.left

    def map(self, change: Callable[[T], U]) -> "Sided[U]":
        """Both values changed alike."""
        return Sided(change(self.right), change(self.left))


@dataclass(frozen=True, slots=True)
class At:
    """A place in a stretch of work: ms after its start, ms before its end, or a share of it (0 to 1)."""

    kind: Literal["start", "end", "share"]
    value: float

    def within(self, length_ms: int) -> int:
        """The place in work of `length_ms`, in ms from its start; below 0 or at the length or past it: outside."""
        match self.kind:
            case "start":
                return int(self.value)
            case "end":
                return length_ms - int(self.value)
            case "share":
                return math.floor(self.value * length_ms + 0.5)


def _read_line(value: object) -> str:
    if isinstance(value, Mapping | list | tuple) or value is None:
        raise ValueError(f"must be a text, found {shown(value)}")
    text = " ".join(str(value).split())
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("must be characters, found half of one; write it out instead of as two \\u escapes")
    if not any(letter.isalnum() for letter in text):
        raise ValueError(f"must have a word to speak, found {shown(text)}")
    return text


def _read_pause(value: object) -> int:
    if isinstance(value, str | int | float):
        return parse_duration(value)
    raise ValueError(f"must be a duration such as 45s or 1m30s, found {shown(value)}")


def _read_length(value: object) -> int:
    length_ms = _read_pause(value)
    if length_ms == 0:
        raise ValueError(f"must be longer than nothing, found {shown(value)}")
    return length_ms


def _read_total(value: object) -> int | None:
    if value is None or value == "none":
        return None
    try:
        return _read_length(value)
    except ValueError as error:
        raise ValueError(str(error).replace("such as 45s or 1m30s", "such as 10m, or none")) from error


def _read_remaining(value: object) -> int:
    if value is False or _SWITCH.get(str(value).lower()) is False:
        return 0
    try:
        return _read_length(value)
    except ValueError as error:
        raise ValueError(str(error).replace("such as 45s or 1m30s", "such as 30s, or off")) from error


def _read_times(value: object) -> float:
    if isinstance(value, float):
        return value
    factor = parse_factor(str(value))
    if factor is None:
        raise ValueError(f"must be a factor such as 1.2x, found {shown(value)}")
    return factor


def _read_breath(value: object) -> tuple[int, int]:
    if isinstance(value, tuple):
        return value
    inhale, slash, exhale = str(value).partition("/")
    if not slash:
        raise ValueError(f"must be the time to breathe in and out such as 4s/6s, found {shown(value)}")
    return _read_length(inhale.strip()), _read_length(exhale.strip())


SOFTEST_DB, LOUDEST_DB = -20, 6  # of music: below nobody hears it, above it would drown its own pauses
SLOWEST, FASTEST = 0.8, 1.3  # beyond, speech is hard to follow or hard to bear


def _read_speed(value: object) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[x×]?", str(value).strip(), re.ASCII | re.IGNORECASE)
    speed = float(match[1]) if match else 0.0
    if not SLOWEST <= speed <= FASTEST:
        raise ValueError(f"must be a factor from {SLOWEST} to {FASTEST}, found {shown(value)}")
    return speed


def _read_loudness(value: object) -> int:
    written = re.sub(r"\s*lufs$", "", str(value).strip(), flags=re.IGNORECASE).replace("−", "-")
    loudness = next((one for one in LOUDNESSES if written == str(one)), None)
    if loudness is None:
        raise ValueError(f"must be -16, -18 or -19 (LUFS), found {shown(value)}")
    return loudness


def _read_words(value: object) -> object:
    if isinstance(value, Mapping):
        return value
    raise ValueError(f"must be a map of words to how they are said, such as {{psoas: so-ass}}, found {shown(value)}")


def _distinct_words(words: Mapping[str, str]) -> Mapping[str, str]:
    seen: dict[str, str] = {}
    for word in words:
        if (first := seen.setdefault(word.casefold(), word)) != word:
            raise ValueError(f"has '{first}' and '{word}', which are the same word; keep one")
    return words


_SWITCH = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


def _read_flag(value: object) -> bool:
    # "on" and "off" are texts in YAML 1.2, so they are read here and not by the YAML reader.
    flag = value if isinstance(value, bool) else _SWITCH.get(str(value).strip().lower())
    if flag is None:
        raise ValueError(f"must be on or off, found {shown(value)}")
    return flag


def _read_countdown(value: object) -> int:
    if isinstance(value, bool):
        value = "on" if value else "off"
    written = str(value).strip().lower()
    number = {"0": 0, "off": 0, "no": 0, "false": 0, "3": 3, "5": 5, "10": 10}.get(written)
    if number is None:
        raise ValueError(f"must be 0, 3, 5 or 10, found {shown(value)}")
    return number


def _read_bitrate(value: object) -> int:
    bitrate = re.fullmatch(r"(64|96|128)\s*k?", str(value).strip(), re.IGNORECASE)
    if bitrate is None:
        raise ValueError(f"must be 64, 96 or 128 (kbit/s), found {shown(value)}")
    return int(bitrate[1])


def _read_music(value: object) -> str | None:
    written = str(value).strip() if isinstance(value, str | int | float | Path) else ""
    if value is None or written.lower() == "none":
        return None
    if not written or isinstance(value, bool):
        raise ValueError(f"must be a sound file, or one of {', '.join(AMBIENCES)}, found {shown(value)}")
    return written.lower() if written.lower() in AMBIENCES else written


def _read_level(value: object) -> int:
    level = re.fullmatch(r"([+-]?\d{1,2})\s*(?:dB)?", str(value).strip(), re.IGNORECASE | re.ASCII)
    if level is None or not SOFTEST_DB <= int(level[1]) <= LOUDEST_DB:
        raise ValueError(f"must be whole decibels from {SOFTEST_DB} to {LOUDEST_DB}, such as -6, found {shown(value)}")
    return int(level[1])


def _whole(lowest: int, highest: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        written = str(value).strip()
        if re.fullmatch("[0-9]{1,9}", written) and lowest <= int(written) <= highest:
            return int(written)
        raise ValueError(f"must be a whole number from {lowest} to {highest}, found {shown(value)}")

    return read


def _read_at(value: object) -> At:
    if isinstance(value, At):
        return value
    written = str(value).strip().lower()
    if share := re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", written, re.ASCII):
        if float(share[1]) >= 100:
            raise ValueError(f"must be below 100%, found {shown(value)}")
        return At("share", float(share[1]) / 100)
    try:
        if written.startswith("-"):
            return At("end", _read_length(written[1:].strip()))
        return At("start", parse_duration(written))
    except ValueError as error:
        raise ValueError(f"must be a time such as 20s, -10s (before the end) or 50%, found {shown(value)}") from error


def _read_sides(value: object) -> tuple[str, ...]:
    written = value.replace(",", " ").split() if isinstance(value, str) else value
    sides = tuple(written) if isinstance(written, list | tuple) else ()
    if not sides or any(side not in ("right", "left") for side in sides):
        found = next((side for side in sides if side not in ("right", "left")), value)
        raise ValueError(f"must be [right, left], [right], [left] or alternate, found {shown(found)}")
    if len(set(sides)) < len(sides):
        raise ValueError(f"must name each side once, found {shown(sides[0])} twice; use sets to repeat a side")
    return tuple(str(side) for side in sides)


def _read_language(value: object) -> str:
    match = re.fullmatch(r"([a-z]{2,3})(?:[-_]([a-z]{2}|\d{3}))?", str(value).strip(), re.ASCII | re.IGNORECASE)
    if match is None:
        raise ValueError(f"must be a language code such as en, es or pt-BR, found {shown(value)}")
    return match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")


def _read_date(value: object) -> str:
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError as error:
        raise ValueError(f"must be a date such as 2025-01-31, found {shown(value)}") from error


def _read_id(value: object) -> str:
    written = str(value)
    if written != written.lower() or not all(map(_is_word, written.split("-"))):
        raise ValueError(f"must be lower-case words joined by -, found {shown(value)}")
    if written.isdigit():
        raise ValueError(f"must not be a number alone, found {shown(value)}; exercises have numbers already")
    return written


def _is_word(text: str) -> bool:
    """Letters and digits, with the marks that some scripts put on them."""
    marked = all(letter.isalnum() or unicodedata.category(letter).startswith("M") for letter in text)
    return marked and text[:1].isalnum()


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _one_or_sided(value: object) -> str:
    return "sided" if isinstance(value, Mapping | Sided) else "one"


def _or_sided(one: dict[str, Any]) -> WithJsonSchema:
    both = {"type": "object", "properties": {"right": one, "left": one}, "required": ["right", "left"]}
    return WithJsonSchema({"anyOf": [one, {**both, "additionalProperties": False}]})


def _or_listed(one: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [one, {"type": "array", "items": one}]})


_SECONDS: dict[str, Any] = {"type": "number", "minimum": 0}
_WRITTEN: dict[str, Any] = {"type": "string", "pattern": "^ *[0-9][0-9a-z:. ]*$"}
_DURATION: dict[str, Any] = {"anyOf": [_SECONDS, _WRITTEN], "examples": ["45s", "1m30s", "2:00"]}
_LINE: dict[str, Any] = {"type": ["string", "number", "boolean"], "minLength": 1}  # 90 is a name as good as any
_TEXT: dict[str, Any] = _or_sided(_LINE).json_schema or {}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 500}
_FEW: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 20}
_OFF: dict[str, Any] = {"enum": [False, "off", "no"]}
_SIDE: dict[str, Any] = {"enum": ["right", "left"]}
_SIDES: dict[str, Any] = {
    "anyOf": [
        {"enum": ["alternate", "right", "left"]},
        {"type": "array", "items": _SIDE, "uniqueItems": True, "minItems": 1},
    ]
}
_SOUNDS: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "examples": list(SETS)},
        {
            "type": "object",
            "properties": {"set": {"enum": list(SETS)}, **{role: {"type": "string"} for role in LONGEST_MS}},
            "additionalProperties": False,
        },
    ]
}
_AT: dict[str, Any] = {"type": ["string", "number"], "examples": ["20s", "-10s", "50%"]}

Line = Annotated[str, BeforeValidator(_read_line), WithJsonSchema(_LINE)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(_listed), _or_listed(_LINE)]
Pause = Annotated[int, BeforeValidator(_read_pause), WithJsonSchema(_DURATION)]
Length = Annotated[int, BeforeValidator(_read_length), WithJsonSchema(_DURATION)]
Total = Annotated[
    int | None,
    PlainValidator(_read_total),
    WithJsonSchema({"anyOf": [{"const": "none"}, _SECONDS, _WRITTEN], "examples": ["10m", "none"]}),
]
Remaining = Annotated[
    int,
    BeforeValidator(_read_remaining),
    WithJsonSchema({"anyOf": [_OFF, _SECONDS, _WRITTEN], "examples": ["30s", "off"]}),
]
Flag = Annotated[bool, BeforeValidator(_read_flag), WithJsonSchema({"enum": [True, False, "on", "off", "yes", "no"]})]
Countdown = Annotated[
    Literal[0, 3, 5, 10],
    BeforeValidator(_read_countdown),
    WithJsonSchema({"enum": [0, 3, 5, 10, "off", False]}),
]
Bitrate = Annotated[Literal[64, 96, 128], BeforeValidator(_read_bitrate), WithJsonSchema({"enum": [64, 96, 128]})]
Music = Annotated[
    str | None,
    PlainValidator(_read_music),
    WithJsonSchema({"type": "string", "minLength": 1, "examples": [*AMBIENCES, "music/calm.mp3", "none"]}),
]
Level = Annotated[
    int,
    BeforeValidator(_read_level),
    WithJsonSchema({"type": ["integer", "string"], "minimum": SOFTEST_DB, "maximum": LOUDEST_DB}),
]
Count = Annotated[int, BeforeValidator(_whole(1, 500)), WithJsonSchema(_COUNT)]
Few = Annotated[int, BeforeValidator(_whole(1, 20)), WithJsonSchema(_FEW)]
Times = Annotated[
    float, PlainValidator(_read_times), WithJsonSchema({"type": "string", "pattern": r"^\s*[0-9.]+\s*[xX×]\s*$"})
]
Breath = Annotated[
    tuple[int, int], PlainValidator(_read_breath), WithJsonSchema({"type": "string", "examples": ["4s/6s"]})
]
Speed = Annotated[
    float,
    BeforeValidator(_read_speed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": SLOWEST, "maximum": FASTEST},
                {"type": "string", "pattern": r"^\s*[01](\.[0-9]+)?\s*[xX×]?\s*$"},
            ]
        }
    ),
]
Loudness = Annotated[
    Literal[-18, -16, -19], BeforeValidator(_read_loudness), WithJsonSchema({"enum": list(LOUDNESSES)})
]
Pronounced = Annotated[
    Mapping[Line, Line],
    BeforeValidator(_read_words),
    AfterValidator(_distinct_words),
    WithJsonSchema({"type": "object", "additionalProperties": _LINE}),
]
Sides = Annotated[tuple[Side, ...], BeforeValidator(_read_sides), WithJsonSchema(_SIDES)]
Moment = Annotated[At, PlainValidator(_read_at), WithJsonSchema(_AT)]
SoundsKey = Annotated[str, PlainValidator(sounds_text), WithJsonSchema(_SOUNDS)]
Language = Annotated[str, BeforeValidator(_read_language)]
Date = Annotated[str, BeforeValidator(_read_date), WithJsonSchema({"type": "string", "format": "date"})]
Id = Annotated[str, BeforeValidator(_read_id)]

Text = str | Sided[str]  # a line to speak; {side} and {other_side} are still inside

# Each of these is one value for both sides, or a map with one for each; the tags are steps in pydantic's error paths.
_EITHER = Discriminator(_one_or_sided)
TextKey = Annotated[Annotated[Line, Tag("one")] | Annotated[Sided[Line], Tag("sided")], _EITHER, WithJsonSchema(_TEXT)]
TextsKey = Annotated[tuple[TextKey, ...], BeforeValidator(_listed), _or_listed(_TEXT)]
HoldKey = Annotated[
    Annotated[Length, Tag("one")] | Annotated[Sided[Length], Tag("sided")], _EITHER, _or_sided(_DURATION)
]
RepsKey = Annotated[Annotated[Count, Tag("one")] | Annotated[Sided[Count], Tag("sided")], _EITHER, _or_sided(_COUNT)]
