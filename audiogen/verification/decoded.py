"""Decode a track piece by piece, with another library than the one that encoded it.

Positions are samples from the track's start at 48 kHz; a sample is a float, full scale 1. Callers go forward and look
back a few seconds at most, so only these are kept: memory does not grow with the track.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

from audiogen.audio.ffmpeg import FfmpegError, decoding, find_ffmpeg
from audiogen.audio.libsndfile import reason_of
from audiogen.audio.pcm import RATE, SAMPLES_PER_MS
from audiogen.errors import Problem, TrackError
from audiogen.export.formats import Format
from audiogen.text import counted

Samples = NDArray[np.float32]

PIECE_MS = 5000
CHUNK = PIECE_MS * SAMPLES_PER_MS
KEPT = 20 * RATE
SAMPLE_BYTES = 4


class Source(NamedTuple):
    """A running decoder: `read` returns at most so many samples, [samples, channels], none at the end."""

    name: str
    channels: int
    read: Callable[[int], Samples]


@contextlib.contextmanager
def decode(path: Path, kind: Format, channels: int) -> Iterator["Decoded"]:
    """Open a track, in so many channels.

    libsndfile decodes MP3, which LAME encoded. It encoded most other formats itself, so ffmpeg decodes those if it is
    installed.

    Raises:
        TrackError: it cannot be decoded, or was encoded again by another program.
    """
    with contextlib.ExitStack() as stack:
        program = None if kind.suffix == ".mp3" else find_ffmpeg()
        if kind.needs_ffmpeg and program is None:
            raise TrackError(Problem("verification.needs-ffmpeg", subject=str(path), expected=kind.name))
        try:
            source = _ffmpeg(stack, path, program, channels) if program else _libsndfile(stack, path, channels)
        except (soundfile.SoundFileError, FfmpegError) as error:
            raise TrackError(Problem("verification.undecodable", subject=str(path), found=reason_of(error))) from error
        yield Decoded(source)


def _libsndfile(stack: contextlib.ExitStack, path: Path, channels: int) -> Source:
    file = stack.enter_context(soundfile.SoundFile(path))
    if (file.samplerate, file.channels) != (RATE, channels):
        found = f"{file.samplerate} Hz with {counted(file.channels, 'channel')}"
        expected = f"{RATE} Hz with {channels}"
        raise TrackError(Problem("verification.encoded-again", subject=str(path), expected=expected, found=found))

    def read(count: int) -> Samples:
        samples: Samples = file.read(count, dtype="float32", always_2d=True)
        return samples

    return Source("libsndfile", channels, read)


def _ffmpeg(stack: contextlib.ExitStack, path: Path, program: str, channels: int) -> Source:
    more = stack.enter_context(decoding(program, path, channels, RATE))

    def read(count: int) -> Samples:
        return np.frombuffer(more(count * channels * SAMPLE_BYTES), "<f4").reshape(-1, channels)

    return Source("ffmpeg", channels, read)


class Decoded:
    """An open track, its channels mixed to one.

    `length` is how many samples were decoded so far, `broken` the decoder's error before the end, if any. `heard` is
    called with each chunk, [samples, channels].
    """

    def __init__(self, source: Source) -> None:
        self.decoder = source.name
        self.channels = source.channels
        self.length = 0
        self.ended = False
        self.broken: str | None = None
        self.heard: Callable[[Samples], None] | None = None
        self._read = source.read
        self._kept: Samples = np.zeros(0, np.float32)

    def between(self, first: int, last: int) -> Samples:
        """Return samples [first, last), zeros where there are none."""
        while self.length < last and not self.ended:
            self._decode()
        oldest = self.length - len(self._kept)
        start, end = max(first, oldest), min(last, self.length)
        stretch = np.zeros(last - first, np.float32)
        if start < end:
            stretch[start - first : end - first] = self._kept[start - oldest : end - oldest]
        return stretch

    def pieces(self, first: int, milliseconds: int) -> Iterator[Samples]:
        """Yield the samples from `first` on, one row per millisecond, in pieces of `PIECE_MS` and a rest."""
        for done_ms in range(0, milliseconds, PIECE_MS):
            count = min(PIECE_MS, milliseconds - done_ms)
            start = first + done_ms * SAMPLES_PER_MS
            yield self.between(start, start + count * SAMPLES_PER_MS).reshape(count, SAMPLES_PER_MS)

    def holds(self, last: int) -> bool:
        """Whether the track reaches sample `last`."""
        while self.length < last and not self.ended:
            self._decode()
        return self.length >= last

    def finish(self) -> None:
        """Decode the rest, so that `length` is that of the whole track."""
        while not self.ended:
            self._decode()

    def _decode(self) -> None:
        try:
            chunk = self._read(CHUNK)
        except (soundfile.SoundFileError, FfmpegError) as error:
            self.broken, self.ended = reason_of(error), True
            return
        self.ended = len(chunk) == 0
        self.length += len(chunk)
        if self.heard and len(chunk):
            self.heard(chunk)
        mono = chunk[:, 0] if self.channels == 1 else chunk.mean(axis=1)
        self._kept = np.concatenate([self._kept[-KEPT:], mono])
