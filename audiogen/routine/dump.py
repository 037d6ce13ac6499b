"""A routine -> the text of a file that says all of it: nothing is extended, overrides are values like any other.

Keys that have their usual value are left out. What is written is read back as the same routine.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from audiogen.durations import format_duration
from audiogen.routine.keys import SET_BY_READER
from audiogen.routine.model import Cue, Exercise, Phase, Rounds, Routine
from audiogen.routine.slugs import unique_slugs
from audiogen.routine.values import At, Sided

__all__ = ["routine_text"]

Model: TypeAlias = Routine | Rounds | Exercise | Phase | Cue
Value: TypeAlias = "str | _Bare | Sequence[Value] | Mapping[str, Value]"

_MEANT_OTHERWISE = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
_PLAIN = frozenset(" ,.;:!?'()/+-")  # beside letters and digits, what needs no quotes inside a text


class _Bare(str):
    """A value that stands without quotes, such as a number or a duration."""

    __slots__ = ()


def routine_text(routine: Routine, comments: Sequence[str] = ()) -> str:
    """The text of a routine file; `comments` are lines at its top."""
    head = "".join(f"# {line}\n" for line in comments)
    return head + "".join(_lines(_map(_with_ids(routine)), 0))


def _with_ids(routine: Routine) -> Routine:
    """The routine with an `id` where an exercise's slug is not the one that its name would give it."""
    exercises = routine.flat
    usual = unique_slugs([one.id for one in exercises], [one.name for one in exercises])
    ids = {one.number: one.slug for one, slug in zip(exercises, usual, strict=True) if one.slug != slug}

    def with_id(one: Exercise) -> Exercise:
        return one.model_copy(update={"id": ids[one.number]}) if one.number in ids else one

    items = [
        item.model_copy(update={"exercises": tuple(map(with_id, item.exercises))})
        if isinstance(item, Rounds)
        else with_id(item)
        for item in routine.exercises
    ]
    return routine.model_copy(update={"exercises": tuple(items)})


# -- what is written


def _map(model: Model) -> dict[str, Value]:
    return dict(_entries(model))


def _entries(model: Model) -> Iterator[tuple[str, Value]]:
    """The keys that say something, in the order of the model."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name not in SET_BY_READER and value != field.get_default():
            alternates = name == "sides" and isinstance(model, Exercise) and model.alternate
            yield field.alias or name, "alternate" if alternates else _value(name, value)


def _value(name: str, value: object) -> Value:
    match value:
        case Routine() | Rounds() | Exercise() | Phase() | Cue():
            return _map(value)
        case Sided(right, left):
            return {"right": _value(name, right), "left": _value(name, left)}
        case At():
            return _Bare(_moment(value))
        case bool():
            return _Bare("on" if value else "off")
        case 0 if name == "remaining_ms":
            return _Bare("off")
        case int() if name.endswith("_ms"):
            return _Bare(format_duration(value))
        case int():
            return _Bare(value)
        case float():
            return _Bare(f"{Decimal(repr(value)):f}x")
        case (int(inhale), int(exhale)):
            return _Bare(f"{format_duration(inhale)}/{format_duration(exhale)}")
        case Mapping():
            return {str(key): _value(name, inner) for key, inner in value.items()}
        case tuple() if name == "sides":
            return [_Bare(side) for side in value]
        case tuple():
            return [_value(name, inner) for inner in value]
        case _:
            return str(value)


def _moment(at: At) -> str:
    match at.kind:
        case "start":
            return format_duration(int(at.value))
        case "end":
            return f"-{format_duration(int(at.value))}"
        case "share":
            percents = (f"{at.value * 100:.{digits}f}" for digits in range(18))
            return next((one for one in percents if float(one) / 100 == at.value), f"{at.value * 100!r}") + "%"


# -- how it is written


def _lines(entries: Mapping[str, Value], indent: int) -> Iterator[str]:
    for key, value in entries.items():
        yield from _entry(f"{' ' * indent}{_scalar(key)}:", value, indent)


def _entry(lead: str, value: Value, indent: int) -> Iterator[str]:
    match value:
        case str():
            yield f"{lead} {_scalar(value)}\n"
        case Mapping():
            yield f"{lead}\n"
            yield from _lines(value, indent + 2)
        case _ if all(isinstance(item, _Bare) for item in value):
            yield f"{lead} [{', '.join(map(str, value))}]\n"
        case _:
            yield f"{lead}\n"
            for item in value:
                yield from _item(item, indent + 2)


def _item(item: Value, indent: int) -> Iterator[str]:
    if isinstance(item, Mapping):
        first, *rest = _lines(item, indent + 2)
        yield f"{' ' * indent}- {first.lstrip()}"
        yield from rest
    else:
        yield from _entry(f"{' ' * indent}-", item, indent)


def _scalar(text: str) -> str:
    """A text in one line, in quotes unless it certainly needs none."""
    if isinstance(text, _Bare):
        return text
    parted = ": " in f"{text} "  # a key and its value, to YAML
    if text[:1].isalpha() and not parted and text.lower() not in _MEANT_OTHERWISE and all(map(_is_plain, text)):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    # YAML takes these for line breaks, or not at all, where JSON takes them as they are.
    return re.sub("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]", lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _is_plain(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in _PLAIN
    return unicodedata.category(character)[0] in "LMNP"
