"""Read a routine from its file or from a text."""

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import cast

from audiogen.routine.extends import resolved
from audiogen.routine.find import decoded, find_file, read_text
from audiogen.routine.model import Routine
from audiogen.routine.reader import Look, read_routine
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import read_tree


def load_routine(
    name_or_path: str | PathLike[str], *, reading: Callable[[Path], None] | None = None, look: Look | None = None
) -> Routine:
    """Read a routine file: a path if it exists, has a "/" or ends in ".yaml"; else a name, as `find_routines` lists.

    `reading` is called with the file and each one that it extends, just before it is read. `look` may report more
    problems, each at a key: it sees the routine with stand-ins for what is broken.

    Raises:
        UnknownRoutine: there is no such routine; the problem has near names.
        RoutineError: the file cannot be read, or has mistakes: all of them, each with its place.
    """
    mistakes = Mistakes(reading)
    path = find_file(name_or_path if isinstance(name_or_path, str) else Path(name_or_path))
    return _routine(read_text(path, mistakes), str(path), mistakes, path, look)


def parse_routine(text: str, file: str = "<text>") -> Routine:
    """Read a routine from a text; `file` names it in places, and paths in `extends` are relative to its folder.

    Raises:
        RoutineError: all mistakes, each with its place.
    """
    mistakes = Mistakes()
    content = text.encode("utf-8", "surrogatepass")
    return _routine(decoded(content, file, mistakes), file, mistakes, None)


def _routine(text: str | None, file: str, mistakes: Mistakes, source: Path | None, look: Look | None = None) -> Routine:
    tree = read_tree(text, file, mistakes) if text is not None else None
    routine = read_routine(resolved(tree, Path(file), mistakes), mistakes, source, look) if tree is not None else None
    mistakes.raise_any()
    return cast(Routine, routine)  # without mistakes there is one
