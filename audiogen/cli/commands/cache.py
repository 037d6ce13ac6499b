"""The command `cache`."""

from typing import Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Quiet
from audiogen.cli.output import Talk, print_data, print_json, print_path


@command("Voices")
def cache(
    clear: Annotated[
        bool, typer.Option("--clear", help="Delete everything in the cache; this is always safe.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show or clear the cache.

    Spoken cues are cached, so that no cue is spoken twice.

    \b
    Examples:
      audiogen cache
      audiogen cache --clear
    """
    from audiogen.storage.cache import Cache
    from audiogen.storage.config import cache_dir

    kept = Cache(cache_dir())
    if clear:
        freed = kept.clear()
        Talk(quiet).say(f"Freed {_size(freed)}.")
    usage = kept.usage()
    if json:
        layers = {layer: {"entries": used.entries, "bytes": used.bytes} for layer, used in usage.items()}
        print_json({"path": str(kept.root), "layers": layers})
    elif not clear:
        print_path(kept.root)
        for layer, used in usage.items():
            print_data(f"  {layer:<7}  {used.entries:>6} entries  {_size(used.bytes):>9}")


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
