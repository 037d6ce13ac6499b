"""A session's picture in words.

Timeline -> sentences
"""

from audiogen.durations import format_clock
from audiogen.text import counted, legible
from audiogen.timeline.model import Timeline
from audiogen.timeline.visits import Visit
from audiogen.views.doses import dose_of_visit


def sentences(timeline: Timeline) -> str:
    """Describe the picture, a line each: the session, then every exercise with its work and when it begins."""
    work_ms = sum(work.length_ms for work in timeline.sets)
    about = "" if timeline.exact else "about "
    lines = [
        f"The session lasts {about}{_long_length(timeline.length_ms // 1000 * 1000)}: "
        f"{contents(timeline)}, {_long_length(work_ms)} of holds and repetitions."
    ]
    for visit in timeline.visits:
        starts = [format_clock(work.start_ms) for work in visit.sets]
        at = f"{', '.join(starts[:-1])} and {starts[-1]}" if len(starts) > 1 else starts[0]
        begins = f"{visit.exercise.number}, {name(visit)}: begins at {format_clock(visit.start_ms)}"
        lines.append(f"{begins}, {dose_of_visit(visit).words(_long_length)}, at {at}.")
    for reading in timeline.readings:
        begins, length = format_clock(reading.start_ms), _long_length(reading.length_ms // 1000 * 1000)
        lines.append(f"{legible(reading.passage.name)}: begins at {begins}, {length} of words and pauses.")
    return "\n".join(lines)


def contents(timeline: Timeline) -> str:
    """Count what a session has: "7 exercises", "1 passage", "7 exercises and 2 passages"."""
    passages = [counted(len(timeline.passages), "passage")] if timeline.passages else []
    exercises = [counted(len(timeline.exercises), "exercise")] if timeline.exercises or not passages else []
    return " and ".join([*exercises, *passages])


def name(visit: Visit) -> str:
    """The exercise of a visit, and its round."""
    return legible(visit.exercise.name) + (f", round {visit.round}" if visit.round else "")


def label(visit: Visit) -> str:
    """The dose of a visit for a label: "30 s per side"."""
    return dose_of_visit(visit).words(short_length)


def short_length(ms: int) -> str:
    """A length for a label: 90000 -> "1 min 30 s"."""
    return " ".join(f"{count} {unit}" for count, unit in _units(ms, "h", "min", "s"))


def total(timeline: Timeline) -> str:
    """The length of the session as a clock, "about" while it is an estimate."""
    return ("" if timeline.exact else "about ") + format_clock(timeline.length_ms)


def _long_length(ms: int) -> str:
    units = _units(ms, "hour", "minute", "second")
    return " ".join(f"{count} {unit}{'' if count == '1' else 's'}" for count, unit in units)


def _units(ms: int, *names: str) -> list[tuple[str, str]]:
    """Hours, minutes and seconds, without those that are nothing."""
    minutes, rest_ms = divmod(ms, 60_000)
    counts = (f"{minutes // 60}", f"{minutes % 60}", f"{rest_ms / 1000:g}")
    found = [(count, name) for count, name in zip(counts, names, strict=True) if count != "0"]
    return found or [("0", names[-1])]
