"""One row's work, wherever it is done: in a process of this machine, or on another one.

Job -> Done, with the track in its file or as bytes
"""

import tempfile
import threading
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from audiogen import session
from audiogen.errors import AudiogenError, Cancelled
from audiogen.routine import Routine
from audiogen.routine.overrides import Overrides
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir, cache_limit_bytes

__all__ = ["Done", "Job", "press", "press_to_bytes"]


@dataclass(frozen=True, slots=True)
class Job:
    """What one process needs to make a track; it can be sent to another machine."""

    number: int  # of the row
    routine: Routine
    overrides: Overrides
    voice: str | None
    out: Path


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job: a track, or an `error` fit for the user's eyes."""

    number: int
    error: str | None = None
    length_ms: int = 0
    size_bytes: int = 0
    voice: str | None = None
    sent_to: str | None = None
    cues: int = 0
    spoken: int = 0
    blocks: int = 0
    made: int = 0
    replaced: bool = False
    warning: str | None = None
    notices: tuple[str, ...] = ()
    seconds: float = 0.0


def press(job: Job, cancel: threading.Event | None = None) -> Done:
    """Make the track of a job, with the cache of whoever runs this.

    Raises: Cancelled. Everything else that goes wrong is in what it returns, so that it reaches the user from anywhere.
    """
    start_s = time.perf_counter()
    try:
        made = session.render(
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
        return Done(job.number, error=str(error))
    except Exception as error:  # noqa: BLE001 - a bug spoils one row, and is told with it
        return Done(job.number, error=f"This is a bug in audiogen: {type(error).__name__}: {error}")
    return Done(
        number=job.number,
        length_ms=made.timeline.length_ms,
        size_bytes=made.size_bytes,
        voice=made.voice,
        sent_to=made.sent_to,
        cues=made.cues,
        spoken=made.spoken,
        blocks=made.blocks,
        made=made.made,
        replaced=made.replaced,
        warning=made.warning,
        notices=made.notices,
        seconds=time.perf_counter() - start_s,
    )


def press_to_bytes(job: Job, wanted_version: str) -> tuple[Done, bytes]:
    """The same on a machine that shares no folder with the user's: the track comes back as bytes."""
    here = version("audiogen")
    if here != wanted_version:
        told = f"The worker has audiogen {here}, and this is {wanted_version}; install the same on both."
        return Done(job.number, error=told), b""
    with tempfile.TemporaryDirectory(prefix="audiogen-") as folder:
        out = Path(folder, job.out.name)
        done = press(Job(job.number, job.routine, job.overrides, job.voice, out))
        return done, out.read_bytes() if done.error is None else b""
