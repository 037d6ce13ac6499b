"""The timeline as rows of a table.

    Plan -> Rows

Rows only name and join what the timeline already holds: each begins and ends where an event does, and together
they cover the session without gap or overlap (headings lie over the rows of their exercise).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from audiogen.routine.overrides import Change
from audiogen.timeline.compose import Plan
from audiogen.timeline.model import Event, Timeline

__all__ = ["Part", "Row", "change_lines", "event_rows", "rows"]

Part = Literal[
    "opening",
    "exercise",
    "instructions",
    "settle",
    "hold",
    "reps",
    "rest",
    "switch",
    "release",
    "transition",
    "closing",
]

_PART_OF_ROLE: dict[str, Part] = {
    "announcement": "instructions",
    "round": "instructions",
    "setup": "instructions",
    "settle": "settle",
    "switch": "switch",
    "release": "release",
    "rest": "rest",
    "transition": "transition",
}

_SIDED: tuple[Part, ...] = ("hold", "reps", "switch")

# The row on which a changed value is told; those of other settings stand in the exercise's heading.
_PART_OF_KEY: dict[str, Part] = {
    "hold": "hold",
    "reps": "reps",
    "tempo": "reps",
    "rest": "rest",
    "settle": "settle",
    "switching": "switch",
    "transition": "transition",
}
_SEEN = ("hold", "reps", "rest")  # a row shows their new value anyway: its length, its repetitions


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plan: the stretch [start_ms, end_ms) and what happens in it.

    `part` is "exercise" for a heading, which spans the rows of its exercise that follow it. `slug` names the exercise
    that a row belongs to; `changes` tell what overrides changed in it: "was 30s".
    """

    start_ms: int
    end_ms: int
    part: Part
    what: str
    side: str | None = None
    slug: str | None = None
    changes: tuple[str, ...] = ()

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class _Span:
    """Neighbouring events that make one row; `works` are the holds or repetitions that lie over them."""

    part: Part
    visit: tuple[int | None, int | None]  # exercise and round
    set: int | None
    start_ms: int
    end_ms: int
    side: str | None
    works: tuple[Event, ...] = ()


def rows(plan: Plan) -> tuple[Row, ...]:
    """A row for each part of the session, under a heading for each exercise (in rounds: for each of its visits)."""
    return _marked(plan, _part_rows(plan), _PART_OF_KEY)


def event_rows(plan: Plan) -> tuple[Row, ...]:
    """A row for every event, words in full, with the same headings."""
    timeline = plan.timeline
    headings = iter([row for row in _part_rows(plan) if row.part == "exercise"])
    heading = next(headings, None)
    found: list[Row] = []
    for event in timeline.events:
        if heading and event.start_ms >= heading.start_ms:
            found.append(heading)
            heading = next(headings, None)
        slug = _slug(timeline, event.exercise)
        found.append(Row(event.start_ms, event.end_ms, _event_part(event), _event_named(event), event.side, slug))
    return _marked(plan, found, {"hold": "hold"})


def change_lines(plan: Plan) -> tuple[str, ...]:
    """What overrides changed in the session as a whole, a line each: "changed: length 10m30s (was 10m)"."""
    lines = [
        f"changed: {change.key.replace('_', '-')} {change.after} (was {change.before})"
        for change in plan.changes
        if change.slug is None
    ]
    for skipped, told in (("on", "left out"), ("off", "taken in")):
        slugs = [one.slug for one in plan.changes if one.slug and one.key == "skip" and one.after == skipped]
        if slugs:
            lines.append(f"{told}: {', '.join(slugs)}")
    if _renumbered(plan):
        slug = plan.timeline.exercises[0].slug
        lines.append(f"numbers differ from the file's: address an exercise by the name in brackets (--skip {slug})")
    return tuple(lines)


# -- what was changed


def _marked(plan: Plan, found: Sequence[Row], parts: Mapping[str, Part]) -> tuple[Row, ...]:
    """The rows with what was changed in them; what has no row of its own stands in the heading."""
    shown = {(row.slug, row.part) for row in found}
    marks: dict[tuple[str | None, Part], list[Change]] = {}
    for change in plan.changes:
        if change.slug and change.key != "skip":
            place = (change.slug, parts.get(change.key, "exercise"))
            marks.setdefault(place if place in shown else (change.slug, "exercise"), []).append(change)
    return tuple(replace(row, changes=tuple(_told(row, marks.get((row.slug, row.part), ())))) for row in found)


