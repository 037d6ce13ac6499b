"""The command `voices`."""

from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json
from audiogen.cli.output import print_data, print_json

if TYPE_CHECKING:
    from audiogen.errors import Problem
    from audiogen.voices import Engine

_MANY = 12  # from here on, languages and variants are counted instead of listed, unless asked for


@command("Voices")
def voices(
    json: Json = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List every language and accent.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Also check that Google can be reached.")] = False,
) -> None:
    """List the voices: what they speak, whether they work here and where your text is sent.

    \b
    Examples:
      audiogen voices
      audiogen voices --check
      audiogen render upper-back --voice builtin
    """
    from dataclasses import asdict, replace

    from audiogen.voices import engines

    found = engines()
    if check:
        found = tuple(replace(engine, missing=_unreachable()) if engine.name == "gtts" else engine for engine in found)
    if json:
        print_json([{**asdict(engine), "missing": engine.missing and str(engine.missing)} for engine in found])
        return
    print_data("auto (the default)\n  gtts; if Google cannot be reached, builtin for the whole session")
    for engine in found:
        print_data("\n".join(_lines(engine, verbose, check)))


def _unreachable() -> "Problem | None":
    """Why Google cannot be reached right now, None where it can."""
    from audiogen.errors import VoiceError
    from audiogen.voices.gtts import reachable

    try:
        reachable()
    except VoiceError as error:
        return error.problems[0].without_remedies()
    return None


def _lines(engine: "Engine", verbose: bool, checked: bool) -> list[str]:
    lines = [f"{engine.name}, for example: --voice {engine.example}"]
    lines.append(f"  speaks {_listed(engine.languages, 'languages', verbose)}")
    if engine.variants:
        lines.append(f"  as {_listed(engine.variants, 'variants', verbose)}")
    lines.append(f"  sends your text to {engine.sends_to}" if engine.sends_to else "  sends nothing anywhere")
    if engine.missing:
        lines.append(f"  does not work here: {engine.missing}")
    elif engine.sends_to and not checked:
        lines.append("  works if it can be reached (to check: audiogen voices --check)")
    else:
        lines.append("  works here")
    return lines


def _listed(items: tuple[str, ...], noun: str, verbose: bool) -> str:
    if len(items) < _MANY or verbose:
        return ", ".join(items)
    return f"{len(items)} {noun} (to list them: audiogen voices -v)"
