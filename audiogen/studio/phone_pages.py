"""The pages for phones: open the studio for them, the podcast, and codes to scan.

request -> HTML, SVG or JSON
"""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from audiogen.errors import Problem, TrackError
from audiogen.share.responses import PRIVATE
from audiogen.studio.pages import page
from audiogen.studio.posted import Document, answered
from audiogen.studio.state import State

# What podcast apps take for "subscribe to this feed" in place of http.
_SCHEMES = {"Apple Podcasts": "podcast", "AntennaPod": "antennapod-subscribe", "Another app": "pcast"}


def phone_routes(state: State) -> list[BaseRoute]:
    """Return the routes of all that concerns phones."""

    def shown(request: Request, template: str, **what: Any) -> Response:
        return page(request, template, phones=state.phones, **what)

    def phone(request: Request) -> Response:
        return shown(request, "phone.html")

    def podcast(request: Request) -> Response:
        address = f"{state.phones.url or request.base_url}feed.xml"
        bare = address.partition("://")[2]
        apps = {name: f"{scheme}://{bare}" for name, scheme in _SCHEMES.items()}
        return shown(request, "podcast.html", address=address, apps=apps)

    async def opened() -> Document:
        await state.phones.open()
        return {"url": state.phones.url}

    async def closed() -> Document:
        await state.phones.close()
        return {"url": None}

    async def opening(_request: Request) -> Response:
        return await answered(opened())

    async def closing(_request: Request) -> Response:
        return await answered(closed())

    def track_code(request: Request) -> Response:
        return code(f"play/{quote(state.tracks.named(request.path_params['file']).name)}")

    def podcast_code(_request: Request) -> Response:
        return code("podcast")

    def code(path: str) -> Response:
        drawn = state.phones.code(path)
        if not drawn:
            raise TrackError(Problem("studio.closed-for-phones"))
        return Response(drawn, media_type="image/svg+xml", headers=PRIVATE)

    return [
        Route("/phone", phone),
        Route("/podcast", podcast),
        Route("/phone/open", opening, methods=["POST"]),
        Route("/phone/close", closing, methods=["POST"]),
        Route("/track/{file}/code.svg", track_code),
        Route("/podcast/code.svg", podcast_code),
    ]
