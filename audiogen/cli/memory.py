"""How this process keeps memory: a choice for a program of its own, so the library leaves it to the command line."""

import contextlib
import ctypes

_M_MMAP_THRESHOLD = -3  # of glibc's malloc.h


def return_freed_memory() -> None:
    """Return freed memory to the system at once, in pieces above 128 KiB.

    glibc raises this limit to 32 MB by itself. Measured: a session that the built-in voice speaks needs 147 to 155 MiB
    instead of 164 to 180, and no more time.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 128 * 1024)
