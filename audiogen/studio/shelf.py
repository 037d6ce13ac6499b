"""Rename and delete finished tracks, each with the files next to it.

    name -> another name, or aside: into a folder of its own, from where it can come back until the studio ends

To put aside is to rename within one file system, so nothing is ever copied or half there. A studio that is killed
leaves what it put aside; the next one offers it again.
"""

import contextlib
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from audiogen.errors import OutputError, Problem, TrackError
from audiogen.export.formats import SOUNDS, is_sound
from audiogen.export.sidecars import sidecar_paths
from audiogen.routine.find import as_file_systems_compare
from audiogen.share.tracks import Track
from audiogen.storage.files import is_file
from audiogen.studio.names import track_name

ASIDE = ".audiogen-deleted"  # in the output folder: renaming leads into no other file system


@dataclass(frozen=True, slots=True)
class Deleted:
    """A track that was put aside: the name of its file, and under which number it comes back."""

    number: str
    name: str


@dataclass(slots=True)
class Shelf:
    """The output folder as a place to tidy. `in_use` tells whether a render is writing a file."""

    folder: Path
    in_use: Callable[[Path], bool]
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def deleted(self) -> list[Deleted]:
        """Everything that can come back, the latest last."""
        found = []
        for place in self._aside():
            track = next((path for path in _files_in(place) if is_sound(path)), None)
            if track:
                found.append(Deleted(place.name, track.name))
        return found

    def rename(self, track: Track, stem: str) -> str:
        """Give a track another name, and the files next to it; its format stays. Returns the file's new name.

        Raises:
            OutputError: not a plain name, one that is in use to a file system, or the system refuses.
        """
        target = self.folder / track_name(f"{stem.strip().removesuffix(track.path.suffix)}{track.path.suffix}")
        with self._lock, _refusals(target):
            moves = self._moves(track.path, target)
            self._require_free([there for here, there in moves], [here for here, _ in moves], _name_in_use)
            _move(moves)
        return target.name

    def delete(self, track: Track) -> Deleted:
        """Put a track aside, and the files next to it.

        Raises:
            OutputError: the system refuses.
        """
        number = f"{time.time_ns():020}-{secrets.token_hex(4)}"
        place = self.folder / ASIDE / number
        with self._lock, _refusals(track.path):
            place.mkdir(parents=True)
            _move(self._moves(track.path, place / track.name))
        return Deleted(number, track.name)

    def restore(self, number: str) -> str:
        """Bring back what was put aside, under its name.

        Raises:
            TrackError: nothing was, or it is gone by now.
            OutputError: its name is in use by now, or the system refuses.
        """
        with self._lock:
            place = next((one for one in self._aside() if one.name == number), None)
            files = sorted(_files_in(place) if place else [], key=is_sound)
            if not place or not files:
                raise TrackError(Problem("studio.gone-for-good"))
            moves = [(path, self.folder / path.name) for path in files]  # the track comes last: until then it can again
            with _refusals(moves[-1][1]):
                self._require_free([there for _, there in moves], (), _undo_in_use)
                _move(moves)
                place.rmdir()
                with contextlib.suppress(OSError):  # there is more in it
                    place.parent.rmdir()
        return files[-1].name

    def forget(self) -> None:
        """Delete for good what was put aside."""
        shutil.rmtree(self.folder / ASIDE, ignore_errors=True)

    def _aside(self) -> list[Path]:
        try:
            return sorted(path for path in (self.folder / ASIDE).iterdir() if path.is_dir() and not path.is_symlink())
        except OSError:  # nothing was
            return []

    def _moves(self, track: Path, target: Path) -> list[tuple[Path, Path]]:
        """What moves where: the track, then the files next to it, unless they are next to another of its name too."""
        moves = [(track, target)]
        if any(is_file(track.with_suffix(suffix)) for suffix in SOUNDS if suffix != track.suffix.lower()):
            return moves
        pairs = zip(sidecar_paths(track), sidecar_paths(target), strict=True)
        return [*moves, *((here, there) for here, there in pairs if is_file(here))]

    def _require_free(
        self, wanted: Sequence[Path], other_than: Sequence[Path], in_use: Callable[[str], Problem]
    ) -> None:
        taken = {as_file_systems_compare(path.name) for path in self.folder.iterdir() if path not in other_than}
        for path in wanted:
            if as_file_systems_compare(path.name) in taken:
                raise OutputError(in_use(path.name))
            if self.in_use(path):
                raise OutputError(Problem("studio.rendering", subject=path.name))


def _name_in_use(name: str) -> Problem:
    return Problem("studio.name-in-use", subject=name)


def _undo_in_use(name: str) -> Problem:
    return Problem("studio.undo-in-use", subject=name)


def _files_in(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if is_file(path)]
    except OSError:
        return []


def _move(moves: Sequence[tuple[Path, Path]]) -> None:
    """Move all files, or none."""
    done: list[tuple[Path, Path]] = []
    try:
        for here, there in moves:
            here.rename(there)
            done.append((here, there))
    except OSError:
        for here, there in reversed(done):
            with contextlib.suppress(OSError):
                there.rename(here)
        raise


@contextlib.contextmanager
def _refusals(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(Problem("storage.unwritable", subject=str(target), found=reason)) from error
