"""A variant's tree and its parent's -> one tree, in which every line still knows its file.

- A top-level key replaces the parent's; `null` removes it.
- `exercises` as a list replaces all items, as does `say`. As a map by slug it changes keys of single exercises,
  passages and groups, where `null` removes a key, `skip: true` leaves an exercise or passage out, lists are replaced
  whole, and `hold` and `reps` replace each other with all that depends on them (reps, tempo and count; hold, min and
  max). An exercise keeps its slug under a new name; a new `id` changes it.
- `order` lists slugs: these come first, in this order; the others follow in theirs. Groups stay whole.

A parent may extend another routine in turn. It must be valid by itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from audiogen.errors import Place, Problem, RoutineError
from audiogen.routine.changes import changed, is_null
from audiogen.routine.find import find_file, read_text
from audiogen.routine.items import each_item, item_maps, pinned, text_of, with_say_as_item
from audiogen.routine.keys import ROUTINE_KEYS
from audiogen.routine.reader import read_routine
from audiogen.routine.shelf import with_ready_exercises
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Entry, Leaf, Map, Seq, Tree, read_tree
from audiogen.text import shown


def resolved(
    root: Tree, path: Path, mistakes: Mistakes, chain: tuple[Path, ...] = (), language: str | None = None
) -> Tree:
    """Fill in what the tree extends and the ready exercises that it uses, and put its exercises in order.

    `chain` are the variants that led here, `language` is that of the first that has one.
    """
    if not isinstance(root, Map):
        return root
    root = with_say_as_item(root, mistakes)
    language = language or text_of(root, "language")
    if extends := root.entries.get("extends"):
        parent = _parent(extends, path, mistakes, (*chain, path), language)
        root = _merged(root, parent or _stand_in(root), mistakes, lenient=parent is None)
    root = with_ready_exercises(root, path, language or text_of(root, "language") or "en", mistakes)
    if (order := root.entries.get("order")) and isinstance(listed := root.get("exercises"), Seq):
        exercises = Entry(root.entries["exercises"].place, _ordered(pinned(listed), order, mistakes))
        root = replace(root, entries={**root.entries, "exercises": exercises})
    return root


def _parent(
    extends: Entry, path: Path, mistakes: Mistakes, chain: tuple[Path, ...], language: str | None
) -> Map | None:
    value = extends.value
    if not isinstance(value, Leaf) or not value.text:
        mistakes.add(extends.place, Problem("routine.extends-not-a-name"))
        return None
    try:
        found = find_file(value.text, folder=path.parent, other_than=path)
        again = next((n for n, seen in enumerate(chain) if seen.resolve() == found.resolve()), None)
        if again is not None:
            circle = " → ".join(str(one) for one in (*chain[again:], chain[again]))
            mistakes.add(value.place, Problem("routine.extends-circle", found=circle))
            return None
        text = read_text(found, mistakes)
    except RoutineError as error:
        for problem in error.problems:
            mistakes.add(value.place, problem)
        return None
    tree = read_tree(text, str(found), mistakes) if text is not None else None
    if tree is None:
        return None
    parent = resolved(tree, found, mistakes, chain, language)
    read_routine(parent, mistakes)
    return parent if isinstance(parent, Map) else None


def _stand_in(root: Map) -> Map:
    """Stand in for a parent that cannot be read, so that the variant's own lines are still checked."""
    exercise = {"name": "unnamed", "hold": "24h"}
    listed = Seq(root.place, (Map(root.place, _entries(root.place, exercise)),))
    return Map(root.place, {**_entries(root.place, {"title": "untitled"}), "exercises": Entry(root.place, listed)})


def _entries(place: Place, texts: Mapping[str, str]) -> dict[str, Entry]:
    return {key: Entry(place, Leaf(place, text)) for key, text in texts.items()}


def _merged(root: Map, parent: Map, mistakes: Mistakes, *, lenient: bool) -> Map:
    entries = dict(parent.entries)
    entries.pop("order", None)  # already done
    for key, entry in root.entries.items():
        if key == "exercises" and isinstance(entry.value, Map):
            if not lenient and isinstance(listed := parent.get("exercises"), Seq):
                entries[key] = Entry(entry.place, _changed(pinned(listed), entry.value, mistakes))
        elif is_null(entry) and key in ROUTINE_KEYS:
            entries.pop(key, None)
        elif key == "order" and lenient:
            continue
        else:
            entries[key] = entry
    return replace(root, entries=entries)


def _changed(listed: Seq, changes: Map, mistakes: Mistakes) -> Seq:
    """Change the keys of items that a map by slug names."""
    slugs = [node.slug or "" for node in item_maps(listed)]
    wanted: dict[str, Entry] = {}
    for slug, entry in changes.entries.items():
        if slug not in slugs:
            mistakes.add(entry.place, _unknown(slug, slugs))
        elif not isinstance(entry.value, Map):
            mistakes.add(entry.place, Problem("routine.change-not-a-map", subject=shown(slug)))
        else:
            wanted[slug] = entry

    def change(node: Map) -> Map:
        entry = wanted.get(node.slug or "")
        return changed(node, entry.value, entry.place) if entry and isinstance(entry.value, Map) else node

    return each_item(listed, change)


def _ordered(listed: Seq, order: Entry, mistakes: Mistakes) -> Seq:
    wanted = order.value.items if isinstance(order.value, Seq) else ()
    if not wanted:
        of_one = isinstance(order.value, Leaf) and order.value.text in ("sides", "sets")
        mistakes.add(order.place, Problem("routine.order-of-one" if of_one else "routine.order-not-a-list"))
    places = {item.slug: n for n, item in enumerate(listed.items) if isinstance(item, Map) and item.slug}
    slugs = [node.slug or "" for node in item_maps(listed)]
    first: list[int] = []
    for item in wanted:
        slug = item.text if isinstance(item, Leaf) and item.text else ""
        if slug in places and places[slug] not in first:
            first.append(places[slug])
        elif slug in places:
            mistakes.add(item.place, Problem("routine.order-twice", found=shown(slug)))
        elif slug in slugs:
            mistakes.add(item.place, Problem("routine.order-inside-rounds", found=shown(slug)))
        else:
            mistakes.add(item.place, _unknown(slug, slugs))
    rest = (n for n in range(len(listed.items)) if n not in first)
    return replace(listed, items=tuple(listed.items[n] for n in (*first, *rest)))


def _unknown(slug: str, slugs: list[str]) -> Problem:
    if near := get_close_matches(slug.lower(), slugs, n=1):
        return Problem("routine.misspelt-slug", subject=shown(slug), expected=shown(near[0]))
    return Problem("routine.unknown-slug", subject=shown(slug), expected=", ".join(slugs))
