"""What a passage says: its words, pauses and sounds, as a text or a list has them.

"Let go. [20-40s] [bell]" -> "Let go.", Pause(20 s to 40 s), Sounded("bell")

The words in brackets are English in every language. `\\[` is a bracket that is spoken.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from audiogen.durations import format_duration, parse_duration
from audiogen.errors import InvalidValue, Problem
from audiogen.routine.pauses import Limits
from audiogen.routine.sounds import LONGEST_MS, anchored
from audiogen.text import shown


@dataclass(frozen=True, slots=True)
class Pause:
    """A written pause; exact where its limits are all the same."""

    limits: Limits

    def __str__(self) -> str:
        """The pause as it is written: "20s", "20s to 40s"."""
        bounds = dict.fromkeys((self.limits.floor_ms, self.limits.ceiling_ms))
        return " to ".join(map(format_duration, bounds))


@dataclass(frozen=True, slots=True)
class Sounded:
    """A sound that is waited for: a role, such as bell, or the name of a file."""

    sound: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The end of a paragraph: a blank line."""


Part: TypeAlias = str | Pause | Sounded | Paragraph

_RANGE = re.compile(r"(.*?[^-\s])\s*(?:-|\bto\b)\s*(.+)")
_BRACKET = re.compile(r"\\(\[)|\[([^\[\]\n]*)\]|(\[)")
_BREAK = re.compile(r"\n[ \t]*\n\s*")
_FILE = re.compile(r"\S.*\.(?:wav|mp3|flac|ogg|opus|m4a|aac|aiff?)", re.IGNORECASE)


def read_pause(value: object) -> Pause:
    """Read "20s", "20s to 40s" or "20-40s".

    Raises:
        InvalidValue: no length, nothing, or a range that goes backwards.
    """
    match = _RANGE.fullmatch(str(value).strip())
    first, last = match.groups() if match else (str(value), str(value))
    most_ms = parse_duration(last, such_as="10s, or 20s to 40s")
    if re.fullmatch(r"[0-9.]+", first) and (unit := re.fullmatch(r"[0-9.]+\s*([a-z]+)", last)):
        first += unit[1]  # "20-40s" counts both in seconds
    least_ms = parse_duration(first, such_as="10s, or 20s to 40s")
    if most_ms == 0:
        raise InvalidValue(Problem("routine.zero-length", found=shown(value)))
    if least_ms > most_ms:
        raise InvalidValue(Problem("routine.pause-backwards", found=shown(value)))
    return Pause(Limits(least_ms, (least_ms + most_ms) // 2, most_ms))


def read_sound(value: object) -> Sounded:
    """Read the name of a role or of a sound file.

    Raises:
        InvalidValue: neither.
    """
    written = str(value).strip()
    if written not in LONGEST_MS and not _FILE.fullmatch(written):
        raise InvalidValue(Problem("routine.not-a-sound", expected=", ".join(LONGEST_MS), found=shown(value)))
    return Sounded(written)


def anchored_part(part: Part, folder: Path) -> Part:
    """The same part, a sound file named from `folder`, so that it means the same anywhere."""
    return Sounded(anchored_sound(part.sound, folder)) if isinstance(part, Sounded) else part


def anchored_sound(sound: str, folder: Path) -> str:
    """A role as it is, or the path of a sound file that is named from `folder`."""
    return sound if sound in LONGEST_MS else anchored(folder, sound)


def read_text(text: str) -> Iterator[tuple[int, Part | Problem]]:
    """Read a text as its parts, or what is wrong with them, each with its offset in the text.

    Runs of spaces and single line breaks are one space.
    """
    words, began = "", 0
    for offset, found in _tokens(text):
        if isinstance(found, str):
            began = began if words.strip() else offset
            words += found
            continue
        if words.strip():
            yield began, " ".join(words.split())
        words = ""
        yield offset, found
    if words.strip():
        yield began, " ".join(words.split())


def _tokens(text: str) -> Iterator[tuple[int, Part | Problem]]:
    at = 0
    for match in _BRACKET.finditer(text):
        yield from _spoken(text[at : match.start()], at)
        literal, inside, opened = match.groups()
        if literal:
            yield match.start(), literal
        else:
            yield match.start(), Problem("routine.open-bracket") if opened else in_brackets(inside)
        at = match.end()
    yield from _spoken(text[at:], at)


def _spoken(text: str, offset: int) -> Iterator[tuple[int, Part]]:
    """The words of a text without brackets, and the ends of its paragraphs."""
    at = 0
    for match in _BREAK.finditer(text):
        yield offset + at, text[at : match.start()]
        yield offset + match.start(), Paragraph()
        at = match.end()
    rest = text[at:]
    yield offset + at + len(rest) - len(rest.lstrip()), rest


def in_brackets(inside: str) -> Pause | Sounded | Problem:
    """Read what stands in brackets: a pause, a role or a sound file."""
    written = inside.strip()
    length = re.sub(r"^pause\b\s*", "", written)
    try:
        return read_pause(length) if length != written or re.match("[0-9-]", length) else read_sound(written)
    except InvalidValue as error:
        problem = error.about("pause")
    return Problem("routine.bracket", found=shown(f"[{written}]")) if problem.code == "routine.not-a-sound" else problem


def is_lost_pause(text: str) -> bool:
    """Whether a line of a list was meant as a pause: "20s", "pause 10s"."""
    length = re.sub(r"^pause\b\s*", "", text.strip())
    if length == text.strip() and not re.search("[a-z]", length):
        return False
    try:
        read_pause(length)
    except InvalidValue:
        return False
    return True


def tidied(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts without paragraphs' ends where these mean nothing: at either end, and next to a written pause."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, Paragraph) and (not found or isinstance(found[-1], Paragraph | Pause)):
            continue
        if isinstance(part, Pause) and found and isinstance(found[-1], Paragraph):
            found.pop()
        found.append(part)
    if found and isinstance(found[-1], Paragraph):
        found.pop()
    return tuple(found)


def prose(parts: Sequence[Part]) -> str:
    """Write parts as a text, a line each."""
    return "\n".join(map(_written, parts))


def _written(part: Part) -> str:
    match part:
        case str():
            return part.replace("[", "\\[")
        case Pause():
            return f"[{part}]"
        case Sounded(sound):
            return f"[{sound}]"
        case Paragraph():
            return ""
