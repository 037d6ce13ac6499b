"""Find the routines that the studio shows, by name and never by path.

name -> Routine, read again when any routine file has changed
"""

import hashlib
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from audiogen.errors import AudiogenError, Problem, RoutineError, UnknownRoutine
from audiogen.routine.find import Found, find_routines
from audiogen.routine.load import Located, load_located
from audiogen.routine.model import Routine
from audiogen.runs.about import length_in_words
from audiogen.storage.cache import Cache
from audiogen.studio.problems import refusal
from audiogen.text import is_text

_WHERE = {"here": "in this folder", "yours": "in your folder", "shipped": "comes with audiogen"}


_Print = tuple[Path, int, int]  # a file, when it changed last, and its size


class Read(NamedTuple):
    """A routine with all files that it was read from: those that it extends may be anywhere.

    `revision` is the same for the same contents.
    """

    located: Located
    files: tuple[_Print, ...]
    revision: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A routine in a list; `routine` is None if its file has `mistakes`."""

    name: str
    where: str
    routine: Routine | None
    mistakes: str = ""

    def length(self, store: Cache) -> str:
        """How long it is: "10m", "about 16 min"."""
        try:
            return length_in_words(self.routine, store) if self.routine else ""
        except AudiogenError:  # a sound that is missing: its own page says so
            return "no fixed length"


@dataclass(slots=True)
class Library:
    """Routines by name, cached in memory while their files do not change: a slider needs them many times a second."""

    _cached: dict[str, Read] = field(default_factory=dict)
    _seen: tuple[_Print, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def listed(self) -> list[Listed]:
        """Return all routines in the order of `audiogen list`, those with mistakes last."""
        found = []
        for one in self._found():
            try:
                found.append(Listed(one.name, _WHERE[one.where], self._read(one).located.routine))
            except RoutineError as error:
                found.append(Listed(one.name, _WHERE[one.where], None, refusal(error)["error"]))
        return sorted(found, key=lambda one: one.routine is None)

    def routine(self, name: str) -> Routine:
        """Return the routine with this name; raises as `read`."""
        return self.read(name).located.routine

    def read(self, name: str) -> Read:
        """Return the routine with this name, where everything is in its file, and its revision.

        Raises:
            UnknownRoutine: there is no routine with this name; a path is not a name.
            RoutineError: its file has mistakes.
        """
        found = next((one for one in self._found() if one.name == name), None)
        if found is None:
            raise UnknownRoutine(Problem("studio.unknown-routine"))
        return self._read(found)

    def _read(self, found: Found) -> Read:
        with self._lock:
            cached = self._cached.get(found.name)
            if cached is None or any(_print_of(one[0]) != one for one in cached.files):
                files: list[_Print] = []
                located = load_located(found.path, reading=lambda path: files.append(_print_of(path)))
                revision = hashlib.sha256(repr(located.routine).encode("utf-8", "surrogatepass")).hexdigest()[:16]
                cached = self._cached[found.name] = Read(located, tuple(files), revision)
            return cached

    def _found(self) -> list[Found]:
        """Find the current routines; the cache is cleared when a file has appeared, disappeared or changed."""
        found = [one for one in find_routines() if is_text(one.name)]
        seen = tuple(_print_of(one.path) for one in found)
        with self._lock:
            if seen != self._seen:
                self._cached.clear()
                self._seen = seen
        return [one for one in found if not one.shadowed]


def _print_of(path: Path) -> _Print:
    try:
        stat = path.stat()
    except OSError:  # gone since it was found
        return path, 0, 0
    return path, stat.st_mtime_ns, stat.st_size
