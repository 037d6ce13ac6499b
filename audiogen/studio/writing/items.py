"""The items of a text that is being written, as the page shows them on cards.

tree + what was planned of it -> JSON
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from audiogen.errors import Place, Problem
from audiogen.routine.items import item_maps, kind_of, pinned
from audiogen.routine.load import Located
from audiogen.routine.model import Exercise, Item
from audiogen.routine.yaml.edits import Path, Step
from audiogen.routine.yaml.tree import Entry, Leaf, Map, Seq, Tree
from audiogen.script import APART_MS
from audiogen.studio.posted import Document
from audiogen.studio.shape import Card, Shape
from audiogen.timeline.visits import Visit

Listed: TypeAlias = "tuple[str, Step, int, int | None, list[Listed]]"  # digest, step of its path, line, number, items
_LINES = {"before": "setup", "switch": "switch", "after": "release"}


@dataclass(slots=True)
class Known:
    """What is known of a text's items: where it has no mistakes, of which routine they are, and of which plan.

    `digest` takes what an item is as a part of the answer.
    """

    lines: Sequence[str]
    digest: Callable[[Document], str]
    located: Located | None = None
    shape: Shape | None = None
    problems: Sequence[Problem] = ()
    _slugs: dict[Place, str] = field(default_factory=dict)
    _items: Mapping[str, Item] = field(default_factory=dict)
    _cards: Mapping[str, Card] = field(default_factory=dict)
    _visits: dict[str, Visit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.located:
            self._slugs = slugs_at(self.located)
            self._items = {one.slug: one for one in self.located.routine.items}
        if self.shape:
            self._cards = {card.own.slug: card for card in self.shape.cards}
            for visit in self.shape.timeline.visits:
                self._visits.setdefault(visit.exercise.slug, visit)

    def items(self, root: Tree | None) -> list[Listed]:
        """Describe all items that the text itself lists, or changes by their slugs."""
        exercises = root.get("exercises") if isinstance(root, Map) else None
        behind = [entry.place.line for entry in root.entries.values()] if isinstance(root, Map) else []
        end = min((line for line in behind if exercises and line > exercises.place.line), default=len(self.lines) + 1)
        return self._listed(exercises, end)

    def _listed(self, listed: Tree | None, end: int) -> list[Listed]:
        nodes: list[tuple[Step, Map]] = []
        if isinstance(listed, Seq):
            nodes = [(index, _as_map(one)) for index, one in enumerate(listed.items)]
        elif isinstance(listed, Map):
            nodes = [(slug, _as_map(entry.value)) for slug, entry in listed.entries.items()]
        ends = [node.place.line for _, node in nodes[1:]] + [end]
        return [self._item(node, step, last) for (step, node), last in zip(nodes, ends, strict=False)]

    def _item(self, node: Map, step: Step, end: int) -> Listed:
        """Describe an item: its lines count from its own first one, and the paths in it begin there."""
        slug = step if isinstance(step, str) else self._slugs.get(node.place)
        own = self._items.get(slug or "")
        kind, above = kind_of(node), node.place.line
        card = self._cards.get(slug or "")
        what = {
            "kind": kind,
            "name": (own.name if own else None) or _text(node, "name", "passage", "use") or slug or kind.capitalize(),
            "slug": slug,
            "last": self._last_line(above, end) - above,
            "fields": {key: joined(entry.value) for key, entry in node.entries.items()},
            "uses": _text(node, "use") or None,
            "prose": node.get("say").text if isinstance(node.get("say"), Leaf) else None,  # type: ignore[union-attr]
            **{name: lines_at(node, key, above) for name, key in _LINES.items()},
            "phases": [
                {"says": _says(one.get("say")), "for": _text(one, "for")} for one in _items_of(node.get("tempo"))
            ],
            "cues": self._cues(node, own if isinstance(own, Exercise) else None),
            "dose": card.dose if card else "",
            "work_ms": self._work_ms(own) if isinstance(own, Exercise) else None,
        }
        number = card.number if card else own.number if isinstance(own, Exercise) else None
        return self.digest(what), step, above, number, self._listed(node.get("exercises"), end)

    def _last_line(self, first: int, end: int) -> int:
        """Find the last line before `end` that is neither blank nor a comment."""
        said = (line for line in range(end - 1, first, -1) if self.lines[line - 1].split("#")[0].strip())
        return next(said, first)

    def _work_ms(self, exercise: Exercise) -> int | None:
        """How long the first set is: as planned, else as written."""
        if visit := self._visits.get(exercise.slug):
            return visit.sets[0].length_ms
        return exercise.work_ms(exercise.sides[0] if exercise.sides else None) or None

    def _cues(self, node: Map, own: Exercise | None) -> list[Document]:
        listed = _items_of(node.get("cues"))
        cues = own.cues if own and len(own.cues) == len(listed) else ()
        work_ms = self._work_ms(own) if own else None
        moments_ms = self._moments_ms(own, work_ms) if own and cues and work_ms else []
        unfit = {one.path[1] for one in self.problems if own and one.slug == own.slug and one.path[:1] == ("cues",)}
        return [
            {
                **_cue(one, node.place.line),
                "at_ms": moments_ms[index] if moments_ms else None,
                "after_ms": cues[index].after_ms if cues else None,
                "fits": index not in unfit,
            }
            for index, one in enumerate(listed)
        ]

    def _moments_ms(self, own: Exercise, work_ms: int) -> list[int | None]:
        """When each cue comes first, from the start of the work; one after another only where that is planned."""
        follows = any(cue.after_ms is not None for cue in own.cues)
        end_ms, over_ms = self._ends_ms(own) if follows else (None, {})
        free_ms = end_ms or 0
        found: list[int | None] = []
        for cue in own.cues:
            if cue.after_ms is None:
                moments = cue.moments_ms(work_ms)
            else:
                at_ms = end_ms + max(cue.after_ms, APART_MS) if end_ms is not None else -1
                moments = (at_ms,) if at_ms in over_ms else ()
            found.append(moments[0] if moments else None)
            # What is to come below the start tone is said after it.
            last_ms = moments[-1] if moments else -1
            begins_ms = last_ms if last_ms >= free_ms else min((one for one in over_ms if one >= free_ms), default=-1)
            end_ms = over_ms.get(begins_ms) if moments else None
        return found

    def _ends_ms(self, own: Exercise) -> tuple[int | None, dict[int, int]]:
        """When the start tone of the first set ends, and when each sound begins and ends, from the start of the set."""
        visit = self._visits.get(own.slug)
        if not (visit and self.shape):
            return None, {}
        first = visit.sets[0]
        sounds = [
            one
            for one in self.shape.timeline.events
            if one.kind in ("say", "tone") and first.start_ms <= one.start_ms < first.end_ms
        ]
        over_ms = {one.start_ms - first.start_ms: one.end_ms - first.start_ms for one in sounds}
        return (over_ms.get(0) if sounds and sounds[0].role == "start" else None), over_ms


def slugs_at(located: Located) -> dict[Place, str]:
    """The slugs of the items that a text lists, by their places."""
    listed = located.root.get("exercises")
    return {one.place: one.slug or "" for one in item_maps(pinned(listed))} if isinstance(listed, Seq) else {}


def joined(value: Tree) -> str | None:
    """Write a value in one line; None of what has lists or maps inside."""
    match value:
        case Leaf(text=text):
            return text
        case Seq(items=items) if all(isinstance(one, Leaf) for one in items):
            return ", ".join(one.text or "" for one in items if isinstance(one, Leaf))
        case Map(entries=entries) if all(isinstance(entry.value, Leaf) for entry in entries.values()):
            return ", ".join(f"{key}: {joined(entry.value) or ''}" for key, entry in entries.items())
    return None


def lines_at(node: Map, key: str, above: int = 0) -> list[Document]:
    """Describe the spoken lines under a key, each with its path: a single one has that of the key.

    Lines of the text count from `above` on.
    """
    value = node.get(key)
    if value is None or value == Leaf(value.place, None):
        return []
    listed: list[tuple[Path, Tree]] = [((key,), value)]
    if isinstance(value, Seq) and value.items:
        listed = [((key, index), one) for index, one in enumerate(value.items)]
    return [{"path": at, "says": _says(one), "line": one.place.line - above} for at, one in listed]


def _says(value: Tree | None) -> str | dict[str, str]:
    """What is said: a text, or one for each side."""
    if isinstance(value, Map):
        return {side: joined(entry.value) or "" for side, entry in value.entries.items()}
    return (value.text if isinstance(value, Leaf) else None) or ""


def _cue(node: Map, above: int) -> Document:
    key = next((one for one in ("at", "after", "every") if one in node.entries), "at")
    return {
        "key": key,
        "at": _text(node, key),
        "says": _says(node.get("say")),
        "sound": _text(node, "sound") or None,
        "line": node.place.line - above,
    }


def _items_of(value: Tree | None) -> list[Map]:
    return [_as_map(one) for one in value.items] if isinstance(value, Seq) else []


def _as_map(node: Tree) -> Map:
    """The map of an item; a bare name is the exercise of that name."""
    if isinstance(node, Map):
        return node
    return Map(node.place, {"name": Entry(node.place, node)} if isinstance(node, Leaf) and node.text else {}, bare=True)


def _text(node: Map, *keys: str) -> str:
    """The first text under one of these keys."""
    values = map(node.get, keys)
    return next((value.text for value in values if isinstance(value, Leaf) and value.text), "")
