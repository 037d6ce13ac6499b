"""The files of sound that a routine names, beside its voice's: its music, and its own tones.

Routine -> paths;   music -> nothing, or why there is none
"""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from audiogen.errors import MusicError
from audiogen.routine.model import Routine
from audiogen.routine.settings import AMBIENCES
from audiogen.routine.sounds import read_sounds

__all__ = ["require_music", "sound_files"]


def sound_files(routine: Routine) -> Iterator[Path]:
    """Whether they are there or not."""
    if routine.music is not None and routine.music not in AMBIENCES:
        yield Path(routine.music).expanduser()
    for file in read_sounds(routine.sounds).files.values():
        yield Path(file).expanduser()


def require_music(music: str | None) -> None:
    """Make sure that there is a file of that name which can be opened, as far as that is known without decoding it.

    Raises: MusicError.
    """
    if music is None or music in AMBIENCES:
        return
    path = Path(music)
    try:
        if not path.exists():
            raise MusicError(_unknown(path))
        if not path.is_file():
            raise MusicError(f"The music {path} is no file.")
        path.open("rb").close()
    except (OSError, ValueError) as error:  # behind a locked folder, a name too long, with a NUL
        reason = error.strerror if isinstance(error, OSError) else error
        raise MusicError(f"The music {path} cannot be read: {reason}.") from error


def _unknown(path: Path) -> str:
    near = get_close_matches(path.name.lower(), AMBIENCES, n=1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return f"There is no music {path}{meant}; give a file, or one of {', '.join(AMBIENCES)}."
