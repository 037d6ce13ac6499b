"""The values that keys may hold, and how each kind is read.

    what was written, or what is read already -> a value

Keys speak seconds and durations, fields milliseconds: the readers convert once. Each raises `InvalidValue` without
a subject. `key_types` has them as types for the models.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from audiogen.durations import format_duration, parse_duration, parse_factor
from audiogen.errors import InvalidValue, Problem
from audiogen.routine.limits import SHORTEST_REMAINING_MS
from audiogen.routine.pauses import SHORTEST_REST_MS
from audiogen.routine.settings import LOUDNESSES
from audiogen.text import is_obeyed, shown

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


Words = Literal["learn", "always", "none"]  # how long the words of phases are spoken
Text = str | Sided[str]  # a line to speak; {side} and {other_side} are still inside


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


@dataclass(frozen=True, slots=True)
class Which:
    """Some of several sets or rounds: those from `first` to `last`; only the last one of all where there is neither."""

    first: int | None = None
    last: int | None = None

    def has(self, number: int, count: int) -> bool:
        """Whether number `number` of `count` is one of them."""
        if self.first is None or self.last is None:
            return number == count
        return self.first <= number <= self.last

    def __str__(self) -> str:
        if self.first is None:
            return "last"
        if self.first == self.last:
            return "first" if self.first == 1 else str(self.first)
        return f"{self.first} to {self.last}"


def read_which(value: object) -> Which:
    if isinstance(value, Which):
        return value
    written = str(value).strip().lower()
    if written in ("first", "last"):
        return Which(1, 1) if written == "first" else Which()
    match = re.fullmatch(r"([1-9]\d{0,2})(?:\s*(?:to|-)\s*([1-9]\d{0,2}))?", written, re.ASCII)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise InvalidValue(Problem("routine.not-which", found=shown(value)))
    return Which(int(match[1]), int(match[2] or match[1]))


def read_line(value: object) -> str:
    if isinstance(value, Mapping | list | tuple) or value is None:
        raise InvalidValue(Problem("routine.not-text", found=shown(value)))
    text = " ".join(str(value).split())
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InvalidValue(Problem("routine.half-a-character"))
    if obeyed := next(filter(is_obeyed, text), None):
        raise InvalidValue(Problem("routine.invisible-character", found=f"U+{ord(obeyed):04X}"))
    if not any(letter.isalnum() for letter in text):
        raise InvalidValue(Problem("routine.wordless", found=shown(text)))
    return text


def read_length(value: object) -> int:
    return _longer_than_nothing(value, parse_duration(value))


def _longer_than_nothing(value: object, length_ms: int) -> int:
    if length_ms == 0:
        raise InvalidValue(Problem("routine.zero-length", found=shown(value)))
    return length_ms


def read_rest(value: object) -> int:
    rest_ms = parse_duration(value)
    if 0 < rest_ms < SHORTEST_REST_MS:
        raise InvalidValue(
            Problem("routine.rest-too-short", expected=format_duration(SHORTEST_REST_MS), found=shown(value))
        )
    return rest_ms


def read_total(value: object) -> int | None:
    if value is None or value == "none":
        return None
    return _longer_than_nothing(value, parse_duration(value, such_as="10m, or none"))


def read_remaining(value: object) -> int:
    if value is False or _SWITCH.get(str(value).lower()) is False:
        return 0
    every_ms = parse_duration(value, such_as="30s, or off")
    if every_ms < SHORTEST_REMAINING_MS:
        least = f"{format_duration(SHORTEST_REMAINING_MS)}, or off"
        raise InvalidValue(Problem("routine.too-short", expected=least, found=shown(value)))
    return every_ms


def read_times(value: object) -> float:
    if isinstance(value, float):
        return value
    factor = parse_factor(str(value))
    if factor is None:
        raise InvalidValue(Problem("routine.not-a-factor", expected="1.2x", found=shown(value)))
    return factor


def read_breath(value: object) -> tuple[int, int]:
    if isinstance(value, tuple):
        return value
    inhale, slash, exhale = str(value).partition("/")
    if not slash:
        raise InvalidValue(Problem("routine.not-a-breath", found=shown(value)))
    return read_length(inhale.strip()), read_length(exhale.strip())


SOFTEST_DB, LOUDEST_DB = -20, 6  # of music: below nobody hears it, above it would drown its own pauses
SLOWEST, FASTEST = 0.7, 1.3  # beyond, speech is hard to follow or hard to bear


def read_speed(value: object) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[x×]?", str(value).strip(), re.ASCII | re.IGNORECASE)
    speed = float(match[1]) if match else 0.0
    if not SLOWEST <= speed <= FASTEST:
        raise InvalidValue(Problem("routine.factor-range", expected=f"{SLOWEST} to {FASTEST}", found=shown(value)))
    return speed


def read_loudness(value: object) -> int:
    written = re.sub(r"\s*lufs$", "", str(value).strip(), flags=re.IGNORECASE).replace("−", "-")
    loudness = next((one for one in LOUDNESSES if written == str(one)), None)
    if loudness is None:
        raise InvalidValue(Problem("routine.not-a-choice", expected="-16, -18 or -19 (LUFS)", found=shown(value)))
    return loudness


def read_words(value: object) -> object:
    if isinstance(value, Mapping):
        return value
    raise InvalidValue(Problem("routine.not-words", found=shown(value)))


def distinct_words(words: Mapping[str, str]) -> Mapping[str, str]:
    seen: dict[str, str] = {}
    for word in words:
        if (first := seen.setdefault(word.casefold(), word)) != word:
            raise InvalidValue(Problem("routine.same-word", expected=shown(first), found=shown(word)))
    return words


_SWITCH = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


def read_flag(value: object) -> bool:
    # "on" and "off" are texts in YAML 1.2, so they are read here and not by the YAML reader.
    flag = value if isinstance(value, bool) else _SWITCH.get(str(value).strip().lower())
    if flag is None:
        raise InvalidValue(Problem("routine.not-a-choice", expected="on or off", found=shown(value)))
    return flag


def read_countdown(value: object) -> int:
    if isinstance(value, bool):
        value = "on" if value else "off"
    written = str(value).strip().lower()
    number = {"0": 0, "off": 0, "no": 0, "false": 0, "3": 3, "5": 5, "10": 10}.get(written)
    if number is None:
        raise InvalidValue(Problem("routine.not-a-choice", expected="0, 3, 5 or 10", found=shown(value)))
    return number


def read_bitrate(value: object) -> int:
    bitrate = re.fullmatch(r"(64|96|128)\s*k?", str(value).strip(), re.IGNORECASE)
    if bitrate is None:
        raise InvalidValue(Problem("routine.not-a-choice", expected="64, 96 or 128 (kbit/s)", found=shown(value)))
    return int(bitrate[1])


def read_level(value: object) -> int:
    level = re.fullmatch(r"([+-]?\d{1,2})\s*(?:dB)?", str(value).strip(), re.IGNORECASE | re.ASCII)
    if level is None or not SOFTEST_DB <= int(level[1]) <= LOUDEST_DB:
        raise InvalidValue(Problem("routine.level-range", expected=f"{SOFTEST_DB} to {LOUDEST_DB}", found=shown(value)))
    return int(level[1])


def whole(lowest: int, highest: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        written = str(value).strip()
        if re.fullmatch("[0-9]{1,9}", written) and lowest <= int(written) <= highest:
            return int(written)
        raise InvalidValue(Problem("routine.count-range", expected=f"{lowest} to {highest}", found=shown(value)))

    return read


def read_at(value: object) -> At:
    if isinstance(value, At):
        return value
    written = str(value).strip().lower()
    if share := re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", written, re.ASCII):
        if float(share[1]) >= 100:
            raise InvalidValue(Problem("routine.share-too-large", found=shown(value)))
        return At("share", float(share[1]) / 100)
    try:
        if written.startswith("-"):
            return At("end", read_length(written[1:].strip()))
        return At("start", parse_duration(written))
    except ValueError as error:
        raise InvalidValue(Problem("routine.not-a-moment", found=shown(value))) from error


def read_sides(value: object) -> tuple[str, ...]:
    written = value.replace(",", " ").split() if isinstance(value, str) else value
    sides = tuple(written) if isinstance(written, list | tuple) else ()
    if not sides or any(side not in ("right", "left") for side in sides):
        found = next((side for side in sides if side not in ("right", "left")), value)
        raise InvalidValue(Problem("routine.not-sides", found=shown(found)))
    if len(set(sides)) < len(sides):
        raise InvalidValue(Problem("routine.side-twice", found=shown(sides[0])))
    return tuple(str(side) for side in sides)


def read_phrases(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise InvalidValue(Problem("phrases.not-a-map", found=shown(value)))
    return value
