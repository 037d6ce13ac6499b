"""What somebody wishes for, as a link carries it.

    query of a URL -> Wishes -> overrides, a link, a command line

A link speaks the language of the flags: `?hold=double-v%3D45s&length=12m&voice=builtin`.
"""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from audiogen.customise import command_line_of
from audiogen.errors import CustomiseError
from audiogen.settings import SETTINGS

__all__ = ["Wishes", "read_wishes"]

MOST_WISHES = 500
LONGEST_WISH = 300  # letters; no value that a setting takes comes near


@dataclass(frozen=True, slots=True)
class Wishes:
    """A routine by name, overrides by setting as `customise` takes them, and a voice's spec."""

    routine: str
    overrides: dict[str, list[str]] = field(default_factory=dict)
    voice: str | None = None

    @property
    def query(self) -> str:
        """What follows the question mark in a link to these wishes; empty where there are none."""
        pairs = [(name, value) for name, values in self.overrides.items() for value in values]
        return urlencode([*pairs, *([("voice", self.voice)] if self.voice else [])])

    def command_line(self, out: str | None = None) -> str:
        """The command that renders these wishes."""
        words = ["audiogen", "render", self.routine, *command_line_of(self.overrides)]
        words += ["--voice", self.voice] if self.voice else []
        return shlex.join([*words, *(["-o", out] if out else [])])


def read_wishes(routine: str, pairs: Iterable[tuple[str, str]]) -> Wishes:
    """The wishes in a link's parameters; their values are read later, by `customise`.

    Raises:
        CustomiseError: a parameter that is no setting, or too much of them.
    """
    overrides: dict[str, list[str]] = {}
    voice = None
    for count, (name, value) in enumerate(pairs):
        if count >= MOST_WISHES or len(value) > LONGEST_WISH:
            raise CustomiseError("This link carries more than any session needs; open the routine anew.")
        if name == "voice":
            voice = value.strip() or None
        elif name not in SETTINGS:
            raise CustomiseError(f"{name[:40]} is nothing that can be set; remove it from the link.")
        elif value.strip():
            overrides.setdefault(name, []).append(value.strip())
    for name, values in overrides.items():
        if not SETTINGS[name].repeatable:
            overrides[name] = values[-1:]
    return Wishes(routine, overrides, voice)
