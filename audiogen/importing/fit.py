"""Check a routine before it is written, and mend what has no room: a draft -> a routine that plans."""

from collections.abc import Callable
from dataclasses import dataclass

from audiogen.durations import format_duration
from audiogen.errors import AudiogenError, Notice, Problem, RoutineError
from audiogen.importing.draft import Circuit, Draft, Guess, Move
from audiogen.routine.load import parse_routine
from audiogen.routine.model import Routine
from audiogen.session import plan

MOST_TRIES = 6
Write = Callable[[frozenset[str]], tuple[str, list[Guess]]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A routine that loads and plans, as text too."""

    text: str
    routine: Routine
    length_ms: int
    guesses: list[Guess]
    notices: tuple[str, ...]


def fitted(draft: Draft, write: Write, subject: str) -> Checked:
    """Write, check and mend until it plans.

    Raises:
        RoutineError: it cannot be mended.
    """
    roomy = frozenset[str]()
    problems: tuple[Problem, ...] = ()
    for _ in range(MOST_TRIES):
        text, guesses = write(roomy)
        routine = parse_routine(text, "<imported>")
        try:
            planned = plan(routine)
            problems = tuple(planned.notices)
        except AudiogenError as error:
            planned, problems = None, error.problems
        failing = [one for one in problems if planned is None or not isinstance(one, Notice)]
        failing = [one for one in failing if one.code.startswith(("timeline.", "script."))]
        if planned is not None and not failing:
            return Checked(text, routine, planned.length_ms, guesses, tuple(map(str, problems)))
        if any(one.code.startswith("timeline.length") for one in failing):
            _without_length(draft, failing)
        elif slugs := {one.slug for one in failing if one.slug}:
            names = {one.name for one in routine.flat if one.slug in slugs}
            if names <= roomy:
                _without_words(draft, names)
            roomy |= names
        else:
            break
    if planned is not None:
        return Checked(text, routine, planned.length_ms, guesses, tuple(map(str, problems)))
    raise RoutineError(*(problems or (Problem("importing.no-exercise", subject=subject),)))


def _without_length(draft: Draft, failing: list[Problem]) -> None:
    """Leave out a length that cannot be met, and say why."""
    wanted = format_duration(draft.length_ms or 0)
    reach = next((one.expected for one in failing if one.code.startswith("timeline.length")), "")
    draft.length_ms = None
    draft.guesses.append(Guess(f"length {wanted} is not set, as it takes {reach}", draft.length_spot, "", "title"))


def _without_words(draft: Draft, names: set[str]) -> None:
    """Leave out words that have no room anywhere."""
    for item in draft.items:
        for one in item.moves if isinstance(item, Circuit) else [item]:
            if isinstance(one, Move) and one.name in names and one.said:
                one.guesses.append(Guess("its words have no room and are left out", one.spot, one.name, "name"))
                one.said.clear()
