"""Hold what the pages of one running studio share."""

import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir, cache_limit_bytes
from audiogen.studio.jobs import Jobs
from audiogen.studio.library import Library
from audiogen.studio.phones import Phones
from audiogen.studio.shelf import Shelf
from audiogen.studio.tracks import Tracks
from audiogen.studio.work import Work


def default_store() -> Cache:
    """Open the user's cache; each use has its own, which notes what fails in that use."""
    return Cache(cache_dir(), cache_limit_bytes())


@dataclass(slots=True)
class State:
    """Routines, tracks and jobs, and whether phones can reach them.

    `log` takes one line, `store` opens the cache. `previews` is a folder that is deleted with the studio. Who has
    `saving` alone saves routines and drafts: nobody else between the look at a file and its replacement.
    """

    output: Path
    log: Callable[[str], None]
    store: Callable[[], Cache] = field(default_factory=lambda: default_store)
    library: Library = field(default_factory=Library)
    previews: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="audiogen-studio-")))
    tracks: Tracks = field(init=False)
    jobs: Jobs = field(init=False)
    shelf: Shelf = field(init=False)
    work: Work = field(default_factory=Work)
    phones: Phones = field(default_factory=Phones)
    saving: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.tracks = Tracks(self.output)
        self.jobs = Jobs(self.store, self.log)
        self.shelf = Shelf(self.output, self.jobs.are_writing)

    def close(self) -> None:
        """Stop all renders, wait for them, and delete the previews and what was put aside."""
        self.jobs.stop()
        self.jobs.join(1.2)
        shutil.rmtree(self.previews, ignore_errors=True)
        self.shelf.forget()
