"""A routine and what became of it -> a small file that extends the one and says the other.

    written, customised, target -> text -> file

The file holds only what differs. Over a file that exists, comments and whatever still holds stay as they are written.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from audiogen.errors import OutputError, Problem, RoutineError
from audiogen.routine.extends import resolved
from audiogen.routine.find import SUFFIXES, is_same_file, read_text, shipped_name
from audiogen.routine.items import text_of
from audiogen.routine.keys import SET_IN_ROUTINE, set_in
from audiogen.routine.model import Exercise, Group, Item, Routine
from audiogen.routine.overrides import Overrides
from audiogen.routine.reader import read_routine
from audiogen.routine.written import Value, differing, in_words, written
from audiogen.routine.yaml.edit import edited
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Leaf, Map, Seq, Tree, read_tree
from audiogen.storage.files import exists, is_folder, replacing


def save_variant(written: Routine, customised: Routine, target: Path) -> None:
    """Write the file that says `customised` by extending the file of `written`; see `variant_text`.

    Raises:
        AudiogenError: there is no such text, or it cannot be written; an earlier file is left as it was.
    """
    text = variant_text(written, customised, target)
    with replacing(target) as file:
        file.write(text.encode())


def variant_text(written: Routine, customised: Routine, target: Path) -> str:
    """The text of `target` by which it says `customised`, which is `written` with overrides.

    Where `target` is the very file of `written`, which extends another one, its own lines change.

    Raises:
        OutputError: `target` is the file of `written`, and extends nothing.
        RoutineError: what is there cannot be read, or the session cannot be said in a file.
    """
    if written.source is None:
        raise RoutineError(Problem("routine.variant-without-file"))
    there, tree = _there(target)
    if is_same_file(written.source, target):
        if not isinstance(tree, Map) or "extends" not in tree.entries:
            raise OutputError(Problem("routine.variant-over-routine", subject=str(target)))
        changes = _changes(written, customised, _keys_of_ids(tree.get("exercises")))
        if "exercises" in changes and isinstance(tree.get("exercises"), Seq):
            raise OutputError(Problem("routine.variant-lists-exercises", subject=str(target)))
        text = edited(there, changes, whole=False)
    else:
        wanted = {"extends": _extends(written.source, target), **_changes(written, customised, {})}
        text = edited(there, wanted, whole=True)
    # From a folder that is still to be made, no way leads anywhere yet.
    proof = text if is_folder(target.parent) else edited(text, {"extends": str(written.source.absolute())}, whole=False)
    _refuse_another(proof, customised, target)
    return text


def own_title(routine: Routine, overrides: Overrides, target: Path, title: str = "") -> dict[str, str]:
    """The override by which `target` has a title of its own: the one that it has, else `title`, else one by its name.

    There is none where overrides have a title already, and where the file's name is that of the routine's file.
    """
    if "title" in overrides or (routine.source and target.stem == routine.source.stem):
        return {}
    tree = _there(target)[1]
    own = text_of(tree, "title") if isinstance(tree, Map) else None
    title = own or title or _title_from(target.stem)
    return {"title": title} if title else {}


def _title_from(name: str) -> str:
    """ "morning-short" -> "Morning short"; empty for a name without words."""
    words = " ".join(re.split(r"[-_{}\s]+", name)).strip()
    return words[:1].upper() + words[1:] if any(map(str.isalnum, words)) else ""


def _there(target: Path) -> tuple[str, Tree | None]:
    """What is in the target by now: nothing, or valid YAML."""
    if not exists(target):
        return "", None
    mistakes = Mistakes()
    try:
        text = read_text(target, mistakes) or ""
        blank = all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines())
        tree = None if blank else read_tree(text, str(target), mistakes)
        mistakes.raise_any()
    except RoutineError as error:
        raise RoutineError(*error.problems, Problem("routine.variant-over-mistakes", subject=str(target))) from error
    return text, tree


def _refuse_another(text: str, customised: Routine, target: Path) -> None:
    """The proof of the text: reading it gives the customised routine."""
    mistakes = Mistakes()
    tree = read_tree(text, str(target), mistakes)
    read = read_routine(resolved(tree, target, mistakes), mistakes) if tree else None
    try:
        mistakes.raise_any()
    except RoutineError as error:
        raise RoutineError(Problem("routine.variant-with-mistakes", subject=str(target)), *error.problems) from error
    if read != customised:
        raise RoutineError(Problem("routine.variant-differs", subject=str(target)))


def _extends(source: Path, target: Path) -> str:
    """How the target names its parent: a shipped routine by name, any other by the way from the target's folder."""
    name = shipped_name(source)
    neighbour = target.parent / f"{name}.yaml"
    if name and (not exists(neighbour) or is_same_file(neighbour, target) or is_same_file(neighbour, source)):
        return name
    real = Path(os.path.realpath(source.parent), source.name)
    try:
        way = Path(os.path.relpath(real, os.path.realpath(target.parent))).as_posix()
    except ValueError:  # another drive
        way = real.as_posix()
    return way if "/" in way or source.suffix in SUFFIXES else f"./{way}"


# -- what differs


def _changes(before: Routine, after: Routine, keys: Mapping[str, str]) -> dict[str, Value]:
    """What `after` says and `before` does not, as keys of a variant; `keys` are those that are not slugs."""
    exercises: dict[str, Value] = {keys.get(slug, slug): changed for slug, changed in keys_of_items(before, after)}
    top = keys_of_routine(before, after)
    return {**top, "exercises": exercises} if exercises else top


def keys_of_routine(before: Routine, after: Routine) -> dict[str, Value]:
    """What the routine itself says otherwise, as it is written."""
    return dict(_differing(before, after, ("voice", *SET_IN_ROUTINE)))


def keys_of_items(before: Routine, after: Routine) -> Iterator[tuple[str, dict[str, Value]]]:
    """What each item that differs says otherwise, as it is written, by its slug."""
    groups = [item for item in before.exercises if isinstance(item, Group) and item.work_ms is not None]
    with_work = {one.slug for group in groups for one in group.exercises}
    for old, new in zip(before.items, after.items, strict=True):
        fields = (*set_in(old), "fixed", "order") if isinstance(old, Exercise) else set_in(old)
        if changed := dict(_differing(old, new, fields)):
            if "hold" in changed and new.slug in with_work:
                changed |= _fixed(new)
            yield old.slug, changed


def _fixed(item: Item) -> dict[str, Value]:
    """The key of a fixed hold, which an exercise with a hold of its own no longer has from the work of its group."""
    return {"fixed": written("fixed", True)} if isinstance(item, Exercise) and item.fixed else {}


def _differing(before: Routine | Item, after: Routine | Item, fields: Sequence[str]) -> Iterator[tuple[str, Value]]:
    """The keys that differ, as they are written; null where a key goes."""
    for field, _, new in differing(before, after, fields):
        value = in_words(field, new) if field == "sides" else written(field, new)
        yield type(before).model_fields[field].alias or field, value


def _keys_of_ids(exercises: Tree | None) -> dict[str, str]:
    """Under which key a variant's own file has an exercise to which it gives another id."""
    keys = {}
    for key, entry in exercises.entries.items() if isinstance(exercises, Map) else ():
        if isinstance(entry.value, Map) and isinstance(chosen := entry.value.get("id"), Leaf) and chosen.text:
            keys[chosen.text] = key
    return keys
