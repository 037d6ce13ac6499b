"""What a render reports: its progress, then the file that came of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from audiogen.cli.output import Talk
from audiogen.errors import OutputError

if TYPE_CHECKING:
    from audiogen.routine import Routine
    from audiogen.session import Rendered

__all__ = ["rendered_aloud", "target_of", "tell"]


def rendered_aloud(
    routine: "Routine", target: Path, overrides: dict[str, str | list[str]], voice: str | None, talk: Talk
) -> "Rendered":
    """Render, and talk about it: the progress, then what became of it."""
    from audiogen import session
    from audiogen.cli.interrupt import cancel_on_interrupt
    from audiogen.cli.progress import progress_shown

    with cancel_on_interrupt(talk.quiet) as cancel, progress_shown(talk) as progress:
        rendered = session.render(
            routine, target, overrides=overrides, voice=voice, progress=progress, cancel=cancel, once=True
        )
    tell(rendered, talk)
    return rendered


def tell(rendered: "Rendered", talk: Talk) -> None:
    """What somebody who waited for a track wants to know."""
    from audiogen.cli import plan_table

    for line in plan_table.chapter_lines(rendered.plan):
        talk.detail(line)
    for line in rendered.report().lines():
        talk.say(line)


def target_of(routine: str, out: Path | None) -> Path:
    """The file to write: `out`, or the routine's own name in that folder, or in ./output."""
    from audiogen.export.formats import require, suffixes
    from audiogen.storage.files import is_folder

    name = f"{routine}.mp3"
    if out is None:
        return Path("output", name)
    if is_folder(out):
        return out / name
    if not out.suffix:
        raise OutputError(f"{out} is no folder that exists: end it in {suffixes()}, or make the folder first.")
    require(out)
    return out
