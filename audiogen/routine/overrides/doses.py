"""Holds, repetitions, sets, rests and tempo of one exercise, changed.

Lengths that were whole seconds stay whole seconds when a factor changes them, since they are spoken.
"""

from collections.abc import Callable
from typing import Any

from audiogen.errors import CustomiseError
from audiogen.routine import Exercise, Rounds, Routine, Side, Sided
from audiogen.routine.overrides.parse import Factor, Override, attribute

__all__ = ["breathed", "dosed", "scaled_ms", "total_work_ms", "with_hold", "with_sides", "with_tempo"]


def dosed(exercise: Exercise, override: Override) -> Exercise:
    """The exercise with another hold, count of repetitions or sets, or rest.

    Raises:
        CustomiseError: it was named, and has no such dose or no such side; the message lacks the exercise's name.
    """
    field, side = attribute(override.setting), override.side
    dose = getattr(exercise, field)
    if field == "rest_ms":
        return _rested(exercise, override)
    if dose is None:
        if override.for_all:
            return exercise
        raise CustomiseError(_lacks(override.setting.name))
    if side is not None and side not in exercise.sides:
        raise CustomiseError(f"is not done on the {side} side" if exercise.sides else "has no sides")
    if side is not None and exercise.alternate:
        raise CustomiseError("changes sides with each repetition; give one value for both")
    update: dict[str, Any] = {field: _changed(dose, exercise, side, override.value)}
    if field == "hold_ms" and not override.for_all:
        update["fixed"] = True  # what was named stays as it is when a length stretches holds
    return exercise.model_copy(update=update)


def _rested(exercise: Exercise, override: Override) -> Exercise:
    """The exercise with another rest between its sets; a rest for all is for those that have sets."""
    if override.for_all and (exercise.sets == 1 or (exercise.rest_ms is None and isinstance(override.value, Factor))):
        return exercise
    if exercise.rest_ms is None and isinstance(override.value, Factor):
        raise CustomiseError("has no rest that could be longer or shorter; give a length such as 45s")
    return exercise.model_copy(update={"rest_ms": _new(exercise.rest_ms, override.value)})


def _changed(dose: "int | Sided[int] | None", exercise: Exercise, side: Side | None, value: Any) -> "int | Sided[int]":
    if isinstance(dose, Sided):
        changed = Sided(
            _new(dose.right, value) if side in (None, "right") else dose.right,
            _new(dose.left, value) if side in (None, "left") else dose.left,
        )
    elif side is None or exercise.sides == (side,):
        return _new(dose, value)
    else:
        old = dose or 0
        changed = Sided(_new(old, value), old) if side == "right" else Sided(old, _new(old, value))
    return changed.right if changed.right == changed.left else changed


def _new(old: int | None, value: "int | Factor") -> int:
    return scaled_ms(old or 0, value.times) if isinstance(value, Factor) else value


def scaled_ms(length_ms: int, times: float) -> int:
    """A length times a factor; whole seconds stay whole seconds, and nothing becomes nothing."""
    grain_ms = 1000 if length_ms % 1000 == 0 and length_ms * times >= 1000 else 1
    return max(1, round(length_ms * times / grain_ms)) * grain_ms


def with_tempo(exercise: Exercise, times: float, *, named: bool) -> Exercise:
    """The exercise with every phase of its repetitions `times` as long, to a tenth of a second.

    Raises:
        CustomiseError: it was named and has no repetitions; the message lacks the exercise's name.
    """
    if not exercise.tempo:
        if named:
            raise CustomiseError(_lacks("tempo"))
        return exercise
    tempo = tuple(
        phase.model_copy(update={"for_ms": max(1, round(phase.for_ms * times / 100)) * 100}) for phase in exercise.tempo
    )
    return exercise.model_copy(update={"tempo": tempo})


def with_sides(exercise: Exercise, sides: tuple[Side, ...], *, named: bool) -> Exercise:
    """The exercise with its sides in another order, or with one of them alone.

    Raises:
        CustomiseError: it was named, and is not done on these sides; the message lacks the exercise's name.
    """
    if exercise.sides and not exercise.alternate and set(sides) <= set(exercise.sides):
        return exercise.model_copy(update={"sides": sides})
    if not named:
        return exercise
    if exercise.alternate:
        raise CustomiseError("changes sides with each repetition, so they have no order")
    missing = next((side for side in sides if side not in exercise.sides), sides[0])
    raise CustomiseError(f"is not done on the {missing} side" if exercise.sides else "has no sides")


def breathed(exercise: Exercise, breath_ms: int) -> Exercise:
    """The exercise with its holds rounded to whole breaths, one at least."""
    return with_hold(exercise, lambda length_ms: max(1, (2 * length_ms + breath_ms) // (2 * breath_ms)) * breath_ms)


def with_hold(exercise: Exercise, change: Callable[[int], int]) -> Exercise:
    """The exercise with its hold changed, on both sides where they differ; repetitions stay as they are."""
    hold = exercise.hold_ms
    if hold is None:
        return exercise
    return exercise.model_copy(update={"hold_ms": hold.map(change) if isinstance(hold, Sided) else change(hold)})


def total_work_ms(routine: Routine) -> int:
    """All holds, repetitions and rests of a session in ms, as often as they come up."""
    total_ms = 0
    for item in routine.exercises:
        group, rounds = (item.exercises, item.rounds) if isinstance(item, Rounds) else ((item,), 1)
        total_ms += rounds * sum(_work_ms(exercise) for exercise in group if not exercise.skip)
    return total_ms * routine.rounds


def _work_ms(exercise: Exercise) -> int:
    dose = exercise.reps if exercise.hold_ms is None else exercise.hold_ms
    unit_ms = sum(phase.for_ms for phase in exercise.tempo) if exercise.hold_ms is None else 1
    sides: tuple[Side | None, ...] = exercise.sides if exercise.sides and not exercise.alternate else (None,)
    each = [(dose.on(side or "right") if isinstance(dose, Sided) else dose or 0) * unit_ms for side in sides]
    rest_ms = (exercise.rest_ms or 0) * (exercise.sets - 1)
    return sum(each) * exercise.sets + rest_ms * len(each)


def _lacks(dose: str) -> str:
    if dose == "hold":
        return "has repetitions, not a hold; use --reps or --tempo"
    return "has a hold, not repetitions; use --hold"
