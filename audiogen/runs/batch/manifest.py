"""Record what a folder's tracks were rendered from, so that a batch continues where it ended.

    audiogen-batch.json: {"version": 1, "tracks": {"anna.mp3": {"key": "…", "bytes": 7340032, "changed_ns": …}}}

A track is up to date if its key is that of a render now, and the file is the one that was written then.
"""

import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from audiogen.errors import AudiogenError, OutputError, Problem
from audiogen.storage.files import replacing

NAME = "audiogen-batch.json"
PAUSES = 20  # times as long as writing the file took, until it is written again: many rows make it large


@dataclass(frozen=True, slots=True)
class _Track:
    key: str
    bytes: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class _Document:
    version: Literal[1]
    tracks: dict[str, _Track]


class Manifest:
    """The tracks of one folder; without a readable file every track is rendered again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tracks = _read(folder / NAME)
        self._written_s = -math.inf  # when the file was written …
        self._took_s = 0.0  # … and how long that took
        self.warning: AudiogenError | None = None  # why the file could not be written

    def is_current(self, out: Path, key: str) -> bool:
        """Whether the track was rendered from this, and has not changed since."""
        track = self._tracks.get(out.as_posix())
        return track is not None and track == _track(self._folder / out, key)

    def note(self, out: Path, key: str) -> None:
        """Note that the track was just rendered from this; the file follows soon, and at once while it is small.

        Raises: OutputError if the track is no longer there.
        """
        track = _track(self._folder / out, key)
        if track is None:
            raise OutputError(Problem("runs.removed", subject=str(self._folder / out)))
        self._tracks[out.as_posix()] = track
        if time.monotonic() - self._written_s >= PAUSES * self._took_s:
            self.write()

    def write(self) -> None:
        """Write the file; if that fails, the tracks are there all the same, and the next batch renders them again."""
        began_s = time.monotonic()
        document = asdict(_Document(1, dict(sorted(self._tracks.items()))))
        try:
            with replacing(self._folder / NAME) as file:
                file.write(json.dumps(document, indent=1).encode())
            self.warning = None
        except OutputError as error:
            self.warning = error
        self._written_s = time.monotonic()
        self._took_s = self._written_s - began_s


def _track(path: Path, key: str) -> _Track | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return _Track(key, found.st_size, found.st_mtime_ns)


def _read(path: Path) -> dict[str, _Track]:
    try:
        return TypeAdapter(_Document).validate_json(path.read_bytes(), strict=True).tracks
    except (OSError, ValueError):  # not there, not JSON, or not ours
        return {}
