"""Voices: voices, say, cues, cache."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import Json, Quiet, VoiceName, app
from audiogen.cli.output import Talk, print_data, print_json

if TYPE_CHECKING:
    from audiogen.session.lines_to_record import Line
    from audiogen.voices import Engine

PANEL = "Voices"
_MANY = 12  # from here on, languages and variants are counted instead of listed, unless asked for


@app.command(rich_help_panel=PANEL)
def voices(
    json: Json = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Name every language and accent.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Ask Google for a moment, too, whether it can be reached.")
    ] = False,
) -> None:
    """List the voices, what they speak, whether they work here, and where your words go.

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
        print_json([asdict(engine) for engine in found])
        return
    print_data("auto (the default)\n  gtts; where Google cannot be reached, builtin for the whole session")
    for engine in found:
        print_data("\n".join(_lines(engine, verbose, check)))


@app.command(rich_help_panel=PANEL)
def say(
    text: Annotated[str, typer.Argument(metavar="TEXT", show_default=False, help="The line to speak.")],
    voice: VoiceName = None,
    speed: Annotated[str, typer.Option("--speed", metavar="FACTOR", help="How fast: 0.8 to 1.3.")] = "1",
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="The line's language. [default: the voice's, or en]"),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write: .wav or .mp3.")] = Path(
        "say.wav"
    ),
    quiet: Quiet = False,
) -> None:
    """Speak one line to a file, to try a voice.

    It sounds as it will in a session: the silence around it cut off, and levelled.

    \b
    Examples:
      audiogen say "Breathe out, and let go." --voice builtin
      audiogen say "Seite wechseln." --voice gtts:de -o wechseln.mp3
      audiogen say "Halfway." --voice espeak --speed 0.9
    """
    from audiogen.session import say

    talk = Talk(quiet)
    said = say.say(text, out, voice=voice, language=language, speed=speed)
    if said.fallback:
        talk.say(f"{said.fallback.rstrip('.')}; so {said.voice} spoke.")
    where = f"the words went to {said.sent_to}" if said.sent_to else "nothing left this machine"
    talk.say(f"{said.length_ms / 1000:.2f} s by {said.voice}; {where}.")
    print_data(str(said.path))


@app.command(rich_help_panel=PANEL)
def cues(
    routines: Annotated[
        list[str],
        typer.Argument(metavar="ROUTINE...", show_default=False, help="Names or files of routines (audiogen list)."),
    ],
    holds: Annotated[
        str | None,
        typer.Option("--holds", metavar="LENGTHS", help="Holds that you will use with them, such as 20s,30s,45s."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE.csv", help="Write a table for a spreadsheet instead.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List the lines to record for a session in your own voice, each with the name of its file.

    Record each into a file of that name in one folder, as WAV, FLAC, OGG, MP3 or M4A, and render with that folder.

    \b
    Examples:
      audiogen cues upper-back
      audiogen cues upper-back hip-release --holds 20s,30s,45s -o lines.csv
      audiogen render upper-back --voice recordings:my-voice
    """
    from audiogen.durations import parse_duration
    from audiogen.routine import load_routine
    from audiogen.session.lines_to_record import lines_to_record

    lengths_ms = [parse_duration(hold) for hold in (holds or "").split(",") if hold.strip()]
    lines = lines_to_record([load_routine(name) for name in routines], lengths_ms)
    if out:
        _write_table(lines, out)
    if out or not lines:
        Talk(quiet).say(f"{len(lines)} lines to record.")
    if json:
        print_json([{"file": line.file, "text": line.text} for line in lines])
    elif out:
        print_data(str(out))
    elif lines:
        wide = max((len(line.file) for line in lines), default=0)
        print_data("\n".join(f"{line.file:<{wide}}  {line.text}" for line in lines))


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
    from audiogen.storage.cache import Cache
    from audiogen.storage.config import cache_dir

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


def _unreachable() -> str | None:
    """Why Google cannot be reached right now, None where it can."""
    from audiogen.errors import VoiceError
    from audiogen.voices.gtts import reachable

    try:
        reachable()
    except VoiceError as error:
        return str(error)
    return None


def _write_table(lines: "tuple[Line, ...]", out: Path) -> None:
    import csv
    import io

    from audiogen.errors import OutputError
    from audiogen.storage.files import replacing

    if out.suffix.lower() != ".csv":
        raise OutputError(f"{out} cannot be written: the table is a CSV file, so its name ends in .csv.")
    table = io.StringIO(newline="")
    csv.writer(table).writerows([("file", "text"), *((line.file, line.text) for line in lines)])
    with replacing(out) as file:
        file.write(table.getvalue().encode("utf-8-sig"))  # with the mark that spreadsheets know UTF-8 by


def _lines(engine: "Engine", verbose: bool, checked: bool) -> list[str]:
    lines = [f"{engine.name}, for instance: --voice {engine.example}"]
    lines.append(f"  speaks {_listed(engine.languages, 'languages', verbose)}")
    if engine.variants:
        lines.append(f"  as {_listed(engine.variants, 'variants', verbose)}")
    lines.append(f"  sends your words to {engine.sends_to}" if engine.sends_to else "  sends nothing anywhere")
    if engine.missing:
        lines.append(f"  does not work here: {engine.missing}")
    elif engine.sends_to and not checked:
        lines.append("  works where that can be reached (audiogen voices --check asks)")
    else:
        lines.append("  works here")
    return lines


def _listed(items: tuple[str, ...], noun: str, verbose: bool) -> str:
    if len(items) < _MANY or verbose:
        return ", ".join(items)
    return f"{len(items)} {noun} (audiogen voices -v names them)"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
