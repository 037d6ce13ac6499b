"""The pages: routines, shape, tracks, play, sounds.

request -> HTML
"""

import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from audiogen.durations import format_clock
from audiogen.export.player import document, templates
from audiogen.share.tracks import titles_of
from audiogen.studio.shape import opened
from audiogen.studio.state import State
from audiogen.studio.uploads import LARGEST_BYTES, MUSIC, RECORDINGS, sounds_in
from audiogen.studio.voices import lines_of, speaker, voice_choices

_TEMPLATES = templates(Path(__file__).with_name("templates"))
_TEMPLATES.filters["stamp"] = lambda at: time.strftime("%Y-%m-%dT%H:%M", at)
_TEMPLATES.filters["day"] = lambda at: f"{at.tm_mday} {time.strftime('%B %Y, %H:%M', at)}"
_TEMPLATES.filters["voice"] = speaker
_TEMPLATES.filters["moment"] = format_clock


def _is_from_here(request: Request) -> bool:
    """Whether it is this machine that asks, and not a phone."""
    return request.client is not None and request.client.host in ("127.0.0.1", "::1")


def base_of(request: Request) -> str:
    """What the paths of all addresses begin with: the token, if there is one."""
    return str(request.scope.get("root_path", ""))


def page(request: Request, template: str, status_code: int = 200, **what: Any) -> Response:
    """A page from its template; `base` is what all its links begin with, `is_here` whether no phone asks."""
    html = _TEMPLATES.get_template(template).render(
        base=base_of(request), here=template, is_here=_is_from_here(request), **what
    )
    return HTMLResponse(html, status_code, headers={"cache-control": "private, no-cache"})


def page_routes(state: State) -> list[BaseRoute]:
    """The routes of all pages. Starlette runs plain functions in threads."""

    def routines(request: Request) -> Response:
        return page(request, "routines.html", listed=state.library.listed(), store=state.store())

    async def shaping(request: Request) -> Response:
        def work(_cancel: threading.Event) -> Response:
            name = request.path_params["name"]
            read = state.library.read(name)
            now, dropped = opened(name, request.query_params.multi_items(), read.located.routine, state.store())
            return page(
                request,
                "shape.html",
                now=now,
                lanes=now.lanes,
                revision=read.revision,
                dropped=dropped,
                cards=now.cards,
                voices=voice_choices(now.requested.voice, now.routine),
                music=sounds_in(MUSIC),
                file=f"{name}.mp3",
            )

        return await state.work.done(request, work)

    def play(request: Request) -> Response:
        track = state.tracks.named(request.path_params["file"])
        sound = f"{base_of(request)}/track/{quote(track.name)}"
        session = document(track.timeline, name=track.name, sound=sound, cover=f"{sound}/cover.jpg")
        found = state.tracks.all()
        behind = next((at for at, one in enumerate(found, 1) if one.name == track.name), 0)
        following = found[behind % len(found)] if len(found) > 1 else None
        return page(
            request,
            "play.html",
            session=session,
            phones=state.phones,
            following=following,
            following_title=following and titles_of(found)[following.name],
        )

    def sounds(request: Request) -> Response:
        name = request.query_params.get("routine")
        routine = state.library.routine(name) if name else None
        lines = lines_of(routine, RECORDINGS / name) if routine and name else []
        return page(
            request,
            "sounds.html",
            largest_mb=LARGEST_BYTES // 1_000_000,
            music=sounds_in(MUSIC),
            routines=[one for one in state.library.listed() if one.routine],
            routine=routine,
            folder=name,
            lines=lines,
            recorded=sum(line.there for line in lines),
        )

    return [
        Route("/", routines),
        Route("/shape/{name}", shaping),
        Route("/play/{file}", play),
        Route("/sounds", sounds),
    ]
