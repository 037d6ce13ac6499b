"""How this process uses memory: choices for a program of its own, so the library leaves them to the command line."""

import contextlib
import ctypes
import sys

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # of glibc's malloc.h


def use_little_memory() -> None:
    """Return freed memory to the system at once, in pieces above 256 KiB, and do without scipy.

    glibc raises that limit to 32 MB by itself, and keeps some MB more for each thread. The system clears each such
    piece, so at 128 KiB a first render would take half a second more. hibari loads scipy where it is installed, which
    takes 16 MiB and a third of a second; the built-in voice does not use it.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library
        glibc = ctypes.CDLL(None)
        glibc.mallopt(_M_MMAP_THRESHOLD, 256 * 1024)
        glibc.mallopt(_M_ARENA_MAX, 1)
    sys.modules.setdefault("scipy", None)  # type: ignore[arg-type]  # Python's own mark of a module that is absent
