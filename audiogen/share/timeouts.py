"""Connections that wait for slow clients, but not for ever.

A client that sends no request, sends it byte by byte, or reads nothing of the answer blocks no other, but keeps a
connection open, and there are only so many. A paused player leaves its answer unread for minutes, so answers
have far more time than requests.
"""

import asyncio
import time
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from audiogen.share.crowds import is_crowd

REQUEST_S = 30.0  # to send a request, and more for a long one:
SLOWEST_BYTES = 10_000  # per second, on average
UNREAD_S = 900.0  # without anything of an answer being read; a player that resumes later requests the rest again
LOOK_S = 1.0


class Patient(H11Protocol):
    """uvicorn's protocol that closes connections after too long a wait, and calls `given_up`."""

    def given_up(self, why: str) -> None:
        """Hook for a line in a log; `why` continues after the client's name: "took too long to send a request"."""

    def turned_away(self) -> None:
        """Hook for a line in a log: there were too many connections for this one."""

    def connection_made(self, transport: Any) -> None:
        clients = (getattr(connection, "client", None) for connection in self.connections)
        others = [client[0] for client in clients if client]
        super().connection_made(transport)
        if is_crowd(others, (self.client or ("?",))[0]):
            self.turned_away()
            transport.abort()
        self._asking_since_s: float | None = time.monotonic()
        self._received_bytes = 0
        self._unread: tuple[int, int] = (0, 0)
        self._unread_since_s = time.monotonic()
        self._resumed = 0
        self._looking = asyncio.get_running_loop().call_later(LOOK_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        self._looking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received_bytes += len(data)
        super().data_received(data)

    def resume_writing(self) -> None:
        self._resumed += 1
        super().resume_writing()

    def _look(self) -> None:
        now_s = time.monotonic()
        if not self.transport.is_closing():
            self._look_at_the_request(now_s)
        self._look_at_the_answer(now_s)
        self._looking = asyncio.get_running_loop().call_later(LOOK_S, self._look)

    def _look_at_the_request(self, now_s: float) -> None:
        if not self._is_asking():
            self._asking_since_s, self._received_bytes = None, 0
        elif self._asking_since_s is None:
            self._asking_since_s = now_s
        elif now_s - self._asking_since_s > REQUEST_S + self._received_bytes / SLOWEST_BYTES:
            if self._received_bytes:  # browsers open connections in advance
                self.given_up("took too long to send a request")
            self.transport.close()

    def _is_asking(self) -> bool:
        """Whether a request has begun and not ended, or none has come at all."""
        if self.conn.their_state is h11.IDLE:
            return self.cycle is None or bool(self.conn.trailing_data[0])
        return self.conn.their_state is h11.SEND_BODY

    def _look_at_the_answer(self, now_s: float) -> None:
        unread = self.transport.get_write_buffer_size(), self._resumed
        if not unread[0] or unread != self._unread:
            self._unread, self._unread_since_s = unread, now_s
        elif now_s - self._unread_since_s > UNREAD_S:
            self.given_up("stopped reading the answer")
            self.transport.abort()
