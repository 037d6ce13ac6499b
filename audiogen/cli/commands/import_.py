"""The command `import`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Quiet
from audiogen.cli.output import Talk, print_bytes, print_json, print_path, typed
from audiogen.cli.save import refuse_taken
from audiogen.errors import OutputError, Problem

if TYPE_CHECKING:
    from audiogen.importing import Imported

_SHOWN = 12  # guesses and hints that are listed; the file has all guesses, and `check --coach` all hints


@command("Everyday")
def import_(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", show_default=False, help="Text, HTML, Markdown, CSV, XLSX or JSON; - for stdin."
        ),
    ] = None,
    paste: Annotated[bool, typer.Option("--paste", help="Read the clipboard.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", show_default=False, help="Write to this file; - for stdout."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", show_default=False, help="Set the title, and the file's name."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    json: Json = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also print what each line was taken for.")] = False,
    quiet: Quiet = False,
) -> None:
    """Turn an article, a sheet or a timer's export into a routine file.

    Reads text, Markdown, HTML, CSV, TSV, XLSX, the JSON of timer apps, .zwo, .srt and .lrc, without a network. What is
    not certain has a comment, "# guess: …", with its line in the source.

    \b
    Examples:
      audiogen import upper-back.txt             writes routines/upper-back.yaml
      audiogen import --paste --name "Hips"      reads the clipboard, writes routines/hips.yaml
      audiogen import sheet.csv -o -             prints the routine
    """
    talk = Talk(quiet, verbose)
    found, stem = _found(source, paste, name)
    if verbose:
        _explain(found, talk)
    if json:
        print_json(found.to_json())
    elif out is not None and str(out) == "-":
        print_bytes(found.text.encode())
        _report(found, "", "<text>", talk)
    else:
        write(found, _target(out, name, stem, found), force, talk)


def _found(source: Path | None, paste: bool, name: str | None) -> "tuple[Imported, str]":
    """Import what was asked for; with it, the name that its file had."""
    import sys

    from audiogen.importing import import_bytes, import_routine
    from audiogen.importing.decode import LARGEST_BYTES

    if paste == (source is not None):
        raise typer.BadParameter("name a file, - for stdin, or --paste", param_hint="FILE")
    if paste:
        return import_bytes(clipboard().encode("utf-8", "replace"), subject="The clipboard", name=name), ""
    if str(source) == "-":
        return import_bytes(sys.stdin.buffer.read(LARGEST_BYTES + 1), subject="The input", name=name), ""
    path = Path(str(source))
    return import_routine(path, name=name), path.stem


def clipboard() -> str:
    """Read the text of the clipboard.

    Raises:
        OutputError: there is none, or no program to read it.
    """
    import pyperclip

    try:
        return str(pyperclip.paste())
    except pyperclip.PyperclipException as error:
        raise OutputError(Problem("cli.no-clipboard")) from error


def _target(out: Path | None, name: str | None, stem: str, found: "Imported") -> Path:
    if out is not None:
        return out
    from audiogen.routine.find import routine_file
    from audiogen.routine.slugs import slug_of

    return routine_file(slug_of(name or stem or found.routine.title))


def write(found: "Imported", target: Path, force: bool, talk: Talk) -> None:
    from audiogen.storage.files import replacing

    if not force:
        refuse_taken(target)
    with replacing(target) as file:
        file.write(found.text.encode())
    _report(found, f"{target}: ", str(target), talk)
    shown = target.stem if target == Path("routines", f"{target.stem}.yaml") else str(target)
    talk.say(f"{typed('plan', shown)}      shows it        {typed('studio', shown)}      changes it")
    print_path(target)


def _report(found: "Imported", lead: str, file: str, talk: Talk) -> None:
    from audiogen.durations import format_nearest_clock
    from audiogen.text import counted

    routine = found.routine
    exercises = [counted(len(routine.flat), "exercise")] if routine.flat else []
    passages = len(routine.inside) - len(routine.flat)
    contents = [*exercises, *([counted(passages, "passage")] if passages else [])]
    guesses = counted(len(found.guesses), "guess", "guesses")
    left = counted(len(found.left_out), "line")
    length = format_nearest_clock(found.length_ms)
    talk.say(f'{lead}{" and ".join(contents)}, {guesses} (marked "# guess"), {left} left out. About {length}.')
    for guess in found.guesses[:_SHOWN]:
        about = f"{guess.about}: " if guess.about else ""
        talk.say(f"  line {guess.spot.line:<4} {about}{guess.reason}")
    if len(found.guesses) > _SHOWN:
        talk.say(f"  … and {counted(len(found.guesses) - _SHOWN, 'more guess', 'more guesses')} in the file")
    for one in found.left_out:
        talk.say(f"  line {one.spot.line:<4} left out ({one.kind}): {_short(one.text)}")
    hints = found.hints(file)
    for hint in hints[:_SHOWN]:
        talk.say(f"  hint: {hint}")
    if len(hints) > _SHOWN:
        talk.say(f"  … and {counted(len(hints) - _SHOWN, 'more hint')}: {typed('check', '--coach', file)}")


def _short(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:69]}…"


def _explain(found: "Imported", talk: Talk) -> None:
    """Print each line, what it was taken for, and the score of that."""
    for one in found.lines:
        others = ", ".join(
            f"{kind} {score:g}" for kind, score in sorted(one.scores.items(), key=lambda item: -item[1]) if score
        )
        talk.detail(f"{one.line.spot.line:>5}  {one.kind:<11} {_short(one.line.text)}  ({others})")
