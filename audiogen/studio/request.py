"""What somebody wishes for, as a link carries it.

    query of a URL -> Wishes -> overrides, a link, a command line

A link speaks the language of the flags: `?hold=double-v%3D45s&length=12m&voice=builtin`.
"""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from audiogen.errors import CustomiseError
from audiogen.routine.overrides import command_line_of
from audiogen.routine.settings import SETTINGS
from audiogen.routine.voice_spec import FILE_ENGINES, VoiceSpec

__all__ = ["Wishes", "read_wishes"]

# What a link may name where a setting takes a file: words such as "rain", and sounds in the studio's own folders.
_ENGINES = re.compile(r"[a-z]*(:[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*){0,2}", re.ASCII)
_RECORDINGS = re.compile(r"recordings:recordings/[^./\\\0][^/\\\0]*")
_SOUNDS = re.compile(r"([a-z_]+[=:] *)?([a-z]+|music/[^./\\\0][^/\\\0]*)", re.ASCII)
_WITH_FILES = ("music", "sounds")

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
        _refuse_foreign_files(name, value)
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


def _refuse_foreign_files(name: str, value: str) -> None:
    """See that a link, which anybody may have written, names no file or folder but the studio's own.

    Raises:
        CustomiseError: it does.
    """
    value = value.strip()
    if name in ("voice", "fill"):
        fine = VoiceSpec.parse(value).engine not in FILE_ENGINES and _ENGINES.fullmatch(value)
        if not fine and not _RECORDINGS.fullmatch(value):
            raise CustomiseError(
                f"{name} in the studio must be an engine such as builtin, gtts:en:co.uk or recordings:recordings/NAME; "
                "name other files in the routine itself, or on the command line."
            )
    elif name in _WITH_FILES and not all(_SOUNDS.fullmatch(part.strip()) for part in value.strip("{}").split(",")):
        raise CustomiseError(
            f"{name} in the studio must be a word, or a file in the folder music, such as music/calm.mp3; "
            "name other files in the routine itself, or on the command line."
        )
