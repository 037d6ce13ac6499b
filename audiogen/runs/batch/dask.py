"""Run jobs on the workers of a Dask cluster, each with its own cache, and fetch the tracks.

    jobs + the scheduler's address -> (Done, the track's bytes), as each is done

The scheduler repeats the jobs of a worker that dies. Here no more jobs are submitted than the workers can hold, and a
cluster that does not answer is reported.
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

from audiogen.errors import AudiogenError, Cancelled, ClusterError, Problem
from audiogen.runs.batch.job import Done, Job, render_to_bytes
from audiogen.storage.config import network_forbidden_by

CONNECT_S = 5.0
NO_WORKERS_S = 30.0  # how long a cluster may be without workers
LOOK_S = 0.1
A_WORKER = 2  # jobs submitted per thread of a worker: one running, one waiting


def render_on(address: str, jobs: Iterable[Job], cancel: threading.Event) -> Iterator[tuple[Done, bytes]]:
    """Yield the result of each job with its track, as it is done.

    Raises:
        ClusterError: no scheduler answers, it stops answering, or it has no workers.
        Cancelled: `cancel` was set; running jobs are dropped.
    """
    waiting, running = deque(jobs), dict[Any, Job]()
    finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
    with _client(address) as client:
        at_once = _places(client, address, cancel)
        seen_s = time.monotonic()
        while waiting or running:
            while waiting and len(running) < at_once:
                job = waiting.popleft()
                future = client.submit(render_to_bytes, job, version("audiogen"), pure=False)
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
    _knock(address)
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(Problem("runs.needs-dask")) from error
    for name in ("distributed", "distributed.client", "distributed.core", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # errors are reported below, once
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except Exception as error:  # whatever answers at that address
        raise _nobody(address) from error
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):  # the scheduler may be gone
            client.close(timeout=2)


def _knock(address: str) -> None:
    """Check that something answers, since Dask itself waits long and logs much.

    Raises: ClusterError.
    """
    if forbidden := network_forbidden_by():
        raise ClusterError(Problem("runs.offline", found=forbidden))
    match = re.fullmatch(r"(?:tcp|tls)://(?:\[([0-9A-Fa-f:.]+)\]|([^\s/:]+)):(\d{1,5})", address)
    if match is None:
        raise ClusterError(Problem("runs.not-an-address", found=address))
    try:
        socket.create_connection((match[1] or match[2], int(match[3])), timeout=CONNECT_S).close()
    except (OSError, OverflowError, UnicodeError) as error:
        raise _nobody(address) from error


def _nobody(address: str) -> ClusterError:
    return ClusterError(Problem("runs.no-scheduler", subject=address))


def _places(client: Any, address: str, cancel: threading.Event) -> int:
    """Return how many jobs may be submitted; waits a while for workers."""
    until = time.monotonic() + NO_WORKERS_S
    while time.monotonic() < until:
        if client.status != "running":
            raise _lost(address)
        threads: int = sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())
        if threads:
            return A_WORKER * threads
        if cancel.wait(LOOK_S):
            raise Cancelled
    raise ClusterError(Problem("runs.no-workers", subject=address))


def _result(future: Any, job: Job, address: str) -> tuple[Done, bytes]:
    from distributed import CancelledError, KilledWorker

    try:
        done, track = future.result()
    except CancelledError as error:
        raise _lost(address) from error
    except KilledWorker:
        return Done(job.number, error=AudiogenError(Problem("runs.workers-died"))), b""
    except Exception as error:  # noqa: BLE001 - any error of a worker's Python
        failed = Problem("runs.worker-failed", subject=address, found=f"{type(error).__name__}: {error}")
        return Done(job.number, error=AudiogenError(failed)), b""
    return done, track


def _lost(address: str) -> ClusterError:
    return ClusterError(Problem("runs.scheduler-gone", subject=address))
