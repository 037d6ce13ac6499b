"""Everything rendered as a private podcast of the studio.

tracks + the address at which they are asked for -> RSS
"""

from collections.abc import Sequence
from urllib.parse import quote

from audiogen.share import feed as podcast
from audiogen.share.tracks import Track, titles_of

_TITLE = "audiogen sessions"
_ABOUT = f"Guided sessions from your own studio. {podcast.HOW_TO_PLAY}"


def feed(tracks: Sequence[Track], base: str) -> bytes:
    """The feed as XML; `base` is the studio's address with a slash at its end."""
    channel = podcast.Channel(_TITLE, _ABOUT, base, f"{base}feed.xml", f"{base}static/player/cover.png")
    titles = titles_of(tracks)
    return podcast.feed(channel, [_episode(track, titles[track.name], base) for track in tracks])


def _episode(track: Track, title: str, base: str) -> podcast.Episode:
    file = quote(track.name)
    here = f"{base}track/{file}"
    return podcast.Episode(
        track,
        title,
        page=f"{base}play/{file}",
        sound=here,
        cover=f"{here}/cover.jpg",
        chapters=f"{here}/chapters.json",
        srt=f"{here}/transcript.srt",
        vtt=f"{here}/transcript.vtt",
    )
