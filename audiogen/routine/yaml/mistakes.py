"""What is wrong with a file, collected so that everything is reported at once: (place, problem)* -> RoutineError."""

from collections.abc import Callable
from dataclasses import astuple, replace
from pathlib import Path

from audiogen.errors import Place, Problem, RoutineError


class Mistakes:
    """The mistakes found so far, in any order; `reading` is called with every file before it is read."""

    def __init__(self, reading: Callable[[Path], None] | None = None) -> None:
        self.reading = reading or (lambda _path: None)
        self._found: dict[Problem, Place] = {}
        self._closed: set[tuple[str, int]] = set()

    def add(self, place: Place, problem: Problem, *, closes_line: bool = False) -> bool:
        """Note a mistake; False where an earlier one has closed its line.

        A line whose YAML is broken is closed: whatever else is found in it is only an echo.
        """
        line = (place.file, place.line)
        if line in self._closed:
            return False
        self._found[_at(place, problem)] = place
        if closes_line:
            self._closed.add(line)
        return True

    def has(self, place: Place, problem: Problem) -> bool:
        """Whether this very mistake is noted already."""
        return _at(place, problem) in self._found

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_any(self) -> None:
        """Raise them all, sorted by place.

        Raises:
            RoutineError: there are any.
        """
        if self._found:
            raise RoutineError(*sorted(self._found, key=lambda found: (self._found[found], astuple(found))))


def _at(place: Place, problem: Problem) -> Problem:
    """The problem at its place, and on one line: a quoted key or name may have line breaks."""
    fields = (problem.subject, problem.expected, problem.found)
    subject, expected, found = (" ".join(field.splitlines()) for field in fields)
    return replace(problem, place=place, subject=subject, expected=expected, found=found)
