"""Select exercises: names, numbers and ranges -> a routine in which the others are skipped."""

import re
from collections.abc import Sequence
from dataclasses import replace

from audiogen.errors import Problem, RoutineError
from audiogen.routine.model import Routine
from audiogen.routine.overrides.parse import Override
from audiogen.routine.slugs import find_exercise
from audiogen.text import shown


def selected(routine: Routine, overrides: Sequence[Override], mistakes: list[Problem]) -> Routine:
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
        flags = [*dict.fromkeys(one.setting.flag for one in overrides)]
        mistakes.append(
            Problem(
                "overrides.excludes-all" if len(flags) == 1 else "overrides.together-exclude-all",
                subject=" and ".join(flags),
            )
        )
    left_out = numbers - done
    if not overrides:
        return routine
    return routine.with_each(lambda one: one.model_copy(update={"skip": one.number in left_out}))


def _numbers(routine: Routine, override: Override, mistakes: list[Problem]) -> set[int]:
    """The exercises that "2-4,double-v" names, by number."""
    found: set[int] = set()
    for part in (part.strip() for part in str(override.value).split(",")):
        first, last = part, part
        if match := re.fullmatch(r"(\d+)\s*-\s*(\d+)", part, re.ASCII):
            first, last = match[1], match[2]
        try:
            low, high = find_exercise(routine, first).number, find_exercise(routine, last).number
        except RoutineError as error:
            mistakes += [replace(problem, place=f"{override.setting.flag} {part}") for problem in error.problems]
            continue
        if low > high:
            mistakes.append(Problem("overrides.range-backwards", subject=override.setting.flag, found=shown(part)))
        found |= set(range(low, high + 1))
    return found
