"""How a setting's value is read and written: the same in routine files, as flags, in variants and in a plan's marks.

"45s" under hold -> 45000;   45000 -> "45s"
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any, TypeAlias

from pydantic import BaseModel, TypeAdapter, ValidationError

from audiogen.durations import format_duration
from audiogen.errors import Problem
from audiogen.routine.keys import SET_BY_READER
from audiogen.routine.model import Exercise, Group, Item, Passage, Routine
from audiogen.routine.parts import Cue, Phase
from audiogen.routine.prose import Paragraph, Part, Pause, Sounded, prose, read_text, tidied
from audiogen.routine.values import At, Sided

Model: TypeAlias = Routine | Item | Phase | Cue
Value: TypeAlias = "str | int | Sequence[Value] | Mapping[str, Value] | None"

_NONE_BY_DEFAULT = {
    "length_ms",
    "rest_ms",
    "work_ms",
    "round_rest_ms",
    "every_ms",
    "breath",
    "music",
}  # without a value, these have none


class Block(str):
    """A text of several lines, written after |."""

    __slots__ = ()


class Bare(str):
    """A text that needs no quotes, such as a duration."""

    __slots__ = ()


def read(model: type[BaseModel], field: str, value: object) -> Any:
    """A value as a routine file has it under the key of this field.

    Raises:
        ValidationError: it cannot be read.
    """
    return _adapter(model, field).validate_python(value)


def is_readable(model: type[BaseModel], field: str, value: object) -> bool:
    """Whether a value can be read under the key of this field."""
    try:
        read(model, field, value)
    except ValidationError:
        return False
    return True


@functools.cache
def _adapter(model: type[BaseModel], field: str) -> TypeAdapter[Any]:
    return TypeAdapter(model.model_fields[field].rebuild_annotation())


def written(field: str, value: object) -> Value:
    """A field's value as it stands under its key; None where the key is left out."""
    match value:
        case None:
            return "none" if field == "length_ms" else None
        case Routine() | Group() | Passage() | Exercise() | Phase() | Cue():
            return map_of(value)
        case Sided(right, left):
            return {"right": written(field, right), "left": written(field, left)}
        case At():
            return Bare(_moment(value))
        case bool():
            return Bare("on" if value else "off") if field == "halfway" else value  # as its flag has it
        case 0 if field == "remaining_ms":
            return Bare("off")
        case int() if field.endswith("_ms"):
            return Bare(format_duration(value))
        case int():
            return value
        case float():
            return Bare(f"{Decimal(repr(value)):f}x")
        case (int(inhale), int(exhale)) if field == "breath":
            return Bare(f"{format_duration(inhale)}/{format_duration(exhale)}")
        case Mapping() if field == "levels":
            return {str(role): Bare(f"{level}dB") for role, level in value.items()}
        case Mapping():
            return {str(key): written(field, inner) for key, inner in value.items()}
        case tuple() if field == "say":
            return _said(value)
        case tuple() if field == "progress":
            marks = (format_duration(mark) if isinstance(mark, int) else str(mark) for mark in value)
            return Bare(", ".join(marks) or "off")
        case tuple() if field == "phrases":
            texts = [str(text) or "none" for text in value]
            return texts[0] if len(texts) == 1 else texts
        case tuple() if field == "sides":
            return [Bare(side) for side in value]
        case tuple():
            return [written(field, inner) for inner in value]
        case _:
            return str(value)


def map_of(model: Model) -> dict[str, Value]:
    """The keys of a map that say something, in the order of the model."""
    entries = dict(_entries(model))
    if isinstance(model, Group):
        entries["exercises"] = [_inside(model, one, map_of(one)) for one in model.exercises]
    return entries


def _inside(group: Group, one: Exercise | Passage, entries: dict[str, Value]) -> Value:
    """An exercise inside a group, without what it has from its group."""
    if isinstance(one, Passage):
        return entries
    if one.fixed and one.hold_ms is not None and one.hold_ms == group.work_ms:
        del entries["hold"], entries["fixed"]
    elif one.fixed and group.every_ms is not None:
        del entries["fixed"]
    if one.for_ms is not None and one.for_ms == group.work_ms:
        del entries["for"]
    return str(one.name) if entries.keys() == {"name"} else entries


def _said(parts: tuple[Part, ...]) -> Value:
    """What a passage says: a text where that is read back as the same, else a list."""
    text = prose(parts)
    plain = all(line.isprintable() and not line.startswith("#") for line in text.splitlines())
    again = [part for _, part in read_text(text) if not isinstance(part, Problem)]
    if plain and tidied(again) == parts:
        return Block(text)
    return list(_listed(parts))


def _listed(parts: tuple[Part, ...]) -> Iterator[Value]:
    """Parts as the items of a list; what a paragraph's end stands between is one text."""
    joined: list[Part] = []
    for part, following in zip_longest(parts, parts[1:]):
        joined.append(part)
        if isinstance(part, Paragraph) or isinstance(following, Paragraph):
            continue
        match joined:
            case [Pause()]:
                yield {"pause": Bare(part)}
            case [Sounded(sound)]:
                yield {"sound": sound}
            case [str()]:
                yield prose(joined)
            case _:
                yield Block(prose(joined))
        joined = []


def _entries(model: Model) -> Iterator[tuple[str, Value]]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name not in SET_BY_READER and value != field.get_default():
            alternates = name == "sides" and isinstance(model, Exercise) and model.alternate
            yield field.alias or name, Bare("alternate") if alternates else written(name, value)


def in_words(field: str, value: object) -> str:
    """A field's value in one line, as a user would write it."""
    match value:
        case None:
            return "none" if field in _NONE_BY_DEFAULT else "default"
        case Mapping() if field == "levels":
            return ",".join(f"{role}={level}dB" for role, level in value.items()) or "default"
        case tuple() if field == "tempo":
            return " + ".join(format_duration(phase.for_ms) for phase in value)
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}x"
        case _:
            text = written(field, value)
            return ", ".join(map(str, text)) if isinstance(text, list) else str(text)


def differing(before: Routine | Item, after: Routine | Item, fields: Sequence[str]) -> Iterator[tuple[str, Any, Any]]:
    """The fields whose values differ, with both values."""
    for field in fields:
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            yield field, old, new


def _moment(at: At) -> str:
    match at.kind:
        case "start":
            return format_duration(int(at.value))
        case "end":
            return f"-{format_duration(int(at.value))}"
        case "share":
            percents = (f"{at.value * 100:.{digits}f}" for digits in range(18))
            return next((one for one in percents if float(one) / 100 == at.value), f"{at.value * 100!r}") + "%"
