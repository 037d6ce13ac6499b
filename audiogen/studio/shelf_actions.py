"""Answer what the page of tracks asks for: rename, delete, undo, and get a routine back out of its track.

request -> JSON
"""

from collections.abc import Callable
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from audiogen.errors import Problem, TrackError
from audiogen.export.extract import carried
from audiogen.routine.find import name_in_use, routine_file
from audiogen.share.tracks import Track
from audiogen.storage.files import replacing
from audiogen.studio.posted import Document, answered, posted, text_of
from audiogen.studio.state import State


def shelf_routes(state: State) -> list[BaseRoute]:
    """Return the routes of all changes to tracks."""

    def rename(asked: Document) -> Document:
        return {"name": state.shelf.rename(_track(asked), text_of(asked, "name"))}

    def delete(asked: Document) -> Document:
        gone = state.shelf.delete(_track(asked))
        return {"deleted": gone.number, "name": gone.name}

    def undo(asked: Document) -> Document:
        return {"name": state.shelf.restore(text_of(asked, "deleted"))}

    def routine(asked: Document) -> Document:
        return {"url": f"shape/{quote(_taken_out(_track(asked)))}"}

    def _track(asked: Document) -> Track:
        return state.tracks.named(text_of(asked, "file"))

    return [
        _route("/tracks/rename", rename),
        _route("/tracks/delete", delete),
        _route("/tracks/undo", undo),
        _route("/tracks/routine", routine),
    ]


def _route(path: str, work: Callable[[Document], Document]) -> Route:
    async def answer(request: Request) -> Response:
        asked = await posted(request)
        return await answered(run_in_threadpool(work, asked))

    return Route(path, answer, methods=["POST"])


def _taken_out(track: Track) -> str:
    """Save the routine inside a track in ./routines, under a name that no other routine has; returns that."""
    if track.routine is None:
        raise TrackError(Problem("studio.no-routine-inside"))
    stem = track.path.stem.replace(".", "-")
    names = (f"{stem}{f'-{count}' if count > 1 else ''}" for count in range(1, 1000))
    name = next(name for name in names if not name_in_use(name))
    with replacing(routine_file(name)) as file:
        file.write(carried(track.path, "routine"))
    return name
