"""Plan the text that is being written, and make edits of it.

name + text + edits + the digests of the parts that the page holds -> JSON
"""

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any

from audiogen.errors import AudiogenError, Place, Problem
from audiogen.routine.items import text_of
from audiogen.routine.keys import EXERCISE_KEYS, INNER, ITEM_KEYS, ROUTINE_KEYS
from audiogen.routine.load import Located
from audiogen.routine.yaml.edits import Edit, Path
from audiogen.routine.yaml.explain import lines_of
from audiogen.routine.yaml.structure import restructured, value_at
from audiogen.routine.yaml.tree import Map
from audiogen.session.check import place_of
from audiogen.session.coach import hints
from audiogen.storage.cache import Cache
from audiogen.studio.changed import picture
from audiogen.studio.library import Library
from audiogen.studio.parts import Parts
from audiogen.studio.posted import Document
from audiogen.studio.problems import described
from audiogen.studio.request import SessionRequest
from audiogen.studio.shape import Shape, shape
from audiogen.studio.writing.asked import Chosen
from audiogen.studio.writing.inherited import inherited
from audiogen.studio.writing.items import Known, joined, lines_at
from audiogen.studio.writing.mending import mending
from audiogen.studio.writing.reading import file_of, read_located, tree_of

_OF_ROOT = ("extends", *(key for key in ROUTINE_KEYS if key not in ("extends", "exercises")), "exercises")
_DOSE = EXERCISE_KEYS[EXERCISE_KEYS.index("sides") : EXERCISE_KEYS.index("cues")]  # people write it before the lines
_OF_ITEM = tuple(
    dict.fromkeys(("use", "passage", "name", "id", *_DOSE, *EXERCISE_KEYS, *ITEM_KEYS["passage"], *ITEM_KEYS["group"]))
)
_SPOKEN = ("equipment", "before", "caution", "after")


def edited(name: str, text: str, edits: Sequence[Edit | Chosen], library: Library) -> str:
    """Make edits of a text.

    Raises:
        AudiogenError: one of them leads nowhere, or the text cannot be read.
    """
    for edit in edits:
        if isinstance(edit, Chosen):
            text = edited(name, text, mending(edit, name, text, library), library)
            continue
        if bare := _bare_name(text, edit.path):
            text = restructured(text, [bare])
        text = restructured(text, [edit], _order)
        if edit.kind == "duplicate":
            text = _without_id(text, (*edit.path[:-1], int(edit.path[-1]) + 1))
    return text


def _order(path: Path) -> Sequence[str]:
    """The order of the keys in the map at a path."""
    if not path:
        return _OF_ROOT
    return INNER.get(str(path[-2]), _OF_ITEM) if isinstance(path[-1], int) else ()


def _bare_name(text: str, path: Path) -> Edit | None:
    """Give an exercise that is only a name the map of it, if the path leads into that."""
    for length in range(2, len(path)):
        owner = path[:length]
        if owner[-2] == "exercises" and isinstance(name := value_at(text, owner), str):
            return Edit("set", owner, {"name": name})
    return None


def _without_id(text: str, path: Path) -> str:
    there = value_at(text, path)
    return restructured(text, [Edit("remove", (*path, "id"))]) if isinstance(there, dict) and "id" in there else text


def change_of(text: str, into: str) -> tuple[int, int, str]:
    """Return what makes one text of another: what stands at [start, end), as browsers count, and what comes there."""
    start = _alike(text, into)
    behind = _alike(text[start:][::-1], into[start:][::-1])
    end = len(text) - behind
    return _units(text[:start]), _units(text[:end]), into[start : len(into) - behind]


def _alike(text: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((at for at, (one, two) in pairs if one != two), min(len(text), len(other)))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def planned(name: str, text: str, library: Library, store: Cache, held: Set[str]) -> Document:
    """Plan a text; where it has mistakes, they are told, with as much of its items as can be read.

    `root` and `items` have digests of parts, and `parts` are those that are not held.
    """
    located = now = None
    problems: tuple[Problem, ...] = ()
    try:
        located = read_located(name, text, library)
        now = shape(SessionRequest(name), located.routine, store)
    except AudiogenError as error:
        problems = error.problems
    tree = tree_of(name, text)
    root = tree if isinstance(tree, Map) else None
    parts = Parts(held)
    known = Known(lines_of(text), parts.digest, located, now, now.plan.notices if now else problems)
    return {
        "ok": now is not None,
        "readable": located is not None,  # what is wrong then, such as a cue that does not fit, is no slip of the pen
        "problems": [placed(one, name, located) for one in problems],
        "language": located.routine.language if located else (text_of(root, "language") if root else None) or "en",
        "root": parts.digest(_root(root)),
        "items": known.items(tree),
        "inherited": inherited(name, root, located, now) if root and located else None,
        **({**_timed(now, located, name), **picture(now, parts)} if now and located else _UNTIMED),
        "parts": parts.sent,
    }


_UNTIMED: Document = {"total": None, "length_ms": None, "exact": False, "visits": [], "notices": [], "hints": []}


def _timed(now: Shape, located: Located, name: str) -> Document:
    return {
        "total": now.total,
        "length_ms": now.timeline.length_ms,
        "exact": now.timeline.exact,
        "reach": now.reach,
        "voice": now.speaks,
        "notices": [placed(one, name, located) for one in now.plan.notices],
        "hints": [
            {"rule": one.rule, "keys": list(one.keys), **placed(one.notice, name, located)}
            for one in hints(now.written, now.plan, located)
        ],
    }


def _root(root: Map | None) -> dict[str, Any]:
    """What the session itself has: values in one line, and the lines that are spoken."""
    if root is None:
        return {}
    values = {key: joined(entry.value) for key, entry in root.entries.items() if key not in ("exercises", *_SPOKEN)}
    return {**values, **{key: lines_at(root, key) for key in _SPOKEN}}


def placed(problem: Problem, name: str, located: Located | None) -> Document:
    """Describe a problem with its line and column in this text; null where it is in none, or in another file."""
    place = problem.place if isinstance(problem.place, Place) else place_of(located, problem) if located else None
    if place is None or place.file != file_of(name):
        return {**described(problem), "line": None, "column": None}
    return {**described(replace(problem, place=None)), "line": place.line, "column": place.column}
