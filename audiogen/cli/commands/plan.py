"""The command `plan`."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, OtherRoutine, Plain, Quiet, RoutineName, VoiceName
from audiogen.cli.output import Talk, plain_wanted, print_data, print_json
from audiogen.cli.save import Force, Save, saving
from audiogen.errors import OutputError, Problem

if TYPE_CHECKING:
    from audiogen.timeline.model import Timeline


@command("Everyday")
def plan(
    routine: RoutineName,
    overrides: dict[str, str | list[str]],
    voice: VoiceName = None,
    json: Json = False,
    plain: Plain = False,
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every word and silence.")] = False,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Also draw the timeline as a picture in this SVG file.")
    ] = None,
    against: OtherRoutine = None,
    save: Save = None,
    force: Force = False,
) -> None:
    """Preview the timeline without rendering: a table and a picture to scale.

    \b
    Examples:
      audiogen plan upper-back
      audiogen plan upper-back --voice builtin -v
      audiogen plan upper-back --svg upper-back.svg
      audiogen plan upper-back --hold double-v=45s --against upper-back
      audiogen plan upper-back --only 2-4 --save short-back
      audiogen plan upper-back --json
    """
    from audiogen import session
    from audiogen.cli.plan_table import shown
    from audiogen.routine.load import load_routine

    loaded = load_routine(routine)
    saved = saving(loaded, overrides, voice, save, force, Talk(quiet))
    planned = session.plan(loaded, overrides=saved.overrides, voice=voice)
    plain = plain_wanted(plain)
    if svg:
        _draw(planned.timeline, svg)
    if against:
        from audiogen.cli.diff import print_differences
        from audiogen.routine.overrides import command_line_of

        named = shlex.join([routine, *command_line_of(overrides)])
        print_differences(planned.timeline, named, against, voice, json=json, plain=plain, every_word=verbose)
    elif json:
        print_json(planned.timeline.to_json())
    else:
        print_data(shown(planned, plain=plain, every_event=verbose), styled=True)
    if svg:
        Talk(quiet).say(f"Wrote the picture to {svg}.")
    for notice in planned.notices:
        Talk(quiet).say(f"Notice: {notice}")
    saved.save()


def _draw(timeline: "Timeline", target: Path) -> None:
    from audiogen.storage.files import replacing
    from audiogen.views.picture.vector import svg

    if target.suffix.lower() != ".svg":
        raise OutputError(Problem("cli.not-svg", subject=str(target)))
    with replacing(target) as file:
        file.write(svg(timeline).encode())
