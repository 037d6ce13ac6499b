"""The command `check`."""

from typing import Annotated, Any

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, RoutineNames
from audiogen.cli.output import print_data, print_json


@command("Editors")
def check(
    routines: RoutineNames,
    coach: Annotated[
        bool,
        typer.Option("--coach", help="Also judge the words, for listeners with closed eyes. Hints are not mistakes."),
    ] = False,
    json: Json = False,
) -> None:
    """Find every mistake in routine files, and what a render of them would refuse.

    Prints each mistake as a line on stdout, file:line:column: what is wrong. Exits with 1 if there is one. The hints of
    --coach follow the rules of docs/writing-cues.md and leave the exit code unchanged; `# coach: off` at the end of a
    line silences those about it.

    \b
    Examples:
      audiogen check upper-back
      audiogen check routines/*.yaml
      audiogen check --coach evening
    """
    from audiogen.session.check import checked_json

    checked = [checked_json(routine, coach=coach) for routine in routines]
    if json:
        print_json(checked)
    else:
        for one in checked:
            print_data("\n".join(_lines(one)))
    if not all(one["fine"] for one in checked):
        raise typer.Exit(1)


def _contents(checked: dict[str, Any]) -> str:
    from audiogen.text import counted

    passages = [counted(checked["passages"], "passage")] if "passages" in checked else []
    exercises = [counted(checked["exercises"], "exercise")] if checked["exercises"] or not passages else []
    return " and ".join([*exercises, *passages])


def _lines(checked: dict[str, Any]) -> list[str]:
    from audiogen.durations import format_exact_clock, format_nearest_clock

    if not checked["fine"]:
        return list(checked["mistakes"])
    length_ms = checked["length_ms"]
    length = format_exact_clock(length_ms) if checked["exact"] else f"about {format_nearest_clock(length_ms)}"
    return [
        f"{checked['routine']}: fine. {checked['title']}, {_contents(checked)}, {length}.",
        *(f"  notice: {notice}" for notice in checked["notices"]),
        *(f"  hint: {hint['message']}" for hint in checked.get("hints", ())),
    ]
