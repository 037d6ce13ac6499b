"""Ctrl-C and the signal to terminate: the first asks the session to stop and tidy up, the second leaves at once."""

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Collection, Iterator
from types import FrameType
from typing import NoReturn

_SHOW_CURSOR = b"\x1b[?25h"  # a progress bar hides it


class Stops:
    """What the two signals do to this process, while this lasts: to terminate is to do what Ctrl-C does at that moment.

    Until `unwind`, and again behind the block, there is nothing to tidy up, and the process ends at once: an exception
    that is raised while modules are loaded or taken apart would be printed.
    """

    def __init__(self) -> None:
        self._terminated = False

    def __enter__(self) -> "Stops":
        signal.signal(signal.SIGINT, _end)
        signal.signal(signal.SIGTERM, _end)
        return self

    def unwind(self) -> None:
        """From now on, let them end the command by an exception."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, self._terminate)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, _end)
        signal.signal(signal.SIGTERM, _end)

    def code(self, code: int | str | None) -> int | str | None:
        """Give the exit code of a command that ended with this one: 143 where it was terminated."""
        return 128 + signal.SIGTERM if self._terminated and code in (None, 0, 130) else code

    def _terminate(self, number: int, frame: FrameType | None) -> None:
        self._terminated = True
        interrupt = signal.getsignal(signal.SIGINT)
        if not callable(interrupt):
            raise KeyboardInterrupt
        interrupt(number, frame)


def _end(number: int, _frame: FrameType | None) -> None:
    os._exit(128 + number)


def leave(code: int | str | None, before: Collection[threading.Thread] = ()) -> NoReturn:
    """Exit, at once where threads are left that were not waited for; those from `before` the command are not its own.

    Such a thread may be speaking: a daemon would abort the process (`audiogen.clips`), and another one delay its end.
    """
    if any(thread not in before for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()
        if isinstance(code, int | None):
            os._exit(code or 0)
    gc.freeze()  # else Python goes through all that was loaded, which takes a sixth of a short command
    sys.exit(code)


@contextlib.contextmanager
def cancel_on_interrupt(quiet: bool) -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, while this lasts."""
    cancel = threading.Event()

    def interrupted(number: int, _frame: FrameType | None) -> None:
        if cancel.is_set():
            if sys.stderr is not None and sys.stderr.isatty():
                _write(_SHOW_CURSOR)
            os._exit(128 + number)  # not sys.exit: it would wait for the threads that are still speaking
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
