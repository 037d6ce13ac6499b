"""A file while it is written: next to its target, under a name that nobody else can have.

    target -> .NAME.MACHINE-RANDOM.part, open and locked

Several containers, machines and threads may write to one folder: process numbers tell nothing there. So a part's name
is random, it is made only where there is none, and its writer holds a lock on it for as long as it is open. The system
releases the lock of a process that ends, however that happens.
"""

import contextlib
import functools
import hashlib
import os
import re
import secrets
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LONGEST_NAME = 90  # bytes of a target's name that a part carries; the rest is 46, and some file systems stop at 143
ABANDONED_S = 24 * 3600.0  # after so long without a write, a part of a machine whose locks are not seen here is dead
YOUNG_S = 60.0  # where there are no locks, a part is closed for a moment before it is renamed

_OURS = re.compile(r"\.([0-9a-f]{8})-[0-9a-f]{24}\.part$")
_being_written: set[str] = set()  # on a network share, closing a file here would end this process's own lock on it

if sys.platform == "win32":

    def _lock(_: int) -> bool:
        return True  # an open file cannot be removed

    def _remove_unless_held(part: Path) -> None:
        if part.stat().st_mtime < time.time() - YOUNG_S:
            part.unlink()

else:
    import fcntl

    def _lock(file: int) -> bool:
        """Lock a file; False if another process is removing it at this moment."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # no locks on this file system: nobody else gets one either, and the part stays
            return True
        return os.fstat(file).st_nlink > 0

    def _remove_unless_held(part: Path) -> None:
        file = os.open(part, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
        finally:
            os.close(file)


@contextlib.contextmanager
def new_part(target: Path, mode: int) -> Iterator[tuple[Path, BinaryIO]]:
    """Create the part of a target with these rights, less the umask; it is removed unless it was renamed.

    Raises:
        OSError: the folder cannot be written.
    """
    part, file = _created(target, mode)
    _being_written.add(part.name)
    try:
        with file:
            yield part, file
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
        _being_written.discard(part.name)


def remove_abandoned(target: Path) -> None:
    """Remove the parts of this target whose writers are surely gone."""
    prefix = _prefix(target.name)
    try:
        found = [path for path in target.parent.iterdir() if path.name.startswith(prefix)]
    except PermissionError:  # a folder may be written to and not be listed
        return
    for part in found:
        remove_if_abandoned(part)


def remove_if_abandoned(part: Path) -> None:
    """Remove a part if its writer is surely gone; any other file stays."""
    named = _OURS.search(part.name)
    if not named or part.name in _being_written:
        return
    with contextlib.suppress(OSError):  # locked, gone, or not ours to remove
        if named[1] == _machine():
            _remove_unless_held(part)
        elif part.stat().st_mtime < time.time() - ABANDONED_S:
            part.unlink()


def _created(target: Path, mode: int) -> tuple[Path, BinaryIO]:
    while True:
        part = target.parent / f"{_prefix(target.name)}{_machine()}-{secrets.token_hex(12)}.part"
        file = open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode))  # noqa: SIM115 - the caller closes it
        if _lock(file.fileno()):
            return part, file
        file.close()


def _prefix(name: str) -> str:
    written = os.fsencode(name)
    if len(written) > LONGEST_NAME:
        name = hashlib.sha256(written).hexdigest()[:32]
    return f".{name}."


@functools.cache
def _machine() -> str:
    """Identify the running kernel, which knows the locks of all its processes, those in containers included."""
    try:
        running = Path("/proc/sys/kernel/random/boot_id").read_bytes()
    except OSError:
        running = str(uuid.getnode()).encode()
    return hashlib.sha256(running).hexdigest()[:8]
