"""Take the sounds that a page sends: music, and recordings of lines.

    name + body -> a whole file in ./music or ./recordings/ROUTINE, or none

An accepted file has a plain name, a known suffix, a size within the limit, and is a sound that libsndfile opens.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool

from audiogen.errors import OutputError, Problem
from audiogen.routine.find import as_file_systems_compare
from audiogen.storage.files import exists, replacing
from audiogen.studio.names import plain_name
from audiogen.text import is_text

MUSIC, RECORDINGS = Path("music"), Path("recordings")
LARGEST_BYTES = 100_000_000
_KNOWN = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".caf")  # as libsndfile reads them


def sounds_in(folder: Path) -> list[str]:
    """Return the names of the sounds in a folder."""
    try:
        names = [path.name for path in folder.iterdir() if path.suffix.lower() in _KNOWN and path.is_file()]
    except OSError:  # not made yet
        return []
    return sorted(filter(is_text, names))


def music_target(name: str) -> Path:
    """Return where a file of music is saved.

    Raises:
        OutputError: its name could lead elsewhere, or its suffix is not that of a sound.
    """
    path = Path(plain_name(name))
    return MUSIC / f"{path.stem}{_suffix(path)}"


def recording_target(folder: str, stem: str, name: str) -> Path:
    """Return where the recording of a line is saved: the line's own name with the suffix of the file.

    Raises:
        OutputError: as for music.
    """
    return RECORDINGS / plain_name(folder) / f"{plain_name(stem)}{_suffix(Path(name))}"


def other_takes(target: Path) -> list[Path]:
    """Return the recordings of the same line in other formats: of two, nobody knows which one is meant."""
    stem = as_file_systems_compare(target.stem)
    names = [name for name in sounds_in(target.parent) if as_file_systems_compare(Path(name).stem) == stem]
    return [target.with_name(name) for name in names if name != target.name]


class Taken(Exception):
    """There is a file of this name by now."""


async def take(pieces: AsyncIterator[bytes], target: Path, *, replace: bool) -> int:
    """Save an upload; returns the number of bytes.

    Raises:
        Taken: without `replace`, another upload of this name has ended meanwhile; its file stays.
        OutputError: too large, not a sound, or a place that cannot be written; an earlier file stays as it was.
    """
    size = 0
    with replacing(target) as file:
        async for piece in pieces:
            size += len(piece)
            if size > LARGEST_BYTES:
                limit = f"{LARGEST_BYTES // 1_000_000} MB"
                raise OutputError(Problem("studio.too-large", subject=target.name, expected=limit))
            await run_in_threadpool(file.write, piece)
        await run_in_threadpool(_require_sound, file, target)
        if not replace and exists(target):
            raise Taken
    return size


def _require_sound(file: BinaryIO, target: Path) -> None:
    import soundfile

    file.flush()
    try:
        with soundfile.SoundFile(file.name) as sound:
            frames = sound.frames
    except (soundfile.SoundFileError, OSError) as error:
        raise OutputError(Problem("studio.not-a-sound", subject=target.name)) from error
    if not frames:
        raise OutputError(Problem("studio.silent", subject=target.name))


def _suffix(path: Path) -> str:
    if path.suffix.lower() not in _KNOWN:
        expected = f"{', '.join(_KNOWN[:-1])} or {_KNOWN[-1]}"
        raise OutputError(Problem("studio.wrong-kind", expected=expected, found=path.suffix[:10]))
    return path.suffix.lower()
