"""What can be overridden: one table from which the flags, the keys and their documentation are made.

    "double-v.left=45s" -> Override(setting hold, target double-v, side left, 45 s)

A setting's name is its key in a routine file; its flag is the same word with dashes.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from audiogen.duration import parse_duration, parse_factor
from audiogen.errors import CustomiseError
from audiogen.routine import Side

__all__ = ["SETTINGS", "Factor", "Override", "Setting", "read_overrides"]

Kind = Literal["selection", "dose", "pause", "cue", "session"]


@dataclass(frozen=True, slots=True)
class Factor:
    """A length times `times`."""

    times: float


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be overridden.

    `per_exercise` settings take `NAME=VALUE` (and `NAME.SIDE=VALUE` where `sided`) or a value for all, and may be
    given more than once. `read` turns the written value into what it means, or raises ValueError with "must be …".
    """

    name: str
    kind: Kind
    metavar: str
    help: str
    read: Callable[[str], Any]
    per_exercise: bool = False
    sided: bool = False

    @property
    def flag(self) -> str:
        return f"--{self.name.replace('_', '-')}"

    @property
    def repeatable(self) -> bool:
        return self.per_exercise or self.kind == "selection"


@dataclass(frozen=True, slots=True)
class Override:
    """A setting's new value for one exercise (as named by the user), for one side of it, or for all of them."""

    setting: Setting
    value: Any
    target: str | None = None
    side: Side | None = None

    @property
    def written(self) -> str:
        """How messages call it: "--hold double-v.left"."""
        target = f" {self.target}" if self.target else ""
        return f"{self.setting.flag}{target}{f'.{self.side}' if self.side else ''}"


