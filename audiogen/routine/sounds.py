"""Which tones a session has, as `sounds:` and `--sounds` write it: a set, and a user's own files by role.

    "wood", "start=gong.wav, end=bell.mp3", {set: wood, start: gong.wav, wake: off}  ->  one text  ->  Sounds

A routine keeps the text, so that it is compared, shown and saved like any other value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audiogen.errors import InvalidValue, Problem
from audiogen.text import shown

__all__ = ["LONGEST_MS", "SETS", "Sounds", "anchored", "by_name", "read_sounds", "sounds_text"]

SETS = ("bells", "wood", "beeps", "none")

# The roles a file may be given for, and how long it may last there: a phase's words, the next tick and what is woken
# for come soon after.
LONGEST_MS = {
    "start": 5000,
    "end": 10_000,
    "finish": 20_000,
    "tick": 500,
    "rising": 500,
    "falling": 500,
    "cue": 1000,
    "wake": 490,
}
_OFF = ("off", "none", "no", "false")
_PART = re.compile(rf",(?=\s*(?:set|{'|'.join(LONGEST_MS)})\s*=)")  # commas in names of files are left alone


@dataclass(frozen=True, slots=True)
class Sounds:
    """A set, the files that stand in the place of some of its roles, and whether silences end with a wake sound."""

    set: str
    files: Mapping[str, str]
    wakes: bool = True

    def plays(self, role: str) -> bool:
        """Whether a role sounds at all."""
        return (self.wakes or role != "wake") and (self.set != "none" or role in self.files)

    @property
    def taught(self) -> bool:
        """Whether the opening's words about the tones, a rising one and a low bell, are true."""
        return self.set == "bells" and not {"start", "end"} & self.files.keys()


def sounds_text(value: object) -> str:
    """What is written under `sounds`, as one text.

    Raises:
        InvalidValue: no set, no such role, or no file.
    """
    if isinstance(value, Mapping):
        written = {str(key).strip(): value[key] for key in value}
        if nested := next((key for key, inner in written.items() if not isinstance(inner, str)), None):
            raise InvalidValue(Problem("routine.sounds-not-files", expected=nested, found=shown(written[nested])))
        value = ",".join(f"{key}={inner}" for key, inner in written.items())
        if not written:
            value = "bells"
        unknown = [key for key in written if key != "set" and key not in LONGEST_MS]
        if unknown:
            raise InvalidValue(Problem("routine.sounds-role", expected=", ".join(LONGEST_MS), found=shown(unknown[0])))
    if not isinstance(value, str):
        raise InvalidValue(Problem("routine.not-sounds", expected=", ".join(SETS), found=shown(value)))
    return _text(read_sounds(value))


def read_sounds(text: str) -> Sounds:
    """A text of `sounds_text` taken apart.

    Raises:
        InvalidValue: as `sounds_text` does.
    """
    chosen, files, wakes = "bells", {}, True
    for index, part in enumerate(_PART.split(text)):
        role, equals, file = (one.strip() for one in part.partition("="))
        if not equals and index == 0 and role:
            role, file = "set", role
        if role == "set" and file in SETS:
            chosen = file
        elif role == "wake" and file.lower() in _OFF:
            wakes = False
        elif role in LONGEST_MS and file:
            files[role] = file
        else:
            raise InvalidValue(Problem("routine.not-sounds", expected=", ".join(SETS), found=shown(text)))
    return Sounds(chosen, files, wakes)


def anchored(text: str, folder: Path) -> str:
    """The text with the names of its files taken from `folder`, so that it means the same anywhere."""
    sounds = read_sounds(text)
    files = {role: str(folder.absolute() / Path(file).expanduser()) for role, file in sounds.files.items()}
    return _text(Sounds(sounds.set, files, sounds.wakes))


def by_name(text: str) -> str:
    """The text with its files named without the folders that lead to them: they are looked for beside the routine."""
    sounds = read_sounds(text)
    return _text(Sounds(sounds.set, {role: Path(file).name for role, file in sounds.files.items()}, sounds.wakes))


def _text(sounds: Sounds) -> str:
    files = [f"{role}={sounds.files[role]}" for role in LONGEST_MS if role in sounds.files]
    return ",".join([sounds.set, *files, *([] if sounds.wakes else ["wake=off"])])
