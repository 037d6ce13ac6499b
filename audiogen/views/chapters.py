"""The chapters of a session: where a player may jump to.

    Timeline -> Chapters

One for the opening, one for each exercise and side (in rounds: for each of its visits) with its work in the title, one
for each passage, one for the closing; an opening or a closing without a sound belongs to the chapter next to it. They
follow one another without gap from 0 to the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from audiogen.phrases import Phrases, load_phrases
from audiogen.timeline.model import Timeline
from audiogen.timeline.visits import Reading, Set, SideWork, Visit


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the track, [start_ms, end_ms).

    `exercise` is the number of its exercise, `passage` that of its passage; both are None for the opening and the
    closing, and where chapters are read from a file. `dose` is the part of the title that names the side and the work:
    "right side, 30 s".
    """

    start_ms: int
    end_ms: int
    title: str
    exercise: int | None = None
    dose: str = ""
    passage: int | None = None


def chapters_of(timeline: Timeline) -> tuple[Chapter, ...]:
    """The chapters in time order, in the language of the session; there is one at least."""
    phrases = load_phrases(timeline.language)
    first, *others = _starts(timeline, phrases)
    starts = [replace(first, start_ms=0), *others]
    ends = [start.start_ms for start in starts[1:]] + [timeline.length_ms]
    return tuple(replace(start, end_ms=end_ms) for start, end_ms in zip(starts, ends, strict=True))


def _starts(timeline: Timeline, phrases: Phrases) -> Iterator[Chapter]:
    """The chapters, all of which end where the track does; the opening and the closing only where they sound."""
    last_ms = timeline.length_ms
    places = [event.place for event in timeline.sounds()]
    if any(place.is_opening for place in places) or not (timeline.visits or timeline.readings):
        yield Chapter(0, last_ms, phrases.written("opening"))
    turns: list[Visit | Reading] = [*timeline.visits, *timeline.readings]
    for turn in sorted(turns, key=lambda turn: turn.start_ms):
        rounds = [phrases.written("round", n=turn.round)] if turn.round else []
        if isinstance(turn, Reading):
            title = phrases.written("join").join([turn.passage.name, *rounds])
            yield Chapter(turn.start_ms, last_ms, title, passage=turn.passage.number)
            continue
        named = [f"{turn.exercise.number} {turn.exercise.name}", *rounds]
        for work in turn.sides:
            dose = _dose(work, phrases)
            title = phrases.written("join").join([*named, dose])
            yield Chapter(work.start_ms, last_ms, title, turn.exercise.number, dose)
    if any(place.exercise is None for place in places):
        closing_ms = next(tile.start_ms for tile in timeline.tiles() if tile.place.exercise is None)
        yield Chapter(closing_ms, last_ms, phrases.written("closing"))


def _dose(work: SideWork, phrases: Phrases) -> str:
    """Write the side and the work in the session's language: "right side, 30 s", "3 × 12 repetitions" …"""
    doses = [_of_set(one, phrases) for one in work.sets]
    count, dose = len(doses), doses[0]
    if len({*doses}) > 1:
        count, dose = 1, phrases.written("join").join(doses)
    parts = [phrases.written("side", side=phrases.side(work.side))] if work.side else []
    parts.append(f"{count} × {dose}" if count > 1 else dose)
    if work.alternates:
        parts.append(phrases.written("alternating"))
    return phrases.written("join").join(parts)


def _of_set(one: Set, phrases: Phrases) -> str:
    if one.repetitions is None:
        return phrases.written_length(one.length_ms)
    return phrases.written_count("repetitions", one.repetitions)
