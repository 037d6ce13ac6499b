"""What a finished track contains besides its sound, taken out again.

file + what is wanted -> its bytes
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from audiogen.durations import format_clock
from audiogen.errors import Problem, TimelineError, TrackError
from audiogen.export import formats, id3
from audiogen.storage.files import reading
from audiogen.timeline.document import read_timeline
from audiogen.timeline.model import ATTACHMENT

What = Literal["routine", "timeline", "cover", "lyrics", "chapters"]

ROUTINE_ATTACHMENT = "audiogen routine"  # how the routine is described in the tag


def carried(path: Path, what: What) -> bytes:
    """The routine as a file that makes the track again, the timeline as JSON, the cover as a JPEG, or lines of text.

    Raises:
        TrackError: a file that cannot be read, is not a track, or does not contain it.
    """
    _refuse_cut(path)
    try:
        found = _TAKEN[what](path)
    except (ValueError, TimelineError) as error:
        raise TrackError(Problem("export.damaged-tag", subject=str(path), found=str(error))) from error
    if not found:
        if formats.read_attachment(path, ATTACHMENT) is None:
            raise TrackError(Problem("export.foreign-track", subject=str(path), expected=what))
        raise TrackError(Problem("export.not-in-track", subject=str(path), expected=what))
    return found


def _refuse_cut(path: Path) -> None:
    with reading(path, TrackError, "a track") as file:
        head = file.read(id3.HEADER_BYTES)
        if file.seek(0, 2) < id3.tag_bytes(head):
            raise TrackError(Problem("export.cut-in-tag", subject=str(path)))


def _routine(path: Path) -> bytes | None:
    return formats.read_attachment(path, ROUTINE_ATTACHMENT)


def _timeline(path: Path) -> bytes | None:
    body = formats.read_attachment(path, ATTACHMENT)
    return body and f"{json.dumps(read_timeline(body).to_json(), ensure_ascii=False, indent=2)}\n".encode()


def _lyrics(path: Path) -> bytes | None:
    text = formats.read_lyrics(path)
    return f"{text}\n".encode() if text else None


def _chapters(path: Path) -> bytes | None:
    """A line each: when it begins, as video sites and show notes have it, and its title."""
    return "".join(f"{format_clock(one.start_ms)} {one.title}\n" for one in formats.read_chapters(path)).encode()


_TAKEN: Mapping[What, Callable[[Path], bytes | None]] = {
    "routine": _routine,
    "timeline": _timeline,
    "cover": formats.read_cover,
    "lyrics": _lyrics,
    "chapters": _chapters,
}
