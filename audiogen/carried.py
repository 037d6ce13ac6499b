"""What a finished track carries beside its sound, taken out again.

file + what is wanted -> its bytes
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from audiogen import tags
from audiogen.duration import format_clock
from audiogen.errors import TrackError
from audiogen.files import reading
from audiogen.timeline import ATTACHMENT

__all__ = ["ROUTINE_ATTACHMENT", "What", "carried"]

What = Literal["routine", "timeline", "cover", "lyrics", "chapters"]

ROUTINE_ATTACHMENT = "audiogen routine"  # how the routine is described in the tag


def carried(path: Path, what: What) -> bytes:
    """The routine as a file that makes the track again, the timeline as JSON, the cover as a JPEG, or lines of text.

    Raises:
        TrackError: a file that cannot be read, is no track, or carries no such thing.
    """
    tag = _tag(path)
    try:
        found = _TAKEN[what](tag)
    except ValueError as error:
        raise TrackError(f"{path} has a damaged tag: {error}.") from error
    if not found:
        if tags.read_attachment(tag, ATTACHMENT) is None:
            why = "another program made it, or its tags were removed or rewritten"
        else:
            why = "it was made without one, or by an older audiogen; render it again"
        raise TrackError(f"{path} carries no {what}: {why}.")
    return found


def _tag(path: Path) -> bytes:
    """The tag in front of an MP3; nothing where there is none."""
    with reading(path, TrackError, "an MP3") as file:
        head = file.read(tags.HEADER_BYTES)
        tag = head + file.read(max(tags.tag_bytes(head) - len(head), 0))
    if len(tag) < tags.tag_bytes(head):
        raise TrackError(f"{path} is cut short inside its tag. Copy it again.")
    return tag


def _routine(tag: bytes) -> bytes | None:
    return tags.read_attachment(tag, ROUTINE_ATTACHMENT)


def _timeline(tag: bytes) -> bytes | None:
    body = tags.read_attachment(tag, ATTACHMENT)
    return body and f"{json.dumps(json.loads(body), ensure_ascii=False, indent=2)}\n".encode()


def _lyrics(tag: bytes) -> bytes | None:
    text = tags.read_lyrics(tag)
    return f"{text}\n".encode() if text else None


def _chapters(tag: bytes) -> bytes | None:
    """A line each: when it begins, as video sites and show notes have it, and its title."""
    return "".join(f"{format_clock(one.start_ms)} {one.title}\n" for one in tags.read_chapters(tag)).encode()


_TAKEN: Mapping[What, Callable[[bytes], bytes | None]] = {
    "routine": _routine,
    "timeline": _timeline,
    "cover": tags.read_cover,
    "lyrics": _lyrics,
    "chapters": _chapters,
}
