"""The command `check`."""

from typing import Annotated, Any

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json
from audiogen.cli.output import print_data, print_json
from audiogen.errors import AudiogenError


@command("Editors")
def check(
    routines: Annotated[
        list[str], typer.Argument(metavar="ROUTINE", show_default=False, help="Names or paths of routine files.")
    ],
    json: Json = False,
) -> None:
    """Find every mistake in routine files, and music and sounds that are not there.

    Each is a line on stdout, file:line:column: what is wrong. Exit 1 where there is one.

    \b
    Examples:
      audiogen check upper-back
      audiogen check routines/*.yaml
    """
    checked = [_checked(routine) for routine in routines]
    if json:
        print_json(checked)
    else:
        for one in checked:
            print_data("\n".join(_lines(one)))
    if not all(one["fine"] for one in checked):
        raise typer.Exit(1)


def _checked(name: str) -> dict[str, Any]:
    """What `check` found out about one routine: its file, and what happens in its time."""
    from audiogen.session import plan
    from audiogen.session.check import load_inspected

    try:
        routine = load_inspected(name)
        planned = plan(routine)
    except AudiogenError as error:
        return {"routine": name, "fine": False, "mistakes": str(error).splitlines()}
    return {
        "routine": name,
        "fine": True,
        "title": routine.title,
        "exercises": len(planned.timeline.exercises),
        "length_ms": planned.length_ms,
        "exact": planned.exact,
        "notices": list(planned.notices),
    }


def _lines(checked: dict[str, Any]) -> list[str]:
    from audiogen.durations import format_exact_clock

    if not checked["fine"]:
        return list(checked["mistakes"])
    about = "" if checked["exact"] else "about "
    count = checked["exercises"]
    return [
        f"{checked['routine']}: fine. {checked['title']}, {count} exercise{'s' if count != 1 else ''}, "
        f"{about}{format_exact_clock(checked['length_ms'])}.",
        *(f"  notice: {notice}" for notice in checked["notices"]),
    ]
