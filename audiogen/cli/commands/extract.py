"""The command `extract`."""

from pathlib import Path
from typing import Annotated, cast

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Quiet
from audiogen.cli.output import Talk, print_bytes, print_data, writes_to_terminal
from audiogen.errors import OutputError

_NAMES = ("routine", "timeline", "cover", "lyrics", "chapters")


def _names(incomplete: str) -> list[str]:
    return [name for name in _NAMES if name.startswith(incomplete)]


@command("Phone")
def extract(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="A track that audiogen made.")],
    what: Annotated[
        str,
        typer.Option(
            "--what", metavar="WHAT", autocompletion=_names, help="routine, timeline, cover, lyrics or chapters."
        ),
    ] = "routine",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", show_default=False, help="Write it there instead of to stdout."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    quiet: Quiet = False,
) -> None:
    """Take the routine out of a finished track, or what else it carries.

    The routine is a file that makes the same track again: what was changed on the command line is part of it.

    \b
    Examples:
      audiogen extract output/upper-back.mp3
      audiogen extract output/upper-back.mp3 -o routines/my-back.yaml
      audiogen extract output/upper-back.mp3 --what cover -o cover.jpg
      audiogen extract output/upper-back.mp3 --what chapters
    """
    from audiogen.export import extract
    from audiogen.storage.files import replacing

    if what not in _NAMES:
        raise typer.BadParameter(
            f"must be {', '.join(_NAMES[:-1])} or {_NAMES[-1]}, found '{what}'", param_hint="--what"
        )
    if out is None and what == "cover" and writes_to_terminal():
        raise OutputError("The cover is a picture, which a terminal cannot show; name a file for it: -o cover.jpg")
    if out is not None and out.exists() and not out.is_dir() and not force:
        raise OutputError(f"{out} exists already; --force replaces it.")
    found = extract.carried(file, cast(extract.What, what))
    if out is None:
        print_bytes(found)
        return
    with replacing(out) as target:
        target.write(found)
    if what == "routine":
        Talk(quiet).say(f"Make the track again: audiogen render {out}")
    print_data(str(out))
