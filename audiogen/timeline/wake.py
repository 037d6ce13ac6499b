"""A soft sound before whatever follows a long silence, for earbuds that fell asleep and would swallow its beginning.

    Timeline -> the same Timeline, with a wake sound in each long silence

It lies wholly inside the silence and moves nothing: what was one silence is the same silence before it and after it.
"""

from collections.abc import Iterator
from dataclasses import replace

from audiogen.script import TONE_MS
from audiogen.timeline.events import FRAME_MS, Event
from audiogen.timeline.model import Timeline

LONG_SILENCE_MS = 15_000  # after more than this, earbuds may be asleep
# From its onset to what it announces. Whole frames, and so long before that it is a block of its own: what follows
# stays the block that it is without it, and a session has few different wake sounds.
BEFORE_MS = 29 * FRAME_MS


def woken(timeline: Timeline, own_ms: int | None = None) -> Timeline:
    """The timeline with a wake sound before every word and tone that follows more than 15 s of silence.

    It lasts `own_ms` where it is a user's own.
    """
    return replace(timeline, events=tuple(_laid(timeline, own_ms or TONE_MS["wake"])))


def _laid(timeline: Timeline, wake_ms: int) -> Iterator[Event]:
    wakes = _wakes_ms(timeline)
    begin_ms = next(wakes, timeline.length_ms)
    for event in timeline.events:
        if event.kind != "wait" or event.end_ms <= begin_ms:
            yield event
            continue
        end_ms = begin_ms + wake_ms
        if event.start_ms < begin_ms:
            yield replace(event, end_ms=begin_ms)
        if event.start_ms <= begin_ms:
            yield replace(event, kind="tone", role="wake", start_ms=begin_ms, end_ms=end_ms)
        if event.end_ms > end_ms:  # else it is over while the wake sound goes on in the silence behind it
            yield replace(event, start_ms=max(event.start_ms, end_ms))
            begin_ms = next(wakes, timeline.length_ms)


def _wakes_ms(timeline: Timeline) -> Iterator[int]:
    """Where the wake sounds begin, in time order."""
    silent_from_ms = 0
    for tile in timeline.tiles():
        if tile.kind == "wait":
            continue
        if tile.start_ms - silent_from_ms > LONG_SILENCE_MS:
            yield tile.start_ms - BEFORE_MS
        silent_from_ms = max(silent_from_ms, tile.over_ms)
