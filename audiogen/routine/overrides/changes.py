"""What differs between a routine and what became of it, for a plan to mark.

Routine, Routine -> Changes
"""

from collections.abc import Iterator
from dataclasses import dataclass

from audiogen.durations import format_duration
from audiogen.routine import SET_IN_EXERCISE, SET_IN_ROUTINE, Exercise, Phase, Routine, Side, Sided

__all__ = ["Change", "changes_between"]


@dataclass(frozen=True, slots=True)
class Change:
    """One changed value, as a user would write it; `slug` is None where it concerns the whole session."""

    slug: str | None
    key: str
    side: Side | None
    before: str
    after: str


def changes_between(before: Routine, after: Routine) -> tuple[Change, ...]:
    """All changed values, the session's first; both routines have the same exercises."""
    return (
        *_changed(None, before, after, SET_IN_ROUTINE),
        *(
            change
            for old, new in zip(before.flat, after.flat, strict=True)
            for change in _changed(old.slug, old, new, SET_IN_EXERCISE)
        ),
    )


def _changed(
    slug: str | None, before: Routine | Exercise, after: Routine | Exercise, fields: tuple[str, ...]
) -> Iterator[Change]:
    for field in fields:
        old, new = getattr(before, field), getattr(after, field)
        if old == new:
            continue
        key, length = field.removesuffix("_ms"), field.endswith("_ms")
        if isinstance(old, Sided) or isinstance(new, Sided):
            for side in ("right", "left"):
                one, other = _on(old, side), _on(new, side)
                if one != other:
                    yield Change(slug, key, side, written(key, one, length=length), written(key, other, length=length))
        else:
            yield Change(slug, key, None, written(key, old, length=length), written(key, new, length=length))


def _on(value: object, side: Side) -> object:
    return value.on(side) if isinstance(value, Sided) else value


def written(key: str, value: object, *, length: bool) -> str:
    """A field's value as it stands in a routine file."""
    match value:
        case None:
            return "none" if key in ("length", "rest", "breath", "music") else "usual"
        case bool():
            return "on" if value else "off"
        case int() if length:
            return format_duration(value)
        case float():
            return f"{value:g}x"
        case (int(inhale), int(exhale)):
            return f"{format_duration(inhale)}/{format_duration(exhale)}"
        case (str(), *_):
            return ", ".join(map(str, value))
        case tuple():
            return " + ".join(format_duration(phase.for_ms) for phase in value if isinstance(phase, Phase))
        case _:
            return str(value)
