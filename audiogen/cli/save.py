"""Save a routine with its overrides: `--save`, and what `customise` offers.

routine + overrides + name -> a variant in a file, and how to render it
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.output import Talk, can_ask, typed, yes
from audiogen.errors import OutputError, Problem

if TYPE_CHECKING:
    from audiogen.routine.model import Routine

Save = Annotated[
    str | None,
    typer.Option(
        "--save",
        metavar="FILE",
        help="Save the session as a routine file that extends this one: a name, for routines/NAME.yaml, or a path.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="With --save: save it without asking, even over another routine.")]


@dataclass(frozen=True, slots=True)
class Saving:
    """Where the session will be saved, if it will, with the title that it gets by that; `save` does it."""

    target: Path | None
    overrides: dict[str, str | list[str]]
    save: Callable[[], None]


def saving(
    routine: "Routine",
    overrides: dict[str, str | list[str]],
    voice: str | None,
    name: str | None,
    force: bool,
    talk: Talk,
) -> Saving:
    """Prepare to save the session with its voice once it is rendered, after checking that it can be.

    Raises:
        OutputError: the name is in use, and nobody can be asked or the answer is no.
        AudiogenError: there can be no such file, or no routine file can say what the overrides do.
    """
    if name is None:
        if force:
            raise typer.BadParameter("needs --save", param_hint="--force")
        return Saving(None, overrides, lambda: None)
    from audiogen.routine.find import routine_file
    from audiogen.routine.variant import own_title, save_variant, variant_text
    from audiogen.timeline.compose import draft

    target = routine_file(name)
    overrides = {**overrides, **own_title(routine, overrides, target)}
    customised = draft(routine, overrides).routine.with_voice(voice)
    variant_text(routine, customised, target)
    if not force:
        if not can_ask():
            refuse_taken(target)
        elif not save_there(target):
            raise OutputError(Problem("cli.not-changed", subject=str(target)))

    def save() -> None:
        save_variant(routine, customised, target)
        talk.say(f"Saved as {target}. To render it: {to_render(target)}")

    return Saving(target, overrides, save)


def save_there(target: Path) -> bool:
    """Ask before a routine is saved, where that replaces or hides another one."""
    found = _taken(target)
    return not found or yes(f"{found} {'Change it?' if target.exists() else 'Save it?'}")


def refuse_taken(target: Path) -> None:
    """Refuse to save a routine where that replaces or hides another one.

    Raises:
        OutputError: it does.
    """
    if found := _taken(target):
        raise OutputError(Problem("cli.name-taken", found=found))


def _taken(target: Path) -> str:
    from audiogen.routine.saving import effects

    return " ".join(map(str, effects(target)))


def to_render(path: Path) -> str:
    """The command that renders a routine file, by name where it has one."""
    name = path.stem if path.parent == Path("routines") else str(path)
    return typed("render", name)
