"""Read a requested session from a link.

    query of a URL -> SessionRequest -> overrides, a link, a command line

The parameters are the flags' names: `?hold=double-v%3D45s&length=12m&voice=builtin`.
"""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from audiogen.errors import CustomiseError, Problem
from audiogen.routine.overrides import command_line_of
from audiogen.routine.settings import SETTINGS
from audiogen.routine.voice_spec import FILE_ENGINES, VoiceSpec

# What a link may name for a setting that can be a file: words such as "rain", and sounds in the studio's own folders.
_ENGINES = re.compile(r"[a-z]*(:[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*){0,2}", re.ASCII)
_RECORDINGS = re.compile(r"recordings:recordings/[^./\\\0][^/\\\0]*")
_SOUNDS = re.compile(r"([a-z_]+[=:] *)?([a-z]+|music/[^./\\\0][^/\\\0]*)", re.ASCII)
_WITH_FILES = ("music", "sounds")

MOST_PARAMETERS = 500
LONGEST_VALUE = 300  # characters, more than any value needs


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A routine by name, overrides by setting as `customise` takes them, and a voice's spec."""

    routine: str
    overrides: dict[str, list[str]] = field(default_factory=dict)
    voice: str | None = None

    @property
    def query(self) -> str:
        """Return what follows the question mark in a link to this session."""
        pairs = [(name, value) for name, values in self.overrides.items() for value in values]
        return urlencode([*pairs, *([("voice", self.voice)] if self.voice else [])])

    def command_line(self, out: str | None = None) -> str:
        """Return the command that renders this session."""
        words = ["audiogen", "render", self.routine, *command_line_of(self.overrides)]
        words += ["--voice", self.voice] if self.voice else []
        return shlex.join([*words, *(["-o", out] if out else [])])


def read_request(routine: str, pairs: Iterable[tuple[str, str]]) -> SessionRequest:
    """Read the parameters of a link; their values are checked later, by `customise`.

    Raises:
        CustomiseError: a parameter that is not a setting, or too many of them.
    """
    overrides: dict[str, list[str]] = {}
    voice = None
    for count, (name, value) in enumerate(pairs):
        if count >= MOST_PARAMETERS or len(value) > LONGEST_VALUE:
            raise CustomiseError(Problem("studio.long-link"))
        _refuse_foreign_files(name, value)
        if name == "voice":
            voice = value.strip() or None
        elif name not in SETTINGS:
            raise CustomiseError(Problem("studio.unknown-parameter", subject=name[:40]))
        elif value.strip():
            overrides.setdefault(name, []).append(value.strip())
    for name, values in overrides.items():
        if not SETTINGS[name].repeatable:
            overrides[name] = values[-1:]
    return SessionRequest(routine, overrides, voice)


def _refuse_foreign_files(name: str, value: str) -> None:
    """Refuse a link, which anybody may have written, that names files other than the studio's own.

    Raises:
        CustomiseError: it does.
    """
    value = value.strip()
    if name in ("voice", "fill"):
        fine = VoiceSpec.parse(value).engine not in FILE_ENGINES and _ENGINES.fullmatch(value)
        if not fine and not _RECORDINGS.fullmatch(value):
            raise CustomiseError(Problem("studio.foreign-voice", subject=name))
    elif name in _WITH_FILES and not all(_SOUNDS.fullmatch(part.strip()) for part in value.strip("{}").split(",")):
        raise CustomiseError(Problem("studio.foreign-file", subject=name))
