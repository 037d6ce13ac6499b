"""The tones, computed: role -> sound of `TONE_MS[role]` milliseconds.

Three to learn: two notes upwards start the work, a low bell ends it (three strokes when all is finished), a wooden
tick counts down. A short glide up or down begins a phase, a small ping stands for words. They are told apart with eyes
closed, begin softly, and live between 400 Hz and 4 kHz, where a phone's speaker does.

Each begins and ends at zero, and its first sample is its onset.

numpy is loaded only when a tone is computed, pydub when a segment is made: a track whose blocks are kept needs neither.
"""

import functools
import warnings
from typing import TYPE_CHECKING

from audiogen.script import TONE_MS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydub import AudioSegment

    Samples = NDArray[np.float64]

__all__ = ["SOUNDS_VERSION", "segment", "tone"]

SOUNDS_VERSION = 1  # part of the keys of what is made with tones: one more whenever a tone changes
RATE = 48_000
ATTACK_MS = 10

# A bell's partials over its fundamental: hum, prime, minor third, fifth, octave, and two above; how loud each is,
# and after how long it has died down to 1/e. The low hum carries little, since a phone does not play it.
BELL_HZ = 440.0
BELL = (
    (0.5, 0.15, 600),
    (1.0, 1.0, 460),
    (1.2, 0.5, 380),
    (1.5, 0.25, 300),
    (2.0, 0.45, 240),
    (2.52, 0.15, 130),
    (3.01, 0.08, 80),
)
STROKES_MS = (0, 750, 1500)  # of the finish; each stroke is a whole `end`


@functools.cache
def tone(role: str) -> "AudioSegment":
    """The tone of that role: 16 bit, mono, 48 kHz, exactly `TONE_MS[role]` * 48 samples."""
    import numpy as np

    match role:
        case "start":
            sound, peak_dbfs = _sum(600, (0, _note(600, 587.3, 210)), (170, _note(430, 880.0, 260))), -9.0
        case "end":
            sound, peak_dbfs = _bell(), -9.0
        case "finish":
            sound, peak_dbfs = _sum(TONE_MS["finish"], *((at_ms, _bell()) for at_ms in STROKES_MS)), -9.0
        case "tick":
            sound, peak_dbfs = _tick(), -9.0
        case "rising":
            sound, peak_dbfs = _glide(500.0, 1000.0), -12.0
        case "falling":
            sound, peak_dbfs = _glide(1000.0, 500.0), -12.0
        case "cue":
            sound, peak_dbfs = _note(120, 1318.5, 60), -10.0
        case _:
            raise ValueError(f"no tone is called {role!r}; there are {', '.join(TONE_MS)}")
    if len(sound) != _samples(TONE_MS[role]):
        raise ValueError(f"the tone {role!r} lasts {len(sound)} samples, not {TONE_MS[role]} ms")
    loudest = 10 ** (peak_dbfs / 20) * 32767
    return segment(np.rint(sound / np.abs(sound).max() * loudest).astype("<i2").tobytes())


def segment(pcm: bytes) -> "AudioSegment":
    """16-bit little-endian mono PCM at 48 kHz as pydub holds it."""
    return _pydub()(data=pcm, sample_width=2, frame_rate=RATE, channels=1)


@functools.cache
def _pydub() -> "type[AudioSegment]":
    with warnings.catch_warnings():
        # pydub looks for ffmpeg as it is imported; nothing here needs one.
        warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning)
        # It takes its arithmetic from audioop, which left Python in 3.13 (audioop-lts stands in from there).
        warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
        # Its regular expressions are no raw strings; Python 3.12+ warns when it compiles them, 3.11 mentions it.
        warnings.filterwarnings("ignore", ".*invalid escape sequence", SyntaxWarning)
        warnings.filterwarnings("ignore", ".*invalid escape sequence", DeprecationWarning)
        from pydub import AudioSegment
    loaded: type[AudioSegment] = AudioSegment
    return loaded


def _bell() -> "Samples":
    import numpy as np

    length_ms = TONE_MS["end"]
    t = _seconds(length_ms)
    sound = sum(
        (
            level * np.sin(2 * np.pi * BELL_HZ * ratio * t) * np.exp(-t * 1000 / decay_ms)
            for ratio, level, decay_ms in BELL
        ),
        np.zeros_like(t),
    )
    return _edged(sound, ATTACK_MS, 250)


def _note(length_ms: int, hz: float, decay_ms: float) -> "Samples":
    """A plucked note: three partials, the higher the shorter."""
    import numpy as np

    t = _seconds(length_ms)
    partials = ((1, 1.0), (2, 0.3), (3, 0.1))
    sound = sum(
        (level * np.sin(2 * np.pi * n * hz * t) * np.exp(-t * 1000 * n / decay_ms) for n, level in partials),
        np.zeros_like(t),
    )
    return _edged(sound, ATTACK_MS, length_ms // 3)


def _tick() -> "Samples":
    """A stroke on wood: two partials that do not belong together and are gone at once."""
    import numpy as np

    t = _seconds(TONE_MS["tick"])
    sound = np.sin(2 * np.pi * 950 * t) * np.exp(-t / 0.018) + 0.5 * np.sin(2 * np.pi * 2380 * t) * np.exp(-t / 0.01)
    return _edged(sound, 5, 20)


def _glide(from_hz: float, to_hz: float) -> "Samples":
    """Pitch moves evenly in octaves, and the phase is its integral."""
    import numpy as np

    t = _seconds(TONE_MS["rising"])
    octaves = np.log2(to_hz / from_hz) / (TONE_MS["rising"] / 1000)  # a second
    phase = 2 * np.pi * from_hz * (2 ** (octaves * t) - 1) / (octaves * np.log(2))
    return _edged(np.sin(phase) + 0.2 * np.sin(2 * phase), 15, 50)


def _sum(length_ms: int, *placed: tuple[int, "Samples"]) -> "Samples":
    import numpy as np

    sound = np.zeros(_samples(length_ms))
    for at_ms, part in placed:
        sound[_samples(at_ms) : _samples(at_ms) + len(part)] += part
    return sound


def _edged(sound: "Samples", attack_ms: int, release_ms: int) -> "Samples":
    """The sound from zero and back to it, along half a cosine."""
    import numpy as np

    edged = sound.copy()
    for edge, length_ms in ((edged, attack_ms), (edged[::-1], release_ms)):
        edge[: _samples(length_ms)] *= 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, _samples(length_ms)))
    return edged


def _seconds(length_ms: int) -> "Samples":
    import numpy as np

    return np.arange(_samples(length_ms)) / RATE


def _samples(length_ms: int) -> int:
    return length_ms * RATE // 1000
