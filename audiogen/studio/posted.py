"""Read what a page's script posts, and answer it.

request -> a JSON object;   work -> JSON, or the problems of its error
"""

from collections.abc import Awaitable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from audiogen.errors import AudiogenError, Problem, RoutineError, TrackError, UnknownRoutine
from audiogen.studio.problems import refusal
from audiogen.studio.work import Busy

Document = dict[str, Any]


def misunderstood() -> RoutineError:
    """Say that a page asked for what it never asks for."""
    return RoutineError(Problem("studio.misunderstood"))


def status_of(error: AudiogenError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, Busy):
        return 503
    return 404 if isinstance(error, UnknownRoutine | TrackError) else 422


async def posted(request: Request) -> Document:
    """Read what a script posted.

    Raises:
        RoutineError: not a JSON object.
    """
    try:
        document = await request.json()
    except (ValueError, RecursionError, ClientDisconnect) as error:
        raise misunderstood() from error
    if not isinstance(document, dict):
        raise misunderstood()
    return document


def text_of(asked: Document, key: str) -> str:
    value = asked.get(key)
    if not isinstance(value, str) or len(value) > 2000:
        raise misunderstood()
    return value


async def answered(work: Awaitable[Document]) -> Response:
    """Answer with the result of work in a thread, or with the problems of its error."""
    try:
        return JSONResponse(await work)
    except AudiogenError as error:
        return JSONResponse(refusal(error), status_of(error))
