"""Read a track's bytes -> its timeline, and checks of its frames, chapters and lyrics.

Nothing is decoded here: the tag is read, and every frame of an MP3 is checked as strictly as only our own files allow.
"""

import contextlib
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

from audiogen.audio.pcm import SAMPLES_PER_MS
from audiogen.durations import format_clock
from audiogen.errors import Problem, TimelineError, TrackError
from audiogen.export import formats, id3
from audiogen.storage.files import reading
from audiogen.timeline.document import read_timeline
from audiogen.timeline.events import FRAME_MS
from audiogen.timeline.model import ATTACHMENT, Timeline
from audiogen.track import mp3
from audiogen.track.blocks import FRAME_SAMPLES
from audiogen.verification.labels import check_chapters, check_lyrics
from audiogen.verification.report import Check, Finding

FORGET_BYTES = 8 << 20  # after so many the memory of what was read is freed


class Contents(NamedTuple):
    """What a track contains, in which format. `frames` is None where only its decoder can check them."""

    format: formats.Format
    timeline: Timeline
    frames: Check | None
    labels: tuple[Check, ...]


def check_container(path: Path) -> Contents:
    """Read the timeline of a track, and check what can be checked without decoding it.

    Raises:
        TrackError: the file is not a track, is cut short, or has no timeline.
    """
    kind = formats.format_of(path)
    if kind.suffix == ".mp3":
        with _bytes_of(path) as track:
            return _mp3(path, kind, track)
    timeline = _timeline(path, formats.read_attachment(path, ATTACHMENT))
    try:
        chapters = check_chapters(timeline, formats.read_chapters(path))
    except ValueError as error:
        chapters = _unreadable("chapters", error)
    lyrics = check_lyrics(timeline, formats.read_lyrics(path), formats.read_lines(path))
    return Contents(kind, timeline, None, (chapters, lyrics))


def _mp3(path: Path, kind: formats.Format, track: mmap.mmap) -> Contents:
    stream = cast(bytes, track)  # it is indexed, sliced and measured like bytes
    start = id3.tag_bytes(stream)
    end = len(track) - id3.bytes_behind(stream)
    if start >= end:
        raise TrackError(Problem("verification.cut-in-tag", subject=str(path)))
    if not _is_layer_3(track[start : start + 2]):
        raise TrackError(Problem("verification.not-an-mp3", subject=str(path)))
    tag = track[:start]
    timeline = _timeline(path, id3.read_attachment(tag, ATTACHMENT))
    info = mp3.read_info(stream, start)
    if info is not None:
        _refuse_cut(path, info, end - start)
    try:
        chapters = check_chapters(timeline, id3.read_chapters(tag))
    except ValueError as error:
        chapters = _unreadable("chapters", error)
    lyrics = check_lyrics(timeline, id3.read_lyrics(tag), id3.read_lines(tag))
    return Contents(kind, timeline, _frames(timeline, track, slice(start, end), info), (chapters, lyrics))


def _unreadable(name: str, error: ValueError) -> Check:
    return Check(name, 0, "not listed", (Finding(None, "tag", str(error)),))


@contextlib.contextmanager
def _bytes_of(path: Path) -> Iterator[mmap.mmap]:
    """Map the file, so that its bytes are read as they are needed."""
    with (
        reading(path, TrackError, "a track") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        yield mapped


def _is_layer_3(header: bytes) -> bool:
    """Whether these two bytes begin a frame of MPEG layer III."""
    return len(header) == 2 and header[0] == 0xFF and header[1] & 0b1110_0110 == 0b1110_0010


def _timeline(path: Path, body: bytes | None) -> Timeline:
    if body is None:
        raise TrackError(Problem("verification.no-timeline", subject=str(path)))
    try:
        return read_timeline(body)
    except TimelineError as error:
        raise TrackError(Problem("verification.unreadable-timeline", subject=str(path), found=str(error))) from error


# -- frames


def _refuse_cut(path: Path, info: mp3.Info, size_bytes: int) -> None:
    """Refuse a last frame that is not whole: the copy was interrupted."""
    frames, over = divmod(size_bytes, mp3.frame_bytes(info.bitrate_kbps))
    if over and size_bytes < info.size_bytes:
        ends, whole = format_clock((frames - 1) * FRAME_MS), format_clock(info.frames * FRAME_MS)
        raise TrackError(Problem("verification.cut-short", subject=str(path), expected=whole, found=ends))


def _frames(timeline: Timeline, track: mmap.mmap, sound: slice, info: mp3.Info | None) -> Check:
    """Check for a constant bit rate, the right number of frames, and none that needs bytes which are missing."""
    if info is None:
        what = "no Info frame of audiogen's: encoded again, or its start is missing; its frames were not checked"
        return Check("frames", 0, "not checked", (Finding(0, "file", what),))
    walked, problems = 0, list(_info_problems(timeline, info))
    size = mp3.frame_bytes(info.bitrate_kbps)
    try:
        for frame in mp3.walk(cast(bytes, track), info.bitrate_kbps, sound.start + size, info.channels, sound.stop):
            walked += 1
            if walked % (FORGET_BYTES // size) == 0:
                _forget(track, frame.offset)
    except mp3.BrokenFrames as error:
        problems.append(Finding(walked * FRAME_MS, "file", str(error)))
    found = (sound.stop - sound.start) / size - 1
    if found != info.frames:
        problems.append(Finding(None, "file", f"{found:g} frames follow the Info frame, which declares {info.frames}"))
    channels = "" if info.channels == 1 else ", joint stereo"
    return Check("frames", walked, f"{info.bitrate_kbps} kbit/s constant{channels}", tuple(problems))


def _forget(track: mmap.mmap, end: int) -> None:
    """Free the memory of what was read so far, where the system can."""
    if hasattr(mmap, "MADV_DONTNEED"):
        track.madvise(mmap.MADV_DONTNEED, 0, end - end % mmap.PAGESIZE)


def _info_problems(timeline: Timeline, info: mp3.Info) -> Iterator[Finding]:
    if not info.intact:
        yield Finding(0, "file", "the Info frame's own checksum is wrong")
    needed = mp3.frames_needed(timeline.length_ms)
    if info.frames != needed:
        yield Finding(0, "file", f"the Info frame declares {info.frames} frames; the timeline needs {needed}")
    declared = info.frames * FRAME_SAMPLES - info.delay - info.padding
    if declared != timeline.length_ms * SAMPLES_PER_MS:
        planned = timeline.length_ms * SAMPLES_PER_MS
        yield Finding(0, "file", f"the Info frame declares {declared} samples; the timeline has {planned}")
