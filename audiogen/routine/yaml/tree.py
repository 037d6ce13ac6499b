"""YAML text -> a tree of texts, every node with its place.

Scalars stay texts as written: the model decides what a text means (a duration, on or off, a number), so that YAML's
guesses ("no" as a boolean, 1:30 as a number in base 60) play no part. Keys are unique, tags are refused, and aliases
are counted before they are followed.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from audiogen.errors import Place, Problem
from audiogen.routine.yaml.events import DEEPEST, Event, MarkedYAMLError, ReaderError, YAMLError, read_events
from audiogen.routine.yaml.explain import Complaint, Trap, explain, lines_of, lost_text, repaired, slip_in, unexpected
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.slips import begins_or_ends_oddly
from audiogen.text import shown

MOST_NODES = 25_000  # a long routine has about a thousand, one of 2000 passages 20 000
_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")}
MOST_REPAIRS = 25  # each reads the file again


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar as written; None for an empty place, `null` or `~`."""

    place: Place
    text: str | None
    lost: "Leaf | None" = None  # what YAML took for a comment though it looks like text: `#2 of`
    block: int | None = None  # of a text after |: how far its lines are indented
    broken: bool = False  # whether it goes over several lines without being such a text

    def place_at(self, offset: int) -> Place:
        """The place of a letter of the text."""
        before = (self.text or "")[:offset]
        if self.block is None:
            return replace(self.place, column=self.place.column + offset)
        line = self.place.line + 1 + before.count("\n")
        return Place(self.place.file, line, self.block + 1 + len(before) - (before.rfind("\n") + 1))


@dataclass(frozen=True, slots=True)
class Seq:
    """A list."""

    place: Place
    items: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's place and its value."""

    place: Place
    value: "Tree"


@dataclass(frozen=True, slots=True)
class Map:
    """Keys and values, in the written order."""

    place: Place
    entries: Mapping[str, Entry]
    flow: bool = False  # written in {}
    slug: str | None = None  # of an item that a variant changes: it keeps its slug under a new name
    bare: bool = False  # a bare name, which stands for the exercise of that name

    def get(self, key: str) -> "Tree | None":
        """Get the value of a key; None where the key is missing."""
        entry = self.entries.get(key)
        return entry.value if entry else None


Tree = Leaf | Seq | Map


def read_tree(text: str, file: str, mistakes: Mistakes) -> Tree | None:
    """Read one YAML document; None where it cannot be read.

    A line in one of YAML's traps is reported, and then read as if its text were quoted, so that later mistakes are
    found too.
    """
    for repairs in range(MOST_REPAIRS + 1):
        read = _read(text, file)
        for place, found, closes_line in read.noted:
            mistakes.add(place, found, closes_line=closes_line)
        if isinstance(read.result, Tree):
            return read.result
        trap = read.result
        problem = Problem("routine.too-many-mistakes") if repairs == MOST_REPAIRS else trap.problem
        is_new = mistakes.add(Place(file, trap.line + 1, trap.column + 1), problem, closes_line=trap.goes_on)
        corrected = repaired(text, trap) if is_new else None
        if corrected is None:
            return None
        text = corrected
    return None


_Noted = tuple[Place, Problem, bool]  # what `Mistakes.add` takes


class _Read(NamedTuple):
    """What became of a text: its tree, or the trap where reading ended; and what was noted on the way."""

    result: Tree | Trap
    noted: tuple[_Noted, ...]


@functools.lru_cache(maxsize=32)  # a studio, a batch and a series read the same texts again and again
def _read(text: str, file: str) -> _Read:
    noted: list[_Noted] = []
    try:
        return _Read(_Builder(text, file, noted.append).document(), tuple(noted))
    except _Trapped as trapped:
        return _Read(trapped.trap, tuple(noted))
    except YAMLError as error:
        return _Read(_trap(error, text), tuple(noted))


def _trap(error: YAMLError, text: str) -> Trap:
    if isinstance(error, ReaderError):
        *above, line = lines_of(text[: error.position])
        letter = f"U+{ord(text[error.position]):04X}"
        return Trap(len(above), len(line), Problem("routine.character", found=letter))
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Trap(0, 0, Problem("routine.not-yaml", found=str(error).splitlines()[0]))
    mark, context = error.problem_mark, error.context_mark or error.problem_mark
    return explain(
        Complaint(error.problem or "", mark.line, mark.column, error.context or "", context.line, context.column),
        text,
    )


# What the library raises next to its own errors, such as an AssertionError for %YAML 1.3 or a ValueError of `chr`.
UNEXPECTED = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def _events(text: str) -> Iterator[Event]:
    """Parse a text into events; whatever the library raises is one of its own errors, or a trap at the last event."""
    line = column = 0
    events = read_events(text)
    while True:
        try:
            event = next(events)
        except StopIteration:
            return
        except YAMLError:
            raise
        except UNEXPECTED as error:
            raise _Trapped(unexpected(text, line, column, str(error))) from error
        line, column = event.end_line, event.end_column
        yield event


