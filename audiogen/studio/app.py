"""The studio as one application.

Desk -> ASGI application
"""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from audiogen.errors import AudiogenError
from audiogen.studio.actions import action_routes, status_of
from audiogen.studio.downloads import file_routes
from audiogen.studio.pages import page, page_routes
from audiogen.studio.state import Desk

__all__ = ["site"]

_SAID = {
    404: "There is no such page. It may have been moved; the list of routines is a good place to start.",
    405: "This address takes no such request; go back and use the page's own buttons.",
}


def site(desk: Desk) -> Starlette:
    """The application, without its guard."""
    static = StaticFiles(directory=Path(__file__).with_name("static"))
    routes = [*page_routes(desk), *action_routes(desk), *file_routes(desk), Mount("/static", static)]

    def admit(request: Request, error: Exception) -> Response:
        """The last resort: a bug is told in a line, on the page and in the log, and the studio goes on."""
        desk.log(f"bug in audiogen at {request.url.path.removeprefix(request.scope.get('root_path', ''))}: {error!r}")
        text = f"This is a bug in audiogen: {type(error).__name__}. The studio goes on; what you did before is safe."
        return _told(request, 500, text)

    handlers = {AudiogenError: _explain, HTTPException: _explain, Exception: admit}
    return Starlette(routes=routes, exception_handlers=handlers)


def _explain(request: Request, error: Exception) -> Response:
    """What went wrong, and what to do, as a page or for a script."""
    if isinstance(error, HTTPException):
        status, text = error.status_code, _SAID.get(error.status_code, str(error.detail))
    else:
        status, text = status_of(error) if isinstance(error, AudiogenError) else 500, str(error)
    return _told(request, status, text)


def _told(request: Request, status: int, text: str) -> Response:
    if request.method == "POST":
        return JSONResponse({"error": text}, status)
    return page(request, "error.html", status, lines=text.splitlines(), status=status)
