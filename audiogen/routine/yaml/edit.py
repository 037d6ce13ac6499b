"""A YAML text and the values it should have -> the text with these values, everything else unchanged.

Only values that differ are changed, at their places in the text: comments, blank lines, quotes and the order of keys
stay. The comment behind a key is removed with it; comments on lines of their own always stay.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

Value: TypeAlias = "str | int | Sequence[Value] | Mapping[str, Value] | None"

_FIRST, _LAST = ("extends",), ("exercises",)  # the keys that are inserted at an end of the file


def edited(text: str, wanted: Mapping[str, Value], *, whole: bool) -> str:
    """Give the text the values `wanted`, key by key; where they are the `whole` of it, all other keys are removed.

    `text` is a valid document whose root is a map, or has no values at all. Aliases are not followed.
    """
    unix = text.replace("\r\n", "\n")
    if unix and not unix.endswith("\n"):
        unix += "\n"
    events = (event for event in YAML(typ="safe", pure=True).parse(unix) if isinstance(event, _OF_NODES))
    first = next(events, None)
    root: _Node | None = _node(first, events, unix) if first else None
    if root and root.entries:
        edits = _Edits(unix)
        edits.change(root, wanted, whole=whole)
        unix = edits.applied()
    else:
        unix += _block(wanted)
    return unix.replace("\n", "\r\n") if "\r\n" in text else unix


# -- what is there


_OF_NODES = (NodeEvent, MappingEndEvent, SequenceEndEvent)
_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class _Node:
    """A value at [start, end) of the text; `says` is its meaning: texts, None, lists and dicts of them."""

    start: int
    end: int
    says: object
    entries: "tuple[_Entry, ...]" = ()
    items: "tuple[_Node, ...]" = ()
    flow: bool = False  # written in {} or []

    @property
    def is_block(self) -> bool:
        """Check whether it is a map or list on lines of its own."""
        return bool(self.entries or self.items) and not self.flow


@dataclass(frozen=True, slots=True)
class _Entry:
    key: _Node
    value: _Node


def _node(event: Event, events: Iterator[Event], text: str) -> _Node:
    start, end = event.start_mark.index, event.end_mark.index
    match event:
        case MappingStartEvent(flow_style=flow):
            entries: list[_Entry] = []
            while not isinstance(inner := next(events), MappingEndEvent):
                key = _node(inner, events, text)
                value = _node(next(events), events, text)
                if not flow and value.start == value.end:  # no value: YAML places it where the next key begins
                    behind_colon = text.index(":", key.end) + 1
                    value = replace(value, start=behind_colon, end=behind_colon)
                entries.append(_Entry(key, value))
            end = entries[-1].value.end if entries and not flow else inner.end_mark.index
            says = {str(entry.key.says): entry.value.says for entry in entries}
            return _Node(start, end, says, entries=tuple(entries), flow=bool(flow))
        case SequenceStartEvent(flow_style=flow):
            items: list[_Node] = []
            while not isinstance(inner := next(events), SequenceEndEvent):
                items.append(_node(inner, events, text))
            end = items[-1].end if items and not flow else inner.end_mark.index
            return _Node(start, end, [item.says for item in items], items=tuple(items), flow=bool(flow))
        case ScalarEvent():
            meant = None if event.style is None and event.value in _NULLS else event.value
            return _Node(start, start + len(text[start:end].rstrip()), meant)
        case _:
            return _Node(start, end, event)  # an alias: its meaning is never wanted


# -- what changes


@dataclass(slots=True)
class _Edits:
    """Replacements of stretches [start, end) of a text that do not overlap; all are made at once."""

    text: str
    made: dict[tuple[int, int], str] = field(default_factory=dict)

    def applied(self) -> str:
        text = self.text
        for (start, end), new in sorted(self.made.items(), reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def change(self, node: _Node, wanted: Mapping[str, Value], *, whole: bool) -> None:
        """Give a map the values that are wanted."""
        if node.flow:
            self.made[node.start, node.end] = self._flow(node, wanted, whole)
            return
        there = {str(entry.key.says): entry for entry in node.entries}
        for key, entry in there.items():
            if key in wanted:
                self._set(entry, wanted[key], whole)
            elif whole:
                self._remove(entry)
        fresh = {key: value for key, value in wanted.items() if key not in there}
        indent = self._column(node.entries[0].key.start)
        before_last = [entry for entry in node.entries if entry.key.says not in _LAST] or node.entries
        for keys, index in (
            (fresh.keys() & _FIRST, self._line_start(node.start)),
            (fresh.keys() - {*_FIRST, *_LAST}, self._behind(before_last[-1].value, indent)),
            (fresh.keys() & _LAST, self._behind(node, indent)),
        ):
            self._insert(index, _block({key: fresh[key] for key in fresh if key in keys}, indent))

    def _set(self, entry: _Entry, value: Value, whole: bool) -> None:
        there = entry.value
        if there.says == _said(value):
            return
        behind_colon = self.text.index(":", entry.key.end) + 1
        if isinstance(value, Mapping) and there.entries:
            self.change(there, value, whole=whole)
        elif isinstance(value, str | int | None):
            if there.is_block:
                self._remove_lines(there)
                self._insert(behind_colon, f" {_scalar(value)}")
            else:
                gap = "" if there.start > behind_colon else " "
                self.made[there.start, there.end] = gap + _scalar(value)
        else:
            if there.is_block:
                self._remove_lines(there)
            else:
                self.made[behind_colon, max(there.end, behind_colon)] = ""
            indent = self._column(entry.key.start)
            self._insert(self._next_line(there.end), _block({"": value}, indent).partition("\n")[2])

    def _flow(self, node: _Node, wanted: Mapping[str, Value], whole: bool) -> str:
        """Write a map in braces again; entries that do not change stay as they are written."""
        parts = []
        there = {str(entry.key.says): entry for entry in node.entries}
        for key, entry in there.items():
            written = self.text[entry.key.start : entry.value.end]
            if key not in wanted:
                parts += [] if whole else [written]
            elif entry.value.says == _said(wanted[key]):
                parts.append(written)
            else:
                value, inner = wanted[key], entry.value
                nested = isinstance(value, Mapping) and inner.entries
                new = self._flow(inner, value, whole) if nested else _flow(value)  # type: ignore[arg-type]
                parts.append(f"{self.text[entry.key.start : entry.key.end]}: {new}")
        parts += [f"{_flow(key)}: {_flow(wanted[key])}" for key in wanted if key not in there]
        return f"{{{', '.join(parts)}}}"

    def _remove(self, entry: _Entry) -> None:
        if entry.value.is_block:
            self.made[self._line_start(entry.key.start), self._next_line(entry.key.end)] = ""
            self._remove_lines(entry.value)
        else:
            self.made[self._line_start(entry.key.start), self._next_line(entry.value.end)] = ""

    def _remove_lines(self, node: _Node) -> None:
        """Remove a value on lines of its own, but not the comments between its lines."""
        for entry in node.entries if not node.flow else ():
            self._remove(entry)
        for item in node.items if not node.flow else ():
            self._remove_lines(item)
        if not node.is_block:
            self.made[self._line_start(node.start), self._next_line(node.end)] = ""

    def _insert(self, index: int, new: str) -> None:
        self.made[index, index] = self.made.get((index, index), "") + new

    def _behind(self, node: _Node, indent: int) -> int:
        """Find the line behind a node and the comment lines that are indented at least as far as its map."""
        behind = index = self._next_line(node.end)
        while index < len(self.text):
            line = self.text[index : self._next_line(index)]
            index += len(line)
            if line.lstrip().startswith("#") and len(line) - len(line.lstrip()) >= max(indent, 1):
                behind = index
            elif line.strip():
                break
        return behind

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _next_line(self, index: int) -> int:
        return self.text.index("\n", index) + 1

    def _column(self, index: int) -> int:
        return index - self._line_start(index)


# -- what is new


def _said(value: Value) -> object:
    """Convert a value to the form of `_Node.says`."""
    match value:
        case Mapping():
            return {key: _said(inner) for key, inner in value.items()}
        case None | str():
            return value
        case int():
            return str(value).lower()  # "true" for a bool
        case _:
            return [_said(inner) for inner in value]


def _block(value: Mapping[str, Value], indent: int = 0) -> str:
    """Write a map on lines of its own."""
    lines = ""
    for key, inner in value.items():
        lead = f"{' ' * indent}{_scalar(key)}:"
        match inner:
            case Mapping():
                lines += f"{lead}\n{_block(inner, indent + 2)}"
            case str() | int() | None:
                lines += f"{lead} {_scalar(inner)}\n"
            case _:
                lines += f"{lead}\n"
                for item in inner:
                    text = _block(item, indent + 4).lstrip() if isinstance(item, Mapping) else f"{_flow(item)}\n"
                    lines += f"{' ' * indent}  - {text}"
    return lines


def _flow(value: Value) -> str:
    """Write a value in braces and brackets."""
    match value:
        case Mapping():
            return f"{{{', '.join(f'{_flow(key)}: {_flow(inner)}' for key, inner in value.items())}}}"
        case str() | int() | None:
            return _scalar(value, in_braces=True)
        case _:
            return f"[{', '.join(map(_flow, value))}]"


def _scalar(value: str | int | None, *, in_braces: bool = False) -> str:
    """Write a value in one line, in quotes where YAML needs them, which is more often in braces."""
    if value is None:
        return "null"
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = in_braces
    yaml.width = sys.maxsize
    out = StringIO()
    yaml.dump([str(value) if isinstance(value, str) else value], out)
    return out.getvalue().rstrip("\n")[1:-1] if in_braces else out.getvalue()[2:].rstrip("\n")
