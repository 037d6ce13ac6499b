"""What one key means for another: a routine or exercise -> keys that do not go together.

The checks need no lengths of speech; the timeline checks whether words fit their work. Each clash names the keys that
it concerns, the likeliest culprit first.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from difflib import get_close_matches

from audiogen.durations import format_duration
from audiogen.errors import Problem, RoutineError
from audiogen.phrases import load_phrases
from audiogen.phrases.own import mistakes_in
from audiogen.routine import dose_checks, group_checks
from audiogen.routine.amounts import amount_on, sets_listed
from audiogen.routine.clash import Clash
from audiogen.routine.dose_checks import NO_SIDES
from audiogen.routine.limits import MOST_CUES, MOST_PHASES
from audiogen.routine.model import Exercise, Group, Routine
from audiogen.routine.parts import Cue
from audiogen.routine.validation import Steps, subject_of
from audiogen.routine.values import At, Sided, Text
from audiogen.text import counted, shown

_SIDES = ("side", "other_side")
_NUMBERS = {"set": "sets", "sets": "sets", "round": "rounds", "rounds": "rounds", "rep": "repetitions"}  # of what
_IN_ROUTINE = Problem("routine.side-outside-exercise")
_IN_NAME = Problem("routine.side-in-name")
_ALTERNATES = Problem("routine.side-said-once")
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


def of_routine(routine: Routine, broken: Collection[str] = ()) -> Iterator[Clash]:
    """Check the keys of a whole routine."""
    yield from _braces(("title",), routine.title, _IN_ROUTINE)
    yield from _braces(("description",), routine.description or "", _IN_ROUTINE)
    for key in ("equipment", "before", "caution", "after"):
        for n, line in enumerate(getattr(routine, key)):
            yield from _braces((key, n), line, _IN_ROUTINE)
    if routine.rounds > 1 and any(group.rounds > 1 for group in routine.groups):
        yield Clash((("rounds",), ("exercises",)), Problem("routine.rounds-twice"))
    if routine.guidance == "tones" and routine.sounds.silent:
        yield Clash((("sounds",), ("guidance",)), Problem("routine.nothing-to-hear"))
    yield from _rounds(routine)
    yield from _phrases(routine)
    yield from group_checks.of_passages(routine)
    yield from group_checks.of_tones(routine)
    yield from group_checks.of_rests(routine)
    if routine.inside and not broken and all(one.skip for one in routine.inside):
        yield Clash((("exercises",),), Problem("routine.all-skipped"))


def _phrases(routine: Routine) -> Iterator[Clash]:
    """Check that the language has phrases, and the routine's own ones against them."""
    try:
        cues = load_phrases(routine.language).cues
    except RoutineError as error:
        yield from (Clash((("language",),), problem) for problem in error.problems)
        return
    for path, problem in mistakes_in(routine.phrases, cues):
        is_name = problem.code in ("phrases.misspelt-name", "phrases.unknown-name", "phrases.unknown-form")
        yield Clash((("phrases", *path),), problem, at_key=is_name)


def of_group(group: Group, broken: Collection[str] = ()) -> Iterator[Clash]:
    """Check the keys of a group."""
    yield from _braces(("name",), group.name or "", _IN_NAME)
    yield from group_checks.of_group(group, rounds_broken="rounds" in broken)


def of_exercise(exercise: Exercise, broken: Collection[str] = (), *, rests: bool = False) -> Iterator[Clash]:
    """Check the keys of an exercise; what depends on a broken key is checked once that is corrected.

    `rests` says that its group has a rest for all.
    """
    for key, many, most in (("cues", exercise.cues, MOST_CUES), ("tempo", exercise.tempo, MOST_PHASES)):
        if len(many) > most:
            yield Clash(((key,),), Problem("routine.too-many", subject=key, expected=str(most), found=str(len(many))))
    yield from dose_checks.of_exercise(exercise, broken, rests=rests)
    yield from group_checks.of_exercise(exercise, rests=rests)
    yield from _texts(exercise, broken)
    yield from _cues(exercise, broken)


