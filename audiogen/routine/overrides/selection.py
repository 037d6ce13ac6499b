"""Which exercises are done: names, numbers and ranges -> a routine in which the others are skipped."""

import re
from collections.abc import Sequence

from audiogen.errors import RoutineError
from audiogen.routine import Rounds, Routine, find_exercise
from audiogen.routine.overrides.parse import Override

__all__ = ["selected"]


def selected(routine: Routine, overrides: Sequence[Override], mistakes: list[str]) -> Routine:
    """The routine with only what is chosen; an exercise that is named by `only` is done even if the file skips it."""
    numbers = {exercise.number for exercise in routine.flat}
    done = {exercise.number for exercise in routine.flat if not exercise.skip}
    named = {"only": set[int](), "skip": set[int](), "from": set[int]()}
    for override in overrides:
        named[override.setting.name] |= _numbers(routine, override, mistakes)
    if any(override.setting.name == "only" for override in overrides):
        done = named["only"]
    if named["from"]:
        done &= {number for number in numbers if number >= max(named["from"])}
    done -= named["skip"]
    if overrides and not done and not mistakes:
        mistakes.append(f"{', '.join(one.setting.flag for one in overrides)}: no exercise is left; leave one in")
    return _skipping(routine, numbers - done) if overrides else routine


def _numbers(routine: Routine, override: Override, mistakes: list[str]) -> set[int]:
    """The exercises that "2-4,double-v" names, by number."""
    found: set[int] = set()
    for part in (part.strip() for part in str(override.value).split(",")):
        first, last = part, part
        if match := re.fullmatch(r"(\d+)\s*-\s*(\d+)", part, re.ASCII):
            first, last = match[1], match[2]
        try:
            low, high = find_exercise(routine, first).number, find_exercise(routine, last).number
        except RoutineError as error:
            mistakes.append(f"{override.setting.flag} {part}: {error}")
            continue
        if low > high:
            mistakes.append(f"{override.setting.flag} {part}: a range goes from the lower number to the higher")
        found |= set(range(low, high + 1))
    return found


def _skipping(routine: Routine, numbers: set[int]) -> Routine:
    items = []
    for item in routine.exercises:
        group = item.exercises if isinstance(item, Rounds) else (item,)
        marked = tuple(one.model_copy(update={"skip": one.number in numbers}) for one in group)
        items.append(item.model_copy(update={"exercises": marked}) if isinstance(item, Rounds) else marked[0])
    return routine.model_copy(update={"exercises": tuple(items)})
