"""Finished tracks as a static site, for any host: an index, a page that plays each track, and a podcast.

folder of tracks + Choices -> Files    `site`
Files -> the folder to upload          `place`
that folder + its address -> Checks    `check`
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from audiogen.errors import OutputError, Problem, SharingError, TrackError
from audiogen.export.formats import SOUNDS
from audiogen.share import new_token
from audiogen.share.publish.place import Place, Update
from audiogen.share.publish.site import Choices, files_of
from audiogen.share.tracks import Track, read_track
from audiogen.storage.cache import Cache
from audiogen.storage.files import is_folder
from audiogen.text import is_text
from audiogen.verification.container import check_container

_HOST = re.compile(r"[\w.-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: `url` is the address of the index, `left_out` are files of other programs."""

    url: str
    tracks: int
    update: Update
    left_out: tuple[str, ...]


def publish(folder: Path, out: Path, choices: Choices, store: Cache, *, secret: bool | None) -> Published:
    """Write the site of all finished tracks in a folder; with `secret` None, it is as secret as it was.

    Raises:
        SharingError: no folder, or no track in it; OutputError where the site cannot be written.
    """
    tracks, left_out = _tracks(folder)
    place = Place(out)
    within = place.secret or new_token() if secret or (secret is None and place.secret) else ""
    choices = choices.at(within)
    update = place.update(files_of(tracks, choices, store), within)
    return Published(choices.url, len(tracks), update, left_out)


def address(written: str) -> str:
    """Read an address at which a folder is to be, and return it with a slash at its end.

    Raises: OutputError.
    """
    try:
        parts = urlsplit(written.strip())
        known = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "") and parts.port != 0
    except ValueError:
        known = None
    if not known or parts.query or parts.fragment or parts.username is not None or re.search(r"[\s<>\"]", parts.path):
        raise OutputError(Problem("share.bad-address", found=written))
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"


def mail_address(written: str) -> str:
    """Read an e-mail address, as far as its form goes.

    Raises: OutputError.
    """
    if not _EMAIL.fullmatch(written):
        raise OutputError(Problem("share.bad-email", found=written))
    return written


def _whole(path: Path) -> Track | None:
    """Read a track, unless the end of it is missing."""
    track = read_track(path)
    try:
        check_container(path)
    except TrackError:
        return None
    return track


def _tracks(folder: Path) -> tuple[Sequence[Track], tuple[str, ...]]:
    """Read the tracks in a folder, the newest first, and the names of what could not be read."""
    if not is_folder(folder):
        raise SharingError(Problem("share.no-folder", subject=str(folder)))
    tracks, left_out = [], []
    for path in sorted(folder.iterdir()):
        if path.suffix in SOUNDS and path.name[0] != "." and path.is_file():
            track = _whole(path) if is_text(path.name) else None
            if track:
                tracks.append(track)
            else:
                left_out.append(path.name)
    if not tracks:
        raise SharingError(Problem("share.no-tracks", subject=str(folder)))
    tracks.sort(key=lambda track: (-track.made_s, unicodedata.normalize("NFC", track.name)))
    return tracks, tuple(left_out)
