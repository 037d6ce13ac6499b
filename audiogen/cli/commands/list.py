"""The command `list`."""

from typing import TYPE_CHECKING

from audiogen.cli.app import command
from audiogen.cli.options import Json, Plain
from audiogen.cli.output import plain_wanted, print_data, print_json, typed
from audiogen.errors import RoutineError

if TYPE_CHECKING:
    from audiogen.routine.find import Found


@command("Everyday")
def list(json: Json = False, plain: Plain = False) -> None:
    """List the routines that can be rendered by name.

    Routines are found in ./routines, in your own folder and among those that come with audiogen, in this order.

    \b
    Examples:
      audiogen list
      audiogen list --json
    """
    from audiogen.routine.find import find_routines

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


def _listed(found: "Found") -> dict[str, str]:
    from audiogen.durations import format_duration
    from audiogen.routine.load import load_routine

    listed = {"name": found.name, "where": found.where, "path": str(found.path)}
    try:
        routine = load_routine(found.path)
    except RoutineError:
        return {**listed, "title": f"(cannot be read; see: {typed('check', found.name)})", "length": "?"}
    length = format_duration(routine.length_ms) if routine.length_ms else "free"
    return {**listed, "title": routine.title, "length": length}
