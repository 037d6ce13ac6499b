"""The models -> a JSON Schema of the file as the user writes it; keys, types and help texts are the models' own."""

from typing import Any

from audiogen.phrases import load_phrases
from audiogen.phrases.own import named
from audiogen.routine.keys import ITEM_KEYS, ROUTINE_KEYS
from audiogen.routine.model import Routine

_NULL = {"type": "null"}
_EXTENDS = {
    "type": "string",
    "minLength": 1,
    "description": "The routine that this one varies: a name, or a path relative to this file. A key here replaces "
    "the parent's; null removes it.",
}
_USE = {
    "type": "string",
    "minLength": 1,
    "description": "A ready exercise, such as cat-and-cow (audiogen list --exercises); a key here replaces its own.",
}
_ORDER = {
    "type": "array",
    "items": {"type": "string"},
    "minItems": 1,
    "description": "The exercises that come first, by name in lower case with hyphens; then the others, as written.",
}
_SAY = "In place of `exercises`: the spoken text of a routine that has no exercises."
_CHANGES = {
    "type": "object",
    "additionalProperties": {"$ref": "#/$defs/Change"},
    "description": "In a variant: what changes, by slug, such as double-v: {hold: 45s} or cat-stretch: {skip: true}.",
}
_PASSAGE = {"type": "object", "required": ["passage"]}
_GROUP = {"type": "object", "anyOf": [{"required": ["rounds"]}, {"required": ["exercises"]}]}
_DOSE = {"anyOf": [{"required": keys} for keys in (["hold"], ["reps", "tempo"], ["reps", "for"], ["use"])]}
_EXERCISE = {"allOf": [{"$ref": "#/$defs/Exercise"}, _DOSE]}
_INSIDE = {"if": _PASSAGE, "then": {"$ref": "#/$defs/Passage"}, "else": {"$ref": "#/$defs/Exercise"}}
_SAID = {"type": ["string", "number"], "minLength": 1}
_PHRASE = {
    "anyOf": [
        _SAID,
        {"type": "array", "items": _SAID, "minItems": 1},
        {"type": "object", "additionalProperties": _SAID, "minProperties": 1},
    ]
}
_ITEM = {
    "if": _PASSAGE,
    "then": {"$ref": "#/$defs/Passage"},
    "else": {"if": _GROUP, "then": {"$ref": "#/$defs/Group"}, "else": _EXERCISE},
}
# Where a group has work for all, its exercises may be bare names and need no dose of their own.
_INSIDE_GROUP = {
    "if": {"required": ["work"]},
    "then": {"properties": {"exercises": {"items": {"anyOf": [{"type": "string", "minLength": 1}, _INSIDE]}}}},
    "else": {
        "properties": {"exercises": {"items": {"if": _PASSAGE, "then": {"$ref": "#/$defs/Passage"}, "else": _EXERCISE}}}
    },
}


def schema() -> dict[str, object]:
    """Build the whole schema; unknown keys are refused everywhere."""
    written = _cleaned(Routine.model_json_schema())
    inner, keys = written["$defs"], written["properties"]
    needed = {"exercise": [], "passage": ["passage", "say"], "group": ["exercises"]}
    for kind, names in needed.items():
        model = inner[kind.title()]
        own = {key: {"use": _USE, **model["properties"]}[key] for key in ITEM_KEYS[kind]}
        inner[kind.title()] = {**model, "properties": own, "required": names}
    inner["Exercise"] |= {"anyOf": [{"required": ["name"]}, {"required": ["use"]}]}
    listed = {"type": "array", "minItems": 1, "description": inner["Group"]["properties"]["exercises"]["description"]}
    inner["Group"]["properties"]["exercises"] = listed
    inner["Group"] |= _INSIDE_GROUP
    listed = {**listed, "items": _ITEM, "description": keys["exercises"]["description"]}
    say = {**inner["Passage"]["properties"]["say"], "description": _SAY}
    own = dict.fromkeys(named(load_phrases("en").cues), _PHRASE)
    keys["phrases"] |= {"properties": own, "additionalProperties": False}
    keys = {**keys, "say": say, "extends": _EXTENDS, "order": _ORDER, "exercises": {"anyOf": [listed, _CHANGES]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "audiogen routine",
        "type": "object",
        "properties": {key: _or_null(keys[key]) for key in ROUTINE_KEYS},
        "additionalProperties": False,
        "if": {"required": ["extends"]},
        "else": {
            "required": ["title"],
            "oneOf": [{"required": ["exercises"]}, {"required": ["say"]}],
            "properties": {"exercises": {"type": "array"}},
            "additionalProperties": {"not": _NULL},  # null removes a parent's key; without a parent it is a mistake
        },
        "$defs": {**inner, "Change": _change()},
    }


def _change() -> dict[str, Any]:
    """Describe what a variant may change in one item: any of its keys, with null to remove it."""
    kinds = {key: kind.title() for kind, keys in reversed(ITEM_KEYS.items()) for key in keys}
    keys = {key: _or_null({"$ref": f"#/$defs/{kind}/properties/{key}"}) for key, kind in kinds.items()}
    return {"type": "object", "properties": keys, "additionalProperties": False, "minProperties": 1}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: schema[key] for key in ("description", "default") if key in schema}
    return {**kept, "anyOf": [{key: value for key, value in schema.items() if key not in kept}, _NULL]}


def _cleaned(schema: Any) -> Any:
    """Remove pydantic's titles, and the null and empty defaults that only Python needs."""
    match schema:
        case {"anyOf": [*choices], **rest} if _NULL in choices:
            kept = [choice for choice in choices if choice != _NULL]
            return _cleaned({**rest, **(kept[0] if len(kept) == 1 else {"anyOf": kept})})
        case dict():
            noise = {"title": str, "default": list | None}
            return {
                key: _cleaned(value)
                for key, value in schema.items()
                if not (key in noise and isinstance(value, noise[key]))
            }
        case list():
            return [_cleaned(item) for item in schema]
        case _:
            return schema
