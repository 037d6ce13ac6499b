"""Saving what overrides made of a routine: `--save`, and what `customise` offers.

routine + overrides + name -> a variant in a file, and how to render it
"""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.output import Talk, can_ask, yes
from audiogen.errors import OutputError

if TYPE_CHECKING:
    from audiogen.routine import Routine
    from audiogen.routine.overrides import Overrides

__all__ = ["Force", "Save", "saver", "to_render"]

Save = Annotated[
    str | None,
    typer.Option(
        "--save",
        metavar="FILE",
        help="Keep the session as a routine file that extends this one: a name, for routines/NAME.yaml; or a path.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="With --save: do not ask before changing a file that exists.")]


def saver(
    routine: "Routine", overrides: "Overrides", voice: str | None, name: str | None, force: bool, talk: Talk
) -> Callable[[], None]:
    """What saves the session once it is made, with the voice that was asked for; what stands against it is told now.

    Raises:
        OutputError: the file exists, and there is nobody to ask, or somebody who says no.
        AudiogenError: there can be no such file, or none that says what the overrides do.
    """
    if name is None:
        if force:
            raise typer.BadParameter("goes with --save", param_hint="--force")
        return lambda: None
    from audiogen.routine import routine_file, save_variant, variant_text
    from audiogen.timeline.compose import draft

    target, customised = routine_file(name), draft(routine, overrides).routine.with_voice(voice)
    variant_text(routine, customised, target)
    if target.exists() and not force:
        if not can_ask():
            raise OutputError(f"{target} exists already; --force changes it.")
        if not yes(f"{target} exists already. Change it?"):
            raise OutputError(f"{target} stays as it is, and nothing was made.")

    def save() -> None:
        save_variant(routine, customised, target)
        talk.say(f"Saved as {target}; to render it: {to_render(target)}")

    return save


def to_render(path: Path) -> str:
    """The command that renders a routine file, by name where it has one."""
    name = path.stem if path.parent == Path("routines") else str(path)
    return f"audiogen render {shlex.quote(name)}"
