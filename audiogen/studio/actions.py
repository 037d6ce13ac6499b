"""Answer the requests of the pages' scripts.

request -> JSON or a file
"""

import itertools
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from audiogen.errors import AudiogenError, OutputError, Problem, TrackError
from audiogen.routine.find import routine_file
from audiogen.routine.slugs import slug_of
from audiogen.routine.variant import own_title, save_variant, variant_text
from audiogen.share.responses import playback
from audiogen.storage.files import exists
from audiogen.studio.changed import document
from audiogen.studio.names import track_name
from audiogen.studio.posted import Document, answered, posted, text_of
from audiogen.studio.preview import preview_item, preview_line
from audiogen.studio.problems import about_saving, refusal
from audiogen.studio.request import SessionRequest, read_request
from audiogen.studio.shape import shape
from audiogen.studio.state import State
from audiogen.studio.uploads import Taken, music_target, other_takes, recording_target, take
from audiogen.timeline.compose import draft


def action_routes(state: State) -> list[BaseRoute]:
    """Return the routes of all actions."""

    async def plan(request: Request) -> Response:
        def work(_cancel: threading.Event) -> Document:
            name = request.path_params["name"]
            requested = read_request(name, request.query_params.multi_items())
            read = state.library.read(name)
            now = shape(requested, read.located.routine, state.store())
            held = frozenset(request.headers.get("x-held", "").split(","))
            return {
                **document(now, held),
                "command": _command(requested, state, f"{name}.mp3"),
                "revision": read.revision,
            }

        return await answered(state.work.done(request, work))

    async def render(request: Request) -> Response:
        asked = await posted(request)

        def work() -> Document:
            requested, routine = _requested(asked), state.library.routine(text_of(asked, "routine"))
            target = state.output / track_name(text_of(asked, "file"))
            if exists(target) and asked.get("replace") is not True:
                return {**_question(target), "other": _free_name(target)}
            title = draft(routine, requested.overrides).routine.title
            return state.jobs.begin(requested, routine, title, target).document()

        return await answered(run_in_threadpool(work))

    async def save(request: Request) -> Response:
        asked = await posted(request)
        return await answered(run_in_threadpool(_saved, asked, state))

    async def preview(request: Request) -> Response:
        asked = await posted(request)

        def work(cancel: threading.Event) -> Document:
            requested = _requested(asked)
            routine = state.library.routine(requested.routine)
            part, of = (preview_line, "line") if asked.get("line") else (preview_item, "exercise")
            return part(requested, routine, text_of(asked, of), state.previews, state.store(), cancel).document()

        return await answered(state.work.done(request, work))

    async def jobs(_request: Request) -> Response:
        return JSONResponse([job.document() for job in state.jobs.all()])

    async def job(request: Request) -> Response:
        number = request.path_params["number"]
        found = (
            state.jobs.numbered(int(number)) if number.isascii() and number.isdecimal() and len(number) < 10 else None
        )
        if found is None:
            return JSONResponse(refusal(TrackError(Problem("studio.unknown-render"))), 404)
        if request.method == "POST":
            found.cancel.set()
        return JSONResponse(found.document())

    async def music(request: Request) -> Response:
        return await _taken(request, music_target, lambda _: [])

    async def recording(request: Request) -> Response:
        asked = request.query_params
        folder, stem = asked.get("folder", ""), asked.get("stem", "")
        return await _taken(request, lambda name: recording_target(folder, stem, name), other_takes)

    def previewed(request: Request) -> Response:
        return _file(state.previews, request.path_params["file"])

    return [
        Route("/plan/{name}", plan),
        Route("/render", render, methods=["POST"]),
        Route("/save", save, methods=["POST"]),
        Route("/preview", preview, methods=["POST"]),
        Route("/jobs", jobs),
        Route("/jobs/{number}", job),
        Route("/jobs/{number}/cancel", job, methods=["POST"]),
        Route("/previews/{file}", previewed),
        Route("/upload/music", music, methods=["POST"]),
        Route("/upload/recording", recording, methods=["POST"]),
    ]


def _requested(asked: Document) -> SessionRequest:
    return read_request(text_of(asked, "routine"), parse_qsl(str(asked.get("query", ""))))


async def _taken(request: Request, target: Callable[[str], Path], others: Callable[[Path], list[Path]]) -> Response:
    """Take an upload, and answer where it was saved, or why not; it replaces `others`, too."""
    replace = "replace" in request.query_params
    try:
        path = target(request.query_params.get("name", ""))
        earlier = [one for one in (path, *others(path)) if exists(one)]
        if earlier and not replace:
            async for _ in request.stream():
                pass  # a browser reads no answer before it has sent everything
            return JSONResponse(_question(earlier[0]))
        await take(request.stream(), path, replace=replace)
    except Taken:
        return JSONResponse(_question(path))
    except AudiogenError as error:
        return JSONResponse(refusal(error), 422)
    except ClientDisconnect:
        return JSONResponse(refusal(OutputError(Problem("studio.interrupted"))), 400)
    for one in earlier:
        if one != path:
            one.unlink(missing_ok=True)
    return JSONResponse({"saved": path.as_posix()})


def _question(target: Path) -> Document:
    """Ask back before a file is replaced: the page asks the user, and sends the same with `replace`."""
    return {"exists": f"{target.name} already exists.", "yes": "Replace it"}


def _free_name(target: Path) -> str:
    """Give the first free name of a file like this one: "two 2.mp3"."""
    names = (f"{target.stem} {number}{target.suffix}" for number in itertools.count(2))
    return next(name for name in names if not exists(target.with_name(name)))


def _command(requested: SessionRequest, state: State, file: str) -> str:
    default = file == f"{requested.routine}.mp3"
    return requested.command_line(None if default else (state.output / file).as_posix())


def _saved(asked: Document, state: State) -> Document:
    """Save the session as a variant in ./routines, like `--save NAME`; what is no name becomes the title of one."""
    requested = _requested(asked)
    routine = state.library.routine(requested.routine)
    title = track_name(f"{text_of(asked, 'name')}.mp3").removesuffix(".mp3")
    target = routine_file(title)
    if not (exists(target) or title.isdecimal()):
        target = routine_file(slug_of(title))
    if target.parent != Path("routines"):
        raise OutputError(Problem("studio.variant-name"))
    titled = own_title(routine, requested.overrides, target, title if title != target.stem else "")
    customised = draft(routine, {**requested.overrides, **titled}).routine.with_voice(requested.voice)
    variant_text(routine, customised, target)
    with state.saving:
        if asked.get("replace") is not True and (question := about_saving(target)):
            return question
        save_variant(routine, customised, target)
    return {"saved": str(target), "name": target.stem, "url": f"shape/{quote(target.stem)}"}


def _file(folder: Path, name: str) -> Response:
    """Answer with a file of exactly this name in the folder's listing."""
    for path in folder.iterdir():
        if path.name == name and path.is_file():
            return playback(path)
    raise TrackError(Problem("studio.preview-gone"))
