"""What is wrong, with fields: code that decides something reads these, never the sentence.

Problem -> sentence
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a person would look: line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A way out. `code` finds its words in `catalogue/remedies.toml`.

    Where a setting (`audiogen.routine.settings`) is the way out, `setting` and `value` say which: the command line
    words it as a flag, the studio as a button. `command` is what to type instead, such as "audiogen voices --check".
    """

    code: str
    setting: str = ""
    value: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong: where, with what, what was expected, what was found, and the ways out.

    `code` is the name of a catalogue and a key in it: "timeline.length-unmet" finds its sentence in
    `catalogue/timeline.toml`. `place` is a place in a file, or words such as "3 Double V, right side". The other fields
    are put into the sentence as they are; how many of them a code uses is seen in its sentence. `slug` is the exercise
    of a routine that it is about, if it is about one, and `path` leads to what in it: ("cues", 2).
    """

    code: str
    place: Place | str | None = None
    subject: str = ""
    expected: str = ""
    found: str = ""
    remedies: tuple[Remedy, ...] = ()
    slug: str = ""
    path: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return self.sentence()

    def sentence(self, worded: Callable[[Remedy], str] | None = None) -> str:
        """The problem in words; `worded` says a remedy in another way than by flags.

        Raises:
            KeyError: no catalogue has this code: a bug.
        """
        from audiogen.errors.sentences import sentence  # reads a file, which most runs never need

        return sentence(self, worded)

    def within(self, place: str) -> "Problem":
        """The same problem with its own place inside another, such as a row of a table."""
        return replace(self, place=place if self.place is None else f"{place}: {self.place}")

    def to_json(self) -> dict[str, Any]:
        """Return the sentence and the fields."""
        return {"message": str(self), **asdict(self)}

    def without_remedies(self) -> "Problem":
        return replace(self, remedies=())


class Notice(Problem):
    """Something that a user should know and that stops nothing: fields and catalogue as for a problem."""

    __slots__ = ()
