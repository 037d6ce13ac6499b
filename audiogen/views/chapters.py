"""The chapters of a session: where a player may jump to.

    Timeline -> Chapters

One for the opening, one for each exercise and side (in rounds: for each of its visits) with its work in the title, one
for the closing. They follow one another without gap from 0 to the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from audiogen.script.phrases import Phrases, load_phrases
from audiogen.timeline.model import Event, Timeline

__all__ = ["Chapter", "chapters_of"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the track, [start_ms, end_ms).

    `exercise` is its number; None for the opening and the closing, and where chapters are read from a file. `dose` is
    the part of the title that tells the side and the work: "right side, 30 s".
    """

    start_ms: int
    end_ms: int
    title: str
    exercise: int | None = None
    dose: str = ""


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done on one side of an exercise without changing it: a hold, or repetitions; in sets, each of them.

    `side` is None where there are none, or where they change with each repetition (`alternates`).
    """

    events: tuple[Event, ...]
    side: str | None
    alternates: bool

    @property
    def start_ms(self) -> int:
        return self.events[0].start_ms

    @property
    def end_ms(self) -> int:
        return self.events[-1].end_ms

    @property
    def visit(self) -> tuple[int | None, int | None]:
        return self.events[0].exercise, self.events[0].round


def chapters_of(timeline: Timeline) -> tuple[Chapter, ...]:
    """The chapters in time order, in the language of the session; there is one at least."""
    phrases = load_phrases(timeline.language)
    starts = list(_starts(timeline, phrases))
    ends = [start.start_ms for start in starts[1:]] + [timeline.length_ms]
    return tuple(replace(start, end_ms=end_ms) for start, end_ms in zip(starts, ends, strict=True))


def _starts(timeline: Timeline, phrases: Phrases) -> Iterator[Chapter]:
    """The chapters, all of which end where the track does."""
    last_ms = timeline.length_ms
    yield Chapter(0, last_ms, phrases.written("opening"))
    tiles = timeline.tiles()
    before: _Work | None = None
    for work in _works(timeline):
        (number, turn), dose = work.visit, _dose(work, phrases)
        named = [f"{number} {timeline.exercises[(number or 1) - 1].name}"]
        turns = [phrases.written("round", n=turn)] if turn else []
        title = phrases.written("join").join([*named, *turns, dose])
        yield Chapter(_begins_ms(tiles, work, before), last_ms, title, number, dose)
        before = work
    closing_ms = next((tile.start_ms for tile in tiles if tile.exercise is None), None)
    if closing_ms is not None:
        yield Chapter(closing_ms, last_ms, phrases.written("closing"))


def _begins_ms(tiles: Iterator[Event], work: _Work, before: _Work | None) -> int:
    """Where the words and silences that lead to a work begin.

    `tiles` are those that come after the beginning of the work before, so that all works together pass each tile once.
    """
    same_visit = before is not None and before.visit == work.visit
    for tile in tiles:
        if before and tile.start_ms < before.end_ms:
            continue
        if (tile.exercise, tile.round) == work.visit and (not same_visit or tile.side == work.side):
            return tile.start_ms
    return work.start_ms  # pragma: no cover - a work always has tiles


def _works(timeline: Timeline) -> list[_Work]:
    works: list[_Work] = []
    for run in timeline.runs():
        sides = {event.side for event in run}
        work = _Work(run, run[0].side if len(sides) == 1 else None, len(sides) > 1)
        last = works[-1] if works else None
        if last and (last.visit, last.side, last.alternates) == (work.visit, work.side, work.alternates):
            works[-1] = _Work((*last.events, *work.events), work.side, work.alternates)
        else:
            works.append(work)
    return works


def _dose(work: _Work, phrases: Phrases) -> str:
    """The side and the work: "right side, 30 s", "3 × 12 repetitions" …"""
    sets, first = len({event.set for event in work.events}), work.events[0]
    if first.kind == "hold":
        dose = phrases.written_length(first.length_ms)
    else:
        dose = phrases.written("repetitions", n=len(work.events) // sets)
    parts = [phrases.written("side", side=phrases.side(work.side))] if work.side else []
    parts.append(f"{sets} × {dose}" if sets > 1 else dose)
    if work.alternates:
        parts.append(phrases.written("alternating"))
    return phrases.written("join").join(parts)
