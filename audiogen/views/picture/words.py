"""A session's picture in words.

Timeline -> sentences
"""

from collections.abc import Sequence

from audiogen.durations import format_clock
from audiogen.timeline.model import Timeline
from audiogen.timeline.visits import Stretch, Visit, visits

__all__ = ["dose", "sentences", "short_length", "total"]


def sentences(timeline: Timeline) -> str:
    """What the picture shows, a line each: the session, then every exercise with its work and when it begins."""
    turns = visits(timeline)
    count = len(timeline.exercises)
    about = "" if timeline.exact else "about "
    lines = [
        f"The session lasts {about}{_long_length(_whole_seconds(timeline.length_ms))}: "
        f"{count} exercise{'s' if count != 1 else ''}, "
        f"{_long_length(sum(work.length_ms for turn in turns for work in turn.works))} of holds and repetitions."
    ]
    for turn in turns:
        lines.append(f"{turn.number}, {turn.name}: begins at {format_clock(turn.start_ms)}, {_works_told(turn)}.")
    return "\n".join(lines)


def dose(visit: Visit) -> str:
    """What an exercise asks for: "1 min", "12 repetitions", "30 s right · 30 s left", "3 × 45 s"."""
    found = []
    for works in _alike(visit.works):
        times = f"{len(works)} × " if len(works) > 1 else ""
        found.append(times + _dose(works[0]) + _on_side(works[0]))
    return " · ".join(found)


def short_length(ms: int) -> str:
    """A length for a label: 90000 -> "1 min 30 s"."""
    return " ".join(f"{count} {unit}" for count, unit in _units(ms, "h", "min", "s"))


def total(timeline: Timeline) -> str:
    """The length of the session as a clock, "about" while it is an estimate."""
    return ("" if timeline.exact else "about ") + format_clock(timeline.length_ms)


def _works_told(visit: Visit) -> str:
    told = []
    for works in _alike(visit.works):
        one, length = works[0], _long_length(works[0].length_ms)
        starts = [format_clock(work.start_ms) for work in works]
        at = f"{', '.join(starts[:-1])} and {starts[-1]}" if len(starts) > 1 else starts[0]
        side = f" on the {one.sides[0]}" if len(one.sides) == 1 else _on_side(one)
        told.append(f"{length}{side} at {at}" if one.kind == "hold" else f"{_dose(one)}{side}, {length} from {at}")
    verb = "holds " if visit.works[0].kind == "hold" else ""
    return verb + ", ".join(told)


def _alike(works: Sequence[Stretch]) -> list[list[Stretch]]:
    """Works with the same dose on the same side together, in the order in which they first come."""
    groups: dict[tuple[object, ...], list[Stretch]] = {}
    for work in works:
        groups.setdefault((work.kind, work.sides, work.length_ms, len(work.reps_ms)), []).append(work)
    return list(groups.values())


def _dose(work: Stretch) -> str:
    if work.kind == "hold":
        return short_length(work.length_ms)
    count = len(work.reps_ms)
    return f"{count} repetition{'s' if count != 1 else ''}"


def _on_side(work: Stretch) -> str:
    if len(work.sides) > 1:
        return ", sides in turn"
    return f" {work.sides[0]}" if work.sides else ""


def _whole_seconds(ms: int) -> int:
    return ms // 1000 * 1000


def _long_length(ms: int) -> str:
    units = _units(ms, "hour", "minute", "second")
    return " ".join(f"{count} {unit}{'' if count == '1' else 's'}" for count, unit in units)


def _units(ms: int, *names: str) -> list[tuple[str, str]]:
    """Hours, minutes and seconds, without those that are nothing."""
    minutes, rest_ms = divmod(ms, 60_000)
    counts = (f"{minutes // 60}", f"{minutes % 60}", f"{rest_ms / 1000:g}")
    found = [(count, name) for count, name in zip(counts, names, strict=True) if count != "0"]
    return found or [("0", names[-1])]
