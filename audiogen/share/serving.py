"""Serve one file in the network until it is fetched, time is up or it is stopped.

Shared + Listening -> page, playback, download -> fetched or not
"""

import asyncio
import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import uvicorn
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from audiogen.errors import Cancelled
from audiogen.share import new_token, page, responses, same_token
from audiogen.share.crowds import BACKLOG, report_full
from audiogen.share.delivery import Client, Delivery, Spans
from audiogen.share.describe import Shared
from audiogen.share.network import HostGuard, Listening
from audiogen.share.timeouts import Patient

QUIET_S = 0.5  # on an open connection after the last byte, with nothing unacknowledged: it has arrived
LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Asked:
    """A phone opened the page, plays or saves the file, has saved it, or was cut off for being too slow."""

    what: Literal["page", "play", "save", "saved", "cut"]
    who: str  # the phone's address
    why: str = ""  # of being cut off: "took too long to send a request"


class Sharing:
    """One file at one address: `url` is what the phone opens; `serve` blocks until it is over."""

    def __init__(self, shared: Shared, listening: Listening, report: Callable[[Asked], None]) -> None:
        self._shared = shared
        self._listening = listening
        self._report = report
        self._reported: set[Asked] = set()
        self._token = new_token()
        self._delivery = Delivery(shared.size_bytes)
        self._state = _identity(shared.path.stat())
        self._connections: dict[Client, Patient] = {}
        self._last_s = time.monotonic()  # when a phone did something
        self._handed_s: dict[Client, float] = {}  # when a connection was last handed something
        self._answering = 0

    @property
    def url(self) -> str:
        return self._listening.url(f"/{self._token}/")

    def serve(self, idle_s: float, cancel: threading.Event) -> bool:
        """Serve until the whole file has arrived somewhere (true), or nothing has happened for `idle_s` (false).

        Raises:
            Cancelled: `cancel` was set.
        """
        asyncio.run(self._serve(idle_s, cancel))
        if cancel.is_set():
            raise Cancelled
        return self._delivery.complete

    async def _serve(self, idle_s: float, cancel: threading.Event) -> None:
        config = uvicorn.Config(
            HostGuard(self._answer, self._listening.hosts),
            http=self._protocol(),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",  # only the command line prints
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=BACKLOG,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[self._listening.socket]))
        report_full(asyncio.get_running_loop(), lambda _: None)
        self._last_s = time.monotonic()
        while not (serving.done() or cancel.is_set() or self._is_over(idle_s)):
            await asyncio.sleep(LOOK_S)
        server.should_exit = server.force_exit = True
        for connection in self._connections.values():
            connection.transport.abort()  # those still connected have the file, or get no more of it
        await serving

    def _is_over(self, idle_s: float) -> bool:
        self._settle()
        if self._delivery.complete and not self._answering:
            return True
        return time.monotonic() - self._last_s > idle_s

    def _settle(self) -> None:
        """Count what was handed over some time ago and is acknowledged."""
        for client in self._delivery.waiting:
            quiet = time.monotonic() - self._handed_s.get(client, 0) > QUIET_S
            if quiet and not _unsent_bytes(self._connections[client].transport):
                self._delivery.arrived(client)
        if self._delivery.complete:
            self._say("saved", next(iter(self._handed_s), ("the phone", 0)))

    # -- requests

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        client: Client = tuple(scope["client"] or ("?", 0))
        what = self._asked(scope["path"])
        response: Response
        if what is None:
            response = PlainTextResponse("There is nothing at this address.\n", 404)
        elif scope["method"] not in ("GET", "HEAD"):
            response = PlainTextResponse("This address can only be read.\n", 405, {"allow": "GET, HEAD"})
        elif not self._shared.path.is_file():
            response = PlainTextResponse("The file no longer exists. Send it again.\n", 410)
        else:
            self._last_s = time.monotonic()
            self._say(what, client)
            response = self._response(what)
            send = self._counted(send, client, counts=what == "save")
        self._answering += 1
        try:
            await response(scope, receive, send)
        finally:
            self._answering -= 1

    def _asked(self, path: str) -> Literal["page", "play", "save"] | None:
        """Return what a path stands for; None if any part of it is not ours."""
        _, token, rest = [*path.split("/", 2), "", ""][:3]
        if not same_token(token, self._token):
            return None
        if rest == f"play/{self._shared.name}":
            return "play"
        if rest == f"save/{self._shared.name}":
            return "save"
        return None if rest else "page"

    def _response(self, what: Literal["page", "play", "save"]) -> Response:
        if what == "play":
            return responses.playback(self._shared.path)
        if what == "save":
            self._notice_changes()
            return responses.download(self._shared.path, self._shared.name)
        text = page.html(self._shared, save=self._path("save"), play=self._path("play"))
        return HTMLResponse(text, headers={**responses.PRIVATE, "content-security-policy": page.policy()})

    def _path(self, what: str) -> str:
        from urllib.parse import quote

        return f"/{self._token}/{what}/{quote(self._shared.name, safe='')}"

    def _notice_changes(self) -> None:
        """Start again if the file was rendered again meanwhile."""
        found = self._shared.path.stat()
        if _identity(found) != self._state:
            self._state = _identity(found)
            self._delivery.restarted(found.st_size)

    def _counted(self, send: Send, client: Client, *, counts: bool) -> Send:
        """Count what is sent: everything as activity, a download as delivered."""
        spans = Spans()

        async def counting(message: Message) -> None:
            last = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send({**message, "more_body": True} if counts and last else message)
            self._last_s = self._handed_s[client] = time.monotonic()
            if counts:
                for span in spans.of(message):
                    self._delivery.handed(client, span)
            if counts and last:
                await self._acknowledged(client)  # the server may close the connection with the end of the answer
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        return counting

    async def _acknowledged(self, client: Client) -> None:
        """Wait until everything has reached the phone, or the phone is gone."""
        unsent = -1
        while client in self._connections and unsent:
            now = _unsent_bytes(self._connections[client].transport)
            if now != unsent:
                self._last_s = time.monotonic()
            unsent = now
            await asyncio.sleep(LOOK_S / 5 if unsent else 0)

    def _say(self, what: Literal["page", "play", "save", "saved", "cut"], client: Client, why: str = "") -> None:
        asked = Asked(what, client[0], why)
        if asked not in self._reported:
            self._reported.add(asked)
            self._report(asked)

    # -- connections

    def _protocol(self) -> type[Patient]:
        """Return connections that report how they end."""
        sharing = self

        class Connection(Patient):
            def given_up(self, why: str) -> None:
                sharing._say("cut", self.client or ("?", 0), why)

            def connection_made(self, transport: Any) -> None:
                super().connection_made(transport)
                if self.client:
                    sharing._connections[self.client] = self
                    sharing._delivery.opened(self.client)

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client:
                    sharing._connections.pop(self.client, None)
                    sharing._delivery.closed(self.client, well=exc is None and not _unsent_bytes(self.transport))
                super().connection_lost(exc)

        return Connection


class _Server(uvicorn.Server):
    """A server that leaves signals to the command line."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_mtime_ns, found.st_size


def _unsent_bytes(transport: asyncio.Transport) -> int:
    """Return how many written bytes the other side has not acknowledged, as far as this system knows."""
    written = transport.get_write_buffer_size()
    sock: socket.socket | None = transport.get_extra_info("socket")
    if sock is None or sock.fileno() < 0:
        return written
    with contextlib.suppress(OSError):
        if sys.platform == "linux":
            import fcntl
            import struct
            import termios

            return written + int(struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4)))[0])
        if sys.platform == "darwin":
            return written + sock.getsockopt(socket.SOL_SOCKET, 0x1024)  # SO_NWRITE
    return written
