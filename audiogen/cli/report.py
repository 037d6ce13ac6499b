"""What a render reports: its progress, then the file that came of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiogen.cli.output import Talk
from audiogen.errors import OutputError

if TYPE_CHECKING:
    from audiogen.routine import Routine
    from audiogen.session import Rendered

__all__ = ["rendered_aloud", "rendered_document", "target_of", "tell"]


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
    for line in _report(rendered):
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


def _report(rendered: "Rendered") -> list[str]:
    """What somebody who waited for a track wants to know, a line each."""
    from audiogen.cli.plan_table import clock

    length = clock(rendered.timeline.length_ms)
    lines = [f"Notice: {notice}" for notice in rendered.notices]
    if rendered.warning:
        lines.append(f"Warning: {rendered.warning} The track is whole, but not all is kept for the next one.")
    if rendered.fallback:
        lines.append(f"{rendered.fallback.rstrip('.')}; so {rendered.voice} spoke the whole session.")
    if rendered.filled:
        lines.append(f"Not recorded, so another voice spoke: {' · '.join(rendered.filled)}")
    # The voice may have spoken more cues than the track holds: lengths that the opening announces settle in two passes.
    spoken = "all" if rendered.spoken >= rendered.cues else rendered.spoken or "none"
    size_mb = rendered.size_bytes / 1e6
    lines.append(f"{length}, {size_mb:.1f} MB; {rendered.cues} cues by {rendered.voice}, {spoken} newly spoken.")
    lines.append(f"The words went to {rendered.sent_to}." if rendered.sent_to else "Nothing left this machine.")
    if rendered.replaced:
        lines.append("An earlier file was replaced.")
    lines.append(f'Play it at speed 1x and with "trim silence" off; the player should show {length.split(".")[0]}.')
    return lines


def rendered_document(rendered: "Rendered") -> dict[str, Any]:
    return {
        "path": str(rendered.path),
        "length_ms": rendered.timeline.length_ms,
        "size_bytes": rendered.size_bytes,
        "voice": rendered.voice,
        "sent_to": rendered.sent_to,
        "fallback": rendered.fallback,
        "warning": rendered.warning,
        "filled": list(rendered.filled),
        "cues": rendered.cues,
        "spoken": rendered.spoken,
        "blocks": rendered.blocks,
        "made": rendered.made,
        "replaced": rendered.replaced,
        "notices": list(rendered.notices),
    }
