"""The studio's server: a socket, uvicorn, and a calm end.

run(...) serves until Ctrl-C, which stops all renders first
"""

import asyncio
import contextlib
import errno
import socket
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from audiogen.errors import AudiogenError
from audiogen.studio.desk import Desk
from audiogen.studio.guard import Guard
from audiogen.studio.site import site

__all__ = ["Listening", "Server", "config", "guarded", "listen", "run"]

USUAL_PORT = 8723
HEAD_S = 20.0  # a client that has not sent its request's head by then is cut off


class _Patient(H11Protocol):
    """uvicorn's protocol, which closes connections that never say what they want."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        asyncio.get_running_loop().call_later(HEAD_S, self._close_if_silent)

    def _close_if_silent(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()


class Server(uvicorn.Server):
    """Stops the renders at once when it is told to stop, before connections are given their second to finish."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._desk.jobs.stop()
        super().handle_exit(sig, frame)


@dataclass(frozen=True, slots=True)
class Listening:
    """An open socket; requests must be for one of `hosts`."""

    socket: socket.socket
    url: str
    hosts: frozenset[str]


def listen(port: int | None) -> Listening:
    """Listen on this machine alone, at the usual port or another that is free unless one is named.

    Raises:
        AudiogenError: the port is taken or not permitted.
    """
    for wished in (USUAL_PORT, 0) if port is None else (port,):
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(("127.0.0.1", wished))
            opened.listen(512)
        except OSError as error:
            opened.close()
            if error.errno == errno.EADDRINUSE and port is None and wished:
                continue
            taken = error.errno == errno.EADDRINUSE
            told = "is in use by another program" if taken else f"cannot be opened: {error.strerror}"
            raise AudiogenError(f"Port {wished} {told}. Name another one with --port.") from error
        actual = opened.getsockname()[1]
        hosts = frozenset(f"{host}:{actual}" for host in ("127.0.0.1", "localhost"))
        return Listening(opened, f"http://127.0.0.1:{actual}/", hosts)
    raise AudiogenError("No port of this machine is free.")


def guarded(desk: Desk, listening: Listening, token: str | None = None) -> ASGIApp:
    """The whole application behind its guard."""
    return Guard(site(desk), listening.hosts, desk.log, token)


def config(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn serves it."""
    return uvicorn.Config(
        app,
        http=_Patient,
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        lifespan="off",
    )


def run(output: Path, *, port: int | None, open_browser: bool, tell: Callable[[str], None]) -> None:
    """Serve until somebody stops it.

    Raises:
        AudiogenError: it cannot listen.
    """
    listening = listen(port)
    desk = Desk(output, tell)
    app = guarded(desk, listening)
    tell(f"The studio is at {listening.url} (Ctrl-C stops it).")
    if open_browser:
        with contextlib.suppress(webbrowser.Error, OSError):
            webbrowser.open(listening.url)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            Server(config(app), desk).run(sockets=[listening.socket])
    finally:
        desk.close()
    tell("Stopped.")
