"""The command line: talks to the terminal, leaves the work to `session`.

    arguments -> session -> data on stdout, talk and progress on stderr

Exit codes: 0 fine, 1 an `AudiogenError` or a bug, 2 wrong usage, 130 interrupted, 143 terminated. Everything that takes
time to import is imported inside the functions.
"""

import gc
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiogen.cli.interrupt import Stops


def main() -> None:
    """Run the command `audiogen`; never returns."""
    from audiogen.cli.interrupt import Stops, leave

    before = threading.enumerate()
    gc.set_threshold(20_000)  # nearly all that a short command makes is kept, so there is little to look for
    with Stops() as stops:
        try:
            code = _run(stops)
        except KeyboardInterrupt:  # while the first one was reported
            code = 130
    leave(stops.code(code), before)


def _run(stops: "Stops") -> int | str | None:
    """Run the command; its exit code, or its last words."""
    from audiogen.cli import output
    from audiogen.errors import AudiogenError, Cancelled, Problem
    from audiogen.storage.memory import is_short

    try:
        output.prepare_streams()
        # To look for plug-ins, pydantic would read the metadata of every installed package.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        from audiogen.cli.app import app

        stops.unwind()
        app(prog_name="audiogen")
    except SystemExit as end:
        return end.code
    except KeyboardInterrupt:
        return 130
    except Cancelled:
        output.error("Stopped; nothing was written.")
        return 130
    except AudiogenError as error:
        _trace()
        output.error(str(error))
        return 1
    except Exception as error:  # noqa: BLE001 - the last resort: a bug is reported in a line, too
        if _trace():
            return 1
        if isinstance(error, MemoryError) or (isinstance(error, ImportError | OSError) and is_short()):
            output.error(str(Problem("cli.too-little-memory")))
        elif isinstance(error, FileNotFoundError) and not _has_folder():
            output.error(str(Problem("cli.no-folder")))
        else:
            output.error(
                f"This is a bug in audiogen: {type(error).__name__}: {error}\n"
                "Set AUDIOGEN_DEBUG=1 and run it again to see where it happened."
            )
        return 1
    return 0


def _has_folder() -> bool:
    """Whether the current folder is still there; paths mean nothing otherwise."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _trace() -> bool:
    """Print the traceback of the current exception where it is asked for."""
    if os.environ.get("AUDIOGEN_DEBUG", "") in ("", "0"):
        return False
    import traceback

    traceback.print_exc()
    return True
