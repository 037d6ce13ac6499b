"""The session as stretches of a ring, clockwise from the top.

    Timeline -> Segments

Ends are counted in steps of a fine round scale, finer than a pixel; what differs by less looks the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from audiogen.timeline.model import Timeline
from audiogen.views.picture.palette import DARK, colour_of

SIZE = 1400  # pixels of the cover, wide and high
STEPS = 4000  # round the whole ring
_NARROWEST = 8  # steps; a thinner stretch is drawn as wide as this
_BREATH = 20  # steps of silence between lines that are spoken together: too short to be worth seeing
_GAP_SHARE = 0.3  # of a repetition stays free behind it
_WIDEST_GAP = 8  # steps


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the ring, [start, end) in steps: thick for work, thinner for speech."""

    start: int
    end: int
    kind: Literal["work", "speech"]
    colour: str


def segments(timeline: Timeline) -> tuple[Segment, ...]:
    """All work and speech of a session; the rest of the ring is silence."""
    return tuple(_joined(_segments(timeline)))


def _segments(timeline: Timeline) -> Iterator[Segment]:
    def step(ms: float) -> int:
        return round(ms * STEPS / timeline.length_ms)

    drawn = [event for event in timeline.events if event.is_work]
    for event in sorted([*drawn, *timeline.sounds()], key=lambda event: event.start_ms):
        colour = colour_of(event.place.exercise).css if event.place.exercise else DARK.lesser
        start, end = step(event.start_ms), step(event.end_ms)
        if event.kind == "rep":
            gap = min(_WIDEST_GAP, round((end - start) * _GAP_SHARE))
            yield Segment(start, max(end - gap, start + 1), "work", colour)
        else:
            yield Segment(start, max(end, start + _NARROWEST), "speech" if event.is_tile else "work", colour)


def _joined(found: Iterator[Segment]) -> Iterator[Segment]:
    """The same, with neighbours of a kind and colour joined where hardly anything would be seen between them."""
    last: Segment | None = None
    for one in found:
        near = 0 if one.kind == "work" else _BREATH
        if last and (last.kind, last.colour) == (one.kind, one.colour) and one.start <= last.end + near:
            last = Segment(last.start, max(last.end, one.end), last.kind, last.colour)
            continue
        if last:
            yield last
        last = one
    if last:
        yield last
