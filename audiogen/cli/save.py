"""Save a routine with its overrides: `--save`, and what `customise` offers.

routine + overrides + name -> a variant in a file, and how to render it
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.output import Talk, can_ask, typed, yes
from audiogen.errors import OutputError, Problem

if TYPE_CHECKING:
    from audiogen.routine.model import Routine
    from audiogen.routine.overrides import Overrides

Save = Annotated[
    str | None,
    typer.Option(
        "--save",
        metavar="FILE",
        help="Save the session as a routine file that extends this one: a name, for routines/NAME.yaml, or a path.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="With --save: change an existing file without asking.")]


def saver(
    routine: "Routine", overrides: "Overrides", voice: str | None, name: str | None, force: bool, talk: Talk
) -> Callable[[], None]:
    """Return the function that saves the session with its voice once it is rendered, after checking that it can.

    Raises:
        OutputError: the file exists, and nobody can be asked or the answer is no.
        AudiogenError: there can be no such file, or no routine file can say what the overrides do.
    """
    if name is None:
        if force:
            raise typer.BadParameter("needs --save", param_hint="--force")
        return lambda: None
    from audiogen.routine.find import routine_file
    from audiogen.routine.variant import save_variant, variant_text
    from audiogen.storage.files import exists
    from audiogen.timeline.compose import draft

    target, customised = routine_file(name), draft(routine, overrides).routine.with_voice(voice)
    variant_text(routine, customised, target)
    if exists(target) and not force:
        if not can_ask():
            raise OutputError(Problem("cli.variant-exists", subject=str(target)))
        if not yes(f"{target} already exists. Change it?"):
            raise OutputError(Problem("cli.not-changed", subject=str(target)))

    def save() -> None:
        save_variant(routine, customised, target)
        talk.say(f"Saved as {target}. To render it: {to_render(target)}")

    return save


def to_render(path: Path) -> str:
    """The command that renders a routine file, by name where it has one."""
    name = path.stem if path.parent == Path("routines") else str(path)
    return typed("render", name)
