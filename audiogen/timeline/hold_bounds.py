"""How long a hold may be so that its written cues have room.

    Work + spoken lengths -> Bounds

Cues are given from the start, from the end or as a share of the hold. As a hold grows they move past one another, so
between lengths that have room there may be some that have none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from audiogen.script import APART_MS, Say, Script, Work
from audiogen.script.steps import VOWEL_MS

SECOND_MS = 1000  # holds are stretched to whole seconds


class _Span(NamedTuple):
    """Where a cue is in a hold of any length: it begins `share` of the length and `offset_ms` after the start."""

    share: float
    offset_ms: int
    length_ms: int

    @property
    def end_ms(self) -> int:
        return self.offset_ms + self.length_ms


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lengths that a hold may be stretched to: whole seconds from `least_ms` to `most_ms`, none of them in a gap.

    A gap is open: its two ends have room.
    """

    least_ms: int
    most_ms: int
    gaps: tuple[tuple[float, float], ...] = ()

    def above(self, length_ms: float) -> int | None:
        """The shortest of them that is not shorter than this."""
        found_ms = _whole_seconds(max(length_ms, self.least_ms))
        for low_ms, high_ms in self.gaps:
            if low_ms < found_ms < high_ms:
                found_ms = _whole_seconds(high_ms)
        return found_ms if found_ms <= self.most_ms else None

    def below(self, length_ms: float) -> int | None:
        """The longest of them that is not longer than this."""
        found_ms = int(min(length_ms, self.most_ms) // SECOND_MS) * SECOND_MS
        for low_ms, high_ms in reversed(self.gaps):
            if low_ms < found_ms < high_ms:
                found_ms = int(low_ms // SECOND_MS) * SECOND_MS
        return found_ms if found_ms >= self.least_ms else None

    def __and__(self, other: "Bounds") -> "Bounds":
        """What both allow; of holds that are equally long, cues may differ by side, set and round."""
        gaps = _joined([*self.gaps, *other.gaps])
        return Bounds(max(self.least_ms, other.least_ms), min(self.most_ms, other.most_ms), gaps)


Held = tuple[int | None, int]  # the number of an exercise, and how long its holds are, or some of them


def hold_bounds(script: Script, lengths_ms: Mapping[str, int]) -> dict[Held, Bounds]:
    """How far the holds of each exercise may be stretched, those of one length alike; written cues keep their room."""
    found: dict[Held, Bounds] = {}
    for step in script.steps:
        if isinstance(step, Work) and step.least_ms is not None and step.most_ms is not None:
            least_ms = _whole_seconds(max(step.least_ms, _room_ms(step, lengths_ms)))
            own = Bounds(least_ms, step.most_ms, _joined(list(_gaps(step, lengths_ms))))
            held = step.place.exercise, step.length_ms
            found[held] = found[held] & own if held in found else own
    return found


def _room_ms(work: Work, lengths_ms: Mapping[str, int]) -> int:
    """The shortest hold in which the cues from its start, those from its end and the countdown have room."""
    spans = _spans(work, lengths_ms)
    from_start = [work.tone.length_ms + APART_MS, *(one.end_ms + APART_MS for one in spans if one.share == 0)]
    from_end = [_counted_ms(work), *(-one.offset_ms for one in spans if one.share == 1)]
    return max(from_start) + max(from_end)


def _counted_ms(work: Work) -> int:
    """How long before the end of a hold its countdown begins."""
    spoken = work.countdown and isinstance(work.countdown[0], Say)
    return SECOND_MS * len(work.countdown) + (VOWEL_MS if spoken else 0)


def _gaps(work: Work, lengths_ms: Mapping[str, int]) -> Iterator[tuple[float, float]]:
    """The lengths between which a cue that is given as a share of the hold meets another, or has no room."""
    spans = _spans(work, lengths_ms)
    moving = [one for one in spans if 0 < one.share < 1]
    for one in moving:
        yield 0, (work.tone.length_ms + APART_MS - one.offset_ms) / one.share
        counted_ms = (one.end_ms + APART_MS + _counted_ms(work)) / (1 - one.share)
        yield 0, counted_ms if counted_ms <= work.length_ms else (one.end_ms + APART_MS) / (1 - one.share)
    for one, other in [*combinations(moving, 2), *((a, b) for a in moving for b in spans if b.share in (0, 1))]:
        first, second = sorted((one, other))
        if apart := second.share - first.share:
            yield (
                (first.offset_ms - second.end_ms - APART_MS) / apart,
                (first.end_ms + APART_MS - second.offset_ms) / apart,
            )


def _spans(work: Work, lengths_ms: Mapping[str, int]) -> list[_Span]:
    spans: list[_Span] = []
    before = _Span(0, 0, work.tone.length_ms)
    for cued in work.cues:
        sound = cued.sound
        length_ms = lengths_ms[sound.text] if isinstance(sound, Say) else sound.length_ms
        if cued.after:
            before = _Span(before.share, before.end_ms + max(cued.at_ms, APART_MS), length_ms)
        elif cued.from_end:
            before = _Span(1, cued.at_ms - work.length_ms, length_ms)
        else:
            before = _Span(cued.share, 0 if cued.share else cued.at_ms, length_ms)
        spans.append(before)
    return spans


def _joined(gaps: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """The gaps in order, those that overlap as one; a length between two that only touch has room."""
    joined: list[tuple[float, float]] = []
    for low_ms, high_ms in sorted(gap for gap in gaps if gap[0] < gap[1] and gap[1] > 0):
        if joined and low_ms < joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], high_ms)
        else:
            joined.append((low_ms, high_ms))
    return tuple(joined)


def _whole_seconds(length_ms: float) -> int:
    """To whole seconds, upwards: a cue that just fits still fits."""
    return -(-round(length_ms) // SECOND_MS) * SECOND_MS
