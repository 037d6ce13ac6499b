"""The command `verify`."""

from pathlib import Path
from typing import Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Plain
from audiogen.cli.output import plain_wanted, print_data, print_json
from audiogen.cli.verified import sentences, table


@command("Phone")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="Track rendered by audiogen.")],
    json: Json = False,
    plain: Plain = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the verdict.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show everything that is wrong.")] = False,
) -> None:
    """Check a finished track against its embedded timeline.

    Decodes the track and measures every hold from tone to tone, every cue and every silence. Exits with 1 if anything
    is wrong.

    \b
    Examples:
      audiogen verify output/upper-back.mp3
      audiogen verify output/upper-back.mp3 --quiet
    """
    from audiogen import verification

    report = verification.verify(file)
    if json:
        print_json(report.to_json())
    elif quiet:
        print_data(report.verdict)
    else:
        lines = sentences(report, verbose) if plain_wanted(plain) else table(report, verbose)
        print_data("\n".join(lines))
    if not report.ok:
        raise typer.Exit(1)
