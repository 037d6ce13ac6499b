"""The command `send`."""

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Plain, Quiet, VoiceName
from audiogen.cli.output import Talk, plain_wanted, print_data, print_json, unicode_possible
from audiogen.cli.report import rendered_with_report, target_of
from audiogen.errors import Cancelled, Problem, SharingError

if TYPE_CHECKING:
    from audiogen.share import Shared
    from audiogen.share.network import Listening
    from audiogen.share.serving import Asked

HINT_AFTER_S = 30.0  # without a sign of the phone


@command("Phone")
def send(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE|ROUTINE", show_default=False, help="Finished track, or a routine to render first."
        ),
    ],
    overrides: dict[str, str | list[str]],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Write a routine's track to this file or folder. [default: output/]"
        ),
    ] = None,
    voice: VoiceName = None,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="ADDRESS", help="Use this address of this machine, if it has several."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="NUMBER", min=1, max=65535, help="Use this port. [default: 8723, or any free one]"
        ),
    ] = None,
    minutes: Annotated[
        float,
        typer.Option(
            "--minutes",
            metavar="MINUTES",
            min=0.01,
            max=1440,
            help="Stop after this long without a request from a phone.",
        ),
    ] = 10.0,
    json: Json = False,
    plain: Plain = False,
    quiet: Quiet = False,
) -> None:
    """Send a track to a phone in the same Wi-Fi: scan the code, then tap to save.

    Serves the file in the local network at an address that nobody can guess, until a phone has saved it, the time is
    up or you press Ctrl-C. Nothing goes to the internet. Prints the address on stdout and everything else on stderr.

    \b
    Examples:
      audiogen send output/upper-back.mp3
      audiogen send upper-back --length 12m
      audiogen send output/upper-back.mp3 --plain --minutes 30
      audiogen send output/upper-back.mp3 --host 192.168.1.20 --port 8080
    """
    from audiogen.share import describe
    from audiogen.share.network import listen

    talk = Talk(quiet, plain=plain_wanted(plain))
    path = _file(what)
    if path is None:
        # The port is opened first, so that nothing is spoken in vain where there is no network.
        listening = listen(host, port)
        path = _rendered(what, out, overrides, voice, talk)
        shared = describe(path)
    else:
        _refuse_options(path, out, overrides, voice)
        shared = describe(path)
        listening = listen(host, port)
    with listening.socket:
        _serve(shared, listening, minutes, talk, json)


def _file(what: str) -> Path | None:
    """The file that is meant; None where it is a routine."""
    from audiogen.export.formats import format_for
    from audiogen.routine.find import SUFFIXES
    from audiogen.storage.files import exists, is_folder

    path = Path(what)
    if format_for(path) or (exists(path) and not is_folder(path) and path.suffix.lower() not in SUFFIXES):
        return path
    return None


def _refuse_options(path: Path, out: Path | None, overrides: dict[str, str | list[str]], voice: str | None) -> None:
    from audiogen.routine.overrides import command_line_of

    options = [*command_line_of(overrides)[:1], *(["--voice"] if voice else []), *(["--out"] if out else [])]
    if options:
        raise typer.BadParameter(
            f"{path} is a finished track and cannot be changed; give the name of its routine instead.",
            param_hint=options[0],
        )


def _rendered(
    name: str, out: Path | None, overrides: dict[str, str | list[str]], voice: str | None, talk: Talk
) -> Path:
    from audiogen.routine.load import load_routine

    routine = load_routine(name)
    assert routine.source is not None  # noqa: S101 - it was just loaded from there
    return rendered_with_report(routine, target_of(routine.source.stem, out), overrides, voice, talk).path


def _serve(shared: "Shared", listening: "Listening", minutes: float, talk: Talk, json: bool) -> None:
    from audiogen.cli.interrupt import cancel_on_interrupt
    from audiogen.share.serving import Sharing

    seen = threading.Event()

    def tell(asked: "Asked") -> None:
        if asked.what != "cut":
            seen.set()
        talk.say(_told(asked))

    sharing = Sharing(shared, listening, tell)
    _show(shared, sharing.url, minutes, talk, json)
    hint = threading.Timer(HINT_AFTER_S, lambda: None if seen.is_set() else talk.say(_hint(listening)))
    hint.daemon = True
    hint.start()
    try:
        with cancel_on_interrupt(quiet=True) as cancel:
            fetched = sharing.serve(minutes * 60, cancel)
    except Cancelled:
        talk.say("Stopped; the address no longer works.")
        raise typer.Exit(130) from None
    finally:
        hint.cancel()
    if not fetched:
        raise SharingError(Problem("cli.not-fetched", expected=f"{minutes:g} minutes", found=_hint(listening)))
    talk.say(_closing(shared))


def _show(shared: "Shared", url: str, minutes: float, talk: Talk, json: bool) -> None:
    """The way to the file: the code to scan, the address to type."""
    from audiogen.durations import format_exact_clock
    from audiogen.text import megabytes

    length = "" if shared.length_ms is None else f", {format_exact_clock(shared.length_ms)}"
    talk.say(f"{shared.title}{length}, {megabytes(shared.size_bytes)}.")
    code = _code(url, talk)
    talk.say(
        "Scan this code with the phone's camera; phone and computer must be in the same Wi-Fi:"
        if code
        else "Open this address in the phone's browser; phone and computer must be in the same Wi-Fi:"
    )
    for line in code:
        talk.say(line, styled=True)
    if json:
        print_json({"url": url, "path": str(shared.path), "name": shared.name, "size_bytes": shared.size_bytes})
    else:
        print_data(url)
    talk.say(f"Waiting at most {minutes:g} minutes for the phone; press Ctrl-C to stop.")


def _code(url: str, talk: Talk) -> list[str]:
    """The QR code, where it can be drawn: on a terminal that takes its blocks."""
    import os

    if talk.plain or talk.quiet or sys.stderr is None or not sys.stderr.isatty() or not unicode_possible():
        return []
    from audiogen.share.qr import drawn

    return ["", *drawn(url, colours=not os.environ.get("NO_COLOR")), ""]


def _told(asked: "Asked") -> str:
    match asked.what:
        case "page":
            return f"{asked.who} opened the page."
        case "play":
            return f"{asked.who} is listening."
        case "save":
            return f"{asked.who} is saving the file."
        case "cut":
            return f"{asked.who} was cut off: it {asked.why}."
        case _:
            return "The whole file has arrived."


def _hint(listening: "Listening") -> str:
    """What keeps a phone from coming."""
    let_in = {
        "win32": "allow Python in private networks when Windows asks, or in its firewall's settings",
        "darwin": "allow incoming connections for Python in System Settings, Network, Firewall",
    }.get(sys.platform, f"allow port {listening.port}, for example: sudo ufw allow {listening.port}/tcp")
    return (
        "If the phone cannot open the page: it must be in the same Wi-Fi, not in a guest network, and without VPN. "
        f"This computer's firewall may block it: {let_in}. To use another address of this computer: --host."
    )


def _closing(shared: "Shared") -> str:
    from audiogen.durations import format_clock
    from audiogen.session.report import PLAY

    shows = "" if shared.length_ms is None else f"; the player should show {format_clock(shared.length_ms)}"
    return f"Play it at {PLAY}{shows}."
