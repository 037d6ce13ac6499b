"""Read the output folder for the studio: finished tracks, with what their tags contain.

name of a file -> Track

Only names in the folder's own listing are answered, so no path leads out of it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from audiogen.errors import Problem, RoutineError, TrackError
from audiogen.export.extract import carried
from audiogen.export.formats import is_sound
from audiogen.routine.load import parse_routine
from audiogen.routine.model import Routine
from audiogen.share.tracks import Track, read_track
from audiogen.text import is_text


@dataclass(slots=True)
class Tracks:
    """The tracks of one folder, each read again only when its file has changed."""

    folder: Path
    _cached: dict[Path, tuple[tuple[int, int], Track | None]] = field(default_factory=dict)
    _routines: dict[Path, tuple[Track, Routine | None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def all(self) -> list[Track]:
        """Return every audiogen track in the folder, the newest first."""
        found = [track for path in self._paths() if (track := self._read(path))]
        return sorted(found, key=lambda track: (-track.made_s, track.name))

    def named(self, name: str) -> Track:
        """Return the track in a file with this name.

        Raises:
            TrackError: there is no such file in the folder, or it is not an audiogen track.
        """
        for path in self._paths():
            if path.name == name:
                if track := self._read(path):
                    return track
                raise TrackError(Problem("studio.no-timeline"))
        raise TrackError(Problem("studio.unknown-track"))

    def routine(self, track: Track) -> Routine | None:
        """Return the routine inside a track, which takes a tenth of a second; None where there is none to be read."""
        if not self.has_read(track):
            self._routines[track.path] = track, _routine(track.path)
        return self._routines[track.path][1]

    def has_read(self, track: Track) -> bool:
        """Whether the routine inside a track is in memory."""
        read = self._routines.get(track.path)
        return read is not None and read[0] is track

    def _paths(self) -> Sequence[Path]:
        try:
            paths = [path for path in self.folder.iterdir() if is_sound(path) and path.name[0] != "."]
        except OSError:  # not made yet
            return []
        return [path for path in paths if is_text(path.name)]

    def _read(self, path: Path) -> Track | None:
        try:
            # A link could lead out of the folder; those who make one here want it, but a web page must not follow it.
            if path.is_symlink() or not path.is_file():
                return None
            stat = path.stat()
            print_ = (stat.st_mtime_ns, stat.st_size)
            with self._lock:
                cached = self._cached.get(path)
            if cached is None or cached[0] != print_:
                cached = (print_, read_track(path))
                with self._lock:
                    self._cached[path] = cached
            return cached[1]
        except OSError:  # gone, or locked, since it was listed
            return None


def _routine(path: Path) -> Routine | None:
    try:
        return parse_routine(carried(path, "routine").decode("utf-8", "replace"), path.name)
    except (TrackError, RoutineError):  # none, or one of another version
        return None
