"""What one key means for another: a routine or exercise -> what cannot be done as written.

The checks need no lengths of speech; whether words fit their work is the timeline's to say. Each complaint names the
keys it concerns, the likeliest culprit first.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from audiogen.durations import format_duration
from audiogen.routine.model import Cue, Exercise, Rounds, Routine
from audiogen.routine.validation_messages import Steps, value_place
from audiogen.routine.values import Sided, Text
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Map

__all__ = ["Clash", "note", "of_exercise", "of_routine"]

_PLACEHOLDERS = ("side", "other_side")
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Clash:
    """Keys that do not go together, as paths from their map; the message is shown at one of them."""

    paths: tuple[Steps, ...]
    message: str


def note(clashes: Iterable[Clash], node: Map, mistakes: Mistakes) -> None:
    """Note each clash at a line of the file that caused it.

    That is the first of its keys that the map's own file has. Where a variant changed an exercise, and all of the keys
    are its parent's, the parent alone was in order: then it is what the variant says of the exercise.
    """
    for clash in clashes:
        places = [value_place(node, path) for path in clash.paths if not path or path[0] in node.entries]
        own = [place for place in places if place.file == node.place.file]
        if own or not (places and mistakes.has(places[0], clash.message)):
            mistakes.add((own or [node.place])[0], clash.message)


def of_routine(routine: Routine, broken: Collection[str] = ()) -> Iterator[Clash]:
    """Clashes in what a routine says as a whole."""
    sideless = "only an exercise has sides; write the words out"
    yield from _braces(("title",), routine.title, sideless)
    yield from _braces(("description",), routine.description or "", sideless)
    for key in ("equipment", "before", "caution", "after"):
        for n, line in enumerate(getattr(routine, key)):
            yield from _braces((key, n), line, sideless)
    if routine.rounds > 1 and any(isinstance(item, Rounds) and item.rounds > 1 for item in routine.exercises):
        yield Clash((("rounds",), ("exercises",)), "rounds of the whole session do not go with rounds inside it")
    if routine.guidance == "tones" and routine.sounds == "none":
        yield Clash((("sounds",), ("guidance",)), "guidance: tones with sounds: none leaves nothing to hear")
    if routine.flat and not broken and all(exercise.skip for exercise in routine.flat):
        yield Clash((("exercises",),), "every exercise is skipped; leave one in")


def of_exercise(exercise: Exercise, broken: Collection[str] = ()) -> Iterator[Clash]:
    """Clashes between the keys of an exercise; what hangs on a broken key is left for the next reading."""
    yield from _work(exercise, broken)
    yield from _sets(exercise, broken)
    if "sides" not in broken:
        yield from _sides(exercise)
    yield from _texts(exercise, broken)
    yield from _cues(exercise, broken)


def _work(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    holds, repeats = exercise.hold_ms is not None, exercise.reps is not None
    if holds and repeats:
        yield Clash((("reps",), ("hold",)), "an exercise has hold or reps, not both; remove one")
    elif not holds and not repeats and not {"hold", "reps"} & {*broken}:
        yield Clash(((),), "the exercise needs hold (such as hold: 30s), or reps with tempo")
    if repeats and not exercise.tempo and "tempo" not in broken:
        yield Clash((("reps",),), "reps needs tempo: the phases of a repetition, each with say and for")
    if exercise.tempo and not repeats and "reps" not in broken:
        yield Clash((("tempo",), ("hold",)), "tempo needs reps: how many repetitions, such as reps: 12")
    if exercise.count and not repeats and "reps" not in broken:
        yield Clash((("count",), ("hold",)), "count needs reps: a hold has none to count")
    low, high = exercise.min_ms, exercise.max_ms
    if low is not None and high is not None and low > high:
        found = f"min {format_duration(low)} and max {format_duration(high)}"
        yield Clash((("max",), ("min",)), f"max must not be shorter than min, found {found}")
    for key, bound in (("min", low), ("max", high)):
        if bound is not None and not holds and "hold" not in broken:
            yield Clash(((key,), ("reps",)), f"{key} needs hold: it bounds how far a hold may be stretched")


def _sets(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    if exercise.sets > 1 and exercise.rest_ms is None and "rest" not in broken:
        yield Clash((("sets",),), "sets needs rest: the time between sets, such as rest: 45s")
    if exercise.rest_ms is not None and exercise.sets == 1 and "sets" not in broken:
        yield Clash((("rest",),), "rest needs sets: how many sets it lies between, such as sets: 3")


def _sides(exercise: Exercise) -> Iterator[Clash]:
    if exercise.alternate:
        if exercise.hold_ms is not None:
            yield Clash((("sides",), ("hold",)), "alternate needs reps: a hold has no repetitions to change sides with")
        for key, value in (("reps", exercise.reps), ("hold", exercise.hold_ms)):
            if isinstance(value, Sided):
                yield Clash(((key,), ("sides",)), f"{key} must be one value where sides alternate, found one a side")
        if exercise.switch:
            yield Clash((("switch",), ("sides",)), "switch is never said where sides alternate; remove it")
    if exercise.sides:
        return
    for key, value in (("hold", exercise.hold_ms), ("reps", exercise.reps)):
        if isinstance(value, Sided):
            yield Clash(
                ((key,), ("sides",)),
                f"{key} has a value for each side, but the exercise has no sides; add sides: [right, left]",
            )
    if exercise.switch:
        yield Clash((("switch",), ("sides",)), "switch is never said without sides; add sides: [right, left]")


def _texts(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    """Texts that depend on a side where there is none, and braces that are no placeholder."""
    yield from _braces(("name",), exercise.name, "a name is for both sides; write the words out")
    no_sides = "" if exercise.sides or "sides" in broken else "the exercise has no sides; add sides: [right, left]"
    once = (
        "it is said once for both sides where they alternate; only tempo has a side there"
        if exercise.alternate
        else no_sides
    )
    told = [*_lines("setup", exercise.setup), *_lines("switch", exercise.switch), *_lines("release", exercise.release)]
    told += [(("cues", n, "say"), cue.say) for n, cue in enumerate(exercise.cues)]
    for path, text in told:
        yield from _text(path, text, once)
    for n, phase in enumerate(exercise.tempo):
        for key, words in (("say", phase.say), ("short", phase.short)):
            if words is not None:
                yield from _text(("tempo", n, key), words, no_sides)


def _text(path: Steps, text: Text, sideless: str) -> Iterator[Clash]:
    if not isinstance(text, Sided):
        yield from _braces(path, text, sideless)
        return
    if sideless:
        yield Clash((path, ("sides",)), f"a text for each side, but {sideless}")
    yield from _braces((*path, "right"), text.right, sideless)
    yield from _braces((*path, "left"), text.left, sideless)


def _braces(path: Steps, line: str, sideless: str) -> Iterator[Clash]:
    for match in _BRACES.finditer(line):
        if match[1] in _PLACEHOLDERS:
            if sideless:
                yield Clash((path, ("sides",)), f"{match[0]} stands for a side, but {sideless}")
            continue
        near = get_close_matches((match[1] or "").strip().lower(), _PLACEHOLDERS, n=1)
        remedy = f"did you mean {{{near[0]}}}?" if near else "leave the braces out"
        yield Clash((path,), f"braces hold {{side}} or {{other_side}} only, found '{match[0]}'; {remedy}")


def _lines(key: str, lines: tuple[Text, ...]) -> list[tuple[Steps, Text]]:
    return [((key, n), line) for n, line in enumerate(lines)]


def _cues(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    if {"hold", "reps", "tempo"} & {*broken}:
        return
    for n, cue in enumerate(exercise.cues):
        for length_ms, which in _work_lengths(exercise):
            found = _outside(cue, length_ms, which)
            if found:
                yield Clash((("cues", n, "at"), ("hold",), ("reps",), ("tempo",)), found)
                break


def _work_lengths(exercise: Exercise) -> list[tuple[int, str]]:
    """The length of the work on each side, and what to call it: "hold (left) of 45s", "12s of 4 repetitions"."""
    rep_ms = sum(phase.for_ms for phase in exercise.tempo)
    holds = exercise.hold_ms is not None
    match exercise.hold_ms if holds else exercise.reps:
        case None:
            return []
        case Sided(right, left):
            amounts = [(right, " (right)"), (left, " (left)")]
            amounts = [
                amount for amount, side in zip(amounts, ("right", "left"), strict=True) if side in exercise.sides
            ]
        case int(amount):
            amounts = [(amount, "")]
    if holds:
        return [(hold_ms, f"hold{side} of {format_duration(hold_ms)}") for hold_ms, side in amounts]
    return [(n * rep_ms, f"{format_duration(n * rep_ms)} of {n} repetitions{side}") for n, side in amounts]


def _outside(cue: Cue, length_ms: int, which: str) -> str:
    at_ms = cue.at.within(length_ms)
    if cue.at.kind == "end" and at_ms < 0:
        return f"at must lie within the {which}, found {format_duration(int(cue.at.value))} before its end"
    if at_ms >= length_ms:
        return f"at must lie within the {which}, found {format_duration(at_ms)}"
    return ""
