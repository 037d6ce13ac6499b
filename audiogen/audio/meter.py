"""Measure loudness by ITU-R BS.1770-4: the power of each millisecond after K-weighting, and loudness from power.

Samples of one channel at 48 kHz -> power per millisecond -> LUFS; of several channels the powers add up
Samples -> the peak of each millisecond, also between its samples
a whole track, piece by piece -> LUFS and dBTP: `Meter`
"""

import functools
import math
from array import array
from typing import TYPE_CHECKING

from audiogen.audio.pcm import SAMPLES_PER_MS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    PerMs = NDArray[np.float64]

# K-weighting at 48 kHz (BS.1770-4, tables 1 and 2): a shelf, as a head makes it, and a high-pass.
STAGES = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
OFFSET_LUFS = -0.691
BLOCK_MS, STEP_MS = 400, 100  # and from one block to the next
ABSOLUTE_LUFS, RELATIVE_LU = -70.0, -10.0  # quieter blocks do not count

# The filters are applied by transforms of this many samples; all but the first `MEMORY` of each are exact.
TRANSFORM, MEMORY = 16_384, 4_096
BEFORE_MS = 100  # what they must have heard before a piece, to be exact in it

BETWEEN = 3  # places that are measured between two samples
NEIGHBOURS = 8  # samples to each side that determine the value there
SURPRISE = 2.0  # no peak between samples of speech is this much above them


class Meter:
    """Measure a track at 48 kHz from its start, full scale 1. It stores one number per 100 ms: 2 MB for 8 hours."""

    def __init__(self, channels: int = 1) -> None:
        import numpy as np

        self._before: Samples = np.zeros((BEFORE_MS * SAMPLES_PER_MS, channels), np.float32)
        self._rest: Samples = np.zeros((0, channels), np.float32)
        self._steps = array("d")  # the weighted power of each 100 ms, all channels together
        self._peak = 0.0

    def hear(self, piece: "Samples") -> None:
        """Add the next samples, [samples, channels], of any length."""
        import numpy as np

        heard = np.concatenate([self._rest, piece])
        whole_ms = len(heard) // (STEP_MS * SAMPLES_PER_MS) * STEP_MS
        self._rest = heard[whole_ms * SAMPLES_PER_MS :]
        if not whole_ms:
            return
        stretch = np.concatenate([self._before, heard[: whole_ms * SAMPLES_PER_MS]])
        self._before = stretch[-BEFORE_MS * SAMPLES_PER_MS :]
        power = np.zeros(whole_ms)
        for channel in np.ascontiguousarray(stretch.T):
            power += weighted(channel)[BEFORE_MS:]
            # What follows the last millisecond is not known yet: it is measured again with the next piece.
            self._peak = max(self._peak, float(true_peaks(channel, self._peak)[1:-1].max()))
        self._steps.extend(power.reshape(-1, STEP_MS).mean(axis=1))

    @property
    def lufs(self) -> float:
        """The integrated loudness so far; -70 for near silence."""
        import numpy as np

        width = BLOCK_MS // STEP_MS
        steps = np.pad(np.asarray(self._steps), (0, max(0, width - len(self._steps))))
        return gated(np.lib.stride_tricks.sliding_window_view(steps, width).mean(axis=1))

    @property
    def peak_dbtp(self) -> float:
        """The highest peak so far, also between the samples."""
        peak = max(self._peak, float(abs(self._rest).max(initial=0.0)))
        return 20 * math.log10(peak) if peak else -math.inf


def weighted(sound: "Samples") -> "PerMs":
    """Compute the K-weighted power of each millisecond."""
    import numpy as np

    step = TRANSFORM - MEMORY
    length_ms = -(-len(sound) // SAMPLES_PER_MS)
    padded = np.pad(np.asarray(sound, np.float32), (MEMORY, -len(sound) % step))
    windows = np.lib.stride_tricks.sliding_window_view(padded, TRANSFORM)[::step]
    power: PerMs = np.zeros((len(windows), step // SAMPLES_PER_MS))
    for window, part in zip(windows, power, strict=True):  # several at once are not faster, and need more memory
        if window.any():  # else it is digital silence
            spectrum = np.fft.rfft(window)
            spectrum *= _response()
            heard = np.fft.irfft(spectrum, TRANSFORM)[MEMORY:].reshape(-1, SAMPLES_PER_MS)
            part[:] = np.einsum("ij,ij->i", heard, heard)
    return power.reshape(-1)[:length_ms] / SAMPLES_PER_MS


def gated(blocks: "PerMs") -> float:
    """Compute the loudness of sound from the power of its blocks of 400 ms; quiet ones do not count."""
    loud = blocks[blocks > 10 ** ((ABSOLUTE_LUFS - OFFSET_LUFS) / 10)]
    if not len(loud):
        return ABSOLUTE_LUFS
    return lufs_of(float(loud[loud > loud.mean() * 10 ** (RELATIVE_LU / 10)].mean()))


def lufs_of(power: float) -> float:
    """Convert weighted power to loudness."""
    return OFFSET_LUFS + 10 * math.log10(max(power, 1e-12))


def true_peaks(sound: "Samples", above: float = 0.0) -> "PerMs":
    """Measure the peak of each millisecond; also between its samples, where that may exceed `above`."""
    import numpy as np

    padded = np.pad(sound, (NEIGHBOURS, NEIGHBOURS + -len(sound) % SAMPLES_PER_MS))
    windows = np.lib.stride_tricks.sliding_window_view(padded, SAMPLES_PER_MS + 2 * NEIGHBOURS)[::SAMPLES_PER_MS]
    peaks: PerMs = np.abs(windows[:, NEIGHBOURS:-NEIGHBOURS]).max(axis=1).astype(np.float64)
    loud = np.flatnonzero(peaks * SURPRISE > above)
    near = windows[loud]
    for kernel in _kernels():  # term by term: a matrix product would occupy other cores for little gain
        between = sum(near[:, at : at + SAMPLES_PER_MS] * weight for at, weight in enumerate(kernel, 1))
        peaks[loud] = np.maximum(peaks[loud], np.abs(between).max(axis=1, initial=0.0))
    return peaks


@functools.cache
def _kernels() -> "tuple[Samples, ...]":
    """The weights of the samples around a place between two of them: a windowed sinc for each place."""
    import numpy as np

    kernels = []
    for place in range(1, BETWEEN + 1):
        away = np.arange(1 - NEIGHBOURS, NEIGHBOURS + 1) - place / (BETWEEN + 1)
        kernel = np.sinc(away) * np.cos(np.pi * away / (2 * NEIGHBOURS)) ** 2
        kernels.append((kernel / kernel.sum()).astype(np.float32))
    return tuple(kernels)


@functools.cache
def _response() -> "NDArray[np.complex64]":
    import numpy as np

    z = np.exp(-2j * np.pi * np.arange(TRANSFORM // 2 + 1) / TRANSFORM)
    response = np.ones(len(z), complex)
    for (b0, b1, b2), (a0, a1, a2) in STAGES:
        response *= (b0 + z * (b1 + z * b2)) / (a0 + z * (a1 + z * a2))
    return response.astype(np.complex64)
