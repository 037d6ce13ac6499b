"""How a text becomes what a remedy makes of its session.

a remedy + name + text -> Edits
"""

from collections.abc import Container, Iterator, Mapping

from audiogen.durations import format_duration
from audiogen.errors import Place
from audiogen.routine.items import text_of
from audiogen.routine.overrides import customise
from audiogen.routine.variant import keys_of_items, keys_of_routine
from audiogen.routine.yaml.edits import Edit, Path
from audiogen.routine.yaml.emit import Value
from audiogen.routine.yaml.tree import Map, Seq, Tree
from audiogen.studio.library import Library
from audiogen.studio.writing.asked import Chosen
from audiogen.studio.writing.items import slugs_at
from audiogen.studio.writing.reading import read_located, tree_of


def mending(chosen: Chosen, name: str, text: str, library: Library) -> list[Edit]:
    """Return the edits that carry out a remedy; a length that the text has stays, unless it is what changes.

    Raises:
        AudiogenError: the text has mistakes, or the setting does not fit it.
    """
    if chosen.setting == "voice":  # which no override changes, and which may be why nothing can be planned
        return [Edit("set", ("voice",), chosen.value)]
    located, tree = read_located(name, text, library), tree_of(name, text)
    routine = located.routine
    root = tree if isinstance(tree, Map) else Map(Place(name), {})
    length = {"length": format_duration(routine.length_ms)} if routine.length_ms else {}
    changed = customise(routine, {**length, chosen.setting: chosen.value}).routine
    session = keys_of_routine(routine, changed)
    if session.get("length") == "none" and "extends" not in root.entries:
        session["length"] = None
    own = {slug: (path, keys) for slug, path, keys in _own(root.get("exercises"), ("exercises",), slugs_at(located))}
    edits = _set((), session, root.entries)
    fresh: dict[str, Value] = {}
    for slug, values in keys_of_items(routine, changed):
        if slug in own:
            path, keys = own[slug]
            edits += _set(path, values, keys)
        else:
            fresh[slug] = values
    if isinstance(root.get("exercises"), Map | Seq):  # what is in no list has no path there, and is refused
        return edits + _set(("exercises",), fresh, {})
    return [*edits, Edit("set", ("exercises",), fresh)] if fresh else edits


def _set(owner: Path, values: Mapping[str, Value], there: Container[str]) -> list[Edit]:
    """Give a map values; one that is to go, and is not there, needs no edit."""
    return [Edit("set", (*owner, key), value) for key, value in values.items() if value is not None or key in there]


def _own(listed: Tree | None, path: Path, slugs: Mapping[Place, str]) -> Iterator[tuple[str, Path, Container[str]]]:
    """Find what a text itself has of its items, those inside groups too: slugs, paths and keys."""
    if isinstance(listed, Map):
        for key, entry in listed.entries.items():
            if isinstance(entry.value, Map):
                yield text_of(entry.value, "id") or key, (*path, key), entry.value.entries
    for index, one in enumerate(listed.items if isinstance(listed, Seq) else ()):
        yield slugs.get(one.place, ""), (*path, index), one.entries if isinstance(one, Map) else ()
        if isinstance(one, Map):
            yield from _own(one.get("exercises"), (*path, index, "exercises"), slugs)
