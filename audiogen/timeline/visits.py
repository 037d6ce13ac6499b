"""What there is to draw.

Timeline -> stretches of work and speech, visits to exercises, marks of a scale
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from audiogen.text import legible
from audiogen.timeline.model import Event, Timeline

__all__ = ["Stretch", "Visit", "scale_step_ms", "stretches", "visits"]

SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A hold, a run of repetitions, or a sound outside work (words or a tone): [start_ms, end_ms).

    `sides` are those it is done on, in order; `reps` are where its repetitions begin.
    """

    start_ms: int
    end_ms: int
    kind: Literal["hold", "reps", "speech"]
    exercise: int | None
    sides: tuple[str, ...] = ()
    reps_ms: tuple[int, ...] = ()

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def is_work(self) -> bool:
        return self.kind != "speech"


@dataclass(frozen=True, slots=True)
class Visit:
    """One turn of an exercise, from its announcement to its last word; a round visits each exercise again."""

    number: int
    name: str
    start_ms: int
    end_ms: int
    stretches: tuple[Stretch, ...]

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def works(self) -> tuple[Stretch, ...]:
        return tuple(stretch for stretch in self.stretches if stretch.is_work)


def stretches(timeline: Timeline) -> tuple[Stretch, ...]:
    """All work, and all sound outside work, in time order and without overlap; what is left is silence."""
    found = [_work(run) for run in _runs(timeline)]
    ends = iter(found)
    work = next(ends, None)
    sounds = []
    for tile in timeline.tiles():
        while work and tile.start_ms >= work.end_ms:
            work = next(ends, None)
        if tile.kind != "wait" and tile.role != "wake" and not (work and tile.start_ms >= work.start_ms):
            sounds.append(Stretch(tile.start_ms, tile.end_ms, "speech", tile.exercise))
    return tuple(sorted([*found, *sounds], key=lambda stretch: stretch.start_ms))


def visits(timeline: Timeline) -> tuple[Visit, ...]:
    """The turns of all exercises, in time order. The transition after a turn is no part of it."""
    spans: list[tuple[int, int | None, int, int]] = []  # exercise, round, start, end
    for tile in timeline.tiles():
        if not tile.exercise or tile.role in ("transition", "wake"):
            continue
        if spans and spans[-1][:2] == (tile.exercise, tile.round):
            spans[-1] = (*spans[-1][:3], tile.end_ms)
        else:
            spans.append((tile.exercise, tile.round, tile.start_ms, tile.end_ms))
    names = {exercise.number: legible(exercise.name) for exercise in timeline.exercises}
    everything = stretches(timeline)
    return tuple(
        Visit(
            number,
            f"{names[number]}, round {turn}" if turn else names[number],
            start_ms,
            end_ms,
            tuple(one for one in everything if start_ms <= one.start_ms < end_ms),
        )
        for number, turn, start_ms, end_ms in spans
    )


def scale_step_ms(length_ms: int, most: float) -> int:
    """The smallest round step that divides a length into at most `most` parts."""
    return next((1000 * step for step in SECONDS if length_ms <= most * 1000 * step), max(length_ms, 1))


def _runs(timeline: Timeline) -> Iterator[list[Event]]:
    """Holds singly; repetitions that follow one another without a break together."""
    run: list[Event] = []
    for event in timeline.events:
        if event.kind not in ("hold", "rep"):
            continue
        if run and not _goes_on(run[-1], event):
            yield run
            run = []
        run.append(event)
    if run:
        yield run


def _work(run: list[Event]) -> Stretch:
    first, last = run[0], run[-1]
    sides = tuple(dict.fromkeys(event.side for event in run if event.side))
    if first.kind == "hold":
        return Stretch(first.start_ms, last.end_ms, "hold", first.exercise, sides)
    reps_ms = tuple(event.start_ms for event in run)
    return Stretch(first.start_ms, last.end_ms, "reps", first.exercise, sides, reps_ms)


def _goes_on(last: Event, event: Event) -> bool:
    return last.kind == event.kind == "rep" and last.end_ms == event.start_ms and last.set == event.set
