"""Bytes -> a whole file or none: written beside its target, then renamed over it.

    with replacing(Path("output/upper-back.mp3")) as file:
        file.write(...)

Until the block ends without an error the target stays what it was, so a failed, killed or interrupted run never
leaves half a file. What a killed run leaves beside the target is removed by the next one that writes there.
"""

import contextlib
import errno
import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from audiogen.errors import AudiogenError, OutputError, Problem

LONGEST_NAME = 200  # bytes; most file systems stop at 255, and ".", ".PID-THREAD.part" come on top

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


def is_folder(path: Path) -> bool:
    """Whether it is a folder, as far as that can be told; what stands in the way shows once the path is used."""
    try:
        return path.is_dir()
    except OSError:
        return False


def exists(path: Path) -> bool:
    """Whether there is something of that name, as far as that can be told."""
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
        raise failure(Problem("storage.missing", subject=str(path))) from error
    except OSError as error:
        raise failure(Problem("storage.unreadable", subject=str(path), found=error.strerror or str(error))) from error


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A binary file that takes the target's place once the block has ended without an error.

    Missing folders are made. A link is followed: the file that it points to is replaced.

    Raises: OutputError where the place cannot be written; an `OSError` inside the block counts as that too,
    since foreign errors are wrapped where they arise and only those of the file itself are left.
    """
    try:
        real = Path(os.path.realpath(target))
        _refuse_what_is_no_file(real, target)
        real.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(real)
        part = real.parent / f"{_part_prefix(real.name)}{_writer()}.part"
        with _removed_on_failure(part):
            with part.open("wb") as file:
                yield file
            part.replace(real)
    except OSError as error:
        other = Problem("storage.unwritable", found=error.strerror or str(error))
        raise OutputError(replace(_PROBLEMS.get(error.errno or 0, other), subject=str(target))) from error


def _refuse_what_is_no_file(real: Path, target: Path) -> None:
    if real.is_dir():
        raise OutputError(Problem("storage.folder-to-write", subject=str(target)))
    if real.exists() and not real.is_file():  # renaming over /dev/null would take it away from everybody
        raise OutputError(Problem("storage.not-a-file-to-write", subject=str(target)))


@contextlib.contextmanager
def _removed_on_failure(part: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _part_prefix(name: str) -> str:
    written = os.fsencode(name)
    if len(written) > LONGEST_NAME:
        name = hashlib.sha256(written).hexdigest()[:32]
    return f".{name}."


def _writer() -> str:
    """Who writes: the process, and the thread where it is not the main one, so that two never share a part."""
    thread = threading.current_thread()
    return str(os.getpid()) if thread is threading.main_thread() else f"{os.getpid()}-{thread.native_id}"


def _remove_abandoned(target: Path) -> None:
    """Remove parts of this target whose writer is gone."""
    for found in _parts(target.parent, _part_prefix(target.name)):
        if is_abandoned(found):
            with contextlib.suppress(OSError):
                found.unlink()


def is_abandoned(part: Path) -> bool:
    """Whether a file is a part whose writer is gone."""
    process, _, thread = part.name.removesuffix(".part").rpartition(".")[2].partition("-")
    if not process.isdecimal() or (thread and not thread.isdecimal()):
        return False
    return not _is_writing(int(process), thread)


def _parts(folder: Path, prefix: str) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.name.startswith(prefix) and path.name.endswith(".part")]
    except PermissionError:  # a folder may be written to and not be listed
        return []


def _is_writing(process: int, thread: str) -> bool:
    if process != os.getpid():
        return _is_running(process)
    # In a container every run may have the same process number: then the thread must be alive as well.
    wanted = int(thread) if thread else threading.main_thread().native_id
    return any(alive.native_id == wanted for alive in threading.enumerate())


def _is_running(process: int) -> bool:
    if sys.platform == "win32":  # os.kill(…, 0) would end the process there
        import ctypes

        kernel = ctypes.windll.kernel32
        opened = kernel.OpenProcess(0x1000, False, process)  # PROCESS_QUERY_LIMITED_INFORMATION
        if not opened:
            return bool(kernel.GetLastError() == 5)  # ERROR_ACCESS_DENIED: there, but not ours
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(opened, ctypes.byref(code))
        kernel.CloseHandle(opened)
        return code.value == 259  # STILL_ACTIVE
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
