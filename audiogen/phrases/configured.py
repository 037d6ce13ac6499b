"""The phrases of the config file: a table [phrases], for every routine, and [phrases.es], for those in one language.

config file + language -> Own phrases by name
"""

from collections.abc import Iterator, Mapping
from typing import Any

from audiogen.errors import AudiogenError, InvalidValue, Place, Problem
from audiogen.phrases import load_phrases
from audiogen.phrases.files import shipped
from audiogen.phrases.own import Own, mistakes_in, read_own
from audiogen.storage.config import config_file, phrases_table
from audiogen.storage.toml import line_of
from audiogen.text import shown


def configured_phrases(language: str) -> dict[str, Own]:
    """What is said in place of standard phrases in a language, whatever the routine.

    Raises:
        AudiogenError: the config file cannot be read, or has something else in that table: all of it at once.
    """
    text, table = phrases_table()
    problems: list[Problem] = []
    found: dict[str, Own] = {}

    def note(name: str, problem: Problem) -> None:
        line = line_of(name.rpartition(".")[2], text)
        place = Place(str(config_file()), line)
        problems.append(Problem(problem.code, place, problem.subject, problem.expected, problem.found))

    if not isinstance(table, Mapping):
        place = Place(str(config_file()), line_of("phrases", text))
        raise AudiogenError(Problem("phrases.not-a-map", place, "phrases", found=shown(table)))
    for name, value in _flat(table, language):
        try:
            found[name] = read_own(value)
        except InvalidValue as error:
            note(name, error.about(name))
    for path, problem in mistakes_in(found, load_phrases(language).cues):
        note(str(path[0]), problem)
    if problems:
        raise AudiogenError(*problems)
    return found


def _flat(table: Mapping[str, Any], language: str) -> Iterator[tuple[str, Any]]:
    """The entries for a language by their names, those for it alone last; [phrases.counts.sets] is counts.sets."""
    own: Mapping[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, Mapping) and name in shipped("en"):
            yield from ((f"{name}.{word}", inner) for word, inner in value.items())
        elif isinstance(value, Mapping) and len(name.partition("-")[0]) == 2:
            own = {**own, **value} if f"{language.lower()}-".startswith(f"{name}-") else own
        else:
            yield name, value
    if own:
        yield from _flat(own, language)
