"""What the page of a session shows between the cards of exercises: passages, and what groups have for all.

Routine + Timeline -> Asides
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from audiogen.durations import format_clock, format_duration
from audiogen.routine.model import Exercise, Group, Passage, Routine
from audiogen.text import counted
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline

Lines = tuple[tuple[int, str], ...]  # when, in ms, and what is said then


@dataclass(frozen=True, slots=True)
class Aside:
    """A passage or a group: its name, what it is, the lines of a passage; `before` is the slug of the next exercise."""

    name: str
    what: str
    lines: Lines = ()
    note: str = ""
    before: str = ""


def asides_of(routine: Routine, timeline: Timeline) -> list[Aside]:
    """List the passages and groups in order; those behind the last exercise have none that follows."""
    found: list[Aside] = []
    waiting: list[Aside] = []
    for one in _in_order(routine):
        if isinstance(one, Exercise):
            found += [replace(aside, before=one.slug) for aside in waiting]
            waiting = []
        elif isinstance(one, Group):
            waiting.append(Aside(one.name or one.slug, _words(one)))
        else:
            waiting.append(_passage(one, timeline))
    return [*found, *waiting]


def _in_order(routine: Routine) -> Iterator[Exercise | Passage | Group]:
    for item in routine.exercises:
        yield item
        if isinstance(item, Group):
            yield from item.exercises


def _words(group: Group) -> str:
    """What a group has for all: "3 rounds, work 40s, rest 20s, 1m between rounds"."""
    parts = [counted(group.rounds, "round")]
    parts += [f"work {format_duration(group.work_ms)}"] if group.work_ms is not None else []
    parts += [f"rest {format_duration(group.rest_ms)}"] if group.rest_ms is not None else []
    parts += [f"{format_duration(group.round_rest_ms)} between rounds"] if group.round_rest_ms is not None else []
    parts += [f"every {format_duration(group.every_ms)}"] if group.every_ms is not None else []
    return ", ".join(parts)


def _passage(passage: Passage, timeline: Timeline) -> Aside:
    readings = [one for one in timeline.readings if one.passage.slug == passage.slug]
    lines = spoken_lines(event for one in readings for event in one.events)
    length = format_clock(readings[0].length_ms) if readings else "left out"
    return Aside(passage.name, length, lines, passage.note or "")


def spoken_lines(events: Iterable[Event]) -> Lines:
    """Return what is spoken, each text once, with the time when it is first spoken."""
    first: dict[str, int] = {}
    for event in events:
        if event.kind == "say" and event.text:
            first.setdefault(event.text, event.start_ms)
    return tuple((at_ms, text) for text, at_ms in first.items())
