"""Overrides applied to a routine give a routine.

    Routine + overrides -> Customised (routine, what changed, what to say about it)

In this order, whatever the order in which they were given: selection, values (rests last, since sets settle where they
lie), factors, breath, length. Of two overrides for the same thing the later one wins. The settings that concern the
whole session (guidance, rounds, …) are the routine's own keys, and are carried out by `script` and `timeline`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from audiogen.durations import format_duration
from audiogen.errors import CustomiseError, RoutineError
from audiogen.routine import Exercise, Rounds, Routine, find_exercise
from audiogen.routine.overrides.changes import Change, changes_between
from audiogen.routine.overrides.doses import breathed, dosed, total_work_ms, with_sides, with_tempo
from audiogen.routine.overrides.parse import Factor, Override, attribute, command_line_of, read_overrides
from audiogen.routine.overrides.selection import selected
from audiogen.routine.pauses import LIMITS, PAUSE_OF_SETTING

__all__ = ["Change", "Customised", "Overrides", "command_line_of", "customise", "each_exercise"]

Overrides = Mapping[str, str | int | Sequence[str]]

_DOSES = {"hold", "reps", "sets", "rest", "tempo"}


@dataclass(frozen=True, slots=True)
class Customised:
    """A routine with overrides applied; `notices` are sentences about what they did to its length."""

    routine: Routine
    changes: tuple[Change, ...]
    notices: tuple[str, ...]


def customise(routine: Routine, overrides: Overrides | None = None) -> Customised:
    """Apply overrides, given by setting as the flags have them: {"hold": ["double-v=45s"], "length": "12m"}.

    Raises:
        CustomiseError: what cannot be read, names no exercise or does not fit it; all of them at once.
    """
    wanted = read_overrides(overrides or {})
    mistakes: list[str] = []
    changed = selected(routine, [one for one in wanted if one.setting.kind == "selection"], mistakes)
    others = [one for one in wanted if one.setting.kind != "selection"]
    values = [one for one in others if not isinstance(one.value, Factor)]
    for override in sorted(values, key=lambda one: one.setting.name == "rest"):
        changed = _applied(changed, override, mistakes)
    for override in _last_factors(changed, [one for one in others if isinstance(one.value, Factor)]):
        changed = _applied(changed, override, mistakes)
    mistakes += _impossible(routine, changed)
    if mistakes:
        raise CustomiseError("\n".join(dict.fromkeys(mistakes)))
    if changed.breath:
        changed = each_exercise(changed, lambda exercise: breathed(exercise, sum(changed.breath or ())))
    changed = each_exercise(changed, _without_idle_rest)
    changed, notices = _with_length(routine, changed, {one.setting.name for one in wanted})
    if any(one.setting.name == "rest" for one in wanted) and all(one.sets == 1 for one in changed.flat):
        notices = (*notices, "--rest did nothing, since no exercise has sets; --sets 3 gives them.")
    return Customised(changed, changes_between(routine, changed), notices)


def each_exercise(routine: Routine, change: Callable[[Exercise], Exercise]) -> Routine:
    """The routine with every exercise changed, those inside rounds too."""
    items: list[Exercise | Rounds] = []
    for item in routine.exercises:
        if isinstance(item, Rounds):
            items.append(item.model_copy(update={"exercises": tuple(change(one) for one in item.exercises)}))
        else:
            items.append(change(item))
    return routine.model_copy(update={"exercises": tuple(items)})


def _applied(routine: Routine, override: Override, mistakes: list[str]) -> Routine:
    """The routine with one override carried out, or a line about why it cannot be."""
    if override.target is None and not (override.setting.each and override.setting.kind == "dose"):
        return _applied_to_all(routine, override)
    try:
        slug = find_exercise(routine, override.target).slug if override.target is not None else None
    except RoutineError as error:
        mistakes.append(f"{override.written}: {error}")
        return routine

    def change(exercise: Exercise) -> Exercise:
        if slug not in (None, exercise.slug):
            return exercise
        try:
            return _applied_to_one(routine, exercise, override)
        except CustomiseError as error:
            mistakes.append(f"{override.written}: {exercise.number} {exercise.slug} {error}")
            return exercise

    return each_exercise(routine, change)


def _applied_to_all(routine: Routine, override: Override) -> Routine:
    """A setting of the whole routine; exercises that have their own lose it, or have it scaled too."""
    name, field, value = override.setting.name, attribute(override.setting), override.value
    if name == "pauses":
        value *= routine.pauses
    if not isinstance(value, Factor):
        changed = routine.model_copy(update={field: value})
        return each_exercise(changed, lambda one: _without(one, field)) if override.setting.each else changed
    usual_ms = getattr(routine, field)
    usual_ms = LIMITS[PAUSE_OF_SETTING[name]].default_ms if usual_ms is None else usual_ms
    changed = routine.model_copy(update={field: round(usual_ms * value.times)})
    if not override.setting.each:
        return changed

    def scaled(exercise: Exercise) -> Exercise:
        own_ms = getattr(exercise, field)
        return exercise if own_ms is None else exercise.model_copy(update={field: round(own_ms * value.times)})

    return each_exercise(changed, scaled)


def _without(exercise: Exercise, field: str) -> Exercise:
    return exercise if getattr(exercise, field) is None else exercise.model_copy(update={field: None})


def _applied_to_one(routine: Routine, exercise: Exercise, override: Override) -> Exercise:
    name, field, value = override.setting.name, attribute(override.setting), override.value
    if name == "tempo":
        return with_tempo(exercise, value.times, named=not override.for_all)
    if name == "sides":
        return with_sides(exercise, value, named=not override.for_all)
    if name in _DOSES:
        return dosed(exercise, override)
    if isinstance(value, Factor):
        usual_ms = getattr(exercise, field)
        if usual_ms is None:
            usual_ms = getattr(routine, field)
        if usual_ms is None:
            usual_ms = LIMITS[PAUSE_OF_SETTING[name]].default_ms
        value = round(usual_ms * value.times)
    return exercise.model_copy(update={field: value})


def _last_factors(routine: Routine, factors: Sequence[Override]) -> list[Override]:
    """The factors without those that a later one for the same exercises and sides replaces.

    A factor for all is narrowed to the exercises that no later one names.
    """
    kept: list[Override] = []
    seen: dict[tuple[str, str, str | None], bool] = {}
    for override in reversed(factors):
        if override.target is None and override.setting.kind == "dose":
            targets: list[str | None] = [exercise.slug for exercise in routine.flat]
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
        return target and find_exercise(routine, target).slug
    except RoutineError:
        return target  # reported when it is applied


def _without_idle_rest(exercise: Exercise) -> Exercise:
    """One set has no rest between sets, as in a routine file."""
    return exercise.model_copy(update={"rest_ms": None}) if exercise.sets == 1 and exercise.rest_ms else exercise


def _impossible(before: Routine, routine: Routine) -> list[str]:
    """Combinations that only overrides can make."""
    found = []
    restless = [one for one in routine.flat if one.sets > 1 and one.rest_ms is None]
    if len(restless) > 1:
        count, first = len(restless), restless[0]
        told = f"{count} exercises have no rest between their sets, {first.number} {first.slug} for one"
        found.append(f"--sets: {told}; add --rest 45s, which is for all")
    elif restless:
        (one,) = restless
        found.append(f"--sets: {one.number} {one.slug} has no rest between its sets; add --rest {one.slug}=45s")
    for old, one in zip(before.flat, routine.flat, strict=True):
        if one.sets == 1 and one.rest_ms is not None and old.rest_ms is None:
            found.append(f"--rest: {one.number} {one.slug} has one set, and no rest in it; add --sets {one.slug}=2")
    if routine.title != before.title and {"{", "}"} & {*routine.title}:
        found.append(f"--title: a title has no braces, which no routine file could hold, found '{routine.title}'")
    if routine.guidance == "tones" and routine.sounds.silent:
        found.append("--guidance tones with --sounds none leaves nothing to hear; change one of them")
    if routine.rounds > 1 and any(isinstance(item, Rounds) and item.rounds > 1 for item in routine.exercises):
        found.append("--rounds: the routine has rounds of its own inside it, and rounds of rounds cannot be announced")
    return found


def _with_length(before: Routine, after: Routine, names: set[str]) -> tuple[Routine, tuple[str, ...]]:
    """The routine's own length moved by what doses add, or released; a length that is given stands."""
    own_ms = before.length_ms
    if "length" in names or own_ms is None:
        return after, ()
    fits = f"--length {format_duration(own_ms)} fits it again"
    released = names & {"only", "skip", "from", "rounds", "pauses", "guidance", *PAUSE_OF_SETTING}
    if released and after != before:
        flags = ", ".join(f"--{name}" for name in sorted(released))
        return after.model_copy(update={"length_ms": None}), (
            f"The length of {format_duration(own_ms)} no longer binds the session ({flags}); {fits}.",
        )
    added_ms = total_work_ms(after) - total_work_ms(before)
    if not added_ms:
        return after, ()
    new_ms = own_ms + added_ms
    more = f"{format_duration(abs(added_ms))} {'more' if added_ms > 0 else 'less'}"
    return after.model_copy(update={"length_ms": new_ms}), (
        f"The session lasts {format_duration(new_ms)}, {more} than its own {format_duration(own_ms)}; {fits}.",
    )
