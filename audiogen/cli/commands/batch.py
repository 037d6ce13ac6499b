"""The command `batch`."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Plain, Quiet, Verbose, VoiceName, routine_names
from audiogen.cli.output import Talk, error, plain_wanted, print_data, print_json
from audiogen.cli.sidecars import Sidecars, SidecarsCommand, sidecar_names
from audiogen.errors import AudiogenError, Cancelled
from audiogen.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiogen.runs.batch import Batch, Outcome, Row


@command("Many", cls=SidecarsCommand)
def batch(
    table: Annotated[
        Path,
        typer.Argument(metavar="TABLE.csv", show_default=False, help="Table with a header and one row per session."),
    ],
    overrides: dict[str, str | list[str]],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FOLDER", help="Write into this folder. [default: output/TABLE/]"),
    ] = None,
    routine: Annotated[
        str | None,
        typer.Option(
            "--routine", metavar="ROUTINE", autocompletion=routine_names, help="Use this routine for rows without one."
        ),
    ] = None,
    voice: VoiceName = None,
    sidecars: Sidecars = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", min=1, metavar="COUNT", help="Render this many sessions at once. [default: one per core]"
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="ADDRESS", help="Render on a Dask cluster: tcp://scheduler:8786.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Also render rows that are up to date.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only check the table for mistakes.")] = False,
    json: Json = False,
    plain: Plain = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Render many sessions from a table, one per row: for clients or as variants.

    Columns are routine, output, voice and any setting by its name: title, length, skip, hold … A column hold:double-v
    is for one exercise, hold:double-v.left for one side of it. An empty cell means the value of the routine, or of the
    option given here.

    Run the command again to render only what is missing or has changed. Exits with 1 if a row failed; all other rows
    are rendered.

    \b
    Examples:
      audiogen batch clients.csv
      audiogen batch clients.csv --check
      audiogen batch clients.csv --sidecars sheet
      audiogen batch clients.csv -o ~/Music/Clients --jobs 4
      audiogen batch variants.csv --routine upper-back --on tcp://192.168.1.5:8786
    """
    from audiogen.runs.batch import read_table

    talk = Talk(quiet, verbose, plain_wanted(plain))
    names = sidecar_names(sidecars)
    rows = read_table(table, routine=routine, voice=voice, overrides=overrides)
    folder = out or Path("output", table.stem)
    if check:
        from audiogen.runs.batch import check_rows

        for unmet in check_rows(rows, sidecars=names):
            talk.say(f"Notice: {unmet}")
        talk.say(f"{table}: {counted(len(rows), 'row')}, no mistakes.")
        print_data("\n".join(str(folder / row.out) for row in rows))
        return
    start_s = time.monotonic()
    done = _run(rows, folder, {"processes": jobs, "on": on, "again": again, "sidecars": names}, talk)
    seconds = time.monotonic() - start_s
    for line in _closing(done, seconds):
        talk.say(line)
    failed = done.rows("failed")
    if failed:
        error("\n".join((_sentences if talk.plain else _table)(failed)))
    if json:
        print_json(_document(table, folder, done, seconds))
    else:
        print_data("\n".join(str(one.path) for one in done.outcomes if one.state != "failed"))
    if failed:
        raise typer.Exit(1)


def _run(rows: "Sequence[Row]", folder: Path, wanted: dict[str, Any], talk: Talk) -> "Batch":
    """Render all rows with progress; if it ends early, report what is finished."""
    from audiogen.cli.interrupt import cancel_on_interrupt
    from audiogen.cli.memory import use_little_memory
    from audiogen.cli.progress import progress_shown
    from audiogen.runs.batch import batch as render_rows

    stays: list[Outcome] = []

    def finished(outcome: "Outcome") -> None:
        if outcome.state != "failed":
            stays.append(outcome)
        talk.detail(_outcome_line(outcome))

    try:
        drawn = replace(talk, plain=talk.plain or talk.verbose)  # lines would tear a bar apart
        use_little_memory()
        with cancel_on_interrupt(talk.quiet) as cancel, progress_shown(drawn) as progress:
            return render_rows(rows, folder, progress=progress, cancel=cancel, finished=finished, **wanted)
    except AudiogenError as failure:
        stays_line = (
            f"{len(stays)} of {counted(len(rows), 'session')} are finished. Run the same command again to continue."
        )
        if isinstance(failure, Cancelled):
            error(f"Stopped. {stays_line}")
            raise typer.Exit(130) from failure
        if stays:
            talk.say(stays_line)
        raise


