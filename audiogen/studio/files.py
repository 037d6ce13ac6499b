"""Finished tracks as files: to play, to download, and what a player shows beside them.

name -> sound (in ranges), timeline, cover
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from audiogen.errors import TrackError
from audiogen.sharing.responses import PRIVATE, download, playback
from audiogen.studio.desk import Desk

__all__ = ["file_routes"]


def file_routes(desk: Desk) -> list[BaseRoute]:
    """The routes of all files. Ranges, HEAD and conditional requests are Starlette's affair."""

    def audio(request: Request) -> Response:
        track = desk.tracks.named(request.path_params["file"])
        return download(track.path) if "download" in request.query_params else playback(track.path)

    def timeline(request: Request) -> Response:
        return JSONResponse(desk.tracks.named(request.path_params["file"]).document(), headers=PRIVATE)

    def cover(request: Request) -> Response:
        track = desk.tracks.named(request.path_params["file"])
        if track.cover is None:
            raise TrackError("This track carries no cover.")
        return Response(track.cover, media_type="image/jpeg", headers=PRIVATE)

    return [
        Route("/track/{file}", audio),
        Route("/track/{file}/timeline.json", timeline),
        Route("/track/{file}/cover.jpg", cover),
    ]
