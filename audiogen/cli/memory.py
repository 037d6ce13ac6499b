"""How this process uses memory: choices for a program of its own, so the library leaves them to the command line."""

import contextlib
import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h
_MIB = 1 << 20


def use_little_memory() -> None:
    """Return freed memory to the system at once, in pieces of 2 MiB and at the heap's end, and do without scipy.

    glibc raises these limits to 32 and 64 MB by itself, and keeps some MB more for each thread. The system clears each
    page that it gives out again: at 256 KiB that takes a second more of a first render. hibari loads scipy where it is
    installed, which takes 16 MiB and a third of a second; the built-in voice does not use it.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library
        glibc = ctypes.CDLL(None)
        glibc.mallopt(_M_MMAP_THRESHOLD, 2 * _MIB)
        glibc.mallopt(_M_TRIM_THRESHOLD, 4 * _MIB)
        glibc.mallopt(_M_ARENA_MAX, 1)
    sys.modules.setdefault("scipy", None)  # type: ignore[arg-type]  # Python's own mark of a module that is absent
