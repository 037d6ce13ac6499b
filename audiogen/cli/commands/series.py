"""The command `series`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Plain, Quiet, RoutineName, VoiceName
from audiogen.cli.output import Talk, error, plain_wanted, print_data, print_json
from audiogen.cli.sidecars import Sidecars, SidecarsCommand, sidecar_names, write_next_to
from audiogen.errors import AudiogenError, Cancelled, CustomiseError, DurationError

if TYPE_CHECKING:
    from audiogen.routine.model import Routine
    from audiogen.session import Rendered
    from audiogen.timeline.compose import Plan
    from audiogen.timeline.model import Timeline


@command("Many", cls=SidecarsCommand)
def series(
    routine: RoutineName,
    overrides: dict[str, str | list[str]],
    weeks: Annotated[int, typer.Option(metavar="COUNT", help="Render this many weeks, 1 to 52.")] = 6,
    grow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PERCENT|LENGTH|reps=N|sets=N",
            help="Lengthen holds by this much each week, or add repetitions or sets; may be given more than once. "
            "[default: 10%]",
        ),
    ] = None,
    longest: Annotated[str, typer.Option("--max", metavar="LENGTH", help="Let no hold grow beyond this.")] = "1h",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FOLDER", help="Write into this folder. [default: output/ROUTINE/]"),
    ] = None,
    only_plan: Annotated[bool, typer.Option("--plan", help="Preview the weeks without rendering.")] = False,
    voice: VoiceName = None,
    sidecars: Sidecars = None,
    json: Json = False,
    plain: Plain = False,
    quiet: Quiet = False,
) -> None:
    """Render a series of sessions whose holds grow week by week, with a playlist.

    Week 1 is the routine as written. Exercises that are marked fixed do not change, repetitions and sets only where
    --grow reps=1 or --grow sets=1 asks for it.

    \b
    Examples:
      audiogen series upper-back --weeks 6 --grow 10% --max 90s --plan
      audiogen series upper-back --weeks 6 --grow 10% --max 90s
      audiogen series upper-back --only 3-4 -o ~/Music/Back
    """
    from audiogen.routine.load import load_routine
    from audiogen.routine.overrides import customise
    from audiogen.runs.growth import read_growth
    from audiogen.runs.series import plan_series, playlist_path

    names = sidecar_names(sidecars)
    loaded, talk = load_routine(routine), Talk(quiet, plain=plain_wanted(plain))
    wanted: dict[str, Any] = {
        "weeks": weeks,
        "grow": read_growth(grow or ["10%"]),
        "cap_ms": _read_cap(longest),
        "overrides": overrides,
        "voice": voice,
    }
    if only_plan:
        plans = plan_series(loaded, **wanted)
        if json:
            print_json({"weeks": [_planned(week, one) for week, one in enumerate(plans, start=1)]})
        else:
            title = str(overrides.get("title", loaded.title))
            print_data("\n".join((_plan_sentences if talk.plain else _plan_table)(title, plans)))
    else:
        playlist = playlist_path(loaded, out or Path("output", playlist_path(loaded, Path()).stem))
        tracks = _made(loaded, playlist.parent, wanted, talk, names)
        if json:
            print_json({"playlist": str(playlist), "tracks": [_document(*one) for one in enumerate(tracks, 1)]})
        else:
            print_data("\n".join(str(path) for path in (*(track.path for track in tracks), playlist)))
    for notice in customise(loaded, overrides).notices:
        talk.say(f"Notice: {notice}")


def _read_cap(text: str) -> int:
    from audiogen.durations import parse_duration

    try:
        return parse_duration(text)
    except DurationError as failure:
        raise CustomiseError(failure.about("--max")) from failure


# -- rendering


def _made(
    routine: "Routine", folder: Path, wanted: dict[str, Any], talk: Talk, names: tuple[str, ...] = ()
) -> "tuple[Rendered, ...]":
    """Render the series with progress; if it ends early, report what is finished."""
    from audiogen.cli.interrupt import cancel_on_interrupt
    from audiogen.cli.memory import use_little_memory
    from audiogen.cli.progress import progress_shown
    from audiogen.runs.series import series as render_series
    from audiogen.session.report import PLAY, where_sent

    done: list[Rendered] = []
    known: set[str] = set()

    def finished(rendered: "Rendered") -> None:
        done.append(rendered)
        report = rendered.report()
        talk.say(f"Week {len(done)}: {report.summary}")
        for note in report.notes():
            if note not in known:
                talk.say(note)
                known.add(note)
        write_next_to(rendered, names, talk)

    try:
        use_little_memory()
        with cancel_on_interrupt(talk.quiet) as cancel, progress_shown(talk) as progress:
            tracks = render_series(routine, folder, **wanted, progress=progress, cancel=cancel, finished=finished)
    except AudiogenError as failure:
        if not done:
            raise
        stays = f"Finished and kept: {', '.join(track.path.name for track in done)}."
        if isinstance(failure, Cancelled):
            error(f"Stopped. {stays}")
            raise typer.Exit(130) from failure
        talk.say(stays)
        raise
    talk.say(where_sent(next((track.sent_to for track in tracks if track.sent_to), None)))
    talk.say(f"Play them at {PLAY}.")
    return tracks


def _document(week: int, rendered: "Rendered") -> dict[str, Any]:
    return {**_planned(week, rendered.plan), **rendered.report().to_json()}


# -- previewing


def _plan_table(title: str, plans: "Sequence[Plan]") -> list[str]:
    """One line per week, with the doses in columns under the numbers of their exercises in the file."""
    from audiogen.durations import format_clock

    shown = _shown(plans)
    names = {one.slug: one for one in plans[0].script.exercises if one.slug in shown}
    rows = [["week", "length", *(str(one.number) for one in names.values())]]
    for week, plan in enumerate(plans, start=1):
        about = "" if plan.exact else "~"
        doses = _doses(plan.timeline)
        rows.append([str(week), f"{about}{format_clock(plan.length_ms)}", *(doses[slug] for slug in names)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    table = ["  ".join(f"{cell:>{wide}}" for cell, wide in zip(row, widths, strict=True)) for row in rows]
    legend = ", ".join(f"{one.number} {one.name}" for one in names.values())
    what = "Holds" if names.keys() == _holds(plans[0].timeline).keys() else "Exercises"
    return [_about(title, plans), "", *(f"  {line}" for line in table), "", f"{what}: {legend}."]


def _plan_sentences(title: str, plans: "Sequence[Plan]") -> list[str]:
    from audiogen.durations import format_clock

    shown = _shown(plans)
    lines = [f"{_about(title, plans)}."]
    for week, plan in enumerate(plans, start=1):
        names = {one.slug: one.name for one in plan.timeline.exercises}
        doses = _doses(plan.timeline)
        holds = ", ".join(f"{names[slug]} {doses[slug]}" for slug in names if slug in shown)
        about = "" if plan.exact else "about "
        lines.append(f"Week {week}, {about}{format_clock(plan.length_ms)}: {holds}.")
    return lines


def _about(title: str, plans: "Sequence[Plan]") -> str:
    from audiogen.durations import format_clock
    from audiogen.text import counted

    total = format_clock(sum(plan.length_ms for plan in plans))
    about = "" if all(plan.exact for plan in plans) else "about "
    return f"{title}, {counted(len(plans), 'week')}, {about}{total} in all"


def _planned(week: int, plan: "Plan") -> dict[str, Any]:
    return {
        "week": week,
        "title": plan.timeline.title,
        "length_ms": plan.length_ms,
        "exact": plan.exact,
        "holds_ms": {slug: list(lengths_ms) for slug, lengths_ms in _holds(plan.timeline).items()},
        "doses": _doses(plan.timeline),
    }


def _holds(timeline: "Timeline") -> dict[str, tuple[int, ...]]:
    """The hold of each exercise by its slug: one length, or one per side or set if they differ."""
    held = {one.exercise.slug: one.sides for one in timeline.visits if one.sets[0].is_hold}
    return {
        slug: tuple(dict.fromkeys(work.length_ms for one in sides for work in one.sets)) for slug, sides in held.items()
    }


def _doses(timeline: "Timeline") -> dict[str, str]:
    """The dose of each exercise in a cell, by its slug."""
    from audiogen.views.doses import dose_of_visit

    return {visit.exercise.slug: dose_of_visit(visit).brief() for visit in timeline.visits}


def _shown(plans: "Sequence[Plan]") -> set[str]:
    """The exercises that a preview shows: those with holds, and all others that change."""
    weeks = [_doses(plan.timeline) for plan in plans]
    return {slug for slug in weeks[0] if slug in _holds(plans[0].timeline) or len({one[slug] for one in weeks}) > 1}
