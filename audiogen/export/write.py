"""A composed session to its file, in the format that the file's name asks for.

    Timeline + clips + tag -> file

An MP3 is spliced of blocks, most of which are cached from earlier renders. Everything else is one stream into one
encoder: no other format lets itself be spliced, and music never sounds twice the same below a block, so an edit costs a
whole encode there.
"""

import contextlib
import errno
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from audiogen.audio.ffmpeg import FfmpegError
from audiogen.errors import Notice, OutputError, Problem
from audiogen.export import formats, id3
from audiogen.routine.music import Music
from audiogen.storage import files
from audiogen.storage.cache import Cache
from audiogen.timeline.model import Timeline
from audiogen.track import mp3
from audiogen.track.blocks import cut
from audiogen.track.encode import BlockEncoder, Clips
from audiogen.track.music import open_music
from audiogen.track.music.mix import mixed
from audiogen.track.noise_floor import bed_pcm
from audiogen.track.stream import stream
from audiogen.track.tones import Tones

if TYPE_CHECKING:
    from audiogen.export.formats.format import Samples

LAME_GAIN = 0.95
_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # what ffmpeg says of it is the system's own words


@dataclass(frozen=True, slots=True)
class Job:
    """Where the track goes, and what the user chose about it; the rest is the format's default."""

    out: Path
    timeline: Timeline
    tag: id3.Tag
    bitrate_kbps: int | None = None
    music: Music | None = None
    cores: int | None = None  # that encode blocks; None: all

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the user should know about these choices."""
        return tuple(self._noticed())

    def _noticed(self) -> Iterator[Notice]:
        kind = formats.format_for(self.out)
        if self.bitrate_kbps is not None and kind is not None and kind.bitrates_kbps is None:
            yield Notice("export.no-bitrate", subject=kind.suffix, found=f"{self.bitrate_kbps} kbit/s")
        if self.music is not None and kind is not None and kind.is_mp3:
            yield Notice("export.music-encodes-all")


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
    if kind.is_mp3 and job.music is None:
        return _spliced(job, kind, clips, store, progress, cancel)
    return _streamed(job, kind, clips, store, progress, cancel)


def _as_loud_as_lame(piece: "Samples") -> "Samples":
    """LAME turns all down by 0.45 dB, for which clips make up; so every format is as loud, and has its headroom."""
    import numpy as np

    quieter: Samples = np.rint(piece * np.float32(LAME_GAIN)).astype(np.int16)
    return quieter


def _spliced(
    job: Job,
    kind: formats.Format,
    clips: Clips,
    store: Cache,
    progress: Callable[[int, int], None],
    cancel: threading.Event | None,
) -> Written:
    blocks = cut(job.timeline)
    bitrate_kbps = job.bitrate_kbps or mp3.MONO_KBPS
    encoder = BlockEncoder(blocks, clips, store, mix=job.timeline.mix, bitrate_kbps=bitrate_kbps, workers=job.cores)
    frames = encoder.frames(progress, cancel)
    with files.replacing(job.out) as target, contextlib.closing(frames):
        silence = encoder.silence()
        with kind.around(target, job.tag, mp3.frame_bytes(bitrate_kbps)) as sound:
            mp3.write_mp3(sound, id3.id3(job.tag), frames, job.timeline.length_ms, bitrate_kbps, silence)
        return Written(target.tell(), len(blocks), encoder.made)


def _streamed(
    job: Job,
    kind: formats.Format,
    clips: Clips,
    store: Cache,
    progress: Callable[[int, int], None],
    cancel: threading.Event | None,
) -> Written:
    timeline = job.timeline
    blocks = cut(timeline)
    bed = bed_pcm(store) if timeline.mix.silence == "bed" else b""
    tones = Tones(timeline.mix, store).segment
    session = stream(blocks, clips, timeline.length_ms, tones=tones, bed=bed, progress=progress, cancel=cancel)
    with files.replacing(job.out) as target, contextlib.ExitStack() as stack:
        channels, pieces = 1, session
        if job.music is not None:
            music = stack.enter_context(open_music(job.music, store))
            level_db = timeline.mix.music_level
            channels, pieces = 2, mixed(session, timeline, music, clips, level_db=level_db)
        if not kind.is_mp3:
            pieces = map(_as_loud_as_lame, pieces)
        default = kind.bitrates_kbps[channels - 1] if kind.bitrates_kbps else None
        recording = formats.Recording(kind.suffix, channels, timeline.length_ms, job.tag, job.bitrate_kbps or default)
        try:
            formats.write(target, pieces, recording)
        except FfmpegError as error:
            for number in _OF_THE_DISK:
                if os.strerror(number) in error.problems[0].found:
                    raise OSError(number, os.strerror(number)) from error
            raise OutputError(Problem("export.not-encoded", subject=str(job.out), found=str(error))) from error
        return Written(target.seek(0, 2), len(blocks), len(blocks))
