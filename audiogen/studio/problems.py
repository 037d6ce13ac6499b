"""Word problems for the page, where remedies that set something are buttons, and flags are names of settings.

AudiogenError or Problem -> sentences and JSON
"""

import re
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from audiogen.durations import format_clock, parse_duration
from audiogen.errors import AudiogenError, DurationError, Place, Problem, Remedy
from audiogen.errors.sentences import catalogue
from audiogen.errors.sentences import sentence as sentence_of
from audiogen.routine.model import Item
from audiogen.routine.saving import effects
from audiogen.storage.files import exists

_FLAG = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
_CLOCKS = {"overrides.length-dropped", "overrides.length-dropped-by-several", "overrides.longer", "overrides.shorter"}


@cache
def wording(part: str) -> dict[str, str]:
    """The page's own sentences, remedies or buttons, by code."""
    with Path(__file__).with_name("wording.toml").open("rb") as file:
        found: dict[str, str] = tomllib.load(file)[part]
    return found


def button(remedy: Remedy) -> str:
    """What stands on the button of a remedy: "Fit to 10:00"; empty for one that sets nothing."""
    value = remedy.value.rpartition("=")[2]
    words = wording("buttons").get(remedy.code, "") if remedy.setting and value else ""
    return words.format(value=value, clock=_as_clock(value))


def sentence(problem: Problem) -> str:
    """Word a problem without flags, commands, and the remedies that are buttons."""
    own = replace(
        problem,
        place=_place(problem.place),
        subject=_on_page(problem.subject, problem.code),
        expected=_on_page(problem.expected, problem.code),
        found=_on_page(problem.found, problem.code),
        remedies=tuple(one for one in problem.remedies if not button(one)),
    )
    text = sentence_of(own, _in_words, wording("sentences").get(problem.code))
    if re.match(r"[a-z]+[ ,]", text):  # a word, and not the name of a file
        text = text[0].upper() + text[1:]
    return text if text.endswith((".", "?", ":", "\n")) else f"{text}."


def _place(place: Place | str | None) -> str | None:
    """Where it is, unless that is the setting at which it is shown: "hips.yaml, line 14", or "line 14"."""
    if isinstance(place, Place):
        return f"{place.file}, line {place.line}" if place.file else f"line {place.line}"
    return None if place is None or place.startswith("--") else place


def _in_words(remedy: Remedy) -> str:
    return wording("remedies").get(remedy.code) or catalogue("remedies")[remedy.code]


def _on_page(text: str, code: str) -> str:
    text = _FLAG.sub(lambda flag: flag[1].replace("-", " "), text)
    return _as_clock(text) if code in _CLOCKS else text


def _as_clock(text: str) -> str:
    with suppress(DurationError):
        return format_clock(parse_duration(text))
    return text


def with_names(problem: Problem, items: Iterable[Item]) -> Problem:
    """Name exercises as the cards do, where the problem has their slugs: "2 cat-and-cow" becomes "Cat and cow"."""
    names = {one.slug: one.name or one.slug for one in items}
    number = r"(?:\d+ )?"

    def named(text: str) -> str:
        parts = [re.sub(f"^{number}", "", part) for part in text.split(", ")]
        return ", ".join(names[part] for part in parts) if all(part in names for part in parts) else text

    return replace(problem, subject=named(problem.subject), found=named(problem.found))


def described(problem: Problem) -> dict[str, Any]:
    """The fields of a problem as JSON, with its sentence and the remedies that are buttons."""
    return {
        "code": problem.code,
        "place": None if problem.place is None else str(problem.place),
        "subject": problem.subject,
        "expected": problem.expected,
        "found": problem.found,
        "sentence": sentence(problem),
        "remedies": [
            {"code": one.code, "setting": one.setting, "value": one.value, "words": words}
            for one in problem.remedies
            if (words := button(one))
        ],
    }


def about_saving(target: Path) -> dict[str, str] | None:
    """What the page asks before a routine is saved there: what that replaces, hides or changes; None for nothing."""
    found = " ".join(map(sentence, effects(target)))
    return {"exists": found, "yes": "Replace it" if exists(target) else "Save it"} if found else None


def refusal(error: AudiogenError) -> dict[str, Any]:
    """The answer to a request that failed: all sentences, and the fields of each problem."""
    return {"error": "\n".join(map(sentence, error.problems)), "problems": list(map(described, error.problems))}
