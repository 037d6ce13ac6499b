"""The command `sounds`."""

from pathlib import Path
from typing import Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Quiet
from audiogen.cli.output import Talk, print_path


@command("Voices")
def sounds(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="SET", show_default=False, help="Sets of tones. [default: all]"),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Write the files here.")] = Path(),
    quiet: Quiet = False,
) -> None:
    """Write each set of tones to a WAV file, to choose one by ear.

    Each tone is heard as in a session. Choose a set with --sounds, or with sounds: in a routine.

    \b
    Examples:
      audiogen sounds
      audiogen sounds breath -o tones
      audiogen render upper-back --sounds wood
    """
    from audiogen.durations import format_clock
    from audiogen.session.sounds import chosen, write_sets

    talk = Talk(quiet)
    for heard in write_sets(out, chosen(names or ())):
        order = ", ".join(f"{role} {format_clock(at_ms)}" for role, at_ms in heard.at_ms.items())
        talk.say(f"{heard.name}: {order}")
        print_path(heard.path)
