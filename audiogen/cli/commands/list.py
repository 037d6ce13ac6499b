"""The command `list`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Plain
from audiogen.cli.output import plain_wanted, print_data, print_json, typed
from audiogen.errors import AudiogenError, RoutineError

if TYPE_CHECKING:
    from audiogen.routine.find import Found
    from audiogen.routine.shelf import Ready
    from audiogen.storage.cache import Cache


@command("Everyday")
def list(
    exercises: Annotated[
        bool, typer.Option("--exercises", help="List the ready exercises, which a routine has by use: NAME.")
    ] = False,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """List the routines that can be rendered by name, or the exercises that routines can use.

    Both are found in ./routines, in your own folder and among those that come with audiogen, in this order.

    \b
    Examples:
      audiogen list
      audiogen list --exercises
    """
    if exercises:
        _list_exercises(json=json, plain=plain_wanted(plain))
        return
    from audiogen.routine.find import find_routines
    from audiogen.storage.cache import Cache
    from audiogen.storage.config import cache_dir

    store = Cache(cache_dir())
    found = [_listed(one, store) for one in find_routines() if not one.shadowed]
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


def _list_exercises(*, json: bool, plain: bool) -> None:
    from audiogen.routine.shelf import find_ready

    named: dict[str, dict[str, Ready]] = {}
    for ready in find_ready():
        named.setdefault(ready.name, {})[ready.language] = ready
    found = [_listed_exercise(name, languages) for name, languages in named.items()]
    if json:
        print_json(found)
    elif plain:
        print_data("\n".join("{use}: {name}, {dose}, {where}, {languages}.".format(**one) for one in found))
    else:
        widths = {key: max((len(one[key]) for one in found), default=0) for key in ("use", "dose", "where")}
        for one in found:
            columns = "  ".join(f"{one[key]:<{width}}" for key, width in widths.items())
            print_data(f"{columns}  {one['name']} ({one['languages']})")


def _listed_exercise(name: str, languages: "Mapping[str, Ready]") -> dict[str, str]:
    from audiogen.routine.shelf import read_ready
    from audiogen.views.doses import dose_of_exercise

    ready = languages.get("en") or next(iter(languages.values()))
    listed = {"use": name, "where": ready.where, "path": str(ready.path), "languages": ", ".join(languages)}
    try:
        exercise = read_ready(ready)
    except RoutineError:
        return {**listed, "name": f"(cannot be read: {ready.path})", "dose": "?"}
    return {**listed, "name": exercise.name, "dose": dose_of_exercise(exercise).words()}


def _listed(found: "Found", store: "Cache") -> dict[str, str]:
    from audiogen.routine.load import load_routine
    from audiogen.runs.about import length_in_words

    listed = {"name": found.name, "where": found.where, "path": str(found.path)}
    try:
        routine = load_routine(found.path)
    except RoutineError:
        return {**listed, "title": f"(cannot be read; see: {typed('check', found.name)})", "length": "?"}
    try:
        length = length_in_words(routine, store)
    except AudiogenError:  # a sound that is missing, which `check` explains
        length = "?"
    return {**listed, "title": routine.title, "length": length}
