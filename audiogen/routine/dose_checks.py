"""Which doses, sides, sets and rests go together: an exercise -> keys that do not.

Each clash names the keys that it concerns, the likeliest culprit first.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from audiogen.durations import format_duration
from audiogen.errors import Problem
from audiogen.routine.amounts import MOST_SETS, Range, amounts_of, sets_listed
from audiogen.routine.clash import Clash
from audiogen.routine.model import Exercise
from audiogen.routine.values import Sided
from audiogen.text import shown

NO_SIDES = Problem("routine.without-sides")


def of_exercise(exercise: Exercise, broken: Collection[str] = (), *, rests: bool = False) -> Iterator[Clash]:
    """Check the work of an exercise; what depends on a broken key is checked once that is corrected.

    `rests` says that its group has a rest for all.
    """
    yield from _work(exercise, broken)
    yield from _pace(exercise, broken)
    yield from _listed(exercise, broken)
    yield from _bounds(exercise, broken)
    if exercise.pieces > 1 and exercise.rest_ms is None and not rests and "rest" not in broken:
        if exercise.holds_alternate:
            yield Clash((("reps",),), Problem("routine.holds-without-rest"))
        else:
            yield Clash((("sets",),), Problem("routine.sets-without-rest"))
    if "sides" not in broken:
        yield from _sides(exercise)
        yield from _order(exercise, broken)


def _work(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    holds, repeats = exercise.hold_ms is not None, exercise.reps is not None
    if holds and repeats:
        if exercise.alternate:
            yield from _alternating(exercise)
        elif "sides" not in broken:
            yield Clash((("reps",), ("hold",)), _hold_and_reps(exercise))
        return
    if not holds and not repeats and exercise.for_ms is None and not {"hold", "reps"} & {*broken}:
        yield Clash(((),), Problem("routine.no-work"))
    if repeats and not exercise.tempo and exercise.for_ms is None and not {"tempo", "for"} & {*broken}:
        yield Clash((("reps",),), Problem("routine.reps-without-tempo"))
    if exercise.tempo and not repeats and "reps" not in broken:
        yield Clash((("tempo",), ("hold",)), Problem("routine.tempo-without-reps"))
    if exercise.count and exercise.for_ms is not None:
        yield Clash((("count",), ("for",)), Problem("routine.count-at-own-pace"))
    if exercise.count and not repeats and "reps" not in broken:
        yield Clash((("count",), ("hold",)), Problem("routine.count-without-reps"))


def _hold_and_reps(exercise: Exercise) -> Problem:
    """Holds and repetitions at once: most often so many holds were meant."""
    times = exercise.reps
    if exercise.tempo or exercise.for_ms is not None or not isinstance(times, int) or not 1 < times <= MOST_SETS:
        return Problem("routine.hold-and-reps")
    return Problem("routine.holds-as-reps", expected=str(times))


def _alternating(exercise: Exercise) -> Iterator[Clash]:
    """Check holds that change the side, of which `reps` counts those of both sides together."""
    for key, has in (("tempo", exercise.tempo), ("for", exercise.for_ms is not None), ("count", exercise.count)):
        if has:
            yield Clash(((key,), ("hold",)), Problem("routine.next-to-holds", subject=key))
    for key, dose in (("hold", exercise.hold_ms), ("reps", exercise.reps)):
        if isinstance(dose, tuple):
            yield Clash(((key,), ("sides",)), Problem("routine.alternate-listed", subject=key))
            return
        if isinstance(dose, Range):
            yield Clash((("reps",), ("sides",)), Problem("routine.alternate-range", found=shown(str(dose))))
    if exercise.sets > 1:
        yield Clash((("sets",), ("sides",)), Problem("routine.alternate-sets"))


def _pace(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    """Check what goes with repetitions at one's own pace."""
    if exercise.hold_ms is not None and exercise.reps is not None:
        return
    if exercise.for_ms is None:
        if any(isinstance(count, Range) for count in amounts_of(exercise.reps)) and "for" not in broken:
            yield Clash((("reps",),), Problem("routine.range-without-for"))
    elif exercise.tempo:
        yield Clash((("for",), ("tempo",)), Problem("routine.for-and-tempo"))
    elif exercise.reps is None and "reps" not in broken:
        yield Clash((("for",),), Problem("routine.for-without-reps"))


def _listed(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    """Check that a list of doses is one for each set, as many on each side."""
    for key, dose in (("hold", exercise.hold_ms), ("reps", exercise.reps)):
        if isinstance(dose, Sided):
            right, left = (sets_listed(one) or 1 for one in (dose.right, dose.left))
            if right != left:
                yield Clash(((key,),), Problem("routine.sided-lists", subject=key, found=f"{right} and {left}"))
                continue
        many = sets_listed(dose)
        if many is not None and many != exercise.sets and "sets" not in broken:
            problem = Problem("routine.sets-of-list", subject=key, expected=str(many), found=str(exercise.sets))
            yield Clash((("sets",), (key,)), problem)


def _bounds(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    low, high = exercise.min_ms, exercise.max_ms
    if low is not None and high is not None and low > high:
        problem = Problem("routine.max-below-min", expected=format_duration(low), found=format_duration(high))
        yield Clash((("max",), ("min",)), problem)
    for key, bound in (("min", low), ("max", high)):
        if bound is not None and exercise.hold_ms is None and "hold" not in broken:
            yield Clash(((key,), ("reps",)), Problem("routine.bound-without-hold", subject=key))


def _sides(exercise: Exercise) -> Iterator[Clash]:
    if exercise.alternate:
        if exercise.hold_ms is not None and exercise.reps is None:
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
            yield Clash(((key,), ("sides",)), replace(NO_SIDES, subject=key))
    if exercise.switch:
        yield Clash((("switch",), ("sides",)), Problem("routine.switch-without-sides"))


def _order(exercise: Exercise, broken: Collection[str]) -> Iterator[Clash]:
    """Check that there are sides and sets to put in order, and time to change back."""
    if exercise.order == "sides":
        return
    if len(exercise.sides) < 2 or exercise.alternate:
        yield Clash((("order",), ("sides",)), Problem("routine.order-without-sides"))
    elif exercise.sets == 1 and "sets" not in broken:
        yield Clash((("order",), ("sets",)), Problem("routine.order-without-sets"))
    elif exercise.rest_ms == 0:
        yield Clash((("rest",), ("order",)), Problem("routine.order-in-no-rest"))
