"""Run renders, each in a thread of its own, two at a time; each can be cancelled.

    requested + a file's name -> Job -> track

A page polls a job a few times a second, which survives reloads, sleep and lost connections.
"""

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from audiogen import session
from audiogen.durations import format_nearest_clock
from audiogen.errors import AudiogenError, Cancelled, OutputError, Problem
from audiogen.routine.model import Routine
from audiogen.session import Progress, Rendered
from audiogen.session.report import where_sent
from audiogen.storage.cache import Cache
from audiogen.studio.problems import described, sentence, with_names
from audiogen.studio.request import SessionRequest
from audiogen.text import megabytes

AT_ONCE = 2
MOST_WAITING = 20
KEPT = 50  # finished jobs that are remembered
Progression = Literal["waiting", "running", "done", "failed", "cancelled"]
# Start and share of each phase; on a first render speaking takes as long as everything else.
_PHASES = {"speak": (0.0, 0.5), "encode": (0.5, 0.5)}
_PHASE_NAMES = {"speak": "Recording the voice", "encode": "Making the sound"}


@dataclass(slots=True)
class Job:
    """One render; threads write it, pages read it."""

    number: int
    requested: SessionRequest
    title: str
    target: Path
    state: Progression = "waiting"
    status: str = "Waiting for another render to finish"
    share: float = 0.0
    notes: list[str] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)  # why it failed
    cancel: threading.Event = field(default_factory=threading.Event)

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")

    def document(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "routine": self.requested.routine,
            "title": self.title,
            "file": self.target.name,
            "state": self.state,
            "status": self.status,
            "share": round(self.share, 3),
            "notes": self.notes,
            "problems": self.problems,
        }


class Jobs:
    """All jobs of this studio."""

    def __init__(self, store: Callable[[], Cache], log: Callable[[str], None]) -> None:
        self._store = store
        self._log = log
        self._jobs: dict[int, Job] = {}
        self._threads: list[threading.Thread] = []
        # A page that outlives its studio must not take the next studio's first job for its own.
        self._numbers = itertools.count(secrets.randbelow(100_000_000))
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(AT_ONCE)

    def begin(self, requested: SessionRequest, routine: Routine, title: str, target: Path) -> Job:
        """Start a render, or queue it.

        Raises:
            OutputError: this file is being rendered, or too many renders are waiting.
        """
        with self._lock:
            going = [job for job in self._jobs.values() if not job.is_over]
            if any(job.target == target for job in going):
                raise OutputError(Problem("studio.rendering", subject=target.name))
            if len(going) >= MOST_WAITING:
                raise OutputError(Problem("studio.many-waiting"))
            job = Job(next(self._numbers), requested, title, target)
            self._jobs[job.number] = job
            for old in [one.number for one in self._jobs.values() if one.is_over][:-KEPT]:
                del self._jobs[old]
            thread = threading.Thread(target=self._run, args=(job, routine), daemon=True)
            self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()
        return job

    def all(self) -> list[Job]:
        """Return all jobs, the newest first."""
        with self._lock:
            return list(self._jobs.values())[::-1]

    def numbered(self, number: int) -> Job | None:
        with self._lock:
            return self._jobs.get(number)

    def are_writing(self, target: Path) -> bool:
        """Whether a render that is not over writes this file."""
        return any(job.target == target and not job.is_over for job in self.all())

    def stop(self) -> None:
        """Cancel all jobs, without waiting for them."""
        for job in self.all():
            job.cancel.set()

    def join(self, patience_s: float) -> None:
        """Wait until the jobs have ended."""
        until = time.monotonic() + patience_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self, job: Job, routine: Routine) -> None:
        while not self._turns.acquire(timeout=0.1):
            if job.cancel.is_set():
                job.state, job.status = "cancelled", "Cancelled before it started"
                return
        try:
            job.state, job.status = "running", "Starting"
            self._render(job, routine)
        finally:
            self._turns.release()

    def _render(self, job: Job, routine: Routine) -> None:
        def progress(now: Progress) -> None:
            begins, part = _PHASES[now.phase]
            job.share = begins + part * now.done / max(now.total, 1)
            job.status = f"{_PHASE_NAMES[now.phase]}… {100 * now.done // max(now.total, 1)}%"

        try:
            rendered = session.render(
                routine,
                job.target,
                overrides=job.requested.overrides,
                voice=job.requested.voice,
                cache=self._store(),
                progress=progress,
                cancel=job.cancel,
            )
        except Cancelled:
            job.state, job.status = "cancelled", "Cancelled. Nothing was written."
        except AudiogenError as error:
            job.notes = [line for one in error.problems for line in sentence(one).splitlines()]
            job.problems = [described(one) for one in error.problems]
            job.state, job.status = "failed", "The render failed"
        except Exception as error:  # noqa: BLE001 - a bug is shown on the page, and the studio keeps running
            job.notes, job.state, job.status = (
                [f"{type(error).__name__}: {error}"],
                "failed",
                "This is a bug in audiogen",
            )
        else:
            job.notes, job.share = [*_notes(rendered), where_sent(rendered.sent_to)], 1.0
            length = format_nearest_clock(rendered.plan.length_ms)
            job.state, job.status = "done", f"{length}, {megabytes(rendered.size_bytes)}"
        self._log(f"render {job.target.name}: {job.state}")


def _notes(rendered: Rendered) -> Iterator[str]:
    """What a person should know of a finished track, a sentence each."""
    names = partial(with_names, items=rendered.plan.routine.items)
    yield from (sentence(names(one)) for one in rendered.notices)
    yield from (sentence(one) for one in (rendered.warning, rendered.fallback) if one)
    if rendered.filled:
        yield f"Not recorded, so another voice spoke: {' · '.join(rendered.filled)}"
