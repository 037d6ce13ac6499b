"""Rules about when something is said, and about the ways between positions.

Coached -> Findings
"""

from bisect import bisect_left
from collections.abc import Iterator

from audiogen.durations import format_duration
from audiogen.errors import Notice
from audiogen.phrases.positions import Position, is_long_way, level_of
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.parts import words
from audiogen.script.steps import Place
from audiogen.session.coach.coached import Coached, Finding
from audiogen.text import shown
from audiogen.timeline.events import Event
from audiogen.timeline.visits import Reading, Set, Visit
from audiogen.voices import estimate_ms

RESTING_QUIET_MS = 25_000  # at the end of a resting pose
QUIET_MS = 10_000  # before the countdown of a long hold
LONG_HOLD_MS = 30_000
PHASE_FREE_MS = 500
WORD_MS = 500  # of a slow voice: five words in three seconds leave half a second free
CHANGE_MS = 8000  # to get from lying to kneeling or standing, and back


def ways_out(coached: Coached) -> Iterator[Finding]:
    """Rule 6: who lies on the floor is told the way out, unless what follows may begin there."""
    items = [one for one in coached.plan.routine.inside if not one.skip]
    for one, following in zip(items, (*items[1:], None), strict=True):
        if not isinstance(one, Exercise) or one.release or not _is_down(coached.position_in(one.setup)):
            continue
        if following is None or (isinstance(following, Exercise) and _leads_up(coached.position_in(following.setup))):
            notice = Notice("coach.no-release", None, shown(one.name), slug=one.slug)
            yield Finding((one.slug, "name"), one.name, notice)


def _is_down(position: Position | None) -> bool:
    return position is not None and level_of(position) == "down"


def _leads_up(position: Position | None) -> bool:
    return position is not None and level_of(position) != "down"


def rest_is_quiet(coached: Coached) -> Iterator[Finding]:
    """Rule 7: nothing is said in the last 25 s of a resting pose."""
    for hold, exercise, event in _spoken_cues(coached):
        left_ms = _rounded(hold.end_ms - event.end_ms)
        if _rests(coached, exercise) and left_ms < RESTING_QUIET_MS:
            notice = Notice(
                "coach.resting-cue",
                None,
                shown(event.text),
                format_duration(RESTING_QUIET_MS),
                format_duration(left_ms),
                slug=exercise.slug,
            )
            yield _at_cue(coached, exercise, event, hold, notice)


def holds_end_quietly(coached: Coached) -> Iterator[Finding]:
    """Rule 8: ten seconds of quiet before the countdown of a hold of 30 s and more."""
    for hold, exercise, event in _spoken_cues(coached):
        left_ms = _rounded(hold.end_ms - 1000 * coached.filling.countdown(exercise) - event.end_ms)
        if hold.length_ms >= LONG_HOLD_MS and left_ms < QUIET_MS and not _rests(coached, exercise):
            notice = Notice(
                "coach.no-quiet",
                None,
                shown(event.text),
                format_duration(QUIET_MS),
                format_duration(max(0, left_ms)),
                slug=exercise.slug,
            )
            yield _at_cue(coached, exercise, event, hold, notice)


def _rests(coached: Coached, exercise: Exercise) -> bool:
    return coached.words.find("resting", exercise.name) is not None


def _spoken_cues(coached: Coached) -> Iterator[tuple[Set, Exercise, Event]]:
    """The written cues that are spoken inside holds, each with its hold."""
    timeline, exercises = coached.plan.timeline, coached.plan.script.exercises
    cues = [event for event in timeline.events if event.kind == "say" and event.role == "cue"]
    for hold in timeline.sets:
        exercise = exercises[(hold.place.exercise or 1) - 1]
        first = bisect_left(cues, hold.start_ms, key=lambda event: event.start_ms)
        last = bisect_left(cues, hold.end_ms, key=lambda event: event.start_ms)
        yield from ((hold, exercise, event) for event in (cues[first:last] if hold.is_hold else ()))


