"""Build the studio as one application.

State -> ASGI application
"""

from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from audiogen.errors import AudiogenError, Problem
from audiogen.export.player import STATIC
from audiogen.studio.actions import action_routes
from audiogen.studio.booth import booth_routes
from audiogen.studio.compress import Compress
from audiogen.studio.downloads import download_routes
from audiogen.studio.pages import base_of, page, page_routes
from audiogen.studio.phone_pages import phone_routes
from audiogen.studio.posted import status_of
from audiogen.studio.problems import refusal
from audiogen.studio.shelf_pages import shelf_routes
from audiogen.studio.state import State
from audiogen.studio.work import Gone
from audiogen.studio.writing.routes import write_routes

_REFUSED = {404: Problem("studio.not-found"), 405: Problem("studio.wrong-method")}


def site(state: State) -> Starlette:
    """Return the application without its guard."""
    files = _Static(directory=Path(__file__).with_name("static"))
    static = [Mount("/static/player", _Static(directory=STATIC)), Mount("/static", files)]
    own = (page_routes, booth_routes, phone_routes, action_routes, download_routes, shelf_routes, write_routes)
    routes = [*(route for routes in own for route in routes(state)), *static]

    def admit(request: Request, error: Exception) -> Response:
        """Report a bug on the page and in the log; the studio keeps running."""
        state.log(f"bug in audiogen at {request.url.path.removeprefix(base_of(request))}: {error!r}")
        return _answer(request, 500, AudiogenError(Problem("studio.bug", found=type(error).__name__)))

    def leave(_request: Request, _error: Exception) -> Response:
        return Response(status_code=204)  # which nobody reads

    handlers = {Gone: leave, AudiogenError: _explain, HTTPException: _explain, Exception: admit}
    return Starlette(routes=routes, exception_handlers=handlers, middleware=[Middleware(Compress)])


class _Static(StaticFiles):
    """Files that a browser asks for again each time, to hear that they are the same until audiogen is another."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


def _explain(request: Request, error: Exception) -> Response:
    """Answer with an error, as a page or for a script."""
    if isinstance(error, AudiogenError):
        return _answer(request, status_of(error), error)
    assert isinstance(error, HTTPException)  # noqa: S101 - there is no third handler
    other = Problem("studio.refused", found=str(error.detail))
    return _answer(request, error.status_code, AudiogenError(_REFUSED.get(error.status_code, other)))


def _answer(request: Request, status: int, error: AudiogenError) -> Response:
    document = refusal(error)
    if request.method == "POST":
        return JSONResponse(document, status)
    return page(request, "error.html", status, lines=document["error"].splitlines(), status=status)
