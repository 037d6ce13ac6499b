"""The command `render`."""

from pathlib import Path
from typing import Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Plain, Quiet, RoutineName, Verbose, VoiceName
from audiogen.cli.output import Talk, plain_wanted, print_json, print_path
from audiogen.cli.report import rendered_with_report, target_of
from audiogen.cli.save import Force, Save, saving
from audiogen.cli.sidecars import Sidecars, SidecarsCommand, sidecar_names, write_next_to
from audiogen.cli.verified import prove

_OUT = (
    "Write to this file, or to this folder as MP3. A file name ends in .mp3, .m4a, .m4b, .opus, .ogg, .flac or .wav, "
    "or in .html for a page that plays it anywhere. [default: output/]"
)


@command("Everyday", cls=SidecarsCommand)
def render(
    routine: RoutineName,
    overrides: dict[str, str | list[str]],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help=_OUT,
        ),
    ] = None,
    voice: VoiceName = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Also check the finished file; exit 1 if anything is wrong.")
    ] = False,
    sidecars: Sidecars = None,
    save: Save = None,
    force: Force = False,
    json: Json = False,
    plain: Plain = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Render a routine as an MP3, or in another format.

    Prints the path of the file on stdout and everything else on stderr. Cached cues are not spoken again.
    M4A and M4B need ffmpeg; all other formats work without it.

    \b
    Examples:
      audiogen render upper-back
      audiogen render upper-back -o ~/Music/
      audiogen render upper-back -o upper-back.m4b --bitrate 64
      audiogen render my/hips.yaml --voice builtin --verify
      audiogen render upper-back --sidecars srt,sheet
      audiogen render upper-back --hold double-v=45s --length 12m --save my-back
    """
    from audiogen.routine.load import load_routine

    talk, names = Talk(quiet, verbose, plain_wanted(plain)), sidecar_names(sidecars)
    loaded = load_routine(routine)
    assert loaded.source is not None  # noqa: S101 - it was just loaded from there
    saved = saving(loaded, overrides, voice, save, force, talk)
    target = target_of((saved.target or loaded.source).stem, out)
    rendered = rendered_with_report(loaded, target, saved.overrides, voice, talk)
    written = write_next_to(rendered, names, talk)
    proven = not verify or prove(rendered.path, talk)
    saved.save()
    if json:
        print_json({**rendered.report().to_json(), "sidecars": [str(path) for path in written]})
    else:
        print_path(rendered.path)
    if not proven:
        raise typer.Exit(1)
