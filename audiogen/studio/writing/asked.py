"""Read the edits that a page asks for.

JSON -> Edits and remedies
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from audiogen.routine.yaml.edits import Edit, Path
from audiogen.routine.yaml.emit import Value
from audiogen.studio.posted import Document, misunderstood
from audiogen.text import is_text

MOST_EDITS = 100  # of one request; each reads the text again
DEEPEST = 10


class Chosen(NamedTuple):
    """The remedy of a problem, to be carried out in the text."""

    setting: str
    value: str


def written_of(asked: Document, key: str = "text") -> str:
    """Return a text of any length that was posted.

    Raises:
        RoutineError: there is none, or it is not text.
    """
    value = asked.get(key)
    if not isinstance(value, str) or not is_text(value):
        raise misunderstood()
    return value


def held_of(asked: Document) -> frozenset[str]:
    """Return the digests of the parts that a page holds.

    Raises:
        RoutineError: they are no texts.
    """
    held = asked.get("held", [])
    if not isinstance(held, list) or not all(isinstance(one, str) for one in held):
        raise misunderstood()
    return frozenset(held)


def edits_of(asked: Document) -> list[Edit | Chosen]:
    """Return the edits that were posted.

    Raises:
        RoutineError: they are no edits, or too many.
    """
    listed = asked.get("edits") or []
    if not isinstance(listed, list) or len(listed) > MOST_EDITS:
        raise misunderstood()
    return [_edit(one) for one in listed]


def _edit(one: Any) -> Edit | Chosen:
    match one:
        case {"choose": str(setting), "value": str(value)} if is_text(setting) and is_text(value):
            return Chosen(setting, value)
        case {"set": path, "value": value}:
            return Edit("set", _path(path), _value(value))
        case {"insert": path, "at": int(at), "value": value}:
            return Edit("insert", _path(path), _value(value), at)
        case {"remove": path}:
            return Edit("remove", _path(path))
        case {"duplicate": path}:
            return Edit("duplicate", _path(path))
        case {"move": path, "to": to}:
            return Edit("move", _path(path), to=_path(to))
    raise misunderstood()


def _path(path: Any) -> Path:
    if not isinstance(path, list) or not 0 < len(path) <= DEEPEST:
        raise misunderstood()
    if any(type(step) is not int and not (isinstance(step, str) and is_text(step)) for step in path):
        raise misunderstood()
    return tuple(path)


def _value(value: Any, deep: int = 0) -> Value:
    """Return a value as it is written; a text of several lines ends with a line break, as it does after |."""
    match value:
        case Mapping() if deep < DEEPEST and all(map(is_text, value)):
            return {key: _value(one, deep + 1) for key, one in value.items()}
        case list() if deep < DEEPEST:
            return [_value(one, deep + 1) for one in value]
        case str() if is_text(value):
            return f"{value.strip(chr(10))}\n" if "\n" in value else value
        case bool():
            return "on" if value else "off"
        case int() | None:
            return value
        case float() if math.isfinite(value):
            return f"{value:g}"
    raise misunderstood()
