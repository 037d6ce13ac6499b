"""The numbers of a countdown: a clip -> the same word on its beat, softer, and falling towards the end.

    clip + manner -> `COUNTED_MS` of sound, its vowel `VOWEL_MS` after its beginning

A spoken number is heard where its vowel begins, not where its first consonant does ("Three" and "One" differ by a tenth
of a second), so it is the vowels that lie a second apart, and a second before the tone that follows. "Three. Two. One."
as a voice says three words by themselves has no melody: each ends as low as the others. Here the last three fall, each
by itself and, more, from one to the next, by `FALLS`: the last one is lowest, which says that something ends.
"""

import functools
import hashlib
from typing import TYPE_CHECKING

from audiogen.audio.pcm import SAMPLE_BYTES, SAMPLES_PER_MS, ratio
from audiogen.script.steps import COUNTED_MS, VOWEL_MS
from audiogen.storage.cache import Cache, key_of, version_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

COUNTING_VERSION = 2  # part of the keys: one more whenever the same clip becomes something else

SOFTER_DB = -3.0
# In semitones, at the beginning and the end. They fall more from one to the next than each by itself: what glides far
# sounds less clear.
FALLS = {"counted 3": (2.5, 1.5), "counted 2": (0.0, -1.0), "counted 1": (-2.25, -4.0)}
FADE_MS = 40  # where a word is longer than its place


class Counting:
    """Count with numbers that are cached on disk, so that a track of which they are known needs no numpy."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def __call__(self, pcm: bytes, manner: str) -> bytes:
        key = count_key(hashlib.sha256(pcm).hexdigest(), manner)
        entry = self._cache.get("clips", key)
        if entry is not None and len(entry.body) == COUNTED_MS * SAMPLES_PER_MS * SAMPLE_BYTES:
            return entry.body
        made = counted(pcm, manner)
        self._cache.put("clips", key, made, COUNTED_MS)
        return made


def count_key(digest: str, manner: str) -> str:
    """The key of a clip with this SHA-256, counted in this manner."""
    return key_of(counted=digest, manner=manner, version=COUNTING_VERSION, numpy=version_of("numpy"))


@functools.lru_cache(maxsize=16)
def counted(pcm: bytes, manner: str) -> bytes:
    """A clip as a number of a countdown: 16-bit little-endian mono PCM of `COUNTED_MS`."""
    import numpy as np

    from audiogen.audio.melody import falling
    from audiogen.audio.vowel import vowel_ms

    word = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
    peak = float(np.abs(word).max(initial=0.0))
    if manner in FALLS:
        word = falling(word, *FALLS[manner])
    gain = min(ratio(SOFTER_DB), peak / max(float(np.abs(word).max(initial=0.0)), 1e-9))  # no peak is above the clip's
    placed = _placed(word, round(vowel_ms(word) * SAMPLES_PER_MS))
    return bytes(np.rint(placed * (gain * 32767)).astype("<i2").tobytes())


def _placed(word: "Samples", vowel: int) -> "Samples":
    """The word with its vowel at its place; what is too long is faded out, on both sides."""
    import numpy as np

    early = vowel - VOWEL_MS * SAMPLES_PER_MS
    word = np.pad(word, (max(0, -early), 0))[max(0, early) :]
    size = COUNTED_MS * SAMPLES_PER_MS
    over = len(word) > size
    word = np.pad(word, (0, max(0, size - len(word))))[:size]
    ramp = np.linspace(0, 1, FADE_MS * SAMPLES_PER_MS, dtype=np.float32)
    if early > 0:
        word[: len(ramp)] *= ramp
    if over:
        word[-len(ramp) :] *= ramp[::-1]
    return word
