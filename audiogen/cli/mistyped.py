"""A command line that was refused -> what was probably meant by it."""

from collections.abc import Sequence
from typing import Any

from audiogen.errors import Problem

# Word processors, chats and phones put these in place of hyphens.
_DASHES = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}"


def meant(usage: Any, typed: Sequence[str]) -> Problem | None:
    """What a usage error means by these arguments; None where its own message says as much."""
    for word in typed:
        if written := _with_hyphens(word, usage):
            return Problem("cli.hyphens", subject=word, expected=written)
    context, parameter = usage.ctx, getattr(usage, "param", None)
    if parameter is not None and parameter.name == "routine":
        return Problem("cli.no-routine")
    if context is not None and context.parent is None and typed and _is_routine(typed[0]):
        return Problem("cli.routine-for-command", subject=typed[0])
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


def _is_routine(word: str) -> bool:
    from audiogen.routine.find import find_routines

    return any(found.name == word for found in find_routines())
