"""The kinds of file a session can become, in one table, and what is read back from each.

    suffix -> Format;   Format + pieces of samples + tag -> file;   file -> its timeline, its chapters

Every format carries the same: title, artist, album, date, comment and chapters in the container's own way, so that
players show them, and the timeline (with whatever else is attached), so that the file can be measured.

**How to add a format:** write a module in this package with

    write(target, pieces, recording)    to a file that is open for writing, in constant memory, the same bytes each time
    attachment(path, description)       the bytes of that attachment; None where there is none
    chapters(path)                      the chapters in the file's order
    cover(path), lyrics(path)           its picture and its words; None where there are none
    lines(path)                         the words with their times, where it is `timed`

(for a file that carries an ID3 tag, `id3` has these) and add its line to `_TABLE`. What it cannot do without ffmpeg is
said there, and refused before anything is spoken; so is what is `limited` in size, for which its module has
`require_room(channels, length_ms)`.
"""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from audiogen.audio.ffmpeg import require_ffmpeg
from audiogen.errors import OutputError, Problem, TrackError
from audiogen.export.id3 import Chapter, Tag
from audiogen.storage.files import reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]

__all__ = [
    "FORMATS",
    "Format",
    "Recording",
    "format_for",
    "format_of",
    "read_attachment",
    "read_chapters",
    "read_cover",
    "read_lines",
    "read_lyrics",
    "require",
    "require_room",
    "suffixes",
    "write",
]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    `bitrates_kbps` are those without music and with it, where it has one to choose; `magic` is found at byte `at` of
    every such file; `timed` ones carry the words with their times, too.
    """

    suffix: str
    name: str
    module: str
    magic: bytes
    at: int = 0
    needs_ffmpeg: bool = False
    bitrates_kbps: tuple[int, int] | None = None
    timed: bool = False
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """What is to be written: pieces of so many channels at 48 kHz, `length_ms` * 48 samples in all, and its tag."""

    suffix: str
    channels: int
    length_ms: int
    tag: Tag
    bitrate_kbps: int | None = None


_TABLE = (
    Format(".mp3", "MP3", "mp3file", b"ID3", bitrates_kbps=(96, 128), timed=True),
    Format(".m4a", "AAC", "m4a", b"ftyp", at=4, needs_ffmpeg=True, bitrates_kbps=(96, 128)),
    Format(".m4b", "AAC", "m4a", b"ftyp", at=4, needs_ffmpeg=True, bitrates_kbps=(96, 128)),
    Format(".opus", "Opus", "ogg", b"OpusHead", at=28, bitrates_kbps=(64, 128)),
    Format(".ogg", "Vorbis", "ogg", b"\x01vorbis", at=28),
    Format(".flac", "FLAC", "flac", b"fLaC"),
    Format(".wav", "WAV", "wav", b"WAVE", at=8, timed=True, limited=True),
)

FORMATS = {one.suffix: one for one in _TABLE}


def suffixes() -> str:
    """All suffixes, for people: ".mp3, .m4a, … or .wav"."""
    *others, last = FORMATS
    return f"{', '.join(others)} or {last}"


def format_for(path: Path) -> Format | None:
    """The format that a file of this name is to have; None where the name has no suffix, or one of something else."""
    return FORMATS.get(path.suffix.lower())


def require(path: Path) -> Format:
    """The format of a file that is to be written, once it is known that it can be.

    Raises:
        OutputError: no such format; FfmpegError: it takes a program that is not there.
    """
    found = format_for(path)
    if found is None:
        problem = Problem("export.unknown-format", subject=str(path), expected=suffixes(), found=path.suffix)
        raise OutputError(problem)
    if found.needs_ffmpeg:
        require_ffmpeg(f"Writing {found.suffix}")
    return found


def require_room(path: Path, channels: int, length_ms: int) -> None:
    """Make sure that a file of this name can hold so much sound, as far as its format is limited.

    Raises: OutputError.
    """
    found = format_for(path)
    if found is not None and found.limited:
        _module(found).require_room(channels, length_ms)


def write(target: BinaryIO, pieces: "Iterable[Samples]", recording: Recording) -> None:
    """Encode all pieces to a file that is open for writing; its name is where it is on the disk.

    Raises: OSError and FfmpegError where it cannot be written; whatever the pieces raise.
    """
    _module(FORMATS[recording.suffix]).write(target, pieces, recording)


def format_of(path: Path) -> Format:
    """The format of a file that exists, by its first bytes.

    Raises: TrackError where it is none of these.
    """
    with reading(path, TrackError, "a track") as file:
        head = file.read(64)
    for found in FORMATS.values():
        if head[found.at :].startswith(found.magic):
            return found
    if head[:1] == b"\xff":
        return FORMATS[".mp3"]
    raise TrackError(Problem("export.not-a-track", subject=str(path), expected=suffixes()))


def read_attachment(path: Path, description: str) -> bytes | None:
    """The attachment of that description in a file of any of these formats, as `tags.Attachment` put it in.

    Raises: TrackError where the file is none of these, or is damaged in front of it.
    """
    found: bytes | None = _read(path, "attachment", description)
    return found


def read_chapters(path: Path) -> tuple[Chapter, ...]:
    """The chapters of a file of any of these formats.

    Raises: TrackError where the file is none of these, or is damaged; ValueError where its lists of them disagree.
    """
    found: tuple[Chapter, ...] = _read(path, "chapters")
    return found


def read_cover(path: Path) -> bytes | None:
    """The picture on the front of a file of any of these formats: a JPEG.

    Raises: TrackError where the file is none of these, or is damaged in front of it.
    """
    found: bytes | None = _read(path, "cover")
    return found


def read_lyrics(path: Path) -> str | None:
    """All words of a file of any of these formats.

    Raises: TrackError where the file is none of these, or is damaged in front of them.
    """
    found: str | None = _read(path, "lyrics")
    return found


def read_lines(path: Path) -> tuple[tuple[int, str], ...] | None:
    """The words line by line, each with the time in ms at which it begins; None in a format that has no times for them.

    Raises: TrackError where the file is none of these, or is damaged in front of them.
    """
    if not format_of(path).timed:
        return None
    found: tuple[tuple[int, str], ...] = _read(path, "lines")
    return found


def _read(path: Path, what: str, *arguments: str) -> Any:
    module = _module(format_of(path))
    try:
        return getattr(module, what)(path, *arguments)
    except OSError as error:
        found = error.strerror or str(error)
        raise TrackError(Problem("storage.unreadable", subject=str(path), found=found)) from error
    except (IndexError, UnicodeDecodeError, EOFError) as error:
        raise TrackError(Problem("export.damaged", subject=str(path), found=str(error))) from error


def _module(one: Format) -> Any:
    return importlib.import_module(f"audiogen.export.formats.{one.module}")
