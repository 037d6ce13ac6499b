"""A routine file together with the files of sound that it names.

name or path -> Routine, or every mistake with its place: a file of sound that cannot be had is one at its key
"""

from collections.abc import Iterator
from pathlib import Path

from audiogen.errors import MusicError, Problem
from audiogen.routine.load import load_routine
from audiogen.routine.model import Routine
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir
from audiogen.track.tones.own import unusable


def load_inspected(name_or_path: str | Path) -> Routine:
    """Like `load_routine`, which is content with names of files: overrides may still put others in their place.

    Raises:
        RoutineError: mistakes in the file, its music that cannot be opened, its own tones that cannot be used.
    """
    store = Cache(cache_dir())

    def look(routine: Routine) -> Iterator[tuple[tuple[str, ...], Problem]]:
        try:
            if routine.music:
                routine.music.require()
        except MusicError as error:
            yield from ((("music",), problem) for problem in error.problems)
        for role, problem in unusable(store, routine.sounds):
            yield ("sounds", role), problem

    return load_routine(name_or_path, look=look)
