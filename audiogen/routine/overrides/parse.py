"""Overrides as they are written, read: values mean what they mean under the same key in a routine file.

"double-v.left=45s" -> Override(setting hold, target double-v, side left, 45 s)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from audiogen.durations import parse_factor
from audiogen.errors import CustomiseError, InvalidValue, Problem
from audiogen.routine.keys import FIELD_OF, owners
from audiogen.routine.model import Exercise, Group, Routine
from audiogen.routine.music import Music
from audiogen.routine.settings import SETTINGS, Setting
from audiogen.routine.slips import slip_elsewhere
from audiogen.routine.sounds import Sounds
from audiogen.routine.values import Side, Sided
from audiogen.routine.voice_spec import VoiceSpec
from audiogen.routine.written import read
from audiogen.text import shown


@dataclass(frozen=True, slots=True)
class Factor:
    """A length times `times`."""

    times: float


@dataclass(frozen=True, slots=True)
class Override:
    """A setting's new value for one exercise (as named by the user), for one side of it, or for all of them."""

    setting: Setting
    value: Any
    target: str | None = None
    side: Side | None = None
    narrowed: bool = False  # it was given for all, and stands here for one of them

    @property
    def field(self) -> str:
        """The field that it changes."""
        return FIELD_OF[self.setting.name]

    @property
    def for_all(self) -> bool:
        return self.target is None or self.narrowed

    @property
    def written(self) -> str:
        """How messages call it: "--hold double-v.left"."""
        target = f" {self.target}" if self.target and not self.narrowed else ""
        return f"{self.setting.flag}{target}{f'.{self.side}' if self.side else ''}"


def read_overrides(written: Mapping[str, str | int | Sequence[str]]) -> tuple[Override, ...]:
    """Overrides by setting, as the flags have them: {"hold": ["double-v=45s", "1.2x"], "length": "12m"}.

    Raises:
        CustomiseError: an unknown setting or an unreadable value; all of them at once.
    """
    mistakes: list[Problem] = []
    found: list[Override] = []
    for name, values in written.items():
        setting = SETTINGS.get(name.replace("-", "_"))
        if setting is None:
            near = get_close_matches(name, SETTINGS, 1)
            mistakes.append(
                Problem(
                    "overrides.misspelt-setting" if near else "overrides.unknown-setting",
                    subject=name,
                    expected="".join(near),
                )
            )
            continue
        for value in [str(values)] if isinstance(values, str | int) else values:
            try:
                found.append(_read(setting, str(value).strip()))
            except InvalidValue as error:
                mistakes.append(error.about(setting.flag))
    if mistakes:
        raise CustomiseError(*mistakes)
    return tuple(found)


def command_line_of(overrides: Mapping[str, str | int | Sequence[str]]) -> list[str]:
    """The flags that give these overrides, as words of a command line."""
    words: list[str] = []
    for name, values in overrides.items():
        for value in [str(values)] if isinstance(values, str | int) else values:
            words += [SETTINGS[name].flag, value]
    return words


def _read(setting: Setting, written: str) -> Override:
    if not setting.each or "=" not in written:
        return Override(setting, _meant(setting, written))
    target, _, value = (part.strip() for part in written.rpartition("="))
    side = None
    if setting.sided and (match := re.fullmatch(r"(.+)\.(right|left)", target)):
        target, side = match[1], cast(Side, match[2])
    if not target:
        raise InvalidValue(Problem("routine.not-a-choice", expected=setting.metavar, found=shown(written)))
    return Override(setting, _meant(setting, value, written.rpartition("=")[0] + "="), target, side)


def _meant(setting: Setting, text: str, target: str = "") -> Any:
    """Read a value, or say with which flags it would be what it was meant to be."""
    try:
        return _value(setting, text)
    except InvalidValue as error:
        slip = slip_elsewhere(setting.name, text, lambda key, value: f"{SETTINGS[key].flag} {target}{value}")
        if slip is None:
            raise
        raise InvalidValue(slip) from error


def _value(setting: Setting, text: str) -> Any:
    if setting.kind == "selection":
        return text
    factor = parse_factor(text) if setting.scales else None
    if factor is not None:
        return Factor(factor)
    if setting.name == "tempo":
        raise InvalidValue(Problem("routine.not-a-factor", expected="1.25x", found=shown(text)))
    if setting.sided and "/" in text:
        right, _, left = text.partition("/")
        return Sided(_amount(setting, right), _amount(setting, left))
    if setting.sided and "," in text:
        return tuple(_amount(setting, part) for part in text.split(","))
    value = _as_key(owners(setting)[0], FIELD_OF[setting.name], text)
    return value.anchored(Path.cwd()) if isinstance(value, Music | Sounds | VoiceSpec) else value


def _amount(setting: Setting, text: str) -> Any:
    """One of several amounts; a factor is for all of them."""
    value = _value(setting, text.strip())
    if isinstance(value, Factor):
        raise InvalidValue(
            Problem("routine.not-a-choice", expected="a factor for all, or an amount each", found=shown(text))
        )
    return value


def _as_key(model: type[Exercise | Group | Routine], field: str, text: str) -> Any:
    """A value as the routine file would read it under its key."""
    try:
        return read(model, field, text)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "value_error":
            cause: Exception = first["ctx"]["error"]
            raise cause from error
        expected = str(first.get("ctx", {}).get("expected", "something else")).replace("'", "")
        raise InvalidValue(Problem("routine.not-a-choice", expected=expected, found=shown(text))) from error
