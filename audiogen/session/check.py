"""All that can be known of a routine file before anything is spoken, each mistake and notice at its place.

    name or path -> Checked, or every mistake: of the file, its sounds and music, and of the session that it makes

How long words take can only be estimated. What fails at half and at twice the estimate is a mistake; what fails at the
estimate alone is a notice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from audiogen.clips.choose_voice import words_of
from audiogen.errors import AudiogenError, MusicError, Notice, Place, Problem, RoutineError, TimelineError
from audiogen.routine.load import Located, load_located
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.parts import words
from audiogen.routine.sounds import LONGEST_MS
from audiogen.session import plan
from audiogen.session.coach import Hint, hints
from audiogen.spoken.doubts import Doubt, doubts
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir
from audiogen.text import shown
from audiogen.timeline.compose import Draft, Plan, Spoken, compose, draft
from audiogen.track.tones.own import own_sounds, unusable
from audiogen.voices import estimate_ms
from audiogen.voices.pronouncing import said

QUICKEST, SLOWEST = 0.5, 2.0  # how long words may take at the least and the most, as a part of the estimate

# The key of the routine that a problem of the whole session is about, by the beginning of its code.
_KEYS = {
    "timeline.length": "length",
    "voices.phonemes": "pronounce",
    "voices.": "voice",
    "clips.": "voice",
    "session.not-recorded": "voice",
    "session.phonemes-unused": "pronounce",
}
_KEYS_OF_EXERCISES = {"timeline.cue": "cues", "timeline.tone": "hold"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A routine without mistakes, its plan, what its writer should know, and where everything is in its file."""

    routine: Routine
    plan: Plan
    notices: tuple[Problem, ...]
    located: Located

    def hints(self) -> tuple[Hint, ...]:
        """What a coach would say otherwise, each at its place."""
        return hints(self.routine, self.plan, self.located)


def check(name_or_path: str | Path) -> Checked:
    """Find every mistake and notice.

    Raises:
        RoutineError: there are mistakes; all of them.
    """
    store = Cache(cache_dir())
    located = load_located(name_or_path, look=partial(_sounds, store))
    routine = located.routine
    try:
        planned = plan(routine, cache=store)
        certain = [] if planned.exact else _certain(draft(routine, listen=partial(own_sounds, store)), planned.notices)
    except AudiogenError as error:
        raise RoutineError(*(_at(located, problem) for problem in error.problems)) from error
    certain += [one for one in planned.notices if one.code == "session.not-recorded"]
    if certain:
        raise RoutineError(*(_at(located, problem) for problem in certain))
    noticed = (_noticed(_at(located, one), one, planned.exact) for one in planned.notices)
    return Checked(routine, planned, (*_doubts(located), *noticed), located)


def checked_json(name: str, *, coach: bool) -> dict[str, Any]:
    """Check one routine, with its mistakes as data: its file, its plan and, for a `coach`, its words."""
    try:
        found = check(name)
    except AudiogenError as error:
        return {
            "routine": name,
            "fine": False,
            "mistakes": str(error).splitlines(),
            "problems": [one.to_json() for one in error.problems],
        }
    return {
        "routine": name,
        "fine": True,
        "title": found.routine.title,
        "exercises": len(found.plan.timeline.exercises),
        **({"passages": len(found.plan.timeline.passages)} if found.plan.timeline.passages else {}),
        "length_ms": found.plan.length_ms,
        "exact": found.plan.exact,
        "notices": list(map(str, found.notices)),
        **({"hints": [hint.to_json() for hint in found.hints()]} if coach else {}),
    }


def _noticed(placed: Problem, problem: Problem, exact: bool) -> Problem:
    """What is a mistake only where the words take as long as estimated."""
    if exact or isinstance(problem, Notice):
        return placed
    return Notice("session.estimated", placed.place, found=str(replace(problem, place=None)))


def _sounds(store: Cache, routine: Routine) -> Iterator[tuple[tuple[str, ...], Problem]]:
    """Find files of music and sounds that cannot be had; overrides may still put others in their place."""
    try:
        if routine.music:
            routine.music.require()
    except MusicError as error:
        yield from ((("music",), problem) for problem in error.problems)
    for role, problem in unusable(store, routine.all_sounds):
        yield ("sounds" if role in LONGEST_MS else "exercises", role), problem


