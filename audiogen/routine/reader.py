"""A tree -> a routine: every key is known, every value is what its key wants, every mistake has its place."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from audiogen.errors import Problem
from audiogen.routine import checks
from audiogen.routine.keys import EXERCISE_KEYS, ROUNDS_KEYS, ROUTINE_KEYS, TEXT_KEYS, near_key
from audiogen.routine.model import Exercise, Rounds, Routine
from audiogen.routine.slugs import unique_slugs
from audiogen.routine.validation import Steps, plain, report, report_unknown, value_place
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Entry, Leaf, Map, Seq, Tree
from audiogen.text import shown

M = TypeVar("M", bound=BaseModel)
Look = Callable[[Routine], Iterable[tuple[Steps, Problem]]]  # finds more problems, each at a key

# What stands for a broken value, so that all the others are still read and checked. The phase is so long that no cue
# can run past the end of its repetitions.
_NEEDED = ("name", "title", "rounds", "exercises")
_STAND_INS: Mapping[str, Any] = {
    "name": "unnamed",
    "title": "untitled",
    "rounds": "1",
    "exercises": (),
    "cues": {"at": "0s", "say": "unsaid"},
    "tempo": {"for": "24h"},
    **dict.fromkeys(("setup", "switch", "release", "equipment", "before", "caution", "after"), "unsaid"),
}


def read_routine(
    root: Tree, mistakes: Mistakes, source: Path | None = None, look: Look | None = None
) -> Routine | None:
    """Read a routine from a tree in which everything that it extends is filled in; None where there are mistakes."""
    if not isinstance(root, Map):
        mistakes.add(root.place, Problem("routine.no-keys"))
        return None
    _note_lost_texts(root, mistakes)
    given: dict[str, Any] = {"source": source} if source else {}
    if "exercises" in root.entries:
        given["exercises"] = _exercises(root.entries["exercises"].value, mistakes)
    rest = {key: entry for key, entry in root.entries.items() if key not in ("exercises", "extends", "order")}
    top = Map(root.place, rest)
    routine, broken = _model(Routine, top, ROUTINE_KEYS, given, mistakes)
    checks.note(checks.of_routine(routine, broken), root, mistakes)
    routine = routine.model_copy(update=_anchored(routine, root))
    for path, problem in look(routine) if look else ():
        mistakes.add(value_place(root, path), problem)
    return None if mistakes else routine


def _anchored(routine: Routine, root: Map) -> dict[str, Any]:
    """The voices, sounds and music, their files named from the folder of the routine file that names them."""
    values = {"voice": routine.voice, "fill": routine.fill, "music": routine.music, "sounds": routine.sounds}
    return {
        key: value.anchored(Path(root.entries[key].place.file).parent)
        for key, value in values.items()
        if value is not None and key in root.entries
    }


def exercise_maps(listed: Tree | None) -> list[Map]:
    """List the maps of all exercises, those inside rounds too, in the file's order."""
    found: list[Map] = []
    for item in listed.items if isinstance(listed, Seq) else ():
        if isinstance(item, Map) and _is_rounds(item):
            found += exercise_maps(item.get("exercises"))
        elif isinstance(item, Map):
            found.append(item)
    return found


def each_exercise(listed: Seq, change: Callable[[Map], Map]) -> Seq:
    """Change every exercise of a list, in the order of `exercise_maps`."""
    items: list[Tree] = []
    for item in listed.items:
        if isinstance(item, Map) and _is_rounds(item):
            entries = dict(item.entries)
            if isinstance(inner := item.get("exercises"), Seq):
                entries["exercises"] = Entry(entries["exercises"].place, each_exercise(inner, change))
            items.append(replace(item, entries=entries))
        else:
            items.append(change(item) if isinstance(item, Map) else item)
    return replace(listed, items=tuple(items))


def pinned(listed: Seq) -> Seq:
    """Give every exercise of a list its slug; each becomes a map of its own, even where an alias repeats one."""
    maps = exercise_maps(listed)
    names = [_text(node, "name") or _STAND_INS["name"] for node in maps]
    slugs = iter(unique_slugs([_text(node, "id") or node.slug for node in maps], names))
    return each_exercise(listed, lambda node: replace(node, slug=next(slugs)))


def _text(node: Map, key: str) -> str | None:
    value = node.get(key)
    return value.text if isinstance(value, Leaf) else None


def _is_rounds(node: Map) -> bool:
    return "rounds" in node.entries or "exercises" in node.entries


