"""Renders in progress: each in a thread of its own, two at a time, and any of them can be cancelled.

    wishes + a file's name -> Job -> track

A page asks how far a job is a few times a second; that survives reloads, sleep and lost connections by itself.
"""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from audiogen import session
from audiogen.errors import AudiogenError, Cancelled, OutputError
from audiogen.routine import Routine
from audiogen.session import Progress
from audiogen.session.report import where_sent
from audiogen.storage.cache import Cache
from audiogen.studio.request import Wishes

__all__ = ["Job", "Jobs"]

AT_ONCE = 2
MOST_WAITING = 20
KEPT = 50  # finished jobs that are remembered
State = Literal["waiting", "running", "done", "failed", "cancelled"]
# Where in the whole a phase begins and how much of it it is; speaking takes as long as all else on a first render.
_PHASES = {"speak": (0.0, 0.5), "stitch": (0.5, 0.5), "encode": (0.5, 0.5)}
_TOLD = {"speak": "Speaking", "stitch": "Putting together", "encode": "Encoding"}


@dataclass(slots=True)
class Job:
    """One render, from the moment it was asked for; threads write it, pages read it."""

    number: int
    wishes: Wishes
    title: str
    target: Path
    state: State = "waiting"
    told: str = "Waiting for another render to finish"
    share: float = 0.0
    notes: list[str] = field(default_factory=list)
    cancel: threading.Event = field(default_factory=threading.Event)

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")

    def document(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "routine": self.wishes.routine,
            "title": self.title,
            "file": self.target.name,
            "state": self.state,
            "told": self.told,
            "share": round(self.share, 3),
            "notes": self.notes,
        }


class Jobs:
    """All jobs of this studio."""

    def __init__(self, store: Callable[[], Cache], log: Callable[[str], None]) -> None:
        self._store = store
        self._log = log
        self._jobs: dict[int, Job] = {}
        self._threads: list[threading.Thread] = []
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(AT_ONCE)

    def begin(self, wishes: Wishes, routine: Routine, title: str, target: Path) -> Job:
        """Start a render, or queue it.

        Raises:
            OutputError: this very file is being made, or far too much is waiting.
        """
        with self._lock:
            going = [job for job in self._jobs.values() if not job.is_over]
            if any(job.target == target for job in going):
                raise OutputError(f"{target.name} is being made right now; wait for it, cancel it, or name another.")
            if len(going) >= MOST_WAITING:
                raise OutputError("Many renders are waiting already; let some finish first.")
            job = Job(next(self._numbers), wishes, title, target)
            self._jobs[job.number] = job
            for old in [one.number for one in self._jobs.values() if one.is_over][:-KEPT]:
                del self._jobs[old]
            thread = threading.Thread(target=self._run, args=(job, routine), daemon=True)
            self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()
        return job

    def all(self) -> list[Job]:
        """The newest first."""
        with self._lock:
            return list(self._jobs.values())[::-1]

    def numbered(self, number: int) -> Job | None:
        with self._lock:
            return self._jobs.get(number)

    def stop(self) -> None:
        """Ask all of them to stop; returns at once."""
        for job in self.all():
            job.cancel.set()

    def join(self, patience_s: float) -> None:
        """Wait until they have tidied up."""
        until = time.monotonic() + patience_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self, job: Job, routine: Routine) -> None:
        while not self._turns.acquire(timeout=0.1):
            if job.cancel.is_set():
                job.state, job.told = "cancelled", "Cancelled before it began"
                return
        try:
            job.state, job.told = "running", "Starting"
            self._render(job, routine)
        finally:
            self._turns.release()

    def _render(self, job: Job, routine: Routine) -> None:
        def progress(now: Progress) -> None:
            begins, part = _PHASES[now.phase]
            job.share = begins + part * now.done / max(now.total, 1)
            job.told = f"{_TOLD[now.phase]}, {now.done} of {now.total}"

        try:
            rendered = session.render(
                routine,
                job.target,
                overrides=job.wishes.overrides,
                voice=job.wishes.voice,
                cache=self._store(),
                progress=progress,
                cancel=job.cancel,
            )
        except Cancelled:
            job.state, job.told = "cancelled", "Cancelled; nothing was written"
        except AudiogenError as error:
            job.notes, job.state, job.told = str(error).splitlines(), "failed", "It could not be rendered"
        except Exception as error:  # noqa: BLE001 - the last resort: a bug is told on the page, and the studio goes on
            job.notes, job.state, job.told = [f"{type(error).__name__}: {error}"], "failed", "This is a bug in audiogen"
        else:
            report = rendered.report()
            job.notes, job.share = [*report.notes(), where_sent(report.sent_to)], 1.0
            job.state, job.told = "done", report.size
        self._log(f"render {job.target.name}: {job.state}")
