"""Edits of a YAML text's structure: they mean what they mean for plain lists, and keep everything else."""

import random
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.errors import Place, RoutineError
from audiogen.routine.yaml.edits import Edit, Path
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.structure import restructured
from audiogen.routine.yaml.tree import Map, Seq, Tree, read_tree

from .untidy import KEYS, TEXTS, Writer, random_value


def plain(tree: Tree | None) -> Any:
    match tree:
        case Map():
            return {key: plain(entry.value) for key, entry in tree.entries.items()}
        case Seq():
            return [plain(item) for item in tree.items]
    return tree.text if tree else None


def read(text: str) -> Any:
    mistakes = Mistakes()
    tree = read_tree(text, "x.yaml", mistakes)
    mistakes.raise_any()
    return plain(tree)


def paths(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(path, value), *(found for key, one in inner for found in paths(one, (*path, key)))]


def at(root: Any, path: Path) -> Any:
    for step in path:
        root = root[step]
    return root


def random_edit(chance: random.Random, root: Any) -> tuple[Edit, Any]:
    """An edit, and what becomes of plain data by it."""
    after = deepcopy(root)
    found = paths(root)
    lists = [path for path, value in found if isinstance(value, list) and path]
    items = [path for path, _ in found if path and isinstance(path[-1], int)]
    value = chance.choice(TEXTS) if chance.random() < 0.5 else random_value(chance)
    kind = chance.choice(["set", "new", "insert", "append", "remove", "duplicate", "move", "away"])
    if kind in ("duplicate", "move", "away") and items:
        path = chance.choice(items)
        owner = at(after, path[:-1])
        if kind == "duplicate":
            owner.insert(int(path[-1]) + 1, deepcopy(owner[path[-1]]))
            return Edit("duplicate", path), after
        if kind == "move":
            to = chance.randrange(len(owner))
            owner.insert(to, owner.pop(path[-1]))
            return Edit("move", path, to=(*path[:-1], to)), after
        moved = owner.pop(path[-1])
        targets = [one for one, inner in paths(after) if isinstance(inner, list) and one]
        target = chance.choice(targets)
        index = chance.randint(0, len(at(after, target)))
        at(after, target).insert(index, moved)
        return Edit("move", path, to=(*target, index)), after
    if kind in ("insert", "append") and lists:
        path = chance.choice(lists)
        index = chance.randint(0, len(at(after, path)))
        at(after, path).insert(index, value)
        return Edit("insert", path, value, index), after
    path = chance.choice([one for one, _ in found if one] or [("name",)])
    if kind == "new" or value is None or not at(root, path[:-1]):
        maps = [one for one, inner in found if isinstance(inner, dict)]
        path = (*chance.choice(maps), chance.choice(KEYS))
        value = "new" if value is None else value
    if kind == "remove" and len(path) and path[-1] in (at(root, path[:-1]) if isinstance(path[-1], str) else range(99)):
        del at(after, path[:-1])[path[-1]]
        return Edit("remove", path), after
    at(after, path[:-1])[path[-1]] = value
    return Edit("set", path, value), after


@given(st.randoms(use_true_random=True))
def test_edits_mean_what_they_mean_for_plain_lists(chance: random.Random) -> None:
    root = {key: random_value(chance) for key in KEYS}
    text = Writer(chance).document(root)
    assert read(text) == root, text
    for _ in range(6):
        edit, root = random_edit(chance, root)
        kept, after = attempt(text, edit)
        assert kept or ("#" in text and edit.kind == "move" and edit.path[:-1] != edit.to[:-1]), (text, edit)
        if not kept:
            return  # a comment has no place in brackets
        assert read(after) == root, (text, edit, after)
        text = after


def attempt(text: str, edit: Edit) -> tuple[bool, str]:
    """The text with an edit, unless that is refused as unsure."""
    try:
        return True, restructured(text, [edit])
    except RoutineError as error:
        if [one.code for one in error.problems] != ["routine.edit-unsure"]:
            raise
        return False, text


COMMENTED = """\
# of the file
title: Hips

exercises:
  # the first
  - name: Pigeon # gentle
    hold: 30s
    # not yet: rest

  # alone

  - {name: Frog, hold: 20s} # both knees
  # the third
  - name: Lizard
    setup: Step forward.
"""


def test_comments_go_with_their_item_and_others_stay() -> None:
    moved = restructured(COMMENTED, [Edit("move", ("exercises", 0), to=("exercises", 2))])
    assert (
        moved
        == """\
# of the file
title: Hips

exercises:
  - {name: Frog, hold: 20s} # both knees

  # alone

  # the third
  - name: Lizard
    setup: Step forward.
  # the first
  - name: Pigeon # gentle
    hold: 30s
    # not yet: rest
"""
    )
    removed = restructured(COMMENTED, [Edit("remove", ("exercises", 0))])
    assert removed == COMMENTED.replace(
        "  # the first\n  - name: Pigeon # gentle\n    hold: 30s\n    # not yet: rest\n\n  # alone", "\n  # alone"
    )


