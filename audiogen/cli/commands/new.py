"""The command `new`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Quiet
from audiogen.cli.output import Talk, ask, can_ask, error, print_path, typed
from audiogen.cli.save import refuse_taken
from audiogen.errors import InvalidValue, Problem
from audiogen.routine.templates import DEFAULT, TEMPLATES, template

_PASTE = "paste"  # the answer that is not a template


@command("Everyday")
def new(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", show_default=False, help="Name, for routines/NAME.yaml, or path of the file to write."
        ),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--template",
            metavar="KIND",
            show_default=False,
            autocompletion=lambda: list(TEMPLATES),
            help=f"Write one of these without asking: {', '.join(TEMPLATES)}.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write a commented routine file to start from.

    On a terminal it asks what kind of session to write, or takes a text that you paste. Elsewhere it writes stretches,
    unless --template names another kind.

    \b
    Examples:
      audiogen new hips                             writes routines/hips.yaml, for: audiogen render hips
      audiogen new my/evening.yaml                  writes my/evening.yaml
      audiogen new morning --template breathing     writes breathing exercises
    """
    from audiogen.routine.find import routine_file
    from audiogen.storage.files import replacing

    path = routine_file(name)
    if kind is not None and kind not in TEMPLATES:
        raise InvalidValue(_unknown(kind))
    if not force:
        refuse_taken(path)
    kind = kind or (_asked() if can_ask() and not quiet else DEFAULT)
    if kind == _PASTE:
        _import_pasted(path, force, Talk(quiet))
        return
    with replacing(path) as file:
        file.write(template(kind).encode())
    Talk(quiet).say(f"Edit it, then run: {typed('render', name)}")
    print_path(path)


def _unknown(kind: str) -> Problem:
    from audiogen.text import listed, shown

    return Problem("cli.unknown-template", expected=listed([*TEMPLATES]), found=shown(kind))


def _asked() -> str:
    """Ask what kind of session to write."""
    choices = {**TEMPLATES, _PASTE: "turn a text that you paste into a routine"}
    error("What kind of session?")
    for number, (kind, about) in enumerate(choices.items(), start=1):
        error(f"  {number}  {kind:<12}{about}")
    while True:
        answer = ask(f"Number or name, Enter for {DEFAULT} > ").strip().casefold()
        if chosen := _chosen(answer, [*choices]):
            return chosen
        error(f"Answer with a number from 1 to {len(choices)}, or with a name.")


def _chosen(answer: str, kinds: list[str]) -> str | None:
    """The kind that an answer means: its number, its name or the beginning of it that no other has; "" the default."""
    if not answer:
        return DEFAULT
    numbers = {str(number): kind for number, kind in enumerate(kinds, start=1)}
    named = [kind for kind in kinds if kind.startswith(answer)]
    return numbers.get(answer) or (named[0] if len(named) == 1 else None)


def _import_pasted(path: Path, force: bool, talk: Talk) -> None:
    """Read lines up to the end of the input, and write the routine that is in them."""
    from audiogen.cli.commands.import_ import write
    from audiogen.importing import import_bytes

    ended = "Ctrl-Z and Enter" if sys.platform == "win32" else "Ctrl-D on a line of its own"
    error(f"Paste the text, then press {ended}.")
    pasted = sys.stdin.read().encode("utf-8", "replace")
    write(import_bytes(pasted, subject="The text"), path, force, talk)
