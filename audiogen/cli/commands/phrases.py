"""The command `phrases`."""

from typing import TYPE_CHECKING, Annotated

import typer

from audiogen.cli.app import command
from audiogen.cli.options import Json, Quiet
from audiogen.cli.output import Talk, print_data, print_json
from audiogen.errors import OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiogen.phrases.own import Named


@command("Voices")
def phrases(
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help="Language of the phrases, such as es.")
    ] = "en",
    new: Annotated[
        bool, typer.Option("--new", help="Write a file to fill in, for a language without phrases.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List the standard phrases, each with its name and its {placeholders}.

    In a routine, `phrases:` replaces any of them by its name; a table [phrases] in the config file does so for all
    routines. The file that --new writes makes its language one that routines can be written in.

    \b
    Examples:
      audiogen phrases
      audiogen phrases --language es
      audiogen phrases --language sv --new
    """
    from audiogen.phrases import load_phrases
    from audiogen.phrases.own import named
    from audiogen.routine.labels import read_language

    code = _known_as(language, read_language)
    if new:
        print_data(_written(code.lower()))
        Talk(quiet).say(f"Fill it in, then run: audiogen phrases --language {code}")
        return
    found = tuple(named(load_phrases(code).cues).values())
    if json:
        print_json([{"name": one.name, "text": one.text, "placeholders": [*one.placeholders]} for one in found])
        return
    wide = max(len(one.name) for one in found)
    print_data("\n".join(f"{one.name:<{wide}}  {_text(one)}" for one in found))


def _known_as(language: str, read: "Callable[[object], str]") -> str:
    """The code of a language."""
    from audiogen.errors import CustomiseError, InvalidValue

    try:
        return read(language)
    except InvalidValue as error:
        raise CustomiseError(error.about("--language")) from error


def _written(code: str) -> str:
    """Write the file to fill in; returns its path."""
    from audiogen.phrases import languages
    from audiogen.phrases.files import own_file, to_fill_in
    from audiogen.storage.files import exists, replacing

    if code in languages():
        raise OutputError(Problem("cli.phrases-exist", subject=code))
    path = own_file(code)
    if exists(path):
        raise OutputError(Problem("cli.phrases-file-exists", subject=str(path)))
    with replacing(path) as file:
        file.write(to_fill_in(code).encode())
    return str(path)


def _text(one: "Named") -> str:
    """The text of a phrase, or its plural forms, and the placeholders that it has next to those in it."""
    from audiogen.phrases.own import fields_of

    text = one.text if isinstance(one.text, str) else "; ".join(f"{form}: {inner}" for form, inner in one.text.items())
    more = [f"{{{field}}}" for field in one.placeholders if field not in fields_of(one.text)]
    return f"{text}  (also {', '.join(more)})" if more else text
