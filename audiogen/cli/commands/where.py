"""The command `where`."""

from collections.abc import Iterator
from pathlib import Path

from audiogen.cli.app import command
from audiogen.cli.options import Json
from audiogen.cli.output import print_data, print_json


@command("Everyday")
def where(json: Json = False) -> None:
    """Show where routines, tracks and settings are kept.

    Routines are found by name in the first three folders, in this order.

    \b
    Examples:
      audiogen where
      audiogen where --json
    """
    found = list(_places())
    if json:
        print_json([{"what": what, "path": str(path), "exists": path.exists()} for what, path in found])
        return
    wide = max(len(what) for what, _ in found)
    for what, path in found:
        print_data(f"{what:<{wide}}  {path}{'' if path.exists() else '  (not created yet)'}")


def _places() -> Iterator[tuple[str, Path]]:
    from audiogen.routine.find import named_folders
    from audiogen.storage.config import cache_dir, config_file, user_phrases_dir

    what = {"here": "routines here", "yours": "your routines", "shipped": "routines that come with audiogen"}
    for which, folder in named_folders():
        yield what[which], folder.absolute()
    yield "tracks", Path("output").absolute()
    yield "your phrases", user_phrases_dir()
    yield "settings", config_file()
    yield "cache", cache_dir()
