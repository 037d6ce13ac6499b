"""A whole session as one stream of PCM, a piece at a time: what every format but the plain MP3 is encoded from.

    Blocks + clips -> pieces of 16-bit samples, [samples, 1] at 48 kHz

The blocks are those of the MP3, stitched in the same way and laid at the same sample, so a tone has one and the same
place in every format. Between them is silence, or the bed. A piece is a block or some seconds of what is between two,
so memory does not grow with the session.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from audiogen.audio.pcm import SAMPLE_BYTES, SAMPLES_PER_MS
from audiogen.errors import Cancelled
from audiogen.track.blocks import FRAME_SAMPLES, Block
from audiogen.track.stitch import Spoken, Tones, stitch
from audiogen.track.tones import tone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]

SILENT_SAMPLES_AT_ONCE = 240_000  # 5 s


def stream(
    blocks: Sequence[Block],
    clips: Spoken,
    length_ms: int,
    *,
    tones: Tones = tone,
    bed: bytes = b"",
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> "Iterator[Samples]":
    """Exactly `length_ms` * 48 samples.

    `bed` is PCM that sounds below all, as a loop that begins anew with each block and behind it, as in the MP3.
    `progress(done, total)` counts blocks from 0 on; `cancel` is looked at for every piece.

    Raises: Cancelled, and CacheError where a recording changed while it was in use.
    """
    import numpy as np

    total = length_ms * SAMPLES_PER_MS
    at = 0

    def piece(pcm: bytes) -> "Samples":
        nonlocal at
        if cancel is not None and cancel.is_set():
            raise Cancelled
        samples = np.frombuffer(pcm, "<i2")[: total - at]
        at += len(samples)
        return samples.reshape(-1, 1)

    for done, block in enumerate(blocks):
        if progress:
            progress(done, len(blocks))
        for between in _between(block.first_frame * FRAME_SAMPLES - at, bed):
            yield piece(between)
        yield piece(stitch(block, clips, tones, bed))
    for between in _between(total - at, bed):
        yield piece(between)
    if progress:
        progress(len(blocks), len(blocks))


def _between(count: int, bed: bytes) -> Iterator[bytes]:
    """`count` samples of bed from its beginning, or of silence."""
    loop = bed or bytes(SILENT_SAMPLES_AT_ONCE * SAMPLE_BYTES)
    left = count * SAMPLE_BYTES
    while left > 0:
        yield loop[:left]
        left -= len(loop)
