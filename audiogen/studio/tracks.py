"""Read the output folder for the studio: finished tracks, with what their tags contain.

name of a file -> Track

Only names in the folder's own listing are answered, so no path leads out of it.
"""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from audiogen.durations import format_clock
from audiogen.errors import AudiogenError, OutputError, Problem, RoutineError, TrackError
from audiogen.export import formats
from audiogen.export.extract import carried
from audiogen.export.formats import SOUNDS
from audiogen.routine.load import parse_routine
from audiogen.routine.model import Routine
from audiogen.text import is_name_everywhere, is_text
from audiogen.timeline.document import read_timeline
from audiogen.timeline.model import ATTACHMENT, Timeline
from audiogen.views.chapters import Chapter, chapters_of

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Track:
    """A finished track; `made_s` is when, in seconds since the epoch. `routine` makes it again, if it contains one."""

    path: Path
    timeline: Timeline
    chapters: tuple[Chapter, ...]
    cover: bytes | None  # that it carries, if any
    size_bytes: int
    made_s: float
    routine: Routine | None = None

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def length(self) -> str:
        return format_clock(round(self.timeline.length_ms, -3))

    @property
    def made(self) -> time.struct_time:
        return time.localtime(self.made_s)

    @property
    def size(self) -> str:
        return f"{self.size_bytes / 1e6:.1f} MB"


@dataclass(slots=True)
class Tracks:
    """The tracks of one folder, each read again only when its file has changed."""

    folder: Path
    _cached: dict[Path, tuple[tuple[int, int], Track | None]] = field(default_factory=dict)
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

    def _paths(self) -> Sequence[Path]:
        try:
            paths = [path for path in self.folder.iterdir() if path.suffix in SOUNDS and path.name[0] != "."]
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
                cached = (print_, _track(path, stat.st_size, stat.st_mtime))
                with self._lock:
                    self._cached[path] = cached
            return cached[1]
        except OSError:  # gone, or locked, since it was listed
            return None


def titles_of(tracks: Sequence[Track]) -> dict[str, str]:
    """Name each track, by the name of its file, so that no two are alike: by its title, and by its file if need be."""
    titles = Counter(track.timeline.title for track in tracks)
    stems = Counter((track.timeline.title, track.path.stem) for track in tracks)

    def title(track: Track) -> str:
        own, stem = track.timeline.title, track.path.stem
        if titles[own] == 1:
            return own
        return f"{own} – {stem if stems[own, stem] == 1 else track.name}"

    return {track.name: title(track) for track in tracks}


def is_plain(name: str) -> bool:
    """Whether a name leads nowhere else and is valid on every system."""
    plain = name and all(letter.isalnum() or letter in " -_.,()'" for letter in name)
    edges = not name.startswith((".", " ")) and not name.endswith((".", " "))
    return bool(plain) and edges and is_name_everywhere(name) and len(name.encode()) <= LONGEST_NAME


def track_name(written: str) -> str:
    """Return the name of a file to render into, with the suffix of a format or ".mp3".

    Raises:
        OutputError: it could lead elsewhere, or is not valid on every system.
    """
    name = written.strip()
    stem = name[: name.rfind(".")] if Path(name).suffix.lower() in SOUNDS else name
    suffix = name.removeprefix(stem).lower() or ".mp3"
    if not is_plain(stem):
        raise OutputError(Problem("studio.file-name"))
    return f"{stem}{suffix}"


def _track(path: Path, size_bytes: int, made_s: float) -> Track | None:
    try:
        body = formats.read_attachment(path, ATTACHMENT)
        if body is None:
            return None
        timeline = read_timeline(body)
        return Track(path, timeline, chapters_of(timeline), _cover(path), size_bytes, made_s, _routine(path))
    except AudiogenError:  # damaged, or of another program
        return None


def _cover(path: Path) -> bytes | None:
    try:
        return carried(path, "cover")
    except TrackError:  # it has none, or is of a format in which it cannot be looked up
        return None


def _routine(path: Path) -> Routine | None:
    try:
        return parse_routine(carried(path, "routine").decode("utf-8", "replace"), path.name)
    except (TrackError, RoutineError):  # none, or one of another version
        return None
