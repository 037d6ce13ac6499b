"""Everyday: render, plan, list, new."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audiogen.cli.app import Json, OtherRoutine, Plain, Quiet, RoutineName, Verbose, VoiceName, app
from audiogen.cli.commands.verify import prove
from audiogen.cli.output import Talk, colours_wanted, columns, plain_wanted, print_data, print_json, unicode_possible
from audiogen.cli.overrides import with_overrides
from audiogen.cli.save import Force, Save, saver
from audiogen.cli.sidecars import Sidecars, SidecarsCommand, beside, sidecar_names
from audiogen.errors import OutputError, RoutineError

if TYPE_CHECKING:
    from audiogen.routine import Found, Routine
    from audiogen.session import Rendered
    from audiogen.timeline.compose import Plan
    from audiogen.timeline.model import Timeline

PANEL = "Everyday"
_OUT = (
    "The file to write, or a folder for an MP3. Its name may end in .mp3, .m4a, .m4b, .opus, .ogg, .flac or .wav. "
    "[default: output/]"
)


@app.command(rich_help_panel=PANEL, cls=SidecarsCommand)
@with_overrides
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
        bool, typer.Option("--verify", help="Measure the finished file, too; exit 1 where anything is off.")
    ] = False,
    sidecars: Sidecars = None,
    save: Save = None,
    force: Force = False,
    json: Json = False,
    plain: Plain = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Make the MP3 of a routine, or a file of another kind.

    Its path goes to stdout, everything else to stderr. Cues that were spoken before are not spoken again.
    M4A and M4B take ffmpeg; all others are made without it.

    \b
    Examples:
      audiogen render upper-back
      audiogen render upper-back -o ~/Music/
      audiogen render upper-back -o upper-back.m4b --bitrate 64
      audiogen render my/hips.yaml --voice builtin --verify
      audiogen render upper-back --sidecars srt,sheet
      audiogen render upper-back --hold double-v=45s --length 12m --save my-back
    """
    from audiogen.routine import load_routine

    talk, names = Talk(quiet, verbose, plain_wanted(plain)), sidecar_names(sidecars)
    loaded = load_routine(routine)
    assert loaded.source is not None  # noqa: S101 - it was just loaded from there
    target = target_of(loaded.source.stem, out)
    save_it = saver(loaded, overrides, voice, save, force, talk)
    rendered = rendered_aloud(loaded, target, overrides, voice, talk)
    written = beside(rendered, names, talk)
    proven = not verify or prove(rendered.path, talk)
    save_it()
    if json:
        print_json({**rendered_document(rendered), "sidecars": [str(path) for path in written]})
    else:
        print_data(str(rendered.path))
    if not proven:
        raise typer.Exit(1)


def rendered_aloud(
    routine: "Routine", target: Path, overrides: dict[str, str | list[str]], voice: str | None, talk: Talk
) -> "Rendered":
    """Render, and talk about it: the progress, then what became of it."""
    from audiogen import session
    from audiogen.cli.interrupt import cancel_on_interrupt
    from audiogen.cli.progress import progress_shown

    with cancel_on_interrupt(talk.quiet) as cancel, progress_shown(talk) as progress:
        rendered = session.render(
            routine, target, overrides=overrides, voice=voice, progress=progress, cancel=cancel, once=True
        )
    tell(rendered, talk)
    return rendered


def tell(rendered: "Rendered", talk: Talk) -> None:
    """What somebody who waited for a track wants to know."""
    from audiogen.cli import plan_table

    for line in plan_table.chapter_lines(rendered.plan):
        talk.detail(line)
    for line in _report(rendered):
        talk.say(line)


