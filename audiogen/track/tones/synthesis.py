"""Of what the computed tones are made: notes, bells, bars of wood, glides and breaths, as floating-point samples.

Each part begins and ends at zero, along half a cosine; its user sets how loud it is.

numpy is loaded only when something is computed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from audiogen.audio.pcm import RATE, SAMPLES_PER_MS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float64]

Partial = tuple[float, float, float]  # its pitch over the fundamental, how loud, and ms after which 1/e is left


def partials(hz: float, over: Sequence[Partial], length_ms: int, attack_ms: int, release_ms: int) -> "Samples":
    """A struck or blown sound: sines above `hz`, each dying down by itself."""
    import numpy as np

    t = _seconds(length_ms)
    sound = np.zeros_like(t)
    for first in range(0, len(t), RATE):  # second by second: in one, a bowl of five would need 2 MB at each step
        at = t[first : first + RATE]
        for ratio, level, decay_ms in over:
            sound[first : first + RATE] += level * np.sin(2 * np.pi * hz * ratio * at) * np.exp(-at * 1000 / decay_ms)
    return edged(sound, attack_ms, release_ms)


def glide(from_hz: float, to_hz: float, length_ms: int, attack_ms: int, release_ms: int) -> "Samples":
    """Pitch that moves evenly in octaves; the phase is its integral."""
    import numpy as np

    t = _seconds(length_ms)
    octaves = np.log2(to_hz / from_hz) / (length_ms / 1000)  # a second
    phase = 2 * np.pi * from_hz * (2 ** (octaves * t) - 1) / (octaves * np.log(2))
    return edged(np.sin(phase) + 0.2 * np.sin(2 * phase), attack_ms, release_ms)


def breath(low_hz: float, high_hz: float, length_ms: int, attack_ms: int, release_ms: int) -> "Samples":
    """Noise between two pitches, equally loud in each octave: it has no pitch and no beginning that one could name."""
    import numpy as np

    samples = _samples(length_ms)
    hz = np.fft.rfftfreq(samples, 1 / RATE)
    within = (hz >= low_hz) & (hz <= high_hz)
    spectrum = np.zeros(len(hz), complex)
    spectrum[within] = np.exp(2j * np.pi * np.random.default_rng(SEED).random(int(within.sum()))) / np.sqrt(hz[within])
    return edged(np.fft.irfft(spectrum, samples), attack_ms, release_ms)


SEED = 7
HALF_BAND = 1.5  # a swell's noise reaches from its pitch divided by this to its pitch times this


def swell(from_hz: float, to_hz: float, length_ms: int, fullest: float) -> "Samples":
    """The noise of a breath that moves from one pitch to another; it is loudest after this share of its length."""
    import numpy as np

    near, far = (breath(hz / HALF_BAND, hz * HALF_BAND, length_ms, 0, 0) for hz in (from_hz, to_hz))
    turn = np.linspace(0, np.pi / 2, len(near))
    moving = np.cos(turn) * near / near.std() + np.sin(turn) * far / far.std()
    attack_ms = round(fullest * length_ms)
    return edged(moving, attack_ms, length_ms - attack_ms)


def placed(length_ms: int, *parts: tuple[int, "Samples"]) -> "Samples":
    """Parts at their milliseconds, added up."""
    import numpy as np

    sound = np.zeros(_samples(length_ms))
    for at_ms, part in parts:
        sound[_samples(at_ms) : _samples(at_ms) + len(part)] += part
    return sound


def edged(sound: "Samples", attack_ms: int, release_ms: int) -> "Samples":
    """The sound, from zero and back to it along half a cosine."""
    import numpy as np

    for edge, length_ms in ((sound, attack_ms), (sound[::-1], release_ms)):
        edge[: _samples(length_ms)] *= 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, _samples(length_ms)))
    return sound


def _seconds(length_ms: int) -> "Samples":
    import numpy as np

    return np.arange(_samples(length_ms)) / RATE


def _samples(length_ms: int) -> int:
    return length_ms * SAMPLES_PER_MS
