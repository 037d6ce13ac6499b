"""Edits of a YAML text's structure: they mean what they mean for plain lists, and keep everything else."""

import random
import re
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

TEXTS = (
    "30s",
    "Lie down.",
    "a: b # c",
    "it's",
    '"',
    "{side} arm",
    "- x",
    "on",
    "12",
    "ä",
    "Two\nlines\n",
    "One\n\nmore",
    "",
    "null",
)
KEYS = ("name", "hold", "setup", "cues", "at", "say", "note #", "exercises")


class Writer:
    """Writes values as YAML in one of the many ways in which people do; every comment has a number of its own."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._comments = 0

    def document(self, root: dict[str, Any]) -> str:
        head = self._own_line(0)
        return f"{head}{self._map(root, 0)}{self._own_line(0)}"

    def _often(self, share: float) -> bool:
        return self._chance.random() < share

    def _comment(self) -> str:
        self._comments += 1
        return f"# c{self._comments}"

    def _behind(self) -> str:
        return f" {self._comment()}" if self._often(0.2) else ""

    def _own_line(self, indent: int) -> str:
        lines = ""
        while self._often(0.3):
            lines += self._chance.choice(["\n", f"{' ' * indent}{self._comment()}\n"])
        return lines

    def _map(self, value: dict[str, Any], indent: int, inline: bool = False) -> str:
        lines = ""
        for key, inner in value.items():
            skip = inline and not lines
            lead = "" if skip else self._own_line(indent) + " " * indent
            lines += f"{lead}{self._scalar(key)}:{self._value(inner, indent, False)}"
        return lines

    def _list(self, value: list[Any], indent: int, inline: bool = False) -> str:
        lines = ""
        for inner in value:
            lead = "" if inline and not lines else self._own_line(indent) + " " * indent
            lines += f"{lead}-{self._value(inner, indent, True)}"
        return lines

    def _value(self, value: Any, indent: int, dashed: bool) -> str:
        """What follows a colon or dash, to the end of its last line."""
        if value in ({}, []) or (isinstance(value, dict | list) and self._often(0.2)):
            return f" {self._flow(value)}{self._behind()}\n"
        deeper = indent + self._chance.choice([2, 4])
        if isinstance(value, dict):
            if dashed and self._often(0.7):
                return f" {self._map(value, indent + 2, True)}"
            return f"{self._behind()}\n{self._map(value, deeper)}"
        if isinstance(value, list):
            if dashed and self._often(0.7):
                return f" {self._list(value, indent + 2, True)}"
            return f"{self._behind()}\n{self._list(value, deeper if dashed or self._often(0.7) else indent)}"
        if value is None:
            return f"{self._chance.choice(['', ' null', ' ~'])}{self._behind()}\n"
        if "\n" in value and value[:1] != "\n" and self._often(0.8):
            sign = "|" if value.endswith("\n") else "|-"
            body = "".join(
                f"{' ' * (indent + 2)}{line}\n" if line else "\n" for line in value.removesuffix("\n").split("\n")
            )
            return f" {sign}{self._behind()}\n{body}"
        return f" {self._scalar(value)}{self._behind()}\n"

    def _flow(self, value: Any) -> str:
        gap = self._chance.choice(["", " ", "\n      ", " # {}\n      "])
        gap = gap.format(self._comment()[2:]) if "#" in gap else gap
        match value:
            case dict():
                inner = [f"{self._scalar(key)}: {self._flow(one)}" for key, one in value.items()]
                return f"{{{gap}{f',{gap or chr(32)}'.join(inner)}{gap}}}"
            case list():
                comma = "," if value and self._often(0.2) else ""
                return f"[{gap}{f',{gap or chr(32)}'.join(map(self._flow, value))}{comma}{gap}]"
            case None:
                return "null"
        return self._scalar(value)

    def _scalar(self, text: str) -> str:
        if re.fullmatch(r"[\w.]+( [\w.]+)*", text) and text not in ("null",) and self._often(0.8):
            return text
        if "\n" not in text and self._often(0.5):
            return "'" + text.replace("'", "''") + "'"
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


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


def random_value(chance: random.Random, depth: int = 3) -> Any:
    kind = chance.random()
    if depth and kind < 0.35:
        return [random_value(chance, depth - 1) for _ in range(chance.randint(0, 3))]
    if depth and kind < 0.6:
        return {key: random_value(chance, depth - 1) for key in chance.sample(KEYS, chance.randint(0, 3))}
    return None if kind > 0.97 else chance.choice(TEXTS)


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
