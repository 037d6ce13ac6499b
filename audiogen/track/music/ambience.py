"""Computed ambiences: rain, ocean, drone and brown noise, stereo, without an end and without a seam.

    name -> Ambience: samples from any position on

An ambience is made of loops of half a minute or so, each shaped as a spectrum of random phases, so that its last sample
leads to its first by construction. Channels have phases of their own. Loops of different lengths lie over one another,
so that the whole repeats only after half an hour or more; memory is that of the loops, whatever the session's length.
"""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from audiogen.audio.pcm import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    Hertz = NDArray[np.float64]

SEED = 1770


class Ambience:
    """Samples [count, 2] of an ambience, read one stretch after the other; its loudness is whatever it is."""

    def __init__(self, name: str) -> None:
        self._at = 0
        self._sounding = _sounding(name)

    def read(self, count: int) -> "Samples":
        """The next `count` samples."""
        stretch = self._sounding(self._at, count)
        self._at += count
        return stretch


Sounding = Callable[[int, int], "Samples"]


@functools.lru_cache(maxsize=1)  # for one track after the other: it needs a second
def _sounding(name: str) -> Sounding:
    return {"rain": _rain, "ocean": _ocean, "drone": _drone, "brown": _brown}[name]()


def _rain() -> Sounding:
    """A hiss without much depth, and drops that fall on something."""
    import numpy as np

    hiss = _noise(1, 31, lambda hz: _band(hz, 350, 9000) / np.sqrt(hz))
    drops = _drops(2, 23)
    return lambda at, count: _turned(hiss, at, count) + 0.7 * _turned(drops, at, count)


def _ocean() -> Sounding:
    """A low rumble, and waves that break and run out again, seven a minute.

    You hear a wave by its brightness: where there is more spray there is less rumble, so that the whole swells by 2 dB.
    """
    import numpy as np

    rumble = _noise(3, 29, lambda hz: _band(hz, 60, 500) / hz)
    spray = _noise(4, 31, lambda hz: _band(hz, 300, 7000) / hz**0.8)
    waves = _waves(5, 61, 7)

    def sounding(at: int, count: int) -> "Samples":
        wave = _turned(waves, at, count)
        bright = 0.06 + 0.9 * wave
        sea: Samples = np.sqrt(1 - bright**2) * _turned(rumble, at, count) + bright * _turned(spray, at, count)
        return (0.8 + 0.2 * wave) * sea

    return sounding


