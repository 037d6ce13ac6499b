"""From what people have to a routine file: an article, a chat answer, a spreadsheet, a timer app's export.

    text or file -> Imported: the text of a routine file, its guesses, and what was left out

Nothing is invented: every spoken word stands in the source, and a number that does not is marked as a guess. No network
and no language model take part.
"""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from audiogen.errors import Problem, RoutineError
from audiogen.importing.build import routine_lines, spots_in_order
from audiogen.importing.classify import Judged
from audiogen.importing.draft import Circuit, Draft, Guess, Item, LeftOut
from audiogen.importing.fit import Checked, fitted
from audiogen.importing.line import Spot
from audiogen.importing.read import Found, read_bytes, read_file, read_text
from audiogen.routine.load import parse_located
from audiogen.routine.model import Routine
from audiogen.session import plan
from audiogen.session.coach import Hint, hints

__all__ = ["Guess", "Imported", "LeftOut", "Spot", "import_bytes", "import_routine"]


MOST_ITEMS = 120


@dataclass(frozen=True, slots=True)
class Imported:
    """A routine that was found in something else.

    `text` is that of its file; `guesses` and `left_out` have their places in the source. `lines` says what each line of
    the source was taken for, with its score.
    """

    text: str
    routine: Routine
    length_ms: int
    guesses: tuple[Guess, ...]
    left_out: tuple[LeftOut, ...]
    lines: tuple[Judged, ...] = ()
    notices: tuple[str, ...] = ()

    def hints(self, file: str = "<text>") -> tuple[Hint, ...]:
        """What a coach would say otherwise, each at its place in the text, which `file` names."""
        located = parse_located(self.text, file)
        return hints(located.routine, plan(located.routine), located)

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.routine.title,
            "routine": self.text,
            "length_ms": self.length_ms,
            "guesses": [
                {
                    "line": one.spot.line,
                    "column": one.spot.column,
                    "about": one.about,
                    "key": one.key,
                    "reason": one.reason,
                }
                for one in self.guesses
            ],
            "left_out": [
                {"line": one.spot.line, "column": one.spot.column, "kind": one.kind, "text": one.text}
                for one in self.left_out
            ],
            "notices": list(self.notices),
            "hints": [hint.to_json() for hint in self.hints()],
        }


def import_routine(text_or_path: str | PathLike[str], *, name: str | None = None) -> Imported:
    """Find the routine in a text, or in a file that a path names.

    A `str` that has a line break is a text; any other names a file.

    Raises:
        RoutineError: there is nothing to do in it, or it cannot be read.
    """
    if isinstance(text_or_path, str) and "\n" in text_or_path:
        return _imported(read_text(text_or_path), name or "", "the text")
    path = Path(text_or_path)
    return _imported(read_file(path), name or "", path.name, stem=path.stem)


def import_bytes(content: bytes, *, subject: str = "the text", suffix: str = "", name: str | None = None) -> Imported:
    """Find the routine in what a pipe or a clipboard holds; a suffix such as ".csv" says which format it has."""
    return _imported(read_bytes(content, subject, suffix), name or "", subject)


def _imported(found: Found, name: str, subject: str, *, stem: str = "") -> Imported:
    draft = found.draft
    _titled(draft, name, stem)
    _shortened(draft)
    if not draft.items:
        raise RoutineError(Problem("importing.no-exercise", subject=subject))
    checked: Checked = fitted(draft, lambda roomy: routine_lines(draft, found.words, roomy=roomy), subject)
    return Imported(
        checked.text,
        checked.routine,
        checked.length_ms,
        tuple(spots_in_order(checked.guesses)),
        tuple(sorted(draft.left_out, key=lambda one: one.spot)),
        tuple(found.judged),
        checked.notices,
    )


def _shortened(draft: Draft) -> None:
    """Leave out what no session has room for."""
    kept = list[Item]()
    count = 0
    for item in draft.items:
        count += len(item.moves) if isinstance(item, Circuit) else 1
        if count <= MOST_ITEMS:
            kept.append(item)
        else:
            name = item.moves[0].name if isinstance(item, Circuit) else item.name
            draft.left_out.append(LeftOut(name, item.spot, f"more than {MOST_ITEMS} exercises"))
    draft.items[:] = kept


def _titled(draft: Draft, name: str, stem: str) -> None:
    """Give the draft the title that was asked for, or that of its file where it has none."""
    if name:
        draft.title = name
    elif not draft.title.strip():
        draft.title = " ".join(stem.replace("-", " ").replace("_", " ").split()).capitalize() or "Session"
        draft.guesses.append(Guess("the title, as the source has none", Spot(1), "", "title"))
