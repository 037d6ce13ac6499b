"""What sounds below a session, as `music:` and `--music` write it: one of the computed ambiences, or a file.

"rain", "music/calm.mp3"  ->  Music
"""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from audiogen.errors import InvalidValue, MusicError, Problem
from audiogen.routine.settings import AMBIENCES
from audiogen.routine.sounds import anchored
from audiogen.text import shown


@dataclass(frozen=True, slots=True)
class Music:
    """An ambience, or a file; ``str(music)`` is how it is written."""

    written: str

    @property
    def file(self) -> Path | None:
        """The file, or None for an ambience."""
        return None if self.written in AMBIENCES else Path(self.written)

    @property
    def name(self) -> str:
        """How documents call it: of a file the name alone, never where it lies."""
        return Path(self.written).name

    def anchored(self, folder: Path) -> "Music":
        """The same with its file named from `folder`."""
        return self if self.file is None else Music(anchored(folder, self.written))

    def require(self) -> None:
        """Check that a file exists and can be opened; it is not decoded.

        Raises:
            MusicError: it does not exist, or cannot be opened.
        """
        if self.file is None:
            return
        path = self.file.relative_to(Path.cwd()) if self.file.is_relative_to(Path.cwd()) else self.file
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

    def __str__(self) -> str:
        return self.written


def _unknown(path: Path) -> Problem:
    if near := get_close_matches(path.name.lower(), AMBIENCES, n=1):
        return Problem("routine.misspelt-music", subject=str(path), expected=near[0])
    return Problem("routine.unknown-music", subject=str(path), expected=", ".join(AMBIENCES))


def read_music(value: object) -> Music | None:
    """What is written under `music`; None for "none".

    Raises:
        InvalidValue: no name at all.
    """
    if isinstance(value, Music):
        return value
    written = str(value).strip() if isinstance(value, str | int | float | Path) else ""
    if value is None or written.lower() == "none":
        return None
    if not written or isinstance(value, bool):
        raise InvalidValue(Problem("routine.not-music", expected=", ".join(AMBIENCES), found=shown(value)))
    return Music(written.lower() if written.lower() in AMBIENCES else written)
