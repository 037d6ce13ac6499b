"""The command `extract`."""

from pathlib import Path
from typing import Annotated, cast

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Quiet
from audiogen.cli.output import Talk, print_bytes, print_path, typed, writes_to_terminal
from audiogen.errors import OutputError, Problem
from audiogen.text import visible

_NAMES = ("routine", "timeline", "cover", "lyrics", "chapters")


def _names(incomplete: str) -> list[str]:
    return [name for name in _NAMES if name.startswith(incomplete)]


@command("Phone")
def extract(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="Track rendered by audiogen.")],
    what: Annotated[
        str,
        typer.Option(
            "--what",
            metavar="WHAT",
            autocompletion=_names,
            help="Choose what to extract: routine, timeline, cover, lyrics or chapters.",
        ),
    ] = "routine",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", show_default=False, help="Write to this file instead of stdout."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    quiet: Quiet = False,
) -> None:
    """Extract the routine, or another embedded part, from a finished track.

    The routine renders the same track again: it includes what was changed on the command line.

    \b
    Examples:
      audiogen extract output/upper-back.mp3
      audiogen extract output/upper-back.mp3 -o routines/my-back.yaml
      audiogen extract output/upper-back.mp3 --what cover -o cover.jpg
      audiogen extract output/upper-back.mp3 --what chapters
    """
    from audiogen.export import extract
    from audiogen.storage.files import exists, is_folder, replacing

    if what not in _NAMES:
        raise typer.BadParameter(
            f"must be {', '.join(_NAMES[:-1])} or {_NAMES[-1]}, found '{what}'", param_hint="--what"
        )
    if out is None and what == "cover" and writes_to_terminal():
        raise OutputError(Problem("cli.cover-on-terminal"))
    if out is not None and exists(out) and not is_folder(out) and not force:
        raise OutputError(Problem("cli.file-exists", subject=str(out)))
    found = extract.carried(file, cast(extract.What, what))
    if out is None:
        # A stranger's words may be anything, and a pipe may lead to a terminal.
        print_bytes(found if what == "cover" else visible(found.decode("utf-8", "replace")).encode())
        return
    with replacing(out) as target:
        target.write(found)
    if what == "routine":
        Talk(quiet).say(f"To render the track again: {typed('render', str(out))}")
    print_path(out)
