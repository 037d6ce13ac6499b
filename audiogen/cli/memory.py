"""How this process uses memory: choices for a program of its own, so the library leaves them to the command line."""

import contextlib
import ctypes
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiogen.session import Progress

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h
_MIB = 1 << 20
_NOT_GLIBC = OSError, AttributeError, TypeError  # what fails with another C library


def use_little_memory() -> None:
    """Return freed memory to the system, from 2 MiB on and from 4 MiB at the heap's end, and do without scipy.

    glibc raises these limits by itself, up to 32 and 64 MiB, and keeps some MiB more for each thread. The system clears
    each page that it gives out again: with 256 KiB that takes a second more of a first render. hibari loads scipy where
    it is installed, which takes 16 MiB and a third of a second; the built-in voice does not use it.
    """
    with contextlib.suppress(*_NOT_GLIBC):
        glibc = ctypes.CDLL(None)
        glibc.mallopt(_M_MMAP_THRESHOLD, 2 * _MIB)
        glibc.mallopt(_M_TRIM_THRESHOLD, 4 * _MIB)
        glibc.mallopt(_M_ARENA_MAX, 1)
    sys.modules.setdefault("scipy", None)  # type: ignore[arg-type]  # Python's own mark of a module that is absent


def freeing(show: "Callable[[Progress], None]") -> "Callable[[Progress], None]":
    """Show progress; once all is spoken, also return the 17 MiB that speech leaves free amid the heap."""

    def shown(progress: "Progress") -> None:
        show(progress)
        if progress.phase == "speak" and progress.done == progress.total:
            with contextlib.suppress(*_NOT_GLIBC):
                ctypes.CDLL(None).malloc_trim(0)

    return shown
