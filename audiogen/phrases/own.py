"""Phrases of a user's own in place of standard ones: their names, their placeholders, and what is wrong with them.

    what was written -> Own;   {name: Own} -> problems, each with the path of what it is about

A name is the word of a phrase in the sections that are spoken ("switch"), else "section.word" ("counts.sets").
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias

from audiogen.errors import InvalidValue, Problem
from audiogen.phrases.grammar import FORMS
from audiogen.text import listed, shown

# Variants that take turns, "" for silence; or the forms of a plural.
Own: TypeAlias = tuple[str, ...] | Mapping[str, str]
Path: TypeAlias = tuple[str | int, ...]
Cues: TypeAlias = Mapping[str, Any]  # the content of a pack, by section

SPOKEN = ("opening", "announcement", "work", "between", "closing")
_PARTS = ("sides", "units", "counts")  # of sentences
_MORE = {("announcement", "sets"): ("dose",)}  # placeholders that no pack needs
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Named:
    """A standard phrase of a language: its section and word, its text or forms, and what it may contain."""

    section: str
    word: str
    text: str | Mapping[str, str]
    placeholders: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.word if self.section in (*SPOKEN, "") else f"{self.section}.{self.word}"


def named(cues: Cues) -> dict[str, Named]:
    """The phrases of a pack that may be replaced, by name, in its order."""
    found = (
        Named(section, word, text, (*fields_of(text), *_MORE.get((section, word), ())))
        for section in (*SPOKEN, *_PARTS)
        for word, text in cues[section].items()
    )
    return {one.name: one for one in found}


def fields_of(text: str | Mapping[str, str]) -> tuple[str, ...]:
    """The names in braces, in order; of forms, those that any of them has."""
    texts = text.values() if isinstance(text, Mapping) else (text,)
    return tuple(dict.fromkeys(match[1] for one in texts for match in _BRACES.finditer(one) if match[1]))


def read_own(value: object) -> Own:
    """Read a text, `none`, a list of texts that take turns, or a table of plural forms.

    Raises:
        InvalidValue: something else.
    """
    match value:
        case tuple():
            return value
        case Mapping() if value:
            return {str(form): _text(inner) for form, inner in value.items()}
        case [_, *_]:
            return tuple(map(_text, value))
        case Mapping() | [] | None:
            raise InvalidValue(Problem("phrases.not-a-phrase", found=shown(value)))
        case _:
            return (_text(value),)


def _text(value: object) -> str:
    text = " ".join(str(value).split())
    if isinstance(value, Mapping | list) or value is None or not any(map(str.isalnum, text)):
        raise InvalidValue(Problem("phrases.not-a-phrase", found=shown(value)))
    return "" if text == "none" else text


def mistakes_in(own: Mapping[str, Own], cues: Cues) -> Iterator[tuple[Path, Problem]]:
    """What is wrong with phrases in the language of a pack, each with the path of the name, the variant or the form."""
    known = named(cues)
    for name, phrase in own.items():
        if name not in known:
            near = get_close_matches(name, known, n=1) or [one for one in known if one.endswith(f".{name}")]
            yield (
                (name,),
                Problem(
                    "phrases.misspelt-name" if near else "phrases.unknown-name",
                    subject=shown(name),
                    expected="".join(near[:1]),
                ),
            )
        elif isinstance(known[name].text, Mapping):
            yield from _in_forms(known[name], phrase)
        elif isinstance(phrase, Mapping):
            yield (name,), Problem("phrases.not-plural", subject=name)
        elif known[name].section in _PARTS and (len(phrase) > 1 or not phrase[0]):
            yield (name,), Problem("phrases.only-a-text", subject=name)
        else:
            for n, text in enumerate(phrase):
                path: Path = (name, n) if len(phrase) > 1 else (name,)
                yield from ((path, problem) for problem in _in_text(known[name], text))


def _in_forms(one: Named, phrase: Own) -> Iterator[tuple[Path, Problem]]:
    if not isinstance(phrase, Mapping):
        yield (one.name,), Problem("phrases.plural", subject=one.name)
        return
    if "other" not in phrase:
        yield (one.name,), Problem("phrases.no-other", subject=one.name)
    for form, text in phrase.items():
        if form not in FORMS:
            problem = Problem("phrases.unknown-form", subject=one.name, expected=listed(FORMS), found=shown(form))
            yield (one.name, form), problem
        yield from (((one.name, form), problem) for problem in _in_text(one, text))


def _in_text(one: Named, text: str) -> Iterator[Problem]:
    for match in _BRACES.finditer(text):
        if match[1] in one.placeholders:
            continue
        near = get_close_matches((match[1] or "").strip().lower(), one.placeholders, n=1)
        expected = f"{{{near[0]}}}" if near else listed([f"{{{field}}}" for field in one.placeholders] or ["none"])
        yield Problem(
            "phrases.misspelt-placeholder" if near else "phrases.unknown-placeholder",
            subject=one.name,
            expected=expected,
            found=match[0],
        )


def mistakes_in_pack(
    document: Mapping[str, Any], english: Cues, forms: tuple[str, ...]
) -> Iterator[tuple[tuple[str, str], Problem]]:
    """What is missing in a pack or wrong with it, measured by the English one, each with its section and word.

    `forms` are the plural forms of its language.
    """
    for section, word, text in entries_of(english):
        inside = document.get(section, {}) if section else document
        own = inside.get(word) if isinstance(inside, Mapping) else None
        for problem in _in_entry(f"{section}.{word}" if section else word, own, text, forms):
            yield (section, word), problem
    known = {(section, word) for section, word, _ in entries_of(english)}
    for section, word, _ in entries_of(document):
        if (section, word) not in known:
            name = f"{section}.{word}" if section else word
            near = get_close_matches(name, [".".join(one).lstrip(".") for one in known], n=1)
            yield (
                (section, word),
                Problem(
                    "phrases.misspelt-name" if near else "phrases.unknown-name",
                    subject=shown(name),
                    expected="".join(near),
                ),
            )


def entries_of(pack: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The section, the word and the text, forms or list of everything in a pack; no section at its top."""
    for key, value in pack.items():
        if isinstance(value, Mapping):
            yield from ((key, word, text) for word, text in value.items())
        else:
            yield "", key, value


def _in_entry(name: str, own: Any, text: Any, forms: tuple[str, ...]) -> Iterator[Problem]:
    """What is wrong with an entry of a pack whose English one is `text`."""
    if isinstance(text, list):
        if not isinstance(own, list):
            yield Problem("phrases.missing", subject=name, expected=", ".join(map(str, text)))
    elif isinstance(text, Mapping):
        missing = [form for form in forms if not isinstance(own, Mapping) or not own.get(form)]
        if missing:
            yield Problem("phrases.missing", subject=f"{name} ({listed(missing)})", expected=text["other"])
        elif isinstance(own, Mapping):
            one = Named("", name, text, fields_of(text))
            yield from (problem for inner in own.values() for problem in _in_text(one, str(inner)))
    elif name == "numbers" and own not in ("words", "digits"):
        yield Problem("phrases.numbers", subject=name, found=shown(own))
    elif not isinstance(own, str) or not own:
        yield Problem("phrases.missing", subject=name, expected=text)
    else:
        yield from _in_text(Named("", name, text, fields_of(text)), own)
