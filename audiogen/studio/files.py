"""Finished tracks as files: to play, to download, and what a player shows beside them.

name -> MP3 (in ranges), timeline, cover
"""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from audiogen.errors import TrackError
from audiogen.studio.desk import Desk

__all__ = ["file_routes"]

_PRIVATE = {"cache-control": "private, no-cache"}


def file_routes(desk: Desk) -> list[BaseRoute]:
    """The routes of all files. Ranges, HEAD and conditional requests are Starlette's affair."""

    def audio(request: Request) -> Response:
        track = desk.tracks.named(request.path_params["file"])
        kind = "attachment" if "download" in request.query_params else "inline"
        name = quote(track.name)
        headers = {**_PRIVATE, "content-disposition": f"{kind}; filename=\"{name}\"; filename*=UTF-8''{name}"}
        return FileResponse(track.path, media_type="audio/mpeg", headers=headers)

    def timeline(request: Request) -> Response:
        return JSONResponse(desk.tracks.named(request.path_params["file"]).document(), headers=_PRIVATE)

    def cover(request: Request) -> Response:
        track = desk.tracks.named(request.path_params["file"])
        if track.cover is None:
            raise TrackError("This track carries no cover.")
        return Response(track.cover, media_type="image/jpeg", headers=_PRIVATE)

    return [
        Route("/track/{file}", audio),
        Route("/track/{file}/timeline.json", timeline),
        Route("/track/{file}/cover.jpg", cover),
    ]
