"""The sound files that a routine names, apart from its voice's: its music and its own tones.

Routine -> paths;   music -> nothing, or why there is none
"""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from audiogen.errors import MusicError, Problem
from audiogen.routine.model import Routine
from audiogen.routine.settings import AMBIENCES
from audiogen.routine.sounds import read_sounds
from audiogen.text import shown

__all__ = ["require_music", "sound_files"]


def sound_files(routine: Routine) -> Iterator[Path]:
    """List the sound files that a routine names, whether they exist or not."""
    if routine.music is not None and routine.music not in AMBIENCES:
        yield Path(routine.music).expanduser()
    for file in read_sounds(routine.sounds).files.values():
        yield Path(file).expanduser()


def require_music(music: str | None) -> None:
    """Check that music which is a file exists and can be opened; it is not decoded.

    Raises:
        MusicError: it does not exist, or cannot be opened.
    """
    if music is None or music in AMBIENCES:
        return
    path = Path(music)
    try:
        if not path.exists():
            raise MusicError(_unknown(path))
        if not path.is_file():
            raise MusicError(Problem("routine.music-not-a-file", subject=str(path)))
        path.open("rb").close()
    except (OSError, ValueError) as error:  # behind a locked folder, a name too long, with a NUL
        reason = error.strerror if isinstance(error, OSError) else None
        problem = Problem("routine.music-unreadable", subject=shown(path), found=reason or str(error))
        raise MusicError(problem) from error


def _unknown(path: Path) -> Problem:
    if near := get_close_matches(path.name.lower(), AMBIENCES, n=1):
        return Problem("routine.misspelt-music", subject=str(path), expected=near[0])
    return Problem("routine.unknown-music", subject=str(path), expected=", ".join(AMBIENCES))
