"""How loud sound is, by ITU-R BS.1770-4: the power of each millisecond after K-weighting, and loudness from power.

Samples of one channel at 48 kHz -> power per millisecond -> LUFS; of several channels the powers add up
"""

import functools
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    PerMs = NDArray[np.float64]

__all__ = ["BLOCK_MS", "gated", "lufs_of", "weighted"]

PER_MS = 48  # samples

# K-weighting at 48 kHz (BS.1770-4, tables 1 and 2): a shelf, as a head makes it, and a high-pass.
STAGES = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
OFFSET_LUFS = -0.691
BLOCK_MS = 400
ABSOLUTE_LUFS, RELATIVE_LU = -70.0, -10.0  # quieter blocks do not count

# The filters are applied by transforms of this many samples; all but the first `MEMORY` of each are right.
TRANSFORM, MEMORY = 16_384, 4_096


def weighted(sound: "Samples") -> "PerMs":
    """The K-weighted power of each millisecond."""
    import numpy as np

    step = TRANSFORM - MEMORY
    length_ms = -(-len(sound) // PER_MS)
    padded = np.pad(np.asarray(sound, np.float32), (MEMORY, -len(sound) % step))
    windows = np.lib.stride_tricks.sliding_window_view(padded, TRANSFORM)[::step]
    heard = np.fft.irfft(np.fft.rfft(windows) * _response(), TRANSFORM)[:, MEMORY:].reshape(-1, PER_MS)
    power: PerMs = np.einsum("ij,ij->i", heard, heard)[:length_ms].astype(np.float64) / PER_MS
    return power


def gated(blocks: "PerMs") -> float:
    """The loudness of sound by the power of its blocks of 400 ms; the quiet ones do not count."""
    loud = blocks[blocks > 10 ** ((ABSOLUTE_LUFS - OFFSET_LUFS) / 10)]
    if not len(loud):
        return ABSOLUTE_LUFS
    return lufs_of(float(loud[loud > loud.mean() * 10 ** (RELATIVE_LU / 10)].mean()))


def lufs_of(power: float) -> float:
    """Weighted power as loudness."""
    return OFFSET_LUFS + 10 * math.log10(max(power, 1e-12))


@functools.cache
def _response() -> "NDArray[np.complex64]":
    import numpy as np

    z = np.exp(-2j * np.pi * np.arange(TRANSFORM // 2 + 1) / TRANSFORM)
    response = np.ones(len(z), complex)
    for (b0, b1, b2), (a0, a1, a2) in STAGES:
        response *= (b0 + z * (b1 + z * b2)) / (a0 + z * (a1 + z * a2))
    return response.astype(np.complex64)
