"""Edits of the structure of a YAML text, and what each makes of plain lists and dicts.

meaning + Edit -> meaning
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from audiogen.errors import Problem, RoutineError
from audiogen.routine.yaml.emit import Value, said

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]
Kind = Literal["set", "insert", "remove", "duplicate", "move"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change at `path`: keys and indexes from the root.

    `set` gives a key or an item a value; None removes it. `insert` puts a value into the list at `path`, before its
    item `at`; where there is no list yet, it begins one, of which a single text that stands there becomes the first.
    `move` gives an item of a list the path `to`, in the same list or another.
    """

    kind: Kind
    path: Path
    value: Value = None
    at: int = 0
    to: Path = ()


def missing(path: Path) -> RoutineError:
    """Say that a path leads nowhere."""
    return RoutineError(Problem("routine.edit-missing", subject=" ".join(map(str, path))[:100]))


def meant(root: Any, edit: Edit) -> None:
    """Make an edit of plain lists and dicts, in place.

    Raises:
        RoutineError: its path leads nowhere.
    """
    match edit:
        case Edit("set", path, value):
            _set(root, path, value)
        case Edit("insert", path, value, at):
            owner, last = _owner(root, path)
            there = owner.get(last) if isinstance(owner, dict) else owner[last]
            items = there if isinstance(there, list) else [] if there is None else [there]
            if isinstance(there, dict) or not 0 <= at <= len(items):
                raise missing((*path, at))
            owner[last] = [*items[:at], said(value), *items[at:]]
        case Edit("remove", path):
            _set(root, path, None)
        case Edit("duplicate", path):
            owner, index = _list_at(root, path)
            owner.insert(index + 1, deepcopy(owner[index]))
        case Edit("move", path, to=to):
            owner, index = _list_at(root, path)
            moved = owner.pop(index)
            owner, index = _list_at(root, to, behind=1)
            owner.insert(index, moved)


def _set(root: Any, path: Path, value: Value) -> None:
    owner, last = _owner(root, path)
    if value is not None:
        owner[last] = said(value)
    elif isinstance(owner, list) or last in owner:
        del owner[last]
    else:
        raise missing(path)


def _owner(root: Any, path: Path) -> tuple[Any, Any]:
    """Find the list or dict that has the last step of a path."""
    if not path:
        raise missing(path)
    owner = root
    for step in path[:-1]:
        try:
            owner = owner[_step_in(owner, step, path)]
        except KeyError as error:
            raise missing(path) from error
    return owner, _step_in(owner, path[-1], path)


def _step_in(owner: Any, step: Step, path: Path, behind: int = 0) -> Step:
    fits = isinstance(step, str) if isinstance(owner, Mapping) else isinstance(owner, list) and isinstance(step, int)
    if not fits or (isinstance(step, int) and not 0 <= step < len(owner) + behind):
        raise missing(path)
    return step


def _list_at(root: Any, path: Path, behind: int = 0) -> tuple[list[Any], int]:
    """Find the list that a path leads into, and the index in it; with `behind`, one more than it has items."""
    if len(path) < 2 or not isinstance(path[-1], int):
        raise missing(path)
    owner, last = _owner(root, path[:-1])
    inner = owner.get(last) if isinstance(owner, Mapping) else owner[last]
    if not isinstance(inner, list):
        raise missing(path)
    _step_in(inner, path[-1], path, behind)
    return inner, path[-1]
