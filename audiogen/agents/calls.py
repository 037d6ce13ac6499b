"""Answer each call in a thread of its own, which ends early once its client cancels it or is gone.

work -> its result, unless it is cancelled
"""

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

import anyio
import anyio.to_thread

Result = TypeVar("Result")

TIDY_S = 3.0  # for a call that is cancelled to remove what is half written

cancelled: ContextVar[threading.Event | None] = ContextVar("cancelled", default=None)  # of the call that is answered


class Calls:
    """All calls that are being answered, by the event that says that one of them has ended."""

    def __init__(self) -> None:
        self._running: dict[threading.Event, threading.Event] = {}

    async def answer(self, work: Callable[[], Result]) -> Result:
        """Work in a thread. One that does not look whether it is cancelled is left to itself then."""
        cancel, ended = threading.Event(), threading.Event()
        cancelled.set(cancel)

        def working() -> Result:
            try:
                return work()
            finally:
                self._running.pop(ended, None)
                ended.set()

        self._running[ended] = cancel
        try:
            return await anyio.to_thread.run_sync(working, abandon_on_cancel=True)
        except anyio.get_cancelled_exc_class():
            cancel.set()
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(ended.wait, TIDY_S)
            raise

    def stop(self) -> None:
        """Cancel all calls, and give them a moment to tidy up."""
        running = dict(self._running)
        for cancel in running.values():
            cancel.set()
        until = time.monotonic() + TIDY_S
        for ended in running:
            ended.wait(max(until - time.monotonic(), 0))
