"""Whether there is memory left: what lacks it fails in many ways, and often says something else."""

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
