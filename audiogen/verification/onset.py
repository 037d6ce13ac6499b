"""Where a sound begins that is not known: a stretch of a track -> the first sample of the sound near a place in it.

A tone of another edition cannot be computed again, so it is told from the quiet before it. Measured for the tones of
all sets that begin at once, in all formats: heard 1 to 4 ms after their place, and within 20 dB of their peak soon
after.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogen.audio.pcm import SAMPLES_PER_MS

HEARD_MS = 5  # after its place at most, or before it, where it begins at once …
SWELLED_MS = 100  # … and where it swells
SILENT_TONE_DBFS = -50.0  # the peak of the bed is below that
BEGINS_DB = -30.0  # below the peak: where a sound begins …
RISEN_DB = -20.0  # … and where it has risen, if it begins at once …
AT_ONCE_MS = 5  # … within that time
QUIET_MS = 5  # before a sound, so that it is a beginning
STEP_MS = 100
RISES = 2.0  # a ring that beats comes back to less than that times its softest


class Onset(NamedTuple):
    """The first sample that is heard, and whether the sound swells, so that its beginning is only about there."""

    at: int
    swells: bool

    @property
    def latest_ms(self) -> int:
        """How long after its place it may be."""
        return SWELLED_MS if self.swells else HEARD_MS


def onset_of(stretch: NDArray[np.floating], expected: int, silent: float) -> Onset | None:
    """Find where a sound begins after quiet, nearest to `expected`; None where none is, or sound all the time.

    What comes at `expected` and later in the stretch is the sound itself; `silent` is as loud as what is not heard.
    """
    loud = np.abs(stretch)
    peak = float(loud[expected:].max())
    if peak < 10 ** (SILENT_TONE_DBFS / 20):
        return None
    heard = np.flatnonzero(loud > max(peak * 10 ** (BEGINS_DB / 20), silent))
    begins = heard[np.diff(heard, prepend=0) > QUIET_MS * SAMPLES_PER_MS]
    if not len(begins):
        return None
    first = int(begins[np.argmin(np.abs(begins - expected))])
    risen = int(np.argmax(loud[first:] > peak * 10 ** (RISEN_DB / 20)))
    return Onset(first, risen > AT_ONCE_MS * SAMPLES_PER_MS)


def fading_ms(heard: NDArray[np.floating], silent: float) -> int:
    """For how long a silence begins with nothing but a sound that fades; `heard` has a row for each millisecond."""
    levels = np.abs(heard).max(axis=1)
    steps = np.pad(levels, (0, -len(levels) % STEP_MS)).reshape(-1, STEP_MS).max(axis=1)
    is_ring = steps > silent
    is_ring[1:] &= steps[1:] < RISES * np.minimum.accumulate(steps)[:-1]
    steps_heard = len(steps) if is_ring.all() else int(np.argmin(is_ring))
    return min(len(levels), steps_heard * STEP_MS)
