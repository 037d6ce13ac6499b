"""A clip -> the same clip at its loudness, no peak above the ceiling.

Peaks are also those between the samples, since decoders and converters pass through them: they are measured at four
times the rate. Only the clip itself is measured, so the same words sound the same in any session.

A clip is weighted once, and all else is done with the power of each of its milliseconds: the limiter moves slowly
enough for its gain to be multiplied into that power, so trying another gain costs almost nothing.

Clips are mono, at 48 kHz.
"""

import math
from typing import TYPE_CHECKING, NamedTuple

from audiogen.audio.meter import BLOCK_MS, STEP_MS, gated, true_peaks, weighted
from audiogen.audio.pcm import SAMPLES_PER_MS, ratio

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    PerMs = NDArray[np.float64]

LEVELLING = 6  # part of the clips' keys: to be raised whenever the result for the same clip changes

SILENCE_MS = 600  # assumed around a clip, as there is in a session
SHORTEST_MS = 400  # a shorter clip is measured as if it were repeated at once

DEEPEST_DB = 9.0  # a clip that would have to be limited more stays quieter
EASY_DB = 6.0  # one that would have to be limited more may stay a little quieter
# Slower than the periods of a low voice (10 ms at 100 Hz): a gain that moves inside one is heard as distortion.
LOOK_AHEAD_MS, SMOOTH_MS = 9, 8
COMMON, SPIKE_DB = 97, 5.0  # a spike is so far above the level that this percentage of audible milliseconds is below
AUDIBLE = 0.02  # of the loudest
CLOSE_LU, TRIES = 0.05, 8
MARGIN_DB = 3.0  # how much more gain the limiter may ask for before peaks are measured again


class Levelled(NamedTuple):
    """A clip at its loudness; `limited_db` is the largest reduction by the limiter."""

    samples: "Samples"
    limited_db: float


def levelled(sound: "Samples", lufs: float, ceiling_dbtp: float, yielding_lu: float = 0.0) -> Levelled:
    """Bring a clip to a loudness, or below it where its peaks would have to be limited by more than 9 dB.

    Where they would have to be limited by more than 6 dB, the clip stays up to `yielding_lu` quieter, so that they are
    limited less.
    """
    clip = _Clip(sound, ceiling_dbtp)
    gain_db = clip.gain_db_for(lufs)
    if yielding_lu and clip.limited_db(gain_db) > EASY_DB:
        gain_db = min(gain_db, max(clip.gain_db_for(lufs - yielding_lu), clip.most_db + EASY_DB - DEEPEST_DB))
    limiting = clip.limiting(gain_db)
    return Levelled(_with_gain(sound, limiting * ratio(gain_db)), -20 * math.log10(limiting.min()))


class _Clip:
    """Search the gain of one clip."""

    def __init__(self, sound: "Samples", ceiling_dbtp: float) -> None:
        self._sound = sound
        self._ceiling_dbtp = ceiling_dbtp
        self._power = weighted(sound)
        self._looked_db = -math.inf

    def limiting(self, gain_db: float) -> "PerMs":
        """The limiter's gain of each millisecond, if the whole clip has this gain first."""
        self._look(gain_db)
        return _limiting(self._peaks * ratio(gain_db), ratio(self._ceiling_dbtp))

    def limited_db(self, gain_db: float) -> float:
        return float(-20 * math.log10(self.limiting(gain_db).min()))

    def gain_db_for(self, lufs: float) -> float:
        """The gain with which the clip has this loudness after limiting, at most `most_db`."""
        gain_db = lufs - _integrated(self._power)
        for tried in range(TRIES):
            self._look(gain_db)
            gain_db = min(gain_db, self.most_db)
            missing_lu = lufs - _integrated(self._power * (ratio(gain_db) * self.limiting(gain_db)) ** 2)
            if abs(missing_lu) < CLOSE_LU or (gain_db == self.most_db and missing_lu > 0):
                break
            gain_db += missing_lu if tried < TRIES // 2 else missing_lu / 2  # blocks may come and go at the gate
        return min(gain_db, self.most_db)

    def _look(self, gain_db: float) -> None:
        """Measure the peaks that matter with this gain, unless that was done; the highest one determines `most_db`."""
        if gain_db > self._looked_db:
            self._looked_db = gain_db + MARGIN_DB
            self._peaks = true_peaks(self._sound, ratio(self._ceiling_dbtp) / ratio(self._looked_db))
            self.most_db = self._ceiling_dbtp + DEEPEST_DB - 20 * math.log10(self._peaks.max())


