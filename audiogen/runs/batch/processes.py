"""Run jobs in processes of this machine.

    jobs -> Done, as each is done

Processes are spawned, not forked, so that they behave the same on every platform and inherit no threads. They end with
this process, however it ends. If one is killed, for lack of memory perhaps, only its job is tried again.
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

from audiogen.errors import AudiogenError, Cancelled, Problem
from audiogen.runs.batch.job import Done, Job, render_job

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

LOOK_S = 0.1

_cancel = threading.Event()  # of a process in the pool, which has no other place for what it is given at its start


def default_processes() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def render_here(jobs: Iterable[Job], processes: int, cancel: threading.Event) -> Iterator[Done]:
    """Yield the result of each job, as it is done.

    As with every pool of processes, a program that calls this from its top level must do so under
    `if __name__ == "__main__":`.

    Raises: Cancelled, once all processes have stopped.
    """
    waiting = deque(jobs)
    processes = max(1, min(processes, len(waiting)))
    while waiting:
        suspects: list[Job] = []
        with _pool(processes, cancel) as pool:
            yield from _all_done(pool, waiting, suspects, 2 * processes, cancel)
        for job in suspects:
            again: list[Job] = []
            with _pool(1, cancel) as pool:  # alone, so that it is clear whose process is killed
                yield from _all_done(pool, deque([job]), again, 1, cancel)
            if again:
                yield Done(job.number, error=AudiogenError(Problem("runs.killed")))


def why_no_processes() -> str | None:
    """Return why there can be no pool of processes here; None where there can.

    Its queues need locks that several processes share: on Linux, files in /dev/shm that can be written.
    """
    try:
        multiprocessing.get_context("spawn").Lock()
    except (OSError, ImportError, NotImplementedError) as error:  # the last two where the platform has no such locks
        return getattr(error, "strerror", None) or str(error)
    return None


def render_one_by_one(jobs: Iterable[Job], cancel: threading.Event) -> Iterator[Done]:
    """Yield the result of each job, as it is done in this process.

    Raises: Cancelled.
    """
    return (render_job(job, cancel) for job in jobs)


def _all_done(
    pool: ProcessPoolExecutor, waiting: deque[Job], broken: list[Job], at_once: int, cancel: threading.Event
) -> Iterator[Done]:
    """Run waiting jobs until all are done or the pool breaks; the jobs in it are then added to `broken`."""
    running: dict[Future[Done], Job] = {}
    while running or (waiting and not broken):
        while waiting and len(running) < at_once and not broken:
            try:
                with _interrupts_blocked():
                    future = pool.submit(render_in_pool, waiting[0])
            except BrokenProcessPool:  # a process was killed since the last look; what runs in the others will say so
                if not running:
                    broken.append(waiting.popleft())
                break
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
            wait(running)  # finished jobs count, so that the next run need not render them again
            yield from (future.result() for future in running if not future.cancelled() and not future.exception())
            raise Cancelled


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Keep Ctrl-C from a process that starts in the block, even before it can ignore the signal."""
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
    """Open a pool whose processes are notified of `cancel`.

    A byte in a pipe notifies them, and is never read. A shared event would wait for each of its waiting processes, and
    for ever for one that was killed.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    sent, ended = threading.Lock(), threading.Event()

    def stop() -> None:
        if sent.acquire(blocking=False):
            sender.send_bytes(b"stop")

    def pass_on() -> None:
        while not ended.wait(LOOK_S):
            if cancel.is_set():
                stop()

    pool = ProcessPoolExecutor(processes, context, _prepare, (receiver,))
    passing_on = threading.Thread(target=pass_on, daemon=True)
    passing_on.start()
    try:
        yield pool
    except BaseException:
        stop()
        raise
    finally:
        ended.set()
        passing_on.join()
        pool.shutdown(cancel_futures=True)
        receiver.close()
        sender.close()


# -- in the processes


def render_in_pool(job: Job) -> Done:
    """Render a job in a process of the pool."""
    return render_job(job, _cancel)


def _prepare(receiver: "Connection") -> None:
    """Leave Ctrl-C to the parent, which cancels, and end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_listen, args=(receiver,), daemon=True).start()


def _listen(receiver: "Connection") -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - a pool has started this
    if parent.sentinel not in connection.wait([receiver, parent.sentinel]):
        _cancel.set()
        connection.wait([parent.sentinel])
    os._exit(1)  # nobody is left to take the result
