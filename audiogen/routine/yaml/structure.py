"""A YAML text with edits of its structure made in it, everything else unchanged.

    text + edits -> text

Comments stay, and go with the item to which they belong (see `chunks`). What came out is read again, and is returned
only if it means what the edits make of plain lists and dicts.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, cast

from audiogen.errors import Place, Problem, RoutineError
from audiogen.routine.yaml.chunks import Chunks, chunks_of, has_comment_below, line_end, line_start, marks_of
from audiogen.routine.yaml.edits import Edit, Path, meant, missing
from audiogen.routine.yaml.emit import Value, block, flow, scalar, valued
from audiogen.routine.yaml.nodes import UNREADABLE, Node, read_nodes

Order: TypeAlias = Callable[[Path], Sequence[str]]


def restructured(text: str, edits: Sequence[Edit], order: Order = lambda _path: ()) -> str:
    """Make edits one after the other; `order` gives the keys of the map at a path in the order of new ones.

    What is not in it is put behind all others.

    `text` is a valid document whose root is a map.

    Raises:
        RoutineError: a path leads nowhere, or to what an anchor or alias repeats elsewhere.
    """
    unix = _unix(text)
    wanted = deepcopy(_nodes(unix).says)
    for edit in edits:
        meant(wanted, edit)
        unix = _edited(unix, edit, order)
    if _nodes(unix).says != wanted:
        raise RoutineError(Problem("routine.edit-unsure"))
    return unix.replace("\n", "\r\n") if "\r\n" in text else unix


def value_at(text: str, path: Path) -> object:
    """Return what a text means at a path: texts, None, lists and dicts of them; None where it leads nowhere."""
    found: Any = _nodes(_unix(text)).says
    for step in path:
        fits = step in found if isinstance(found, dict) else isinstance(step, int) and isinstance(found, list)
        if not fits or (isinstance(step, int) and not 0 <= step < len(found)):
            return None
        found = found[step]
    return cast(object, found)


def _unix(text: str) -> str:
    unix = text.replace("\r\n", "\n")
    return unix if unix.endswith("\n") else f"{unix}\n"


@lru_cache(maxsize=8)  # what one edit leaves is what the next one finds
def _nodes(text: str) -> Node:
    try:
        root = read_nodes(text)
    except UNREADABLE as error:
        raise RoutineError(Problem("routine.edit-unread")) from error
    if root is None:
        raise RoutineError(Problem("routine.empty-file"))
    return root


def _edited(text: str, edit: Edit, order: Order) -> str:
    match edit:
        case Edit("set", path, None) | Edit("remove", path):
            return _without(text, _spot(text, path))[0]
        case Edit("set", path, value):
            owner, key = _spot(text, path[:-1], deep=False), path[-1]
            if isinstance(key, str) and key not in owner.keys:
                return _with_key(text, owner, key, value, order(path[:-1]))
            return _replaced(text, _spot(text, path), value)
        case Edit("insert", path, value, at):
            return _inserted(text, path, value, at, order)
        case Edit("duplicate", path):
            spot = _spot(text, path)
            chunks = chunks_of(text, spot.inside)
            chunks.insert(spot.index + 1, chunks.pieces[spot.index])
            return _rewritten(text, chunks)
        case Edit("move", path, to=to) if path[:-1] == to[:-1]:
            spot = _spot(text, path)
            chunks = chunks_of(text, spot.inside)
            chunks.move(spot.index, cast(int, to[-1]))
            return _rewritten(text, chunks)
        case Edit(path=path, to=to):
            return _moved(text, path, to)


# -- where it is


@dataclass(frozen=True, slots=True)
class _Spot:
    """A value, and where it stands: its index in the list or map of the spot `owner`; the root has none."""

    node: Node
    owner: "_Spot | None" = None
    index: int = 0

    @property
    def inside(self) -> Node:
        return self.owner.node if self.owner else self.node

    @property
    def keys(self) -> list[str]:
        return [str(entry.key.says) for entry in self.node.entries]


def _spot(text: str, path: Path, *, deep: bool = True) -> _Spot:
    """Find the value at a path.

    Raises:
        RoutineError: it leads nowhere, or something on its way (and with `deep`, below it) is repeated elsewhere.
    """
    spot = _Spot(_nodes(text))
    for step in path:
        _refuse_shared(text, spot.node, deep=False)
        if isinstance(step, str) and step in spot.keys:
            index = spot.keys.index(step)
            spot = _Spot(spot.node.entries[index].value, spot, index)
        elif isinstance(step, int) and 0 <= step < len(spot.node.items):
            spot = _Spot(spot.node.items[step], spot, step)
        else:
            raise missing(path)
    _refuse_shared(text, spot.node, deep=deep)
    return spot


def _refuse_shared(text: str, node: Node, *, deep: bool) -> None:
    if node.shared:
        place = Place("", text.count("\n", 0, node.start) + 1, node.start - line_start(text, node.start) + 1)
        raise RoutineError(Problem("routine.edit-shared", place, found=text[node.start : node.start + 40].split()[0]))
    for entry in node.entries if deep else ():
        _refuse_shared(text, entry.key, deep=True)
        _refuse_shared(text, entry.value, deep=True)
    for item in node.items if deep else ():
        _refuse_shared(text, item, deep=True)


def _after_mark(text: str, spot: _Spot) -> tuple[int, int]:
    """Find the place behind the colon or dash of a value on lines of its own, and the column of its key or dash."""
    node = spot.inside
    mark = list(marks_of(text, node))[spot.index]
    after = text.index(":", node.entries[spot.index].key.end) if node.entries else mark
    return after + 1, mark - line_start(text, mark)


# -- what is written


def _rewritten(text: str, chunks: Chunks) -> str:
    return text[: chunks.start] + chunks.written() + text[chunks.end :]


def _replaced(text: str, spot: _Spot, value: Value) -> str:
    """Write another value; a comment behind the key, or behind the value, stays."""
    node = spot.node
    if spot.inside.flow:
        lead = "" if node.end > node.start else " " if text[node.end - 1] == ":" else ": "
        return text[: node.start] + lead + flow(value) + text[node.end :]
    after, column = _after_mark(text, spot)
    stop = line_end(text, max(after, node.end))
    new = valued(value, column, dashed=not spot.inside.entries)
    if isinstance(value, str) and "\n" in new and has_comment_below(text, stop, column):
        new = f" {flow(value)}"  # after | it would be a line of the text
    head, line_break, lines = new.partition("\n")
    rest = text[after : line_end(text, after)]
    if rest.lstrip().startswith("#"):
        comment = rest
    elif node.is_block:
        comment = ""
    elif text[node.start : node.start + 1] in ("|", ">"):
        comment = "".join(text[node.start : line_end(text, node.start)].partition(" #")[1:])
    else:
        comment = text[node.end : line_end(text, node.end)]
    gap = "" if node.is_block else text[after : node.start]
    if head and gap.isspace() and "\n" not in gap:
        head = gap + head.lstrip(" ")
    return text[:after] + head + comment.rstrip() + line_break + lines + text[stop:]


def _with_key(text: str, spot: _Spot, key: str, value: Value, order: Sequence[str]) -> str:
    node = spot.node
    if not node.entries:
        fresh: Value = {key: value}
        if spot.owner:
            return _replaced(text, spot, fresh)
        return text[: node.start] + block({key: value}).removesuffix("\n") + text[node.end :]
    chunks = chunks_of(text, node)
    ranks = {name: rank for rank, name in enumerate(order)}
    rank = ranks.get(key, len(ranks) + 1)  # behind all others
    earlier = [index for index, name in enumerate(spot.keys) if ranks.get(name, 0) < rank]
    piece = f"{flow(key)}: {flow(value)}" if node.flow else f"{scalar(key)}:{valued(value, chunks.column)}"
    chunks.insert(earlier[-1] + 1 if earlier else 0, piece)
    return _rewritten(text, chunks)


def _inserted(text: str, path: Path, value: Value, at: int, order: Order) -> str:
    owner, key = _spot(text, path[:-1], deep=False), path[-1]
    if isinstance(key, str) and key not in owner.keys:
        return _with_key(text, owner, key, [value], order(path[:-1]))
    spot = _spot(text, path, deep=False)
    if not spot.node.items:
        there = spot.node.says if isinstance(spot.node.says, str) else None
        beside = [] if there is None else [there]
        return _replaced(text, spot, [*beside[:at], value, *beside[at:]])
    chunks = chunks_of(text, spot.node)
    chunks.insert(at, flow(value) if spot.node.flow else f"-{valued(value, chunks.column, dashed=True)}")
    return _rewritten(text, chunks)


def _without(text: str, spot: _Spot) -> tuple[str, str, int | None]:
    """Take out an item or key; with it, return how it was written, and its column unless it stood in brackets."""
    chunks = chunks_of(text, spot.inside)
    piece = chunks.remove(spot.index)
    column = None if chunks.brackets else chunks.column
    if chunks.pieces:
        return _rewritten(text, chunks), piece, column
    empty = "{}" if spot.inside.entries else "[]"
    owner = cast(_Spot, spot.owner)
    if chunks.brackets or chunks.inline or not owner.owner:
        return text[: chunks.start] + empty + text[chunks.end :], piece, column
    after, _ = _after_mark(text, owner)
    comments = text[after : chunks.start].removesuffix("\n")
    return f"{text[:after]} {empty}{comments}{text[chunks.end :]}", piece, column


def _moved(text: str, path: Path, to: Path) -> str:
    """Move an item to another list, in the form that it has there."""
    spot = _spot(text, path)
    text, piece, column = _without(text, spot)
    target = _spot(text, to[:-1], deep=False)
    is_first = not target.node.items
    if is_first:
        text = _replaced(text, target, [{"stand": "in"}])
        target = _spot(text, to[:-1], deep=False)
    chunks = chunks_of(text, target.node)
    if chunks.brackets and column is not None:
        if "#" in piece:
            raise RoutineError(Problem("routine.edit-unsure"))
        piece = flow(cast(Value, spot.node.says))
    elif not chunks.brackets:
        piece = f"- {piece}" if column is None else _shifted(piece, chunks.column - column)
    chunks.insert(cast(int, to[-1]), piece)
    if is_first:
        chunks.remove(1)
    return _rewritten(text, chunks)


def _shifted(piece: str, by: int) -> str:
    """Indent all lines but the first by more or fewer columns."""
    first, *lines = piece.split("\n")
    if by >= 0:
        return "\n".join([first, *(f"{' ' * by}{line}" if line else "" for line in lines)])
    return "\n".join([first, *(line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in lines)])