def _outcome_line(outcome: "Outcome") -> str:
    report, place = outcome.done.report, f"Row {outcome.row.number}, {outcome.row.out}"
    sidecars = [f"Next to it: {', '.join(path.name for path in outcome.sidecars)}."] if outcome.sidecars else []
    if outcome.replaced:
        sidecars.append(f"Earlier files were replaced: {', '.join(path.name for path in outcome.replaced)}.")
    if outcome.state == "failed":
        return f"{place}: failed."
    if report is None:
        return " ".join([f"{place}: up to date.", *sidecars])
    encoded = f"{report.size}, {report.made} of {report.blocks} blocks encoded."
    return " ".join([f"{place}: {encoded}", *sidecars, *report.notes()])


def _closing(batch: "Batch", seconds: float) -> list[str]:
    from audiogen.session.report import PLAY, where_sent

    made, kept, failed = batch.rows("made"), batch.rows("kept"), batch.rows("failed")
    if made or failed:
        parts = [f"{counted(len(made), 'session')} rendered in {seconds:.1f} s"]
        parts += [f"{len(rows)} {what}" for rows, what in ((kept, "up to date"), (failed, "failed")) if rows]
        lines = [f"{', '.join(parts)}; {counted(batch.spoken, 'cue')} newly spoken."]
    else:
        lines = ["The track is up to date." if len(kept) == 1 else f"All {len(kept)} tracks are up to date."]
    if batch.warning:
        lines.append(f"Warning: {batch.warning}")
    if made:
        reports = [one.done.report for one in made if one.done.report]
        voices = ", ".join(sorted({report.voice for report in reports if report.voice}))
        went = where_sent(batch.sent_to)
        lines.append(f"Spoken by {voices}. {went}" if voices else went)
        if replaced := sum(report.replaced for report in reports):
            lines.append(f"{counted(replaced, 'earlier file')} {'was' if replaced == 1 else 'were'} replaced.")
        lines.append(f"Play them at {PLAY}.")
    if replaced := sum(len(one.replaced) for one in batch.outcomes):
        lines.append(f"{counted(replaced, 'earlier sidecar')} {'was' if replaced == 1 else 'were'} replaced.")
    return lines


def _table(failed: "Sequence[Outcome]") -> Iterator[str]:
    wide = max(len("output"), *(len(str(one.row.out)) for one in failed))
    yield f"{counted(len(failed), 'row')} failed:"
    yield f"  row  {'output':<{wide}}  why"
    for one in failed:
        first, *more = str(one.done.error).splitlines()
        yield f"  {one.row.number:>3}  {one.row.out!s:<{wide}}  {first}"
        yield from (f"  {'':>3}  {'':<{wide}}  {line}" for line in more)


def _sentences(failed: "Sequence[Outcome]") -> Iterator[str]:
    yield f"{counted(len(failed), 'row')} failed."
    yield from (f"Row {one.row.number}, {one.row.out}: {one.done.error}" for one in failed)


def _document(table: Path, folder: Path, batch: "Batch", seconds: float) -> dict[str, Any]:
    return {
        "table": str(table),
        "folder": str(folder),
        "seconds": round(seconds, 3),
        "made": len(batch.rows("made")),
        "kept": len(batch.rows("kept")),
        "failed": len(batch.rows("failed")),
        "spoken": batch.spoken,
        "sent_to": batch.sent_to,
        "rows": [_row(one) for one in batch.outcomes],
    }


def _row(one: "Outcome") -> dict[str, Any]:
    document: dict[str, Any] = {"row": one.row.number, "path": str(one.path), "state": one.state}
    if one.sidecars:
        document["sidecars"] = [str(path) for path in one.sidecars]
    if one.done.error:
        return {**document, "error": str(one.done.error)}
    return {**document, **one.done.report.to_json(), "path": str(one.path)} if one.done.report else document
