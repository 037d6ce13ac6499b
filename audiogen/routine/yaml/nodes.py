"""A YAML text -> its nodes, each with its stretch of the text and its meaning; for those who change the text in place.

Scalars mean texts or nothing, as in `tree`. Aliases are not followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from audiogen.errors import Problem, RoutineError
from audiogen.routine.yaml.tree import DEEPEST, MOST_NODES, UNEXPECTED

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
    for count, event in enumerate(YAML(typ="safe", pure=True).parse(text)):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise RoutineError(Problem("routine.too-deep", expected=str(DEEPEST)))
        if count > 2 * MOST_NODES:
            raise RoutineError(Problem("routine.too-many-values", expected=str(MOST_NODES)))
        if isinstance(event, NodeEvent | CollectionEndEvent):
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
    start, end = event.start_mark.index, event.end_mark.index
    shared = bool(getattr(event, "anchor", None) or getattr(event, "tag", None))
    match event:
        case MappingStartEvent(flow_style=flow):
            entries: list[Entry] = []
            while not isinstance(inner := next(events), MappingEndEvent):
                key = _node(inner, events, text)
                value = _node(next(events), events, text)
                if not flow and value.start == value.end:  # no value: YAML places it where the next key begins
                    behind_colon = text.index(":", key.end) + 1
                    value = replace(value, start=behind_colon, end=behind_colon)
                entries.append(Entry(key, value))
            end = entries[-1].value.end if entries and not flow else inner.end_mark.index
            says = {str(entry.key.says): entry.value.says for entry in entries}
            return Node(start, end, says, entries=tuple(entries), flow=bool(flow), shared=shared)
        case SequenceStartEvent(flow_style=flow):
            items: list[Node] = []
            while not isinstance(inner := next(events), SequenceEndEvent):
                items.append(_node(inner, events, text))
            end = items[-1].end if items and not flow else inner.end_mark.index
            listed = [item.says for item in items]
            return Node(start, end, listed, items=tuple(items), flow=bool(flow), shared=shared)
        case ScalarEvent():
            meant = None if event.style is None and event.value in _NULLS else event.value
            written = text[start:end]
            keeps = event.style in ("|", ">") and "+" in written.partition("\n")[0].partition("#")[0]
            length = len(written.removesuffix("\n") if keeps else written.rstrip())
            return Node(start, start + length, meant, shared=shared)
        case _:
            return Node(start, end, ("*", getattr(event, "anchor", None)), shared=True)  # its meaning is never wanted
