"""A request body -> Google Translate's answer, over a network that may fail in any way.

Temporary failures are tried again: connections that fail or are cut, timeouts, 408, 425, 429 and 5xx, answers that are
empty or incomplete. Permanent ones are errors at once: other 4xx, redirects (to a consent or captcha page), web pages,
a certificate that is not trusted, a proxy that cannot be used. Every request has a deadline, even if single bytes still
arrive.

Only `gtts` imports this: it loads requests.
"""

import base64
import email.utils
import json
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import requests

from audiogen.errors import Cancelled, Problem, Remedy, Unreachable, VoiceError
from audiogen.voices.deadline import Watch
from audiogen.voices.google_faults import FAILURES, Fault, fault_of
from audiogen.voices.mpeg import bare_frames
from audiogen.voices.outgoing import open_session

WAYS_OUT = (Remedy("later"), Remedy("builtin-voice", "voice", "builtin"))
PATH = "/_/TranslateWebserverUi/data/batchexecute"
RPC = "jQ1olc"
LARGEST_ANSWER = 4_000_000  # bytes; a hundred characters of speech come in below 200 000
PASSING_STATUS = frozenset({408, 425, 429}) | frozenset(range(500, 600))
PAUSING_STATUS = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in seconds."""

    connect_s: float = 5.0
    read_s: float = 10.0  # without a single byte
    deadline_s: float = 25.0  # for a whole request
    tries: int = 4
    backoff_s: float = 1.0  # before the second try, plus or minus a half; doubled before each further one
    longest_wait_s: float = 60.0  # a longer Retry-After is an error at once

    @classmethod
    def within(cls, deadline_s: float) -> "Patience":
        """Scale the default time limits to this one for a whole request."""
        scale = deadline_s / cls().deadline_s
        return cls(connect_s=cls().connect_s * scale, read_s=cls().read_s * scale, deadline_s=deadline_s)


class Translate:
    """One verified session with Google Translate under one of its domains, for several threads."""

    def __init__(self, tld: str, connections: int, patience: Patience) -> None:
        self.host = f"translate.google.{tld}"
        self._patience = patience
        self._session = open_session(self.host, connections)
        self._paused_until = 0.0  # by all threads; a lost update would only shorten a pause slightly

    def spoken(self, text: str, body: str, headers: Mapping[str, str], cancel: threading.Event) -> bytes:
        """Return the MP3 frames that answer a request body; the text is for errors.

        Raises: VoiceError, Unreachable, Cancelled.
        """
        for tried in range(1, self._patience.tries + 1):
            self._wait_until(self._paused_until, cancel)
            try:
                answer = self._answer("POST", PATH, headers, body, self._patience.deadline_s, cancel)
                return _sound(answer, text)
            except Fault as fault:
                if tried == self._patience.tries or not fault.passes:
                    failed = VoiceError if fault.answered else Unreachable
                    raise failed(self._about(fault)) from fault.__cause__
                wait_s = self._wait_s(fault, tried)
                if fault.pauses:
                    self._paused_until = max(self._paused_until, time.monotonic() + wait_s)
                self._wait_until(time.monotonic() + wait_s, cancel)
        raise AssertionError("the last try returns or raises")

    def probe(self, timeout_s: float) -> None:
        """Send one request without content.

        Raises: Unreachable where no answer of any kind comes back, or none that can be trusted.
        """
        try:
            self._answer("HEAD", "/", {}, "", timeout_s, threading.Event(), any_answer=True)
        except Fault as fault:
            raise Unreachable(self._about(fault)) from fault.__cause__

    def _answer(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: str,
        deadline_s: float,
        cancel: threading.Event,
        any_answer: bool = False,
    ) -> bytes:
        timeouts = (min(self._patience.connect_s, deadline_s), min(self._patience.read_s, deadline_s))
        with Watch(deadline_s, cancel) as watch:
            try:
                with self._session.request(
                    method,
                    f"https://{self.host}{path}",
                    data=body,
                    headers=headers,
                    timeout=timeouts,
                    stream=True,
                    allow_redirects=False,
                ) as response:
                    if any_answer:
                        return b""
                    self._judge(response)
                    content = _content(response)
                if not (watch.expired or cancel.is_set()):
                    return content
                raise ConnectionAbortedError  # an answer of unknown length only seems to end when its line is cut
            except FAILURES as error:
                if cancel.is_set():
                    raise Cancelled from error
                if watch.expired:
                    raise Fault(Problem("voices.google-late", expected=f"{deadline_s:g} s")) from error
                raise fault_of(error, self.host, self._patience.read_s) from error

    def _judge(self, response: requests.Response) -> None:
        """Raise for every answer that is not worth reading."""
        status = response.status_code
        found = f"{status} {response.reason or ''}".rstrip()
        if status in PASSING_STATUS:
            wait_s = _retry_after_s(response.headers.get("Retry-After"))
            if wait_s is not None and wait_s > self._patience.longest_wait_s:
                raise Fault(Problem("voices.google-busy", expected=_spoken(wait_s), found=found), passes=False)
            pauses = status in PAUSING_STATUS
            raise Fault(Problem("voices.google-failed", found=found), wait_s=wait_s, pauses=pauses)
        if 300 <= status < 400:
            host = urlsplit(response.headers.get("Location", "")).hostname or "another page"
            raise Fault(Problem("voices.google-redirect", found=host), passes=False)
        if status != 200:
            raise Fault(Problem("voices.google-refused", found=found), passes=False)

    def _about(self, fault: Fault) -> Problem:
        return replace(fault.problem, subject=self.host, remedies=WAYS_OUT)

    def _wait_s(self, fault: Fault, tried: int) -> float:
        jittered = self._patience.backoff_s * 2 ** (tried - 1) * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
        return jittered if fault.wait_s is None else fault.wait_s + random.uniform(0.0, 0.2)  # noqa: S311

    def _wait_until(self, moment: float, cancel: threading.Event) -> None:
        while (left_s := max(moment, self._paused_until) - time.monotonic()) > 0:
            if cancel.wait(left_s):
                break
        if cancel.is_set():
            raise Cancelled


def _retry_after_s(value: str | None) -> float | None:
    """Read the seconds of a Retry-After header, in either of its forms (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())


