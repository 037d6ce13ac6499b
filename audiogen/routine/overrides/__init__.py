"""Overrides applied to a routine give a routine.

    Routine + overrides -> Customised (routine, what changed, notices)

In this order, whatever the order in which they were given: selection, values (rests last, since sets settle where they
lie), factors, breath, length. Of two overrides for the same thing the later one wins. The settings that concern the
whole session (guidance, rounds, …) are the routine's own keys, and are carried out by `script` and `timeline`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from audiogen.durations import format_duration
from audiogen.errors import CustomiseError, Notice, Problem, Remedy, RoutineError
from audiogen.routine.group_checks import of_exercise, of_tones, over_interval
from audiogen.routine.keys import owners
from audiogen.routine.model import Exercise, Group, Item, Passage, Routine
from audiogen.routine.overrides.changes import Change, changes_between
from audiogen.routine.overrides.doses import breathed, dosed, numbered, regrouped, total_work_ms, with_sides, with_tempo
from audiogen.routine.overrides.parse import Factor, Override, command_line_of, read_overrides
from audiogen.routine.overrides.selection import selected
from audiogen.routine.pauses import PAUSE_OF_SETTING
from audiogen.routine.settings import SETTINGS
from audiogen.routine.slugs import find_in, find_item
from audiogen.text import counted, shown

__all__ = ["Change", "Customised", "Overrides", "command_line_of", "customise"]

Overrides = Mapping[str, str | int | Sequence[str]]


_DOSES = {"hold", "reps", "for", "sets", "rest", "tempo"}
_RESHAPING = {"only", "skip", "from", "rounds", "pauses", "guidance", "opening", "closing", "announce"}
_RESHAPING |= PAUSE_OF_SETTING.keys()  # what makes a session another one, so that its own length means nothing


@dataclass(frozen=True, slots=True)
class Customised:
    """A routine with overrides applied; `notices` are about what they did to its length."""

    routine: Routine
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]


def customise(routine: Routine, overrides: Overrides | None = None) -> Customised:
    """Apply overrides, given by setting as the flags have them: {"hold": ["double-v=45s"], "length": "12m"}.

    Raises:
        CustomiseError: what cannot be read, names no exercise or does not fit it; all of them at once.
    """
    wanted = read_overrides(overrides or {})
    mistakes: list[Problem] = []
    changed = selected(routine, [one for one in wanted if one.setting.kind == "selection"], mistakes)
    others = [one for one in wanted if one.setting.kind != "selection"]
    values = [one for one in others if not isinstance(one.value, Factor)]
    for override in sorted(values, key=lambda one: one.setting.name == "rest"):
        changed = _applied(changed, override, mistakes)
    for override in _last_factors(changed, [one for one in others if isinstance(one.value, Factor)]):
        changed = _applied(changed, override, mistakes)
    mistakes += _impossible(routine, changed)
    if mistakes:
        raise CustomiseError(*dict.fromkeys(mistakes))
    if changed.breath:
        changed = changed.with_each(lambda exercise: breathed(exercise, sum(changed.breath or ())))
    changed = _without_idle_keys(routine, changed)
    changed, notices = _with_length(routine, changed, {one.setting.name for one in wanted})
    if changed.stretch == "holds" and changed.length_ms is not None:
        changed = _with_named_holds_fixed(changed, wanted)
    if any(one.setting.name == "rest" for one in wanted) and not any(map(_rests, changed.items)):
        notices = (*notices, Notice("overrides.idle-rest", remedies=(Remedy("add-sets", setting="sets", value="3"),)))
    return Customised(changed, changes_between(routine, changed), notices)


def _applied(routine: Routine, override: Override, mistakes: list[Problem]) -> Routine:
    """The routine with one override carried out, or a line about why it cannot be."""
    if override.target is None and not (override.setting.each and override.setting.kind == "dose"):
        return _applied_to_all(routine, override)
    try:
        slug = find_in(_owning(routine, override), override.target).slug if override.target is not None else None
    except RoutineError as error:
        mistakes += [replace(problem, place=override.written) for problem in error.problems]
        return routine

    def change(item: Item) -> Item:
        if slug not in (None, item.slug) or not isinstance(item, owners(override.setting)):
            return item
        try:
            if isinstance(item, Group):
                return regrouped(item, override)
            return _applied_to_one(routine, item, override) if isinstance(item, Exercise) else item
        except CustomiseError as error:
            mistakes.extend(replace(problem, place=override.written) for problem in error.problems)
            return item

    return routine.with_items(change)


def _owning(routine: Routine, override: Override) -> list[Item]:
    """The items that may have the setting of an override."""
    return [one for one in routine.items if isinstance(one, owners(override.setting))]


def _applied_to_all(routine: Routine, override: Override) -> Routine:
    """A setting of the whole routine; exercises that have their own lose it, or have it scaled too."""
    name, field, value = override.setting.name, override.field, override.value
    if name == "pauses":
        value *= routine.pauses
    if not isinstance(value, Factor):
        changed = routine.model_copy(update={field: value})
        if not override.setting.each:
            return changed
        return changed.with_items(lambda one: _without(one, field))
    changed = routine.model_copy(update={field: round(routine.pause_ms(name) * value.times)})
    if not override.setting.each:
        return changed

    def scaled(exercise: Exercise) -> Exercise:
        own_ms = getattr(exercise, field)
        return exercise if own_ms is None else exercise.model_copy(update={field: round(own_ms * value.times)})

    return changed.with_each(scaled)


def _without(item: Item, field: str) -> Item:
    return item if getattr(item, field, None) is None else item.model_copy(update={field: None})


def _applied_to_one(routine: Routine, exercise: Exercise, override: Override) -> Exercise:
    name, field, value = override.setting.name, override.field, override.value
    if name == "tempo":
        return with_tempo(exercise, value.times, named=not override.for_all)
    if name == "sides":
        return with_sides(exercise, value, named=not override.for_all)
    if name in _DOSES:
        return dosed(exercise, override)
    if isinstance(value, Factor):
        value = round(routine.pause_ms(name, exercise) * value.times)
    return exercise.model_copy(update={field: value})


def _last_factors(routine: Routine, factors: Sequence[Override]) -> list[Override]:
    """The factors without those that a later one for the same exercises and sides replaces.

    A factor for all is narrowed to the exercises that no later one names.
    """
    kept: list[Override] = []
    seen: dict[tuple[str, str, str | None], bool] = {}
    for override in reversed(factors):
        if override.target is None and override.setting.kind == "dose":
            targets: list[str | None] = [one.slug for one in _owning(routine, override)]
        else:
            targets = [_slug_or_text(routine, override.target)]
        for target in targets:
            key = (override.setting.name, target or "", override.side)
            if key in seen or (*key[:2], None) in seen:
                continue
            seen[key] = True
            narrowed = override.target is None and override.setting.kind == "dose"
            kept.append(Override(override.setting, override.value, target, override.side, narrowed))
    return kept[::-1]


def _slug_or_text(routine: Routine, target: str | None) -> str | None:
    try:
        return target and find_item(routine, target).slug
    except RoutineError:
        return target  # reported when it is applied


def _without_idle_keys(before: Routine, after: Routine) -> Routine:
    """The routine without the rests between sets that are no more, and without an order of these."""
    pieces = {one.slug: one.pieces for one in before.flat}

    def idle(exercise: Exercise) -> bool:
        return exercise.pieces == 1 < pieces[exercise.slug] and exercise.rest_ms is not None

    def changed(exercise: Exercise) -> Exercise:
        if exercise.order == "sets" and (len(exercise.sides) < 2 or exercise.sets == 1):
            exercise = exercise.model_copy(update={"order": "sides"})
        return exercise.model_copy(update={"rest_ms": None}) if idle(exercise) else exercise

    return after.with_each(changed)


def _rests(item: Item) -> bool:
    return not isinstance(item, Passage) and item.rest_ms is not None


def _with_named_holds_fixed(routine: Routine, wanted: Sequence[Override]) -> Routine:
    """The routine in which a length stretches no hold that was given for an exercise by name."""
    named = {
        _slug_or_text(routine, one.target) for one in wanted if one.setting.name == "hold" and one.target is not None
    }
    return routine.with_each(lambda one: one.model_copy(update={"fixed": True}) if one.slug in named else one)


def _impossible(before: Routine, routine: Routine) -> list[Problem]:
    """Combinations that only overrides can make."""
    found: list[Problem] = []
    restless = [
        one
        for group in routine.groups
        for one in group.exercises
        if isinstance(one, Exercise) and one.pieces > 1 and one.rest_ms is None
        if group.rest_ms is None and group.every_ms is None
    ]
    if len(restless) > 1:
        add = Remedy("add-rest", setting="rest", value="45s")
        count, first = counted(len(restless), "exercise"), numbered(restless[0])
        found.append(Problem("overrides.sets-without-rests", "--sets", count, found=first, remedies=(add,)))
    elif restless:
        add = Remedy("add-rest", setting="rest", value=f"{restless[0].slug}=45s")
        found.append(Problem("overrides.sets-without-rest", "--sets", numbered(restless[0]), remedies=(add,)))
    found += (problem for group in routine.groups for problem in over_interval(group))
    found += _transitions_in_rests(before, routine)
    found += (
        Problem("routine.order-in-no-rest", place=f"--rest {one.slug}")
        for group in routine.groups
        for one in group.exercises
        if isinstance(one, Exercise) and not one.skip and one.order == "sets" and one.sets > 1
        if (group.rest_ms if one.rest_ms is None else one.rest_ms) == 0
    )
    if routine.title != before.title and {"{", "}"} & {*routine.title}:
        found.append(Problem("overrides.title-with-braces", subject="--title", found=shown(routine.title)))
    if routine.guidance == "tones" and routine.sounds.silent:
        found.append(Problem("overrides.nothing-to-hear"))
    if before.guidance != "tones":
        found += (replace(clash.problem, place="--guidance") for clash in of_tones(routine))
    if routine.rounds > 1 and any(group.rounds > 1 for group in routine.groups):
        found.append(Problem("overrides.rounds-of-rounds"))
    return found


def _transitions_in_rests(before: Routine, routine: Routine) -> Iterator[Problem]:
    """Find transitions that were given to exercises behind which lies an exact rest."""
    written_ms = {one.slug: one.transition_ms for one in before.flat}
    for group in routine.groups:
        for one in group.exercises:
            if isinstance(one, Exercise) and one.transition_ms != written_ms[one.slug]:
                for clash in of_exercise(one, rests=group.rest_ms is not None or group.every_ms is not None):
                    yield replace(clash.problem, place=f"--transition {one.slug}")


def _with_length(before: Routine, after: Routine, names: set[str]) -> tuple[Routine, tuple[Notice, ...]]:
    """The routine's own length, changed by what doses add, or dropped; a length that is given stays."""
    own_ms = before.length_ms
    if "length" in names or own_ms is None:
        return after, ()
    own = format_duration(own_ms)
    keep = (Remedy("keep-length", setting="length", value=own),)
    slower = {"speed"} if after.speed < before.speed else set()
    dropping = sorted(names & (_RESHAPING | slower))
    if dropping and after != before:
        flags = " and ".join(SETTINGS[name].flag for name in dropping)
        notice = Notice(
            "overrides.length-dropped" if len(dropping) == 1 else "overrides.length-dropped-by-several",
            subject=flags,
            found=own,
            remedies=keep,
        )
        return after.model_copy(update={"length_ms": None}), (notice,)
    added_ms = total_work_ms(after) - total_work_ms(before)
    if not added_ms:
        return after, ()
    notice = Notice(
        "overrides.longer" if added_ms > 0 else "overrides.shorter",
        subject=format_duration(own_ms + added_ms),
        expected=own,
        found=format_duration(abs(added_ms)),
        remedies=keep,
    )
    return after.model_copy(update={"length_ms": own_ms + added_ms}), (notice,)
