"""A command line that was refused -> what was probably meant by it."""

import shlex
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from audiogen.errors import Problem

# Word processors, chats and phones put these in place of hyphens.
_DASHES = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}"


def meant(usage: Any, typed: Sequence[str]) -> Problem | None:
    """What a usage error means by these arguments; None where its own message says as much."""
    for word in typed:
        if written := _with_hyphens(word, usage):
            return Problem("cli.hyphens", subject=word, expected=written)
    if written := _with_equals(typed):
        return Problem("cli.no-equals", expected=written)
    if name := _one_routine(typed):
        return Problem("cli.routine-words", expected=name)
    context, parameter = usage.ctx, getattr(usage, "param", None)
    if parameter is not None and parameter.name == "routine":
        return Problem("cli.no-routine")
    if context is not None and context.parent is None and typed:
        if _is_routine(typed[0]):
            return Problem("cli.routine-for-command", subject=typed[0])
        if command := _in_lower_case(typed, context.command.list_commands(context)):
            return Problem("cli.lower-case", expected=command)
    return None


def _with_hyphens(word: str, usage: Any) -> str | None:
    """An option with its hyphens, if the word has dashes or one hyphen in their place."""
    bare = word.lstrip("-" + _DASHES)
    begin = word[: len(word) - len(bare)]
    name = bare.partition("=")[0]
    if not name[:1].isalpha():
        return None
    if begin.strip("-"):
        return f"--{bare}" if len(name) > 1 else f"-{bare}"
    known = [option for one in getattr(getattr(usage.ctx, "command", None), "params", ()) for option in one.opts]
    return f"--{bare}" if begin == "-" and len(name) > 1 and f"--{name}" in known else None


def _with_equals(typed: Sequence[str]) -> str | None:
    """A dose of one exercise with its =, where a space or colon stands, or next to it: "--hold", "plank", "45s"."""
    from audiogen.errors import CustomiseError
    from audiogen.routine.overrides.parse import read_overrides
    from audiogen.routine.settings import SETTINGS

    of_one = {setting.flag: name for name, setting in SETTINGS.items() if setting.each}

    def is_read(flag: str, value: str) -> bool:
        try:
            return bool(read_overrides({of_one[flag]: [value]}))
        except CustomiseError:
            return False

    for at, flag in enumerate(typed):
        name, *rest = typed[at + 1 : at + 4] or [""]
        if flag not in of_one or not rest or is_read(flag, name):
            continue
        value = rest[1] if rest[0] == "=" and len(rest) > 1 else rest[0]
        written = f"{name.rstrip('=:')}={value.lstrip('=')}"
        if is_read(flag, written):
            return f"{flag} {shlex.quote(written)}"
    return None


def _one_routine(typed: Sequence[str]) -> str | None:
    """A routine whose name was written as several words: "upper", "back"."""
    for at in range(1, len(typed) - 1):
        for end in range(at + 2, min(at + 4, len(typed)) + 1):
            name = "-".join(typed[at:end]).lower()
            if _is_routine(name):
                return name
    return None


def _in_lower_case(typed: Sequence[str], commands: Sequence[str]) -> str | None:
    """The command line with its command in lower case and spelt as one that exists, if it has capitals."""
    at = 1 if typed[0] == "help" and len(typed) > 1 else 0
    near = get_close_matches(typed[at].lower(), commands, n=1) if typed[at] != typed[at].lower() else []
    return " ".join(["audiogen", *typed[:at], *near, *typed[at + 1 :]]) if near else None


def _is_routine(word: str) -> bool:
    from audiogen.routine.find import find_routines

    return any(found.name == word for found in find_routines())
