"""One file for the phones in the same network, at an address that nobody can guess.

    file -> address, QR code, page, download

`send_file` is all that `audiogen send` does. Whoever serves more than one file takes the parts:

- `network`: `listen(host, port)` opens a socket where phones can reach it and knows the address to show and the host
  names that requests may come for; `HostGuard(app, …)` refuses all others, which a web page elsewhere would need to
  get at this machine through the browser (DNS rebinding).
- `new_token()` and `same_token(one, other)`: what makes an address unguessable.
- `qr`: `drawn(url, …)` for a terminal, `svg(url)` for a page.
- `responses`: `download(path)` and `playback(path)`, Starlette responses that answer Range requests.

Starlette, uvicorn, segno and ifaddr are loaded when something is shared, not before.
"""

import secrets

from audiogen.share.describe import Shared, describe

__all__ = ["Shared", "describe", "new_token", "same_token"]


def new_token() -> str:
    """A part of an address that nobody guesses: 128 random bits in 22 characters."""
    return secrets.token_urlsafe(16)


def same_token(one: str, other: str) -> bool:
    """Whether two tokens are equal, found out in a time that does not tell how much of them is."""
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
