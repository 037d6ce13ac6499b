"""The player as a page next to a track, which plays that file.

Timeline + name of the track -> HTML
"""

from urllib.parse import quote

from audiogen.export.player import document
from audiogen.export.player.page import END, page
from audiogen.timeline.model import Timeline


def player_page(timeline: Timeline, track: str) -> str:
    """The page, for a track in the same folder."""
    session = document(timeline, name=track, sound=quote(track), cover="")
    return f"{page(session, missing=f'{track} cannot be played. It must lie next to this page.')}{END}"
