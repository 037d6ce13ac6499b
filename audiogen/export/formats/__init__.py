"""The kinds of file a session can become, in one table, and what is read back from each.

    suffix -> Format;   Format + pieces of samples + tag -> file;   file -> its timeline, its chapters

Every format carries the same: title, artist, album, date, comment and chapters in the container's own way, so that
players show them, and the timeline (with whatever else is attached), so that the file can be measured.
`format.Format` says how to add one.
"""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from audiogen.audio.ffmpeg import require_ffmpeg
from audiogen.errors import OutputError, Problem, TrackError
from audiogen.export.formats.flac import Flac
from audiogen.export.formats.format import Format, Recording
from audiogen.export.formats.html import Html
from audiogen.export.formats.m4a import M4a, M4b
from audiogen.export.formats.mp3file import Mp3
from audiogen.export.formats.ogg import Opus, Vorbis
from audiogen.export.formats.wav import Wav
from audiogen.export.id3 import Chapter
from audiogen.storage.files import reading

if TYPE_CHECKING:
    from audiogen.export.formats.format import Samples

__all__ = [
    "FORMATS",
    "SOUNDS",
    "Format",
    "Recording",
    "format_for",
    "format_of",
    "is_sound",
    "read_attachment",
    "read_chapters",
    "read_cover",
    "read_lines",
    "read_lyrics",
    "require",
    "require_room",
    "sound_of",
    "suffixes",
    "write",
]

FORMATS: dict[str, Format] = {one.suffix: one() for one in (Mp3, M4a, M4b, Opus, Vorbis, Flac, Wav, Html)}
SOUNDS = tuple(one.suffix for one in FORMATS.values() if not one.is_page)


def suffixes() -> str:
    """All suffixes, for people: ".mp3, .m4a, … or .html"."""
    *others, last = FORMATS
    return f"{', '.join(others)} or {last}"


def format_for(path: Path) -> Format | None:
    """The format that a file of this name is to have; None where the name has no suffix, or one of something else."""
    return FORMATS.get(path.suffix.lower())


def is_sound(path: Path) -> bool:
    """Whether a file has the name of a track that is no page, in capitals too, as some systems write the end of it."""
    return path.suffix.lower() in SOUNDS


def require(path: Path) -> Format:
    """The format of a file that is to be written, once it is known that it can be.

    Raises:
        OutputError: no such format; FfmpegError: it needs a program that is not there.
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
    if found := format_for(path):
        found.require_room(channels, length_ms)


def write(target: BinaryIO, pieces: "Iterable[Samples]", recording: Recording) -> None:
    """Encode all pieces to a file that is open for writing; its name is where it is on the disk.

    Raises: OSError and FfmpegError where it cannot be written; whatever the pieces raise.
    """
    FORMATS[recording.suffix].write(target, pieces, recording)


def format_of(path: Path) -> Format:
    """The format of a file that exists, by its first bytes.

    Raises: TrackError where it is none of these, or has none.
    """
    with reading(path, TrackError, "a track") as file:
        head = file.read(64)
    if not head:
        raise TrackError(Problem("export.empty", subject=str(path)))
    for found in FORMATS.values():
        if head[found.at :].startswith(found.magic):
            return found
    if head[:1] == b"\xff":
        return FORMATS[".mp3"]
    raise TrackError(Problem("export.not-a-track", subject=str(path), expected=suffixes()))


@contextlib.contextmanager
def sound_of(path: Path) -> Iterator[Path]:
    """Give a file that a decoder reads: the track itself, or a copy of what is in a page; anything else as it is.

    Raises: TrackError where it cannot be read. One that is raised meanwhile is about the track, whichever it names.
    """
    with contextlib.ExitStack() as stack:
        with _format_of(path) as kind:
            inside = stack.enter_context(kind.unwrapped(path))
        try:
            yield inside
        except TrackError as error:
            if inside == path:
                raise
            named = (replace(one, subject=str(path)) if one.subject == str(inside) else one for one in error.problems)
            raise TrackError(*named) from error


def read_attachment(path: Path, description: str) -> bytes | None:
    """Read the attachment of that description from a file of any of these formats, as `id3.Attachment` put it in.

    Raises: TrackError where the file is none of these, or is damaged in front of it; so do all that follow.
    """
    with _format_of(path) as found:
        return found.attachment(path, description)


def read_chapters(path: Path) -> tuple[Chapter, ...]:
    """Read the chapters; ValueError where the file's lists of them disagree."""
    with _format_of(path) as found:
        return found.chapters(path)


def read_cover(path: Path) -> bytes | None:
    """Read the picture on the front, a JPEG."""
    with _format_of(path) as found:
        return found.cover(path)


def read_lyrics(path: Path) -> str | None:
    """Read all words."""
    with _format_of(path) as found:
        return found.lyrics(path)


def read_lines(path: Path) -> tuple[tuple[int, str], ...] | None:
    """Read the words line by line, each with the ms at which it begins; None in a format without times for them."""
    with _format_of(path) as found:
        return found.lines(path)


@contextlib.contextmanager
def _format_of(path: Path) -> Iterator[Format]:
    found = format_of(path)
    try:
        yield found
    except OSError as error:
        reason = error.strerror or str(error)
        raise TrackError(Problem("storage.unreadable", subject=str(path), found=reason)) from error
    except (IndexError, UnicodeDecodeError, EOFError, OverflowError) as error:
        raise TrackError(Problem("export.damaged", subject=str(path), found=str(error))) from error
