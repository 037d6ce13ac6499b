"""What one key means for another: a routine or exercise -> keys that do not go together.

The checks need no lengths of speech; the timeline checks whether words fit their work. Each clash names the keys that
it concerns, the likeliest culprit first.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from audiogen.durations import format_duration
from audiogen.errors import Place, Problem, RoutineError
from audiogen.phrases import load_phrases
from audiogen.phrases.own import mistakes_in
from audiogen.routine.limits import MOST_CUES, MOST_PHASES
from audiogen.routine.model import Cue, Exercise, Group, Passage, Routine
from audiogen.routine.validation import Steps, key_place, subject_of, value_place
from audiogen.routine.values import Sided, Text
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Map
from audiogen.text import counted, shown

_PLACEHOLDERS = ("side", "other_side")
_IN_ROUTINE = Problem("routine.side-outside-exercise")
_IN_NAME = Problem("routine.side-in-name")
_NO_SIDES = Problem("routine.without-sides")
_ALTERNATES = Problem("routine.side-said-once")
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Clash:
    """Keys that do not go together, as paths from their map; the problem is reported at one of them."""

    paths: tuple[Steps, ...]
    problem: Problem
    at_key: bool = False  # not at its value


def note(clashes: Iterable[Clash], node: Map, mistakes: Mistakes) -> None:
    """Note each clash at a line of the file that caused it.

    That is the first of its keys that the map's own file has. Where all the keys are those of a parent that is in
    order by itself, the clash is noted at the exercise in the variant that changed it.
    """
    for clash in clashes:
        if isinstance(clash.problem.place, Place):  # in another file that the routine needs
            mistakes.add(clash.problem.place, clash.problem)
            continue
        place_of = key_place if clash.at_key else value_place
        places = [place_of(node, path) for path in clash.paths if not path or path[0] in node.entries]
        own = [place for place in places if place.file == node.place.file]
        if own or not (places and mistakes.has(places[0], clash.problem)):
            mistakes.add((own or [node.place])[0], clash.problem)


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
    yield from _phrases(routine)
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
    if group.every_ms is not None:
        for key, other in (("rest", group.rest_ms), ("round_rest", group.round_rest_ms)):
            if other is not None:
                yield Clash((("every",), (key,)), Problem("routine.every-and-rest", subject=key))
        if any(isinstance(one, Passage) for one in group.exercises):
            yield Clash((("every",),), Problem("routine.every-with-passage"))
    if group.round_rest_ms is not None and group.rounds == 1 and "rounds" not in broken:
        yield Clash((("round_rest",),), Problem("routine.round-rest-without-rounds"))


def of_exercise(exercise: Exercise, broken: Collection[str] = (), *, rests: bool = False) -> Iterator[Clash]:
    """Check the keys of an exercise; what depends on a broken key is checked once that is corrected.

    `rests` says that its group has a rest for all.
    """
    for key, many, most in (("cues", exercise.cues, MOST_CUES), ("tempo", exercise.tempo, MOST_PHASES)):
        if len(many) > most:
            yield Clash(((key,),), Problem("routine.too-many", subject=key, expected=str(most), found=str(len(many))))
    yield from _work(exercise, broken)
    if exercise.sets > 1 and exercise.rest_ms is None and not rests and "rest" not in broken:
        yield Clash((("sets",),), Problem("routine.sets-without-rest"))
    if "sides" not in broken:
        yield from _sides(exercise)
    yield from _texts(exercise, broken)
    yield from _cues(exercise, broken)


def _work(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    holds, repeats = exercise.hold_ms is not None, exercise.reps is not None
    if holds and repeats:
        yield Clash((("reps",), ("hold",)), Problem("routine.hold-and-reps"))
    elif not holds and not repeats and not {"hold", "reps"} & {*broken}:
        yield Clash(((),), Problem("routine.no-work"))
    if repeats and not exercise.tempo and "tempo" not in broken:
        yield Clash((("reps",),), Problem("routine.reps-without-tempo"))
    if exercise.tempo and not repeats and "reps" not in broken:
        yield Clash((("tempo",), ("hold",)), Problem("routine.tempo-without-reps"))
    if exercise.count and not repeats and "reps" not in broken:
        yield Clash((("count",), ("hold",)), Problem("routine.count-without-reps"))
    low, high = exercise.min_ms, exercise.max_ms
    if low is not None and high is not None and low > high:
        problem = Problem("routine.max-below-min", expected=format_duration(low), found=format_duration(high))
        yield Clash((("max",), ("min",)), problem)
    for key, bound in (("min", low), ("max", high)):
        if bound is not None and not holds and "hold" not in broken:
            yield Clash(((key,), ("reps",)), Problem("routine.bound-without-hold", subject=key))


def _sides(exercise: Exercise) -> Iterator[Clash]:
    if exercise.alternate:
        if exercise.hold_ms is not None:
            yield Clash((("sides",), ("hold",)), Problem("routine.alternate-without-reps"))
        for key, value in (("reps", exercise.reps), ("hold", exercise.hold_ms)):
            if isinstance(value, Sided):
                yield Clash(((key,), ("sides",)), Problem("routine.alternate-sided", subject=key))
        if exercise.switch:
            yield Clash((("switch",), ("sides",)), Problem("routine.switch-never-said"))
    if exercise.sides:
        return
    for key, value in (("hold", exercise.hold_ms), ("reps", exercise.reps)):
        if isinstance(value, Sided):
            yield Clash(((key,), ("sides",)), replace(_NO_SIDES, subject=key))
    if exercise.switch:
        yield Clash((("switch",), ("sides",)), Problem("routine.switch-without-sides"))


def _texts(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    """Check for texts that depend on a side where there is none, and for braces that are not placeholders."""
    yield from _braces(("name",), exercise.name, _IN_NAME)
    no_sides = None if exercise.sides or "sides" in broken else _NO_SIDES
    texts: list[tuple[Steps, Text]] = [(("cues", n, "say"), cue.say) for n, cue in enumerate(exercise.cues)]
    for key in ("setup", "switch", "release"):
        texts += [((key, n), line) for n, line in enumerate(getattr(exercise, key))]
    for path, text in texts:
        yield from _text(path, text, _ALTERNATES if exercise.alternate else no_sides)
    for n, phase in enumerate(exercise.tempo):
        for key, words in (("say", phase.say), ("short", phase.short)):
            if words is not None:
                yield from _text(("tempo", n, key), words, no_sides)


def _text(path: Steps, text: Text, sideless: Problem | None) -> Iterator[Clash]:
    if not isinstance(text, Sided):
        yield from _braces(path, text, sideless)
        return
    if sideless:
        yield Clash((path, ("sides",)), replace(sideless, subject=subject_of(path)))
    yield from _braces((*path, "right"), text.right, sideless)
    yield from _braces((*path, "left"), text.left, sideless)


def _braces(path: Steps, line: str, sideless: Problem | None) -> Iterator[Clash]:
    for match in _BRACES.finditer(line):
        if match[1] in _PLACEHOLDERS:
            if sideless:
                yield Clash((path, ("sides",)), replace(sideless, subject=match[0]))
        elif near := get_close_matches((match[1] or "").strip().lower(), _PLACEHOLDERS, n=1):
            problem = Problem("routine.misspelt-placeholder", expected=f"{{{near[0]}}}", found=shown(match[0]))
            yield Clash((path,), problem)
        else:
            yield Clash((path,), Problem("routine.braces", found=shown(match[0])))


def _cues(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    if {"hold", "reps", "tempo"} & {*broken}:
        return
    for n, cue in enumerate(exercise.cues):
        for length_ms, work in _work_lengths(exercise):
            if not 0 <= cue.at.within(length_ms) < length_ms:
                problem = Problem(
                    "routine.cue-outside-work",
                    subject=work,
                    expected=format_duration(length_ms),
                    found=_written(cue, length_ms),
                )
                yield Clash((("cues", n, "at"), ("hold",), ("reps",), ("tempo",)), problem)
                break


def _work_lengths(exercise: Exercise) -> list[tuple[int, str]]:
    """Give the length of the work on each side, and its name: "hold (left)", "4 repetitions"."""
    rep_ms = exercise.rep_ms
    holds = exercise.hold_ms is not None
    match exercise.hold_ms if holds else exercise.reps:
        case None:
            return []
        case Sided() as sided:
            amounts = [(sided.on(side), f" ({side})") for side in ("right", "left") if side in exercise.sides]
        case int(amount):
            amounts = [(amount, "")]
    if holds:
        return [(hold_ms, f"hold{side}") for hold_ms, side in amounts]
    return [(n * rep_ms, f"{counted(n, 'repetition')}{side}") for n, side in amounts]


def _written(cue: Cue, length_ms: int) -> str:
    if cue.at.kind == "end":
        return f"-{format_duration(int(cue.at.value))}"
    return format_duration(cue.at.within(length_ms))