def clamped(sound: "Samples", per_ms: int = SAMPLES_PER_MS) -> "Samples":
    """Limit the spikes of speech: single moments that stand out above all the rest of it, as some voices make them.

    They would set the level against which silence is told from speech, and the gain that the whole clip may have.
    """
    import numpy as np

    peaks = sample_peaks(sound, per_ms)
    loud = peaks[peaks > AUDIBLE * peaks.max(initial=0.0)].astype(np.float64)
    if not len(loud):
        return sound
    # As `np.percentile`, which loads numpy.ma: 2 MiB, and 50 ms of a first render.
    common = np.interp(COMMON / 100 * (len(loud) - 1), np.arange(len(loud)), np.sort(loud))
    ceiling = float(common) * ratio(SPIKE_DB)
    return sound if loud.max() <= ceiling else turned_down(sound, peaks.astype(np.float64), ceiling, per_ms)


def sample_peaks(sound: "Samples", per_ms: int = SAMPLES_PER_MS) -> "Samples":
    """The highest sample of each millisecond; what may be between samples does not count."""
    import numpy as np

    peaks: Samples = np.abs(np.pad(sound, (0, -len(sound) % per_ms))).reshape(-1, per_ms).max(axis=1)
    return peaks


def turned_down(sound: "Samples", peaks: "PerMs", ceiling: float, per_ms: int = SAMPLES_PER_MS) -> "Samples":
    """Limit a sound around those of its peaks, one for each millisecond, that are above a ceiling."""
    return _with_gain(sound, _limiting(peaks, ceiling), per_ms)


def clip_lufs(sound: "Samples") -> float:
    """Measure the loudness of a single clip."""
    return _integrated(weighted(sound))


def _integrated(power: "PerMs") -> float:
    """Compute the loudness of a clip from the power of each of its milliseconds."""
    import numpy as np

    again = np.tile(power, -(-SHORTEST_MS // len(power)))
    sums = np.cumsum(np.pad(again, (SILENCE_MS + 1, SILENCE_MS)))
    blocks = (sums[BLOCK_MS::STEP_MS] - sums[:-BLOCK_MS:STEP_MS]) / BLOCK_MS
    return gated(blocks)


def _limiting(peaks: "PerMs", ceiling: float) -> "PerMs":
    """The gain of each millisecond that keeps all peaks below the ceiling, moving smoothly.

    It is the mean over some milliseconds to each side of the least gain that is needed a little further around, so it
    is never more than what that millisecond and its neighbours need.
    """
    import numpy as np

    needed = ceiling / np.maximum(peaks, ceiling)
    windows = np.lib.stride_tricks.sliding_window_view
    least = windows(np.pad(needed, LOOK_AHEAD_MS, mode="edge"), 2 * LOOK_AHEAD_MS + 1).min(axis=1)
    smooth: PerMs = windows(np.pad(least, SMOOTH_MS, mode="edge"), 2 * SMOOTH_MS + 1).mean(axis=1)
    return smooth


def _with_gain(sound: "Samples", gain: "PerMs", per_ms: int = SAMPLES_PER_MS) -> "Samples":
    """Apply the gain of each millisecond to the clip, interpolated linearly in between."""
    import numpy as np

    edges = np.pad((gain[1:] + gain[:-1]) / 2, 1, constant_values=(gain[0], gain[-1]))
    way = np.arange(per_ms) / per_ms
    curve = edges[:-1, np.newaxis] * (1 - way) + edges[1:, np.newaxis] * way
    louder: Samples = sound * curve.reshape(-1)[: len(sound)].astype(np.float32)
    return louder
