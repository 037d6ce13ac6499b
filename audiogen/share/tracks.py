"""A finished track, with what its tags contain.

file -> Track
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audiogen.durations import format_nearest_clock
from audiogen.errors import AudiogenError, TrackError
from audiogen.export import formats
from audiogen.export.extract import carried
from audiogen.text import megabytes
from audiogen.timeline.document import read_timeline
from audiogen.timeline.model import ATTACHMENT, Timeline
from audiogen.views.chapters import Chapter, chapters_of


@dataclass(frozen=True, slots=True)
class Track:
    """A finished track; `made_s` is when, in seconds since the epoch."""

    path: Path
    timeline: Timeline
    chapters: tuple[Chapter, ...]
    cover: bytes | None  # that it carries, if any
    size_bytes: int
    made_s: float

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def length(self) -> str:
        return format_nearest_clock(self.timeline.length_ms)

    @property
    def made(self) -> time.struct_time:
        return time.localtime(self.made_s)

    @property
    def size(self) -> str:
        return megabytes(self.size_bytes)


def read_track(path: Path) -> Track | None:
    """Read a track; None where the file is damaged or of another program.

    Raises: OSError where there is no such file.
    """
    stat = path.stat()
    try:
        body = formats.read_attachment(path, ATTACHMENT)
        if body is None:
            return None
        timeline = read_timeline(body)
        return Track(path, timeline, chapters_of(timeline), _cover(path), stat.st_size, stat.st_mtime)
    except AudiogenError:
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


def _cover(path: Path) -> bytes | None:
    try:
        return carried(path, "cover")
    except TrackError:  # it has none, or is of a format in which it cannot be looked up
        return None
