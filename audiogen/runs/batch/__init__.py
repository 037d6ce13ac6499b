"""Many sessions from one table: hundreds of clients or variants, a row each.

    table ──► rows ──► words spoken once ──► jobs ──► tracks
              all mistakes    for all        on all cores, or on a cluster

Every mistake that can be found in a table is found before anything is spoken or made. Then each row stands for itself:
one that fails fails alone, and a later run makes only what is missing or no longer up to date.
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Literal

from audiogen.errors import AudiogenError, OutputError, TableError
from audiogen.export.extract import carried
from audiogen.runs.batch.job import Done, Job
from audiogen.runs.batch.manifest import NAME, Manifest
from audiogen.runs.batch.prepare import Ready, Speaking, prepare
from audiogen.runs.batch.processes import press_here, usual_processes
from audiogen.runs.batch.table import Row, read_table
from audiogen.session import Progress
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir, cache_limit_bytes
from audiogen.storage.files import replacing
from audiogen.timeline.model import parse_timeline

__all__ = ["Batch", "Outcome", "Row", "batch", "check_rows", "read_table", "usual_processes"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: its track was made, was up to date and kept, or failed; `done` tells more of it.

    A track that is there while something `beside` it could not be written is a failure, too.
    """

    row: Row
    path: Path
    state: Literal["made", "kept", "failed"]
    done: Done
    beside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of all rows, in their order; `spoken` texts were newly recorded, for all of them together."""

    outcomes: tuple[Outcome, ...]
    spoken: int
    sent_to: str | None
    warning: str | None  # why something could not be kept for the next time

    def rows(self, state: Literal["made", "kept", "failed"]) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if one.state == state)


def check_rows(rows: Sequence[Row], *, sidecars: Sequence[str] = (), cache: Cache | None = None) -> None:
    """See whether the voices, music and sounds of all rows are there, and a name for each file.

    Raises: TableError.
    """
    _refuse_shared(rows, sidecars)
    prepare(rows, cache or Cache(cache_dir()))


def batch(
    table: str | PathLike[str] | Sequence[Row],
    folder: str | PathLike[str],
    *,
    processes: int | None = None,
    on: str | None = None,
    again: bool = False,
    sidecars: Sequence[str] = (),
    cache: Cache | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
    finished: Callable[[Outcome], None] | None = None,
) -> Batch:
    """Render the rows of a table into `folder`, by processes of this machine or `on` the Dask cluster at an address.

    `table` is a CSV file, or rows of `read_table`.

    A row whose track is there and up to date is kept, unless all are to be made `again`. Both have such `sidecars`
    written beside them, by what the tracks say of themselves, wherever they were made. `finished` is called for every
    row as it gets done, and `progress` too, from this thread.

    Raises:
        TableError: a table with mistakes, rows that no voice can speak or that share a file, before anything is made.
        Cancelled: `cancel` was set; tracks that were finished stay, and count as made in the next run.
        ClusterError: the cluster cannot be reached any more; likewise.
        OutputError: `folder` cannot be written to.
    """
    rows = read_table(Path(table)) if isinstance(table, str | PathLike) else table
    folder = Path(folder)
    store = cache or Cache(cache_dir(), cache_limit_bytes())
    stop = cancel or threading.Event()
    report = progress or (lambda _: None)
    manifest = Manifest(folder)
    outcomes: dict[int, Outcome] = {}

    def settle(ready: Ready, state: Literal["made", "kept", "failed"], done: Done) -> None:
        outcome = Outcome(ready.row, folder / ready.row.out, state, done)
        outcomes[ready.row.number] = outcome if state == "failed" else _with_sidecars(outcome, sidecars)
        if finished:
            finished(outcomes[ready.row.number])

    _refuse_shared(rows, sidecars)
    all_ready = {ready.row.number: ready for ready in prepare(rows, store)}
    todo: dict[int, Ready] = {}
    for number, ready in all_ready.items():
        if not again and manifest.is_made(ready.row.out, ready.key):
            settle(ready, "kept", Done(number))
        else:
            todo[number] = ready
    if todo:
        _see_writable(folder)
    speaking = Speaking(store, report, stop)
    if on is None:
        for number, error in speaking.record_all(list(todo.values())).items():
            settle(todo.pop(number), "failed", Done(number, error=error))
    jobs = [ready.job(folder, elsewhere=on is not None) for ready in todo.values()]
    report(Progress("render", 0, len(jobs)))
    pressed = press_here(jobs, processes or usual_processes(), stop) if on is None else _from_cluster(on, jobs, stop)
    for count, done in enumerate(pressed, 1):
        ready = todo[done.number]
        if done.error is None:
            manifest.note(ready.row.out, ready.key)
        settle(ready, "failed" if done.error else "made", done)
        report(Progress("render", count, len(jobs)))
    done_jobs = [one.done for one in outcomes.values()]
    return Batch(
        outcomes=tuple(outcomes[row.number] for row in rows),
        spoken=speaking.spoken + sum(done.spoken for done in done_jobs),
        sent_to=speaking.sent_to or next((done.sent_to for done in done_jobs if done.sent_to), None),
        warning=store.warning or next((done.warning for done in done_jobs if done.warning), None),
    )


def _with_sidecars(outcome: Outcome, sidecars: Sequence[str]) -> Outcome:
    """Write the files beside a track; where that fails, so does the row."""
    if not sidecars:
        return outcome
    from audiogen.export.sidecars import write_beside

    try:
        timeline = parse_timeline(json.loads(carried(outcome.path, "timeline")))
        return replace(outcome, beside=write_beside(outcome.path, timeline, sidecars))
    except AudiogenError as error:
        return replace(outcome, state="failed", done=replace(outcome.done, error=str(error)))


def _refuse_shared(rows: Sequence[Row], sidecars: Sequence[str]) -> None:
    """Tracks of one name in two formats would write over each other's sidecars, and one could over our own list.

    Raises: TableError.
    """
    if not sidecars:
        return
    first: dict[str, Row] = {}
    told: list[str] = []
    for row in rows:
        name = row.out.with_suffix("").as_posix().casefold()
        if name in first:
            which = f"'{row.out}' would share its sidecars with row {first[name].number}"
            told.append(f"{row.table}, row {row.number}, output: {which}; give it a name of its own")
        if name == Path(NAME).stem:
            told.append(
                f"{row.table}, row {row.number}, output: '{row.out}' is a name of the batch's own; choose another"
            )
        first.setdefault(name, row)
    if told:
        raise TableError("\n".join(told))


def _from_cluster(address: str, jobs: Sequence[Job], cancel: threading.Event) -> Iterator[Done]:
    """Jobs done elsewhere, each track written here as it comes in."""
    from audiogen.runs.batch.dask import press_on

    outs = {job.number: job.out for job in jobs}
    for done, track in press_on(address, jobs, cancel):
        if done.error:
            yield done
            continue
        out = outs[done.number]
        replaced = out.exists()
        with replacing(out) as file:
            file.write(track)
        yield replace(done, replaced=replaced)


def _see_writable(folder: Path) -> None:
    """Find out now, not after all words are spoken.

    Raises: OutputError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / ".audiogen-batch"):
            pass
        (folder / ".audiogen-batch").unlink()
    except OSError as error:
        raise OutputError(f"{folder} cannot be written to: {error.strerror}.") from error
