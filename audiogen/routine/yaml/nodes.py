"""A YAML text -> its nodes, each with its stretch of the text and its meaning; for those who change the text in place.

Scalars mean texts or nothing, as in `tree`. Aliases are not followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from audiogen.errors import Problem, RoutineError
from audiogen.routine.yaml.events import DEEPEST, Event, YAMLError, read_events
from audiogen.routine.yaml.tree import MOST_NODES, UNEXPECTED

# What the library raises for texts that are no YAML.
UNREADABLE = (YAMLError, *UNEXPECTED)
_NULLS = ("", "~", "null", "Null", "NULL")


def read_nodes(text: str) -> "Node | None":
    """Read a valid document; None where it has no values at all.

    Raises:
        RoutineError: it is deeper than a routine may be, or has more values.
    """
    events = _of_nodes(text)
    first = next(events, None)
    return _node(first, events, text) if first else None


def _of_nodes(text: str) -> Iterator[Event]:
    depth = 0
    for count, event in enumerate(read_events(text)):
        depth += (event.kind in ("map", "list")) - (event.kind == "end")
        if depth > DEEPEST:
            raise RoutineError(Problem("routine.too-deep", expected=str(DEEPEST)))
        if count > 2 * MOST_NODES:
            raise RoutineError(Problem("routine.too-many-values", expected=str(MOST_NODES)))
        if event.kind in ("map", "list", "scalar", "alias", "end"):
            yield event


@dataclass(frozen=True, slots=True)
class Node:
    """A value at [start, end) of the text; `says` is its meaning: texts, None, lists and dicts of them."""

    start: int
    end: int
    says: object
    entries: "tuple[Entry, ...]" = ()
    items: "tuple[Node, ...]" = ()
    flow: bool = False  # written in {} or []
    shared: bool = False  # an alias, or a value with an anchor or a tag

    @property
    def is_block(self) -> bool:
        """Check whether it is a map or list on lines of its own."""
        return bool(self.entries or self.items) and not self.flow


@dataclass(frozen=True, slots=True)
class Entry:
    key: Node
    value: Node


def _node(event: Event, events: Iterator[Event], text: str) -> Node:
    start, end = event.start, event.end
    shared = bool(event.anchor or event.tag)
    match event.kind:
        case "map":
            entries: list[Entry] = []
            while (inner := next(events)).kind != "end":
                key = _node(inner, events, text)
                value = _node(next(events), events, text)
                if not event.flow and value.start == value.end:  # no value: YAML places it where the next key begins
                    behind_colon = text.index(":", key.end) + 1
                    value = replace(value, start=behind_colon, end=behind_colon)
                entries.append(Entry(key, value))
            end = entries[-1].value.end if entries and not event.flow else inner.end
            says = {str(entry.key.says): entry.value.says for entry in entries}
            return Node(start, end, says, entries=tuple(entries), flow=event.flow, shared=shared)
        case "list":
            items: list[Node] = []
            while (inner := next(events)).kind != "end":
                items.append(_node(inner, events, text))
            end = items[-1].end if items and not event.flow else inner.end
            listed = [item.says for item in items]
            return Node(start, end, listed, items=tuple(items), flow=event.flow, shared=shared)
        case "scalar":
            meant = None if event.style is None and event.value in _NULLS else event.value
            written = text[start:end]
            keeps = event.style in ("|", ">") and "+" in written.partition("\n")[0].partition("#")[0]
            length = len(written.removesuffix("\n") if keeps else written.rstrip())
            return Node(start, start + length, meant, shared=shared)
        case _:
            return Node(start, end, ("*", event.anchor), shared=True)  # its meaning is never wanted
