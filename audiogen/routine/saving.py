"""What saving a routine file does to other routines, so that users can be asked first.

path -> notices: what it replaces or hides, and which routines change with that
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from audiogen.errors import AudiogenError, Notice
from audiogen.routine.find import (
    Found,
    find_file,
    find_routines,
    is_name,
    is_same_file,
    name_in_use,
    named_folders,
    read_text,
)
from audiogen.routine.items import text_of
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Map, read_tree
from audiogen.storage.files import exists
from audiogen.text import listed

_HIDES = {
    "here": Notice("routine.save-hides-here"),
    "yours": Notice("routine.save-hides-yours"),
    "shipped": Notice("routine.save-hides-shipped"),
}


def effects(target: Path) -> tuple[Notice, ...]:
    """Say what a file there would replace or hide, and which routines extend that; nothing where the name is free."""
    if exists(target):
        return Notice("routine.save-replaces", subject=str(target)), *_changed(target, by_path=True)
    if hidden := _hidden_by(target):
        return replace(_HIDES[hidden.where], subject=hidden.name), *_changed(hidden.path, by_path=False)
    return ()


def _hidden_by(target: Path) -> Found | None:
    """Find the routine that is no longer found by its name once the target is there."""
    depths = {where: depth for depth, (where, _) in enumerate(named_folders())}
    own = next((where for where, folder in named_folders() if _is_same_folder(folder, target.parent)), None)
    found = name_in_use(target.stem)
    return found if own and found and depths[found.where] >= depths[own] else None


def _is_same_folder(one: Path, other: Path) -> bool:
    return one == other or is_same_file(one, other)  # it may not be there yet


def _changed(path: Path, *, by_path: bool) -> Iterator[Notice]:
    """Say which routines extend a file; of a hidden one only those that find it by its name would change."""
    parents = [(one.name, one.path, *_parent_of(one.path)) for one in find_routines() if not one.shadowed]
    names: list[str] = []
    wave = [path]
    while wave:
        found = [
            (name, own)
            for name, own, parent, named in parents
            if parent and name not in names and (named or by_path) and any(is_same_file(parent, one) for one in wave)
        ]
        names += [name for name, own in found if not is_same_file(own, path)]
        wave = [own for _, own in found]
        by_path = True  # what extends a variant of it changes with that
    if names:
        yield Notice("routine.save-changes-one" if len(names) == 1 else "routine.save-changes", subject=listed(names))


def _parent_of(path: Path) -> tuple[Path | None, bool]:
    """Find the file that a routine extends, and whether it does so by name."""
    mistakes = Mistakes()
    try:
        tree = read_tree(read_text(path, mistakes) or "", str(path), mistakes)
        name = text_of(tree, "extends") if isinstance(tree, Map) else None
        return (find_file(name, folder=path.parent, other_than=path), is_name(name)) if name else (None, False)
    except AudiogenError:  # it can extend nothing while it cannot be read
        return None, False
