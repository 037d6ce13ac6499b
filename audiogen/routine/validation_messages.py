"""What pydantic finds wrong in a map of the file -> mistakes in our words, at their places."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from audiogen.routine.keys import INNER, did_you_mean, near_key
from audiogen.routine.yaml.explain import QUOTE
from audiogen.routine.yaml.mistakes import Mistakes, Place
from audiogen.routine.yaml.tree import Leaf, Map, Seq, Tree
from audiogen.text import shown

__all__ = ["Steps", "plain", "report", "report_unknown", "tree_at", "value_place"]

Steps = Sequence[str | int]  # keys and indices from a map down to what is meant

_LISTS = {"tempo": "a list of phases, each with for and say", "cues": "a list of cues, each with at and say"}
_MAPS = {"tempo": "a phase such as {say: Inhale, for: 3s}", "cues": "a cue such as {at: 20s, say: Breathe.}"}
_HOW = {
    "title": "write what the routine is called",
    "name": "write what the exercise is called",
    "exercises": "write a list of exercises",
    "at": "write when, such as 20s, -10s or 50%",
    "say": "write what is said",
    "for": "write how long the phase lasts, such as 3s",
    "rounds": "write how many, such as rounds: 3",
}


def plain(tree: Tree) -> Any:
    """The tree as texts, lists and dicts."""
    match tree:
        case Leaf():
            return tree.text
        case Seq():
            return [plain(item) for item in tree.items]
        case Map():
            return {key: plain(entry.value) for key, entry in tree.entries.items()}


def tree_at(tree: Tree, path: Steps) -> Tree:
    """The node at the end of a path; steps that are not in the file (pydantic's names for choices) are passed over."""
    for step in path:
        match tree:
            case Map() if step in tree.entries:
                tree = tree.entries[str(step)].value
            case Seq() if isinstance(step, int) and step < len(tree.items):
                tree = tree.items[step]
    return tree


def value_place(tree: Tree, path: Steps) -> Place:
    """The place of the value at the end of a path, or of its key where there is no value."""
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


def report(error: ValidationError, node: Map, known: Iterable[str], mistakes: Mistakes) -> list[Steps]:
    """Note every error that the validation of a map found; gives the paths at which the map is broken."""
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
                mistakes.add(parent.place, f"{last} is missing; {_HOW[str(last)]}")
        elif kind == "extra_forbidden":
            report_unknown(parent, str(last), _known_at(above, known), mistakes)
        else:
            mistakes.add(value_place(node, path), _wrong(detail, path))
    return [detail["loc"] for detail in details]


def report_unknown(node: Map, key: str, known: Iterable[str], mistakes: Mistakes) -> None:
    """Note a key that means nothing in its map: a slip of the pen, or the rest of a text that a comma has ended."""
    entry = node.entries[key]
    known = sorted(known)
    if node.flow and isinstance(entry.value, Leaf) and entry.value.text is None:
        mistakes.add(entry.place, f"{shown(key)} is no key: a comma inside {{}} ends a text; {QUOTE}", closes_line=True)
        return
    hint = did_you_mean(key, known) or f"; the keys here are {', '.join(known)}"
    mistakes.add(entry.place, f"{shown(key)} is no key here{hint}")


def _report_sided(node: Map, path: Steps, mistakes: Mistakes) -> None:
    """Note why a map is not one value for each side: often it was never meant to be a map."""
    keys = list(node.entries)
    if not keys:
        mistakes.add(node.place, f"{_subject(path[:-1])} is an empty map; {QUOTE} if it is one")
    elif node.flow and keys[0] in ("side", "other_side"):
        mistakes.add(node.place, f"a text cannot begin with {{{keys[0]}}}; {QUOTE}", closes_line=True)
    elif not {"right", "left"} & set(keys):
        place = node.entries[keys[0]].place
        near = did_you_mean(keys[0], ("right", "left"))
        trap = f"a colon after {shown(keys[0])} makes it a key; {QUOTE}"
        mistakes.add(place, f"{shown(keys[0])} is no side{near}" if near else trap)
    else:
        for key in keys:
            if key not in ("right", "left"):
                report_unknown(node, key, ("right", "left"), mistakes)
        if len(keys) == 1:
            other = "left" if "right" in keys else "right"
            mistakes.add(node.place, f"{other} is missing; write both sides, or one value for both")


def _is_there(key: str, node: Map, known: Iterable[str]) -> bool:
    """Whether a key is in the file all the same: without a value, or misspelt, and noted as that."""
    strange = (other for other in node.entries if other not in known)
    return key in node.entries or any(near_key(other, known) == key for other in strange)


def _known_at(path: Steps, known: Iterable[str]) -> Iterable[str]:
    return next((INNER[step] for step in reversed(path) if isinstance(step, str) and step in INNER), known)


def _subject(path: Steps) -> str:
    """What a message calls the value at a path: its key, with the side where it has one."""
    words = [step for step in path if isinstance(step, str) and step not in ("one", "sided", "[key]")]
    if len(words) > 1 and words[-1] in ("right", "left"):
        return f"{words[-2]} ({words[-1]})"
    return words[-1] if words else "this"


def _wrong(detail: ErrorDetails, path: Steps) -> str:
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    subject, found = _subject(path), f"found {shown(detail.get('input'))}"
    match detail["type"]:
        case "value_error":
            return str(detail["ctx"]["error"].about(subject))
        case "tuple_type":
            return f"{subject} must be {_LISTS.get(key, 'a list')}, {found}"
        case "model_type":
            return f"{subject} must be {_MAPS.get(key, 'a map of keys and values')}, {found}"
        case "literal_error":
            return f"{subject} must be {detail['ctx']['expected'].replace(chr(39), '')}, {found}"
        case _:
            return f"{subject} cannot be read: {detail['msg']}, {found}"
