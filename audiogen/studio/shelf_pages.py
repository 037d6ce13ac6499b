"""The list of tracks: where each comes from, rename, delete, undo, and get its routine back.

request -> HTML or JSON
"""

import time
from collections.abc import Callable
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from audiogen.errors import Problem, TrackError
from audiogen.export.extract import carried
from audiogen.routine.find import routine_file
from audiogen.share.tracks import Track, titles_of
from audiogen.storage.files import replacing
from audiogen.studio.origin import Origin, origin_of
from audiogen.studio.pages import base_of, page
from audiogen.studio.posted import Document, answered, posted, text_of
from audiogen.studio.state import State
from audiogen.studio.writing.files import free_name

READING_S = 0.4  # how long the list waits for the routines inside its tracks; the others follow when it is open


def shelf_routes(state: State) -> list[BaseRoute]:
    """Return the routes of the list, and of all changes to tracks."""

    def tracks(request: Request) -> Response:
        found = state.tracks.all()
        until = time.monotonic() + READING_S
        read = (one for one in found if state.tracks.has_read(one) or time.monotonic() < until)
        return page(
            request,
            "tracks.html",
            tracks=found,
            titles=titles_of(found),
            origins={one.name: origin(one) for one in read},
            deleted=state.shelf.deleted,
            phones=state.phones,
            folder=state.output,
        )

    def origin(track: Track) -> dict[str, object]:
        return {"origin": track_origin(track, state), "has_routine": state.tracks.routine(track) is not None}

    def rename(asked: Document) -> Document:
        return {"name": state.shelf.rename(_track(asked), text_of(asked, "name"))}

    def delete(asked: Document) -> Document:
        gone = state.shelf.delete(_track(asked))
        return {"deleted": gone.number, "name": gone.name}

    def undo(asked: Document) -> Document:
        return {"name": state.shelf.restore(text_of(asked, "deleted"))}

    def routine(asked: Document) -> Document:
        track = _track(asked)
        if state.tracks.routine(track) is None:
            raise TrackError(Problem("studio.no-routine-inside"))
        with state.saving:
            return {"url": f"shape/{quote(_taken_out(track))}"}

    def _track(asked: Document) -> Track:
        return state.tracks.named(text_of(asked, "file"))

    def shown(request: Request, template: str, status: int = 200) -> Response:
        track = state.tracks.named(request.path_params["file"])
        return page(request, template, status, track=track, **origin(track))

    def where(request: Request) -> Response:
        """Where a track comes from, as a part of the list: to read all routines takes too long for it to wait."""
        return shown(request, "origin.html")

    def change(request: Request) -> Response:
        """Open the settings of a track, or say why they open no more."""
        found = track_origin(state.tracks.named(request.path_params["file"]), state)
        if found is None or found.has_changed:
            return shown(request, "changed.html", 200 if found else 404)
        return RedirectResponse(f"{base_of(request)}/{found.link}", 303)

    return [
        Route("/tracks", tracks),
        Route("/track/{file}/origin", where),
        Route("/track/{file}/change", change),
        _route("/tracks/rename", rename),
        _route("/tracks/delete", delete),
        _route("/tracks/undo", undo),
        _route("/tracks/routine", routine),
    ]


def track_origin(track: Track, state: State) -> Origin | None:
    """Find the routine that a track was made from; None where there is none, or no routine in the track."""
    made = state.tracks.routine(track)
    routines = {one.name: one.routine for one in state.library.listed() if one.routine}
    return origin_of(made, track.path.stem, routines) if made else None


def _route(path: str, work: Callable[[Document], Document]) -> Route:
    async def answer(request: Request) -> Response:
        asked = await posted(request)
        return await answered(run_in_threadpool(work, asked))

    return Route(path, answer, methods=["POST"])


def _taken_out(track: Track) -> str:
    """Save the routine inside a track in ./routines, under a name that no other has; returns that."""
    name = free_name(track.path.stem)
    with replacing(routine_file(name)) as file:
        file.write(carried(track.path, "routine"))
    return name
