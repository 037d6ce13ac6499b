"""When each step happens: the one place where time is added up.

    Script + spoken lengths -> Timeline

All positions are whole milliseconds from the start of the track. They are first summed exactly as written; then the
end of each flexible silence moves to the frame boundary nearest to its ideal place, so that what follows meets the
MP3 frame grid in the same place whatever was edited before it. Work is never touched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from audiogen.errors import Problem, TimelineError
from audiogen.routine.pauses import Limits
from audiogen.script import Place, Say, Script, Silence, Step, Tone, Wording, Work
from audiogen.timeline.conflicts import Placed, fill
from audiogen.timeline.events import FRAME_MS, Event, Exercised, place_name
from audiogen.timeline.hold_bounds import hold_bounds
from audiogen.timeline.model import Timeline
from audiogen.timeline.progress import with_progress
from audiogen.timeline.unmet import unmet

MOST_PROBLEMS = 20  # are reported one by one
LONG_SETTLE_MS = 10_000


class Built(NamedTuple):
    """A timeline, and what a user should know about it."""

    timeline: Timeline
    notices: tuple[Problem, ...]


def build_timeline(script: Script, lengths_ms: Mapping[str, int], *, voice: str | None, exact: bool) -> Built:
    """Place every step of a script, given how long each text takes to say.

    While lengths are estimates (`exact` false), what cannot be met is a notice.

    Raises:
        TimelineError: the length cannot be met, or written cues overlap or run over; all of them at once.
    """
    problems: list[Problem] = []
    notices: list[Problem] = []
    filled: dict[int, tuple[Placed, ...]] = {}
    for index, step in enumerate(script.steps):
        if isinstance(step, Work):
            content = fill(step, lengths_ms)
            filled[index] = content.placed
            where, noticed = _where(script, step.place), _where(script, step.place, noticed=True)
            slug = script.exercises[step.place.exercise - 1].slug if step.place.exercise else ""
            problems += [replace(problem.within(where), slug=slug) for problem in content.problems]
            notices += [replace(notice.within(noticed), slug=slug) for notice in content.notices]
    spans, unmet = _spans(script, lengths_ms)
    problems = unmet or _first([*dict.fromkeys(problems)])  # where no length fits, what became of the cues says nothing
    if problems and exact:
        raise TimelineError(*problems)
    events = [
        event
        for index, (step, start_ms, end_ms) in enumerate(spans)
        for event in _events(step, start_ms, end_ms, filled.get(index, ()))
    ]
    length_ms = spans[-1][2]
    events, unplaced = with_progress(events, script.marks, lengths_ms, length_ms)
    timeline = Timeline(
        title=script.title,
        language=script.language,
        voice=voice,
        length_ms=length_ms,
        exact=exact,
        exercises=tuple(
            Exercised(number, exercise.slug, exercise.name, exercise.note, exercise.optional)
            for number, exercise in enumerate(script.exercises, start=1)
        ),
        passages=tuple(
            Exercised(number, passage.slug, passage.name, passage.note)
            for number, passage in enumerate(script.passages, start=1)
        ),
        events=tuple(events),
    )
    return Built(timeline, (*problems, *dict.fromkeys(notices), *unplaced))


def _first(problems: list[Problem]) -> list[Problem]:
    """The first problems, and how many more there are: a cue that comes every 5s may fit nowhere in a day."""
    more = len(problems) - MOST_PROBLEMS
    if more <= 1:
        return problems
    return [*problems[:MOST_PROBLEMS], Problem("timeline.more-problems", found=f"{more:,}")]


def _where(script: Script, place: Place, *, noticed: bool = False) -> str:
    """Name the place of a piece of work; of holds that change sides, which are many and alike, only the side."""
    place = replace(place, rep=None, side=None if place.rep and noticed else place.side)
    return place_name(place, script.exercises, script.passages)


def settle_wording(script: Script, lengths_ms: Mapping[str, int]) -> Wording:
    """Settle what the words say about lengths: a first script has these lengths, the second one names them."""
    spans, _ = _spans(script, lengths_ms)
    long_settles = frozenset(
        step.place
        for step, start_ms, end_ms in spans
        if isinstance(step, Silence) and step.kind == "settle" and end_ms - start_ms > LONG_SETTLE_MS
    )
    return Wording(spans[-1][2], long_settles)


def default_length_ms(script: Script, lengths_ms: Mapping[str, int]) -> int:
    """How long a session lasts with every silence at its default length."""
    return sum(
        step.limits.default_ms if isinstance(step, Silence) else _fixed_ms(step, lengths_ms) for step in script.steps
    )


# -- where the steps lie


def _spans(script: Script, lengths_ms: Mapping[str, int]) -> tuple[list[tuple[Step, int, int]], list[Problem]]:
    """Each step with its [start_ms, end_ms), and why the requested length cannot be met."""
    fixed_ms = sum(_fixed_ms(step, lengths_ms) for step in script.steps)
    silences = [step.limits for step in script.steps if isinstance(step, Silence) and not step.limits.is_exact]
    stretch, unmet = _stretch(script, lengths_ms, fixed_ms, silences)
    spans: list[tuple[Step, int, int]] = []
    ideal_ms = 0.0
    at_ms = 0
    for index, step in enumerate(script.steps):
        if isinstance(step, Silence) and not step.limits.is_exact:
            ideal_ms += _stretched(step.limits, stretch)
            last = index == len(script.steps) - 1
            end_ms = max(at_ms, round(ideal_ms)) if last else _on_grid(ideal_ms, at_ms)
        else:
            length_ms = _fixed_ms(step, lengths_ms)
            ideal_ms += length_ms
            end_ms = at_ms + length_ms
        spans.append((step, at_ms, end_ms))
        at_ms = end_ms
    return spans, unmet


def _fixed_ms(step: Step, lengths_ms: Mapping[str, int]) -> int:
    match step:
        case Say():
            return lengths_ms[step.text]
        case Tone():
            return step.length_ms
        case Work():
            return step.length_ms
        case Silence(limits=limits):
            return limits.default_ms if limits.is_exact else 0


def _stretch(
    script: Script, lengths_ms: Mapping[str, int], fixed_ms: int, silences: Sequence[Limits]
) -> tuple[float, list[Problem]]:
    """How far the silences go from their default lengths, -1 (floors) to 1 (ceilings), so that the length is met."""
    default_ms = fixed_ms + sum(limits.default_ms for limits in silences)
    wanted_ms = script.length_ms
    if wanted_ms is None or wanted_ms == default_ms:
        return 0.0, []
    least_ms = fixed_ms + sum(limits.floor_ms for limits in silences)
    most_ms = fixed_ms + sum(limits.ceiling_ms for limits in silences)
    if not least_ms <= wanted_ms <= most_ms:
        return (-1.0 if wanted_ms < least_ms else 1.0), [_unmet(script, lengths_ms, wanted_ms, default_ms)]
    bound_ms = most_ms if wanted_ms > default_ms else least_ms
    return (wanted_ms - default_ms) / abs(bound_ms - default_ms), []


def reach_ms(script: Script, lengths_ms: Mapping[str, int], *, silences: bool = True) -> tuple[int, int]:
    """The shortest and the longest length that silences, and holds where they may stretch, can meet; or holds alone."""
    bounds = hold_bounds(script, lengths_ms)
    least_ms = most_ms = 0
    for step in script.steps:
        if isinstance(step, Silence):
            least_ms += step.limits.floor_ms if silences else step.limits.default_ms
            most_ms += step.limits.ceiling_ms if silences else step.limits.default_ms
            continue
        length_ms = _fixed_ms(step, lengths_ms)
        least_ms += length_ms
        most_ms += length_ms
        if isinstance(step, Work) and step.least_ms is not None:
            bound = bounds[step.place.exercise, length_ms]
            least_ms -= max(0, length_ms - (bound.above(0) or length_ms))
            most_ms += max(0, (bound.below(bound.most_ms) or length_ms) - length_ms)
    return least_ms, most_ms


def _unmet(script: Script, lengths_ms: Mapping[str, int], wanted_ms: int, default_ms: int) -> Problem:
    stretches = bool(hold_bounds(script, lengths_ms))
    return unmet(script, lengths_ms, wanted_ms, reach_ms(script, lengths_ms), default_ms, stretches=stretches)


def _stretched(limits: Limits, stretch: float) -> float:
    """A silence's ideal length in ms."""
    if stretch < 0:
        return limits.default_ms + stretch * (limits.default_ms - limits.floor_ms)
    return limits.default_ms + stretch * (limits.ceiling_ms - limits.default_ms)


