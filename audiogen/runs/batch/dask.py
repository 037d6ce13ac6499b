"""Jobs done by the workers of a Dask cluster; each speaks and keeps its words itself, and sends the track back.

    jobs + the scheduler's address -> (Done, the track's bytes), as each gets done

A worker that dies costs its jobs a try elsewhere, which is the scheduler's business. Here it is seen to that no more
is under way than the workers can hold, and that a cluster that is not there is told as such.
"""

import contextlib
import logging
import queue
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any

from audiogen.errors import Cancelled, ClusterError
from audiogen.runs.batch.job import Done, Job, press_to_bytes

__all__ = ["press_on"]

CONNECT_S = 5.0
NOBODY_S = 30.0  # how long a cluster may be without workers
LOOK_S = 0.1
A_WORKER = 2  # jobs under way for each thread of a worker: one at work, one at hand


def press_on(address: str, jobs: Iterable[Job], cancel: threading.Event) -> Iterator[tuple[Done, bytes]]:
    """What became of each job and its track, in the order in which they get done.

    Raises:
        ClusterError: no scheduler answers, it goes away, or no worker is there.
        Cancelled: `cancel` was set; what was under way is given up.
    """
    waiting, running = deque(jobs), dict[Any, Job]()
    finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
    with _client(address) as client:
        at_once = _places(client, address, cancel)
        seen_s = time.monotonic()
        while waiting or running:
            while waiting and len(running) < at_once:
                job = waiting.popleft()
                future = client.submit(press_to_bytes, job, version("audiogen"), pure=False)
                running[future] = job
                future.add_done_callback(finished.put)
            with contextlib.suppress(queue.Empty):
                future = finished.get(timeout=LOOK_S)
                yield _result(future, running.pop(future), address)
                seen_s = time.monotonic()
            if cancel.is_set():
                client.cancel(list(running))
                raise Cancelled
            if time.monotonic() - seen_s > LOOK_S * 20:
                at_once = _places(client, address, cancel)
                seen_s = time.monotonic()


@contextlib.contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError("--on needs Dask, which is not installed: pip install 'audiogen[dask]'") from error
    _knock(address)
    for name in ("distributed", "distributed.client", "distributed.core", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what is wrong is told below, once
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except Exception as error:  # whatever somebody else behind that address makes of it
        raise _nobody(address) from error
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):  # a scheduler that is gone cannot be taken leave of
            client.close(timeout=2)


def _knock(address: str) -> None:
    """See whether anybody is there, since Dask itself waits long and says much.

    Raises: ClusterError.
    """
    match = re.fullmatch(r"(?:tcp|tls)://(?:\[([0-9A-Fa-f:.]+)\]|([^\s/:]+)):(\d{1,5})", address)
    if match is None:
        raise ClusterError(f"--on must be a Dask scheduler's address such as tcp://192.168.1.5:8786, found '{address}'")
    try:
        socket.create_connection((match[1] or match[2], int(match[3])), timeout=CONNECT_S).close()
    except (OSError, OverflowError, UnicodeError) as error:
        raise _nobody(address) from error


def _nobody(address: str) -> ClusterError:
    return ClusterError(
        f"No Dask scheduler answers at {address}. Start one (dask scheduler), and write its address as it prints it."
    )


def _places(client: Any, address: str, cancel: threading.Event) -> int:
    """How many jobs may be under way; waits a while for workers."""
    until = time.monotonic() + NOBODY_S
    while time.monotonic() < until:
        if client.status != "running":
            raise _lost(address)
        threads: int = sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())
        if threads:
            return A_WORKER * threads
        if cancel.wait(LOOK_S):
            raise Cancelled
    raise ClusterError(f"The Dask scheduler at {address} has no workers. Start some: dask worker {address}")


def _result(future: Any, job: Job, address: str) -> tuple[Done, bytes]:
    from distributed import CancelledError, KilledWorker

    try:
        done, track = future.result()
    except CancelledError as error:
        raise _lost(address) from error
    except KilledWorker:
        return Done(job.number, error="The workers that took it died, one after the other."), b""
    except Exception as error:  # noqa: BLE001 - whatever a worker's Python could not do
        told = f"A worker of {address} could not do it: {type(error).__name__}: {error}."
        return Done(job.number, error=f"{told} Is audiogen installed there? pip install 'audiogen[dask]'"), b""
    return done, track


def _lost(address: str) -> ClusterError:
    return ClusterError(f"The Dask scheduler at {address} went away. Run the same command again to go on from here.")