def _told(row: Row, changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        if change.side and row.side and change.side != row.side:
            continue
        own_row = row.part != "exercise" and change.side in (None, row.side)
        named = [change.key.replace("_", "-")] if row.part == "exercise" or change.key == "tempo" else []
        sided = [change.side] if change.side and not own_row else []
        seen = own_row and change.key in _SEEN
        yield f"was {change.before}" if seen else f"{' '.join([*named, *sided, change.after])}, was {change.before}"


def _renumbered(plan: Plan) -> bool:
    """Whether any exercise has another number in the session than in its file."""
    return any(one.number != number for number, one in enumerate(plan.script.exercises, start=1))


# -- parts of the session


def _part_rows(plan: Plan) -> list[Row]:
    timeline = plan.timeline
    spans = _joined(_spans(timeline))
    found: list[Row] = []
    visit: tuple[int | None, int | None] = (0, None)
    for index, span in enumerate(spans):
        if span.visit[0] and span.visit != visit and span.part != "transition":
            visit = span.visit
            found.append(_heading(plan, spans[index:]))
        side = span.side if span.part in _SIDED else None
        slug = _slug(timeline, span.visit[0])
        found.append(Row(span.start_ms, span.end_ms, span.part, _named(span), side, slug))
    return found


def _slug(timeline: Timeline, number: int | None) -> str | None:
    return timeline.exercises[number - 1].slug if number else None


def _spans(timeline: Timeline) -> Iterator[_Span]:
    """The tiles as one-tile spans; a hold or a run of repetitions is one span already."""
    works = list(timeline.runs())
    tiles = list(timeline.tiles())
    for index, tile in enumerate(tiles):
        if works and tile.start_ms >= works[0][-1].end_ms:
            works.pop(0)
        if works and tile.start_ms >= works[0][0].start_ms:
            if tile.start_ms == works[0][0].start_ms:
                yield _work_span(works[0])
            continue
        part = _part(tiles, index)
        yield _Span(part, (tile.exercise, tile.round), None, tile.start_ms, tile.end_ms, tile.side)


def _work_span(run: tuple[Event, ...]) -> _Span:
    first, last = run[0], run[-1]
    sides = {work.side for work in run}
    side = first.side if len(sides) == 1 else None
    part: Part = "hold" if first.kind == "hold" else "reps"
    visit = (first.exercise, first.round)
    return _Span(part, visit, first.set, first.start_ms, last.end_ms, side, tuple(run))


def _part(tiles: Sequence[Event], index: int) -> Part:
    """What a tile outside work belongs to; gaps, bells and "the tone will start" belong to what follows them."""
    for tile in tiles[index:]:
        if tile.exercise == 0:
            return "opening"
        if tile.exercise is None:
            return "closing"
        if (part := _PART_OF_ROLE.get(tile.role)) and (tile.kind, tile.role) != ("say", "settle"):
            return part
    return "closing"


def _joined(spans: Iterator[_Span]) -> list[_Span]:
    joined: list[_Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and not span.works and last.part == span.part:
            joined[-1] = replace(span, start_ms=last.start_ms)
        else:
            joined.append(span)
    return joined


def _heading(plan: Plan, spans: Sequence[_Span]) -> Row:
    number, turn = spans[0].visit
    end_ms = spans[0].end_ms
    for span in spans:
        if span.visit != spans[0].visit or span.part == "transition":
            break
        end_ms = span.end_ms
    exercise = next(exercise for exercise in plan.timeline.exercises if exercise.number == number)
    name = f"{exercise.number}. {exercise.name}{f', round {turn}' if turn else ''}"
    if _renumbered(plan):
        name += f" [{exercise.slug}]"
    return Row(spans[0].start_ms, end_ms, "exercise", name, slug=exercise.slug)


def _named(span: _Span) -> str:
    """ "hold, right side, set 2", "12 repetitions", "switch to the left" …"""
    if span.part == "switch":
        return f"switch to the {span.side}"
    what: str = span.part
    if span.part == "reps":
        what = f"{len(span.works)} repetition{'s' if len(span.works) > 1 else ''}"
        if span.side is None and any(work.side for work in span.works):
            what += ", sides in turn"
    if span.works and span.side:
        what += f", {span.side} side"
    return f"{what}, set {span.set}" if span.set else what


def _event_part(event: Event) -> Part:
    if event.kind == "hold":
        return "hold"
    if event.kind == "rep":
        return "reps"
    if event.exercise == 0:
        return "opening"
    return _PART_OF_ROLE.get(event.role, "instructions") if event.exercise else "closing"


def _event_named(event: Event) -> str:
    match event.kind:
        case "say":
            return f'"{event.text}"'
        case "tone":
            return f"{event.role} tone"
        case "wait":
            return f"{event.role} (silence)"
        case "rep":
            return f"repetition {event.rep}"
        case _:
            return event.kind
