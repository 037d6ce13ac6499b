"""What is wrong with a file, collected so that everything is reported at once: (place, message)* -> RoutineError."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audiogen.errors import RoutineError

__all__ = ["Mistakes", "Place"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a person would look: line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Mistakes:
    """The mistakes found so far, in any order; `reading` is told of every file before it is read."""

    def __init__(self, reading: Callable[[Path], None] | None = None) -> None:
        self.reading = reading or (lambda _path: None)
        self._found: set[tuple[Place, str]] = set()
        self._closed: set[tuple[str, int]] = set()

    def add(self, place: Place, message: str, *, closes_line: bool = False) -> bool:
        """Note a mistake; False where an earlier one has closed its line.

        A line whose YAML is broken is closed: whatever else is found in it is only an echo.
        """
        line = (place.file, place.line)
        if line in self._closed:
            return False
        self._found.add((place, " ".join(message.splitlines())))  # a quoted text may hold line breaks
        if closes_line:
            self._closed.add(line)
        return True

    def has(self, place: Place, message: str) -> bool:
        """Whether this very mistake is noted already."""
        return (place, message) in self._found

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_any(self) -> None:
        """Raise them all, one line each, sorted by place.

        Raises:
            RoutineError: there are any.
        """
        if self._found:
            raise RoutineError("\n".join(f"{place}: {message}" for place, message in sorted(self._found)))
