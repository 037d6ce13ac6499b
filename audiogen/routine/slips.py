"""What people write under a key in place of a value, and what they should write.

    "hold", "2 x 30s per side" -> sets: 2, hold: 30s and sides: [right, left]

Each rule that fits takes away or replaces one thing. What is left is read as the key's own value, and shown as a file
would have it: advice that could not be followed is never given.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

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


def slip_of(key: str, value: object) -> Problem | None:
    """Find what a value that cannot be read was meant to be; None where no rule knows it."""
    if isinstance(value, list) and key == "sides" and all(isinstance(one, str) for one in value):
        value = ", ".join(value)
    for keyed, pattern, rewritten in REWRITTEN:
        if key == keyed and isinstance(value, str) and pattern.search(value):
            return Problem("routine.written-otherwise", subject=key, expected=rewritten(value), found=shown(value))
    if not isinstance(value, str) or key not in _FIELDS or key in TEXT_KEYS:
        return None
    found = re.sub(" +", " ", value).strip(" ")
    for keys, pattern, problem in UNANSWERED:
        if key in keys and pattern.search(found):
            return replace(problem, subject=key, found=shown(value))
    text, home, added, choices, why = found, key, list[str](), list[str](), list[Problem]()
    for rule in RULES:
        if (rule.keys and key not in rule.keys) or not (match := rule.pattern.search(text)):
            continue
        text = rule.pattern.sub(rule.meant, text).strip()
        home = rule.instead or home
        added += [match.expand(rule.adds)] if rule.adds else []
        choices += [match.expand(rule.choice)] if rule.choice else []
        why.append(rule.problem)
    if not why and home == "reps" and re.search("[a-z:]", text):
        home, why = "hold", [OTHERWISE]
    meant = _as_written(home, text) if why else None
    if meant is None:
        return None
    first = [one for one in added if one.startswith("sets")]
    together = dict.fromkeys([*first, f"{home}: {meant}", *added])
    ways = [meant if home == key and not added else _joined(*together)]
    ways += [f"{home}: {choice}" for choice in choices]
    problem = next((one for one in why if one.code != ALIKE.code), why[0])
    odd = f"{problem.found} in {shown(value)}" if problem.found else shown(value)
    return replace(problem, subject=key, expected=", or ".join(ways), found=odd)


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
