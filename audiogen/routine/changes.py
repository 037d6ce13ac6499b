"""An item of a routine and the keys that replace some of its own -> one item."""

from collections.abc import Mapping
from typing import Literal

from audiogen.errors import Place
from audiogen.routine.items import kind_of
from audiogen.routine.keys import ITEM_KEYS
from audiogen.routine.yaml.tree import Entry, Leaf, Map, Seq

Dose = Literal["hold", "reps"]

_DEPENDS_ON = {"hold": ("hold", "min", "max"), "reps": ("reps", "tempo", "count", "for")}


def changed(node: Map, changes: Map, place: Place) -> Map:
    """Change some keys of an item."""
    given = {key for key, entry in changes.entries.items() if not is_null(entry)}
    entries = {} if "use" in given else dict(node.entries)  # another ready exercise begins anew
    entries = _dosed(entries, node, changes, given)
    for key, other_key in (("tempo", "for"), ("for", "tempo")):
        if key in given and other_key not in given:
            entries.pop(other_key, None)
    if "sets" not in given and "use" not in given:
        entries.update(_sets(node, changes, given))
    for key, entry in changes.entries.items():
        if is_null(entry) and key in ITEM_KEYS[kind_of(node)]:
            entries.pop(key, None)
        else:
            entries[key] = entry
    slug = None if "id" in given else node.slug
    return Map(place, entries, changes.flow, slug)


def _dosed(entries: dict[str, Entry], node: Map, changes: Map, given: set[str]) -> dict[str, Entry]:
    """Remove what a new dose replaces: a hold repetitions and the reverse, but for holds that change sides."""
    if {"hold", "reps"} <= given:
        return {key: entry for key, entry in entries.items() if key not in ("tempo", "for", "count")}
    if _holds_alternate(node, changes):
        return without_dose(entries, "hold") if given & {"tempo", "for"} else entries
    pairs: tuple[tuple[Dose, Dose], ...] = (("hold", "reps"), ("reps", "hold"))
    for one, other in pairs:
        if one in given:
            entries = without_dose(entries, other)
    return entries


def _holds_alternate(node: Map, changes: Map) -> bool:
    """Whether an exercise has holds that change sides, and still has them with these changes."""
    return {"hold", "reps"} <= node.entries.keys() and _alternates({**node.entries, **changes.entries})


def _alternates(entries: Mapping[str, Entry]) -> bool:
    sides = entries.get("sides")
    return sides is not None and isinstance(sides.value, Leaf) and sides.value.text == "alternate"


def _sets(node: Map, changes: Map, given: set[str]) -> dict[str, Entry]:
    """The sets of an exercise whose dose changes: as many as a new list has, or as the list that it had."""
    many = (_listed(changes) or _listed(node)) if given & {"hold", "reps"} else None
    return {"sets": Entry(node.place, Leaf(node.place, str(many)))} if many else {}


def _listed(node: Map) -> int | None:
    """How many sets the dose of an exercise lists."""
    for key in ("hold", "reps"):
        dose = node.get(key)
        listed = dose.get("right") if isinstance(dose, Map) else dose
        if isinstance(listed, Seq):
            return len(listed.items)
    return None


def without_dose(entries: Mapping[str, Entry], dose: Dose) -> dict[str, Entry]:
    """Remove a dose and all that depends on it; without a count, nothing alternates between the sides."""
    idle = {*_DEPENDS_ON[dose], *(["sides"] if _alternates(entries) and dose == "reps" else [])}
    return {key: entry for key, entry in entries.items() if key not in idle}


def is_null(entry: Entry) -> bool:
    """Whether a key is there to remove what it would replace."""
    return isinstance(entry.value, Leaf) and entry.value.text is None
