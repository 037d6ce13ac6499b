"""Whether there is memory left: what lacks it fails in many ways, and often says something else.

And what gives back memory that is free again.
"""

import contextlib
import mmap

ENOUGH_BYTES = 200_000_000  # to load a voice


def is_short() -> bool:
    """Whether the system refuses as much memory as a voice needs: by a limit for this process, or since none is free.

    Without a limit, many systems promise more than they have.
    """
    try:
        mmap.mmap(-1, ENOUGH_BYTES).close()
    except (OSError, ValueError, MemoryError):
        return True
    return False


def give_back() -> None:
    """Return freed memory to the system, where the C library keeps it: speech leaves 15 MiB that nothing later uses."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library than glibc
        ctypes.CDLL(None).malloc_trim(0)
