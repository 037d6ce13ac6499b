"""Show the progress of a render: as bars on a terminal, as a line now and then elsewhere.

Progress -> stderr
"""

import contextlib
import time
from collections.abc import Callable, Iterator

from audiogen.cli.output import Talk
from audiogen.session import Progress
from audiogen.text import counted

_LABELS = {"speak": "Recording", "encode": "Encoding", "render": "Rendering"}
_THINGS = {"speak": "cue", "encode": "block", "render": "session"}
_EVERY_S = 10.0  # between two lines about the same phase


@contextlib.contextmanager
def progress_shown(talk: Talk) -> Iterator[Callable[[Progress], None]]:
    """A function to call with each progress; what it drew is gone or complete afterwards."""
    if talk.redraws:
        with _bars() as show:
            yield show
    else:
        yield _lines(talk)


@contextlib.contextmanager
def _bars() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def show(progress: Progress) -> None:
            if progress.phase not in tasks:
                tasks[progress.phase] = bars.add_task(_LABELS[progress.phase], total=progress.total)
            bars.update(tasks[progress.phase], completed=progress.done, total=progress.total)  # type: ignore[arg-type]

        yield show


def _lines(talk: Talk) -> Callable[[Progress], None]:
    said_at: dict[str, float] = {}

    def show(progress: Progress) -> None:
        now, label = time.monotonic(), _LABELS[progress.phase]
        if progress.phase not in said_at:
            talk.say(f"{label} {counted(progress.total, _THINGS[progress.phase])}.")
        elif now - said_at[progress.phase] >= _EVERY_S:
            talk.say(f"{label}: {progress.done} of {progress.total} done.")
        else:
            return
        said_at[progress.phase] = now

    return show
