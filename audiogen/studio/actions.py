"""What the pages' scripts ask for, and the files.

request -> JSON or a file
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from audiogen.durations import format_clock, format_duration
from audiogen.errors import AudiogenError, OutputError, RoutineError, TrackError, UnknownRoutine
from audiogen.routine import routine_file, save_variant, variant_text
from audiogen.share.responses import playback
from audiogen.studio.preview import hear_exercise, hear_line
from audiogen.studio.request import Wishes, read_wishes
from audiogen.studio.shape import Shape, shape
from audiogen.studio.state import Desk
from audiogen.studio.tracks import track_name
from audiogen.studio.uploads import music_target, recording_target, take
from audiogen.timeline.compose import draft

__all__ = ["action_routes", "status_of"]

Document = dict[str, Any]


def status_of(error: AudiogenError) -> int:
    """The status with which an error is answered."""
    return 404 if isinstance(error, UnknownRoutine | TrackError) else 422


def action_routes(desk: Desk) -> list[BaseRoute]:
    """The routes of all actions."""

    async def plan(request: Request) -> Response:
        if await request.is_disconnected():  # the slider has moved on
            return Response(status_code=204)

        def work() -> Document:
            name = request.path_params["name"]
            wishes = read_wishes(name, request.query_params.multi_items())
            now = shape(wishes, desk.library.routine(name), desk.store())
            return {**now.document(), "rows": _rows(now), "command": _command(wishes, desk, f"{name}.mp3")}

        return await _answered(work)

    async def render(request: Request) -> Response:
        asked = await _asked(request)

        def work() -> Document:
            wishes, routine = _wishes(asked), desk.library.routine(_text(asked, "routine"))
            name = track_name(_text(asked, "file"))
            title = draft(routine, wishes.overrides).routine.title
            return desk.jobs.begin(wishes, routine, title, desk.output / name).document()

        return await _answered(work)

    async def save(request: Request) -> Response:
        asked = await _asked(request)
        return await _answered(lambda: _saved(asked, desk))

    async def hear(request: Request) -> Response:
        asked = await _asked(request)

        def work() -> Document:
            wishes = _wishes(asked)
            routine = desk.library.routine(wishes.routine)
            if asked.get("line"):
                heard = hear_line(wishes, routine, _text(asked, "line"), desk.heard, desk.store())
            else:
                heard = hear_exercise(wishes, routine, _text(asked, "exercise"), desk.heard, desk.store())
            return {
                "url": f"heard/{heard.path.name}",
                "start_ms": heard.start_ms,
                "end_ms": heard.end_ms,
                "told": heard.told,
            }

        return await _answered(work)

    async def jobs(_request: Request) -> Response:
        return JSONResponse([job.document() for job in desk.jobs.all()])

    async def job(request: Request) -> Response:
        found = desk.jobs.numbered(request.path_params["number"])
        if found is None:
            return JSONResponse({"error": "This render is forgotten by now."}, 404)
        if request.method == "POST":
            found.cancel.set()
        return JSONResponse(found.document())

    async def music(request: Request) -> Response:
        return await _taken(request, lambda name: music_target(name))

    async def recording(request: Request) -> Response:
        asked = request.query_params
        return await _taken(
            request, lambda name: recording_target(asked.get("folder", ""), asked.get("stem", ""), name)
        )

    def heard(request: Request) -> Response:
        return _file(desk.heard, request.path_params["file"])

    return [
        Route("/plan/{name}", plan),
        Route("/render", render, methods=["POST"]),
        Route("/save", save, methods=["POST"]),
        Route("/hear", hear, methods=["POST"]),
        Route("/jobs", jobs),
        Route("/jobs/{number:int}", job),
        Route("/jobs/{number:int}/cancel", job, methods=["POST"]),
        Route("/heard/{file}", heard),
        Route("/upload/music", music, methods=["POST"]),
        Route("/upload/recording", recording, methods=["POST"]),
    ]


async def _asked(request: Request) -> Document:
    """What a script posted.

    Raises:
        RoutineError: no JSON, or no object.
    """
    try:
        document = await request.json()
    except (ValueError, RecursionError, ClientDisconnect) as error:
        raise RoutineError("The studio did not understand this; load the page again.") from error
    if not isinstance(document, dict):
        raise RoutineError("The studio did not understand this; load the page again.")
    return document


def _text(asked: Document, key: str) -> str:
    value = asked.get(key)
    if not isinstance(value, str) or len(value) > 2000:
        raise RoutineError("The studio did not understand this; load the page again.")
    return value


def _wishes(asked: Document) -> Wishes:
    return read_wishes(_text(asked, "routine"), parse_qsl(str(asked.get("query", ""))))


async def _answered(work: Callable[[], Document]) -> Response:
    """What the work comes to, done in a thread; an error of the user's as a sentence for the page."""
    try:
        return JSONResponse(await run_in_threadpool(work))
    except AudiogenError as error:
        return JSONResponse({"error": str(error)}, status_of(error))


async def _taken(request: Request, target: Callable[[str], Path]) -> Response:
    """The answer to an upload: where it is kept, or why it is not."""
    try:
        path = target(request.query_params.get("name", ""))
        await take(request.stream(), path)
    except AudiogenError as error:
        return JSONResponse({"error": str(error)}, 422)
    except ClientDisconnect:
        return JSONResponse({"error": "The upload broke off; nothing was kept."}, 400)
    return JSONResponse({"kept": path.as_posix()})


def _rows(now: Shape) -> list[list[Any]]:
    """The table: clock, length, what, whether it is a heading."""
    return [
        [
            format_clock(round(row.start_ms, -3)),
            format_duration(round(row.length_ms, -2)),
            row.what + (f" ({'; '.join(row.changes)})" if row.changes else ""),
            row.part == "exercise",
        ]
        for row in now.rows
    ]


def _command(wishes: Wishes, desk: Desk, file: str) -> str:
    usual = file == f"{wishes.routine}.mp3"
    return wishes.command_line(None if usual else (desk.output / file).as_posix())


def _saved(asked: Document, desk: Desk) -> Document:
    """Save the session as a variant in ./routines, as `--save NAME` does."""
    wishes = _wishes(asked)
    routine = desk.library.routine(wishes.routine)
    name = track_name(f"{_text(asked, 'name')}.mp3").removesuffix(".mp3")
    target = routine_file(name)
    customised = draft(routine, wishes.overrides).routine.with_voice(wishes.voice)
    if target.parent != Path("routines"):
        raise OutputError("A variant's name is a plain word, such as my-back.")
    variant_text(routine, customised, target)
    if target.exists() and asked.get("replace") is not True:
        return {"exists": f"{target} exists already. Change it?"}
    save_variant(routine, customised, target)
    return {"saved": str(target), "name": name, "url": f"shape/{quote(name)}"}


def _file(folder: Path, name: str) -> Response:
    """A file of this very name in the folder's own listing."""
    for path in folder.iterdir():
        if path.name == name and path.is_file():
            return playback(path)
    raise TrackError("It is no longer here; ask to hear it again.")
