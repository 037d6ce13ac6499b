"""Items of a routine that people write in a way of their own: what each was meant to be.

"- Plank: 30s" -> the exercise of that name;   "- rest: 30s" -> a mistake that says where a rest belongs
"""

from dataclasses import replace

from audiogen.errors import Place, Problem
from audiogen.routine.keys import EXERCISE_KEYS, near_key
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Entry, Leaf, Map
from audiogen.text import shown

_NAMES = {"name", "use", "passage"}


def misplaced(node: Map) -> tuple[Place, Problem] | None:
    """Find what cannot be an item: a rest alone, words without a passage, and rounds of a single exercise."""
    keys = {near_key(key, EXERCISE_KEYS) or key: entry for key, entry in node.entries.items()}
    is_group = bool({"work", "round_rest", "exercise"} & node.entries.keys())
    if "rounds" in node.entries and not is_group and keys.keys() & {"hold", "reps", "use"}:
        entry = node.entries["rounds"]
        return entry.place, Problem("routine.rounds-in-exercise", expected=f"sets: {_text(entry, '3')}")
    if keys.keys() & _NAMES:
        return None
    if keys.keys() == {"rest"}:
        return keys["rest"].place, Problem("routine.rest-as-item", expected=f"rest: {_text(keys['rest'], '30s')}")
    if "say" in node.entries and not keys.keys() & {"hold", "reps"}:
        return node.entries["say"].place, Problem("routine.say-as-item")
    return None


def _text(entry: Entry, otherwise: str) -> str:
    return entry.value.text or otherwise if isinstance(entry.value, Leaf) else otherwise


def named(node: Map, mistakes: Mistakes) -> Map:
    """Read an exercise that has its name where its first key should be: "- Plank: 30s"."""
    first = next(iter(node.entries), "")
    if not first or "name" in node.entries or near_key(first, EXERCISE_KEYS):
        return node
    place, value = node.entries[first].place, node.entries[first].value
    is_dose = isinstance(value, Leaf) and value.text is not None
    lines = " and ".join([f"name: {first}", *([f"hold: {value.text}"] if isinstance(value, Leaf) and is_dose else [])])
    mistakes.add(place, Problem("routine.name-as-key", subject=shown(first), expected=lines))
    inner = value.entries if isinstance(value, Map) else {"hold": node.entries[first]} if is_dose else {}
    others = {key: entry for key, entry in node.entries.items() if key != first}
    return replace(node, entries={"name": Entry(place, Leaf(place, first)), **inner, **others})