def read_overrides(written: Mapping[str, str | int | Sequence[str]]) -> tuple[Override, ...]:
    """Overrides by setting, as the flags have them: {"hold": ["double-v=45s", "1.2x"], "length": "12m"}.

    Raises:
        CustomiseError: an unknown setting or an unreadable value; all of them at once.
    """
    mistakes: list[str] = []
    found: list[Override] = []
    for name, values in written.items():
        setting = _BY_NAME.get(name.replace("-", "_"))
        if setting is None:
            near = get_close_matches(name, _BY_NAME, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            mistakes.append(f"{name} is nothing that can be overridden{hint}")
            continue
        for value in [str(values)] if isinstance(values, str | int) else values:
            try:
                found.append(_read(setting, str(value)))
            except ValueError as error:
                mistakes.append(f"{setting.flag} {error}")
    if mistakes:
        raise CustomiseError("\n".join(mistakes))
    return tuple(found)


def _read(setting: Setting, written: str) -> Override:
    target, side, value = None, None, written.strip()
    if setting.per_exercise and "=" in value:
        target, _, value = (part.strip() for part in value.rpartition("="))
        if setting.sided and (match := re.fullmatch(r"(.+)\.(right|left)", target)):
            target, side = match[1], match[2]
        if not target:
            raise ValueError(f"must be {setting.metavar}, found '{written}'")
    return Override(setting, setting.read(value), target, side)  # type: ignore[arg-type]


# -- how values are read


def _length_or_factor(text: str) -> int | Factor:
    factor = parse_factor(text)
    return parse_duration(text) if factor is None else Factor(factor)


def _dose_or_factor(text: str) -> int | Factor:
    value = _length_or_factor(text)
    if value == 0:
        raise ValueError(f"must be longer than nothing, found '{text}'")
    return value


def _factor(text: str) -> Factor:
    factor = parse_factor(text)
    if factor is None:
        raise ValueError(f"must be a factor such as 1.2x, found '{text}'")
    return Factor(factor)


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if re.fullmatch(r"\d{1,4}", text, re.ASCII) and lowest <= int(text) <= highest:
            return int(text)
        raise ValueError(f"must be a whole number from {lowest} to {highest}, found '{text}'")

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() in choices:
            return text.lower()
        raise ValueError(f"must be {', '.join(choices[:-1])} or {choices[-1]}, found '{text}'")

    return read


def _on_or_off(text: str) -> bool:
    return _one_of("on", "off")(text) == "on"


def _countdown(text: str) -> int:
    return int(_one_of("0", "3", "5", "10")(text))


def _some_length(text: str) -> int:
    length_ms = parse_duration(text)
    if not length_ms:
        raise ValueError(f"must be longer than nothing, found '{text}'")
    return length_ms


def _length_or(word: str, instead: int | None) -> Callable[[str], int | None]:
    return lambda text: instead if text.lower() == word else _some_length(text)


def _text(text: str) -> str:
    if not any(letter.isalnum() for letter in text):
        raise ValueError(f"must have a word in it, found '{text}'")
    return text


def _breath(text: str) -> tuple[int, int]:
    inhale, slash, exhale = text.partition("/")
    if not slash:
        raise ValueError(f"must be the lengths of an inhalation and an exhalation such as 4s/6s, found '{text}'")
    return _some_length(inhale), _some_length(exhale)


_PAUSE = "[NAME=]LENGTH"

SETTINGS = (
    Setting("only", "selection", "NAMES", "Only these exercises: names, numbers or ranges such as 2-4,6.", str),
    Setting("skip", "selection", "NAMES", "Leave these exercises out.", str),
    Setting("from", "selection", "NAME", "Begin with this exercise.", str),
    Setting(
        "hold",
        "dose",
        "[NAME[.SIDE]=]LENGTH",
        "How long holds last: double-v=45s, double-v.left=45s, 45s, 1.2x.",
        _dose_or_factor,
        per_exercise=True,
        sided=True,
    ),
    Setting(
        "reps", "dose", "[NAME[.SIDE]=]COUNT", "How many repetitions: 8.", _whole(1, 500), per_exercise=True, sided=True
    ),
    Setting("sets", "dose", "[NAME=]COUNT", "How many sets: 3.", _whole(1, 20), per_exercise=True),
    Setting("rest", "dose", "[NAME=]LENGTH", "The rest between sets: 45s, 1.2x.", _dose_or_factor, per_exercise=True),
    Setting("tempo", "dose", "[NAME=]FACTOR", "How slow repetitions are: 1.25x is slower.", _factor, per_exercise=True),
    Setting("pauses", "pause", "FACTOR", "Settling, switching and transitions together: 1.2x.", _factor),
    Setting("settle", "pause", _PAUSE, "The time to get into position.", _length_or_factor, per_exercise=True),
    Setting("switching", "pause", _PAUSE, "The time to change sides.", _length_or_factor, per_exercise=True),
    Setting("transition", "pause", _PAUSE, "The silence after an exercise.", _length_or_factor, per_exercise=True),
    Setting("gap", "pause", _PAUSE, "The silence between spoken lines.", _length_or_factor, per_exercise=True),
    Setting("tail", "pause", "LENGTH", "The silence at the end.", _length_or_factor),
    Setting("breath", "session", "IN/OUT", "End holds on a whole breath: 4s/6s.", _breath),
    Setting("rounds", "session", "COUNT", "The whole session again, announced as rounds.", _whole(1, 20)),
    Setting(
        "length",
        "session",
        "LENGTH|none",
        "Fit the session to a length exactly; none: let it be.",
        _length_or("none", None),
    ),
    Setting(
        "stretch",
        "session",
        "silences|holds",
        "What a length stretches: only silences, or holds too.",
        _one_of("silences", "holds"),
    ),
    Setting(
        "guidance",
        "session",
        "full|brief|tones",
        "Full instructions, names and sides only, or tones alone.",
        _one_of("full", "brief", "tones"),
    ),
    Setting(
        "countdown",
        "cue",
        "[NAME=]SECONDS",
        "How many last seconds are counted: 0, 3, 5, 10.",
        _countdown,
        per_exercise=True,
    ),
    Setting("halfway", "cue", "[NAME=]on|off", "Whether the half of a hold is told.", _on_or_off, per_exercise=True),
    Setting(
        "halfway_from", "cue", "[NAME=]LENGTH", "The shortest hold whose half is told.", _some_length, per_exercise=True
    ),
    Setting(
        "remaining",
        "cue",
        "[NAME=]LENGTH|off",
        "Tell the time left every so often: 30s.",
        _length_or("off", 0),
        per_exercise=True,
    ),
    Setting("title", "session", "TEXT", "What the session is called.", _text),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}
