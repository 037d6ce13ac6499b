"""The bytes of a track -> its timeline, and checks of its frames and chapters.

Nothing is decoded here: the tag is read, and every frame is walked as strictly as only our own files allow.
"""

import contextlib
import json
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from audiogen import mp3, tags
from audiogen.blocks import FRAME_SAMPLES, SAMPLES_PER_MS
from audiogen.chapters import chapters_of
from audiogen.duration import format_clock
from audiogen.errors import RoutineError, TimelineError, TrackError
from audiogen.timeline import ATTACHMENT, FRAME_MS, Timeline, parse_timeline
from audiogen.verify.report import Check, Finding

__all__ = ["check_container"]

KINDS = ("say", "tone", "wait", "hold", "rep")


def check_container(path: Path) -> tuple[Timeline, Check, Check]:
    """The timeline that a track carries, and the checks of its frames and of its chapters.

    Raises:
        TrackError: no MP3, cut short, or without a timeline.
    """
    with _bytes_of(path) as track:
        start = tags.tag_bytes(track)
        if start >= len(track):
            raise TrackError(f"{path} is cut short inside its tag. Copy it again.")
        if not _is_layer_3(track[start : start + 2]):
            raise TrackError(f"{path} is not an MP3.")
        timeline = _timeline(path, track)
        info = mp3.read_info(track, start)
        if info is not None:
            _refuse_cut(path, info, len(track) - start)
        return timeline, _frames(timeline, track, start, info), _chapters(timeline, track)


@contextlib.contextmanager
def _bytes_of(path: Path) -> Iterator[bytes]:
    """The file's bytes, looked up on the disk as they are needed."""
    if path.is_dir():
        raise TrackError(f"{path} is a folder; give the name of an MP3 inside it.")
    if path.exists() and not path.is_file():
        raise TrackError(f"{path} is not an ordinary file.")
    try:
        with path.open("rb") as file:
            if not file.seek(0, 2):
                raise TrackError(f"{path} is empty.")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                yield cast(bytes, mapped)  # it is indexed, sliced and measured like bytes
    except FileNotFoundError as error:
        raise TrackError(f"{path} does not exist.") from error
    except OSError as error:
        raise TrackError(f"{path} cannot be read: {error.strerror or error}.") from error


def _is_layer_3(header: bytes) -> bool:
    """Whether these two bytes begin a frame of MPEG layer III."""
    return len(header) == 2 and header[0] == 0xFF and header[1] & 0b1110_0110 == 0b1110_0010


def _timeline(path: Path, track: bytes) -> Timeline:
    body = tags.read_attachment(track, ATTACHMENT)
    if body is None:
        raise TrackError(
            f"{path} carries no audiogen timeline: another program made it, or its tags were removed or rewritten."
        )
    try:
        timeline = parse_timeline(json.loads(body))
        whole = _is_tiled(timeline) and _is_placed(timeline)
    except (ValueError, TypeError, TimelineError) as error:
        raise TrackError(f"{path} carries a timeline that cannot be read: {error}") from error
    if not whole:
        raise TrackError(f"{path} carries a damaged timeline: its events do not fill its length, or belong nowhere.")
    return timeline


def _is_tiled(timeline: Timeline) -> bool:
    """Whether say, tone and wait follow one another from 0 to the end; else something would go unmeasured."""
    at_ms = 0
    for tile in timeline.tiles():
        if tile.start_ms != at_ms or tile.end_ms <= at_ms:
            return False
        at_ms = tile.end_ms
    return at_ms == timeline.length_ms


def _is_placed(timeline: Timeline) -> bool:
    """Whether every event is of a known kind, of whole milliseconds, and of an exercise that is listed."""
    return all(
        event.kind in KINDS
        and isinstance(event.start_ms, int)
        and isinstance(event.end_ms, int)
        and (event.exercise is None or 0 <= event.exercise <= len(timeline.exercises))
        for event in timeline.events
    )


# -- frames


def _refuse_cut(path: Path, info: mp3.Info, size_bytes: int) -> None:
    """A last frame that is not whole has no other reason than a copy that broke off."""
    frames, over = divmod(size_bytes, mp3.frame_bytes(info.bitrate_kbps))
    if over and size_bytes < info.size_bytes:
        raise TrackError(
            f"{path} is cut short: it ends after {format_clock((frames - 1) * FRAME_MS)} of "
            f"{format_clock(info.frames * FRAME_MS)}. Copy or render it again."
        )


def _frames(timeline: Timeline, track: bytes, start: int, info: mp3.Info | None) -> Check:
    """Constant bit rate, no frame too few or too many, none whose sound lies in bytes that are gone."""
    if info is None:
        what = "no Info frame as audiogen writes it; encoded again, or its head is missing. Its frames were not walked"
        return Check("frames", 0, "not walked", (Finding(0, "file", what),))
    walked, problems = 0, list(_info_problems(timeline, info))
    try:
        for _ in mp3.walk(track, info.bitrate_kbps, start + mp3.frame_bytes(info.bitrate_kbps)):
            walked += 1
    except mp3.BrokenFrames as error:
        problems.append(Finding(walked * FRAME_MS, "file", str(error)))
    found = (len(track) - start) / mp3.frame_bytes(info.bitrate_kbps) - 1
    if found != info.frames:
        problems.append(Finding(None, "file", f"{found:g} frames follow the Info frame, which declares {info.frames}"))
    return Check("frames", walked, f"{info.bitrate_kbps} kbit/s constant", tuple(problems))


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


# -- chapters


def _chapters(timeline: Timeline, track: bytes) -> Check:
    """Contiguous, listed in their order, and one where each exercise, each side and the closing begin.

    Of a title only the exercise's name is looked for: the words around it may change from version to version.
    """
    try:
        chapters, wanted = tags.read_chapters(track), chapters_of(timeline)
    except ValueError as error:
        return Check("chapters", 0, "not listed", (Finding(None, "tag", str(error)),))
    except RoutineError as error:  # a language that this version has no words in
        return Check("chapters", 0, "not compared", (Finding(None, "timeline", str(error)),))
    off: list[Finding] = []
    at_ms = 0
    for chapter in chapters:
        if chapter.start_ms != at_ms or chapter.end_ms <= at_ms:
            what = f"the chapter “{chapter.title}” does not begin where the one before it ends, {at_ms} ms"
            off.append(Finding(chapter.start_ms, "tag", what))
        at_ms = chapter.end_ms
    if at_ms != timeline.length_ms:
        off.append(Finding(at_ms, "tag", f"the chapters end here, the timeline at {timeline.length_ms} ms"))
    titles = {chapter.start_ms: chapter.title for chapter in chapters}
    for one in wanted:
        title = titles.get(one.start_ms)
        name = timeline.exercises[one.exercise - 1].name if one.exercise else ""
        if title is None or name not in title:
            off.append(Finding(one.start_ms, one.title, "no chapter of its name begins here"))
    return Check("chapters", len(chapters), "in time order, without a gap" if not off else "", tuple(off))
