"""The app that every command registers with, its help, and the options that several commands share."""

import copy
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command_name

__all__ = [
    "Json",
    "OtherRoutine",
    "Plain",
    "Quiet",
    "RoutineName",
    "Verbose",
    "VoiceName",
    "alone",
    "app",
    "routine_names",
]

PANELS = ("Everyday", "Phone", "Voices", "Many", "Editors")


class _Grouped(TyperGroup):
    """Shows the commands under headings: the panels of typer's rich help, without the start-up time of rich."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        names = self.list_commands(ctx)
        longest = max(len(name) for name in names)
        for panel in PANELS:
            commands: list[Any] = [self.get_command(ctx, name) for name in names]
            with formatter.section(panel):
                formatter.write_dl(
                    [
                        (command.name.ljust(longest), command.get_short_help_str(limit=200))
                        for command in commands
                        if command.rich_help_panel == panel
                    ]
                )


app = typer.Typer(
    cls=_Grouped,
    invoke_without_command=True,
    rich_markup_mode=None,  # with rich's markup, help takes twice as long to appear
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def alone(name: str) -> typer.Typer:
    """The app as if it had this command only."""
    one = copy.copy(app)
    one.registered_commands = [
        command
        for command in app.registered_commands
        if name == (command.name or get_command_name(getattr(command.callback, "__name__", "")))
    ]
    return one


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"audiogen {version('audiogen')}")
        raise typer.Exit


@app.callback()
def audiogen(
    ctx: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Turn a routine file into a voice-guided session: one MP3 whose every hold is exact.

    \b
    Start here:
      audiogen list                  routines to choose from
      audiogen plan upper-back       what happens when
      audiogen render upper-back     the MP3

    Every command has examples: audiogen render --help
    """
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def routine_names(incomplete: str) -> list[str]:
    from audiogen.routine import find_routines

    return [found.name for found in find_routines() if found.name.startswith(incomplete) and not found.shadowed]


def _voice_names(incomplete: str) -> list[str]:
    from audiogen.voices import engines

    names = ["auto", *(engine.name for engine in engines())]
    return [name for name in names if name.startswith(incomplete)]


RoutineName = Annotated[
    str,
    typer.Argument(
        metavar="ROUTINE",
        autocompletion=routine_names,
        show_default=False,
        help="A routine's name (see: audiogen list) or the path of a routine file.",
    ),
]
OtherRoutine = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="ROUTINE",
        autocompletion=routine_names,
        help="Show only what differs from this routine as written.",
    ),
]
VoiceName = Annotated[
    str | None,
    typer.Option(
        "--voice",
        metavar="VOICE",
        autocompletion=_voice_names,
        help="Who speaks: auto, gtts, gtts:en:co.uk, builtin … (see: audiogen voices).",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Plain = Annotated[
    bool, typer.Option("--plain", help="Plain lines: no colours, no redrawing; for screen readers and logs.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say when each exercise begins, too.")]
