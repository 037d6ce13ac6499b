"""The models -> a JSON Schema of the file as the user writes it; keys, types and help texts are the models' own."""

from typing import Any

from audiogen.routine.keys import EXERCISE_KEYS, ROUTINE_KEYS
from audiogen.routine.model import Routine

_NULL = {"type": "null"}
_EXTENDS = {
    "type": "string",
    "minLength": 1,
    "description": "The routine that this one varies: a name, or a path relative to this file. A key here replaces "
    "the parent's; null removes it.",
}
_ORDER = {
    "type": "array",
    "items": {"type": "string"},
    "minItems": 1,
    "description": "Slugs of the exercises that come first, in this order; the others follow in their own order.",
}
_CHANGES = {
    "type": "object",
    "additionalProperties": {"$ref": "#/$defs/Change"},
    "description": "In a variant: what changes, by slug, such as double-v: {hold: 45s} or cat-stretch: {skip: true}.",
}
_ITEM = {
    "if": {"type": "object", "anyOf": [{"required": ["rounds"]}, {"required": ["exercises"]}]},
    "then": {"$ref": "#/$defs/Rounds"},
    "else": {"$ref": "#/$defs/Exercise"},
}


def schema() -> dict[str, object]:
    """Build the whole schema; unknown keys are refused everywhere."""
    written = _cleaned(Routine.model_json_schema())
    inner, keys = written["$defs"], written["properties"]
    exercise = inner["Exercise"]
    inner["Exercise"] = {
        **exercise,
        "properties": {key: exercise["properties"][key] for key in EXERCISE_KEYS},
        "required": ["name"],
        "anyOf": [{"required": ["hold"]}, {"required": ["reps", "tempo"]}],
    }
    listed = {"type": "array", "items": _ITEM, "minItems": 1, "description": keys["exercises"]["description"]}
    keys = {**keys, "extends": _EXTENDS, "order": _ORDER, "exercises": {"anyOf": [listed, _CHANGES]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "audiogen routine",
        "type": "object",
        "properties": {key: _or_null(keys[key]) for key in ROUTINE_KEYS},
        "additionalProperties": False,
        "if": {"required": ["extends"]},
        "else": {
            "required": ["title", "exercises"],
            "properties": {"exercises": {"type": "array"}},
            "additionalProperties": {"not": _NULL},  # null removes a parent's key; without a parent it is a mistake
        },
        "$defs": {**inner, "Change": _change()},
    }


def _change() -> dict[str, Any]:
    """Describe what a variant may change in one exercise: any of its keys, with null to remove it."""
    keys = {key: _or_null({"$ref": f"#/$defs/Exercise/properties/{key}"}) for key in EXERCISE_KEYS}
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
