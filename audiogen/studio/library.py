"""The routines that the studio shows: by name only, never by path.

name -> Routine, read again when any routine file has changed
"""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from audiogen.durations import format_duration
from audiogen.errors import RoutineError, UnknownRoutine
from audiogen.routine import Found, Routine, find_routines, load_routine

__all__ = ["Library", "Listed"]

_WHERE = {"here": "in this folder", "yours": "in your folder", "shipped": "comes with audiogen"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A routine as a list shows it; `routine` is None where its file has mistakes, which are in `mistakes`."""

    name: str
    where: str
    routine: Routine | None
    mistakes: str = ""

    @property
    def length(self) -> str:
        """Its own length: "10m", "as long as it takes"."""
        length_ms = self.routine.length_ms if self.routine else None
        return format_duration(length_ms) if length_ms else "as long as it takes"


@dataclass(slots=True)
class Library:
    """Routines by name, kept in memory while no file of theirs changes: a slider asks for them many times a second."""

    _kept: dict[str, Routine] = field(default_factory=dict)
    _seen: tuple[tuple[Path, int, int], ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def listed(self) -> list[Listed]:
        """All routines, in the order in which `audiogen list` has them; those with mistakes come last."""
        found = []
        for one in self._found():
            try:
                found.append(Listed(one.name, _WHERE[one.where], self.routine(one.name)))
            except RoutineError as error:
                found.append(Listed(one.name, _WHERE[one.where], None, str(error)))
        return sorted(found, key=lambda one: one.routine is None)

    def routine(self, name: str) -> Routine:
        """The routine of this name.

        Raises:
            UnknownRoutine: no routine is called so; a path is no name.
            RoutineError: its file has mistakes.
        """
        paths = {one.name: one.path for one in self._found()}
        if name not in paths:
            raise UnknownRoutine("There is no routine of this name. The list of routines has them all.")
        with self._lock:
            if name not in self._kept:
                self._kept[name] = load_routine(paths[name])
            return self._kept[name]

    def _found(self) -> list[Found]:
        """What there is by now; what was kept is forgotten where a file has come, gone or changed."""
        found = find_routines()
        seen = tuple(_print_of(one.path) for one in found)
        with self._lock:
            if seen != self._seen:
                self._kept.clear()
                self._seen = seen
        return [one for one in found if not one.shadowed]


def _print_of(path: Path) -> tuple[Path, int, int]:
    try:
        stat = path.stat()
    except OSError:  # gone since it was found
        return path, 0, 0
    return path, stat.st_mtime_ns, stat.st_size
