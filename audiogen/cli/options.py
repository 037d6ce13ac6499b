"""The arguments and options that several commands share."""

from typing import Annotated

import typer

__all__ = ["Json", "OtherRoutine", "Plain", "Quiet", "RoutineName", "Verbose", "VoiceName", "routine_names"]


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
