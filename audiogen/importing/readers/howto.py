"""schema.org's HowTo and ExercisePlan in a page's JSON-LD -> lines, where it is complete."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from audiogen.importing.line import Line, Spot

_KINDS = {"HowTo", "ExercisePlan", "HowToSection"}
_LENGTH = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


def lines_of(documents: Sequence[str], source: str) -> list[Line]:
    """Read the first complete one; none where there is none."""
    for document in documents:
        try:
            loaded = json.loads(document)
        except (ValueError, RecursionError):
            continue
        for thing in _things(loaded, 0):
            if found := list(_lines(thing, source)):
                return found
    return []


def _things(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for one in value:
            yield from _things(one, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if _KINDS & set(kinds if isinstance(kinds, list) else [kinds]):
            yield value
        yield from _things(value.get("@graph"), depth + 1)


def _lines(thing: dict[str, Any], source: str) -> Iterator[Line]:
    steps = thing.get("step") or thing.get("exercise") or thing.get("itemListElement")
    steps = [one for one in steps if isinstance(one, dict)] if isinstance(steps, list) else []
    named = [one for one in steps if one.get("name") and (one.get("text") or one.get("description"))]
    if len(named) < 2 or len(named) < len(steps):
        return
    total = _LENGTH.fullmatch(str(thing.get("totalTime") or ""))
    length = f" ({total[2]} min)" if total and total[2] else ""
    yield Line(f"{thing.get('name') or ''}{length}".strip(), _spot(source, thing.get("name")), level=1, gap=True)
    for key in ("supply", "tool"):
        needed = thing.get(key)
        for one in needed if isinstance(needed, list) else []:
            name = one.get("name") if isinstance(one, dict) else one
            yield Line(f"Equipment: {name}", _spot(source, name), gap=True)
    for step in named:
        yield Line(str(step["name"]), _spot(source, step["name"]), level=2, gap=True)
        text = step.get("text") or step.get("description")
        yield Line(" ".join(str(text).split()), _spot(source, text), gap=True)


def _spot(source: str, text: object) -> Spot:
    at = source.find(str(text)[:60])
    return Spot(source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)) if at >= 0 else Spot(1)
