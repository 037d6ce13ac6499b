"""The command `cues`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Quiet, RoutineNames
from audiogen.cli.output import Talk, print_data, print_json, print_path
from audiogen.text import counted

if TYPE_CHECKING:
    from audiogen.session.lines_to_record import Line


@command("Voices")
def cues(
    routines: RoutineNames,
    holds: Annotated[
        str | None,
        typer.Option(
            "--holds", metavar="LENGTHS", help="Include the lines for holds of these lengths, such as 20s,30s,45s."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE.csv", help="Write a table for a spreadsheet to this file."),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List the lines to record for a session in your own voice, each with its file name.

    Record each line into a file of that name, as WAV, FLAC, MP3, M4A or another common format, all in one folder; then
    render with it.

    \b
    Examples:
      audiogen cues upper-back
      audiogen cues upper-back hip-release --holds 20s,30s,45s -o lines.csv
      audiogen render upper-back --voice recordings:my-voice
    """
    from audiogen.durations import parse_duration
    from audiogen.routine.load import load_routine
    from audiogen.session.lines_to_record import lines_to_record

    lengths_ms = [parse_duration(hold) for hold in (holds or "").split(",") if hold.strip()]
    lines = lines_to_record([load_routine(name) for name in routines], lengths_ms)
    if out:
        _write_table(lines, out)
    if out or not lines:
        Talk(quiet).say(f"{counted(len(lines), 'line')} to record.")
    if json:
        print_json([{"file": line.file, "text": line.text} for line in lines])
    elif out:
        print_path(out)
    elif lines:
        wide = max((len(line.file) for line in lines), default=0)
        print_data("\n".join(f"{line.file:<{wide}}  {line.text}" for line in lines))


def _write_table(lines: "tuple[Line, ...]", out: Path) -> None:
    import csv
    import io

    from audiogen.errors import OutputError, Problem
    from audiogen.storage.files import replacing

    if out.suffix.lower() != ".csv":
        raise OutputError(Problem("cli.not-csv", subject=str(out)))
    table = io.StringIO(newline="")
    csv.writer(table).writerows([("file", "text"), *((line.file, line.text) for line in lines)])
    with replacing(out) as file:
        file.write(table.getvalue().encode("utf-8-sig"))  # with the mark that spreadsheets know UTF-8 by
