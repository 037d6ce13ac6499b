"""A clip -> the same clip at its loudness, no peak above the ceiling.

Loudness is that of ITU-R BS.1770-4: what a K-weighted clip carries in blocks of 400 ms, those left out in which nobody
speaks. Peaks are those between the samples, too, since decoders and converters pass through them: they are looked for
at four times the rate. Nothing here looks beyond the clip, so the same words sound the same in any session.

A meter out of a library would bring scipy along, whose import takes longer than levelling a whole session. This one
weights a clip once, and works on the power of each of its milliseconds from there: the limiter moves slowly enough for
its gain to be multiplied into that power, so trying another gain costs next to nothing.

Clips are mono, at 48 kHz.
"""

import functools
import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    PerMs = NDArray[np.float64]

__all__ = ["LEVELLING", "Levelled", "clip_lufs", "levelled", "true_peaks"]

LEVELLING = 1  # part of the clips' keys: one more whenever the same clip comes out in another way

PER_MS = 48  # samples

# K-weighting at 48 kHz (BS.1770-4, tables 1 and 2): a shelf, as a head makes it, and a high-pass.
STAGES = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
OFFSET_LUFS = -0.691
BLOCK_MS, STEP_MS = 400, 100
ABSOLUTE_LUFS, RELATIVE_LU = -70.0, -10.0  # quieter blocks do not count

SILENCE_MS = 600  # thought round a clip, as there is in a session
SHORTEST_MS = 400  # a shorter clip is measured as if it were said again at once

# The filters are applied by transforms of this many samples; all but the first `MEMORY` of each are right.
TRANSFORM = 16_384
MEMORY = 4_096  # after which the high-pass has forgotten all but 1e-9

BETWEEN = 3  # places that are looked at between two samples
NEIGHBOURS = 8  # samples to each side that tell what is there
SURPRISE = 2.0  # no peak between samples of speech is this much above them

DEEPEST_DB = 9.0  # a clip that would have to be limited more stays quieter
LOOK_AHEAD_MS, SMOOTH_MS = 3, 2
CLOSE_LU, TRIES = 0.05, 8
MARGIN_DB = 3.0  # how much more gain the limiter may ask for before peaks are looked for again


class Levelled(NamedTuple):
    """A clip at its loudness; `limited_db` is the most that the limiter took away anywhere."""

    samples: "Samples"
    limited_db: float


def levelled(sound: "Samples", lufs: float, ceiling_dbtp: float) -> Levelled:
    """The clip at a loudness, or below it where its peaks would have to be turned down by more than 9 dB."""
    ceiling = _ratio(ceiling_dbtp)
    power = _weighted(sound)
    gain_db = lufs - _integrated(power)
    looked_db = -math.inf
    for tried in range(TRIES):
        if gain_db > looked_db:
            looked_db = gain_db + MARGIN_DB
            peaks = true_peaks(sound, ceiling / _ratio(looked_db))
            most_db = ceiling_dbtp + DEEPEST_DB - 20 * math.log10(peaks.max())
        gain_db = min(gain_db, most_db)
        limiting = _limiting(peaks * _ratio(gain_db), ceiling)
        missing_lu = lufs - gain_db - _integrated(power * limiting**2)
        if abs(missing_lu) < CLOSE_LU or (gain_db == most_db and missing_lu > 0):
            break
        gain_db += missing_lu if tried < TRIES // 2 else missing_lu / 2  # blocks may come and go at the gate
    return Levelled(_with_gain(sound, limiting * _ratio(gain_db)), -20 * math.log10(limiting.min()))


def clip_lufs(sound: "Samples") -> float:
    """The loudness of a clip by itself."""
    return _integrated(_weighted(sound))


def true_peaks(sound: "Samples", above: float = 0.0) -> "PerMs":
    """The loudest that each millisecond gets; between its samples, too, where that may lie `above` something."""
    import numpy as np

    padded = np.pad(sound, (NEIGHBOURS, NEIGHBOURS + -len(sound) % PER_MS))
    windows = np.lib.stride_tricks.sliding_window_view(padded, PER_MS + 2 * NEIGHBOURS)[::PER_MS]
    peaks: PerMs = np.abs(windows[:, NEIGHBOURS:-NEIGHBOURS]).max(axis=1).astype(np.float64)
    loud = np.flatnonzero(peaks * SURPRISE > above)
    near = windows[loud]
    for kernel in _kernels():  # term by term: a product of matrices would keep other cores busy for so little
        between = sum(near[:, at : at + PER_MS] * weight for at, weight in enumerate(kernel, 1))
        peaks[loud] = np.maximum(peaks[loud], np.abs(between).max(axis=1, initial=0.0))
    return peaks


