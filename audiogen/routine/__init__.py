"""A routine file -> a `Routine`, or every mistake in it with its place.

text ──► tree ──► extends ──► reader ──► Routine
         YAML     variants    models and checks
"""

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import cast

from audiogen.routine.dump import routine_text
from audiogen.routine.extends import resolved
from audiogen.routine.find import Found, decoded, find_file, find_routines, read_text, routine_file
from audiogen.routine.keys import SET_IN_EXERCISE, SET_IN_ROUTINE
from audiogen.routine.model import Cue, Exercise, Phase, Rounds, Routine, words
from audiogen.routine.music import Music, read_music
from audiogen.routine.reader import Look, read_routine
from audiogen.routine.slugs import find_exercise, slug_of
from audiogen.routine.sounds import LONGEST_MS, Sounds, read_sounds
from audiogen.routine.values import At, Side, Sided, Text
from audiogen.routine.variant import save_variant, variant_text
from audiogen.routine.voice_spec import AUTO, VoiceSpec
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.routine.yaml.tree import read_tree

__all__ = [
    "AUTO",
    "LONGEST_MS",
    "SET_IN_EXERCISE",
    "SET_IN_ROUTINE",
    "STARTER",
    "At",
    "Cue",
    "Exercise",
    "Found",
    "Music",
    "Phase",
    "Rounds",
    "Routine",
    "Side",
    "Sided",
    "Sounds",
    "Text",
    "VoiceSpec",
    "find_exercise",
    "find_file",
    "find_routines",
    "load_routine",
    "parse_routine",
    "read_music",
    "read_sounds",
    "routine_file",
    "routine_text",
    "save_variant",
    "schema",
    "slug_of",
    "variant_text",
    "words",
]

STARTER = Path(__file__).with_name("starter.yaml").read_text("utf-8")  # what `audiogen new` writes


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


def schema() -> dict[str, object]:
    """Build the JSON Schema (2020-12) of a routine file, by which editors complete and check."""
    from audiogen.routine.json_schema import document  # 20 ms that only editors need

    return document()


def _routine(text: str | None, file: str, mistakes: Mistakes, source: Path | None, look: Look | None = None) -> Routine:
    tree = read_tree(text, file, mistakes) if text is not None else None
    routine = read_routine(resolved(tree, Path(file), mistakes), mistakes, source, look) if tree is not None else None
    mistakes.raise_any()
    return cast(Routine, routine)  # without mistakes there is one
