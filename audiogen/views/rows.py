"""The timeline as rows of a table.

    Plan -> Rows

Rows only name and join what the timeline already holds: each begins and ends where an event does, and together
they cover the session without gap or overlap (headings lie over the rows of their exercise).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from audiogen.routine.model import Group
from audiogen.routine.overrides import Change
from audiogen.script import Place
from audiogen.timeline.compose import Plan
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.timeline.visits import Set, Visit
from audiogen.views.doses import in_repetitions

Part = Literal[
    "opening",
    "exercise",
    "passage",
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
    "passage": "passage",
    "pause": "passage",
    "paragraph": "passage",
    "transition": "transition",
}

# The row that shows a changed value; those of other settings stand in the exercise's heading.
_PART_OF_KEY: dict[str, Part] = {
    "hold": "hold",
    "reps": "reps",
    "for": "reps",
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

    `part` is "exercise" for a heading, which spans the rows of its exercise that follow it; a passage is one row, with
    its name. `slug` names the exercise or passage that a row belongs to; `changes` say what overrides changed in it:
    "was 30s".
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


def rows(plan: Plan) -> tuple[Row, ...]:
    """A row for each part of the session, under a heading for each exercise (in rounds: for each of its visits)."""
    return _marked(plan, _part_rows(plan), _PART_OF_KEY)


def event_rows(plan: Plan) -> tuple[Row, ...]:
    """A row for every event, with the same headings; words in full, and as they are spoken where that differs."""
    timeline = plan.timeline
    headings = iter([row for row in _part_rows(plan) if row.part == "exercise"])
    heading = next(headings, None)
    found: list[Row] = []
    # A repetition stands above what sounds in it, not all of them above all sounds.
    for event in sorted(timeline.events, key=lambda event: (event.start_ms, event.is_tile)):
        if heading and event.start_ms >= heading.start_ms:
            found.append(heading)
            heading = next(headings, None)
        slug = _slug(timeline, event.place)
        named = _event_named(event, plan.spoken)
        found.append(Row(event.start_ms, event.end_ms, _event_part(event), named, event.place.side, slug))
    return _marked(plan, found, {"hold": "hold"})


def change_lines(plan: Plan) -> tuple[str, ...]:
    """What overrides changed in the session as a whole, a line each: "changed: length 10m30s (was 10m)"."""
    lines = [
        f"changed: {change.key.replace('_', '-')} {change.after} (was {change.before})"
        for change in plan.changes
        if change.slug is None
    ]
    groups = {item.slug for item in plan.routine.items if isinstance(item, Group)}
    lines += [
        f"changed: {change.slug} {change.key.replace('_', '-')} {change.after} (was {change.before})"
        for change in plan.changes
        if change.slug in groups
    ]
    for skipped, became in (("on", "left out"), ("off", "included")):
        slugs = [one.slug for one in plan.changes if one.slug and one.key == "skip" and one.after == skipped]
        if slugs:
            lines.append(f"{became}: {', '.join(slugs)}")
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
    visits = iter(plan.timeline.visits)
    visit = next(visits, None)
    found: list[Row] = []
    for row in _joined(_pieces(plan.timeline)):
        if visit and row.end_ms > visit.start_ms and row.part != "rest":  # it may be announced in a rest
            found.append(_heading(plan, visit, row.start_ms))
            visit = next(visits, None)
        found.append(row)
    return found


def _pieces(timeline: Timeline) -> Iterator[Row]:
    """A row for each set, and one for each tile outside work."""
    tiles = list(timeline.tiles())
    works = {work.start_ms: work for work in timeline.sets}
    rests = {event.start_ms: event for event in timeline.events if event.kind == "rest"}
    end_ms = 0
    for index, tile in enumerate(tiles):
        slug = _slug(timeline, tile.place)
        if work := works.get(tile.start_ms):
            end_ms = work.end_ms
            part: Part = "hold" if work.is_hold else "reps"
            yield Row(work.start_ms, end_ms, part, _named(work), work.side, slug)
        elif rest := rests.get(tile.start_ms):
            end_ms = rest.end_ms
            yield Row(rest.start_ms, end_ms, "rest", "rest", slug=slug)
        elif tile.start_ms >= end_ms:
            if tile.place.passage:
                yield Row(tile.start_ms, tile.end_ms, "passage", _passage(timeline, tile.place), slug=slug)
                continue
            part = _part(tiles, index)
            side = tile.place.side if part == "switch" else None
            yield Row(tile.start_ms, tile.end_ms, part, f"switch to the {side}" if side else part, side, slug)


def _slug(timeline: Timeline, place: Place) -> str | None:
    if place.passage:
        return timeline.passages[place.passage - 1].slug
    return timeline.exercises[place.exercise - 1].slug if place.exercise else None


def _part(tiles: Sequence[Event], index: int) -> Part:
    """What a tile outside work belongs to; gaps, bells and "the tone will start" belong to what follows them."""
    for tile in tiles[index:]:
        if tile.place.is_opening:
            return "opening"
        if tile.place.passage:
            return "transition"
        if tile.place.exercise is None:
            return "closing"
        if (part := _PART_OF_ROLE.get(tile.role)) and (tile.kind, tile.role) != ("say", "settle"):
            return part
    return "closing"


def _joined(pieces: Iterator[Row]) -> list[Row]:
    """The rows with neighbours outside work joined where they are of one part."""
    joined: list[Row] = []
    for row in pieces:
        last = joined[-1] if joined else row
        same = last.part == row.part and (row.part != "passage" or last.what == row.what)
        if joined and row.part not in ("hold", "reps") and same:
            joined[-1] = replace(row, start_ms=joined[-1].start_ms)
        else:
            joined.append(row)
    return joined


def _passage(timeline: Timeline, place: Place) -> str:
    """Name the row of a passage: its name, and its round."""
    name = timeline.passages[(place.passage or 1) - 1].name
    return f"{name}, round {place.round}" if place.round else name


def _heading(plan: Plan, visit: Visit, start_ms: int) -> Row:
    exercise = visit.exercise
    name = f"{exercise.number}. {exercise.name}{f', round {visit.round}' if visit.round else ''}"
    if _renumbered(plan):
        name += f" [{exercise.slug}]"
    return Row(start_ms, visit.end_ms, "exercise", name, slug=exercise.slug)


def _named(work: Set) -> str:
    """ "hold, right side, set 2", "12 repetitions" …"""
    parts = [in_repetitions(work.repetitions) if work.repetitions else "hold"]
    if work.is_hold and work.place.rep:
        parts = [f"hold {work.place.rep}"]
    if work.side:
        parts.append(f"{work.side} side")
    elif work.sides:
        parts.append("alternating sides")
    if work.place.set:
        parts.append(f"set {work.place.set}")
    return ", ".join(parts)


def _event_part(event: Event) -> Part:
    if event.kind == "hold":
        return "hold"
    if event.kind in ("rep", "pace"):
        return "reps"
    if event.place.is_opening:
        return "opening"
    if event.place.passage:
        return "passage"
    return _PART_OF_ROLE.get(event.role, "instructions") if event.place.exercise else "closing"


def _event_named(event: Event, spoken: Mapping[str, str]) -> str:
    match event.kind:
        case "say":
            worded = spoken.get(event.text or "")
            return f'"{event.text}", spoken: "{worded}"' if worded else f'"{event.text}"'
        case "tone":
            return f"{event.role} tone"
        case "wait":
            return f"{event.role} (silence)"
        case "rep":
            return f"repetition {event.place.rep}"
        case _:
            return event.kind
