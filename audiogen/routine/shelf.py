"""Ready exercises: `use: cat-and-cow` in a routine -> the exercise of that name in the routine's language.

tree -> the same tree, in which every exercise has the keys of the one that it uses, replaced by its own

A ready exercise is a file NAME.LANGUAGE.yaml with the keys of an exercise, in a folder `exercises` next to the routine,
in ./routines, in the user's folder or among the routines that come with audiogen; the first that has it is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from audiogen.errors import Problem, RoutineError
from audiogen.routine.changes import changed, is_null, without_dose
from audiogen.routine.find import Where, named_folders, read_text
from audiogen.routine.items import kind_of, text_of
from audiogen.routine.model import Exercise
from audiogen.routine.reader import read_routine
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Entry, Leaf, Map, Seq, Tree, read_tree
from audiogen.text import shown

_FOLDER = "exercises"
_DOSE = frozenset(
    {"hold", "reps", "for", "tempo", "count", "sets", "rest", "min", "max"}
)  # what a group's work replaces


@dataclass(frozen=True, slots=True)
class Ready:
    """A file of a ready exercise."""

    name: str
    language: str
    path: Path
    where: Where


def find_ready(beside: Path | None = None) -> tuple[Ready, ...]:
    """List all ready exercises, the first of each name and language; those next to the file `beside` come first."""
    found: dict[tuple[str, str], Ready] = {}
    for where, folder in _folders(beside):
        for path in sorted(folder.glob("*.*.y*ml")) if folder.is_dir() else ():
            name, _, language = path.stem.rpartition(".")
            if not name.startswith("."):
                found.setdefault((name, language.lower()), Ready(name, language, path, where))
    return tuple(sorted(found.values(), key=lambda one: (one.name, one.language)))


def read_ready(ready: Ready) -> Exercise:
    """Read a ready exercise with its own dose.

    Raises:
        RoutineError: the mistakes in its file.
    """
    mistakes = Mistakes()
    tree = _read(ready, mistakes)
    if tree is not None:
        place = tree.place
        texts = {"title": ready.name, "language": ready.language}
        root = Map(place, {key: Entry(place, Leaf(place, text)) for key, text in texts.items()})
        listed = Entry(place, Seq(place, (tree,)))
        routine = read_routine(replace(root, entries={**root.entries, "exercises": listed}), mistakes)
    mistakes.raise_any()
    if tree is None or routine is None:
        raise RoutineError(Problem("routine.not-an-exercise-file", subject=str(ready.path)))
    return routine.flat[0]


def with_ready_exercises(root: Map, path: Path, language: str, mistakes: Mistakes) -> Map:
    """Fill in the ready exercises that a routine uses; `path` is its file."""
    listed = root.entries.get("exercises")
    if listed is None or not isinstance(listed.value, Seq):
        return root

    def filled(tree: Tree, works: bool = False) -> Tree:
        if not isinstance(tree, Map):
            return tree
        if kind_of(tree) == "group" and isinstance(inner := tree.get("exercises"), Seq):
            items = tuple(filled(item, "work" in tree.entries) for item in inner.items)
            entry = Entry(tree.entries["exercises"].place, replace(inner, items=items))
            return replace(tree, entries={**tree.entries, "exercises": entry})
        uses = kind_of(tree) == "exercise" and "use" in tree.entries
        return _filled(tree, path, language, mistakes, works=works) if uses else tree

    items = tuple(filled(item) for item in listed.value.items)
    entry = Entry(listed.place, replace(listed.value, items=items))
    return replace(root, entries={**root.entries, "exercises": entry})


def _filled(node: Map, path: Path, language: str, mistakes: Mistakes, *, works: bool) -> Map:
    """An exercise with all keys of the one that it uses; a name of its own where that cannot be had."""
    use = node.entries["use"]
    own = replace(node, entries={key: entry for key, entry in node.entries.items() if key != "use"})
    ready = _read(found, mistakes) if (found := _found(use, path, language, mistakes)) else None
    if ready is None:
        name = Entry(use.place, Leaf(use.place, text_of(node, "use") or "unnamed"))
        work = (
            {} if works or {"hold", "reps"} & own.entries.keys() else {"hold": Entry(use.place, Leaf(use.place, "24h"))}
        )
        if "reps" in own.entries and not {"tempo", "for", "hold"} & own.entries.keys():
            work = {"for": Entry(use.place, Leaf(use.place, "24h"))}
        return replace(own, entries={"name": name, **work, **own.entries})
    if works and not {"hold", "reps"} & own.entries.keys():
        ready = replace(ready, entries=without_dose(without_dose(ready.entries, "hold"), "reps"))
    return replace(changed(ready, own, node.place), slug=node.slug)


def _found(use: Entry, path: Path, language: str, mistakes: Mistakes) -> Ready | None:
    """Find the file of a ready exercise in a language, or in that of another region."""
    name = use.value.text if isinstance(use.value, Leaf) else None
    if not name:
        mistakes.add(use.place if is_null(use) else use.value.place, Problem("routine.use-not-a-name"))
        return None
    listed = find_ready(path)
    named = [one for one in listed if one.name == name]
    spoken = (language.lower(), language.lower().partition("-")[0])
    for code in spoken:
        if ready := next((one for one in named if one.language.lower() == code), None):
            return ready
    if named:
        has = ", ".join(one.language for one in named)
        mistakes.add(
            use.value.place, Problem("routine.ready-language", subject=shown(name), expected=shown(language), found=has)
        )
        return None
    names = sorted({one.name for one in listed})
    near = get_close_matches(name.lower(), names, n=3, cutoff=0.5)
    problem = Problem("routine.unknown-ready", found=shown(name))
    if near:
        problem = Problem("routine.misspelt-ready", expected=" or ".join(map(shown, near)), found=shown(name))
    mistakes.add(use.value.place, problem)
    return None


def _read(ready: Ready, mistakes: Mistakes) -> Map | None:
    text = read_text(ready.path, mistakes)
    tree = read_tree(text, str(ready.path), mistakes) if text is not None else None
    if tree is not None and not isinstance(tree, Map):
        mistakes.add(tree.place, Problem("routine.not-an-exercise-file", subject=ready.path.name))
    elif tree is not None and "use" in tree.entries:
        mistakes.add(tree.entries["use"].place, Problem("routine.use-in-ready"))
    else:
        return tree
    return None


def _folders(beside: Path | None) -> Iterator[tuple[Where, Path]]:
    if beside is not None:
        yield "here", beside.parent / _FOLDER
    for where, folder in named_folders():
        yield where, folder / _FOLDER
