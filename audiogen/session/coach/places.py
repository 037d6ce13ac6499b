"""Where in a file a finding is, and whether the line there has a comment that silences it.

Keys + Located -> Place;   `# coach: off`
"""

import re
from functools import cache
from pathlib import Path

from audiogen.errors import Place
from audiogen.routine.load import Located
from audiogen.routine.yaml.tree import Leaf, Seq, Tree
from audiogen.session.coach.lines import Keys

_OFF = re.compile(r"#\s*coach:\s*off\b", re.IGNORECASE)


class Sources:
    """The lines of the files that findings are in; each file is read once."""

    def __init__(self, located: Located) -> None:
        self._located = located
        self._lines = cache(_lines_of)

    def place(self, keys: Keys, at: str) -> Place:
        """Find the place of some words of the text under these keys, or of the text if they are not in it."""
        found = next(
            (
                (leaf, offset)
                for leaf in _leaves(self._located.node(*keys))
                if (offset := _offset(leaf, at)) is not None
            ),
            None,
        )
        if found is None:
            return self._located.place(*keys)
        leaf, offset = found
        place = leaf.place_at(offset)
        quoted = offset and leaf.block is None and self._line(leaf.place)[leaf.place.column - 1 :][:1] in ("'", '"')
        return Place(place.file, place.line, place.column + bool(quoted))

    def silences(self, place: Place, keys: Keys) -> bool:
        """Whether the line of a place, or that at which its text begins, is switched off."""
        places = (place, *(leaf.place for leaf in _leaves(self._located.node(*keys))))
        return any(_OFF.search(self._line(one)) for one in places)

    def _line(self, place: Place) -> str:
        lines = self._lines(place.file)
        return lines[place.line - 1] if place.line <= len(lines) else ""


def _lines_of(file: str) -> list[str]:
    """The lines of a file; none where it is none, such as a text that a program hands over."""
    try:
        return Path(file).read_text("utf-8-sig").splitlines()
    except (OSError, ValueError):
        return []


def _leaves(node: Tree) -> list[Leaf]:
    if isinstance(node, Seq):
        return [one for one in node.items if isinstance(one, Leaf)]
    return [node] if isinstance(node, Leaf) else []


def _offset(leaf: Leaf, at: str) -> int | None:
    """Where some words begin in a text, its line breaks being spaces."""
    match = re.search(r"\s+".join(map(re.escape, at.split())), leaf.text or "", re.IGNORECASE)
    if match is None:
        return None
    return 0 if leaf.broken else match.start()