def _texts(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    """Check for texts that depend on a side where there is none, and for braces that are not placeholders."""
    yield from _braces(("name",), exercise.name, _IN_NAME)
    no_sides = None if exercise.sides or "sides" in broken else NO_SIDES
    once = _ALTERNATES if exercise.alternate else no_sides
    for place, path, text in _lines_of(exercise):
        known = {"round", "rounds"} | (_numbers(exercise, place) if not {"sets", *place} & {*broken} else {*_NUMBERS})
        each = place == ("tempo",) or (place and exercise.holds_alternate)
        yield from _text(path, text, no_sides if each else once, known)


def _lines_of(exercise: Exercise) -> Iterator[tuple[tuple[str, ...], Steps, Text]]:
    """Every text of an exercise but its name: the keys it depends on for its numbers, its path, and the text itself."""
    for key in ("setup", "switch", "release"):
        yield from (((), (key, n), line) for n, line in enumerate(getattr(exercise, key)))
    for n, cue in enumerate(exercise.cues):
        if cue.say is not None:
            yield ("cues",) if cue.after_ms is None else ("after",), ("cues", n, "say"), cue.say
    for n, phase in enumerate(exercise.tempo):
        for key, words in (("say", phase.say), ("short", phase.short)):
            if words is not None:
                yield ("tempo",), ("tempo", n, key), words


def _numbers(exercise: Exercise, place: tuple[str, ...]) -> set[str]:
    """The numbers that a text may have: of its set where it is said in one, of its repetition if that is known."""
    sets = {"sets", *(["set"] if place else [])} if exercise.sets > 1 else set()
    repeats = (exercise.tempo and place in (("cues",), ("tempo",))) or (place and exercise.holds_alternate)
    return sets | ({"rep"} if repeats else set())


def _text(path: Steps, text: Text, sideless: Problem | None, known: Collection[str]) -> Iterator[Clash]:
    if not isinstance(text, Sided):
        yield from _braces(path, text, sideless, known)
        return
    if sideless:
        yield Clash((path, ("sides",)), replace(sideless, subject=subject_of(path)))
    yield from _braces((*path, "right"), text.right, sideless, known)
    yield from _braces((*path, "left"), text.left, sideless, known)


def _braces(path: Steps, line: str, sideless: Problem | None, known: Collection[str] = ()) -> Iterator[Clash]:
    for match in _BRACES.finditer(line):
        if match[1] in _SIDES:
            if sideless:
                yield Clash((path, ("sides",)), replace(sideless, subject=match[0]))
        elif match[1] in _NUMBERS:
            if match[1] not in known:
                yield Clash((path,), Problem("routine.number-of-none", subject=match[0], expected=_NUMBERS[match[1]]))
        elif near := get_close_matches((match[1] or "").strip().lower(), (*_SIDES, *_NUMBERS), n=1):
            problem = Problem("routine.misspelt-placeholder", expected=f"{{{near[0]}}}", found=shown(match[0]))
            yield Clash((path,), problem)
        else:
            yield Clash((path,), Problem("routine.braces", found=shown(match[0])))


def _rounds(routine: Routine) -> Iterator[Clash]:
    """Check for cues and placeholders of rounds where there are no rounds, or not so many."""
    for at, item in enumerate(routine.exercises):
        group = item if isinstance(item, Group) else None
        rounds = max(routine.rounds, group.rounds if group else 1)
        for n, one in enumerate(group.exercises if group else (item,)):
            if isinstance(one, Exercise):
                above = ("exercises", at, "exercises", n) if group else ("exercises", at)
                yield from _rounds_of(one, above, rounds)


def _rounds_of(exercise: Exercise, above: tuple[str | int, ...], rounds: int) -> Iterator[Clash]:
    for _, path, text in _lines_of(exercise) if rounds == 1 else ():
        for line in (text.right, text.left) if isinstance(text, Sided) else (text,):
            if match := re.search(r"\{rounds?\}", line):
                problem = Problem("routine.number-of-none", subject=match[0], expected="rounds")
                yield Clash(((*above, *path),), problem)
    for n, cue in enumerate(exercise.cues):
        if cue.rounds is not None and not any(cue.rounds.has(number, rounds) for number in range(1, rounds + 1)):
            problem = Problem("routine.cue-in-no-round", expected=counted(rounds, "round"), found=str(cue.rounds))
            yield Clash(((*above, "cues", n, "rounds"),), problem)


def _cues(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    for n, cue in enumerate(exercise.cues):
        numbers = range(1, exercise.sets + 1)
        if cue.sets is not None and "sets" not in broken and not any(cue.sets.has(k, len(numbers)) for k in numbers):
            problem = Problem("routine.cue-in-no-set", expected=counted(exercise.sets, "set"), found=str(cue.sets))
            yield Clash((("cues", n, "sets"), ("sets",)), problem)
        if not {"hold", "reps", "tempo"} & {*broken}:
            yield from _moment(exercise, n, cue)


def _moment(exercise: Exercise, n: int, cue: Cue) -> Iterator[Clash]:
    """Check that a cue comes within the work, as far as that is known before it is known how long words take."""
    for length_ms, work in _work_lengths(exercise):
        problem, key = None, "at"
        if cue.at is not None and not 0 <= cue.at.within(length_ms) < length_ms:
            problem = Problem("routine.cue-outside-work", subject=work, found=_written(cue.at, length_ms))
        if cue.after_ms is not None and cue.after_ms >= length_ms:
            problem, key = (
                Problem("routine.cue-after-too-long", subject=work, found=format_duration(cue.after_ms)),
                "after",
            )
        if cue.every_ms is not None and cue.every_ms >= length_ms:
            problem, key = (
                Problem("routine.cue-every-too-long", subject=work, found=format_duration(cue.every_ms)),
                "every",
            )
        if problem is not None:
            paths = ("cues", n, key), ("hold",), ("reps",), ("tempo",)
            yield Clash(paths, replace(problem, expected=format_duration(length_ms)))
            return


def _work_lengths(exercise: Exercise) -> list[tuple[int, str]]:
    """Give the length of the work on each side and in each set, and its name: "hold (left)", "4 repetitions"."""
    dose = exercise.reps if exercise.hold_ms is None else exercise.hold_ms
    if dose is None or (exercise.hold_ms is None and not exercise.tempo and exercise.for_ms is None):
        return []
    found = []
    for side in exercise.sides if isinstance(dose, Sided) else (None,):
        for number in range(1, (sets_listed(dose) or 1) + 1):
            repetitions = counted(amount_on(dose, side, number), "repetition")
            name = "hold" if exercise.hold_ms is not None else repetitions
            found.append((exercise.work_ms(side, number), f"{name} ({side})" if side else name))
    return found


def _written(at: At, length_ms: int) -> str:
    return f"-{format_duration(int(at.value))}" if at.kind == "end" else format_duration(at.within(length_ms))
