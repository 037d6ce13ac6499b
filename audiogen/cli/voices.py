"""Voices: voices, cache."""

from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import Json, Quiet, app
from audiogen.cli.talk import Talk, print_data, print_json

if TYPE_CHECKING:
    from audiogen.voices import Engine

PANEL = "Voices"
_MANY = 12  # from here on, languages and variants are counted instead of listed, unless asked for


@app.command(rich_help_panel=PANEL)
def voices(
    json: Json = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Name every language and accent.")] = False,
) -> None:
    """List the voices, what they speak, and where your words go.

    \b
    Examples:
      audiogen voices
      audiogen render upper-back --voice builtin
    """
    from dataclasses import asdict

    from audiogen.voices import engines

    found = engines()
    if json:
        print_json([asdict(engine) for engine in found])
        return
    print_data("auto (the default)\n  gtts; where Google cannot be reached, builtin for the whole session")
    for engine in found:
        print_data("\n".join(_lines(engine, verbose)))


@app.command(rich_help_panel=PANEL)
def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Delete everything in it; that is always safe.")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show what is kept between renders, or clear it.

    Spoken cues are kept, so that no cue is spoken twice.

    \b
    Examples:
      audiogen cache
      audiogen cache --clear
    """
    from audiogen.cache import Cache
    from audiogen.config import cache_dir

    kept = Cache(cache_dir())
    if clear:
        freed = kept.clear()
        Talk(quiet).say(f"{_size(freed)} freed.")
    usage = kept.usage()
    if json:
        layers = {layer: {"entries": used.entries, "bytes": used.bytes} for layer, used in usage.items()}
        print_json({"path": str(kept.root), "layers": layers})
    elif not clear:
        print_data(str(kept.root))
        for layer, used in usage.items():
            print_data(f"  {layer:<7}  {used.entries:>6} entries  {_size(used.bytes):>9}")


def _lines(engine: "Engine", verbose: bool) -> list[str]:
    lines = [f"{engine.name}, for instance: --voice {engine.example}"]
    lines.append(f"  speaks {_listed(engine.languages, 'languages', verbose)}")
    if engine.variants:
        lines.append(f"  as {_listed(engine.variants, 'variants', verbose)}")
    lines.append(f"  sends your words to {engine.sends_to}" if engine.sends_to else "  sends nothing anywhere")
    if engine.missing:
        lines.append(f"  does not work here: {engine.missing}")
    return lines


def _listed(items: tuple[str, ...], noun: str, verbose: bool) -> str:
    if len(items) < _MANY or verbose:
        return ", ".join(items)
    return f"{len(items)} {noun} (audiogen voices -v names them)"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
