"""Bytes -> a whole file or none: written next to its target, then renamed over it.

    with replacing(Path("output/upper-back.mp3")) as file:
        file.write(...)

Until the block ends without an error the target stays what it was, so a failed, killed or interrupted run never
leaves half a file. What a killed run leaves next to the target is removed by the next one that writes there.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from audiogen.errors import AudiogenError, OutputError, Problem
from audiogen.storage.parts import new_part, remove_abandoned

_PROBLEMS = {
    errno.ENOSPC: Problem("storage.disk-full"),
    errno.EDQUOT: Problem("storage.quota-exceeded"),
    errno.EFBIG: Problem("storage.file-too-large"),
    errno.EROFS: Problem("storage.read-only"),
    errno.EACCES: Problem("storage.no-access"),
    errno.EPERM: Problem("storage.not-permitted"),
    errno.ENAMETOOLONG: Problem("storage.name-too-long"),
    errno.ENOTDIR: Problem("storage.file-in-path"),
    errno.EEXIST: Problem("storage.file-in-path"),
}


def from_home(written: str) -> Path:
    """Give the path that is written, with "~" and "~name" as in a shell: a home that is not known stays as written."""
    path = Path(written)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def is_folder(path: Path) -> bool:
    """Whether it is a folder, as far as that can be known; what stands in the way shows once the path is used."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Whether it is a file, as far as that can be told."""
    try:
        return path.is_file()
    except OSError:
        return False


def exists(path: Path) -> bool:
    """Whether there is something of that name, as far as that can be known."""
    try:
        return path.exists()
    except OSError:
        return False


@contextlib.contextmanager
def reading(path: Path, failure: type[AudiogenError], thing: str) -> Iterator[BinaryIO]:
    """An open file; `thing` is what should be in it, such as "an MP3".

    Raises: `failure` where there is no such file, it is something else than a file, or it cannot be read.
    """
    if is_folder(path):
        raise failure(Problem("storage.folder-to-read", subject=str(path), expected=thing))
    if exists(path) and not path.is_file():
        raise failure(Problem("storage.not-a-file", subject=str(path)))
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise failure(_missing(path)) from error
    except OSError as error:
        raise failure(Problem("storage.unreadable", subject=str(path), found=error.strerror or str(error))) from error


def _missing(path: Path) -> Problem:
    """A file that does not exist, with the folder in which a relative path was looked for."""
    if not path.is_absolute():
        with contextlib.suppress(OSError):  # that folder may be gone itself
            return Problem("storage.missing-here", subject=str(path), expected=str(Path.cwd()))
    return Problem("storage.missing", subject=str(path))


@contextlib.contextmanager
def replacing(target: Path, *, private: bool = False, lasting: bool = True) -> Iterator[BinaryIO]:
    """A binary file that takes the target's place once the block has ended without an error.

    Missing folders are made. A link is followed: the file that it points to is replaced, and its mode, owner and group
    stay as far as this process may set them. A new file that is `private` is for its owner only. Where it is `lasting`,
    it is on the disk before it takes its place, so that no power failure leaves half of it.

    Raises: OutputError where the place cannot be written; an `OSError` inside the block counts as that too,
    since foreign errors are wrapped where they arise and only those of the file itself are left.
    """
    try:
        real = Path(os.path.realpath(target))
        refuse_what_must_stay(target)
        real.parent.mkdir(parents=True, exist_ok=True)
        remove_abandoned(real)
        earlier = real.stat() if real.exists() else None
        with new_part(real, 0o600 if earlier or private else 0o666) as (part, file):
            if earlier:
                _give_rights(file, earlier)
            yield file
            file.flush()
            if lasting:
                os.fsync(file.fileno())
            if os.name == "nt":  # elsewhere its lock is held until it has its name
                file.close()
            part.replace(real)
            if lasting:
                _keep_names(real.parent)
    except OSError as error:
        other = Problem("storage.unwritable", found=error.strerror or str(error))
        raise OutputError(replace(_PROBLEMS.get(error.errno or 0, other), subject=str(target))) from error


def refuse_what_must_stay(target: Path) -> None:
    """Refuse to write over folders, devices and files that are write-protected; what can be seen of them before work.

    Raises: OutputError.
    """
    real = Path(os.path.realpath(target))
    if is_folder(real):
        raise OutputError(Problem("storage.folder-to-write", subject=str(target)))
    if not exists(real):
        return
    if not real.is_file():  # renaming over /dev/null would take it away from everybody
        raise OutputError(Problem("storage.not-a-file-to-write", subject=str(target)))
    if not real.stat().st_mode & 0o222:
        raise OutputError(Problem("storage.write-protected", subject=str(target)))


def _keep_names(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # some file systems cannot
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _give_rights(file: BinaryIO, earlier: os.stat_result) -> None:
    """Give a new file the owner, group and mode of the one that it replaces."""
    if os.name != "posix":
        return
    number, mode = file.fileno(), stat.S_IMODE(earlier.st_mode) & 0o777
    with contextlib.suppress(OSError):  # only root may give a file away
        os.fchown(number, earlier.st_uid, -1)
    try:
        os.fchown(number, -1, earlier.st_gid)
    except OSError:  # another group gets no more than everybody has
        mode &= 0o707 | (mode & 0o007) << 3
    with contextlib.suppress(OSError):  # a file system without modes
        os.fchmod(number, mode)
