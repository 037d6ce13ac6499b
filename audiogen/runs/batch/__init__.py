"""Render many sessions from one table: hundreds of clients or variants, one row each.

    table ──► rows ──► words spoken once ──► jobs ──► tracks
              all mistakes    for all        on all cores, or on a cluster

Every mistake that can be found in a table is reported before anything is spoken or rendered. Then each row fails or
succeeds by itself, and a later run renders only what is missing or out of date.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Literal

from audiogen.errors import AudiogenError, Notice, OutputError, Problem, TableError
from audiogen.export.extract import carried
from audiogen.runs.batch.job import Done, Job
from audiogen.runs.batch.manifest import NAME, Manifest
from audiogen.runs.batch.prepare import Ready, Speaking, prepare
from audiogen.runs.batch.processes import default_processes, render_here, render_one_by_one, why_no_processes
from audiogen.runs.batch.table import Row, read_table, unmet_length
from audiogen.session import Progress
from audiogen.session.report import RenderReport, not_cached
from audiogen.storage.cache import Cache
from audiogen.storage.config import cache_dir, cache_limit_bytes
from audiogen.storage.files import exists, replacing
from audiogen.timeline.document import read_timeline

__all__ = ["Batch", "Outcome", "Row", "batch", "check_rows", "default_processes", "read_table"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a row: its track was made, was up to date and kept, or failed; `done` has the details.

    A track whose sidecars could not be written counts as failed too.
    """

    row: Row
    path: Path
    state: Literal["made", "kept", "failed"]
    done: Done
    sidecars: tuple[Path, ...] = ()
    replaced: tuple[Path, ...] = ()  # those of the sidecars that were there before


@dataclass(frozen=True, slots=True)
class Batch:
    """The results of all rows, in their order; `spoken` texts were newly recorded for all of them together."""

    outcomes: tuple[Outcome, ...]
    spoken: int
    sent_to: str | None
    warning: str | None  # why something could not be cached, or why there was only one process

    def rows(self, state: Literal["made", "kept", "failed"]) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if one.state == state)


def check_rows(rows: Sequence[Row], *, sidecars: Sequence[str] = (), cache: Cache | None = None) -> list[Problem]:
    """Check that the voices, music and sounds of all rows exist, and that no two rows share a file.

    Returns which lengths cannot be met, by estimates where words are not recorded yet.

    Raises: TableError.
    """
    _refuse_shared(rows, sidecars)
    prepare(rows, cache or Cache(cache_dir()))
    return [
        problem.within(f"{row.table}, row {row.number}")
        for row in rows
        for problem in unmet_length(row.routine, row.overrides, row.voice)
    ]


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
    """Render the rows of a table into `folder`, in processes of this machine or `on` the Dask cluster at an address.

    `table` is a CSV file, or rows of `read_table`.

    A track that is up to date is kept, unless all are rendered `again`. The `sidecars` are written next to every track,
    from what its tag contains. `finished` and `progress` are called from this thread.

    Raises:
        TableError: a table with mistakes, or rows that no voice can speak or that share a file; nothing is rendered.
        Cancelled: `cancel` was set; finished tracks stay, and the next run keeps them.
        ClusterError: the cluster cannot be reached any more; finished tracks stay.
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
        if not again and manifest.is_current(ready.row.out, ready.key):
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
    if jobs:
        report(Progress("render", 0, len(jobs)))
    alone = why_no_processes() if on is None and jobs else None
    if on is not None:
        rendered = _from_cluster(on, jobs, stop)
    elif alone:
        rendered = render_one_by_one(jobs, stop)
    else:
        rendered = render_here(jobs, processes or default_processes(), stop)
    try:
        for count, done in enumerate(rendered, 1):
            ready = todo[done.number]
            done = _noted(manifest, ready, done)
            settle(ready, "failed" if done.error else "made", done)
            report(Progress("render", count, len(jobs)))
    finally:
        if jobs:
            manifest.write()
    uncached = not_cached(store)
    reports = [one.done.report for one in outcomes.values() if one.done.report]
    return Batch(
        outcomes=tuple(outcomes[row.number] for row in rows),
        spoken=speaking.spoken + sum(report.spoken for report in reports),
        sent_to=speaking.sent_to or next((report.sent_to for report in reports if report.sent_to), None),
        warning=_warning(alone, uncached, manifest, reports),
    )


def _noted(manifest: Manifest, ready: Ready, done: Done) -> Done:
    """Note a track that was rendered; one that somebody removed at once fails, and no other with it."""
    if done.error is not None:
        return done
    try:
        manifest.note(ready.row.out, ready.key)
    except AudiogenError as error:
        return Done(done.number, error=error)
    return done


def _warning(
    alone: str | None, uncached: Notice | None, manifest: Manifest, reports: Sequence[RenderReport]
) -> str | None:
    """Why the batch was slow, and why the next one will be."""
    kept = uncached or manifest.warning or next((report.warning for report in reports if report.warning), None)
    slow = Notice("runs.one-process", found=alone) if alone else None
    return " ".join(str(one) for one in (slow, kept) if one) or None


def _with_sidecars(outcome: Outcome, sidecars: Sequence[str]) -> Outcome:
    """Write the sidecars of a track; if that fails, the row fails."""
    if not sidecars:
        return outcome
    from audiogen.export.sidecars import sidecar_paths, write_sidecars

    try:
        timeline = read_timeline(carried(outcome.path, "timeline"))
        earlier = tuple(filter(exists, sidecar_paths(outcome.path, sidecars)))
        return replace(outcome, sidecars=write_sidecars(outcome.path, timeline, sidecars), replaced=earlier)
    except AudiogenError as error:
        return replace(outcome, state="failed", done=replace(outcome.done, error=error))


def _refuse_shared(rows: Sequence[Row], sidecars: Sequence[str]) -> None:
    """Refuse tracks that would overwrite the sidecars of another one, or the batch's own list.

    Raises: TableError.
    """
    if not sidecars:
        return
    first: dict[str, Row] = {}
    mistakes: list[Problem] = []
    for row in rows:
        name = row.out.with_suffix("").as_posix().casefold()
        place, found = f"{row.table}, row {row.number}, output", str(row.out)
        if name in first:
            mistakes.append(Problem("runs.shared-sidecars", place, found=found, expected=str(first[name].number)))
        if name == Path(NAME).stem:
            mistakes.append(Problem("runs.reserved-name", place, found=found))
        first.setdefault(name, row)
    if mistakes:
        raise TableError(*mistakes)


def _from_cluster(address: str, jobs: Sequence[Job], cancel: threading.Event) -> Iterator[Done]:
    """Render jobs elsewhere, and write each track here as it arrives."""
    from audiogen.runs.batch.dask import render_on

    outs = {job.number: job.out for job in jobs}
    for done, track in render_on(address, jobs, cancel):
        if done.report is None:
            yield done
            continue
        out = outs[done.number]
        report = replace(done.report, path=out, replaced=exists(out))
        try:
            with replacing(out) as file:
                file.write(track)
        except AudiogenError as error:  # a full disk: this row fails, and others may fit
            yield Done(done.number, error=error)
        else:
            yield replace(done, report=report)


def _see_writable(folder: Path) -> None:
    """Check that the folder can be written to before anything is spoken.

    Raises: OutputError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / ".audiogen-batch"):
            pass
        (folder / ".audiogen-batch").unlink(missing_ok=True)
    except OSError as error:
        found = error.strerror or str(error)
        raise OutputError(Problem("runs.folder-not-writable", subject=str(folder), found=found)) from error
