"""One track by every decoder that we know: the same samples, exactly as many as planned, each tone in its place."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import imageio_ffmpeg
import miniaudio
import numpy as np
import pytest

from audiogen.session import Rendered
from audiogen.track.tones import tone
from tests import decode
from tests.decode import Samples, needs, onset

SAMPLES_PER_MS = 48


def debians_ffmpeg(path: Path) -> Samples:
    return decode.ffmpeg(path).samples


def recent_ffmpeg(path: Path) -> Samples:
    """The program inside imageio-ffmpeg."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-xerror", "-i", str(path), "-f", "s16le", "-"]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, "<i2")


def pyav(path: Path) -> Samples:
    """FFmpeg's libraries without its program."""
    with av.open(str(path)) as container:
        pieces = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    samples: Samples = np.rint(np.clip(np.concatenate(pieces) * 32768, -32768, 32767)).astype("<i2")
    return samples


def libsndfile(path: Path) -> Samples:
    return decode.libsndfile(path).samples


def mpg123(path: Path) -> Samples:
    return decode.mpg123(path).samples


def miniaudios(path: Path) -> Samples:
    decoded = miniaudio.mp3_read_file_s16(str(path))
    assert (decoded.sample_rate, decoded.nchannels) == (48_000, 1)
    samples: Samples = np.asarray(decoded.samples, "<i2")
    return samples


@pytest.mark.parametrize(
    "decoder",
    [
        pytest.param(debians_ffmpeg, marks=needs("ffmpeg")),
        recent_ffmpeg,
        pyav,
        libsndfile,
        pytest.param(mpg123, marks=needs("mpg123")),
        miniaudios,
    ],
)
def test_every_decoder_honours_the_info_frame(decoder: Callable[[Path], Samples], short_track: Rendered) -> None:
    """All of them do; one that did not would be late by 1105 samples and 23 ms too long."""
    timeline, samples = short_track.timeline, decoder(short_track.path)
    assert len(samples) == timeline.length_ms * SAMPLES_PER_MS
    expected = libsndfile(short_track.path).astype(int)
    assert np.abs(samples.astype(int) - expected).max() <= 1  # of 32767: they round in their own ways
    tones = [event for event in timeline.events if event.kind == "tone"]
    assert len(tones) > 10
    for event in tones:
        place = event.start_ms * SAMPLES_PER_MS
        assert abs(onset(samples, np.frombuffer(tone(event.role).raw_data, "<i2"), place) - place) < SAMPLES_PER_MS