@app.command(rich_help_panel=PANEL)
@with_overrides
def plan(
    routine: RoutineName,
    overrides: dict[str, str | list[str]],
    voice: VoiceName = None,
    json: Json = False,
    plain: Plain = False,
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every word and silence.")] = False,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Draw the session as a picture, too: an SVG file.")
    ] = None,
    against: OtherRoutine = None,
    save: Save = None,
    force: Force = False,
) -> None:
    """Show what happens when in a session, without making it: a table, and a picture to scale.

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
    from audiogen.routine import load_routine

    loaded = load_routine(routine)
    planned = session.plan(loaded, overrides=overrides, voice=voice)
    plain = plain_wanted(plain)
    save_it = saver(loaded, overrides, voice, save, force, Talk(quiet))
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
        print_data(shown(planned, plain=plain, every_event=verbose))
    if svg:
        Talk(quiet).say(f"The picture is in {svg}.")
    for notice in planned.notices:
        Talk(quiet).say(f"Notice: {notice}")
    save_it()


def shown(plan: "Plan", *, plain: bool, every_event: bool = False) -> str:
    """A plan for the terminal: a table and a picture, or sentences."""
    from audiogen.cli import plan_table
    from audiogen.views import picture

    if plain:
        lines = plan_table.plan_sentences(plan, every_event=every_event)
        return "\n".join([*lines, picture.sentences(plan.timeline), f"In all {plan_table.total_line(plan)}."])
    colours = colours_wanted(plain)
    lines = plan_table.plan_table(plan, every_event=every_event, colours=colours)
    lane = picture.lane(plan.timeline, columns(), color=colours, unicode=unicode_possible())
    return "\n".join([*lines, "", lane, "", plan_table.total_line(plan)])


@app.command("list", rich_help_panel=PANEL)
def list_routines(json: Json = False, plain: Plain = False) -> None:
    """List the routines that can be rendered by name.

    They are found in ./routines, in your own folder, and among those that come with audiogen, in this order.

    \b
    Examples:
      audiogen list
      audiogen list --json
    """
    from audiogen.routine import find_routines

    found = [_listed(one) for one in find_routines() if not one.shadowed]
    if json:
        print_json(found)
        return
    if plain_wanted(plain):
        print_data("\n".join(f"{one['name']}: {one['title']}, {one['length']}, {one['where']}." for one in found))
        return
    wide = max((len(one["name"]) for one in found), default=0)
    long = max((len(one["length"]) for one in found), default=0)
    for one in found:
        print_data(f"{one['name']:<{wide}}  {one['length']:>{long}}  {one['where']:<7}  {one['title']}")


@app.command(rich_help_panel=PANEL)
def new(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", show_default=False, help="A name, for routines/NAME.yaml; or the path of the file to write."
        ),
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write a commented routine file to start from.

    \b
    Examples:
      audiogen new hips                 writes routines/hips.yaml, for: audiogen render hips
      audiogen new my/evening.yaml      writes my/evening.yaml
    """
    from audiogen.routine import STARTER, routine_file
    from audiogen.storage.files import replacing

    path = routine_file(name)
    if path.exists() and not force:
        raise OutputError(f"{path} exists already; --force replaces it.")
    with replacing(path) as file:
        file.write(STARTER.encode())
    Talk(quiet).say(f"Edit it, then: audiogen render {name}")
    print_data(str(path))


def target_of(routine: str, out: Path | None) -> Path:
    """The file to write: `out`, or the routine's own name in that folder, or in ./output."""
    from audiogen.export.formats import require, suffixes
    from audiogen.storage.files import is_folder

    name = f"{routine}.mp3"
    if out is None:
        return Path("output", name)
    if is_folder(out):
        return out / name
    if not out.suffix:
        raise OutputError(f"{out} is no folder that exists: end it in {suffixes()}, or make the folder first.")
    require(out)
    return out


def _draw(timeline: "Timeline", target: Path) -> None:
    from audiogen.storage.files import replacing
    from audiogen.views import picture

    if target.suffix.lower() != ".svg":
        raise OutputError(f"{target} cannot be written: the picture is an SVG file, so its name ends in .svg.")
    with replacing(target) as file:
        file.write(picture.svg(timeline).encode())


def _report(rendered: "Rendered") -> list[str]:
    """What somebody who waited for a track wants to know, a line each."""
    from audiogen.cli.plan_table import clock

    length = clock(rendered.timeline.length_ms)
    lines = [f"Notice: {notice}" for notice in rendered.notices]
    if rendered.warning:
        lines.append(f"Warning: {rendered.warning} The track is whole, but not all is kept for the next one.")
    if rendered.fallback:
        lines.append(f"{rendered.fallback.rstrip('.')}; so {rendered.voice} spoke the whole session.")
    if rendered.filled:
        lines.append(f"Not recorded, so another voice spoke: {' · '.join(rendered.filled)}")
    # The voice may have spoken more cues than the track holds: lengths that the opening announces settle in two passes.
    spoken = "all" if rendered.spoken >= rendered.cues else rendered.spoken or "none"
    size_mb = rendered.size_bytes / 1e6
    lines.append(f"{length}, {size_mb:.1f} MB; {rendered.cues} cues by {rendered.voice}, {spoken} newly spoken.")
    lines.append(f"The words went to {rendered.sent_to}." if rendered.sent_to else "Nothing left this machine.")
    if rendered.replaced:
        lines.append("An earlier file was replaced.")
    lines.append(f'Play it at speed 1x and with "trim silence" off; the player should show {length.split(".")[0]}.')
    return lines


def rendered_document(rendered: "Rendered") -> dict[str, Any]:
    return {
        "path": str(rendered.path),
        "length_ms": rendered.timeline.length_ms,
        "size_bytes": rendered.size_bytes,
        "voice": rendered.voice,
        "sent_to": rendered.sent_to,
        "fallback": rendered.fallback,
        "warning": rendered.warning,
        "filled": list(rendered.filled),
        "cues": rendered.cues,
        "spoken": rendered.spoken,
        "blocks": rendered.blocks,
        "made": rendered.made,
        "replaced": rendered.replaced,
        "notices": list(rendered.notices),
    }


def _listed(found: "Found") -> dict[str, str]:
    from audiogen.durations import format_duration
    from audiogen.routine import load_routine

    listed = {"name": found.name, "where": found.where, "path": str(found.path)}
    try:
        routine = load_routine(found.path)
    except RoutineError:
        return {**listed, "title": f"(cannot be read; see: audiogen check {found.name})", "length": "?"}
    length = format_duration(routine.length_ms) if routine.length_ms else "free"
    return {**listed, "title": routine.title, "length": length}
