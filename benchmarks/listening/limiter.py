"""WAV files of speech -> how far the limiter's distortion is below the signal, as JSON; run by a checkout's own code.

It prints the median and the worst, or null where no file is limited.

A limiter turns a peak down, which is its task; what it adds is the part of its gain that moves faster than a word does,
inside the period of a low voice. So its distortion is the difference to the same gain without what is faster than
50 ms.
"""

import json
import sys
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from audiogen.audio import loudness

RATE, SLOW_MS = 48_000, 50
LUFS, CEILING_DBTP = -17.2, -1.7
LIMITED_DB = 0.5  # less is hardly limited at all


def main(folder: Path) -> None:
    found = [ratio for path in sorted(folder.glob("*.wav")) if (ratio := signal_to_distortion_db(path)) is not None]
    print(json.dumps([float(np.median(found)), min(found)] if found else None))


def signal_to_distortion_db(path: Path) -> float | None:
    samples, rate = soundfile.read(path, dtype="float32")
    speech = soxr.resample(samples, rate, RATE, "VHQ")
    clip = loudness._Clip(speech, CEILING_DBTP)
    gain = np.minimum(clip.limiting(clip.gain_db_for(LUFS)), 1.0)
    if -20 * np.log10(gain.min()) < LIMITED_DB:
        return None
    limited, slowly = loudness._with_gain(speech, gain), loudness._with_gain(speech, _slow(gain))
    return float(10 * np.log10(np.square(slowly).sum() / max(float(np.square(limited - slowly).sum()), 1e-12)))


def _slow(gain: NDArray[np.float64]) -> NDArray[np.float64]:
    window = np.hanning(SLOW_MS + 2)[1:-1]
    padded = np.pad(gain, SLOW_MS // 2, mode="edge")
    return np.convolve(padded, window / window.sum(), "same")[SLOW_MS // 2 : SLOW_MS // 2 + len(gain)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
