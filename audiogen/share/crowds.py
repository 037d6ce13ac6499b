"""Too many connections: how many there may be, of one client and in all, and what happens without room for another.

A connection needs a file descriptor, and a process has few: without a limit, one client that opens connections and
says nothing could use up all of them.
"""

import asyncio
import errno
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

MOST_OF_ALL = 400  # connections; a browser opens six, and a player some more
DESCRIPTORS_EACH = 2  # for one, and for the file that it reads
SHARE_OF_ONE = 0.625  # of all of them, one client may have so many
BACKLOG = 64  # connections that the system accepts for us; asyncio tries to take as many at once
MINUTE_S = 60.0

_FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


def most_of_all() -> int:
    """Return how many connections there may be in all."""
    if sys.platform == "win32":
        return MOST_OF_ALL
    import resource

    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_OF_ALL if most == resource.RLIM_INFINITY else max(2, min(MOST_OF_ALL, most // DESCRIPTORS_EACH))


def is_crowd(clients: Iterable[str], newcomer: str) -> bool:
    """Whether there is no room for another connection of a client, next to those of these clients."""
    present, most = list(clients), most_of_all()
    return len(present) >= most or present.count(newcomer) >= most * SHARE_OF_ONE


class Seldom:
    """Call a function with a line at most once a minute."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._next_s = 0.0

    def __call__(self, line: str) -> None:
        if time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + MINUTE_S
            self._report(line)


def report_full(loop: asyncio.AbstractEventLoop, report: Callable[[str], None]) -> None:
    """Report in one line that no connection can be accepted, where asyncio prints a traceback for each attempt.

    asyncio tries again by itself, a second later.
    """
    seldom = Seldom(report)

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in _FULL:
            seldom(f"no further connection is possible: {(error.strerror or str(error)).lower()}")
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)
