"""Read a routine from the text that is being written.

name + text -> Located

A text that a page sends may name files of this folder, and those that the user's routines name already: whoever has the
studio's address must not read any other by it.
"""

import os
from dataclasses import replace
from pathlib import Path

from audiogen.errors import Place, Problem, RoutineError
from audiogen.routine.find import is_name
from audiogen.routine.items import text_of
from audiogen.routine.load import Located, parse_located
from audiogen.routine.model import Routine
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import Map, Tree, read_tree
from audiogen.storage.files import from_home
from audiogen.studio.library import Library


def file_of(name: str) -> str:
    """Return what the text of a routine is called in places."""
    return f"routines/{name}.yaml"


def tree_of(name: str, text: str) -> Tree | None:
    """Read as much of the structure of a text as can be read; its mistakes are left to `read_located`."""
    return read_tree(text, file_of(name), Mistakes())


def read_located(name: str, text: str, library: Library) -> Located:
    """Read a text as the routine with this name.

    Raises:
        RoutineError: all its mistakes; or it names a file elsewhere that no routine of the user's names.
    """
    tree = tree_of(name, text)
    extends = text_of(tree, "extends") if isinstance(tree, Map) else None
    if extends and not is_name(extends) and _is_elsewhere(Path("routines") / from_home(extends)):
        raise RoutineError(Problem("studio.foreign-path", subject="extends"))
    located = parse_located(text, file_of(name))
    if foreign := _foreign_files(located.routine):
        known = {file for one in library.listed() if one.routine for file in _foreign_files(one.routine)}
        if not foreign <= known:
            raise RoutineError(Problem("studio.foreign-path", subject=min(foreign - known)))
    return located


def routine_of(name: str, text: str, library: Library) -> Routine:
    """Read a text as `read_located` does; its mistakes name their lines.

    Raises:
        RoutineError: it has mistakes, or names a file elsewhere.
    """
    try:
        return read_located(name, text, library).routine
    except RoutineError as error:
        raise RoutineError(*(_at_line(one, name) for one in error.problems)) from error


def _at_line(problem: Problem, name: str) -> Problem:
    place = problem.place
    if isinstance(place, Place) and place.file == file_of(name):
        return replace(problem, place=f"line {place.line}")
    return problem


def _foreign_files(routine: Routine) -> set[str]:
    """Return the files elsewhere that a routine names: sounds, music and voices."""
    voices = [voice.file for voice in (routine.voice, routine.fill) if voice and voice.file]
    return {str(file) for file in (*routine.sound_files, *voices) if _is_elsewhere(file)}


def _is_elsewhere(path: Path) -> bool:
    """Whether a path leads out of this folder, by how it is written."""
    written = from_home(str(path))
    way = os.path.relpath(written) if written.is_absolute() else os.path.normpath(written)
    return Path(way).parts[:1] == (os.pardir,)
