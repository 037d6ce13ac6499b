"""The files of routines that are written: their names, the texts to begin from, and saving.

    what to begin from -> name + text;   name + text -> a whole file, or a question

A file is only replaced by who knows what is in it: a page sends the revision that its text was begun from.
"""

import itertools
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from audiogen.errors import OutputError, Problem, RoutineError, UnknownRoutine
from audiogen.routine.dump import routine_text
from audiogen.routine.find import as_file_systems_compare, name_in_use, read_text, routine_file
from audiogen.routine.load import parse_routine
from audiogen.routine.slugs import slug_of
from audiogen.routine.templates import TEMPLATES, template
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.storage.files import exists, replacing
from audiogen.studio.library import Library
from audiogen.studio.names import is_plain, plain_name
from audiogen.studio.posted import Document
from audiogen.studio.problems import about_saving, sentence
from audiogen.studio.writing.differing import differing
from audiogen.studio.writing.drafts import drafts, revision_of
from audiogen.studio.writing.reading import file_of

EMPTY = "title: New routine\nexercises:\n  - name: New exercise\n    hold: 30s\n"
ROUTINES = Path("routines")
LONGEST_STEM = 80  # bytes of a name that is made; what is appended to it has room


class OnDisk(NamedTuple):
    """The text of a file, and its revision: both "" where there is none."""

    text: str = ""
    revision: str = ""


def target_of(name: str) -> Path:
    """Return the file in ./routines that a name means.

    Raises:
        OutputError: it could lead elsewhere.
    """
    target = routine_file(plain_name(name))
    if target.parent != ROUTINES:
        raise OutputError(Problem("studio.variant-name"))
    return target


def on_disk(name: str) -> OnDisk:
    """Read the file in ./routines that a name means.

    Raises:
        RoutineError: it cannot be read as text.
    """
    target = target_of(name)
    if not exists(target):
        return OnDisk()
    text = _read(target)
    return OnDisk(text, revision_of(text))


def _read(path: Path) -> str:
    mistakes = Mistakes()
    text = read_text(path, mistakes)
    mistakes.raise_any()
    return text or ""


def free_name(wanted: str) -> str:
    """Return the first name like this one that no routine and no draft has: "hips-2"."""
    stem = slug_of(wanted).encode()[:LONGEST_STEM].decode(errors="ignore").strip("-") or "routine"
    taken = set(map(as_file_systems_compare, drafts()))

    def is_free(name: str) -> bool:
        return is_plain(name) and name_in_use(name) is None and as_file_systems_compare(name) not in taken

    names = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
    return next(filter(is_free, names))


def begun(origin: str, library: Library, wanted: str = "", title: str = "") -> Document:
    """Return a free name and a text to begin from: "empty", "template:NAME" or "routine:NAME".

    Raises:
        RoutineError: there is none of this name.
    """
    kind, _, name = origin.partition(":")
    if kind == "routine":
        text = copied(name, library)
    elif kind == "template" and name in TEMPLATES:
        text = template(name)
    elif origin == "empty":
        text = EMPTY
    else:
        raise UnknownRoutine(Problem("studio.unknown-routine"))
    named = wanted or title or (name if kind == "routine" else f"{name or 'new'} routine")
    return {"name": free_name(named), "text": text, "base": ""}


def copied(name: str, library: Library) -> str:
    """Return the text of a routine from any folder, so that it means the same in ./routines.

    Raises:
        UnknownRoutine: there is no routine of this name.
        RoutineError: it has mistakes.
    """
    routine = library.routine(name)
    text = _read(routine.source) if routine.source else routine_text(routine)
    try:
        same = parse_routine(text, file_of(name)) == routine
    except RoutineError:  # what it extends is not found from there
        same = False
    return text if same else routine_text(routine)


def saved(name: str, text: str, base: str, *, replace: bool) -> Document:
    """Save a text as a routine in ./routines; ask first where its name is in use, and tell of a file that changed.

    Raises:
        OutputError: it cannot be written; an earlier file is left as it was.
    """
    target, there = target_of(name), on_disk(name)
    if base and (found := conflict(there, base, text)):
        return {**found, "name": target.stem}
    if not (base and there.revision == base) and not replace and (question := about_saving(target)):
        return question
    if "\r\n" in there.text and "\r\n" not in text:
        text = text.replace("\n", "\r\n")
    with replacing(target) as file:
        file.write(text.encode())
    url = f"shape/{quote(target.stem)}"
    return {"saved": target.as_posix(), "name": target.stem, "revision": revision_of(text), "url": url}


def conflict(there: OnDisk, base: str, mine: str) -> Document | None:
    """Say that a file is another than the one that a text was begun from, with what differs; None if it is not.

    A file that was deleted is in nobody's way.
    """
    if there.revision in ("", base):
        return None
    found = Problem("studio.changed-on-disk" if base else "studio.name-taken")
    return {"conflict": sentence(found), **there._asdict(), "differing": differing(mine, there.text)}
