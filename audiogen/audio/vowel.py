"""A spoken word -> when its first vowel begins.

Where a word is heard as a beat is where its first stressed vowel begins, not where its sound does. As in F. Cummins and
R. Port, Rhythmic constraints on stress timing in English, Journal of Phonetics 26 (1998): the sound is reduced to the
band where vowels have most of their energy, its envelope is smoothed, and the beat is in the middle of the rise,
between a tenth and nine tenths of it. The band here is wider than theirs, so that it holds the vowels of any language,
and the hiss of fricatives stays above it.

Mono, at 48 kHz.
"""

from typing import TYPE_CHECKING

from audiogen.audio.pcm import RATE, SAMPLES_PER_MS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

LOW_HZ, HIGH_HZ = 250.0, 1500.0
SMOOTH_MS = 30
BEFORE_MS = 50  # of silence, from which it rises
BOTTOM, TOP = 0.1, 0.9


def vowel_ms(word: "Samples") -> float:
    """Find when the first vowel of a word begins, in ms from its first sample."""
    import numpy as np

    envelope = _envelope(np.pad(word, (BEFORE_MS * SAMPLES_PER_MS, 0)))
    peak = float(envelope.max(initial=0.0))
    if not peak:
        return 0.0
    top = int(np.argmax(envelope >= TOP * peak))
    bottom = top - int(np.argmax(envelope[top::-1] < BOTTOM * peak))
    middle = bottom + int(np.argmax(envelope[bottom : top + 1] >= (BOTTOM + TOP) / 2 * peak))
    return float(middle - BEFORE_MS)


def _envelope(word: "Samples") -> "NDArray[np.float64]":
    import numpy as np

    size = len(word) + 100 * SAMPLES_PER_MS
    hz = np.fft.rfftfreq(size, 1 / RATE)
    band = 1 / np.sqrt((1 + (LOW_HZ / np.maximum(hz, 1)) ** 8) * (1 + (hz / HIGH_HZ) ** 8))
    heard = np.fft.irfft(np.fft.rfft(word, size) * band, size)[: len(word)]
    power = np.abs(np.pad(heard, (0, -len(heard) % SAMPLES_PER_MS))).reshape(-1, SAMPLES_PER_MS).mean(axis=1)
    window = np.hanning(SMOOTH_MS + 2)[1:-1]
    return np.convolve(power, window / window.sum(), "same")