def _spoken(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _content(response: requests.Response) -> bytes:
    content = bytearray()
    for piece in response.iter_content(65_536):
        content += piece
        if len(content) > LARGEST_ANSWER:
            limit = f"{LARGEST_ANSWER // 1_000_000} MB"
            raise Fault(Problem("voices.google-too-long", expected=limit), passes=False)
    return bytes(content)


def _sound(answer: bytes, text: str) -> bytes:
    """Return the MP3 frames inside an answer, after checking it on every level."""
    if not answer.strip():
        raise Fault(Problem("voices.google-empty"))
    if answer.lstrip().startswith(b"<"):
        raise Fault(Problem("voices.google-page"), passes=False)
    payload = _payload(answer)
    if payload is None:
        raise VoiceError(Problem("voices.no-sound", subject=text))
    try:
        (encoded,) = json.loads(payload)
        return bare_frames(base64.b64decode(encoded, validate=True))
    except (TypeError, ValueError, RecursionError) as error:  # not one string, not strict base64, not whole MP3
        raise Fault(Problem("voices.google-damaged")) from error


def _payload(answer: bytes) -> str | None:
    """Find the result of our call among the rows of the answer: JSON values after an anti-hijacking prefix.

    Rows look like `["wrb.fr", "jQ1olc", "[\\"BASE64\\"]", …]`; null instead of the result means that there is none.
    """
    try:
        rest = answer.decode().removeprefix(")]}'").lstrip()
        while rest:
            rows, end = json.JSONDecoder().raw_decode(rest)
            for row in rows if isinstance(rows, list) else ():  # lengths stand between chunks
                match row:
                    case ["wrb.fr", rpc, str() | None as result, *_] if rpc == RPC:
                        return result
            rest = rest[end:].lstrip()
    except (ValueError, RecursionError) as error:
        raise Fault(Problem("voices.google-damaged")) from error
    raise Fault(Problem("voices.google-speechless"))
