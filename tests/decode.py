"""Finished files as samples, by decoders that did not make them, and what is measured on samples."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

Samples = NDArray[np.int16]


class Decoded(NamedTuple):
    """Mono samples at the file's own rate."""

    samples: Samples
    rate: int


def needs(program: str) -> pytest.MarkDecorator:
    """Skips a test where a program from Debian is missing (its package has the program's name)."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"needs {program} (apt-get install {program})")


def ffmpeg(path: Path) -> Decoded:
    return _through_wav(["ffmpeg", "-v", "error", "-xerror", "-i", str(path), "-c:a", "pcm_s16le"], path)


def mpg123(path: Path) -> Decoded:
    return _through_wav(["mpg123", "--quiet", "--encoding", "s16", "--wav"], path, str(path))


def libsndfile(path: Path) -> Decoded:
    samples, rate = soundfile.read(path, dtype="int16")
    assert samples.ndim == 1, f"{path} is not mono"
    return Decoded(samples, rate)


def _through_wav(command: list[str], path: Path, *after: str) -> Decoded:
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / f"{path.stem}.wav"
        done = subprocess.run([*command, str(wav), *after], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert (done.returncode, done.stderr) == (0, ""), f"{command[0]}: {done.stderr}"
        return libsndfile(wav)


Decoder = Callable[[Path], Decoded]

every_decoder = pytest.mark.parametrize(
    "decode",
    [
        pytest.param(ffmpeg, marks=needs("ffmpeg"), id="ffmpeg"),
        pytest.param(libsndfile, id="libsndfile"),
        pytest.param(mpg123, marks=needs("mpg123"), id="mpg123"),
    ],
)


def mp3val_complaints(path: Path) -> list[str]:
    done = subprocess.run(["mp3val", str(path)], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if line.startswith(("WARNING", "ERROR"))]


def onset(samples: Samples, tone: Samples, around: int, within: int = 2400) -> int:
    """The sample at which `tone` begins, looked for at most `within` samples from `around`, by correlation.

    Exact for sounds that are no louder or softer a moment earlier: the tones change from sample to sample.
    """
    first = max(0, around - within)
    stretch = samples[first : around + within + len(tone)].astype(np.float64)
    assert len(stretch) >= len(tone), "the tone does not fit there"
    wanted = tone.astype(np.float64)
    size = 1 << (len(stretch) - 1).bit_length()  # at every place the tone ends within the stretch
    found = np.fft.irfft(np.fft.rfft(stretch, size) * np.conj(np.fft.rfft(wanted, size)), size)
    found = found[: len(stretch) - len(wanted) + 1]
    at = int(found.argmax())
    energy = np.sqrt((wanted**2).sum() * (stretch[at : at + len(wanted)] ** 2).sum())
    assert energy > 0, f"only silence around sample {around}"
    assert found[at] > 0.9 * energy, f"no such tone around sample {around}"
    return first + at


def snr_db(original: Samples, decoded: Samples) -> float:
    """Signal to noise after the best common gain (the encoder is a little quiet)."""
    x, y = original.astype(np.float64), decoded.astype(np.float64)
    gain = (x @ y) / (x @ x)
    noise = y - gain * x
    return float(10 * np.log10(gain**2 * (x @ x) / (noise @ noise)))
