"""The keys of a routine file, from the models: which exist where, and which of them overrides may change."""

from collections.abc import Iterable
from difflib import get_close_matches

from audiogen.routine.model import Cue, Exercise, Phase, Rounds, Routine
from audiogen.routine.settings import SETTINGS

SET_BY_READER = {"slug", "number", "alternate", "source"}


def _keys(model: type[Cue | Exercise | Phase | Rounds | Routine]) -> tuple[str, ...]:
    fields = model.model_fields.items()
    return tuple(field.alias or name for name, field in fields if name not in SET_BY_READER)


ROUTINE_KEYS = (*_keys(Routine), "extends", "order")
ROUNDS_KEYS = _keys(Rounds)
EXERCISE_KEYS = _keys(Exercise)
INNER = {"cues": _keys(Cue), "tempo": _keys(Phase)}  # the keys of the maps in these lists


def _set_by(model: type[Exercise | Routine]) -> tuple[str, ...]:
    return tuple(name for name, field in model.model_fields.items() if (field.alias or name) in SETTINGS)


# The fields that overrides may change, in the models' order: the session's (with what it has for all exercises), and an
# exercise's own.
SET_IN_ROUTINE = _set_by(Routine)
SET_IN_EXERCISE = _set_by(Exercise)

# The field that each setting changes: of an exercise where each has its own, else of the routine.
FIELD_OF = {
    name: next(field for field in (name, f"{name}_ms") if field in (Exercise if one.each else Routine).model_fields)
    for name, one in SETTINGS.items()
    if one.kind != "selection"
}

# The keys whose values are sentences: YAML's comment sign may cut them.
TEXT_KEYS = {"title", "description", "equipment", "before", "caution", "after", "name"}
TEXT_KEYS |= {"setup", "switch", "release", "say", "short"}


def near_key(found: str, known: Iterable[str]) -> str | None:
    """Find the known key that a misspelt one was most likely meant to be."""
    near = get_close_matches(found.lower(), sorted(known), n=1, cutoff=0.6)
    return near[0] if near else None
