"""How alike two sounds are at each place: where in a stretch of a track a tone begins."""

import numpy as np
from numpy.typing import NDArray

from audiogen.audio.pcm import RATE, SAMPLES_PER_MS

Wave = NDArray[np.float64]

KEPT_HZ = 12_000  # every encoder keeps what is below
ALIKE = 0.9  # correlation, 1 for the same sound; measured: tones above 0.9999, speech and other tones below 0.6
AGAIN = 0.001  # a candidate less similar by more than this is not the same tone …
BAND_DB = -30.0  # below the loudest pitch of a tone; measured so: tones at least 0.91 below any music, music below 0.72
APART = 20 * SAMPLES_PER_MS  # … and one nearer than this is the same one, a period or two away


def place_of(wanted: Wave, stretch: Wave, expected: int) -> int | None:
    """Find where a sound begins in a stretch, nearest to where it is expected; None if nothing is similar to it."""
    alike = likeness(stretch, wanted)
    best = float(alike.max())
    if not best >= ALIKE * kept(wanted):
        return None
    equals = np.flatnonzero(alike > best - AGAIN)
    nearest = int(equals[np.argmin(np.abs(equals - expected))])
    first = max(0, nearest - APART)
    return first + int(alike[first : nearest + APART].argmax())


def likeness(stretch: Wave, wanted: Wave) -> Wave:
    """Correlate `wanted` with each place of `stretch`: 1 for the same sound at any level, 0 for silence."""
    size = len(stretch)  # at every place `wanted` ends within the stretch: nothing wraps round
    found = np.fft.irfft(np.fft.rfft(stretch, size) * np.conj(np.fft.rfft(wanted, size)), size)
    places = len(stretch) - len(wanted) + 1
    sums = np.concatenate([[0.0], np.cumsum(stretch**2)])
    energy = sums[len(wanted) :] - sums[: -len(wanted)]
    own = max(float((wanted**2).sum()), 1e-12)
    # A sound 20 dB softer than the tone is not the tone; its correlation would be rounding noise.
    return np.asarray(found[:places] / np.sqrt(own * np.maximum(energy, 0.01 * own)))


def at_pitches(wanted: Wave, stretch: Wave) -> tuple[Wave, Wave]:
    """Leave of a tone and of a stretch only the pitches of the tone: most of what music has lies beyond them."""
    size = len(stretch)
    spectrum = np.fft.rfft(wanted, size)
    level = np.abs(spectrum)
    has = level > level.max() * 10 ** (BAND_DB / 20)
    tone, heard = (np.fft.irfft(one * has, size) for one in (spectrum, np.fft.rfft(stretch, size)))
    return tone[: len(wanted)], heard


def kept(wanted: Wave) -> float:
    """How much of a sound is left at least once it is encoded: noise has half of its power in the highest octave."""
    power = np.abs(np.fft.rfft(wanted)) ** 2
    low = power[: round(len(power) * KEPT_HZ * 2 / RATE)].sum()
    return float(np.sqrt(low / max(float(power.sum()), 1e-12)))
