"""Read a routine from its file or from a text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import cast

from audiogen.errors import Place
from audiogen.routine.extends import resolved
from audiogen.routine.find import decoded, find_file, read_text
from audiogen.routine.items import item_maps, pinned
from audiogen.routine.model import Routine
from audiogen.routine.reader import Look, read_routine
from audiogen.routine.validation import tree_at, value_place
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Map, Seq, Tree, read_tree


def load_routine(
    name_or_path: str | PathLike[str], *, reading: Callable[[Path], None] | None = None, look: Look | None = None
) -> Routine:
    """Read a routine file: a path if it exists, has a "/" or ends in ".yaml"; else a name, as `find_routines` lists.

    `reading` is called with the file and each one that it extends, just before it is read. `look` may report more
    problems, each at a key: it sees the routine with stand-ins for what is broken.

    Raises:
        UnknownRoutine: there is no such routine; the problem has near names.
        RoutineError: the file cannot be read, or has mistakes: all of them, each with its place.
    """
    return load_located(name_or_path, reading=reading, look=look).routine


@dataclass(frozen=True)  # without slots, since its items are listed once
class Located:
    """A routine and the tree of its file, in which every key has its place."""

    routine: Routine
    root: Map

    def place(self, *keys: str | int) -> Place:
        """Find the place of a key of the routine, or of an item by its slug and of its keys."""
        return value_place(*self._below(keys))

    def node(self, *keys: str | int) -> Tree:
        """Find the value of a key of the routine, or of an item by its slug and of its keys."""
        return tree_at(*self._below(keys))

    def _below(self, keys: Sequence[str | int]) -> tuple[Map, Sequence[str | int]]:
        """The map that keys begin in, the routine's or an item's, and the keys inside it."""
        item = self._items.get(str(keys[0])) if keys else None
        return (item, keys[1:]) if item else (self.root, keys)

    @cached_property
    def _items(self) -> dict[str | None, Map]:
        listed = self.root.get("exercises")
        return {node.slug: node for node in item_maps(pinned(listed))} if isinstance(listed, Seq) else {}


def load_located(
    name_or_path: str | PathLike[str], *, reading: Callable[[Path], None] | None = None, look: Look | None = None
) -> Located:
    """Read a routine file as `load_routine` does, and remember where everything is."""
    mistakes = Mistakes(reading)
    path = find_file(name_or_path if isinstance(name_or_path, str) else Path(name_or_path))
    return _located(read_text(path, mistakes), str(path), mistakes, path, look)


def parse_routine(text: str, file: str = "<text>") -> Routine:
    """Read a routine from a text; `file` names it in places, and paths in `extends` are relative to its folder.

    Raises:
        RoutineError: all mistakes, each with its place.
    """
    return parse_located(text, file).routine


def parse_located(text: str, file: str = "<text>") -> Located:
    """Read a routine from a text as `parse_routine` does, and remember where everything is."""
    mistakes = Mistakes()
    content = text.encode("utf-8", "surrogatepass")
    return _located(decoded(content, file, mistakes), file, mistakes, None)


def _located(text: str | None, file: str, mistakes: Mistakes, source: Path | None, look: Look | None = None) -> Located:
    tree = read_tree(text, file, mistakes) if text is not None else None
    root = resolved(tree, Path(file), mistakes) if tree is not None else None
    routine = read_routine(root, mistakes, source, look) if root is not None else None
    mistakes.raise_any()
    return Located(cast(Routine, routine), cast(Map, root))  # without mistakes there are both
