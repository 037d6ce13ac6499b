"""Jobs done by processes of this machine.

    jobs -> Done, as each gets done

Processes are spawned, not forked, so that it is the same on every platform and nothing of this one's threads comes
along. They end with this one, however it ends. One that is killed, by the system for want of memory perhaps, costs its
job a second try and nothing else.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from typing import TYPE_CHECKING

from audiogen.errors import Cancelled
from audiogen.runs.batch.job import Done, Job, press

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["press_here", "usual_processes"]

KILLED = (
    "Its process was killed, and again when it was tried alone: is there too little memory? "
    "Fewer processes at once need less: --jobs 1"
)

LOOK_S = 0.1

_cancel = (
    threading.Event()
)  # of a process that does jobs: what its pool hands to it at its start can be kept nowhere else


def usual_processes() -> int:
    """As many as this process may use cores."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def press_here(jobs: Iterable[Job], processes: int, cancel: threading.Event) -> Iterator[Done]:
    """What became of each job, in the order in which they get done.

    As with every pool of processes, a program that calls this from its top level does so under
    `if __name__ == "__main__":`.

    Raises: Cancelled, once no process is at work any more.
    """
    waiting = deque(jobs)
    processes = max(1, min(processes, len(waiting)))
    while waiting:
        suspects: list[Job] = []
        with _pool(processes, cancel) as pool:
            yield from _all_done(pool, waiting, suspects, 2 * processes, cancel)
        for job in suspects:
            again: list[Job] = []
            with _pool(1, cancel) as pool:  # alone, so that it is certain whose process is killed
                yield from _all_done(pool, deque([job]), again, 1, cancel)
            if again:
                yield Done(job.number, error=KILLED)


def _all_done(
    pool: ProcessPoolExecutor, waiting: deque[Job], broken: list[Job], at_once: int, cancel: threading.Event
) -> Iterator[Done]:
    """Do what is waiting, until it is done or the pool breaks; what was in the pool then is `broken`."""
    running: dict[Future[Done], Job] = {}
    while running or (waiting and not broken):
        while waiting and len(running) < at_once and not broken:
            with _interrupts_held_back():
                future = pool.submit(press_in_pool, waiting[0])
            running[future] = waiting.popleft()
        finished, _ = wait(running, LOOK_S, FIRST_COMPLETED)
        for future in finished:
            job = running.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                broken.append(job)
        if cancel.is_set():
            for future in running:
                future.cancel()
            wait(running)  # what is finished by now counts, so that the next run need not make it again
            yield from (future.result() for future in running if not future.cancelled() and not future.exception())
            raise Cancelled


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A process that is started meanwhile never hears of Ctrl-C, not even before it could say that it does not care."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _pool(processes: int, cancel: threading.Event) -> Iterator[ProcessPoolExecutor]:
    """A pool whose processes hear of `cancel`.

    They hear of it by a byte in a pipe that nobody ever takes out. A shared event would wait for each process that
    waits for it, and for ever for one that was killed.
    """
    context = multiprocessing.get_context("spawn")
    hearing, telling = context.Pipe(duplex=False)
    told, ended = threading.Lock(), threading.Event()

    def tell() -> None:
        if told.acquire(blocking=False):
            telling.send_bytes(b"stop")

    def pass_on() -> None:
        while not ended.wait(LOOK_S):
            if cancel.is_set():
                tell()

    pool = ProcessPoolExecutor(processes, context, _prepare, (hearing,))
    passing_on = threading.Thread(target=pass_on, daemon=True)
    passing_on.start()
    try:
        yield pool
    except BaseException:
        tell()
        raise
    finally:
        ended.set()
        passing_on.join()
        pool.shutdown(cancel_futures=True)
        hearing.close()
        telling.close()


# -- in the processes


def press_in_pool(job: Job) -> Done:
    """In a process of the pool."""
    return press(job, _cancel)


def _prepare(hearing: "Connection") -> None:
    """Leave Ctrl-C to the parent, which cancels; and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_listen, args=(hearing,), daemon=True).start()


def _listen(hearing: "Connection") -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - a pool has started this
    if parent.sentinel not in connection.wait([hearing, parent.sentinel]):
        _cancel.set()
        connection.wait([parent.sentinel])
    os._exit(1)  # nobody is there any more to take what is being made
