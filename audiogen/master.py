"""A composed session to its file, in the format that the file's name asks for.

    Timeline + clips + tag -> file

An MP3 is spliced of blocks, most of which are kept from earlier renders. Everything else is one stream into one
encoder: no other format lets itself be spliced, so an edit costs a whole encode there.
"""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from audiogen import files, formats, mp3, tags
from audiogen.bed import bed_pcm
from audiogen.blocks import cut
from audiogen.cache import Cache
from audiogen.errors import OutputError
from audiogen.ffmpeg import FfmpegError
from audiogen.pressing import Clips, Pressing
from audiogen.stream import stream
from audiogen.timeline import Timeline

__all__ = ["Job", "Written", "write"]


@dataclass(frozen=True, slots=True)
class Job:
    """Where the track goes, and what the user chose about it; the rest is the format's usual."""

    out: Path
    timeline: Timeline
    tag: tags.Tag
    bitrate_kbps: int | None = None
    cores: int | None = None  # that encode blocks; None: all

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know about these choices."""
        kind = formats.format_for(self.out)
        if self.bitrate_kbps is None or kind is None or kind.bitrates_kbps is not None:
            return ()
        return (f"A {kind.suffix} file has no bit rate to choose, so {self.bitrate_kbps} kbit/s did nothing.",)


class Written(NamedTuple):
    """How large a file became, how many blocks it has, and how many of them had to be encoded."""

    size_bytes: int
    blocks: int
    made: int


def write(
    job: Job,
    clips: Clips,
    store: Cache,
    progress: Callable[[int, int], None],
    cancel: threading.Event | None,
) -> Written:
    """Encode the session and write it.

    Raises: Cancelled, and OutputError where it cannot be written; an earlier file is left as it was.
    """
    kind = formats.require(job.out)
    if kind.suffix == ".mp3":
        return _spliced(job, clips, store, progress, cancel)
    return _streamed(job, kind, clips, store, progress, cancel)


def _spliced(
    job: Job, clips: Clips, store: Cache, progress: Callable[[int, int], None], cancel: threading.Event | None
) -> Written:
    blocks = cut(job.timeline)
    bitrate_kbps = job.bitrate_kbps or 96
    pressing = Pressing(
        blocks, clips, store, silence=job.timeline.mix.silence, bitrate_kbps=bitrate_kbps, workers=job.cores
    )
    frames = pressing.frames(progress, cancel)
    with files.replacing(job.out) as target, contextlib.closing(frames):
        silence = pressing.silence()
        mp3.write_mp3(target, tags.id3(job.tag), frames, job.timeline.length_ms, bitrate_kbps, silence)
        return Written(target.tell(), len(blocks), pressing.made)


def _streamed(
    job: Job,
    kind: formats.Format,
    clips: Clips,
    store: Cache,
    progress: Callable[[int, int], None],
    cancel: threading.Event | None,
) -> Written:
    blocks = cut(job.timeline)
    bed = bed_pcm(store) if job.timeline.mix.silence == "bed" else b""
    pieces = stream(blocks, clips, job.timeline.length_ms, bed=bed, progress=progress, cancel=cancel)
    usual = kind.bitrates_kbps[0] if kind.bitrates_kbps else None
    recording = formats.Recording(kind.suffix, 1, job.timeline.length_ms, job.tag, job.bitrate_kbps or usual)
    with files.replacing(job.out) as target:
        try:
            formats.write(target, pieces, recording)
        except FfmpegError as error:
            raise OutputError(f"{job.out} cannot be written: {error}") from error
        return Written(target.seek(0, 2), len(blocks), len(blocks))
