"""A failure of requests, urllib3 or the sockets below them -> what went wrong with a request to Google Translate.

Only `google` imports this: it loads requests.
"""

import errno
import os
import re
from collections.abc import Iterator
from ssl import SSLCertVerificationError

import urllib3
from requests import exceptions as failures

from audiogen.errors import Problem, Unreachable

# Errors of requests are OSErrors; a host name or a port that cannot be one is a ValueError or an OverflowError.
FAILURES = (OSError, urllib3.exceptions.HTTPError, ValueError, OverflowError)


class Fault(Exception):
    """What went wrong with one request; `Translate` adds its host to the problem."""

    def __init__(
        self,
        problem: Problem,
        *,
        passes: bool = True,
        answered: bool = True,
        pauses: bool = False,
        wait_s: float | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.passes = passes  # another try is worth it
        self.answered = answered  # False: nothing of the service was seen
        self.pauses = pauses  # all requests have to wait, not only this one
        self.wait_s = wait_s  # how long the service asks to wait


def fault_of(error: Exception, host: str, read_s: float) -> Fault | Unreachable:
    """Map a failure; `read_s` is how long the service may be silent."""
    causes = list(_causes(error))
    silent = Problem("voices.google-silent", expected=f"{read_s:g} s")
    if any(isinstance(cause, SSLCertVerificationError) for cause in causes):
        return Unreachable(Problem("voices.google-untrusted", subject=host))
    match error:
        case failures.ProxyError():
            refusals = [str(cause) for cause in causes if str(cause).startswith("Tunnel")]
            if refusals:
                passes = " 4" not in refusals[-1]  # "Tunnel connection failed: 403 Forbidden"
                return Fault(Problem("voices.google-proxy", found=refusals[-1]), passes=passes, answered=False)
            if any(isinstance(cause, urllib3.exceptions.NewConnectionError) for cause in causes):
                return Fault(Problem("voices.google-proxy", found=_reason(causes)), answered=False)
        case failures.ConnectTimeout():
            found = os.strerror(errno.ETIMEDOUT)
            return Fault(Problem("voices.google-unreachable", found=found), answered=False)
        case failures.ReadTimeout():
            return Fault(silent)
        case failures.ChunkedEncodingError() | failures.ContentDecodingError():
            return Fault(Problem("voices.google-damaged"))
    if not isinstance(error, failures.ConnectionError | ConnectionError):
        return Unreachable(Problem("voices.google-not-started", subject=host, found=without_logins(str(error))))
    if any(isinstance(cause, urllib3.exceptions.ReadTimeoutError) for cause in causes):
        return Fault(silent)
    return Fault(Problem("voices.google-unreachable", found=_reason(causes)), answered=False)


def without_logins(words: str) -> str:
    """Remove what stands before an @, such as the user and the password in the address of a proxy."""
    return re.sub(r"([a-z0-9+.-]+://)?\S+@", r"\1", words, flags=re.IGNORECASE)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and its causes; requests and urllib3 store some of them in `args` and `reason`."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        found = waiting.pop(0)
        if found is None or found in seen:
            continue
        seen.append(found)
        yield found
        inner = [*found.args, getattr(found, "reason", None), found.__cause__, found.__context__]
        waiting += [each for each in inner if isinstance(each, BaseException)]


def _reason(causes: list[BaseException]) -> str:
    """Return the innermost message of the operating system, such as "Connection refused"."""
    words = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    return words[-1] if words else "the connection was closed"
