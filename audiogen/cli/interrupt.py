"""Ctrl-C: the first asks the session to stop and tidy up, the second leaves at once."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

_SHOW_CURSOR = b"\x1b[?25h"  # a progress bar hides it


@contextlib.contextmanager
def cancel_on_interrupt(quiet: bool) -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, while this lasts."""
    cancel = threading.Event()

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        if cancel.is_set():
            if sys.stderr is not None and sys.stderr.isatty():
                _write(_SHOW_CURSOR)
            os._exit(130)  # not sys.exit: it would wait for the threads that are still speaking
        cancel.set()
        if not quiet:
            _write(b"\nStopping; press Ctrl-C again to quit at once.\n")

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)


def _write(message: bytes) -> None:
    """Write to stderr past Python's buffer, which the interrupted code may be holding."""
    with contextlib.suppress(OSError):
        os.write(2, message)
