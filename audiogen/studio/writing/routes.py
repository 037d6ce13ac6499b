"""The addresses of the writing page.

request -> a page or JSON
"""

import functools
import threading
import tomllib
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from audiogen import session
from audiogen.errors import AudiogenError, OutputError, Problem
from audiogen.importing.decode import LARGEST_BYTES as LARGEST_SOURCE
from audiogen.phrases import load_phrases
from audiogen.routine import json_schema
from audiogen.routine.find import LARGEST_BYTES
from audiogen.routine.model import Routine
from audiogen.routine.shelf import find_ready
from audiogen.routine.templates import TEMPLATES
from audiogen.routine.values import Side
from audiogen.script import Place
from audiogen.script.lines import Lines
from audiogen.session.coach.lines import lines_of
from audiogen.studio.pages import base_of, page
from audiogen.studio.posted import Document, answered, misunderstood, posted, text_of
from audiogen.studio.preview import preview_item, speak_line
from audiogen.studio.problems import refusal, sentence
from audiogen.studio.request import SessionRequest
from audiogen.studio.state import State
from audiogen.studio.writing.asked import edits_of, held_of, written_of
from audiogen.studio.writing.differing import differing
from audiogen.studio.writing.drafts import Draft, discard_draft, read_draft, write_draft
from audiogen.studio.writing.files import ROUTINES, begun, conflict, on_disk, saved
from audiogen.studio.writing.imported import imported
from audiogen.studio.writing.opening import opened, opened_copy
from audiogen.studio.writing.plan import change_of, edited, planned
from audiogen.studio.writing.reading import routine_of

_POSTED = 3 * LARGEST_BYTES  # a text as JSON has more letters, and edits come with it
LIMITS = {
    **{f"/write/{what}": _POSTED for what in ("plan", "draft", "save", "preview")},
    "/write/import": 2 * LARGEST_SOURCE,
    "/write/import-file": LARGEST_SOURCE + 1,
}
Work = Callable[[Document, threading.Event], Document]


_schema = functools.cache(json_schema.schema)


