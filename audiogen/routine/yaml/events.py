"""YAML text -> events, each with its places.

ruamel reads about 500 values in 10 ms, and one who writes a routine has it read at every change. So the items of
`exercises` are read one by one, and those that were read before are remembered; only their places differ.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml import events as yaml_events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

DEEPEST = 20  # a routine needs seven levels
FEWEST_PIECES = 4
LARGEST_PIECE = 20_000  # characters
_LIST = re.compile(r"^exercises:[ ]*(?:#.*)?\r?\n(?:[ ]*(?:#.*)?\r?\n)*([ ]*)-[ \r\n]", re.MULTILINE)
_UNUSUAL = re.compile(r"^(?:---|\.\.\.|%)|\r(?!\n)|[\t\x85\u2028\u2029]", re.MULTILINE)

__all__ = ["DEEPEST", "Event", "Kind", "MarkedYAMLError", "ReaderError", "YAMLError", "read_events"]

Kind = Literal["stream", "stream end", "document", "document end", "alias", "scalar", "map", "list", "end"]
_KINDS: dict[type[yaml_events.Event], Kind] = {
    yaml_events.StreamStartEvent: "stream",
    yaml_events.StreamEndEvent: "stream end",
    yaml_events.DocumentStartEvent: "document",
    yaml_events.DocumentEndEvent: "document end",
    yaml_events.AliasEvent: "alias",
    yaml_events.ScalarEvent: "scalar",
    yaml_events.MappingStartEvent: "map",
    yaml_events.SequenceStartEvent: "list",
    yaml_events.MappingEndEvent: "end",
    yaml_events.SequenceEndEvent: "end",
}


class Event(NamedTuple):
    """A part of a document at [start, end) of the text; lines and columns count from 0.

    A scalar has a value and a style, which is None if it has no quotes and is none of several lines after a sign. A map
    or list may be written in brackets: its `flow`.
    """

    kind: Kind
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    anchor: str | None = None
    tag: str | None = None
    value: str = ""
    style: str | None = None
    flow: bool = False

    def moved(self, by: int, lines: int) -> "Event":
        """The same in another place."""
        return Event(
            self.kind,
            self.start + by,
            self.end + by,
            self.line + lines,
            self.column,
            self.end_line + lines,
            *self[6:],
        )


def read_events(text: str) -> Iterator[Event]:
    """Read a text.

    Raises:
        YAMLError: it is no YAML, from there on; the library may raise others, too.
    """
    return iter(found) if (found := _by_pieces(text)) else _parsed(text)


def _parsed(text: str) -> Iterator[Event]:
    for event in YAML(typ="safe", pure=True).parse(text):
        start, end = event.start_mark, event.end_mark
        yield Event(
            _KINDS[type(event)],
            start.index,
            end.index,
            start.line,
            start.column,
            end.line,
            end.column,
            getattr(event, "anchor", None),
            getattr(event, "tag", None),
            getattr(event, "value", ""),
            getattr(event, "style", None),
            bool(getattr(event, "flow_style", False)),
        )


# -- by pieces


def _by_pieces(text: str) -> list[Event] | None:
    """Read all items but the last one by one, and the rest with that; None for a text that has to be read whole."""
    if not (found := _LIST.search(text)) or _UNUSUAL.search(text) or _LIST.search(text, found.end()):
        return None
    first, column = found.start(1), len(found[1])
    starts = [match.start() for match in re.compile(rf"^[ ]{{{column}}}-[ \r\n]", re.MULTILINE).finditer(text, first)]
    outer = re.compile(rf"^(?![ ]{{{column}}}(?:-[ \r\n]|[ ]))(?![ ]*(?:#.*)?\r?$)", re.MULTILINE).search(text, first)
    starts = [start for start in starts if outer is None or start < outer.start()]
    if len(starts) < FEWEST_PIECES:
        return None
    rest = _rest(text[:first] + text[starts[-1] :], first + column)
    if rest is None:
        return None
    before, behind = rest
    events = list(before)
    line = text.count("\n", 0, first)
    for start, end in pairwise(starts):
        piece = _piece(text[start:end], column)
        if piece is None:
            return None
        events += [event.moved(start, line) for event in piece]
        line += text.count("\n", start, end)
    by, lines = starts[-1] - first, line - text.count("\n", 0, first)
    return [*events, *(event.moved(by, lines) for event in behind)]


@lru_cache(maxsize=1000)
def _piece(text: str, column: int) -> list[Event] | None:
    """Read an item by itself; what follows an item tells where it ends."""
    events = _whole(f"{text}{' ' * column}- x\n")
    if events is None or [one.kind for one in events[:3]] != ["stream", "document", "list"]:
        return None
    *inner, last, _, _, _ = events[3:]
    is_alone = last.kind == "scalar" and last.start == len(text) + column + 2 and _is_one(inner)
    return inner if is_alone else None


@lru_cache(maxsize=8)
def _rest(text: str, dash: int) -> tuple[list[Event], list[Event]] | None:
    """Read a text that has one item, and part its events before that item."""
    events = _whole(text)
    at = next((n for n, one in enumerate(events or ()) if one.kind == "list" and one.start == dash), None)
    if events is None or at is None:
        return None
    return events[: at + 1], events[at + 1 :]


def _is_one(events: list[Event]) -> bool:
    """Whether events are those of one value."""
    depth = 0
    for number, one in enumerate(events, start=1):
        depth += (one.kind in ("map", "list")) - (one.kind == "end")
        if depth == 0:
            return number == len(events)
    return False


def _whole(text: str) -> list[Event] | None:
    """Read a short text; None if it is not short, is no YAML, or is deeper than anything that is read."""
    if len(text) > LARGEST_PIECE:
        return None
    events: list[Event] = []
    depth = 0
    try:
        for event in _parsed(text):
            depth += (event.kind in ("map", "list")) - (event.kind == "end")
            if depth > DEEPEST:
                return None
            events.append(event)
    except Exception:  # noqa: BLE001 - whatever the library raises, it does so again where the text is read whole
        return None
    return events
