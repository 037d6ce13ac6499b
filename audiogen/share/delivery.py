"""Track which bytes of a file have arrived, over any number of answers and connections.

    answers' messages -> spans of the file -> complete or not

Bytes that the system has accepted may not have arrived: a phone can disappear in the middle. So spans count per
connection, and only once it has ended well, or has been idle with everything acknowledged.
"""

import re
from collections.abc import Iterator
from typing import Any

Client = tuple[str, int]
Span = tuple[int, int]

_CONTENT_RANGE = re.compile(rb"bytes (\d+)-(\d+)/\d+", re.IGNORECASE)


class Delivery:
    """Spans [first, last) of a file of `size` bytes, on their way by connection, and arrived."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._under_way: dict[Client, list[Span]] = {}  # of every open connection
        self._arrived: list[Span] = []

    def opened(self, client: Client) -> None:
        self._under_way[client] = []

    def handed(self, client: Client, span: Span) -> None:
        """Note a span that was given to the system; it is lost if its connection has ended meanwhile."""
        if client in self._under_way:
            self._under_way[client].append(span)

    def arrived(self, client: Client) -> None:
        """Count everything that was handed over on this open connection as arrived."""
        if client in self._under_way:
            self._arrived = _merged([*self._arrived, *self._under_way[client]])
            self._under_way[client] = []

    def closed(self, client: Client, *, well: bool) -> None:
        if well:
            self.arrived(client)
        self._under_way.pop(client, None)

    def restarted(self, size: int) -> None:
        """Start again with another file."""
        self.size = size
        self._arrived = []
        self._under_way = {client: [] for client in self._under_way}

    @property
    def waiting(self) -> tuple[Client, ...]:
        """Return the connections whose spans have not all arrived."""
        return tuple(client for client, spans in self._under_way.items() if spans)

    @property
    def complete(self) -> bool:
        """Whether every byte of the file has arrived."""
        return self._arrived == [(0, self.size)]


class Spans:
    """Find the spans of a file in the messages of one answer: the whole file, one range, or several in parts."""

    def __init__(self) -> None:
        self._at = 0  # in the file
        self._left: int | None = 0  # of the current span; None: to the end of the body
        self._head = b""  # of a part, as far as it has come

    def of(self, message: Any) -> Iterator[Span]:
        """Yield the spans of an ASGI message, in order."""
        if message["type"] == "http.response.start":
            self._begin(message["status"], dict(message["headers"]))
            return
        body = message.get("body", b"")
        while body:
            if self._left == 0:
                body = self._next_part(body)
                continue
            taken = len(body) if self._left is None else min(self._left, len(body))
            yield self._at, self._at + taken
            self._at += taken
            self._left = None if self._left is None else self._left - taken
            body = body[taken:]

    def _begin(self, status: int, headers: dict[bytes, bytes]) -> None:
        if status == 200:
            self._left = None
        elif status == 206 and (found := _CONTENT_RANGE.match(headers.get(b"content-range", b""))):
            self._at, self._left = int(found[1]), int(found[2]) + 1 - int(found[1])

    def _next_part(self, body: bytes) -> bytes:
        """Read on to the end of a part's head and return what follows it."""
        head, end, rest = (self._head + body).partition(b"\r\n\r\n")
        if not end:
            self._head = head[-1000:]
            return b""
        self._head = b""
        if found := _CONTENT_RANGE.search(head):
            self._at, self._left = int(found[1]), int(found[2]) + 1 - int(found[1])
        return rest


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
