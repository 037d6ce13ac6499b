"""The command `new`."""

from typing import Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Quiet
from audiogen.cli.output import Talk, print_path, typed
from audiogen.errors import OutputError, Problem


@command("Everyday")
def new(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", show_default=False, help="Name, for routines/NAME.yaml, or path of the file to write."
        ),
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write a commented routine file to start from.

    \b
    Examples:
      audiogen new hips                 writes routines/hips.yaml, for: audiogen render hips
      audiogen new my/evening.yaml      writes my/evening.yaml
    """
    from audiogen.routine.find import routine_file
    from audiogen.routine.templates import template
    from audiogen.storage.files import exists, replacing

    path = routine_file(name)
    if exists(path) and not force:
        raise OutputError(Problem("cli.file-exists", subject=str(path)))
    with replacing(path) as file:
        file.write(template().encode())
    Talk(quiet).say(f"Edit it, then run: {typed('render', name)}")
    print_path(path)
