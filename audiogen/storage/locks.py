"""Key -> who makes it: one process and thread at a time, so that several that need the same thing make it once.

A claim is a lock on one byte of an empty file, at a place that follows from the key. The system gives it up for a
process that ends, however that happens, so a killed one leaves nothing behind. A claim is a courtesy: where it
cannot be had, because the folder or the file system does not allow it or its holder takes long, work goes on without
it, and the same thing is made twice.

The system knows processes only, and gives up all of a process's locks on a file once that closes it anywhere. So the
claims of a process on one file are kept in one place, which also keeps its threads apart.
"""

import contextlib
import os
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

LOOK_S = 0.02
LONGEST_WAIT_S = 60.0  # for a holder that hangs, or that is itself being kept waiting

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int, place: int) -> None:
        os.lseek(file, place, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _unlock(file: int, place: int) -> None:
        os.lseek(file, place, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: int, place: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)

    def _unlock(file: int, place: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, place)


class Claims:
    """The claims of this process by one file, which is closed once there are none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._held: set[int] = set()
        self._file: int | None = None

    @classmethod
    def by(cls, path: Path) -> "Claims":
        """Return the same claims for each caller with the same file."""
        with _sharing:
            return _shared.setdefault(path.absolute(), cls(path))

    @contextlib.contextmanager
    def held(self, key: str, abandoned: threading.Event) -> Iterator[None]:
        """Hold the claim on a key (hexadecimal), once its holder gives it up; or go on without it."""
        place = int(key[:15], 16)  # of 60 bits: two keys never meet
        until = time.monotonic() + LONGEST_WAIT_S
        while not (taken := self._taken(place)) and time.monotonic() < until and not abandoned.wait(LOOK_S):
            continue
        try:
            yield
        finally:
            if taken:
                with self._lock, contextlib.suppress(OSError):
                    self._held.discard(place)
                    _unlock(self._opened(), place)

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _taken(self, place: int) -> bool:
        """Whether the claim is ours now; among our own threads alone, where files cannot be locked in this place."""
        with self._lock:
            if place in self._held:
                return False
            try:
                _lock(self._opened(), place)
            except (BlockingIOError, PermissionError):  # what "somebody else has it" is called here and there
                if self._file is not None:
                    return False
            except OSError:  # no folder, or no locks on this file system
                pass
            self._held.add(place)
            return True

    def _opened(self) -> int:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        return self._file

    def __del__(self) -> None:
        self.close()


_sharing = threading.Lock()
_shared: weakref.WeakValueDictionary[Path, Claims] = weakref.WeakValueDictionary()
