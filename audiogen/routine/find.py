"""Where routine files are: a name or path -> the file, and its bytes -> text."""

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from stat import S_ISDIR, S_ISFIFO, S_ISREG
from typing import Literal

from audiogen.errors import OutputError, Place, Problem, RoutineError, UnknownRoutine
from audiogen.routine.yaml.mistakes import Mistakes
from audiogen.storage.config import user_routines_dir
from audiogen.storage.files import from_home
from audiogen.text import is_name_everywhere, shown

Where = Literal["here", "yours", "shipped"]
SUFFIXES = (".yaml", ".yml")
LARGEST_BYTES = 1_000_000  # a routine is a few kilobytes


@dataclass(frozen=True, slots=True)
class Found:
    """A routine with a name; a shadowed one is found only by path, because an earlier folder has its name."""

    name: str
    path: Path
    where: Where
    shadowed: bool = False


def find_routines() -> tuple[Found, ...]:
    """List all routines with a name: in ./routines, then in the user's folder, then those shipped with audiogen."""
    found: list[Found] = []
    for where, folder in named_folders():
        names = {one.name for one in found}
        for path in sorted(filter(_is_listed, _files_in(folder)), key=lambda path: (path.stem, path.suffix)):
            found.append(Found(path.stem, path, where, shadowed=path.stem in names))
            names.add(path.stem)
    return tuple(found)


def name_in_use(name: str) -> Found | None:
    """Find the routine, in any folder, whose name is this one to a file system: in any case and form of Unicode."""
    wanted = as_file_systems_compare(name)
    return next((one for one in find_routines() if as_file_systems_compare(one.name) == wanted), None)


def as_file_systems_compare(name: str) -> str:
    """Give a form of a name that is equal where file systems take two names for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def find_file(name_or_path: str | Path, *, folder: Path | None = None, other_than: Path | None = None) -> Path:
    """Find the file that a name or path means.

    An existing file, and whatever has a "/" or ends in ".yaml" or ".yml", is a path, relative to `folder` if one is
    given; all else is a name. The file `other_than` is never found by name: a variant may have its parent's name.

    Raises:
        UnknownRoutine: there is none.
        RoutineError: it is a folder.
    """
    written = str(name_or_path)
    path = (folder or Path()) / from_home(written)
    if isinstance(name_or_path, Path) or not is_name(written):
        return _existing(path)
    mode = None if folder else _mode(path)
    if mode is not None and not S_ISDIR(mode):
        _refuse_pipe(path, mode)
        return path
    for found in find_routines():
        if found.name == written and not (other_than and is_same_file(found.path, other_than)):
            return found.path
    raise UnknownRoutine(_unknown(written))


def is_name(written: str) -> bool:
    """Whether it is a routine's name, and not a path."""
    return "/" not in written and os.sep not in written and not written.endswith(SUFFIXES)


def routine_file(name: str) -> Path:
    """Give the path of the routine file that a name or a path means.

    A name is that of the file in ./routines whose name is the same to a file system, if there is one.

    Raises:
        OutputError: it is not the name of a routine file.
    """
    is_path = not is_name(name)
    path = Path(name) if is_path else Path("routines", f"{name}.yaml")
    if path.suffix not in SUFFIXES:
        raise OutputError(Problem("routine.not-a-routine-file", subject=name, expected=f"{path}.yaml"))
    if not _is_ordinary(path) and not (is_name_everywhere(path.name) and (is_path or name[:1] not in "-.")):
        raise OutputError(Problem("routine.not-a-file-name", subject=shown(path.name if is_path else name)))
    used = None if is_path else name_in_use(name)
    return used.path if used and used.where == "here" else path


def _is_ordinary(path: Path) -> bool:
    """Whether there is such a file already, whatever its name is."""
    mode = _mode(path)
    return mode is not None and S_ISREG(mode)


def shipped_name(path: Path) -> str | None:
    """Give the name by which a file shipped with audiogen is found from here; None for any other file."""
    if path.suffix != ".yaml" or not is_same_file(path.parent, _shipped_dir()):
        return None
    first = next((found.path for found in find_routines() if found.name == path.stem), path)
    return path.stem if is_same_file(first, path) else None


