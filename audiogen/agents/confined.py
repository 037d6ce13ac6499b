"""Keep an agent inside the folder that was opened for it: whatever a path or a routine names is resolved first.

path, routine or voice -> the same, or an error
"""

from collections.abc import Iterator
from pathlib import Path

from audiogen.errors import Problem, RoutineError
from audiogen.routine.find import find_file, is_name, named_folders
from audiogen.routine.load import Located, load_located
from audiogen.routine.model import Routine
from audiogen.routine.voice_spec import VoiceSpec
from audiogen.storage.files import from_home

_OF_FILES = {f"routine.{code}" for code in ("missing-file", "misspelt-file", "folder", "unreadable")}


class Confined:
    """A folder, the current one; what comes with audiogen may be read, too."""

    def __init__(self) -> None:
        self.folder = Path.cwd().resolve()
        shipped = (folder for where, folder in named_folders() if where == "shipped")
        self._readable = (self.folder, *(folder.resolve() for folder in shipped))

    def path(self, written: str) -> Path:
        """Return the path of a file inside the folder, whatever links lead there.

        Raises:
            RoutineError: it is outside.
        """
        path = from_home(written)
        if not _is_inside(path, self.folder):
            raise RoutineError(Problem("agents.outside", subject=written))
        return path

    def read(self, path: Path) -> None:
        """Refuse to read a file that is neither in the folder nor comes with audiogen."""
        if not any(_is_inside(path, folder) for folder in self._readable):
            raise RoutineError(Problem("agents.outside", subject=str(path)))

    def load(self, name_or_path: str) -> Located:
        """Read a routine that, with all that it extends, uses and sounds, is inside.

        Raises:
            RoutineError: something of it is outside, or it has mistakes.
        """
        if "\n" in name_or_path:
            raise RoutineError(Problem("agents.text"))
        if not is_name(name_or_path):
            self.path(name_or_path)
        self.read(find_file(name_or_path))
        try:
            return load_located(name_or_path, reading=self.read, look=self._look)
        except RoutineError as error:
            error.problems = tuple(map(self._told, error.problems))
            raise

    def allow(self, routine: Routine, voice: VoiceSpec | None = None) -> None:
        """Refuse a routine that names music, sounds, recordings or a voice outside.

        Raises:
            RoutineError: a file of it is outside.
        """
        for file in _files_of(routine, voice):
            self.read(file)

    def _told(self, problem: Problem) -> Problem:
        """Tell nothing of what is outside, not even whether it is there."""
        if problem.code in _OF_FILES and not _is_inside(from_home(problem.subject), self.folder):
            return Problem("agents.outside", problem.place, problem.subject)
        return problem

    def _look(self, routine: Routine) -> Iterator[tuple[tuple[str, ...], Problem]]:
        """Refuse it before anything looks at its files."""
        self.allow(routine)
        yield from ()


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder)
    except (ValueError, OSError, RuntimeError):  # no path at all, or a link that leads to itself
        return False


def _files_of(routine: Routine, voice: VoiceSpec | None) -> Iterator[Path]:
    yield from routine.sound_files
    yield from (spec.file for spec in (voice, routine.voice, routine.fill) if spec and spec.file)
