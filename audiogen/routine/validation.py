"""What pydantic finds wrong in a map of the file -> mistakes at their places."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from audiogen.errors import Place, Problem
from audiogen.routine.keys import INNER, near_key
from audiogen.routine.slips import slip_of
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Leaf, Map, Seq, Tree
from audiogen.text import shown

Steps = Sequence[str | int]  # keys and indices from a map down to what is meant

_ITEMS = {"tempo": "{say: Inhale, for: 3s}", "cues": "{at: 20s, say: Breathe.}"}
_EXAMPLES = {
    "title": "title: Hip release",
    "name": "name: Low lunge",
    "passage": "passage: Arriving",
    "exercises": "exercises: [{name: Plank, hold: 30s}]",
    "at": "at: 20s, at: -10s or at: 50%",
    "say": "say: Breathe.",
    "for": "for: 3s",
    "rounds": "rounds: 3",
}


def plain(tree: Tree) -> Any:
    """Turn a tree into texts, lists and dicts."""
    match tree:
        case Leaf():
            return tree.text
        case Seq():
            return [plain(item) for item in tree.items]
        case Map():
            return {key: plain(entry.value) for key, entry in tree.entries.items()}


def tree_at(tree: Tree, path: Steps) -> Tree:
    """Follow a path to its node; steps that are not in the file (pydantic's names for choices) are skipped."""
    for step in path:
        match tree:
            case Map() if step in tree.entries:
                tree = tree.entries[str(step)].value
            case Seq() if isinstance(step, int) and step < len(tree.items):
                tree = tree.items[step]
    return tree


def value_place(tree: Tree, path: Steps) -> Place:
    """Follow a path to the place of its value, or of its key where there is no value."""
    place = tree.place
    for step in path:
        match tree:
            case Map() if step in tree.entries:
                entry = tree.entries[str(step)]
                tree = entry.value
                place = entry.place if isinstance(tree, Leaf) and tree.text is None else tree.place
            case Seq() if isinstance(step, int) and step < len(tree.items):
                tree = tree.items[step]
                place = tree.place
    return place


def key_place(tree: Tree, path: Steps) -> Place:
    """Follow a path to the place of its last key."""
    above = tree_at(tree, path[:-1])
    entry = above.entries.get(str(path[-1])) if isinstance(above, Map) else None
    return entry.place if entry else value_place(tree, path)


def report(error: ValidationError, node: Map, known: Iterable[str], mistakes: Mistakes) -> list[Steps]:
    """Note every error that the validation of a map found; return the paths at which the map is broken."""
    details = error.errors(include_url=False)
    for detail in details:
        *above, last = path = detail["loc"]
        parent = tree_at(node, above)
        kind = detail["type"]
        if not isinstance(parent, Map):
            parent = node
        if kind != "value_error" and above and above[-1] == "sided":
            _report_sided(parent, above, mistakes)
        elif kind == "missing":
            if not _is_there(str(last), parent, _known_at(above, known)):
                problem = Problem("routine.missing", subject=str(last), expected=_EXAMPLES[str(last)])
                mistakes.add(parent.place, problem)
        elif kind == "extra_forbidden":
            report_unknown(parent, str(last), _known_at(above, known), mistakes)
        else:
            mistakes.add(value_place(node, path), _wrong(detail, path))
    return [detail["loc"] for detail in details]


def report_unknown(node: Map, key: str, known: Iterable[str], mistakes: Mistakes) -> None:
    """Note a key that its map cannot have: misspelt, unknown, or the rest of a text that a comma has ended."""
    entry, subject = node.entries[key], shown(key)
    is_flag = isinstance(entry.value, Leaf) and entry.value.text is None
    if node.flow and is_flag and (glued := re.fullmatch(r"(\w+):(\S+)", key)):
        mistakes.add(entry.place, Problem("routine.glued-colon", expected=f"{glued[1]}: {glued[2]}"), closes_line=True)
    elif node.flow and is_flag:
        mistakes.add(entry.place, Problem("routine.comma-in-text", subject=subject), closes_line=True)
    elif "exercises" in known and isinstance(entry.value, Map) and "exercises" in entry.value.entries:
        mistakes.add(entry.place, Problem("routine.whole-routine-inside", subject=subject))
    elif "at" in known and isinstance(entry.value, Leaf) and (cue := slip_of("cues", f"{key} {entry.value.text}")):
        mistakes.add(entry.place, replace(cue, found=subject))
    elif near := near_key(key, known):
        mistakes.add(entry.place, Problem("routine.misspelt-key", subject=subject, expected=shown(near)))
    else:
        mistakes.add(entry.place, Problem("routine.unknown-key", subject=subject, expected=", ".join(sorted(known))))


def _report_sided(node: Map, path: Steps, mistakes: Mistakes) -> None:
    """Note why a map is not one value for each side: often it was not meant to be a map."""
    keys = list(node.entries)
    if not keys:
        mistakes.add(node.place, Problem("routine.empty-map", subject=subject_of(path[:-1])))
    elif node.flow and keys[0] in ("side", "other_side"):
        mistakes.add(node.place, Problem("routine.first-letter", found=f"{{{keys[0]}}}"), closes_line=True)
    elif not {"right", "left"} & set(keys):
        problem = Problem("routine.colon-after-word", subject=shown(keys[0]))
        if near := near_key(keys[0], ("right", "left")):
            problem = Problem("routine.misspelt-side", subject=shown(keys[0]), expected=shown(near))
        mistakes.add(node.entries[keys[0]].place, problem)
    else:
        for key in keys:
            if key not in ("right", "left"):
                report_unknown(node, key, ("right", "left"), mistakes)
        if len(keys) == 1:
            other = "left" if "right" in keys else "right"
            mistakes.add(node.place, Problem("routine.missing-side", subject=other))


def _is_there(key: str, node: Map, known: Iterable[str]) -> bool:
    """Check whether a key is in the file after all: without a value, misspelt or too deep, which is noted elsewhere."""
    strange = {other: entry.value for other, entry in node.entries.items() if other not in known}
    deeper = any(isinstance(value, Map) and key in value.entries for value in strange.values())
    return key in node.entries or deeper or any(near_key(other, known) == key for other in strange)


def _known_at(path: Steps, known: Iterable[str]) -> Iterable[str]:
    return next((INNER[step] for step in reversed(path) if isinstance(step, str) and step in INNER), known)


def subject_of(path: Steps) -> str:
    """Name the value at a path: its key, with the side where it has one."""
    words = [step for step in path if isinstance(step, str) and step not in ("one", "sided", "[key]")]
    if len(words) > 1 and words[-1] in ("right", "left"):
        return f"{words[-2]} ({words[-1]})"
    return words[-1] if words else ""


def _wrong(detail: ErrorDetails, path: Steps) -> Problem:
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    subject, found = subject_of(path), shown(detail.get("input"))
    if slip := slip_of(subject.partition(" ")[0], detail.get("input")):
        return replace(slip, subject=subject)
    match detail["type"]:
        case "value_error":
            problem: Problem = detail["ctx"]["error"].about(subject)
            return problem
        case "tuple_type":
            return Problem("routine.not-a-list", subject=subject, expected=f"[{_ITEMS[key]}]", found=found)
        case "model_type":
            return Problem("routine.not-a-map", subject=subject, expected=_ITEMS[key], found=found)
        case "literal_error":
            expected = detail["ctx"]["expected"].replace("'", "")
            return Problem("routine.not-a-choice", subject=subject, expected=expected, found=found)
        case _:
            return Problem("routine.unexpected", subject=subject, expected=detail["msg"], found=found)
