"""What a site of tracks is made of.

    tracks + Choices -> Files

Every track has a folder of its own: its page, its sound, its cover, its chapters and its words. A file's key says what
it is made of, so that what did not change is not even made.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from audiogen.export.cover import cover, small
from audiogen.export.player import STATIC, document, templates
from audiogen.export.player.page import END, page, policy_hash
from audiogen.export.sidecars import KINDS
from audiogen.share.feed import HOW_TO_PLAY, Channel, Episode, feed
from audiogen.share.publish.place import File
from audiogen.share.tracks import Track, titles_of
from audiogen.storage.cache import Cache, version_of

FEED, INDEX, ROBOTS = "feed.xml", "index.html", "robots.txt"
COVER, CHAPTERS, SRT, VTT = "cover.jpg", "chapters.json", "transcript.srt", "transcript.vtt"
_TILE, _TILE_PIXELS = "cover-small.jpg", 480  # in the index
_PICTURE = "cover.png"
_OWN = (FEED, INDEX, ROBOTS, _PICTURE)
_TEMPLATES = Path(__file__).with_name("templates")
_NOTHING = b'<!doctype html>\n<meta name="robots" content="noindex">\n<title>Nothing here</title>\n'
_WORDS = {CHAPTERS: "chapters", SRT: "srt", VTT: "vtt"}
_ABOUT = f"Guided sessions. {HOW_TO_PLAY}"


@dataclass(frozen=True, slots=True)
class Choices:
    """Where the site will be, with a slash at its end, and what it says. `within` is its secret folder, if any."""

    url: str
    title: str = "Sessions"
    author: str = "audiogen"
    email: str = ""
    searchable: bool = False
    within: str = ""

    def at(self, within: str) -> "Choices":
        """The same, in a folder that cannot be guessed."""
        return replace(self, within=within, url=f"{self.url}{within}/") if within else self


def files_of(tracks: Sequence[Track], choices: Choices, store: Cache) -> list[File]:
    """All files of the site, in the order in which they are written: what others point at comes first."""
    titles, folders = titles_of(tracks), _folders(tracks)
    prefix = f"{choices.within}/" if choices.within else ""
    files = [
        replace(file, path=f"{prefix}{folders[track.name]}/{file.path}")
        for track in tracks
        for file in _of_track(track, titles[track.name], choices, store)
    ]
    entries = [(track, titles[track.name], folders[track.name]) for track in tracks]
    picture = (STATIC / _PICTURE).read_bytes()
    files += [
        _text(f"{prefix}{_PICTURE}", picture),
        _text(f"{prefix}{FEED}", _feed(entries, choices)),
        _text(f"{prefix}{INDEX}", _index(entries, choices).encode()),
    ]
    if not choices.searchable:
        files.append(_text(ROBOTS, b"User-agent: *\nDisallow: /\n"))
    if choices.within:  # a host must not list what lies here
        files.append(_text(INDEX, _NOTHING))
    return files


def _of_track(track: Track, title: str, choices: Choices, store: Cache) -> Iterator[File]:
    stat = track.path.stat()
    source = f"{track.name} {stat.st_size} {stat.st_mtime_ns}"
    timeline = replace(track.timeline, title=title)

    def played() -> bytes:
        sound = quote(track.name)
        session = document(timeline, name=track.name, sound=sound, cover=COVER)
        missing = "The sound cannot be loaded. Check your connection."
        html = page(session, missing=missing, searchable=choices.searchable, home=f"../{INDEX}")
        return f"{html}{END}".encode()

    def words(kind: str) -> bytes:
        return KINDS[kind].text(timeline, track.name).encode()

    def picture() -> bytes:
        return track.cover or cover(track.timeline, store)

    yield File(track.name, source, track.path)
    yield File(COVER, f"{source} {_version()}", picture)
    yield File(_TILE, f"{source} {_version()}", lambda: small(picture(), _TILE_PIXELS))
    for name, kind in _WORDS.items():
        yield File(name, f"{source} {title} {_version()}", partial(words, kind))
    yield File(INDEX, f"{source} {title} {choices.searchable} {_version()}", played)


def _text(path: str, content: bytes) -> File:
    made: Callable[[], bytes] = lambda: content  # noqa: E731 - so that its type is told
    return File(path, hashlib.sha256(content).hexdigest(), made)


@cache
def _version() -> str:
    """What pages and lists look like in this version: the digest of all that they are made with."""
    digest = hashlib.sha256(version_of("audiogen").encode())
    for folder in (STATIC, STATIC.with_name("templates")):
        for path in sorted(folder.iterdir()):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _folders(tracks: Sequence[Track]) -> dict[str, str]:
    """Name the folder of each track, by the name of its file: the name without its end, where that is nobody else's."""
    stems = Counter(track.path.stem.casefold() for track in tracks)
    taken, folders = set(_OWN), {}
    for shared, name, stem in sorted(
        (stems[track.path.stem.casefold()] > 1, track.name, track.path.stem) for track in tracks
    ):
        folder = name.replace(".", "-") if shared or stem.casefold() in taken else stem
        while folder.casefold() in taken:
            folder += "-"
        taken.add(folder.casefold())
        folders[name] = folder
    return folders


_Entries = Sequence[tuple[Track, str, str]]  # with title and folder


def _feed(entries: _Entries, choices: Choices) -> bytes:
    url = choices.url
    channel = Channel(
        choices.title,
        _ABOUT,
        home=url,
        address=f"{url}{FEED}",
        image=f"{url}{_PICTURE}",
        author=choices.author,
        email=choices.email,
        hidden=not choices.searchable,
    )
    episodes = []
    for track, title, folder in entries:
        here = f"{url}{quote(folder)}/"
        addresses = {"cover": COVER, "chapters": CHAPTERS, "srt": SRT, "vtt": VTT, "page": INDEX}
        given = {key: f"{here}{name}" for key, name in addresses.items()}
        episodes.append(Episode(track, title, sound=f"{here}{quote(track.name)}", **given))
    return feed(channel, episodes)


def _index(entries: _Entries, choices: Choices) -> str:
    style = "\n".join(path.read_text("utf-8") for path in (STATIC / "base.css", _TEMPLATES / "index.css"))
    policy = f"default-src 'none'; style-src {policy_hash(style)}; img-src 'self' data: file:; form-action 'none'"
    sessions = [
        {"title": title, "folder": quote(folder), "sound": quote(track.name), "track": track}
        for track, title, folder in entries
    ]
    html = templates(_TEMPLATES).get_template("index.html")
    tile = {"name": _TILE, "pixels": _TILE_PIXELS}
    return html.render(choices=choices, sessions=sessions, tile=tile, style=style, policy=policy) + "\n"
