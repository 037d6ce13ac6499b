"""The keys of a routine file, from the models: which exist where, and which of them overrides may change."""

from collections.abc import Iterable
from difflib import get_close_matches

from audiogen.routine.meanings import MEANINGS
from audiogen.routine.model import Exercise, Group, Item, Passage, Routine
from audiogen.routine.parts import Cue, Phase
from audiogen.routine.settings import SETTINGS, Setting

SET_BY_READER = {"slug", "number", "alternate", "source"}


def _keys(model: type[Cue | Exercise | Group | Passage | Phase | Routine]) -> tuple[str, ...]:
    fields = model.model_fields.items()
    return tuple(field.alias or name for name, field in fields if name not in SET_BY_READER)


ROUTINE_KEYS = (*_keys(Routine), "say", "extends", "order")
EXERCISE_KEYS = (*_keys(Exercise), "use")
ITEM_KEYS = {"exercise": EXERCISE_KEYS, "passage": _keys(Passage), "group": _keys(Group)}
INNER = {"cues": _keys(Cue), "tempo": _keys(Phase)}  # the keys of the maps in these lists
ALL_KEYS = {*ROUTINE_KEYS, *(key for keys in (*ITEM_KEYS.values(), *INNER.values()) for key in keys)}


def _set_by(model: type[Exercise | Group | Passage | Routine]) -> tuple[str, ...]:
    return tuple(name for name, field in model.model_fields.items() if (field.alias or name) in SETTINGS)


# The fields that overrides may change, in the models' order: the session's (with what it has for all exercises), and
# those of an exercise, a group or a passage.
SET_IN_ROUTINE = _set_by(Routine)
SET_IN_EXERCISE = _set_by(Exercise)
_SET_IN: dict[type[Item], tuple[str, ...]] = {
    Exercise: SET_IN_EXERCISE,
    Group: tuple(field for field in _set_by(Group) if field != "rounds"),
    Passage: _set_by(Passage),
}


def set_in(item: Item) -> tuple[str, ...]:
    """The fields of an item that overrides may change."""
    return _SET_IN[type(item)]


def owners(setting: Setting) -> tuple[type[Exercise | Group | Routine], ...]:
    """What may have a setting: exercises, groups or both, or only the routine."""
    models = (Exercise, Group) if setting.each else (Routine,)
    return tuple(one for one in models if {setting.name, f"{setting.name}_ms"} & one.model_fields.keys())


# The field that each setting changes: of an exercise or a group where each has its own, else of the routine.
FIELD_OF = {
    name: next(field for field in (name, f"{name}_ms") for model in owners(one) if field in model.model_fields)
    for name, one in SETTINGS.items()
    if one.kind != "selection"
}

# The keys whose values are sentences: YAML's comment sign may cut them.
TEXT_KEYS = {"title", "description", "equipment", "before", "caution", "after", "name"}
TEXT_KEYS |= {"passage", "setup", "switch", "release", "say", "short"}


def near_key(found: str, known: Iterable[str]) -> str | None:
    """Find the known key that a wrong one was most likely meant to be: by what it means, else by its letters."""
    word, known = "_".join(found.lower().replace("-", " ").split()), frozenset(known)
    if word in known:
        return word
    meant = [key for key, words in MEANINGS.items() if key in known and word in words]
    near = meant or get_close_matches(word, sorted(known), n=1, cutoff=0.68)
    return near[0] if near else None
