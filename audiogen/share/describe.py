"""Describe a file for a phone: its name, title and length.

path -> Shared
"""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from audiogen.errors import AudiogenError, Problem, SharingError, TrackError
from audiogen.export import formats
from audiogen.export.player.page import sound_next_to
from audiogen.storage.files import reading
from audiogen.timeline.document import read_timeline
from audiogen.timeline.model import ATTACHMENT
from audiogen.verification.container import check_container

_HEAD = 1 << 10  # bytes of a page in which the name of its sound is
_LONGEST_NAME = 200  # bytes; phones stop at 255, and some add " (1)"


@dataclass(frozen=True, slots=True)
class Shared:
    """A file to be shared; `length_ms` is None if it is not known."""

    path: Path
    name: str  # under which the phone saves it
    title: str
    language: str
    length_ms: int | None
    size_bytes: int


def describe(path: Path) -> Shared:
    """Read the name, title and length of a file.

    Raises:
        SharingError: there is no such file, it is empty, it cannot be read, or is a page whose sound is another file.
        TrackError: it is a track whose end is missing; a phone would play it as if that were all.
    """
    with reading(path, SharingError, "a file") as file:
        size_bytes = os.fstat(file.fileno()).st_size
        sound = sound_next_to(file.read(_HEAD))
    if not size_bytes:
        raise SharingError(Problem("share.empty-file", subject=str(path)))
    if sound:
        raise SharingError(Problem("share.page-without-sound", subject=str(path), expected=str(path.with_name(sound))))
    title, language, length_ms = path.stem, "en", None
    # A file of another program is sent as well, with its name as its title.
    with contextlib.suppress(AudiogenError):
        if body := formats.read_attachment(path, ATTACHMENT):
            timeline = read_timeline(body)
            title, language, length_ms = timeline.title, timeline.language, timeline.length_ms
    if length_ms is not None:
        _refuse_cut(path)
    return Shared(path, _phone_name(path), title, language, length_ms, size_bytes)


def _refuse_cut(path: Path) -> None:
    try:
        with formats.sound_of(path) as sound:
            check_container(sound)
    except TrackError as error:
        if error.problems[0].code in ("verification.cut-short", "verification.cut-in-tag"):
            raise


def _phone_name(path: Path) -> str:
    """Return a name that works on every phone: visible, no leading dot or dash, not too long."""
    kept = "".join(" " if letter in '/\\:*?"<>|' else letter for letter in path.name if letter.isprintable())
    suffix = path.suffix.encode()
    stem = kept.lstrip(".- ").encode().removesuffix(suffix)[: _LONGEST_NAME - len(suffix)]
    return f"{stem.decode(errors='ignore').strip() or 'session'}{path.suffix}"
