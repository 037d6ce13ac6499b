"""Offer one file to phones in the same network, at an address that cannot be guessed.

    file -> address, QR code, page, download

`serving.Sharing` is what `audiogen send` uses. To serve more than one file, use the parts:

- `network`: `listen(host, port)` opens a socket that phones can reach, with the address to show and the host
  names that requests may use; `HostGuard(app, …)` refuses all others, since a web page elsewhere could reach
  this machine through the browser (DNS rebinding).
- `new_token()` and `same_token(one, other)`: the part of an address that cannot be guessed.
- `qr`: `drawn(url, …)` for a terminal, `svg(url)` for a page.
- `responses`: `download(path)` and `playback(path)`, Starlette responses that answer Range requests.

Starlette, uvicorn, segno and ifaddr are loaded when something is shared.
"""

import secrets

from audiogen.share.describe import Shared, describe

__all__ = ["Shared", "describe", "new_token", "same_token"]


def new_token() -> str:
    """Return a part of an address that cannot be guessed: 128 random bits in 22 characters."""
    return secrets.token_urlsafe(16)


def same_token(one: str, other: str) -> bool:
    """Compare two tokens, in a time that does not depend on where they differ."""
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