@functools.cache
def words() -> Document:
    """What new items are called and say, by language."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def write_routes(state: State) -> list[BaseRoute]:
    """Return the routes of the writing page."""
    library = state.library

    def new(request: Request) -> Response:
        return page(request, "new.html", kinds=list(TEMPLATES.items()), listed=library.listed(), ready=_ready())

    async def write(request: Request) -> Response:
        name = request.path_params["name"]
        if "copy" in request.query_params:
            found: Document | None = await run_in_threadpool(opened_copy, name, library)
        else:
            found = await run_in_threadpool(opened, name)
        if found is None:
            return RedirectResponse(f"{base_of(request)}/write/{quote(name)}?copy", 303)
        return page(request, "write.html", opened={**found, "words": words()}, ready=_ready())

    def text(asked: Document, _cancel: threading.Event) -> Document:
        return begun(text_of(asked, "from"), library, _optional(asked, "name"), _optional(asked, "title"))

    def plan(asked: Document, _cancel: threading.Event) -> Document:
        name, written = text_of(asked, "name"), written_of(asked)
        into = edited(name, written, edits_of(asked), library)
        found = planned(name, into, library, state.store(), held_of(asked))
        return {**found, "text": change_of(written, into)}

    def draft(asked: Document, _cancel: threading.Event) -> Document:
        name, mine = text_of(asked, "name"), Draft(written_of(asked), text_of(asked, "base"))
        with state.saving:
            there, earlier = on_disk(name), read_draft(name)
            if there.text != mine.text and (found := conflict(there, mine.base, mine.text)):
                return found
            if earlier and _is_another(asked, earlier):
                return _elsewhere(earlier, mine.text)
            if there.text == mine.text:
                discard_draft(name)
            else:
                write_draft(name, mine)
        return {"draft": mine.revision}

    def discard(asked: Document, _cancel: threading.Event) -> Document:
        name = text_of(asked, "name")
        with state.saving:
            earlier = read_draft(name) if asked.get("draft") is not None else None
            if earlier and _is_another(asked, earlier):
                return _elsewhere(earlier, written_of(asked) if "text" in asked else "")
            discard_draft(name)
        return {"discarded": True}

    def save(asked: Document, _cancel: threading.Event) -> Document:
        name, written = text_of(asked, "name"), written_of(asked)
        routine = routine_of(name, written, library)
        session.plan(routine, cache=state.store())  # what cannot be planned is no routine yet
        with state.saving:
            answer = saved(name, written, text_of(asked, "base"), replace=asked.get("replace") is True)
            earlier = read_draft(name) if "saved" in answer else None
            if earlier and not _is_another(asked, earlier):
                discard_draft(name)
        return answer

    def paste(asked: Document, _cancel: threading.Event) -> Document:
        return imported(written_of(asked).encode(), title=_optional(asked, "name"))

    def preview(asked: Document, cancel: threading.Event) -> Document:
        name, written = text_of(asked, "name"), written_of(asked)
        routine = routine_of(name, written, library)
        # What is played is told apart by the text that it came from.
        requested = SessionRequest(f"{name} {sha256(written.encode()).hexdigest()}")
        if asked.get("line"):
            line = _filled(text_of(asked, "line"), routine)
            return speak_line(requested, routine, line, state.previews, state.store(), cancel).document()
        slug = text_of(asked, "exercise") or routine.inside[0].slug  # that of a routine that is a text
        return preview_item(requested, routine, slug, state.previews, state.store(), cancel).document()

    async def opened_file(request: Request) -> Response:
        name = request.query_params.get("name", "")[:200]
        try:
            content = await request.body()
        except ClientDisconnect:
            return JSONResponse(refusal(OutputError(Problem("studio.interrupted"))), 400)
        return await answered(state.work.done(request, lambda _cancel: imported(content, name)))

    def working(work: Work, at_once: bool) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                asked = await posted(request)
            except AudiogenError as error:
                return JSONResponse(refusal(error), 422)
            if at_once:
                return await answered(run_in_threadpool(work, asked, threading.Event()))
            return await answered(state.work.done(request, lambda cancel: work(asked, cancel)))

        return answer

    def schema(_request: Request) -> Response:
        return JSONResponse(_schema())

    works: dict[str, Work] = {"plan": plan, "preview": preview, "import": paste}
    at_once: dict[str, Work] = {"text": text, "draft": draft, "discard": discard, "save": save}  # behind no preview
    return [
        Route("/write", new),
        Route("/write/import-file", opened_file, methods=["POST"]),
        *(
            Route(f"/write/{what}", working(one, what in at_once), methods=["POST"])
            for what, one in {**works, **at_once}.items()
        ),
        Route("/write/{name}", write),
        Route("/schema.json", schema),
    ]


def _optional(asked: Document, key: str) -> str:
    return text_of(asked, key) if asked.get(key) else ""


def _elsewhere(earlier: Draft, mine: str) -> Document:
    """Say that another tab has kept a draft since, with what it is and what differs."""
    return {
        "conflict": sentence(Problem("studio.draft-elsewhere")),
        "text": earlier.text,
        "revision": earlier.base,
        "draft": earlier.revision,
        "differing": differing(mine, earlier.text),
    }


def _is_another(asked: Document, earlier: Draft) -> bool:
    """Whether a draft is another than the one that a page knows; an older page knows none, and says so."""
    known = asked.get("draft")
    if known is not None and not isinstance(known, str):
        raise misunderstood()
    return known is not None and known != earlier.revision


def _ready() -> list[Document]:
    """List the ready exercises by name."""
    names = dict.fromkeys(one.name for one in find_ready(ROUTINES / "new.yaml"))
    return [{"slug": name, "name": name.replace("-", " ").capitalize()} for name in names]


def _filled(line: str, routine: Routine) -> str:
    """Fill in the placeholders of a line, as the first exercise that has it does."""
    lines = Lines(routine, load_phrases(routine.language))
    for one in lines_of(routine):
        if one.text == line and one.exercise:
            own: Sequence[Side] = one.exercise.sides
            side = one.keys[-1] if one.keys[-1] in ("right", "left") else own[0] if own else None
            return lines.line_at(line, one.exercise, Place(side=cast(Side | None, side)))
    return lines.line(line, None)
