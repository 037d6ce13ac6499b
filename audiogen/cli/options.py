"""The arguments and options that several commands share."""

from typing import Annotated

import typer


def routine_names(incomplete: str) -> list[str]:
    from audiogen.routine.find import find_routines

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
        help="Name of a routine (see: audiogen list) or path of a routine file.",
    ),
]
RoutineNames = Annotated[
    list[str],
    typer.Argument(
        metavar="ROUTINE",
        autocompletion=routine_names,
        show_default=False,
        help="Names of routines (see: audiogen list) or paths of routine files.",
    ),
]
OtherRoutine = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="ROUTINE",
        autocompletion=routine_names,
        help="Show only the differences from this routine as written.",
    ),
]
VoiceName = Annotated[
    str | None,
    typer.Option(
        "--voice",
        metavar="VOICE",
        autocompletion=_voice_names,
        help="Choose the voice: auto, gtts, gtts:en:co.uk, builtin … (see: audiogen voices).",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
Plain = Annotated[
    bool, typer.Option("--plain", help="Print plain lines for screen readers and logs: no colours, no redrawing.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Also print when each exercise begins.")]
