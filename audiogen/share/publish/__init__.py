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

from audiogen.errors import Notice, OutputError, Problem, SharingError, TrackError
from audiogen.export.formats import is_sound
from audiogen.share import new_token
from audiogen.share.publish.place import Place, Update
from audiogen.share.publish.site import Choices, files_of
from audiogen.share.tracks import Track, read_track
from audiogen.storage.cache import Cache
from audiogen.storage.files import is_folder
from audiogen.text import counted, is_text
from audiogen.verification.container import check_container

_HOST = re.compile(r"[\w.-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)
_PATH = re.compile(r"(/(?!(\.|%2e){1,2}(/|$))[^\s<>\"\\/]*)*", re.IGNORECASE)  # no step is "." or ".."
_EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: `url` is the address of the index, `notices` say what was left out."""

    url: str
    tracks: int
    update: Update
    notices: tuple[Notice, ...]


def publish(folder: Path, out: Path, choices: Choices, store: Cache, *, secret: bool | None) -> Published:
    """Write the site of all finished tracks in a folder; with `secret` None, it is as secret as it was.

    Raises:
        SharingError: no folder, or no track in it; OutputError where the site cannot be written.
    """
    tracks, notices = _tracks(folder, out)
    place = Place(out)
    within = place.secret or new_token() if secret or (secret is None and place.secret) else ""
    choices = choices.at(within)
    update = place.update(files_of(tracks, choices, store), within)
    return Published(choices.url, len(tracks), update, notices)


def address(written: str) -> str:
    """Read an address at which a folder is to be, and return it with a slash at its end.

    Raises: OutputError.
    """
    try:
        parts = urlsplit(written.strip())
        known = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "") and parts.port != 0
    except ValueError:
        known = None
    if not known or re.search("[?#]", written) or parts.username is not None or not _PATH.fullmatch(parts.path):
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


def _tracks(folder: Path, site: Path) -> tuple[Sequence[Track], tuple[Notice, ...]]:
    """Read the tracks in a folder, the newest first, and say which were left out; `site` is none of its folders."""
    if not is_folder(folder):
        raise SharingError(Problem("share.no-folder", subject=str(folder)))
    inside = [path for path in sorted(folder.iterdir()) if path.name[0] != "."]
    tracks, notices = [], []
    for path in inside:
        if is_sound(path) and path.is_file():
            track = _whole(path) if is_text(path.name) else None
            if track:
                tracks.append(track)
            else:
                notices.append(Notice("share.left-out", subject=path.name))
    titled = {track.path.stem for track in tracks}
    pages = (path for path in inside if path.suffix.lower() == ".html" and path.stem not in titled and path.is_file())
    notices += [
        Notice("share.page-left-out", subject=one.name, expected=f"{one.stem}.mp3") for one in pages if read_track(one)
    ]
    notices += [
        Notice("share.folder-left-out", subject=str(path), found=counted(count, "track"))
        for path in inside
        if path.is_dir() and (count := _tracks_within(path, site))
    ]
    if not tracks:
        raise SharingError(Problem("share.no-tracks", subject=str(folder)), *notices)
    tracks.sort(key=lambda track: (-track.made_s, unicodedata.normalize("NFC", track.name)))
    return tracks, tuple(notices)


def _tracks_within(folder: Path, site: Path) -> int:
    """Count the tracks in a folder by their names, unless it is a site: what was published last time, or another."""
    if folder.resolve() == site.resolve() or Place(folder).files:
        return 0
    try:
        return sum(is_sound(path) and path.name[0] != "." and path.is_file() for path in folder.iterdir())
    except OSError:  # a folder of somebody else's
        return 0
