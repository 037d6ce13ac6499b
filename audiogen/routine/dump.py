"""A routine -> the text of a file that says all of it: nothing is extended, overrides are values like any other.

Keys that have their default value are left out. What is written is read back as the same routine.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from audiogen.routine.model import Group, Item, Routine
from audiogen.routine.slugs import unique_slugs
from audiogen.routine.written import Bare, Block, Value, map_of

_MEANT_OTHERWISE = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
_PLAIN = frozenset(" ,.;:!?'()/+-_")  # next to letters and digits, what needs no quotes inside a text


def routine_text(routine: Routine, comments: Sequence[str] = ()) -> str:
    """The text of a routine file; `comments` are lines at its top."""
    head = "".join(f"# {line}\n" for line in comments)
    return head + "".join(map_lines(map_of(_with_ids(routine)), 0))


def _with_ids(routine: Routine) -> Routine:
    """The routine with an `id` where the slug of an exercise or passage is not the one that its name would give it."""
    inside = routine.inside
    default = unique_slugs([one.id for one in inside], [one.name for one in inside])
    other = {one.slug for one, slug in zip(inside, default, strict=True) if one.slug != slug}

    def with_id(one: Item) -> Item:
        return one.model_copy(update={"id": one.slug}) if one.slug in other and not isinstance(one, Group) else one

    return routine.with_items(with_id)


# -- how it is written


def map_lines(entries: Mapping[str, Value], indent: int) -> Iterator[str]:
    """The lines of a map, each with its line break."""
    for key, value in entries.items():
        yield from _entry(f"{' ' * indent}{_scalar(key)}:", value, indent)


def _entry(lead: str, value: Value, indent: int) -> Iterator[str]:
    match value:
        case Block():
            yield f"{lead} |\n"
            yield from (f"{' ' * (indent + 2)}{line}\n" if line else "\n" for line in value.split("\n"))
        case str() | int() | None:
            yield f"{lead} {_scalar(value)}\n"
        case Mapping():
            yield f"{lead}\n"
            yield from map_lines(value, indent + 2)
        case _ if all(isinstance(item, Bare) for item in value):
            yield f"{lead} [{', '.join(map(str, value))}]\n"
        case _:
            yield f"{lead}\n"
            for item in value:
                yield from _item(item, indent + 2)


def _item(item: Value, indent: int) -> Iterator[str]:
    if isinstance(item, Mapping):
        first, *rest = map_lines(item, indent + 2)
        yield f"{' ' * indent}- {first.lstrip()}"
        yield from rest
    else:
        yield from _entry(f"{' ' * indent}-", item, indent)


def _scalar(text: str | int | None) -> str:
    """A value in one line; a text is in quotes unless it certainly needs none."""
    if isinstance(text, bool):
        return "on" if text else "off"
    if not isinstance(text, str) or isinstance(text, Bare):
        return str(text)
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
