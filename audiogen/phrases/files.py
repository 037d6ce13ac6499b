"""The packs of phrases: those that come with the program, and a user's own for other languages.

language -> cues, or what its file lacks;   language -> a file to fill in
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from audiogen.errors import Place, Problem, RoutineError
from audiogen.phrases import grammar
from audiogen.phrases.own import Cues, mistakes_in_pack
from audiogen.storage.config import user_phrases_dir
from audiogen.storage.toml import line_of, read_toml

_HEAD = """\
# The standard phrases of a session in {name}: write each between its quotes; the English is above it.
#
# {{braces}} are filled in by audiogen. A table with one, other … has the plural forms, chosen by {{n}}. Numbers are
# words where numbers = "words", else digits, which a voice reads in its own language.
"""


@cache
def shipped(language: str) -> Cues:
    """The pack of a language that comes with the program."""
    return tomllib.loads(resources.files(__package__).joinpath(f"{language}.toml").read_text("utf-8"))


@cache
def shipped_languages() -> tuple[str, ...]:
    """The codes of all languages that come with the program, sorted."""
    names = (entry.name for entry in resources.files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def own_file(language: str) -> Path:
    """The file of a user's own pack, whether it is there or not."""
    return user_phrases_dir() / f"{language}.toml"


def own_pack(language: str) -> Cues:
    """A user's own pack.

    Raises:
        RoutineError: what is missing in it or wrong with it, each with its line.
        AudiogenError: the file cannot be read, or is not TOML.
    """
    path = own_file(language)
    text, document = read_toml(path)
    problems = [
        Problem(one.code, Place(str(path), line_of(word, text, section)), one.subject, one.expected, one.found)
        for (section, word), one in mistakes_in_pack(document, shipped("en"), grammar.forms(language))
    ]
    if problems:
        raise RoutineError(*problems)
    return document


def to_fill_in(language: str) -> str:
    """The text of a pack to fill in; what CLDR knows of the language is written already."""
    english = shipped("en")
    known = {("", "numbers"): "digits", **grammar.known_phrases(language)}
    lines = [_HEAD.format(name=grammar.name_of(language))]
    top = {key: value for key, value in english.items() if not isinstance(value, Mapping)}
    lines += _entries("", top, known, grammar.forms(language))
    for section, entries in english.items():
        if isinstance(entries, Mapping):
            lines += ["", f"[{section}]", *_entries(section, entries, known, grammar.forms(language))]
    return "\n".join(lines) + "\n"


def _entries(
    section: str, entries: Mapping[str, Any], known: Mapping[tuple[str, str], Any], forms: tuple[str, ...]
) -> Iterator[str]:
    for word, text in entries.items():
        filled = known.get((section, word))
        match text:
            case Mapping():
                yield f"# {', '.join(f'{form}: {one}' for form, one in text.items())}"
                inner = ", ".join(f"{form} = {_quoted((filled or {}).get(form, ''))}" for form in forms)
                yield f"{word} = {{ {inner} }}"
            case list():
                yield f"# {', '.join(map(str, text))}"
                yield f"{word} = []"
            case _ if filled is not None or not _has_words(text):
                yield f"{word} = {_quoted(text if filled is None else filled)}"
            case _:
                yield f"# {text}"
                yield f'{word} = ""'


def _has_words(text: str) -> bool:
    """Whether there is anything to translate, next to placeholders."""
    return any(map(str.isalpha, re.sub(r"\{\w+\}", "", text)))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
