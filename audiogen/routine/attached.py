"""The files of sound that a routine names, beside its voice's: its music, and its own tones.

Routine -> paths
"""

from collections.abc import Iterator
from pathlib import Path

from audiogen.routine.model import Routine
from audiogen.routine.sounds import read_sounds
from audiogen.settings import AMBIENCES

__all__ = ["sound_files"]


def sound_files(routine: Routine) -> Iterator[Path]:
    """Whether they are there or not."""
    if routine.music is not None and routine.music not in AMBIENCES:
        yield Path(routine.music).expanduser()
    for file in read_sounds(routine.sounds).files.values():
        yield Path(file).expanduser()
