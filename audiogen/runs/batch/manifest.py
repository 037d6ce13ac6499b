"""Record what a folder's tracks were rendered from, so that a batch continues where it ended.

    audiogen-batch.json: {"version": 1, "tracks": {"anna.mp3": {"key": "…", "bytes": 7340032, "changed_ns": …}}}

A track is up to date if its key is that of a render now, and the file is the one that was written then.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from audiogen.errors import OutputError, Problem
from audiogen.storage.files import replacing

NAME = "audiogen-batch.json"


@dataclass(frozen=True, slots=True)
class _Track:
    key: str
    bytes: int
    changed_ns: int


class Manifest:
    """The tracks of one folder; without a readable file every track is rendered again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tracks = _read(folder / NAME)

    def is_current(self, out: Path, key: str) -> bool:
        """Whether the track was rendered from this, and has not changed since."""
        track = self._tracks.get(out.as_posix())
        return track is not None and track == _track(self._folder / out, key)

    def note(self, out: Path, key: str) -> None:
        """Note that the track was just rendered from this.

        Raises: OutputError if the folder cannot be written to.
        """
        track = _track(self._folder / out, key)
        if track is None:
            raise OutputError(Problem("runs.removed", subject=str(self._folder / out)))
        self._tracks[out.as_posix()] = track
        document = {"version": 1, "tracks": {name: asdict(one) for name, one in sorted(self._tracks.items())}}
        with replacing(self._folder / NAME) as file:
            file.write(json.dumps(document, indent=1).encode())


def _track(path: Path, key: str) -> _Track | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return _Track(key, found.st_size, found.st_mtime_ns)


def _read(path: Path) -> dict[str, _Track]:
    try:
        match json.loads(path.read_bytes()):
            case {"version": 1, "tracks": dict(tracks)}:
                return {str(name): _Track(**track) for name, track in tracks.items()}
    except (OSError, ValueError, TypeError):  # not there, not JSON, or not ours
        return {}
    return {}
