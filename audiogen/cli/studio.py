"""Phone: studio."""

from pathlib import Path
from typing import Annotated

import typer

from audiogen.cli.app import Quiet, app
from audiogen.cli.talk import Talk

PANEL = "Phone"


@app.command(rich_help_panel=PANEL)
def studio(
    port: Annotated[
        int | None, typer.Option("--port", metavar="PORT", min=0, max=65535, help="The port to serve at.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    quiet: Quiet = False,
) -> None:
    """Shape, hear, render and play sessions in the browser, on this machine or on a phone.

    \b
    Examples:
      audiogen studio
      audiogen studio --no-open --port 9000
    """
    from audiogen.studio.server import run

    talk = Talk(quiet)
    run(Path("output"), port=port, open_browser=not no_open, tell=talk.say)