@functools.cache
def _kernels() -> "tuple[Samples, ...]":
    """How the samples around make what is between two of them: a windowed sinc for each place."""
    import numpy as np

    kernels = []
    for place in range(1, BETWEEN + 1):
        away = np.arange(1 - NEIGHBOURS, NEIGHBOURS + 1) - place / (BETWEEN + 1)
        kernel = np.sinc(away) * np.cos(np.pi * away / (2 * NEIGHBOURS)) ** 2
        kernels.append((kernel / kernel.sum()).astype(np.float32))
    return tuple(kernels)


def _weighted(sound: "Samples") -> "PerMs":
    """The K-weighted power of each millisecond."""
    import numpy as np

    step = TRANSFORM - MEMORY
    length_ms = -(-len(sound) // PER_MS)
    padded = np.pad(sound, (MEMORY, -len(sound) % step))
    windows = np.lib.stride_tricks.sliding_window_view(padded, TRANSFORM)[::step]
    heard = np.fft.irfft(np.fft.rfft(windows) * _response(), TRANSFORM)[:, MEMORY:].reshape(-1, PER_MS)
    power: PerMs = np.einsum("ij,ij->i", heard, heard, dtype=np.float64)[:length_ms] / PER_MS
    return power


@functools.cache
def _response() -> "NDArray[np.complex64]":
    import numpy as np

    z = np.exp(-2j * np.pi * np.arange(TRANSFORM // 2 + 1) / TRANSFORM)
    response = np.ones(len(z), complex)
    for (b0, b1, b2), (a0, a1, a2) in STAGES:
        response *= (b0 + z * (b1 + z * b2)) / (a0 + z * (a1 + z * a2))
    return response.astype(np.complex64)


def _integrated(power: "PerMs") -> float:
    """The loudness of a clip by the power of each of its milliseconds."""
    import numpy as np

    again = np.tile(power, -(-SHORTEST_MS // len(power)))
    sums = np.cumsum(np.pad(again, (SILENCE_MS + 1, SILENCE_MS)))
    blocks = (sums[BLOCK_MS::STEP_MS] - sums[:-BLOCK_MS:STEP_MS]) / BLOCK_MS
    loud = blocks[blocks > 10 ** ((ABSOLUTE_LUFS - OFFSET_LUFS) / 10)]
    if not len(loud):
        return ABSOLUTE_LUFS
    counted = loud[loud > loud.mean() * 10 ** (RELATIVE_LU / 10)]
    return OFFSET_LUFS + 10 * math.log10(float(counted.mean()))


def _limiting(peaks: "PerMs", ceiling: float) -> "PerMs":
    """The gain of each millisecond that keeps all peaks below the ceiling, moving smoothly.

    It is the mean over some milliseconds to each side of the least gain that is needed a little further round, so it
    never is more than what that millisecond and its neighbours need.
    """
    import numpy as np

    needed = ceiling / np.maximum(peaks, ceiling)
    windows = np.lib.stride_tricks.sliding_window_view
    least = windows(np.pad(needed, LOOK_AHEAD_MS, mode="edge"), 2 * LOOK_AHEAD_MS + 1).min(axis=1)
    smooth: PerMs = windows(np.pad(least, SMOOTH_MS, mode="edge"), 2 * SMOOTH_MS + 1).mean(axis=1)
    return smooth


def _with_gain(sound: "Samples", gain: "PerMs") -> "Samples":
    """The clip with the gain of each millisecond, which moves evenly in between."""
    import numpy as np

    edges = np.pad((gain[1:] + gain[:-1]) / 2, 1, constant_values=(gain[0], gain[-1]))
    way = np.arange(PER_MS) / PER_MS
    curve = edges[:-1, np.newaxis] * (1 - way) + edges[1:, np.newaxis] * way
    louder: Samples = sound * curve.reshape(-1)[: len(sound)].astype(np.float32)
    return louder


def _ratio(decibels: float) -> float:
    return float(10 ** (decibels / 20))