def _drone() -> Sounding:
    """A fifth over its root and its octaves, each note beating slowly and gently against itself."""
    import numpy as np

    seconds = 40  # every frequency here is a whole number of turns in it
    turns = np.random.default_rng(SEED + 6)
    spectra = np.zeros((2, seconds * RATE // 2 + 1), np.complex64)
    for hz, level in ((110, 0.5), (165, 0.6), (220, 1.0), (330, 0.7), (440, 0.5), (660, 0.22), (880, 0.12)):
        for channel in (0, 1):
            for away, strong in ((-1, 1.0), (1, 0.4)):
                phase, swell = turns.random(2) * 2 * np.pi
                beat = turns.integers(1, 5)
                tone = hz * seconds + away * (1 + 2 * channel)
                # A tone that swells between 0.4 and 1 is three: itself, and one to each side.
                for beside, share in ((-1, 0.15), (0, 0.7), (1, 0.15)):
                    turned = np.exp(1j * (phase + beside * swell))
                    spectra[channel, tone + beside * beat] += level / 2 * strong * share * turned
    loop = np.ascontiguousarray(np.fft.irfft(spectra, norm="forward").T, np.float32)
    return lambda at, count: _turned(loop, at, count)


def _brown() -> Sounding:
    """Noise that falls by 6 dB an octave."""
    loop = _noise(7, 37, lambda hz: _band(hz, 40, 12_000) / hz)
    return lambda at, count: _turned(loop, at, count)


# -- loops


def _noise(seed: int, seconds: int, shape: Callable[["Hertz"], "Hertz"]) -> "Samples":
    """Noise of a spectrum, at a root mean square of 1 in each channel."""
    import numpy as np

    count = seconds * RATE
    hz = np.fft.rfftfreq(count, 1 / RATE).astype(np.float64)
    hz[0] = 1.0
    amplitude = shape(hz)
    amplitude[0] = 0.0
    turns = np.random.default_rng(SEED + seed)
    loop = np.empty((count, 2), np.float32)
    for channel in (0, 1):
        phase = (2 * np.pi * turns.random(len(hz))).astype(np.float32)
        spectrum = np.empty(len(hz), np.complex64)
        spectrum.real, spectrum.imag = amplitude * np.cos(phase), amplitude * np.sin(phase)
        wave = np.fft.irfft(spectrum, count)
        loop[:, channel] = wave / np.sqrt(np.mean(wave**2))
    return loop


def _band(hz: "Hertz", low_hz: float, high_hz: float) -> "Hertz":
    """What passes between two frequencies, with soft shoulders."""
    import numpy as np

    below, above = np.square(low_hz / hz), np.square(hz / high_hz)
    passed: Hertz = 1 / np.sqrt((1 + below * below) * (1 + above * above))
    return passed


def _drops(seed: int, seconds: int) -> "Samples":
    """Drops at random moments, short ringing strokes of a few pitches, at a root mean square of 1."""
    import numpy as np

    count, each = seconds * RATE, 40  # a second, of each pitch
    turns = np.random.default_rng(SEED + seed)
    t = np.arange(RATE // 20) / RATE
    loop = np.zeros((2, count + len(t)), np.float32)
    for hz, ringing_s in ((1400, 0.006), (2100, 0.004), (3100, 0.003), (4400, 0.002)):
        # From zero and back to it: a drop does not click.
        stroke = np.sin(2 * np.pi * hz * t) * np.minimum(t / 0.001, 1) * np.exp(-t / ringing_s)
        for channel in loop:
            places, heights = turns.integers(0, count, seconds * each), turns.lognormal(0.0, 0.8, seconds * each)
            for place, height in zip(places, heights, strict=True):
                channel[place : place + len(t)] += height * stroke
    loop = _closed(loop, count)
    loop /= np.sqrt(np.mean(loop**2))
    return loop


_RISES_S, _RUNS_OUT_S = 1.4, 2.6  # a wave
_FLAT = 6  # times as far from its top, nothing is left of it


def _waves(seed: int, seconds: int, number: int) -> "Samples":
    """How high the water stands, 0 to 1, in both channels a little apart: it rises faster than it runs out."""
    import numpy as np

    count = seconds * RATE
    turns = np.random.default_rng(SEED + seed)
    away_s = np.arange(-_FLAT * _RISES_S, _FLAT * _RUNS_OUT_S, 1 / RATE)
    wave = np.exp(-((away_s / np.where(away_s < 0, _RISES_S, _RUNS_OUT_S)) ** 2))
    loop = np.zeros((2, count + len(wave)), np.float32)
    for n in range(number):
        at_s = (n + 0.6 * turns.random()) * seconds / number
        height = 0.5 + 0.5 * turns.random()
        for channel in loop:
            first = round((at_s + 0.4 * turns.random() - _FLAT * _RISES_S) * RATE) % count
            channel[first : first + len(wave)] += height * wave
    loop = _closed(loop, count)
    loop /= loop.max()
    return loop


def _closed(channels: "Samples", count: int) -> "Samples":
    """A loop [count, 2] of two channels that are longer: what is behind its end is heard as it begins again."""
    import numpy as np

    channels[:, : channels.shape[1] - count] += channels[:, count:]
    return np.ascontiguousarray(channels[:, :count].T)


def _turned(loop: "Samples", at: int, count: int) -> "Samples":
    """`count` samples of a loop from a position on, as often round as needed."""
    import numpy as np

    return loop.take(np.arange(at, at + count) % len(loop), axis=0)
