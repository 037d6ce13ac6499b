"""What a routine file says, as immutable models: keys and durations as written -> fields in whole milliseconds.

A field's alias is its key in the file, its description is what an editor shows for that key. Keys speak seconds and
durations, fields milliseconds; the types below convert once. What needs more than one key is in `checks`.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from audiogen.duration import parse_duration, parse_factor
from audiogen.routine.mistakes import shown
from audiogen.settings import described

__all__ = ["At", "Cue", "Exercise", "Phase", "Rounds", "Routine", "Side", "Sided", "Text", "words"]

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


# --- how one value is read; each raises ValueError with "must be …, found …" -----------------------------------------


def _read_line(value: object) -> str:
    if isinstance(value, Mapping | list | tuple) or value is None:
        raise ValueError(f"must be a text, found {shown(value)}")
    text = " ".join(str(value).split())
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
    sides = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else ()
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
    if not re.fullmatch(r"[^\W_]+(-[^\W_]+)*", written) or written != written.lower():
        raise ValueError(f"must be lower-case words joined by -, found {shown(value)}")
    if written.isdigit():
        raise ValueError(f"must not be a number alone, found {shown(value)}; exercises have numbers already")
    return written


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _one_or_sided(value: object) -> str:
    return "sided" if isinstance(value, Mapping | Sided) else "one"


# --- the types of keys: how each is read, and what an editor is told of it -------------------------------------------


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
Count = Annotated[int, BeforeValidator(_whole(1, 500)), WithJsonSchema(_COUNT)]
Few = Annotated[int, BeforeValidator(_whole(1, 20)), WithJsonSchema(_FEW)]
Times = Annotated[
    float, PlainValidator(_read_times), WithJsonSchema({"type": "string", "pattern": r"^\s*[0-9.]+\s*[xX×]\s*$"})
]
Breath = Annotated[
    tuple[int, int], PlainValidator(_read_breath), WithJsonSchema({"type": "string", "examples": ["4s/6s"]})
]
Sides = Annotated[tuple[Side, ...], BeforeValidator(_read_sides), WithJsonSchema(_SIDES)]
Moment = Annotated[At, PlainValidator(_read_at), WithJsonSchema(_AT)]
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


def words(text: Text, side: Side | None) -> str:
    """The line for a side; placeholders stay as they are. Without a side, a sided text gives its right one."""
    return text.on(side or "right") if isinstance(text, Sided) else text


class _Written(BaseModel):
    """A map of the file: immutable, without unknown keys, and without keys that have no value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_empty(cls, value: object) -> object:
        if value is None:
            raise ValueError("is empty; write a value, or leave the key out")
        return value


class Cue(_Written):
    """Words at a moment of the work."""

    at: Moment = Field(description="When: 20s from the start, -10s before the end, or 50% of the work.")
    say: TextKey = Field(description="What is said then.")


class Phase(_Written):
    """A part of a repetition, begun by a tone on its clock."""

    for_ms: Length = Field(alias="for", description="How long this phase lasts, such as 3s.")
    say: TextKey | None = Field(None, description="What is said in repetitions 1 and 2.")
    short: TextKey | None = Field(
        None, description="What is said in repetition 3; without it, `say` up to its first comma."
    )
    tone: Literal["rising", "falling"] | None = Field(
        None, description="The tone it begins with; without it they alternate, rising first."
    )

    @property
    def short_words(self) -> Text | None:
        """`short`, or `say` up to its first comma; None where the phase says nothing."""
        if self.short is not None or self.say is None:
            return self.short
        return self.say.map(_before_comma) if isinstance(self.say, Sided) else _before_comma(self.say)


def _before_comma(line: str) -> str:
    return line.split(",", 1)[0].rstrip(" .!?;:")


