"""Run the studio's server until Ctrl-C, which first stops all renders.

socket + application -> uvicorn
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Protocol, cast

import uvicorn
from starlette.types import ASGIApp

from audiogen.share.crowds import BACKLOG, Seldom, report_full
from audiogen.share.network import Listening, listen
from audiogen.share.timeouts import Patient
from audiogen.studio.address import saved_token
from audiogen.studio.app import site
from audiogen.studio.browser import open_in_browser
from audiogen.studio.guard import Guard
from audiogen.studio.state import State
from audiogen.studio.uploads import LARGEST_BYTES
from audiogen.studio.writing.routes import LIMITS

LEAVING_S = 1.0  # for answers that are being sent when the studio is closed for phones


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
        self._more: dict[socket.socket, asyncio.AbstractServer] = {}
        state.phones.server = self

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        report_full(asyncio.get_running_loop(), self._state.log)
        await super().startup(sockets)
        await self._state.phones.serve()
        self._served()

    async def also_serve(self, opened: socket.socket) -> None:
        """Accept connections at a socket, too, as at those of the start."""

        def connection() -> asyncio.Protocol:
            kind = cast(type[Patient], self.config.http_protocol_class)
            return kind(self.config, self.server_state, self.lifespan.state)

        loop = asyncio.get_running_loop()
        self._more[opened] = await loop.create_server(connection, sock=opened, backlog=self.config.backlog)

    def leave(self, sockets: Sequence[socket.socket]) -> Coroutine[None, None, None]:
        """Accept no connections there any more; the coroutine gives those that there are a second to end."""
        places = {opened.getsockname() for opened in sockets}
        for opened in sockets:
            if server := self._more.pop(opened, None):
                server.close()
        connections = (cast(Patient, one) for one in self.server_state.connections)
        return self._ended({one for one in connections if one.transport.get_extra_info("sockname") in places})

    async def _ended(self, connections: set[Patient]) -> None:
        for connection in connections:
            connection.shutdown()
        until = time.monotonic() + LEAVING_S
        while (left := connections & self.server_state.connections) and time.monotonic() < until:
            await asyncio.sleep(0.05)
        for connection in left:
            connection.transport.abort()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self._more.values():
            server.close()
        await super().shutdown(sockets)

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


def guarded(state: State, listening: Listening, token: str | None = None) -> ASGIApp:
    """Return the whole application behind its guard; phones find it at the same path, once it is open for them."""
    limits = {**LIMITS, **dict.fromkeys(("/upload/music", "/upload/recording"), LARGEST_BYTES)}
    phones = state.phones
    phones.path, phones.port = f"/{token}/" if token else "/", listening.port
    phones.hosts |= listening.hosts
    return Guard(site(state), phones.hosts, state.log, token, limits)


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
    listening = listen_here(port)
    token = saved_token(renew=new_address)
    here = listening.url(f"/{token}/")
    state = State(output, reporter.line)
    with contextlib.closing(state), contextlib.suppress(KeyboardInterrupt):
        serving = config(guarded(state, listening, token), state)
        if lan:
            state.phones.listen(exactly=port is not None)
        reporter.line(f"The studio is at {here} (Ctrl-C stops it).")
        if state.phones.url:
            reporter.code(state.phones.url)

        def served() -> None:
            if open_browser:
                open_in_browser(here, state.previews)

        Server(serving, state, served).run(sockets=[listening.socket])
    reporter.line("Stopped.")
