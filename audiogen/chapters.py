"""The chapters of a session: where a player may jump to.

    Timeline -> Chapters

One for the opening, one for each exercise and side (in rounds: for each of its visits) with its work in the title, one
for the closing. They follow one another without gap from 0 to the end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiogen.phrases import Phrases, load_phrases
from audiogen.timeline import Event, Timeline

__all__ = ["Chapter", "chapters_of"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the track, [start_ms, end_ms). `exercise` is its number; None for the opening and the closing."""

    start_ms: int
    end_ms: int
    title: str
    exercise: int | None = None


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
    ends = [start_ms for start_ms, _, _ in starts[1:]] + [timeline.length_ms]
    return tuple(
        Chapter(start_ms, end_ms, title, exercise)
        for (start_ms, title, exercise), end_ms in zip(starts, ends, strict=True)
    )


def _starts(timeline: Timeline, phrases: Phrases) -> Iterator[tuple[int, str, int | None]]:
    """Start, title and exercise of each chapter."""
    yield 0, phrases.written("opening"), None
    tiles = list(timeline.tiles())
    before: _Work | None = None
    for work in _works(timeline):
        title = _title(timeline, work, phrases)
        yield _begins_ms(tiles, work, before), title, work.visit[0]
        before = work
    closing = [tile for tile in tiles if tile.exercise is None]
    if closing:
        yield closing[0].start_ms, phrases.written("closing"), None


def _begins_ms(tiles: Sequence[Event], work: _Work, before: _Work | None) -> int:
    """Where the words and silences that lead to a work begin."""
    same_visit = before is not None and before.visit == work.visit
    for tile in tiles:
        if before and tile.start_ms < before.end_ms:
            continue
        if (tile.exercise, tile.round) == work.visit and (not same_visit or tile.side == work.side):
            return tile.start_ms
    return work.start_ms  # pragma: no cover - a work always has tiles


def _works(timeline: Timeline) -> list[_Work]:
    works: list[_Work] = []
    for run in _runs([event for event in timeline.events if event.kind in ("hold", "rep")]):
        sides = {event.side for event in run}
        work = _Work(tuple(run), run[0].side if len(sides) == 1 else None, len(sides) > 1)
        last = works[-1] if works else None
        if last and (last.visit, last.side, last.alternates) == (work.visit, work.side, work.alternates):
            works[-1] = _Work((*last.events, *work.events), work.side, work.alternates)
        else:
            works.append(work)
    return works


def _runs(events: Sequence[Event]) -> list[list[Event]]:
    """Holds singly; repetitions that follow one another without a break together."""
    runs: list[list[Event]] = []
    for event in events:
        last = runs[-1][-1] if runs else None
        if last and event.kind == last.kind == "rep" and event.start_ms == last.end_ms and event.set == last.set:
            runs[-1].append(event)
        else:
            runs.append([event])
    return runs


def _title(timeline: Timeline, work: _Work, phrases: Phrases) -> str:
    """ "3 Double V, right side, 30 s", "2 Squats, round 1, 3 × 12 repetitions" …"""
    number, turn = work.visit
    parts = [f"{number} {timeline.exercises[(number or 1) - 1].name}"]
    if turn:
        parts.append(phrases.written("round", n=turn))
    if work.side:
        parts.append(phrases.written("side", side=phrases.side(work.side)))
    sets = len({event.set for event in work.events})
    first = work.events[0]
    if first.kind == "hold":
        dose = phrases.written_length(first.length_ms)
    else:
        dose = phrases.written("repetitions", n=len(work.events) // sets)
    parts.append(f"{sets} × {dose}" if sets > 1 else dose)
    if work.alternates:
        parts.append(phrases.written("alternating"))
    return phrases.written("join").join(parts)
