"""Sounds that a page sends: music, and recordings of lines.

    name + body -> a whole file in ./music or ./recordings/ROUTINE, or none

What is taken has a plain name, an end that is known, a size within its limit, and is a sound: libsndfile opens it
before it takes its place.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool

from audiogen.errors import OutputError
from audiogen.storage.files import replacing
from audiogen.studio.tracks import is_plain

__all__ = ["LARGEST_BYTES", "MUSIC", "RECORDINGS", "kept", "music_target", "recording_target", "take"]

MUSIC, RECORDINGS = Path("music"), Path("recordings")
LARGEST_BYTES = 100_000_000
_KNOWN = (".wav", ".flac", ".ogg", ".opus", ".mp3")


def kept(folder: Path) -> list[str]:
    """The sounds in a folder, by name."""
    try:
        return sorted(path.name for path in folder.iterdir() if path.suffix.lower() in _KNOWN and path.is_file())
    except OSError:  # not made yet
        return []


def music_target(name: str) -> Path:
    """Where a file of music goes.

    Raises:
        OutputError: its name could lead elsewhere, or its end is not that of a sound.
    """
    path = Path(_plain(name))
    return MUSIC / f"{path.stem}{_suffix(path)}"


def recording_target(folder: str, stem: str, name: str) -> Path:
    """Where the recording of a line goes, under the line's own name with the end that the file has.

    Raises:
        OutputError: as for music.
    """
    return RECORDINGS / _plain(folder) / f"{_plain(stem)}{_suffix(Path(name))}"


async def take(pieces: AsyncIterator[bytes], target: Path) -> int:
    """Write what arrives to its place; the number of bytes.

    Raises:
        OutputError: too much, nothing, no sound, or a place that cannot be written; an earlier file stays as it was.
    """
    size = 0
    with replacing(target) as file:
        async for piece in pieces:
            size += len(piece)
            if size > LARGEST_BYTES:
                raise OutputError(f"{target.name} is larger than {LARGEST_BYTES // 1_000_000} MB; take a shorter one.")
            await run_in_threadpool(file.write, piece)
        await run_in_threadpool(_refuse_what_is_no_sound, file, target)
    return size


def _refuse_what_is_no_sound(file: BinaryIO, target: Path) -> None:
    import soundfile

    file.flush()
    try:
        with soundfile.SoundFile(file.name) as sound:
            frames = sound.frames
    except (soundfile.SoundFileError, OSError) as error:
        raise OutputError(f"{target.name} is no sound that can be read; save it as WAV, FLAC, OGG or MP3.") from error
    if not frames:
        raise OutputError(f"{target.name} holds no sound.")


def _plain(name: str) -> str:
    if not is_plain(name):
        raise OutputError("A file's name is made of letters, digits, spaces and - _ . only, and is not too long.")
    return name


def _suffix(path: Path) -> str:
    if path.suffix.lower() not in _KNOWN:
        raise OutputError(f"Only {', '.join(_KNOWN[:-1])} and {_KNOWN[-1]} are taken, found '{path.suffix[:10]}'.")
    return path.suffix.lower()
