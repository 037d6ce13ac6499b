"""Blocks + clips -> the frames of each block, in time order: cached ones from disk, missing ones encoded on all cores.

What a block sounds like is settled by its sounds, their offsets and the encoder's settings, so these are its key, and
a block that was encoded once is never encoded again: not further on in the session, not in the next render. A track
whose every block is cached is put together without numpy, pydub or the encoder being loaded.

Measured on two cores: stitching needs 0.5 ms a block, encoding 17 ms, and LAME releases the interpreter's lock, so
threads serve as well as processes and need not be started first.
"""

import functools
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from audiogen.errors import Cancelled
from audiogen.storage.cache import Cache, key_of, version_of
from audiogen.timeline.events import FRAME_MS
from audiogen.timeline.model import Mix
from audiogen.track import mp3
from audiogen.track.blocks import Block, Sound
from audiogen.track.countdown import Counting, count_key
from audiogen.track.noise_floor import PEAK, bed_frames, bed_key, bed_pcm
from audiogen.track.peaks import encoded_below
from audiogen.track.stitch import stitch
from audiogen.track.tones import Tones, segment

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

BLOCK_VERSION = 4  # part of the keys: one more whenever the same sounds are stitched or encoded in another way
DIGITAL = Mix()
AHEAD_FRAMES = 20_000  # that may wait to be written: 8 minutes of sound, 6 MB


class Clips(Protocol):
    """Where spoken sounds come from."""

    def pcm(self, text: str) -> bytes:
        """The clip of a text: 16-bit little-endian mono PCM at 48 kHz."""

    def digest(self, text: str) -> str:
        """What distinguishes this clip from any other; cheap to get."""


class _Waiting(NamedTuple):
    block: Block
    key: str
    frames: "bytes | Future[bytes]"


class BlockEncoder:
    """One track's blocks on their way to frames; `made` counts those that had to be encoded.

    `mix` says which tones there are, and what sounds below the blocks and between them.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        clips: Clips,
        cache: Cache,
        *,
        mix: Mix = DIGITAL,
        bitrate_kbps: int = mp3.MONO_KBPS,
        workers: int | None = None,
    ) -> None:
        self.made = 0
        self._blocks = blocks
        self._clips = clips
        self._cache = cache
        self._on_bed = mix.silence == "bed"
        self._bitrate_kbps = bitrate_kbps
        self._workers = workers or _cores()
        self._digest = functools.cache(clips.digest)
        self._tones = Tones(mix, cache)
        self._count = Counting(cache)
        self._bed = b""  # its samples, once a block has to be made
        self._encoder: ThreadPoolExecutor | None = None
        self._making: dict[str, Future[bytes]] = {}

    def silence(self) -> bytes:
        """The frames between the blocks, for `mp3.write_mp3`."""
        return bed_frames(self._cache, self._bitrate_kbps) if self._on_bed else mp3.silent_frame(self._bitrate_kbps)

    def frames(
        self,
        progress: Callable[[int, int], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Generator[tuple[int, bytes]]:
        """The first frame and the frames of each block, in time order.

        `progress(done, total)` counts blocks from 0 on and is called from this thread only; `cancel` is looked at for
        every block. Close the generator (`contextlib.closing`) where it may be left early.

        Raises: Cancelled, and CacheError where a recording changed while it was in use.
        """
        report = progress or (lambda _done, _total: None)
        report(0, len(self._blocks))
        try:
            for done, one in enumerate(self._in_order(cancel), 1):
                yield one.block.first_frame, self._finished(one)
                report(done, len(self._blocks))
        finally:
            if self._encoder is not None:
                self._encoder.shutdown(cancel_futures=True)
                self._encoder = None

    def _in_order(self, cancel: threading.Event | None) -> Generator[_Waiting]:
        """Each block, once so much is under way behind it that the cores stay busy."""
        waiting: deque[_Waiting] = deque()
        ahead = 0
        for block in self._blocks:
            if cancel is not None and cancel.is_set():
                raise Cancelled
            key = self._key(block)
            waiting.append(_Waiting(block, key, self._started(block, key)))
            ahead += block.frames
            while ahead > AHEAD_FRAMES:
                ahead -= waiting[0].block.frames
                yield waiting.popleft()
        while waiting:
            if cancel is not None and cancel.is_set():
                raise Cancelled
            yield waiting.popleft()

    def _started(self, block: Block, key: str) -> "bytes | Future[bytes]":
        """The block's frames if they are cached, else the job that encodes them for all blocks that sound the same."""
        if key in self._making:
            return self._making[key]
        entry = self._cache.get("blocks", key)
        if entry is not None and self._is_spliceable(entry.body, block.frames):
            return entry.body
        self.made += 1
        self._making[key] = making = self._pool().submit(self._make, block, key)
        return making

    def _finished(self, one: _Waiting) -> bytes:
        if isinstance(one.frames, bytes):
            return one.frames
        frames = one.frames.result()
        if self._cache.warning is None:  # it is on disk by now, where blocks further on find it
            self._making.pop(one.key, None)
        return frames

    def _pool(self) -> "ThreadPoolExecutor":
        if self._encoder is None:
            from concurrent.futures import ThreadPoolExecutor

            segment(b"")  # loads pydub here: it meddles with warnings, which all threads share
            self._bed = bed_pcm(self._cache) if self._on_bed else b""
            self._encoder = ThreadPoolExecutor(self._workers, "audiogen-encoder")
        return self._encoder

    def _make(self, block: Block, key: str) -> bytes:
        """Stitch, encode and keep a block; in a thread of the pool."""
        pcm = stitch(block, self._clips, self._tones.segment, self._bed, self._count)
        frames = encoded_below(pcm, self._bitrate_kbps, quiet=PEAK if self._on_bed else 0)
        self._cache.put("blocks", key, frames, block.frames * FRAME_MS)
        return frames

    def _key(self, block: Block) -> str:
        return key_of(
            block=BLOCK_VERSION,
            encoder=version_of("lameenc"),
            quality=mp3.QUALITY,
            bitrate_kbps=self._bitrate_kbps,
            frames=block.frames,
            bed=bed_key() if self._on_bed else "",
            sounds=" ".join(f"{sound.offset_ms}+{_length(sound)}:{self._identity(sound)}" for sound in block.sounds),
        )

    def _identity(self, sound: Sound) -> str:
        if sound.manner and sound.kind == "say":
            return count_key(self._digest(sound.name), sound.manner)
        return f"{self._tones.key(sound.name)}{sound.manner}" if sound.kind == "tone" else self._digest(sound.name)

    def _is_spliceable(self, frames: bytes, count: int) -> bool:
        """Whether it is `count` frames of ours, the first borrowing nothing: a checksum alone proves less."""
        size = mp3.frame_bytes(self._bitrate_kbps)
        header = mp3.silent_frame(self._bitrate_kbps)[:3]
        begins = all(frames[at::size] == header[at : at + 1] * count for at in range(len(header)))
        return len(frames) == count * size and begins and frames[4] == 0 and frames[5] < 0x80


def _length(sound: Sound) -> str:
    return f"{sound.alone_ms}~{sound.rings_ms}" if sound.rings_ms else f"{sound.alone_ms}"


def _cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
