"""An encoder of libsndfile that writes through us, so that what it writes can be made ours on the way to the disk.

Its own headers hold a random number (Ogg) and no room for chapters or a timeline.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from audiogen.audio.pcm import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]

_AT_ONCE = RATE  # samples; libsndfile keeps a whole piece on its stack for some formats


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> None: ...
    def seek(self, to: int, /) -> None: ...
    def tell(self) -> int: ...
    def size(self) -> int: ...


class _File:
    """What libsndfile uses as a file. Its callbacks must not raise: what goes wrong in one is raised afterwards."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.error: BaseException | None = None

    def write(self, data: Any) -> int:
        return self._tried(lambda: self._sink.write(bytes(data)), len(data))

    def seek(self, to: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._sink.tell(), 2: self._sink.size()}[whence]
        return self._tried(lambda: self._sink.seek(base + to), base + to)

    def tell(self) -> int:
        return self._sink.tell()

    def flush(self) -> None:
        pass

    def _tried(self, step: Callable[[], None], done: int) -> int:
        if self.error is not None:
            return 0
        try:
            step()
            return done
        except Exception as error:  # noqa: BLE001 - raised again where the encoder was called
            self.error = error
            return 0


def encode(
    sink: Sink, pieces: "Iterable[Samples]", channels: int, kind: str, subtype: str, level: float | None = None
) -> None:
    """Encode all pieces; `level` is libsndfile's compression level, 0 (largest) to 1.

    Raises: OSError where the sink cannot be written.
    """
    import soundfile

    file = _File(sink)
    try:
        with contextlib.ExitStack() as stack:
            encoder = stack.enter_context(
                soundfile.SoundFile(file, "w", RATE, channels, subtype, format=kind, compression_level=level)
            )
            for piece in pieces:
                for part in limited(piece, _AT_ONCE):
                    encoder.write(part)
                    if file.error is not None:
                        raise file.error
    except soundfile.SoundFileError as error:
        raise file.error or OSError(str(error)) from error
    if file.error is not None:
        raise file.error


def limited(piece: "Samples", count: int) -> "Iterator[Samples]":
    """A piece in parts of so many samples at most."""
    yield from (piece[first : first + count] for first in range(0, len(piece), count))