def _exercises(listed: Tree, mistakes: Mistakes) -> tuple[Exercise | Rounds, ...]:
    if isinstance(listed, Map):
        mistakes.add(listed.place, Problem("routine.exercises-map"))
        return ()
    if not isinstance(listed, Seq) or not listed.items:
        mistakes.add(listed.place, Problem("routine.no-exercises", found=shown(plain(listed))))
        return ()
    listed = pinned(listed)
    maps = exercise_maps(listed)
    _refuse_same_ids(maps, mistakes)
    numbers = {id(node): number for number, node in enumerate(maps, start=1)}
    read = (_item(item, numbers, mistakes) for item in listed.items)
    return tuple(item for item in read if item is not None)


def _item(item: Tree, numbers: Mapping[int, int], mistakes: Mistakes) -> Exercise | Rounds | None:
    if not isinstance(item, Map):
        mistakes.add(item.place, Problem("routine.exercise-not-a-map", found=shown(plain(item))))
        return None
    if not _is_rounds(item):
        return _exercise(item, numbers, mistakes)
    inner = item.get("exercises")
    exercises = []
    for part in inner.items if isinstance(inner, Seq) else ():
        if isinstance(part, Map) and _is_rounds(part):
            mistakes.add(part.place, Problem("routine.nested-rounds"))
        elif isinstance(one := _item(part, numbers, mistakes), Exercise):
            exercises.append(one)
    if "exercises" in item.entries and not (isinstance(inner, Seq) and inner.items):
        problem = Problem("routine.no-exercises", found=shown(plain(inner) if inner else None))
        mistakes.add(value_place(item, ["exercises"]), problem)
    given = {"exercises": exercises} if "exercises" in item.entries else {}
    node = Map(item.place, {key: entry for key, entry in item.entries.items() if key != "exercises"}, item.flow)
    return _model(Rounds, node, ROUNDS_KEYS, given, mistakes)[0]


def _exercise(node: Map, numbers: Mapping[int, int], mistakes: Mistakes) -> Exercise:
    given = {"slug": node.slug, "number": numbers[id(node)]}
    exercise, broken = _model(Exercise, node, EXERCISE_KEYS, given, mistakes)
    checks.note(checks.of_exercise(exercise, broken), node, mistakes)
    return exercise


def _refuse_same_ids(maps: list[Map], mistakes: Mistakes) -> None:
    slugs = [node.slug for node in maps]
    for index, node in enumerate(maps):
        first = slugs.index(node.slug)
        if first < index and "id" in node.entries:
            problem = Problem("routine.same-id", subject=shown(node.slug), found=str(first + 1))
            mistakes.add(value_place(node, ["id"]), problem)


def _model(
    model: type[M], node: Map, known: Collection[str], given: Mapping[str, Any], mistakes: Mistakes
) -> tuple[M, frozenset[str]]:
    """Read a map as its model, and list its broken keys: these are noted, and left out or replaced by a stand-in."""
    written = {key: plain(entry.value) for key, entry in node.entries.items() if key in known}
    strange = node.entries.keys() - written.keys()
    slips = frozenset(near for key in strange if (near := near_key(key, known)))  # present, and broken
    for key in strange:
        report_unknown(node, key, known, mistakes)
    try:
        return model.model_validate({**written, **given}), slips
    except ValidationError as error:
        paths = report(error, node, known, mistakes)
    broken = slips | {str(path[0]) for path in paths}
    for path in paths:
        _stand_in(written, path)
    stand_ins = {key: _STAND_INS[key] for key in broken if key not in written and key in _NEEDED}
    return model.model_validate({**written, **stand_ins, **given}), broken


def _stand_in(written: dict[str, Any], path: Steps) -> None:
    """Replace the broken item of a list by a stand-in; remove any other broken key."""
    match path:
        case [str(key), int(index), *_] if key in _STAND_INS and isinstance(written.get(key), list):
            written[key][index] = _STAND_INS[key]
        case [key, *_]:
            written.pop(str(key), None)


def _note_lost_texts(tree: Tree, mistakes: Mistakes, key: str = "") -> None:
    """Note what YAML drops as a comment although it looks like the rest of a text."""
    match tree:
        case Map():
            for inner, entry in tree.entries.items():
                _note_lost_texts(entry.value, mistakes, key if inner in ("right", "left") else inner)
        case Seq():
            for item in tree.items:
                _note_lost_texts(item, mistakes, key)
        case Leaf(lost=Leaf(place, text)) if key in TEXT_KEYS:
            mistakes.add(place, Problem("routine.lost-comment", found=shown(text)), closes_line=True)
