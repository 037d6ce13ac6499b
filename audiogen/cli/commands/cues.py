"""The command `cues`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Quiet
from audiogen.cli.output import Talk, print_data, print_json

if TYPE_CHECKING:
    from audiogen.session.lines_to_record import Line


@command("Voices")
def cues(
    routines: Annotated[
        list[str],
        typer.Argument(metavar="ROUTINE...", show_default=False, help="Names or files of routines (audiogen list)."),
    ],
    holds: Annotated[
        str | None,
        typer.Option("--holds", metavar="LENGTHS", help="Holds that you will use with them, such as 20s,30s,45s."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE.csv", help="Write a table for a spreadsheet instead.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List the lines to record for a session in your own voice, each with the name of its file.

    Record each into a file of that name in one folder, as WAV, FLAC, OGG, MP3 or M4A, and render with that folder.

    \b
    Examples:
      audiogen cues upper-back
      audiogen cues upper-back hip-release --holds 20s,30s,45s -o lines.csv
      audiogen render upper-back --voice recordings:my-voice
    """
    from audiogen.durations import parse_duration
    from audiogen.routine import load_routine
    from audiogen.session.lines_to_record import lines_to_record

    lengths_ms = [parse_duration(hold) for hold in (holds or "").split(",") if hold.strip()]
    lines = lines_to_record([load_routine(name) for name in routines], lengths_ms)
    if out:
        _write_table(lines, out)
    if out or not lines:
        Talk(quiet).say(f"{len(lines)} lines to record.")
    if json:
        print_json([{"file": line.file, "text": line.text} for line in lines])
    elif out:
        print_data(str(out))
    elif lines:
        wide = max((len(line.file) for line in lines), default=0)
        print_data("\n".join(f"{line.file:<{wide}}  {line.text}" for line in lines))


def _write_table(lines: "tuple[Line, ...]", out: Path) -> None:
    import csv
    import io

    from audiogen.errors import OutputError
    from audiogen.storage.files import replacing

    if out.suffix.lower() != ".csv":
        raise OutputError(f"{out} cannot be written: the table is a CSV file, so its name ends in .csv.")
    table = io.StringIO(newline="")
    csv.writer(table).writerows([("file", "text"), *((line.file, line.text) for line in lines)])
    with replacing(out) as file:
        file.write(table.getvalue().encode("utf-8-sig"))  # with the mark that spreadsheets know UTF-8 by