class Exercise(_Written):
    """One exercise: a timed hold or counted repetitions, with what is said around and in it."""

    name: Line = Field(description="What the exercise is called: announced, and the chapter's title.")
    id: Id | None = Field(None, description="A short name to address it by, instead of the one made from `name`.")
    slug: str  # unique in the routine; set by the reader, as are `number` and `alternate`
    number: int  # from 1, in the file's order, before anything is skipped; counts those inside rounds too
    setup: TextsKey = Field((), description="How to get into position, one spoken line each.")
    sides: Sides = Field((), description="[right, left], [right], [left], or alternate (each repetition).")
    alternate: bool = False  # the side changes with each repetition; `sides` is then ("right", "left")
    hold_ms: HoldKey | None = Field(
        None, alias="hold", description="How long to hold, exactly; may differ: {right: 30s, left: 45s}."
    )
    reps: RepsKey | None = Field(None, description="How many repetitions (a side); needs `tempo`.")
    tempo: tuple[Phase, ...] = Field((), description="The phases of a repetition, each with its time.")
    count: Flag = Field(False, description="Speak the number of every repetition.")
    sets: Few = Field(1, description=described("sets"))
    rest_ms: Length | None = Field(None, alias="rest", description=described("rest"))
    cues: tuple[Cue, ...] = Field((), description="What is said during the work, and when.")
    switch: TextsKey = Field((), description='What is said between the sides, after "Switch sides".')
    release: TextsKey = Field((), description="The way out of the position.")
    skip: Flag = Field(False, description="Leave this exercise out.")
    gap_ms: Pause | None = Field(None, alias="gap", description=described("gap"))
    settle_ms: Pause | None = Field(None, alias="settle", description=described("settle"))
    switching_ms: Pause | None = Field(None, alias="switching", description=described("switching"))
    transition_ms: Pause | None = Field(None, alias="transition", description=described("transition"))
    countdown: Countdown | None = Field(None, description=described("countdown"))
    halfway: Flag | None = Field(None, description=described("halfway"))
    halfway_from_ms: Length | None = Field(None, alias="halfway_from", description=described("halfway_from"))
    remaining_ms: Remaining | None = Field(  # 0: off here, whatever the routine says
        None, alias="remaining", description=described("remaining")
    )
    fixed: Flag = Field(False, description="Never stretch this exercise to fit a length.")
    min_ms: Length | None = Field(None, alias="min", description="The shortest its hold may become.")
    max_ms: Length | None = Field(None, alias="max", description="The longest its hold may become.")

    @model_validator(mode="before")
    @classmethod
    def _split_alternate(cls, written: Any) -> Any:
        if isinstance(written, Mapping) and written.get("sides") == "alternate":
            return {**written, "sides": ("right", "left"), "alternate": True}
        return written


class Rounds(_Written):
    """Exercises done one after another, and then again."""

    rounds: Few = Field(description="How many times the exercises inside are done.")
    exercises: tuple[Exercise, ...] = Field(description="The exercises of a round.")


class Routine(_Written):
    """A whole routine file."""

    title: Line = Field(description=described("title"))
    language: Language = Field("en", description="The language of its texts, such as en, es or pt-BR.")
    length_ms: Total = Field(None, alias="length", description=described("length"))
    description: Line | None = Field(None, description="What the routine is for; shown, not spoken.")
    equipment: Lines = Field((), description="What one needs, named in the opening.")
    before: Lines = Field((), description="Said in the opening: what to do before.")
    caution: Lines = Field((), description="Said in the opening: when to stop.")
    after: Lines = Field((), description="Said in the closing: what could follow.")
    voice: Line | None = Field(None, description="The voice, such as gtts, gtts:en:co.uk or builtin.")
    date: Date | None = Field(None, description="The date in the track's tags.")
    artist: Line | None = Field(None, description="The artist in the track's tags.")
    album: Line | None = Field(None, description="The album in the track's tags.")
    gap_ms: Pause | None = Field(None, alias="gap", description=described("gap"))
    settle_ms: Pause | None = Field(None, alias="settle", description=described("settle"))
    switching_ms: Pause | None = Field(None, alias="switching", description=described("switching"))
    transition_ms: Pause | None = Field(None, alias="transition", description=described("transition"))
    tail_ms: Pause | None = Field(None, alias="tail", description=described("tail"))
    pauses: Times = Field(1.0, description=described("pauses"), json_schema_extra={"default": "1x"})
    breath: Breath | None = Field(None, description=described("breath"))
    rounds: Few = Field(1, description=described("rounds"))
    stretch: Literal["silences", "holds"] = Field("silences", description=described("stretch"))
    guidance: Literal["full", "brief", "tones"] = Field("full", description=described("guidance"))
    countdown: Countdown = Field(3, description=described("countdown"))
    halfway: Flag = Field(True, description=described("halfway"))
    halfway_from_ms: Length = Field(
        45_000,
        alias="halfway_from",
        description=described("halfway_from"),
        json_schema_extra={"default": "45s"},
    )
    remaining_ms: Remaining | None = Field(  # None or 0: off
        None, alias="remaining", description=described("remaining")
    )
    exercises: tuple[Exercise | Rounds, ...] = Field(description="The exercises, in order.")
    source: Path | None = Field(None, exclude=True, repr=False)  # the file it came from

    @property
    def flat(self) -> tuple[Exercise, ...]:
        """All exercises in the file's order, those inside rounds and skipped ones too."""
        groups = (item.exercises if isinstance(item, Rounds) else (item,) for item in self.exercises)
        return tuple(exercise for group in groups for exercise in group)

    def __eq__(self, other: object) -> bool:
        # Two files that say the same are the same routine.
        if not isinstance(other, Routine):
            return NotImplemented
        return {**self.__dict__, "source": None} == {**other.__dict__, "source": None}

    def __hash__(self) -> int:
        return hash((self.title, self.exercises))
