"""The command `studio`."""

from pathlib import Path
from typing import Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Plain, Quiet
from audiogen.cli.output import Talk, plain_wanted, unicode_possible


@command("Phone")
def studio(
    lan: Annotated[
        bool,
        typer.Option("--lan", help="Also serve phones in the same network."),
    ] = False,
    new_address: Annotated[
        bool, typer.Option("--new-address", help="Create a new address; the old one stops working.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="NUMBER", min=0, max=65535, help="Use this port. [default: 8723, or any free one]"
        ),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    plain: Plain = False,
    quiet: Quiet = False,
) -> None:
    """Customise, preview, render and play sessions in the browser, on this machine or a phone.

    \b
    Examples:
      audiogen studio
      audiogen studio --lan
      audiogen studio --no-open --port 9000
    """
    from audiogen.cli.memory import use_little_memory
    from audiogen.studio.server import run

    use_little_memory()
    run(
        Path("output"),
        lan=lan,
        new_address=new_address,
        port=port,
        open_browser=not no_open,
        reporter=_Told(Talk(quiet, plain=plain_wanted(plain))),
    )


class _Told:
    """The studio's words on stderr; the code for phones, too, unless --plain."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def line(self, line: str) -> None:
        self._talk.say(line)

    def code(self, url: str) -> None:
        from audiogen.share import qr

        self._talk.say(f"For the phone: {url}")
        if not self._talk.plain and unicode_possible():
            for line in qr.drawn(url, colours=self._talk.redraws):
                self._talk.say(line, styled=True)