def read_text(path: Path, mistakes: Mistakes) -> str | None:
    """Read the text of a routine file; None where it is not text, which is noted as a mistake.

    Raises:
        RoutineError: the file cannot be read at all.
    """
    mistakes.reading(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise RoutineError(_unreadable(path, error)) from error
    return decoded(content, str(path), mistakes)


def decoded(content: bytes, file: str, mistakes: Mistakes) -> str | None:
    """Decode bytes as text, with or without a byte order mark."""
    if len(content) > LARGEST_BYTES:
        mistakes.add(Place(file), Problem("routine.too-large"))
        return None
    if b"\0" in content:
        at = content.index(b"\0")
        mistakes.add(_place_of(content, at, file), Problem("routine.not-text-file", found=str(at)))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start
        mistakes.add(_place_of(content, at, file), Problem("routine.not-utf-8", found=f"{content[at]:#04x}"))
        return None


def _place_of(content: bytes, offset: int, file: str) -> Place:
    line_start = content.rfind(b"\n", 0, offset) + 1
    before = content[line_start:offset].decode("utf-8", "replace")
    return Place(file, content.count(b"\n", 0, offset) + 1, len(before) + 1)


def named_folders() -> Iterator[tuple[Where, Path]]:
    """List the folders in which routines are found by name, in the order in which they are searched."""
    here, shipped = Path("routines"), _shipped_dir()
    yield "here", here
    yield "yours", user_routines_dir()
    if not is_same_file(here, shipped):  # in a checkout they are one folder
        yield "shipped", shipped


def _shipped_dir() -> Path:
    """Find the shipped routines: inside the package when installed, next to it in a checkout or editable install."""
    package = Path(__file__).parents[1]
    inside = package / "routines"
    return inside if inside.is_dir() else package.parent / "routines"


def _is_listed(path: Path) -> bool:
    """Whether a file is listed as a routine; hidden ones are what systems and editors write next to others."""
    return path.suffix in SUFFIXES and not path.name.startswith(".")


def _files_in(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_file()]
    except OSError:  # no such folder, or not readable
        return []


def _existing(path: Path) -> Path:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        near = get_close_matches(path.name, [other.name for other in _files_in(path.parent)], n=1)
        problem = Problem("routine.missing-file", subject=str(path))
        if near:
            problem = Problem("routine.misspelt-file", subject=str(path), expected=str(path.parent / near[0]))
        elif path.suffix in SUFFIXES and any(found.name == path.stem for found in find_routines()):
            problem = Problem("routine.misspelt-file", subject=str(path), expected=path.stem)
        raise UnknownRoutine(problem) from error
    except (OSError, ValueError) as error:  # a name too long, with a NUL, behind a locked folder
        raise RoutineError(_unreadable(path, error)) from error
    _refuse_pipe(path, mode)
    if S_ISDIR(mode):
        raise RoutineError(Problem("routine.folder", subject=str(path), expected=str(path / "NAME.yaml")))
    return path


def _refuse_pipe(path: Path, mode: int) -> None:
    """Refuse a pipe, whose reader waits for a writer, but those that a shell makes: `audiogen plan <(…)`."""
    if S_ISFIFO(mode) and path.parts[:2] not in (("/", "dev"), ("/", "proc")):
        raise RoutineError(Problem("routine.unreadable", subject=shown(path), found="it is a pipe"))


def _unreadable(path: Path, error: OSError | ValueError) -> Problem:
    reason = error.strerror if isinstance(error, OSError) else None
    return Problem("routine.unreadable", subject=shown(path), found=reason or str(error))


def _unknown(name: str) -> Problem:
    names = sorted({found.name for found in find_routines()})
    subject, listed = shown(name), ", ".join(names)
    if near := get_close_matches(name.lower(), names, n=2):
        return Problem("routine.misspelt-name", subject=subject, expected=" or ".join(map(shown, near)), found=listed)
    if name and _mode(Path(name)) is not None:
        return Problem("routine.folder-not-a-name", subject=subject, expected=f"{name}/NAME.yaml", found=listed)
    looked_in = ", ".join(str(folder) for _, folder in named_folders())
    return Problem("routine.unknown-name", subject=subject, expected=looked_in, found=listed)


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return None


def is_same_file(one: Path, other: Path) -> bool:
    """Check whether two paths lead to the same existing file or folder."""
    try:
        return one.samefile(other)
    except OSError:
        return False
