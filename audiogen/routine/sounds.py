"""Which tones a session has, as `sounds:` and `--sounds` write it: a set, and a user's own files by role.

"wood", "start=gong.wav, end=bell.mp3", {set: wood, start: gong.wav, wake: off}  ->  Sounds
"tick=-6dB, bell=-3dB", {tick: -6dB, bell: -3dB}  ->  levels by role
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from audiogen.errors import InvalidValue, Problem
from audiogen.routine.values import read_level
from audiogen.storage.files import from_home
from audiogen.text import shown

SETS = ("bells", "wood", "beeps", "breath", "none")

# The roles a file may be given for, and how long it may last there: the next tick and what is woken for come soon
# after. In a phase a file is heard for as long as that lasts.
LONGEST_MS = {
    "start": 5000,
    "end": 10_000,
    "finish": 20_000,
    "tick": 500,
    "rising": 20_000,
    "falling": 20_000,
    "level": 20_000,
    "cue": 1000,
    "wake": 490,
    "bell": 20_000,
}
_OFF = ("off", "none", "no", "false")
_PART = re.compile(rf",(?=\s*(?:set|{'|'.join(LONGEST_MS)})\s*=)")  # commas in names of files are left alone


@dataclass(frozen=True, slots=True)
class Sounds:
    """A set, the files that replace some of its roles, and the roles that are off: these need no time either.

    ``str(sounds)`` is how they are written.
    """

    set: str = "bells"
    files: Mapping[str, str] = field(default_factory=dict)
    off: frozenset[str] = frozenset()

    def plays(self, role: str) -> bool:
        """Whether a role sounds at all."""
        return role not in self.off and (self.set != "none" or role in self.files)

    @property
    def silent(self) -> bool:
        """Whether there are no tones at all."""
        return not any(self.plays(role) for role in LONGEST_MS)

    @property
    def taught(self) -> bool:
        """Whether the opening's words about the tones, a rising one and a low bell, are true."""
        return self.set in ("bells", "breath") and not {"start", "end"} & self.files.keys()

    def anchored(self, folder: Path) -> "Sounds":
        """The same with the names of its files taken from `folder`, so that it means the same anywhere."""
        return self._with_files(lambda file: anchored(folder, file))

    def portable(self) -> "Sounds":
        """The same with its files named without their folders: they are looked for next to the routine."""
        return self._with_files(lambda file: Path(file).name)

    def _with_files(self, change: Callable[[str], str]) -> "Sounds":
        return replace(self, files={role: change(file) for role, file in self.files.items()})

    def __str__(self) -> str:
        files = [f"{role}={file}" for role, file in self.files.items()]
        return ",".join([self.set, *files, *(f"{role}=off" for role in LONGEST_MS if role in self.off)])


def anchored(folder: Path, file: str) -> str:
    """The path of a file that is named from `folder`; the same for each way that leads to that folder."""
    path = folder / from_home(file.strip())
    return str(Path(os.path.realpath(path.parent), path.name))


def names_of_files(sounds: Iterable[str]) -> dict[str, str]:
    """Name the files among these sounds, the others being roles: by path, a name that no other has."""
    names: dict[str, str] = {}
    for sound in dict.fromkeys(sounds):
        if sound not in LONGEST_MS:
            parts = Path(sound).parts
            ways = ("/".join(parts[-count:]) for count in range(1, len(parts) + 1))
            names[sound] = next(way for way in ways if way not in names.values())
    return names


def read_sounds(value: object) -> Sounds:
    """What is written under `sounds`.

    Raises:
        InvalidValue: no set, no such role, or no file.
    """
    if isinstance(value, Sounds):
        return value
    if isinstance(value, Mapping):
        written = {str(key).strip(): value[key] for key in value}
        if nested := next((key for key, inner in written.items() if not isinstance(inner, str)), None):
            raise InvalidValue(Problem("routine.sounds-not-files", expected=nested, found=shown(written[nested])))
        unknown = [key for key in written if key != "set" and key not in LONGEST_MS]
        if unknown:
            raise InvalidValue(Problem("routine.sounds-role", expected=", ".join(LONGEST_MS), found=shown(unknown[0])))
        value = ",".join(f"{key}={inner}" for key, inner in written.items()) or "bells"
    if not isinstance(value, str):
        raise InvalidValue(Problem("routine.not-sounds", expected=", ".join(SETS), found=shown(value)))
    return _read_text(value)


def _read_text(text: str) -> Sounds:
    chosen, files, off = "bells", {}, set()
    for index, part in enumerate(_PART.split(text)):
        role, equals, file = (one.strip() for one in part.partition("="))
        if not equals and index == 0 and role:
            role, file = "set", role
        if role == "set" and file in SETS:
            chosen = file
        elif role in LONGEST_MS and file.lower() in _OFF:
            off.add(role)
        elif role in LONGEST_MS and file:
            files[role] = file
        else:
            raise InvalidValue(Problem("routine.not-sounds", expected=", ".join(SETS), found=shown(text)))
    return Sounds(chosen, {role: files[role] for role in LONGEST_MS if role in files}, frozenset(off))


def read_levels(value: object) -> Mapping[str, int]:
    """What is written under `levels`: by how many decibels a role is louder or softer.

    Raises:
        InvalidValue: no such role, or no such level.
    """
    if isinstance(value, str):
        parts = [part.partition("=") for part in value.split(",")]
        if not all(equals for _, equals, _ in parts):
            raise InvalidValue(Problem("routine.not-levels", found=shown(value)))
        value = {role.strip(): level for role, _, level in parts}
    if not isinstance(value, Mapping):
        raise InvalidValue(Problem("routine.not-levels", found=shown(value)))
    for role in value:
        if role not in LONGEST_MS:
            raise InvalidValue(Problem("routine.levels-role", expected=", ".join(LONGEST_MS), found=shown(role)))
    return {role: read_level(value[role]) for role in LONGEST_MS if role in value}
