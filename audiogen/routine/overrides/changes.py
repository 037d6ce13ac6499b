"""What differs between a routine and what became of it, for a plan to mark.

Routine, Routine -> Changes
"""

from collections.abc import Iterator
from dataclasses import dataclass

from audiogen.routine.keys import SET_IN_ROUTINE, set_in
from audiogen.routine.model import Item, Routine
from audiogen.routine.values import Side, Sided
from audiogen.routine.written import differing, in_words


@dataclass(frozen=True, slots=True)
class Change:
    """One changed value, as a user would write it; `slug` is None where it concerns the whole session."""

    slug: str | None
    key: str
    side: Side | None
    before: str
    after: str


def changes_between(before: Routine, after: Routine) -> tuple[Change, ...]:
    """All changed values, the session's first; both routines have the same items."""
    return (
        *_changed(None, before, after, SET_IN_ROUTINE),
        *(
            change
            for old, new in zip(before.items, after.items, strict=True)
            for change in _changed(old.slug, old, new, set_in(old))
        ),
    )


def _changed(
    slug: str | None, before: Routine | Item, after: Routine | Item, fields: tuple[str, ...]
) -> Iterator[Change]:
    for field, old, new in differing(before, after, fields):
        key = field.removesuffix("_ms")
        if isinstance(old, Sided) or isinstance(new, Sided):
            for side in ("right", "left"):
                one, other = _on(old, side), _on(new, side)
                if one != other:
                    yield Change(slug, key, side, in_words(field, one), in_words(field, other))
        else:
            yield Change(slug, key, None, in_words(field, old), in_words(field, new))


def _on(value: object, side: Side) -> object:
    return value.on(side) if isinstance(value, Sided) else value
