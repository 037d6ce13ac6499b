"""A spoken word -> the same word with its pitch moved along a line; its vowels stay the vowels they were.

The word is read slower or faster as it goes on, which moves its pitch exactly and whatever the voice is, without having
to know its pitch; then each moment is given back the spectral envelope that it had, by which vowels are told apart.
The envelope is the cepstrally smoothed spectrum (A. V. Oppenheim and R. W. Schafer, Discrete-Time Signal Processing,
chapter on homomorphic deconvolution). A word that falls becomes a little longer, as last words are.

Mono, at 48 kHz.
"""

from typing import TYPE_CHECKING

from audiogen.audio.pcm import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    Floats = NDArray[np.float64]

OVER = 4  # times the rate at which a word is read between its samples
WINDOW, HOP = 2048, 512  # 43 ms: some periods of a low voice
SMOOTH_S = 0.0022  # of the cepstrum that is envelope: below the period of voices up to 450 Hz
MOST_DB = 18.0  # by which the envelope is corrected
FLOOR = 1e-4  # of the loudest: what is softer has no envelope


def falling(word: "Samples", from_semitones: float, to_semitones: float) -> "Samples":
    """Move the pitch of a word, by `from_semitones` at its beginning and `to_semitones` at its end."""
    import numpy as np

    where = _course(len(word), from_semitones, to_semitones)
    read = _read(word, where)
    frames = _frames(read)
    middles = np.minimum(np.arange(len(frames)) * HOP, len(where) - 1)
    before = _frames_at(word, np.rint(where[middles]).astype(int))
    moved = _joined(frames, _envelope(before) - _envelope(frames), len(read))
    power, was = float(np.square(moved).mean()), float(np.square(word).mean())
    return moved * np.float32(np.sqrt(was / power)) if power else moved


def _course(count: int, from_semitones: float, to_semitones: float) -> "Floats":
    """Where in the word each sample of the new one is read."""
    import numpy as np

    slower = 2 ** (-np.linspace(from_semitones, to_semitones, count) / 12)
    times = np.concatenate([[0.0], np.cumsum(slower)])
    return np.interp(np.arange(int(times[-1])), times, np.arange(count + 1))


def _read(word: "Samples", where: "Floats") -> "Floats":
    import numpy as np
    import soxr

    finer = soxr.resample(np.pad(word, (0, WINDOW)).astype(np.float64), RATE, OVER * RATE, "HQ")
    return np.asarray(np.interp(where * OVER, np.arange(len(finer)), finer))


def _frames(sound: "Floats") -> "Floats":
    """Windows of a sound, [frames, WINDOW], their middles `HOP` samples apart from its beginning on."""
    import numpy as np

    return _frames_at(sound, np.arange(0, len(sound) + HOP, HOP))


def _frames_at(sound: "Floats | Samples", middles: "NDArray[np.int64]") -> "Floats":
    import numpy as np

    padded = np.pad(sound, (WINDOW // 2, WINDOW + HOP))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[np.minimum(middles, len(sound))]
    return np.asarray(windows * np.hanning(WINDOW + 1)[:-1])


def _envelope(frames: "Floats") -> "Floats":
    """The smoothed logarithm of each frame's spectrum."""
    import numpy as np

    spectra = np.abs(np.fft.rfft(frames))
    logarithms = np.log(np.maximum(spectra, FLOOR * spectra.max()))
    cepstra = np.fft.irfft(logarithms)
    kept = round(SMOOTH_S * RATE)
    cepstra[:, kept:-kept] = 0.0
    return np.asarray(np.fft.rfft(cepstra).real)


def _joined(frames: "Floats", corrections: "Floats", count: int) -> "Samples":
    import numpy as np

    most = MOST_DB / 20 * np.log(10)
    made = np.fft.irfft(np.fft.rfft(frames) * np.exp(np.clip(corrections, -most, most)))
    window = np.hanning(WINDOW + 1)[:-1]
    sound = np.zeros(len(frames) * HOP + WINDOW)
    weight = np.zeros(len(sound))
    for index, frame in enumerate(made * window):
        sound[index * HOP : index * HOP + WINDOW] += frame
        weight[index * HOP : index * HOP + WINDOW] += window**2
    whole = (sound / np.maximum(weight, 1e-3))[WINDOW // 2 : WINDOW // 2 + count]
    return np.asarray(whole, np.float32)
