"""Open a routine, its draft or a copy of it for writing.

name -> what the page begins with
"""

from audiogen.errors import Problem, UnknownRoutine
from audiogen.routine.find import name_in_use
from audiogen.studio.library import Library
from audiogen.studio.posted import Document
from audiogen.studio.writing.drafts import read_draft, revision_of
from audiogen.studio.writing.files import OnDisk, begun, conflict, on_disk


def opened(name: str) -> Document | None:
    """Open a draft, else the routine in ./routines; None for a routine that lies elsewhere, of which one opens a copy.

    Raises:
        UnknownRoutine: there is neither.
    """
    there, draft = on_disk(name), read_draft(name)
    if draft:
        found = conflict(there, draft.base, draft.text)
        return _document(name, OnDisk(draft.text, draft.base), draft=True, found=found)
    if there.revision:
        return _document(name, there)
    if name_in_use(name) is None:
        raise UnknownRoutine(Problem("studio.unknown-routine"))
    return None


def opened_copy(name: str, library: Library) -> Document:
    """Open a copy of a routine under a free name."""
    copy = begun(f"routine:{name}", library)
    return {**_document(copy["name"], OnDisk(copy["text"])), "copy_of": name}


def _document(name: str, text: OnDisk, *, draft: bool = False, found: Document | None = None) -> Document:
    return {
        "name": name,
        "text": text.text,
        "base": text.revision,
        "draft": draft,
        "draft_revision": revision_of(text.text) if draft else "",
        "copy_of": None,
        "conflict": {**found, "sentence": found["conflict"]} if found else None,
    }
