"""A YAML text and the values it should have -> the text with these values, everything else unchanged.

Only values that differ are changed, at their places in the text: comments, blank lines, quotes and the order of keys
stay. The comment behind a key is removed with it; comments on lines of their own always stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audiogen.routine.yaml.chunks import line_end, line_start
from audiogen.routine.yaml.emit import Value, block, flow, said, scalar, valued
from audiogen.routine.yaml.nodes import Entry, Node, read_nodes

_FIRST, _LAST = ("extends",), ("exercises",)  # the keys that are inserted at an end of the file


def edited(text: str, wanted: Mapping[str, Value], *, whole: bool) -> str:
    """Give the text the values `wanted`, key by key; where they are the `whole` of it, all other keys are removed.

    `text` is a valid document whose root is a map, or has no values at all. Aliases are not followed.
    """
    unix = text.replace("\r\n", "\n")
    if unix and not unix.endswith("\n"):
        unix += "\n"
    root = read_nodes(unix)
    if root and root.entries:
        edits = _Edits(unix)
        edits.change(root, wanted, whole=whole)
        unix = edits.applied()
    else:
        unix += block(wanted)
    return unix.replace("\n", "\r\n") if "\r\n" in text else unix


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

    def change(self, node: Node, wanted: Mapping[str, Value], *, whole: bool) -> None:
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
            self._insert(index, block({key: fresh[key] for key in fresh if key in keys}, indent))

    def _set(self, entry: Entry, value: Value, whole: bool) -> None:
        there = entry.value
        if there.says == said(value):
            return
        behind_colon = self.text.index(":", entry.key.end) + 1
        if isinstance(value, Mapping) and there.entries:
            self.change(there, value, whole=whole)
        elif isinstance(value, str | int | None):
            if there.is_block:
                self._remove_lines(there)
                self._insert(behind_colon, f" {scalar(value)}")
            else:
                gap = "" if there.start > behind_colon else " "
                self.made[there.start, there.end] = gap + scalar(value)
        else:
            head, _, lines = valued(value, self._column(entry.key.start)).partition("\n")
            if there.is_block:
                self._remove_lines(there)
                self._insert(behind_colon, head)
            else:
                self.made[behind_colon, max(there.end, behind_colon)] = head
            self._insert(self._next_line(there.end), lines and f"{lines}\n")

    def _flow(self, node: Node, wanted: Mapping[str, Value], whole: bool) -> str:
        """Write a map in braces again; entries that do not change stay as they are written."""
        parts = []
        there = {str(entry.key.says): entry for entry in node.entries}
        for key, entry in there.items():
            written = self.text[entry.key.start : entry.value.end]
            if key not in wanted:
                parts += [] if whole else [written]
            elif entry.value.says == said(wanted[key]):
                parts.append(written)
            else:
                value, inner = wanted[key], entry.value
                nested = isinstance(value, Mapping) and inner.entries
                new = self._flow(inner, value, whole) if nested else flow(value)  # type: ignore[arg-type]
                parts.append(f"{self.text[entry.key.start : entry.key.end]}: {new}")
        parts += [f"{flow(key)}: {flow(wanted[key])}" for key in wanted if key not in there]
        return f"{{{', '.join(parts)}}}"

    def _remove(self, entry: Entry) -> None:
        if entry.value.is_block:
            self.made[self._line_start(entry.key.start), self._next_line(entry.key.end)] = ""
            self._remove_lines(entry.value)
        else:
            self.made[self._line_start(entry.key.start), self._next_line(entry.value.end)] = ""

    def _remove_lines(self, node: Node) -> None:
        """Remove a value on lines of its own, but not the comments between its lines."""
        for entry in node.entries if not node.flow else ():
            self._remove(entry)
        for item in node.items if not node.flow else ():
            self._remove_lines(item)
        if not node.is_block:
            self.made[self._line_start(node.start), self._next_line(node.end)] = ""

    def _insert(self, index: int, new: str) -> None:
        self.made[index, index] = self.made.get((index, index), "") + new

    def _behind(self, node: Node, indent: int) -> int:
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
        return line_start(self.text, index)

    def _next_line(self, index: int) -> int:
        return line_end(self.text, index) + 1

    def _column(self, index: int) -> int:
        return index - self._line_start(index)
