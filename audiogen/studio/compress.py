"""Compress texts on their way to the browser: pages, scripts, style sheets, JSON, feeds, drawings.

answer -> the same answer, by gzip where the client accepts it

Sound and pictures are compressed already; ranges of a file stay what was asked for.
"""

import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST_BYTES = 500  # below, what the headers add is more than what is saved
TEXTS = ("text/", "application/javascript", "application/json", "application/rss+xml", "image/svg+xml")


class Compress:
    """Wrap an application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            send = _compressed(send, head=scope["method"] == "HEAD")
        await self._app(scope, receive, send)


def _compressed(send: Send, *, head: bool) -> Send:
    compressor = None

    async def sending(message: Message) -> None:
        nonlocal compressor
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            if message["status"] not in (204, 206, 304) and _pays(headers):
                _announce(headers)
                if not head:
                    compressor = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
        elif compressor:
            body = compressor.compress(message.get("body", b""))
            if not message.get("more_body", False):
                body += compressor.flush()
            elif not body:
                return  # it waits for more
            message = {**message, "body": body}
        await send(message)

    return sending


def _pays(headers: Headers) -> bool:
    long_enough = int(headers.get("content-length", LEAST_BYTES)) >= LEAST_BYTES
    return long_enough and headers.get("content-type", "").startswith(TEXTS) and "content-encoding" not in headers


def _announce(headers: MutableHeaders) -> None:
    del headers["content-length"]
    headers["content-encoding"] = "gzip"
    headers.add_vary_header("Accept-Encoding")
    if "etag" in headers:  # other bytes, the same text
        headers["etag"] = f"W/{headers['etag'].removeprefix('W/')}"
