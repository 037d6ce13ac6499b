"""A track's samples as libsndfile decodes them, a stretch at a time.

Positions are samples from the track's start at 48 kHz; a sample is a float, full scale 1. Whoever asks goes forward
and looks back by some seconds at most, so only these are kept: memory does not grow with the track.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from audiogen.blocks import SAMPLES_PER_MS
from audiogen.errors import TrackError
from audiogen.mp3 import RATE

__all__ = ["PIECE_MS", "Decoded", "Samples"]

Samples = NDArray[np.float32]

PIECE_MS = 5000
CHUNK = PIECE_MS * SAMPLES_PER_MS
KEPT = 20 * RATE


class Decoded:
    """An open track. `length` is how many samples came out so far, `peak` the loudest of them."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = soundfile.SoundFile(path)
        except soundfile.SoundFileError as error:
            raise TrackError(f"{path} cannot be decoded: {error}") from error
        if (self._file.samplerate, self._file.channels) != (RATE, 1):
            self._file.close()
            raise TrackError(
                f"{path} is {self._file.samplerate} Hz in {self._file.channels} channels, audiogen's are {RATE} Hz "
                "in one: it was encoded again by another program."
            )
        self.length = 0
        self.peak = 0.0
        self.ended = False
        self._kept: Samples = np.zeros(0, np.float32)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._file.close()

    def between(self, first: int, last: int) -> Samples:
        """Samples [first, last); zeros where there are none."""
        while self.length < last and not self.ended:
            self._decode()
        oldest = self.length - len(self._kept)
        start, end = max(first, oldest), min(last, self.length)
        stretch = np.zeros(last - first, np.float32)
        if start < end:
            stretch[start - first : end - first] = self._kept[start - oldest : end - oldest]
        return stretch

    def levels(self, first: int, milliseconds: int) -> Iterator[Samples]:
        """The loudest sample of each millisecond from `first` on, in pieces of `PIECE_MS` and a rest."""
        for done_ms in range(0, milliseconds, PIECE_MS):
            count = min(PIECE_MS, milliseconds - done_ms)
            start = first + done_ms * SAMPLES_PER_MS
            stretch = self.between(start, start + count * SAMPLES_PER_MS)
            yield np.abs(stretch).reshape(count, SAMPLES_PER_MS).max(axis=1)

    def holds(self, last: int) -> bool:
        """Whether the track goes on to sample `last`."""
        while self.length < last and not self.ended:
            self._decode()
        return self.length >= last

    def finish(self) -> None:
        """Decode what is left, so that `length` and `peak` are those of the whole track."""
        while not self.ended:
            self._decode()

    def _decode(self) -> None:
        chunk = self._file.read(CHUNK, dtype="float32")
        self.ended = len(chunk) == 0
        self.length += len(chunk)
        self.peak = max(self.peak, float(np.abs(chunk).max(initial=0.0)))
        self._kept = np.concatenate([self._kept[-KEPT:], chunk])
