"""Do what takes a processor while the client waits, a few at a time, and not for clients that have gone.

request + function -> its result, or `Gone`
"""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from audiogen.errors import AudiogenError, Cancelled, Problem

T = TypeVar("T")

AT_ONCE = 2  # plans and previews; more of them would only be slower together
MOST_WAITING = 50
LOOK_S = 0.25  # how soon it is noticed that a client has gone


class Gone(Exception):
    """Nobody waits for the result."""


class Busy(AudiogenError):
    """Too many are waiting."""


class Work:
    """The work of one studio."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def done(self, request: Request, work: Callable[[threading.Event], T]) -> T:
        """Return the result of a function, which runs in a thread and may look at the event to stop early.

        Raises:
            Gone: the client has left; work that waited for its turn never began.
            Busy: too many requests are waiting already.
        """
        if self._waiting >= MOST_WAITING:
            raise Busy(Problem("studio.busy"))
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            if await request.is_disconnected():
                raise Gone
            return await _watched(request, work)
        finally:
            self._places.release()


async def _watched(request: Request, work: Callable[[threading.Event], T]) -> T:
    cancel = threading.Event()
    working = asyncio.ensure_future(run_in_threadpool(work, cancel))
    try:
        while not (await asyncio.wait([working], timeout=LOOK_S))[0]:
            if await request.is_disconnected():
                cancel.set()
        return await working
    except Cancelled as error:
        raise Gone from error