def _at_cue(coached: Coached, exercise: Exercise, event: Event, hold: Set, notice: Notice) -> Finding:
    """A finding where a spoken cue is written: of several with its words, at the one that is nearest to its moment."""

    def distance(index: int) -> int:
        moments_ms = exercise.cues[index].moments_ms(hold.length_ms)
        return min((abs(event.start_ms - hold.start_ms - at_ms) for at_ms in moments_ms), default=0)

    said = [
        index
        for index, cue in enumerate(exercise.cues)
        if cue.say is not None and coached.filling.line_at(cue.say, exercise, event.place) == event.text
    ]
    index = min(said, key=distance, default=0)
    return Finding((exercise.slug, "cues", index, "say"), words(exercise.cues[index].say or "", None), notice)


def phases_fit(coached: Coached) -> Iterator[Finding]:
    """Rule 9: the words of a phase leave half a second of it free."""
    routine = coached.plan.routine
    for exercise in routine.flat:
        for index, phase in enumerate(exercise.tempo if not exercise.skip else ()):
            if phase.say is None or coached.filling.words_of(exercise) == "none":
                continue
            sides = exercise.sides or (None,)
            texts = [coached.filling.line_at(phase.say, exercise, Place(side=side)) for side in sides]
            takes_ms, longest = max((_slowly_ms(text, routine), text) for text in texts)
            if takes_ms > phase.for_ms - PHASE_FREE_MS:
                notice = Notice(
                    "coach.long-phase",
                    None,
                    shown(longest),
                    format_duration(phase.for_ms),
                    format_duration(_rounded(takes_ms)),
                    slug=exercise.slug,
                )
                yield Finding((exercise.slug, "tempo", index, "say"), words(phase.say, None), notice)


def _slowly_ms(text: str, routine: Routine) -> int:
    """How long a slow voice takes for a text."""
    return max(estimate_ms(text, routine.language, routine.speed), round(WORD_MS * len(text.split()) / routine.speed))


def changes_have_time(coached: Coached) -> Iterator[Finding]:
    """Rule 10: from lying to kneeling or standing, and back, takes eight seconds."""
    before: Position | None = None
    turns: list[Visit | Reading] = [*coached.plan.timeline.visits, *coached.plan.timeline.readings]
    for turn in sorted(turns, key=lambda one: one.start_ms):
        if not isinstance(turn, Visit):
            before = None
            continue
        exercise = coached.plan.script.exercises[turn.exercise.number - 1]
        yield from _short_settle(coached, before, turn, exercise)
        before = coached.position_after(exercise)


def _short_settle(coached: Coached, before: Position | None, visit: Visit, exercise: Exercise) -> Iterator[Finding]:
    """What is wrong with the time between the line that leads to another position and the start of the work."""
    work_ms = visit.sets[0].start_ms
    settle = coached.settles.get(work_ms)
    if settle is None:
        return
    said = [event for event in visit.sounds if event.role == "setup" and event.end_ms <= work_ms]
    for event in said:
        if not is_long_way(before, coached.position_of(event.text or "")):
            continue
        left_ms = _rounded(work_ms - event.end_ms)
        if left_ms < CHANGE_MS:
            settle_ms = settle.length_ms + CHANGE_MS - left_ms
            better = f"settle: {-(-settle_ms // 1000)}s"
            notice = Notice(
                "coach.short-settle", None, shown(event.text), better, format_duration(left_ms), slug=exercise.slug
            )
            yield _at_setup(coached, exercise, event, notice)
        return


def _at_setup(coached: Coached, exercise: Exercise, event: Event, notice: Notice) -> Finding:
    filled = [coached.filling.line_at(text, exercise, event.place) for text in exercise.setup]
    index = filled.index(event.text) if event.text in filled else 0
    return Finding((exercise.slug, "setup", index), words(exercise.setup[index], None), notice)


def _rounded(ms: int) -> int:
    """A length to a tenth of a second: nobody hears less, and where words are estimated nobody knows it."""
    return round(ms, -2)
