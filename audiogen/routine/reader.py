"""A tree -> a routine: every key is known, every value is what its key wants, every mistake has its place."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from audiogen.errors import Problem
from audiogen.routine import checks
from audiogen.routine.clash import note
from audiogen.routine.items import item_maps, kind_of, pinned, text_of
from audiogen.routine.keys import EXERCISE_KEYS, ITEM_KEYS, ROUTINE_KEYS, TEXT_KEYS, near_key
from audiogen.routine.misplaced import misplaced, named
from audiogen.routine.model import Exercise, Group, Item, Passage, Routine
from audiogen.routine.prose import anchored_part
from audiogen.routine.say import read_say
from audiogen.routine.validation import Steps, plain, report, report_unknown, value_place
from audiogen.routine.written import is_readable
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Entry, Leaf, Map, Seq, Tree
from audiogen.text import shown

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
Look = Callable[[Routine], Iterable[tuple[Steps, Problem]]]  # finds more problems, each at a key

# What stands for a broken value, so that all the others are still read and checked. The phase is so long that no cue
# can run past the end of its repetitions.
_NEEDED = ("name", "passage", "say", "title", "rounds", "exercises")
_STAND_INS: Mapping[str, Any] = {
    "name": "unnamed",
    "passage": "unnamed",
    "say": (),
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
        given["exercises"] = _items(root.entries["exercises"].value, mistakes)
    rest = {key: entry for key, entry in root.entries.items() if key not in ("exercises", "extends", "order")}
    top = Map(root.place, rest)
    routine, broken = _model(Routine, top, ROUTINE_KEYS, given, mistakes)
    note(checks.of_routine(routine, broken), root, mistakes)
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


def _items(listed: Tree, mistakes: Mistakes) -> tuple[Item, ...]:
    if isinstance(listed, Map):
        mistakes.add(listed.place, Problem("routine.exercises-map"))
        return ()
    if not isinstance(listed, Seq) or not listed.items:
        mistakes.add(listed.place, Problem("routine.no-exercises", found=shown(plain(listed))))
        return ()
    listed = pinned(listed)
    nodes = item_maps(listed)
    _refuse_same_ids(nodes, mistakes)
    exercises = (node for node in nodes if kind_of(node) == "exercise")
    numbers = {id(node): number for number, node in enumerate(exercises, start=1)}
    return tuple(_some(_item(item, numbers, mistakes) for item in listed.items))


def _some(found: Iterable[T | None]) -> Iterator[T]:
    return (one for one in found if one is not None)


def _item(item: Tree, numbers: Mapping[int, int], mistakes: Mistakes) -> Item | None:
    if isinstance(item, Map) and kind_of(item) == "group" and not misplaced(item):
        return _group(item, numbers, mistakes)
    return _inner(item, numbers, {}, mistakes)


def _inner(
    item: Tree, numbers: Mapping[int, int], shared: Mapping[str, Tree], mistakes: Mistakes
) -> Exercise | Passage | None:
    """Read an exercise or a passage; `shared` is what its group has for all."""
    match item:
        case Map() if found := misplaced(item):
            mistakes.add(*found)
        case Map() if kind_of(item) == "passage":
            return _passage(item, mistakes)
        case Map() if kind_of(item) == "group":
            mistakes.add(item.place, Problem("routine.nested-rounds"))
        case Map(bare=True) if "work" not in shared:
            mistakes.add(item.place, Problem("routine.bare-name", found=shown(text_of(item, "name"))))
        case Map():
            return _exercise(item, numbers[id(item)], shared, mistakes)
        case _:
            mistakes.add(item.place, Problem("routine.exercise-not-a-map", found=shown(plain(item))))
    return None


def _group(node: Map, numbers: Mapping[int, int], mistakes: Mistakes) -> Group:
    listed = node.get("exercises")
    shared = {key: node.entries[key].value for key in ("work", "rest", "every") if key in node.entries}
    if _is_broken_work(node):
        # Its mistake is the group's alone: no exercise inside is too long or too short by it.
        shared["work"] = Leaf(node.place, "1s" if "every" in shared else "24h")
    inside = listed.items if isinstance(listed, Seq) else ()
    given: dict[str, Any] = {"slug": node.slug}
    if "exercises" in node.entries:
        given["exercises"] = tuple(_some(_inner(part, numbers, shared, mistakes) for part in inside))
        if not inside:
            problem = Problem("routine.no-exercises", found=shown(plain(listed) if listed else None))
            mistakes.add(value_place(node, ["exercises"]), problem)
    rest = {key: entry for key, entry in node.entries.items() if key != "exercises"}
    group, broken = _model(Group, replace(node, entries=rest), ITEM_KEYS["group"], given, mistakes)
    note(checks.of_group(group, broken), node, mistakes)
    return group


def _is_broken_work(node: Map) -> bool:
    """Whether a group has its work in a way that cannot be read, or under a wrong key."""
    if "work" in node.entries:
        return not is_readable(Group, "work_ms", plain(node.entries["work"].value))
    known = ITEM_KEYS["group"]
    return any(near_key(key, known) == "work" for key in node.entries if key not in known)


def _passage(node: Map, mistakes: Mistakes) -> Passage:
    given: dict[str, Any] = {"slug": node.slug}
    rest = {key: entry for key, entry in node.entries.items() if key != "say"}
    if "say" in node.entries:
        folder = Path(node.entries["say"].place.file).parent
        given["say"] = tuple(anchored_part(part, folder) for part in read_say(node.entries["say"], mistakes))
    passage, _ = _model(Passage, replace(node, entries=rest), ITEM_KEYS["passage"], given, mistakes)
    return passage


def _exercise(node: Map, number: int, shared: Mapping[str, Tree], mistakes: Mistakes) -> Exercise:
    given = {"slug": node.slug, "number": number}
    unsure = frozenset({"hold"} if "say" in node.entries else ())
    if "say" in node.entries:
        mistakes.add(node.entries["say"].place, Problem("routine.say-in-exercise"))
        node = replace(node, entries={key: entry for key, entry in node.entries.items() if key != "say"})
    node = named(node, mistakes)
    exercise, broken = _model(Exercise, with_work(node, shared), EXERCISE_KEYS, given, mistakes)
    if "cues" in node.entries:
        folder = Path(node.entries["cues"].place.file).parent
        exercise = exercise.model_copy(update={"cues": tuple(cue.anchored(folder) for cue in exercise.cues)})
    note(checks.of_exercise(exercise, broken | unsure, rests="rest" in shared or "every" in shared), node, mistakes)
    return exercise


def with_work(node: Map, shared: Mapping[str, Tree]) -> Map:
    """An exercise with what it has from its group: the work, which is fixed, where it has no dose of its own."""
    entries = dict(node.entries)
    doses = {"hold", "reps"} & entries.keys()
    if "work" in shared and "reps" in doses and not {"hold", "tempo", "for"} & entries.keys():
        entries["for"] = Entry(node.place, shared["work"])
    if "work" in shared and not doses:
        entries["hold"] = Entry(node.place, shared["work"])
    if "every" in shared or ("work" in shared and not doses):
        entries.setdefault("fixed", Entry(node.place, Leaf(node.place, "on")))
    return replace(node, entries=entries)


def _refuse_same_ids(nodes: list[Map], mistakes: Mistakes) -> None:
    first: dict[str | None, int] = {}
    for index, node in enumerate(nodes, start=1):
        number = first.setdefault(node.slug, index)
        if number < index and "id" in node.entries:
            problem = Problem("routine.same-id", subject=shown(node.slug), found=str(number))
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
    needed = {field.alias or name for name, field in model.model_fields.items()} & {*_NEEDED}
    stand_ins = {key: _STAND_INS[key] for key in broken & needed if key not in written}
    return model.model_validate({**written, **stand_ins, **given}), broken


def _stand_in(written: dict[str, Any], path: Steps) -> None:
    """Replace the broken item of a list by a stand-in; remove a broken phrase, or any other broken key."""
    match path:
        case [str(key), int(index), *_] if key in _STAND_INS and isinstance(written.get(key), list):
            written[key][index] = _STAND_INS[key]
        case ["phrases", str(name), *_] if isinstance(written.get("phrases"), dict):
            written["phrases"].pop(name, None)
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
