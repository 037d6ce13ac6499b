"""Open the studio for phones, and close it for them, while it runs.

    an address of this machine in the network -> a second listener of the same server, at the same secret path

The listener for this machine alone goes on whatever happens to the other.
"""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from socket import socket
from typing import Protocol

from audiogen.errors import Problem, SharingError
from audiogen.share.network import Listening, lan_addresses, listen


class Serving(Protocol):
    """A running server that can listen at more sockets."""

    async def also_serve(self, opened: socket) -> None:
        """Accept connections at a socket, too."""

    def leave(self, sockets: Sequence[socket]) -> Coroutine[None, None, None]:
        """Accept none there any more; the coroutine ends those that there are."""


@dataclass(slots=True)
class Phones:
    """Whether phones can reach the studio: `url` is the address for them, None where they cannot.

    `port` is that of this machine's own listener, which the network's has too if it is free; `hosts` are all that
    requests may be for.
    """

    path: str = "/"
    port: int = 0
    hosts: set[str] = field(default_factory=set)
    server: Serving | None = None
    _listening: list[Listening] = field(default_factory=list)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _leaving: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str | None:
        return self._listening[0].url(self.path) if self._listening else None

    @property
    def has_moved(self) -> bool:
        """Whether this computer has other addresses by now: phones do not find it at the one that they have."""
        return bool(self._listening) and self._listening[0].host not in lan_addresses()

    def listen(self, *, exactly: bool = False) -> None:
        """Open the sockets; connections wait there until they are served. `exactly` at the port, or not at all.

        Raises:
            SharingError: there is no network, or the port is in use or not permitted.
        """
        addresses = lan_addresses()
        if not addresses:
            raise SharingError(Problem("studio.no-network"))
        try:
            found = [listen(addresses[0], self.port)]
        except SharingError:
            if exactly:
                raise
            found = [listen(addresses[0], 0)]
        for address in addresses[1:]:
            with contextlib.suppress(SharingError):  # of a network that phones are unlikely to be in
                found.append(listen(address, found[0].port))
        self._listening = found
        self.hosts.update(host for one in found for host in one.hosts)

    async def serve(self) -> None:
        """Serve what was opened."""
        for one in self._listening:
            if self.server:
                await self.server.also_serve(one.socket)

    async def open(self) -> None:
        """Open it for phones where this computer is now, if it is not; raises as `listen`."""
        if self.has_moved:
            await self.close()
        async with self._lock:
            if not self._listening:
                self.listen()
                await self.serve()

    async def close(self) -> None:
        """Close it for phones. What they are being sent has a second to end; the answer to this request has, too."""
        async with self._lock:
            closed, self._listening = self._listening, []
            self.hosts.difference_update(host for one in closed for host in one.hosts)
            if closed and self.server:
                leaving = asyncio.create_task(self.server.leave([one.socket for one in closed]))
                self._leaving.add(leaving)
                leaving.add_done_callback(self._leaving.discard)

    def code(self, path: str = "") -> str:
        """Return the address of a page, for phones, as a QR code in SVG; empty if they cannot reach it."""
        from audiogen.share import qr

        return qr.svg(f"{self.url}{path}") if self.url else ""
