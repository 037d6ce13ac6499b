"""What people write under a key in place of a value, and what they should write.

    "hold", "2 x 30s per side" -> sets: 2, hold: 30s and sides: [right, left]

Each rule that fits takes away or replaces one thing. What is left is read as the key's own value, and shown as a file
would have it: advice that could not be followed is never given.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from audiogen.errors import Problem
from audiogen.routine.keys import TEXT_KEYS
from audiogen.routine.model import Exercise, Group, Passage, Routine
from audiogen.routine.parts import Cue, Phase
from audiogen.routine.slip_rules import ALIKE, OTHERWISE, REWRITTEN, RULES, UNANSWERED
from audiogen.routine.written import read, written
from audiogen.text import shown

_MODELS: tuple[type[BaseModel], ...] = (Exercise, Group, Routine, Passage, Phase, Cue)
_FIELDS: Mapping[str, tuple[type[BaseModel], str]] = {
    "pause": (Exercise, "gap_ms"),  # of a passage
    **{field.alias or name: (model, name) for model in reversed(_MODELS) for name, field in model.model_fields.items()},
}


Write = Callable[[str, str], str]  # a key and its value -> what to write


def slip_of(key: str, value: object) -> Problem | None:
    """Find what a value that cannot be read was meant to be; None where no rule knows it."""
    if isinstance(value, list) and key == "sides" and all(isinstance(one, str) for one in value):
        value = ", ".join(value)
    for keyed, pattern, rewritten in REWRITTEN:
        if key == keyed and isinstance(value, str) and re.search(pattern, value):
            return Problem("routine.written-otherwise", subject=key, expected=rewritten(value), found=shown(value))
    if not isinstance(value, str) or key not in _FIELDS or key in TEXT_KEYS:
        return None
    found = re.sub(" +", " ", value).strip(" ")
    for keys, pattern, problem in UNANSWERED:
        if key in keys and re.search(pattern, found):
            return replace(problem, subject=key, found=shown(value))
    meant = _meant_by(key, found)
    if meant is None:
        return None
    home, together, choices, problem = meant
    ways = [together[0][1] if together == [(key, together[0][1])] else _joined(*map(": ".join, together))]
    ways += [f"{home}: {choice} {when}" for choice, when in choices]
    odd = f"{problem.found} in {shown(value)}" if problem.found else shown(value)
    return replace(problem, subject=key, expected=", or ".join(ways), found=odd)


def slip_elsewhere(key: str, value: str, write: Write) -> Problem | None:
    """Find what a value was meant to be that stands under its key not in a file but where `write` says how.

    The sides are those of the file: a value for each of them is the value of one.
    """
    meant = _meant_by(key, re.sub(" +", " ", value).strip(" ")) if key in _FIELDS else None
    if meant is None:
        return None
    home, together, choices, problem = meant
    ways = [_joined(*(write(*one) for one in together if one[0] != "sides"))]
    ways += [f"{write(home, re.sub(', ', ',', choice.strip('[]')))} {when}" for choice, when in choices]
    odd = f"{problem.found} in {shown(value)}" if problem.found else shown(value)
    return replace(problem, subject=key, expected=", or ".join(ways), found=odd)


class _Meant(NamedTuple):
    """Keys and values to write in place of a value, `key` among them, and other values of it: each with its case."""

    key: str
    together: list[tuple[str, str]]
    choices: list[tuple[str, str]]
    problem: Problem


def _meant_by(key: str, found: str) -> _Meant | None:
    """Apply every rule that fits; None where what is left cannot be read."""
    text, home, why = found, key, list[Problem]()
    added, choices = list[tuple[str, str]](), list[tuple[str, str]]()
    for rule in RULES:
        if (rule.keys and key not in rule.keys) or not (match := re.search(rule.written, text, re.IGNORECASE)):
            continue
        text = re.sub(rule.written, rule.meant, text, flags=re.IGNORECASE).strip()
        home = rule.instead or home
        added += [_key_and_value(match.expand(rule.adds))] if rule.adds else []
        choices += [(match.expand(rule.choice), rule.when)] if rule.choice else []
        why.append(rule.problem)
    if not why and home == "reps" and re.search("[a-z:]", text):
        home, why = "hold", [OTHERWISE]
    meant = _as_written(home, text) if why else None
    if meant is None:
        return None
    first = [one for one in added if one[0] == "sets"]
    problem = next((one for one in why if one.code != ALIKE.code), why[0])
    return _Meant(home, [*dict.fromkeys([*first, (home, meant), *added])], choices, problem)


def _key_and_value(line: str) -> tuple[str, str]:
    key, _, value = line.partition(": ")
    return key, value


def _as_written(key: str, text: str) -> str | None:
    """A value of a key as a file has it; None where it cannot be read."""
    model, field = _FIELDS[key]
    listed = re.split(r" *[,;] *", text[1:-1]) if text.startswith("[") else text
    try:
        value = read(model, field, listed)
    except ValidationError:
        return None
    return _in_a_line(written(field, value))


def _joined(*keys: str) -> str:
    return " and ".join([", ".join(keys[:-1]), keys[-1]] if len(keys) > 1 else keys)


def _in_a_line(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "on" if value else "off"
        case list():
            return f"[{', '.join(map(_in_a_line, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{key}: {_in_a_line(inner)}' for key, inner in value.items())}}}"
        case _:
            return str(value)
