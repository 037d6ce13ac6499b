"""Questions on the terminal: a prompt on stderr, a line from stdin; nothing is ever redrawn."""

import sys

from audiogen.cli.output import error
from audiogen.errors import Cancelled

__all__ = ["ask", "can_ask", "yes"]


def can_ask() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(prompt: str) -> str:
    """What is answered to a prompt, without the end of the line.

    Raises:
        Cancelled: by Ctrl-C, Ctrl-D or a terminal that has gone.
    """
    try:
        print(prompt, end="", file=sys.stderr, flush=True)  # noqa: T201 - the place where the command line asks
        line = sys.stdin.readline()
    except (KeyboardInterrupt, OSError):
        line = ""
    if not line:
        error("")  # what follows begins a line of its own
        raise Cancelled
    return line.rstrip("\r\n")


def yes(question: str) -> bool:
    """Whether a question is answered by yes; Enter is no."""
    while (answer := ask(f"{question} (y/n) > ").strip().lower()) not in ("y", "yes", "n", "no", ""):
        error("y is yes; n or Enter is no.")
    return answer.startswith("y")
