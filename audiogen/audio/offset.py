"""Samples -> the same without what is too low to be heard: the offset of cheap sound cards, and its steps and drifts.

An offset passes for sound wherever levels are compared, and clicks at edges.
"""

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = TypeVar("Samples", NDArray[np.float32], NDArray[np.float64])

LOWEST_HZ = 20.0  # half of it is left here, 96 % at 100 Hz; nothing moves in time
AROUND_S = 0.25  # by then nothing is left of a step


def offset_at(sound: "Samples", rate: int, place: int) -> float:
    """What is too low to be heard at one place, to a thousandth of it; takes a fraction of the time of all of it."""
    import numpy as np

    around = round(AROUND_S * rate)
    away = np.arange(-around, around + 1)
    weights = np.exp(-2 * np.pi * LOWEST_HZ / rate * np.abs(away))  # the filter's response, which falls to both sides
    return float(np.average(sound[np.clip(place + away, 0, len(sound) - 1)], weights=weights))


def without_offset(sound: "Samples", rate: int) -> "Samples":
    """Remove everything below the lowest sounds; what lies beyond the ends counts as constant.

    It is as precise as the samples: singles take half the time of doubles.
    """
    import numpy as np

    if not len(sound):
        return sound
    around = round(AROUND_S * rate)
    size = 1 << (len(sound) + 2 * around - 1).bit_length()
    padded = np.pad(sound, (around, size - around - len(sound)), mode="edge")
    hz = np.fft.rfftfreq(size, 1 / rate)
    spectrum = np.fft.rfft(padded)
    spectrum *= (hz**2 / (hz**2 + LOWEST_HZ**2)).astype(sound.dtype)
    return np.fft.irfft(spectrum)[around : around + len(sound)].astype(sound.dtype, copy=False)
