"""Render, with progress and report on stderr."""

from pathlib import Path
from typing import TYPE_CHECKING

from audiogen.cli.output import Talk
from audiogen.errors import OutputError, Problem

if TYPE_CHECKING:
    from audiogen.routine.model import Routine
    from audiogen.session import Rendered


def rendered_with_report(
    routine: "Routine", target: Path, overrides: dict[str, str | list[str]], voice: str | None, talk: Talk
) -> "Rendered":
    """Render; show the progress, then report."""
    from audiogen import session
    from audiogen.cli.interrupt import cancel_on_interrupt
    from audiogen.cli.memory import freeing, use_little_memory
    from audiogen.cli.progress import progress_shown

    use_little_memory()
    with cancel_on_interrupt(talk.quiet) as cancel, progress_shown(talk) as show:
        progress = freeing(show)
        rendered = session.render(routine, target, overrides=overrides, voice=voice, progress=progress, cancel=cancel)
    print_report(rendered, talk)
    return rendered


def print_report(rendered: "Rendered", talk: Talk) -> None:
    """Report on a finished track."""
    from audiogen.cli import plan_table

    for line in plan_table.chapter_lines(rendered.plan):
        talk.detail(line)
    for line in rendered.report().lines():
        talk.say(line)


def target_of(routine: str, out: Path | None) -> Path:
    """The file to write: `out`, or the routine's name in that folder or in ./output."""
    from audiogen.export.formats import require, suffixes
    from audiogen.storage.files import is_folder

    name = f"{routine}.mp3"
    if out is None:
        return Path("output", name)
    if is_folder(out):
        return out / name
    if not out.suffix:
        raise OutputError(Problem("cli.no-file-ending", subject=str(out), expected=suffixes()))
    require(out)
    return out
