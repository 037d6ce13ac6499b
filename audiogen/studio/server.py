"""The studio's server: a socket, uvicorn, and a calm end.

run(...) serves until Ctrl-C, which stops all renders first
"""

import contextlib
import webbrowser
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Protocol

import uvicorn
from starlette.types import ASGIApp

from audiogen.share.network import Listening, listen
from audiogen.share.timeouts import Patient
from audiogen.studio.address import kept_token
from audiogen.studio.app import site
from audiogen.studio.guard import Guard
from audiogen.studio.state import Desk
from audiogen.studio.uploads import LARGEST_BYTES

__all__ = ["Server", "Tell", "config", "guarded", "listen_here", "run"]


class Tell(Protocol):
    """Where the studio's few words go."""

    def line(self, line: str) -> None:
        """Say a line."""

    def code(self, url: str) -> None:
        """Show the address for phones, with its code."""


class Server(uvicorn.Server):
    """Stops the renders at once when it is told to stop, before connections are given their second to finish."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._desk.jobs.stop()
        super().handle_exit(sig, frame)


def listen_here(port: int | None) -> Listening:
    """Listen on this machine alone.

    Raises:
        SharingError: the port is taken or not permitted.
    """
    listening = listen("127.0.0.1", port)
    return replace(listening, hosts=listening.hosts | {f"localhost:{listening.port}"})


def listen_everywhere(port: int | None) -> Listening:
    """Listen on all interfaces, this machine's own included.

    Raises:
        SharingError: the port is taken or not permitted.
    """
    listening = listen("0.0.0.0", port)  # noqa: S104 - what --lan asks for; a token stands before everything
    return replace(listening, hosts=listening.hosts | {f"127.0.0.1:{listening.port}", f"localhost:{listening.port}"})


def guarded(desk: Desk, listening: Listening, token: str | None = None) -> ASGIApp:
    """The whole application behind its guard."""
    uploads = frozenset({"/upload/music", "/upload/recording"})
    return Guard(site(desk), listening.hosts, desk.log, token, uploads, LARGEST_BYTES)


def config(app: ASGIApp, desk: Desk) -> uvicorn.Config:
    """How uvicorn serves it."""

    class Connection(Patient):
        def given_up(self, why: str) -> None:
            desk.log(f"cut off {(self.client or ('?',))[0]}: it {why}")

    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        lifespan="off",
    )


def run(output: Path, *, lan: bool, new_address: bool, port: int | None, open_browser: bool, tell: Tell) -> None:
    """Serve until somebody stops it. With `lan` the network is served, too, at an address that nobody can guess:
    that of earlier starts, unless a `new_address` is wished for.

    `tell(line)` is for what is to be known; `tell.code` is told the address that phones can open.

    Raises:
        SharingError: it cannot listen.
    """
    listening = listen_everywhere(port) if lan else listen_here(port)
    token = kept_token(renew=new_address) if lan else None
    path = f"/{token}/" if token else "/"
    lan_url = listening.url(path) if lan else None
    here = f"http://127.0.0.1:{listening.port}{path}"
    desk = Desk(output, tell.line, lan_url)
    with contextlib.closing(desk), contextlib.suppress(KeyboardInterrupt):
        tell.line(f"The studio is at {here} (Ctrl-C stops it).")
        if lan_url:
            tell.code(lan_url)
        if open_browser:
            with contextlib.suppress(webbrowser.Error, OSError):
                webbrowser.open(here)
        Server(config(guarded(desk, listening, token), desk), desk).run(sockets=[listening.socket])
    tell.line("Stopped.")
