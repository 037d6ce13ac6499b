"""Render one row, in a process of this machine or on another machine.

Job -> Done, with the track in its file or as bytes
"""

import tempfile
import threading
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from audiogen import session
from audiogen.errors import AudiogenError, Cancelled, Problem
from audiogen.routine.model import Routine
from audiogen.routine.overrides import Overrides
from audiogen.session.report import RenderReport
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir, cache_limit_bytes


@dataclass(frozen=True, slots=True)
class Job:
    """What a process needs to render a track; it can be sent to another machine."""

    number: int  # of the row
    routine: Routine
    overrides: Overrides
    voice: str | None
    out: Path


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a job: the `report` of its track, or the `error` that prevented it."""

    number: int
    error: AudiogenError | None = None
    report: RenderReport | None = None


def render_job(job: Job, cancel: threading.Event | None = None) -> Done:
    """Render the track of a job, with the cache of the current user.

    Raises: Cancelled. Every other error is returned, so that it reaches the user from another machine too.
    """
    try:
        rendered = session.render(
            job.routine,
            job.out,
            overrides=job.overrides,
            voice=job.voice,
            cache=Cache(cache_dir(), cache_limit_bytes()),
            cancel=cancel,
            cores=1,
        )
    except Cancelled:
        raise
    except AudiogenError as error:
        return Done(job.number, error=error)
    except Exception as error:  # noqa: BLE001 - a bug fails one row only
        bug = Problem("runs.bug", found=f"{type(error).__name__}: {error}")
        return Done(job.number, error=AudiogenError(bug))
    return Done(job.number, report=rendered.report())


def render_to_bytes(job: Job, expected_version: str) -> tuple[Done, bytes]:
    """Render a job on a machine that shares no folder with the user's, and return the track as bytes."""
    here = version("audiogen")
    if here != expected_version:
        problem = Problem("runs.other-version", expected=expected_version, found=here)
        return Done(job.number, error=AudiogenError(problem)), b""
    with tempfile.TemporaryDirectory(prefix="audiogen-") as folder:
        out = Path(folder, job.out.name)
        done = render_job(Job(job.number, job.routine, job.overrides, job.voice, out))
        return done, out.read_bytes() if done.error is None else b""
