"""Holds, repetitions, sets, rests and tempo of one exercise, changed.

Lengths that were whole seconds stay whole seconds when a factor changes them, since they are spoken.
"""

from collections.abc import Callable
from typing import Any

from audiogen.errors import CustomiseError, Problem, Remedy
from audiogen.routine.amounts import Range, amounts_of, sets_listed, with_each_amount
from audiogen.routine.model import Exercise, Group, Routine
from audiogen.routine.overrides.parse import Factor, Override
from audiogen.routine.values import Side, Sided


def dosed(exercise: Exercise, override: Override) -> Exercise:
    """The exercise with another hold, count of repetitions or sets, or rest.

    Raises:
        CustomiseError: it was named, and has no such dose or no such side.
    """
    field, side = override.field, override.side
    dose = getattr(exercise, field)
    if field == "for_ms":
        return _paced(exercise, override)
    if field == "rest_ms":
        return _rested(exercise, override)
    if dose is None:
        if override.for_all:
            return exercise
        raise CustomiseError(_no_hold(exercise) if field == "hold_ms" else _no_repetitions(exercise))
    if side is not None and side not in exercise.sides:
        raise CustomiseError(_not_on(side, exercise))
    if side is not None and exercise.alternate:
        raise CustomiseError(Problem("overrides.alternating-dose", subject=numbered(exercise)))
    if field == "sets":
        return _with_sets(exercise, override)
    if exercise.holds_alternate and isinstance(override.value, tuple):
        raise CustomiseError(Problem("overrides.alternating-listed", subject=numbered(exercise)))
    if isinstance(override.value, Sided) and (side or len(exercise.sides) != 2 or exercise.alternate):
        raise CustomiseError(_not_on("left", exercise))
    changed = _changed(dose, exercise, side, override.value)
    if exercise.for_ms is None and any(isinstance(one, Range) for one in amounts_of(changed)):
        raise CustomiseError(Problem("overrides.range-without-pace", subject=numbered(exercise)))
    return exercise.model_copy(update={field: changed, "sets": sets_listed(changed) or exercise.sets})


def _with_sets(exercise: Exercise, override: Override) -> Exercise:
    if exercise.holds_alternate:
        if override.for_all:
            return exercise
        raise CustomiseError(Problem("overrides.alternating-sets", subject=numbered(exercise)))
    if (listed := sets_listed(exercise.hold_ms or exercise.reps)) is None:
        return exercise.model_copy(update={"sets": override.value})
    if override.for_all:
        return exercise
    raise CustomiseError(Problem("overrides.sets-listed", subject=numbered(exercise), found=str(listed)))


def _paced(exercise: Exercise, override: Override) -> Exercise:
    """The exercise with another time for repetitions at one's own pace."""
    if exercise.for_ms is not None:
        return exercise.model_copy(update={"for_ms": _new(exercise.for_ms, override.value)})
    if override.for_all:
        return exercise
    raise CustomiseError(Problem("overrides.no-pace", subject=numbered(exercise)))


def _rested(exercise: Exercise, override: Override) -> Exercise:
    """The exercise with another rest; a rest for all is for those that have sets, or a rest after them."""
    if override.for_all and exercise.rest_ms is None and (exercise.pieces == 1 or isinstance(override.value, Factor)):
        return exercise
    if exercise.rest_ms is None and isinstance(override.value, Factor):
        raise CustomiseError(Problem("overrides.no-rest-to-scale", subject=numbered(exercise)))
    return exercise.model_copy(update={"rest_ms": _new(exercise.rest_ms, override.value)})


def regrouped(group: Group, override: Override) -> Group:
    """The group with another work, rest or interval, and the exercises that have their work from it with the new one.

    Raises:
        CustomiseError: it was named, and has no such length that a factor could change.
    """
    field, old_ms = override.field, getattr(group, override.field)
    if old_ms is None and (override.for_all or isinstance(override.value, Factor)):
        if override.for_all:
            return group
        raise CustomiseError(Problem("overrides.nothing-to-scale", subject=group.slug, found=override.setting.name))
    new_ms = _new(old_ms, override.value)
    inside = group.exercises
    if field == "work_ms":
        inside = tuple(
            one.model_copy(update={"hold_ms": new_ms})
            if isinstance(one, Exercise) and one.fixed and one.hold_ms == old_ms
            else one
            for one in inside
        )
    return group.model_copy(update={field: new_ms, "exercises": inside})


