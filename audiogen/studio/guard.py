"""Decide which requests the studio answers.

    request -> answer, or a refusal with a line in the log

Requests for another host are refused (a page elsewhere makes them once its name points here), so is all that another
site asks for but opening a page, and with a token whatever does not begin with it. The token stands in the path, so
that no cookie goes along with what other sites ask for.
"""

import time
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audiogen.share import same_token

LARGEST_BODY = 64_000  # bytes of what a page posts, where a route has no limit of its own
DRAINED_BYTES = 1_000_000  # of a refused body
BODY_S = 20.0  # how long a client may keep silent in the middle of what it sends
MOST_GUESSES = 20  # wrong tokens of one client a minute; then it waits
MOST_CLIENTS = 1000  # whose guesses are remembered; those who guessed last
MINUTE_S = 60.0

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


class Guard:
    """Guard the whole application. `hosts` are those that requests may be for, with their ports, at any time."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str],
        log: Callable[[str], None],
        token: str | None = None,
        limits: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._log = log
        self._prefix = f"/{token}" if token else ""
        self._limits = limits
        self._guesses: dict[str, list[float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal:
            status, reason = refusal
            client = (scope.get("client") or ("?",))[0]
            self._log(f"refused {client} {scope['method']}: {reason}")
            await _drain(scope, receive)
            await PlainTextResponse(f"{reason}\n", status)(scope, receive, _with_headers(send))
            return
        inner = {**scope, "root_path": self._prefix}
        limit = self._limits.get(self._route(scope), LARGEST_BODY)
        await self._app(inner, _limited(receive, limit, self._log_silence(scope)), _with_headers(send))

    def _log_silence(self, scope: Scope) -> Callable[[], None]:
        client = (scope.get("client") or ("?",))[0]
        return lambda: self._log(f"cut off {client}: it stopped in the middle of a request")

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return the status and the reason for which a request is refused."""
        headers: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value.decode("latin-1"))
        hosts = [host.lower() for host in headers.get(b"host", [])]
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return 421, "This is not the address of the studio. Open the one that it printed."
        client = (scope.get("client") or ("?",))[0]
        if self._prefix and not self._has_token(scope["path"]):
            if self._has_guessed_much(client):
                return 429, "Too many wrong addresses from this device. Wait a minute."
            self._remember_guess(client)
            return (
                404,
                "There is nothing at this address. Open the one that the studio printed, or scan its code again.",
            )
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, f"The studio does not support {scope['method'][:10]}."
        if not _is_own_or_opened(headers):
            return 403, "Another site requested this, so it was refused."
        if scope["method"] == "POST":
            if headers.get(b"origin", []) != [f"{scope['scheme']}://{hosts[0]}"]:
                return 403, "Another site requested this change, so it was refused."
            limit = self._limits.get(self._route(scope), LARGEST_BODY)
            length = headers.get(b"content-length", ["0"])[0]
            if not length.isdecimal() or int(length) > limit:
                return 413, f"The request is too large: the limit is {limit / 1e6:g} MB."
        return None

    def _route(self, scope: Scope) -> str:
        return str(scope["path"]).removeprefix(self._prefix)

    def _has_token(self, path: str) -> bool:
        return same_token(path[: len(self._prefix)], self._prefix) and path[
            len(self._prefix) : len(self._prefix) + 1
        ] in ("/", "")

    def _remember_guess(self, client: str) -> None:
        self._guesses[client] = [*self._guesses.pop(client, ()), time.monotonic()]  # behind all others
        while len(self._guesses) > MOST_CLIENTS:
            del self._guesses[next(iter(self._guesses))]

    def _has_guessed_much(self, client: str) -> bool:
        now = time.monotonic()
        recent = [at for at in self._guesses.get(client, ()) if now - at < MINUTE_S]
        if recent:
            self._guesses[client] = recent[-MOST_GUESSES:]
        else:
            self._guesses.pop(client, None)
        return len(recent) >= MOST_GUESSES


def _is_own_or_opened(headers: dict[bytes, list[str]]) -> bool:
    """Whether a request comes from a page of ours, from no page at all, or opens a page in a tab.

    Browsers say so themselves (Fetch Metadata); other programs say nothing.
    """
    site = headers.get(b"sec-fetch-site", ["none"])
    opens = (headers.get(b"sec-fetch-mode"), headers.get(b"sec-fetch-dest")) == (["navigate"], ["document"])
    return site in (["none"], ["same-origin"]) or opens


async def _drain(scope: Scope, receive: Receive) -> None:
    """Read what a refused client is sending, if it is small: otherwise it would miss the answer."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    if length.isdigit() and 0 < int(length) <= DRAINED_BYTES:
        receiving = _limited(receive, DRAINED_BYTES)
        while (message := await receiving())["type"] == "http.request" and message.get("more_body"):
            pass


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            message = {**message, "headers": [*message["headers"], *(one for one in HEADERS if one[0] not in given)]}
        await send(message)

    return sending


def _limited(receive: Receive, limit: int, late: Callable[[], None] = lambda: None) -> Receive:
    """What is received, up to a limit in all and with a limit of time for each piece; beyond, the client is gone.

    `late` is called when the time is over.
    """
    import asyncio

    so_far = 0
    whole = False

    async def receiving() -> Message:
        nonlocal so_far, whole
        if whole:
            return await receive()  # waits for the client to leave, as long as the answer takes
        try:
            message = await asyncio.wait_for(receive(), BODY_S)
        except TimeoutError:
            late()
            return {"type": "http.disconnect"}
        so_far += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        return message if so_far <= limit else {"type": "http.disconnect"}

    return receiving