def test_a_value_is_changed_where_it_stands() -> None:
    edits = [
        Edit("set", ("exercises", 0, "hold"), "45s"),
        Edit("set", ("exercises", 1, "hold"), "25s"),
        Edit("insert", ("exercises", 2, "setup"), "Hips low.", 1),
        Edit("set", ("exercises", 2, "sides"), ["right", "left"]),
        Edit("insert", ("exercises", 1, "cues"), {"at": "50%", "say": "Breathe: slowly."}),
    ]
    order = ("name", "sides", "hold", "setup")
    text = restructured(COMMENTED, edits, lambda _path: order)
    assert text == COMMENTED.replace("hold: 30s", "hold: 45s").replace(
        "hold: 20s}", "hold: 25s, cues: [{at: 50%, say: 'Breathe: slowly.'}]}"
    ).replace(
        "    setup: Step forward.\n",
        "    sides: [right, left]\n    setup:\n      - Step forward.\n      - Hips low.\n",
    )


def test_an_item_takes_the_form_of_the_list_that_it_goes_to() -> None:
    text = "a:\n  - x: 1 # one\n    y: 2\nb:\n      - deep\nc: [flow]\nd: []\n"
    deeper = restructured(text, [Edit("move", ("a", 0), to=("b", 1))])
    assert deeper == "a: []\nb:\n      - deep\n      - x: 1 # one\n        y: 2\nc: [flow]\nd: []\n"
    assert restructured(deeper, [Edit("move", ("b", 0), to=("c", 0))]).endswith("c: [deep, flow]\nd: []\n")
    assert restructured(deeper, [Edit("move", ("b", 1), to=("d", 0))]).endswith("d:\n  - x: 1 # one\n    y: 2\n")
    assert attempt(deeper, Edit("move", ("b", 1), to=("c", 0))) == (False, deeper), "brackets have no room for comments"


def test_line_ends_stay() -> None:
    text = restructured("title: Hips\r\nexercises:\r\n  - name: Frog\r\n", [Edit("duplicate", ("exercises", 0))])
    assert text == "title: Hips\r\nexercises:\r\n  - name: Frog\r\n  - name: Frog\r\n"


SHARED = "a: &rest\n  - 30s\nb: *rest\nc: !!str 5\nd: [free]\n"


@pytest.mark.parametrize(
    ("edit", "found", "line"),
    [
        (Edit("insert", ("a",), "20s"), "&rest", 1),
        (Edit("set", ("a", 0), "20s"), "&rest", 1),
        (Edit("set", ("b",), "20s"), "*rest", 3),
        (Edit("remove", ("a",)), "&rest", 1),
        (Edit("set", ("c",), "6"), "!!str", 4),
    ],
)
def test_what_is_repeated_elsewhere_is_not_changed(edit: Edit, found: str, line: int) -> None:
    with pytest.raises(RoutineError) as caught:
        restructured(SHARED, [edit])
    (problem,) = caught.value.problems
    assert (problem.code, problem.found) == ("routine.edit-shared", found)
    assert isinstance(problem.place, Place)
    assert problem.place.line == line
    assert restructured(SHARED, [Edit("insert", ("d",), "more", 1)]) == SHARED.replace("[free]", "[free, more]")


@pytest.mark.parametrize(
    "edit",
    [
        Edit("set", (), "x"),
        Edit("set", ("d", 1), "x"),
        Edit("set", ("d", "0"), "x"),
        Edit("set", ("d", -1), "x"),
        Edit("set", ("no", "key"), "x"),
        Edit("insert", ("d",), "x", 2),
        Edit("insert", ("d",), "x", -1),
        Edit("remove", ("no",)),
        Edit("remove", ("d", 0, 0)),
        Edit("duplicate", ("d",)),
        Edit("move", ("d", 0), to=("d", 1)),
        Edit("move", ("d", 0), to=("c", 0)),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(edit: Edit) -> None:
    with pytest.raises(RoutineError) as caught:
        restructured(SHARED, [edit])
    assert [one.code for one in caught.value.problems] == ["routine.edit-missing"]


@pytest.mark.parametrize("text", ["a: [", "a: {b", "\t- x", "a: b: c", "a: *no", "%YAML 9\n---\na"])
def test_a_text_that_is_no_yaml_is_not_edited(text: str) -> None:
    with pytest.raises(RoutineError) as caught:
        restructured(text, [Edit("set", ("a",), "x")])
    assert caught.value.problems[0].code in ("routine.edit-unread", "routine.edit-missing", "routine.edit-shared")