def _changed(dose: Any, exercise: Exercise, side: Side | None, value: Any) -> Any:
    """A dose with a new value: on both sides, or on one; a list on one side makes the other one, too."""
    if isinstance(value, Factor):
        value = Sided(*(with_each_amount(_of(dose, one), lambda old: _new(old, value)) for one in ("right", "left")))
    both = value if isinstance(value, Sided) else Sided(value, value)
    whole = side is None or exercise.sides == (side,)
    right, left = (both.on(one) if whole or one == side else _of(dose, one) for one in ("right", "left"))
    many = max(sets_listed(one) or 1 for one in (right, left))
    right, left = (one if many == 1 or isinstance(one, tuple) else (one,) * many for one in (right, left))
    return right if right == left else Sided(right, left)


def _of(dose: Any, side: Side) -> Any:
    return dose.on(side) if isinstance(dose, Sided) else dose


def _new(old: int | None, value: "int | Factor") -> int:
    return scaled_ms(old or 0, value.times) if isinstance(value, Factor) else value


def scaled_ms(length_ms: int, times: float) -> int:
    """A length times a factor; whole seconds stay whole seconds, nothing stays nothing, and nothing becomes it."""
    if not length_ms:
        return 0
    grain_ms = 1000 if length_ms % 1000 == 0 and length_ms * times >= 1000 else 1
    return max(1, round(length_ms * times / grain_ms)) * grain_ms


def with_tempo(exercise: Exercise, times: float, *, named: bool) -> Exercise:
    """The exercise with every phase of its repetitions `times` as long, to a tenth of a second.

    Raises:
        CustomiseError: it was named and has no repetitions.
    """
    if not exercise.tempo:
        if named and exercise.for_ms is not None:
            remedies = (Remedy("change-time", setting="for"),)
            raise CustomiseError(Problem("overrides.no-tempo", subject=numbered(exercise), remedies=remedies))
        if named:
            raise CustomiseError(_no_repetitions(exercise))
        return exercise
    tempo = tuple(
        phase.model_copy(update={"for_ms": max(1, round(phase.for_ms * times / 100)) * 100}) for phase in exercise.tempo
    )
    return exercise.model_copy(update={"tempo": tempo})


def with_sides(exercise: Exercise, sides: tuple[Side, ...], *, named: bool) -> Exercise:
    """The exercise with its sides in another order, or with one of them alone.

    Raises:
        CustomiseError: it was named, and is not done on these sides.
    """
    if exercise.sides and not exercise.alternate and set(sides) <= set(exercise.sides):
        return exercise.model_copy(update={"sides": sides})
    if not named:
        return exercise
    if exercise.alternate:
        raise CustomiseError(Problem("overrides.alternating-order", subject=numbered(exercise)))
    missing = next((side for side in sides if side not in exercise.sides), sides[0])
    raise CustomiseError(_not_on(missing, exercise))


def breathed(exercise: Exercise, breath_ms: int) -> Exercise:
    """The exercise with its holds rounded to whole breaths, one at least."""
    return with_hold(exercise, lambda length_ms: max(1, (2 * length_ms + breath_ms) // (2 * breath_ms)) * breath_ms)


def with_hold(exercise: Exercise, change: Callable[[int], int]) -> Exercise:
    """The exercise with its hold changed, on both sides where they differ; repetitions stay as they are."""
    hold = exercise.hold_ms
    if hold is None:
        return exercise
    return exercise.model_copy(update={"hold_ms": with_each_amount(hold, change)})


def total_work_ms(routine: Routine) -> int:
    """Add up all holds, repetitions and rests of a session in ms, as often as they come up."""
    total_ms = 0
    for group in routine.groups:
        total_ms += group.rounds * sum(
            _with_rests_ms(one) for one in group.exercises if isinstance(one, Exercise) and not one.skip
        )
    return total_ms * routine.rounds


def _with_rests_ms(exercise: Exercise) -> int:
    sides: tuple[Side | None, ...] = exercise.sides if exercise.sides and not exercise.alternate else (None,)
    rest_ms = (exercise.rest_ms or 0) * (exercise.pieces - 1)
    numbers = range(1, exercise.pieces + 1)
    return sum(sum(exercise.work_ms(side, number) for number in numbers) + rest_ms for side in sides)


def numbered(exercise: Exercise) -> str:
    """Name an exercise as problems do: "3 double-v"."""
    return f"{exercise.number} {exercise.slug}"


def _no_hold(exercise: Exercise) -> Problem:
    remedies = (Remedy("change-repetitions", setting="reps"), Remedy("change-tempo", setting="tempo"))
    return Problem("overrides.no-hold", subject=numbered(exercise), remedies=remedies)


def _no_repetitions(exercise: Exercise) -> Problem:
    remedies = (Remedy("change-hold", setting="hold"),)
    return Problem("overrides.no-repetitions", subject=numbered(exercise), remedies=remedies)


def _not_on(side: Side, exercise: Exercise) -> Problem:
    return Problem(
        "overrides.not-on-side" if exercise.sides else "overrides.no-sides", subject=numbered(exercise), expected=side
    )
