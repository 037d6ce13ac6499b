"""Run the studio's server until Ctrl-C, which first stops all renders.

socket + application -> uvicorn
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Protocol

import uvicorn
from starlette.types import ASGIApp

from audiogen.errors import Problem, SharingError
from audiogen.share.crowds import BACKLOG, Seldom, report_full
from audiogen.share.network import Listening, lan_addresses, listen
from audiogen.share.timeouts import Patient
from audiogen.studio.address import saved_token
from audiogen.studio.app import site
from audiogen.studio.browser import open_in_browser
from audiogen.studio.guard import Guard
from audiogen.studio.state import State
from audiogen.studio.uploads import LARGEST_BYTES


class Reporter(Protocol):
    """Where the studio reports to."""

    def line(self, line: str) -> None:
        """Report a line."""

    def code(self, url: str) -> None:
        """Show the address for phones, with its code."""


class Server(uvicorn.Server):
    """A server that stops the renders before connections get their second to finish; it calls `served` once it runs."""

    def __init__(self, config: uvicorn.Config, state: State, served: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self._state = state
        self._served = served

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        report_full(asyncio.get_running_loop(), self._state.log)
        await super().startup(sockets)
        self._served()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._state.jobs.stop()
        super().handle_exit(sig, frame)


def listen_here(port: int | None) -> Listening:
    """Listen on this machine only.

    Raises:
        SharingError: the port is in use or not permitted.
    """
    listening = listen("127.0.0.1", port)
    return replace(listening, hosts=listening.hosts | {f"localhost:{listening.port}"})


def listen_everywhere(port: int | None) -> Listening:
    """Listen on all interfaces, including this machine's own.

    Raises:
        SharingError: there is no network, or the port is in use or not permitted.
    """
    if not lan_addresses():
        raise SharingError(Problem("studio.no-network"))
    listening = listen("0.0.0.0", port)  # noqa: S104 - what --lan asks for; a token stands before everything
    return replace(listening, hosts=listening.hosts | {f"127.0.0.1:{listening.port}", f"localhost:{listening.port}"})


def guarded(state: State, listening: Listening, token: str | None = None) -> ASGIApp:
    """Return the whole application behind its guard."""
    uploads = frozenset({"/upload/music", "/upload/recording"})
    return Guard(site(state), listening.hosts, state.log, token, uploads, LARGEST_BYTES)


def config(app: ASGIApp, state: State) -> uvicorn.Config:
    """Return how uvicorn serves the application."""

    crowd = Seldom(state.log)

    class Connection(Patient):
        def given_up(self, why: str) -> None:
            state.log(f"cut off {(self.client or ('?',))[0]}: it {why}")

        def turned_away(self) -> None:
            crowd(f"cut off {(self.client or ('?',))[0]}: too many connections")

    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        backlog=BACKLOG,
        lifespan="off",
    )


def run(
    output: Path, *, lan: bool, new_address: bool, port: int | None, open_browser: bool, reporter: Reporter
) -> None:
    """Serve until stopped, at an address that other users of this machine cannot guess; with `lan` the network too.

    It is the address of earlier starts, unless `new_address` is set. `reporter` gets each line, and the address for
    phones.

    Raises:
        SharingError: it cannot listen.
    """
    listening = listen_everywhere(port) if lan else listen_here(port)
    token = saved_token(renew=new_address)
    path = f"/{token}/"
    lan_url = listening.url(path) if lan else None
    here = f"http://127.0.0.1:{listening.port}{path}"
    state = State(output, reporter.line, lan_url)
    with contextlib.closing(state), contextlib.suppress(KeyboardInterrupt):
        reporter.line(f"The studio is at {here} (Ctrl-C stops it).")
        if lan_url:
            reporter.code(lan_url)

        def served() -> None:
            if open_browser:
                open_in_browser(here, state.previews)

        Server(config(guarded(state, listening, token), state), state, served).run(sockets=[listening.socket])
    reporter.line("Stopped.")
