"""The command `help`."""

from typing import Annotated, Any

import typer

from audiogen.cli.app import command


@command("Everyday")
def help(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="COMMAND", show_default=False, help="Name of a command.")
    ] = None,
) -> None:
    """Explain audiogen, or one of its commands.

    \b
    Examples:
      audiogen help
      audiogen help render
    """
    above = ctx.parent
    assert above is not None  # noqa: S101 - every command has the app above it
    if name is None:
        typer.echo(above.get_help())
        return
    group: Any = above.command
    _, found, _ = group.resolve_command(above, [name])
    typer.echo(found.get_help(typer.Context(found, parent=above, info_name=name)))
