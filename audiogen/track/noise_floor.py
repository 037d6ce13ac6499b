"""The bed: soft pink noise under a whole track, so that Bluetooth earbuds and speakers stay awake in its silences.

    Cache -> the loop's samples, and its frames

It is one loop that meets its own beginning, computed and encoded once for each bit rate and cached. Frames borrow bits
from those before them, so the loop is entered at frame 0 only: a silence of n frames is the bed's first n frames, and
a longer one begins the loop again. Blocks carry the loop's samples from their own first sample on.

numpy is loaded only where the noise is computed: a track whose blocks and bed are cached does not need it.
"""

from audiogen.audio.pcm import RATE, SAMPLE_BYTES, ratio
from audiogen.storage.cache import Cache, key_of, version_of
from audiogen.timeline.events import FRAME_MS
from audiogen.track import mp3
from audiogen.track.blocks import FRAME_SAMPLES

BED_VERSION = 2  # part of the keys: one more whenever the noise changes
LOOP_FRAMES = 500  # 12 s
RMS_DBFS = -72.0  # at -70 the loudness meters' gate opens, and the silences would count as sound
PEAK = 40  # of 32767: no sample is louder
# Higher noise would cost the encoder so many bits that its reserve was not full again where the next sound begins:
# measured, up to 12 kHz 0.3 dB of signal to noise over a whole track, up to 4 kHz less than 0.1.
LOWEST_HZ, HIGHEST_HZ = 50.0, 4000.0
SEED = 72


def noise() -> bytes:
    """The loop: 16 bit, mono, 48 kHz, equally loud in each octave; its last sample leads to its first."""
    import numpy as np

    samples = LOOP_FRAMES * FRAME_SAMPLES
    hz = np.fft.rfftfreq(samples, 1 / RATE)
    hz = hz[hz <= HIGHEST_HZ]  # what is above is zero without being computed
    heard = hz >= LOWEST_HZ
    spectrum = np.zeros(len(hz), complex)
    turns = np.random.default_rng(SEED).random(int(heard.sum()))
    spectrum[heard] = np.exp(2j * np.pi * turns) / np.sqrt(hz[heard])
    wave = np.fft.irfft(spectrum, samples)
    wave *= 32768 * ratio(RMS_DBFS) / np.sqrt(np.mean(wave**2))
    return np.clip(np.rint(wave), -PEAK, PEAK).astype("<i2").tobytes()


def bed_key() -> str:
    """What distinguishes this bed's samples from another's."""
    return key_of(bed=BED_VERSION, frames=LOOP_FRAMES, seed=SEED, numpy=version_of("numpy"))


def bed_pcm(cache: Cache) -> bytes:
    """The loop's samples: cached, else computed and cached."""
    entry = cache.get("clips", bed_key())
    if entry is not None and len(entry.body) == SAMPLE_BYTES * LOOP_FRAMES * FRAME_SAMPLES:
        return entry.body
    computed = noise()
    cache.put("clips", bed_key(), computed, LOOP_FRAMES * FRAME_MS)
    return computed


def bed_frames(cache: Cache, bitrate_kbps: int = mp3.MONO_KBPS) -> bytes:
    """The loop's frames: cached, else encoded and cached."""
    key = key_of(bed_frames=bed_key(), encoder=version_of("lameenc"), quality=mp3.QUALITY, bitrate_kbps=bitrate_kbps)
    entry = cache.get("blocks", key)
    if entry is not None and _is_whole(entry.body, bitrate_kbps):
        return entry.body
    encoded = mp3.encode_block(bed_pcm(cache), bitrate_kbps, quiet=PEAK)
    cache.put("blocks", key, encoded, LOOP_FRAMES * FRAME_MS)
    return encoded


def _is_whole(frames: bytes, bitrate_kbps: int) -> bool:
    """Whether it is a loop of ours, each frame's sound within the loop: a checksum alone proves less."""
    if len(frames) != LOOP_FRAMES * mp3.frame_bytes(bitrate_kbps):
        return False
    try:
        return sum(1 for _ in mp3.walk(frames, bitrate_kbps)) == LOOP_FRAMES
    except mp3.BrokenFrames:
        return False
