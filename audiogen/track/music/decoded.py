"""A file of music -> stereo samples at 48 kHz: by libsndfile or, where that cannot read it, by ffmpeg."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from audiogen.audio.ffmpeg import FfmpegError, decoding, rate_of, require_ffmpeg
from audiogen.audio.libsndfile import low_rate, reason_of, refused_rate
from audiogen.audio.pcm import RATE, SAMPLES_PER_MS
from audiogen.errors import MusicError, Problem

if TYPE_CHECKING:
    import numpy as np
    import soundfile
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

AT_ONCE = 96_000  # samples


def samples_of(path: Path) -> "Iterator[Samples]":
    """Decode a file in pieces, [samples, 2] at 48 kHz, of whole milliseconds but for the last.

    Raises: MusicError, FfmpegError: the file cannot be read.
    """
    import soundfile

    try:
        file = soundfile.SoundFile(path)
    except soundfile.SoundFileError as error:
        yield from _decoded_by_ffmpeg(path, reason_of(error))
        return
    with file:
        if problem := low_rate(file, str(path)):
            raise MusicError(problem)
        try:
            yield from _of_whole_ms(_resampled(file))
        except soundfile.SoundFileError as error:
            raise MusicError(Problem("track.music-damaged", subject=str(path), found=reason_of(error))) from error


def _resampled(file: "soundfile.SoundFile") -> "Iterator[Samples]":
    import numpy as np
    import soxr

    resampler = None if file.samplerate == RATE else soxr.ResampleStream(file.samplerate, RATE, 2, dtype="float32")
    ended = False
    while not ended:
        piece = file.read(AT_ONCE, dtype="float32", always_2d=True)
        ended = len(piece) < AT_ONCE
        stereo = _stereo(np.nan_to_num(piece, posinf=0.0, neginf=0.0))
        yield resampler.resample_chunk(stereo, last=ended) if resampler else stereo


def _stereo(piece: "Samples") -> "Samples":
    """One channel on both sides; of more than two, every other one on each."""
    import numpy as np

    channels = piece.shape[1]
    if channels == 2:
        return piece
    sides = [piece[:, side % channels :: 2].mean(axis=1) for side in (0, 1)]
    return np.ascontiguousarray(np.stack(sides, axis=1))


def _decoded_by_ffmpeg(path: Path, why_not: str) -> "Iterator[Samples]":
    import numpy as np

    program = require_ffmpeg(f"Reading the music {path} ({why_not})")
    size = AT_ONCE * 2 * 4
    try:
        rate = rate_of(program, path)
        if rate is not None and (problem := refused_rate(rate, str(path))):
            raise MusicError(problem)
        with decoding(program, path, channels=2, rate=RATE) as read:
            while data := read(size):
                piece = np.frombuffer(data[: len(data) // 8 * 8], "<f4").reshape(-1, 2)
                yield np.nan_to_num(piece, posinf=0.0, neginf=0.0)
                if len(data) < size:
                    return
    except FfmpegError as error:
        raise MusicError(Problem("track.music-unreadable", subject=str(path), found=str(error))) from error


def _of_whole_ms(pieces: "Iterator[Samples]") -> "Iterator[Samples]":
    import numpy as np

    rest = np.zeros((0, 2), np.float32)
    for piece in pieces:
        joined = np.concatenate([rest, piece])
        whole = len(joined) // SAMPLES_PER_MS * SAMPLES_PER_MS
        rest = joined[whole:]
        if whole:
            yield joined[:whole]
    if len(rest):
        yield rest
