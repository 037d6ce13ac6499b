"""Finished tracks as files: to play, to download, and what a player shows next to them.

name -> sound (in ranges), cover, chapters, words
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from audiogen.export.cover import cover as draw_cover
from audiogen.export.cover import small as small_cover
from audiogen.export.sidecars import KINDS
from audiogen.share.responses import PRIVATE, download, playback
from audiogen.studio.feed import feed
from audiogen.studio.state import State

FEED_TYPE = "application/rss+xml; charset=utf-8"
_COMPANIONS = {
    "chapters.json": ("chapters", "application/json+chapters"),
    "transcript.srt": ("srt", "application/srt"),
    "transcript.vtt": ("vtt", "text/vtt; charset=utf-8"),
}


def download_routes(state: State) -> list[BaseRoute]:
    """The routes of all files. Ranges, HEAD and conditional requests are Starlette's affair."""

    def audio(request: Request) -> Response:
        track = state.tracks.named(request.path_params["file"])
        return download(track.path) if "download" in request.query_params else playback(track.path)

    def cover(request: Request) -> Response:
        track = state.tracks.named(request.path_params["file"])
        drawn = track.cover or draw_cover(track.timeline, state.store())
        shown = small_cover(drawn) if "small" in request.query_params else drawn
        return Response(shown, media_type="image/jpeg", headers=PRIVATE)

    def companion(request: Request) -> Response:
        """Chapters and words, as podcast apps read them."""
        kind, media_type = _COMPANIONS[request.url.path.rpartition("/")[2]]
        track = state.tracks.named(request.path_params["file"])
        text = KINDS[kind].text(track.timeline, track.name)
        return Response(text, media_type=media_type, headers=PRIVATE)

    def podcast(request: Request) -> Response:
        return Response(feed(state.tracks.all(), str(request.base_url)), media_type=FEED_TYPE, headers=PRIVATE)

    return [
        Route("/track/{file}", audio),
        Route("/track/{file}/cover.jpg", cover),
        *(Route(f"/track/{{file}}/{name}", companion) for name in _COMPANIONS),
        Route("/feed.xml", podcast),
    ]
