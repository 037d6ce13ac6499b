"""Select exercises: names, numbers and ranges -> a routine in which the others are skipped."""

import re
from collections.abc import Sequence
from dataclasses import replace

from audiogen.errors import Problem, RoutineError
from audiogen.routine.model import Group, Item, Routine
from audiogen.routine.overrides.parse import Override
from audiogen.routine.slugs import find_item, slug_of
from audiogen.text import shown


def selected(routine: Routine, overrides: Sequence[Override], mistakes: list[Problem]) -> Routine:
    """The routine with only what is chosen; an exercise that is named by `only` is done even if the file skips it."""
    if not overrides:
        return routine
    everything = {one.slug for one in routine.inside}
    done = {one.slug for one in routine.inside if not one.skip}
    named = {"only": set[str](), "skip": set[str](), "from": set[str]()}
    for override in overrides:
        named[override.setting.name] |= _slugs(routine, override, mistakes)
    if any(override.setting.name == "only" for override in overrides):
        done = named["only"]
    if named["from"]:
        slugs = [one.slug for one in routine.inside]
        done &= {*slugs[max(map(slugs.index, named["from"])) :]}
    done -= named["skip"]
    if not done and not mistakes:
        flags = [*dict.fromkeys(one.setting.flag for one in overrides)]
        mistakes.append(
            Problem(
                "overrides.excludes-all" if len(flags) == 1 else "overrides.together-exclude-all",
                subject=" and ".join(flags),
            )
        )
    left_out = everything - done

    def chosen(item: Item) -> Item:
        return item if isinstance(item, Group) else item.model_copy(update={"skip": item.slug in left_out})

    return routine.with_items(chosen)


def _slugs(routine: Routine, override: Override, mistakes: list[Problem]) -> set[str]:
    """The exercises and passages that "2-4,double-v" names, with those between the ends of a range."""
    slugs, named = [one.slug for one in routine.inside], {one.slug for one in routine.items}
    found: set[str] = set()
    for part in (part.strip() for part in str(override.value).strip().removesuffix(",").split(",")):
        first, last = part, part
        match = re.fullmatch(r"(\d+)\s*-\s*(\d+)", part, re.ASCII)
        if match and slug_of(part) not in named:  # a slug may look like a range: "90/90" has "90-90"
            first, last = match[1], match[2]
        try:
            (low, _), (_, high) = (_span(find_item(routine, end), slugs) for end in (first, last))
        except RoutineError as error:
            mistakes += [replace(problem, place=f"{override.setting.flag} {part}") for problem in error.problems]
            continue
        if low > high:
            mistakes.append(Problem("overrides.range-backwards", subject=override.setting.flag, found=shown(part)))
        found |= {*slugs[low : high + 1]}
    return found


def _span(item: Item, slugs: Sequence[str]) -> tuple[int, int]:
    """The places of the first and the last of what a slug names: a group is all that is inside it."""
    ends = (item.exercises[0], item.exercises[-1]) if isinstance(item, Group) else (item, item)
    first, last = (slugs.index(one.slug) for one in ends)
    return first, last
