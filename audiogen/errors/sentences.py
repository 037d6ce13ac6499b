"""The sentence of a problem, made from its fields at the edge.

    Problem + catalogue -> "file:line:column: what is wrong, what was expected, what to do"

The catalogue is one TOML file for each part of the program: code = "sentence with {subject}, {expected} and {found}".
Where a sentence has no {remedies}, they follow it as a sentence of their own.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from audiogen.errors.problem import Problem, Remedy
from audiogen.text import visible

_FOLDER = Path(__file__).with_name("catalogue")


@cache
def catalogue(name: str) -> dict[str, str]:
    """The sentences of one part of the program, by code."""
    with _FOLDER.joinpath(f"{name}.toml").open("rb") as file:
        found: dict[str, str] = tomllib.load(file)
    return found


def sentence(problem: Problem, worded: Callable[[Remedy], str] | None = None, template: str | None = None) -> str:
    """What a user reads of a problem; remedies are worded as flags unless `worded` says otherwise.

    `template` is another sentence than that of the catalogue.
    """
    name, _, code = problem.code.partition(".")
    template = template or catalogue(name)[code]
    if not problem.remedies:
        template = re.sub(r"(;|:|, or) {remedies}", "", template)
    subject, expected, found = map(visible, (problem.subject or "this", problem.expected, problem.found))
    remedies = _one_of([(worded or as_flag)(remedy) for remedy in problem.remedies])
    text = template.format(subject=subject, expected=expected, found=found, remedies=visible(remedies))
    if remedies and "{remedies}" not in template:
        text = f"{text} {remedies[:1].upper()}{remedies[1:]}."
    return text if problem.place is None else f"{visible(str(problem.place))}: {text}"


def as_flag(remedy: Remedy) -> str:
    """A remedy as the command line words it: "drop the length (--length none)"."""
    words = catalogue("remedies")[remedy.code]
    if remedy.command:
        return f"{words}: {remedy.command}"
    if remedy.setting:
        return f"{words} (--{remedy.setting.replace('_', '-')} {remedy.value})".replace(" )", ")")
    return words


def _one_of(ways: list[str]) -> str:
    """ "one", "one or another", "one, another or a third"."""
    return " or ".join([", ".join(ways[:-1]), ways[-1]] if len(ways) > 1 else ways)