class _Trapped(Exception):
    """A mistake after which nothing can be read, unless its line can be repaired."""

    def __init__(self, trap: Trap) -> None:
        self.trap = trap


class _Builder:
    """Events -> tree, in one pass; every alias is the node that it repeats."""

    def __init__(self, text: str, file: str, note: Callable[[_Noted], None]) -> None:
        self._text = text
        self._file = file
        self._note = note
        self._events: Iterator[Event] = _events(text)
        self._anchors: dict[str, tuple[Tree, int] | None] = {}  # None while the anchored node is still open
        self._nodes = 0

    def document(self) -> Tree:
        """Build the tree of the only document."""
        event = next(self._events)
        while event.kind in ("stream", "document"):
            event = next(self._events)
        if event.kind == "stream end":
            raise _Trapped(Trap(0, 0, Problem("routine.empty-file")))
        tree, _ = self._node(event, 0)
        for event in self._events:
            if event.kind == "document":
                raise self._stop(event, Problem("routine.second-document"))
        return tree

    def _node(self, event: Event, depth: int) -> tuple[Tree, int]:
        """Build the node that begins with `event`, and count its nodes with aliases expanded."""
        if event.kind == "alias":
            return self._alias(event)
        if depth > DEEPEST:
            raise self._stop(event, Problem("routine.too-deep", expected=str(DEEPEST)))
        if event.anchor:
            self._anchors[event.anchor] = None
        if event.tag and event.tag not in _TAGS:
            self._note((self._place(event), Problem("routine.tag"), False))
        built: tuple[Tree, int]
        match event.kind:
            case "scalar":
                built = (self._leaf(event), 1)
            case "list":
                built = self._sequence(event, depth)
            case _:
                built = self._mapping(event, depth)
        self._count(event, 1)
        if event.anchor:
            self._anchors[event.anchor] = built
        return built

    def _leaf(self, event: Event) -> Leaf:
        plain = event.style is None
        text: str | None = event.value
        if plain and text in ("", "~", "null", "Null", "NULL"):
            text = None
        broken = event.style != "|" and event.end_line > event.line and bool(text)
        block = self._indent(event) if event.style == "|" else None
        return Leaf(self._place(event), text, self._lost(event) if plain else None, block, broken)

    def _indent(self, event: Event) -> int:
        """How far the lines of a text after | are indented."""
        lines = self._text[event.start : event.end].splitlines()[1:]
        written = event.value.splitlines()
        return next((len(line) - len(text) for line, text in zip(lines, written, strict=False) if text.strip()), 0)

    def _lost(self, event: Event) -> Leaf | None:
        """Find what looks like text but is a comment, behind a text or behind a key without a value."""
        lost = lost_text(self._text, event.end)
        return Leaf(Place(self._file, event.end_line + 1, event.end_column + lost[0] + 1), lost[1]) if lost else None

    def _sequence(self, start: Event, depth: int) -> tuple[Tree, int]:
        items: list[Tree] = []
        nodes = 1
        while (event := next(self._events)).kind != "end":
            item, size = self._node(event, depth + 1)
            items.append(item)
            nodes += size
        return Seq(self._place(start), tuple(items)), nodes

    def _mapping(self, start: Event, depth: int) -> tuple[Tree, int]:
        entries: dict[str, Entry] = {}
        nodes = 1
        while (event := next(self._events)).kind != "end":
            key_event, place = event, self._place(event)
            key, _ = self._node(event, depth + 1)
            value, size = self._node(next(self._events), depth + 1)
            nodes += size + 1
            if not isinstance(key, Leaf) or key.text is None:
                self._note((place, Problem("routine.odd-key"), True))
            elif begins_or_ends_oddly(key.text) and (trap := self._slip(place.line - 1)):
                raise _Trapped(trap)
            elif key.text in entries:
                first = str(entries[key.text].place.line)
                self._note((place, Problem("routine.duplicate-key", subject=shown(key.text), found=first), False))
            else:
                if value == Leaf(value.place, None) and key_event.kind == "scalar":
                    value = Leaf(value.place, None, self._lost(key_event))
                entries[key.text] = Entry(place, value)
        return Map(self._place(start), entries, flow=start.flow), nodes

    def _slip(self, line: int) -> Trap | None:
        return slip_in(lines_of(self._text)[line], line)

    def _alias(self, event: Event) -> tuple[Tree, int]:
        if event.anchor not in self._anchors:
            raise self._stop(event, Problem("routine.first-letter", found="*"), quoting=True)
        built = self._anchors[event.anchor]
        if built is None:
            raise self._stop(event, Problem("routine.endless-alias", found=shown(f"*{event.anchor}")))
        self._count(event, built[1])
        return built

    def _count(self, event: Event, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            raise self._stop(event, Problem("routine.too-many-values", expected=str(MOST_NODES)))

    def _place(self, event: Event) -> Place:
        return Place(self._file, event.line + 1, event.column + 1)

    def _stop(self, event: Event, problem: Problem, *, quoting: bool = False) -> _Trapped:
        return _Trapped(Trap(event.line, event.column, problem, quoting))
