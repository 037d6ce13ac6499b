"""How this process uses memory: choices for a program of its own, so the library leaves them to the command line."""

import contextlib
import ctypes
import sys

_M_MMAP_THRESHOLD = -3  # of glibc's malloc.h


def use_little_memory() -> None:
    """Return freed memory to the system at once, in pieces above 128 KiB, and do without scipy.

    glibc raises that limit to 32 MB by itself. hibari loads scipy where it is installed, which takes 16 MiB and a third
    of a second; the built-in voice does not use it.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 128 * 1024)
    sys.modules.setdefault("scipy", None)  # type: ignore[arg-type]  # Python's own mark of a module that is absent
