"""The folder with the site: what did not change is not written again, and what is no longer there goes.

    Files + the list of what was written last -> Update

Only files on that list are replaced or removed, and no link leads out of the folder. The list stands with the site, in
its secret folder where it has one, since it would tell that name.
"""

import contextlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from audiogen.errors import OutputError, Problem
from audiogen.storage.files import replacing

LIST = ".audiogen-site.json"


@dataclass(frozen=True, slots=True)
class File:
    """A file of the site: its path with slashes, a key that changes with it, and its content or the file to copy."""

    path: str
    key: str
    content: Callable[[], bytes] | Path


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it was written: its key, and what the disk says of it. A `key` of "" was not written to its end."""

    key: str
    size_bytes: int = 0
    changed_ns: int = 0


@dataclass(frozen=True, slots=True)
class Update:
    """What became of the files of a site; those in `kept` went from it, but somebody changed them."""

    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(slots=True)
class Place:
    """The folder of a site, with what the last `update` wrote. `secret` is the name of its secret folder, if any."""

    folder: Path
    secret: str = field(init=False, default="")
    files: Mapping[str, Written] = field(init=False, default_factory=dict)
    _lists: Sequence[Path] = field(init=False, default=())

    def __post_init__(self) -> None:
        with contextlib.suppress(OSError):
            self._lists = [
                path for path in (self.folder / LIST, *sorted(self.folder.glob(f"*/{LIST}"))) if _plain(path)
            ]
        for path in self._lists:
            self.files = {**self.files, **_listed(path)}
            if path.parent != self.folder:
                self.secret = path.parent.name

    def update(self, files: Sequence[File], within: str) -> Update:
        """Write what changed of the files and remove what is not among them; the list gets into the folder `within`.

        Raises: OutputError, before anything is written, where a file of somebody else or a link is in the way.
        """
        self._refuse(files)
        wanted = {file.path: self.files.get(file.path, Written("")) for file in files}
        changed = [file for file in files if self._differs(file)]
        if changed:  # first the list, so that what an interrupted run wrote is known to be ours
            begun = {**self.files, **wanted, **{file.path: Written("") for file in changed}}
            self._note(within, begun)
        for file in changed:
            wanted[file.path] = self._write(file)
        gone = {path: written for path, written in self.files.items() if path not in wanted}
        kept = [path for path, written in gone.items() if not self._remove(path, written)]
        if changed or gone:
            self._note(within, wanted)
        self._forget_other_lists(within)
        removed = tuple(path for path in gone if path not in kept)
        return Update(tuple(file.path for file in changed), len(files) - len(changed), removed, tuple(kept))

    def _refuse(self, files: Iterable[File]) -> None:
        problems = []
        for file in files:
            if link := self._link_in(file.path):
                problems.append(Problem("share.link-in-site", subject=str(link)))
            elif (self.folder / file.path).exists() and file.path not in self.files:
                problems.append(Problem("share.foreign-file", subject=str(self.folder / file.path)))
        if problems:
            raise OutputError(*problems)

    def _link_in(self, path: str) -> Path | None:
        inside = PurePosixPath(path)
        steps = (self.folder / one for one in (inside, *inside.parents[:-1]))
        return next((step for step in steps if step.is_symlink()), None)

    def _differs(self, file: File) -> bool:
        written = self.files.get(file.path)
        return written is None or written.key != file.key or not self._is_as(file.path, written)

    def _is_as(self, path: str, written: Written) -> bool:
        """Whether a file is as it was written; nobody changed it."""
        with contextlib.suppress(OSError):
            stat = (self.folder / path).lstat()
            return (stat.st_size, stat.st_mtime_ns) == (written.size_bytes, written.changed_ns)
        return False

    def _write(self, file: File) -> Written:
        target = self.folder / file.path
        with replacing(target, lasting=False) as out:
            if isinstance(file.content, Path):
                with file.content.open("rb") as source:
                    shutil.copyfileobj(source, out, 1 << 20)
            else:
                out.write(file.content())
        stat = target.stat()
        return Written(file.key, stat.st_size, stat.st_mtime_ns)

    def _remove(self, path: str, written: Written) -> bool:
        """Remove a file that is as it was written, and folders that become empty; false where it stays."""
        target = self.folder / path
        if self._link_in(path) or (target.exists() and written.key and not self._is_as(path, written)):
            return False
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
            for folder in list(PurePosixPath(path).parents)[:-1]:
                (self.folder / folder).rmdir()  # ends at the first that is not empty
        return not target.exists()

    def _note(self, within: str, files: Mapping[str, Written]) -> None:
        lines = {path: [one.key, one.size_bytes, one.changed_ns] for path, one in files.items()}
        with replacing(self.folder / within / LIST, lasting=False) as out:
            out.write(json.dumps({"version": 1, "files": lines}, indent=0).encode())

    def _forget_other_lists(self, within: str) -> None:
        for path in self._lists:
            if path != self.folder / within / LIST:
                with contextlib.suppress(OSError):
                    path.unlink()
                    path.parent.rmdir()


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.parent.is_symlink()


def _listed(path: Path) -> dict[str, Written]:
    """Read a list, as far as it is one: no path on it may lead out of the folder."""
    try:
        files = json.loads(path.read_bytes())["files"]
        return {name: Written(*fields) for name, fields in _entries(files)}
    except (ValueError, TypeError, KeyError, AttributeError, OSError, RecursionError):
        return {}


def _entries(files: Mapping[str, list[object]]) -> Iterator[tuple[str, tuple[str, int, int]]]:
    for name, (key, size, changed) in files.items():
        inside = PurePosixPath(name)
        stays = not inside.is_absolute() and ".." not in inside.parts and inside.parts and "\\" not in name
        if stays and isinstance(key, str) and isinstance(size, int) and isinstance(changed, int):
            yield name, (key, size, changed)
