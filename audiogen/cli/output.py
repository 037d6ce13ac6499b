"""What goes to the terminal: data to stdout, talk and questions to stderr, and how plainly.

Neither a closed pipe nor a console that lacks a character stops a session.
"""

import contextlib
import io
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiogen.errors import Cancelled, OutputError, Problem
from audiogen.text import visible


def prepare_streams() -> None:
    """Let a console print "?" for what it cannot show or has not understood, instead of failing."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def print_data(text: str, *, styled: bool = False) -> None:
    """Print what a program may read. A reader that has gone (``audiogen plan … | head``) is not an error.

    What a terminal would obey is written out (`visible`); only a `styled` text has colours.

    Raises:
        OutputError: standard output cannot be written, as on a full disk.
    """
    if sys.stdout is None:
        return
    with _flushed():
        print(visible(text, styled=styled))  # noqa: T201 - the place where the command line prints


def print_path(path: Path) -> None:
    """Print the path of what was written: in a pipe its very bytes, whatever the encoding, so that it names the file.

    A path with characters that a terminal would obey is written out, as everywhere.

    Raises:
        OutputError: standard output cannot be written, as on a full disk.
    """
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None or writes_to_terminal() or visible(str(path)) != str(path):
        print_data(str(path))
        return
    with _flushed():
        buffer.write(os.fsencode(path) + b"\n")


def typed(*words: str) -> str:
    """Write a command as it is typed into a shell, such as "audiogen render 'my back'"."""
    return shlex.join(["audiogen", *words])


def json_line(document: Any) -> str:
    """A document as one line of JSON, in ASCII where stdout has no Unicode encoding."""
    import json

    return json.dumps(document, ensure_ascii=not unicode_possible())


def print_bytes(content: bytes) -> None:
    """Print a file's content as it is; on a terminal, as its text.

    Raises:
        OutputError: standard output cannot be written, as on a full disk.
    """
    if sys.stdout is None:
        return
    with _flushed():
        if writes_to_terminal():
            sys.stdout.write(visible(content.decode("utf-8", "replace")))
        else:
            sys.stdout.buffer.write(content)


@contextlib.contextmanager
def _flushed() -> Iterator[None]:
    """What is printed inside goes out at its end, so that a reader that has gone and a full disk show here."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    except OSError as failure:
        _discard_output()
        raise OutputError(Problem("cli.stdout-unwritable", found=failure.strerror or "")) from failure


def writes_to_terminal() -> bool:
    """Whether somebody reads standard output on a screen."""
    return sys.stdout is not None and sys.stdout.isatty()


def print_json(document: Any) -> None:
    """Print a document as JSON, in ASCII where stdout has no Unicode encoding."""
    from pydantic_core import to_json  # ten times as fast as json, and typer has loaded it

    print_data(to_json(document, indent=2, ensure_ascii=not unicode_possible()).decode())


def can_ask() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(prompt: str) -> str:
    """What is answered to a prompt, without the end of the line.

    Raises:
        Cancelled: by Ctrl-C, Ctrl-D or a terminal that has gone.
    """
    try:
        print(visible(prompt), end="", file=sys.stderr, flush=True)  # noqa: T201 - the place where the command line asks
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
        error("Answer y for yes, n or Enter for no.")
    return answer.startswith("y")


def error(message: str) -> None:
    """Say what went wrong, on stderr."""
    _print_talk(message)


def plain_wanted(flag: bool) -> bool:
    """Whether to do without redrawing, boxes and colours: asked for by flag or environment."""
    return flag or os.environ.get("AUDIOGEN_PLAIN", "") not in ("", "0") or os.environ.get("TERM") == "dumb"


def colours_wanted(plain: bool) -> bool:
    """Whether stdout is a terminal that takes colours, and nobody objects."""
    if plain or os.environ.get("NO_COLOR") or sys.stdout is None or not sys.stdout.isatty():
        return False
    return os.name != "nt" or "WT_SESSION" in os.environ  # older Windows consoles print the codes as they are


def unicode_possible() -> bool:
    """Whether stdout has a Unicode encoding."""
    return "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()


def columns() -> int:
    """The width of the terminal on stdout; 80 where it is none, so that what a program reads stays the same."""
    if sys.stdout is None or not sys.stdout.isatty():
        return 80
    return shutil.get_terminal_size((80, 24)).columns


@dataclass(frozen=True, slots=True)
class Talk:
    """Talk on stderr: `say` unless quiet, `detail` where verbose."""

    quiet: bool = False
    verbose: bool = False
    plain: bool = False

    def say(self, line: str, *, styled: bool = False) -> None:
        if not self.quiet:
            _print_talk(line, styled=styled)

    def detail(self, line: str) -> None:
        if self.verbose and not self.quiet:
            _print_talk(line)

    @property
    def redraws(self) -> bool:
        """Whether a progress bar may be redrawn in place."""
        return not self.quiet and not self.plain and sys.stderr is not None and sys.stderr.isatty()


def _print_talk(line: str, *, styled: bool = False) -> None:
    if sys.stderr is not None:
        # A closed stderr means that nobody reads messages; the work goes on.
        with contextlib.suppress(OSError):
            print(visible(line, styled=styled), file=sys.stderr, flush=True)  # noqa: T201 - the place where the command line talks


def _discard_output() -> None:
    """Point stdout at nothing, so that what is left in its buffer cannot fail again at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
