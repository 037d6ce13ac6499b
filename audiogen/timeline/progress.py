"""How far the session is, said in silences that nobody needs for anything else.

    Events + marks -> the same events, with the words of each mark in the nearest silence that has room

They lie wholly inside a transition, a switch or a rest, and move nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from audiogen.durations import format_duration
from audiogen.errors import Notice
from audiogen.script import Mark
from audiogen.timeline.events import FRAME_MS, Event

FARTHEST_MS = 30_000  # from its moment
_BEFORE_MS = 500  # from the sound before the words
_AFTER_MS = {"transition": 500, "switch": 1000, "rest": 1000}  # to what follows them, by the kind of silence


def with_progress(
    events: Sequence[Event], marks: Sequence[Mark], lengths_ms: Mapping[str, int], total_ms: int
) -> tuple[list[Event], list[Notice]]:
    """Say each mark once, and note which have no silence near them."""
    placed, notices = list(events), []
    for mark in marks:
        at_ms = total_ms // 2 if mark.left_ms is None else total_ms - mark.left_ms
        found = _nearest(placed, lengths_ms[mark.text], at_ms)
        if found is None or abs(found[1] - at_ms) > FARTHEST_MS:
            near = format_duration(abs(found[1] - at_ms) // 1000 * 1000) if found else ""
            notices.append(
                Notice(
                    "timeline.progress-too-far" if near else "timeline.progress-no-room",
                    subject=f"\u201c{mark.text}\u201d",
                    expected=format_duration(FARTHEST_MS),
                    found=near,
                )
            )
            continue
        index, start_ms = found
        placed[index : index + 1] = _split(placed[index], start_ms, start_ms + lengths_ms[mark.text], mark.text)
    return placed, notices


def _nearest(events: Sequence[Event], length_ms: int, at_ms: int) -> tuple[int, int] | None:
    """The silence in which words of a length may begin nearest to a moment, and when."""
    found = ((index, _start_ms(event, length_ms, at_ms)) for index, event in enumerate(events))
    fitting = [(index, start_ms) for index, start_ms in found if start_ms is not None]
    return min(fitting, key=lambda one: abs(one[1] - at_ms), default=None)


def _start_ms(event: Event, length_ms: int, at_ms: int) -> int | None:
    """When words may begin in an event, nearest to a moment and at a frame; None where they have no room."""
    if event.kind != "wait" or event.role not in _AFTER_MS:
        return None
    earliest = -(-(event.start_ms + _BEFORE_MS) // FRAME_MS)
    latest = (event.end_ms - _AFTER_MS[event.role] - length_ms) // FRAME_MS
    return min(max(at_ms // FRAME_MS, earliest), latest) * FRAME_MS if earliest <= latest else None


def _split(silence: Event, start_ms: int, end_ms: int, text: str) -> Iterator[Event]:
    yield replace(silence, end_ms=start_ms)
    yield replace(silence, start_ms=start_ms, end_ms=end_ms, kind="say", role="progress", text=text)
    yield replace(silence, start_ms=end_ms)