def _on_grid(ideal_ms: float, earliest_ms: int) -> int:
    """The frame boundary nearest to `ideal_ms` that is not before `earliest_ms`."""
    nearest = round(ideal_ms / FRAME_MS)
    return max(nearest, -(-earliest_ms // FRAME_MS)) * FRAME_MS


# -- what they become


def _events(step: Step, start_ms: int, end_ms: int, placed: Sequence[Placed]) -> Iterator[Event]:
    match step:
        case Say(text, role, place):
            yield Event(start_ms, end_ms, "say", role, text, place)
        case Tone(sound, place):
            if end_ms > start_ms:
                yield Event(start_ms, end_ms, "wait" if step.silent else "tone", sound, place=place)
        case Silence(kind, _, place):
            if end_ms > start_ms:
                yield Event(start_ms, end_ms, "wait", kind, place=place)
        case Work():
            yield from _work_events(step, start_ms, end_ms, placed)


def _work_events(work: Work, start_ms: int, end_ms: int, placed: Sequence[Placed]) -> Iterator[Event]:
    """The overlays of work first, then the tiles inside it."""
    if work.kind in ("hold", "pace"):
        yield Event(start_ms, end_ms, work.kind, work.kind, place=work.place, amount=work.amount)
    if work.leads_to:
        yield Event(start_ms, end_ms, "rest", "rest", place=work.place)
    for rep in work.reps:
        yield Event(start_ms + rep.start_ms, start_ms + rep.end_ms, "rep", "rep", place=rep.place)
    at_ms = start_ms
    here = work.place
    for sound in placed:
        if sound.length_ms == 0:  # a tone that is off
            continue
        sound_ms = start_ms + sound.start_ms
        if sound_ms > at_ms:
            yield Event(at_ms, sound_ms, "wait", work.kind, place=here)
        here = sound.what.place
        at_ms = start_ms + sound.end_ms
        match sound.what:
            case Say(text, role, place):
                yield Event(sound_ms, at_ms, "say", role, text, place)
            case Tone(name, place, silent=silent, rings_ms=rings_ms):
                role = work.kind if silent else name
                yield Event(sound_ms, at_ms, "wait" if silent else "tone", role, place=place, rings_ms=rings_ms)
    if end_ms > at_ms:
        yield Event(at_ms, end_ms, "wait", work.kind, place=here)