def _certain(begun: Draft, found: Sequence[Problem]) -> list[Problem]:
    """Keep the problems that any length of the words would have."""

    def failing(factor: float) -> set[tuple[object, ...]]:
        def speak(texts: Sequence[str]) -> Spoken:
            language, speed = begun.routine.language, begun.routine.speed
            return Spoken({text: round(estimate_ms(text, language, speed) * factor) for text in texts}, True)

        try:
            compose(begun, "", speak)
        except TimelineError as error:
            return {(one.code, one.place, one.subject) for one in error.problems}
        return set()

    suspects = [one for one in found if not isinstance(one, Notice)]
    always = failing(QUICKEST) & failing(SLOWEST) if suspects else set()
    return [one for one in suspects if (one.code, one.place, one.subject) in always]


def place_of(located: Located, problem: Problem) -> Place | None:
    """Find where in the file that is which a problem of the session is about; None if it is about no key of it."""
    if problem.slug:
        return located.place(problem.slug, *(problem.path or _keyed(_KEYS_OF_EXERCISES, problem.code)))
    keys = _keyed(_KEYS, problem.code)
    return located.place(*keys) if keys and keys[0] in located.root.entries else None


def _at(located: Located, problem: Problem) -> Problem:
    """The problem with its place in the file in front of its place in the session."""
    place = place_of(located, problem)
    return problem.within(str(place)) if place else problem


def _keyed(table: Mapping[str, str], code: str) -> list[str]:
    return [key for beginning, key in table.items() if code.startswith(beginning)]


def _doubts(located: Located) -> Iterator[Notice]:
    """What a file may say, and its writer probably does not mean."""
    exercises = sorted(located.routine.flat, key=lambda one: (one.name.casefold(), one.number))
    for _, same in groupby(exercises, key=lambda one: one.name.casefold()):
        first, *others = same
        if others:
            addresses = ", ".join(f"{one.number} {one.slug}" for one in (first, *others))
            place = located.place(others[0].slug, "name")
            yield Notice("session.same-name", place, shown(first.name), found=addresses)
    for exercise in located.routine.flat:
        for key, number, line in _lines(exercise):
            if line.startswith("-") and line[1:2].isalpha():
                yield Notice("session.dash-in-text", located.place(exercise.slug, key, number), shown(line))
    yield from _misread(located)


def _lines(exercise: Exercise) -> Iterator[tuple[str, int, str]]:
    for key in ("setup", "switch", "release"):
        for number, line in enumerate(getattr(exercise, key)):
            yield key, number, words(line, None)


def _misread(located: Located) -> Iterator[Notice]:
    """What a voice may read otherwise than meant, wherever it is said first."""
    routine = located.routine
    pronounced = dict.fromkeys(words_of(routine), " ")
    seen: set[Doubt] = set()
    for steps, line in _spoken_lines(routine):
        for doubt in doubts(said(line, pronounced), routine.language):
            if doubt not in seen:
                seen.add(doubt)
                yield _misreading(doubt, located.place(*steps))


def _misreading(doubt: Doubt, place: Place) -> Notice:
    match doubt.kind:
        case "capitals":
            return Notice("session.misread-capitals", place, shown(doubt.part))
        case "sign":
            return Notice("session.misread-sign", place, shown(doubt.part))
        case "meters":
            return Notice("session.misread-meters", place, shown(doubt.part))


def _spoken_lines(routine: Routine) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text that is spoken, with the steps to it."""
    yield ("title",), routine.title
    for key in ("equipment", "before", "caution", "after"):
        yield from (((key, number), line) for number, line in enumerate(getattr(routine, key)))
    for exercise in routine.flat:
        yield (exercise.slug, "name"), exercise.name
        yield from (((exercise.slug, key, number), line) for key, number, line in _lines(exercise))
        for number, cue in enumerate(exercise.cues):
            if cue.say is not None:
                yield (exercise.slug, "cues", number, "say"), words(cue.say, None)
        for number, phase in enumerate(exercise.tempo):
            if phase.say is not None:
                yield (exercise.slug, "tempo", number, "say"), words(phase.say, None)
