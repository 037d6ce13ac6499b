"""Samples -> the same without what is too low to be heard: the offset of cheap sound cards, and its steps and drifts.

An offset passes for sound wherever levels are compared, and clicks at edges.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOWEST_HZ = 20.0  # half of it is left here, 96 % at 100 Hz; nothing moves in time
AROUND_S = 0.25  # by then nothing is left of a step


def without_offset(sound: "NDArray[np.floating]", rate: int) -> "NDArray[np.float64]":
    """Remove everything below the lowest sounds; what lies beyond the ends counts as constant."""
    import numpy as np

    if not len(sound):
        return np.zeros(0)
    around = round(AROUND_S * rate)
    padded = np.pad(np.asarray(sound, np.float64), around, mode="edge")
    hz = np.fft.rfftfreq(1 << (len(padded) - 1).bit_length(), 1 / rate)
    spectrum = np.fft.rfft(np.pad(padded, (0, 2 * (len(hz) - 1) - len(padded)), mode="edge"))
    spectrum *= hz**2 / (hz**2 + LOWEST_HZ**2)
    return np.fft.irfft(spectrum)[around : around + len(sound)]
