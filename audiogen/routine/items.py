"""The items of `exercises:` in a file's tree: of what kind each is, and under which slug it is addressed.

Tree -> the same tree, in which every item is a map with its slug
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from audiogen.errors import Problem
from audiogen.routine.slugs import unique_slugs
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Entry, Leaf, Map, Seq, Tree

Kind = Literal["exercise", "passage", "group"]

NAMELESS = "unnamed"  # what an item without a name is called


def kind_of(node: Map) -> Kind:
    """Tell by its keys what an item is."""
    if "passage" in node.entries:
        return "passage"
    return "group" if "rounds" in node.entries or "exercises" in node.entries else "exercise"


def item_maps(listed: Tree | None) -> list[Map]:
    """List the maps of all items in the file's order, each group behind what is inside it."""
    found: list[Map] = []

    def note(node: Map) -> Map:
        found.append(node)
        return node

    if isinstance(listed, Seq):
        each_item(listed, note)
    return found


def each_item(listed: Seq, change: Callable[[Map], Map]) -> Seq:
    """Change every item of a list, in the order of `item_maps`; inside a group, a bare name is an exercise."""
    return replace(listed, items=tuple(_changed(item, change) for item in listed.items))


def _changed(item: Tree, change: Callable[[Map], Map]) -> Tree:
    if not isinstance(item, Map):
        return item
    if kind_of(item) == "group" and isinstance(inner := item.get("exercises"), Seq):
        named = replace(inner, items=tuple(map(_named, inner.items)))
        entry = Entry(item.entries["exercises"].place, each_item(named, change))
        item = replace(item, entries={**item.entries, "exercises": entry})
    return change(item)


def _named(item: Tree) -> Tree:
    """A bare name as the exercise of that name."""
    if isinstance(item, Leaf) and item.text:
        return Map(item.place, {"name": Entry(item.place, item)}, bare=True)
    return item


def pinned(listed: Seq) -> Seq:
    """Give every item of a list its slug; each becomes a map of its own, even where an alias repeats one."""
    nodes = item_maps(listed)
    groups = [node for node in nodes if kind_of(node) == "group"]
    numbers = {id(node): number for number, node in enumerate(groups, start=1)}
    names = [text_of(node, _NAME_KEYS[kind_of(node)]) or _unnamed(numbers.get(id(node))) for node in nodes]
    chosen = [text_of(node, "id") or node.slug for node in nodes]
    order = sorted(range(len(nodes)), key=lambda index: kind_of(nodes[index]) == "group")  # groups give way
    slugs = unique_slugs([chosen[index] for index in order], [names[index] for index in order])
    by_index = iter([slug for _, slug in sorted(zip(order, slugs, strict=True))])
    return each_item(listed, lambda node: replace(node, slug=next(by_index)))


_NAME_KEYS = {"exercise": "name", "passage": "passage", "group": "name"}


def _unnamed(group: int | None) -> str:
    return f"group {group}" if group else NAMELESS


def text_of(node: Map, key: str) -> str | None:
    """The text under a key, if there is one."""
    value = node.get(key)
    return value.text if isinstance(value, Leaf) else None


def with_say_as_item(root: Map, mistakes: Mistakes) -> Map:
    """A routine that is a text, with `say:` at its top, as one with a passage of its title."""
    if "say" not in root.entries:
        return root
    say = root.entries["say"]
    entries = {key: entry for key, entry in root.entries.items() if key != "say"}
    if "exercises" in entries:
        mistakes.add(say.place, Problem("routine.say-and-exercises"))
        return replace(root, entries=entries)
    title = root.get("title")
    named = title if isinstance(title, Leaf) and title.text else Leaf(say.place, NAMELESS)
    passage = Map(say.place, {"passage": Entry(say.place, named), "say": say})
    return replace(root, entries={**entries, "exercises": Entry(say.place, Seq(say.place, (passage,)))})
