"""Keep what is written and not saved yet, in routines/.drafts.

name -> Draft

A draft is the user's work: it is written whole, stays until it is saved or discarded, and is no routine.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from audiogen.errors import OutputError, Problem, RoutineError
from audiogen.routine.find import LARGEST_BYTES, as_file_systems_compare
from audiogen.storage.files import replacing
from audiogen.studio.names import is_plain, plain_name

FOLDER = Path("routines", ".drafts")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text, and the revision of the file that it was begun from: "" for none."""

    text: str
    base: str

    @property
    def revision(self) -> str:
        return revision_of(self.text)


def revision_of(text: str) -> str:
    """Return what is the same for the same text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read_draft(name: str) -> Draft | None:
    """Return the draft of a routine; None if there is none.

    Raises:
        RoutineError: it is damaged, or cannot be read.
    """
    path = _path(name)
    try:
        document = json.loads(path.read_bytes())
        return Draft(str(document["text"]), str(document["base"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise RoutineError(Problem("studio.damaged-draft", subject=str(path))) from error


def write_draft(name: str, draft: Draft) -> None:
    """Keep a draft in place of an earlier one.

    Raises:
        OutputError: it cannot be written.
        RoutineError: it is larger than a routine may be.
    """
    if len(draft.text.encode()) > LARGEST_BYTES:
        raise RoutineError(Problem("routine.too-large"))
    with replacing(_path(name)) as file:
        file.write(json.dumps({"text": draft.text, "base": draft.base}).encode())


def discard_draft(name: str) -> None:
    """Delete the draft of a routine, if there is one.

    Raises:
        OutputError: it cannot be deleted.
    """
    path = _path(name)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(Problem("storage.unwritable", subject=str(path), found=error.strerror or "")) from error


def drafts() -> list[str]:
    """Return the names of all drafts."""
    try:
        return sorted(path.stem for path in FOLDER.iterdir() if path.suffix == ".json" and is_plain(path.stem))
    except OSError:  # not made yet
        return []


def _path(name: str) -> Path:
    """Find the file of a draft; names compare as file systems do.

    Raises:
        OutputError: the name could lead elsewhere.
    """
    wanted = as_file_systems_compare(plain_name(name))
    found = next((one for one in drafts() if as_file_systems_compare(one) == wanted), name)
    return FOLDER / f"{found}.json"
