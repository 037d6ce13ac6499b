"""The option `--sidecars`: which files are written next to a track, and the report of them.

`--sidecars` alone means all of them; `--sidecars srt,sheet` those. An option whose value may be left out is nothing
that the library of the command line knows, so the value is put in before it looks.
"""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audiogen.cli.app import PanelledCommand
from audiogen.cli.output import Talk

if TYPE_CHECKING:
    from audiogen.session import Rendered

NAMES = ("lrc", "srt", "vtt", "json", "labels", "chapters", "sheet", "html")
_FLAG, _ALL = "--sidecars", "all"


class SidecarsCommand(PanelledCommand):
    """A command whose `--sidecars` may stand alone."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        completed: list[str] = []
        for word, following in pairwise([*args, ""]):
            completed += [word, _ALL] if word == _FLAG and not _is_value(following) else [word]
        parsed: list[str] = super().parse_args(ctx, completed)
        return parsed


def _is_value(word: str) -> bool:
    """Whether a word names sidecars, rather than a routine."""
    return word == _ALL or any(name.strip().lower() in NAMES for name in word.split(","))


def sidecar_names(written: str | None) -> tuple[str, ...]:
    """The names in a list such as "lrc,srt"; all of them for "all", none where nothing is written.

    Raises: typer.BadParameter for a name that is none.
    """
    if written is None:
        return ()
    wanted = [name.strip().lower() for name in written.split(",") if name.strip()]
    for name in wanted:
        if name not in (*NAMES, _ALL):
            raise typer.BadParameter(f"must be {_ALL} or some of {', '.join(NAMES)}, found '{name}'", param_hint=_FLAG)
    return NAMES if _ALL in wanted else tuple(name for name in NAMES if name in wanted)


def write_next_to(rendered: "Rendered", names: tuple[str, ...], talk: Talk) -> tuple[Path, ...]:
    """Write these files next to a track that was just rendered, report them, and return their paths."""
    from audiogen.export.sidecars import sidecar_paths, write_sidecars
    from audiogen.storage.files import exists

    earlier = [path.name for path in sidecar_paths(rendered.path, names) if exists(path)]
    written = write_sidecars(rendered.path, rendered.timeline, names)
    if not written:
        return ()
    talk.say(f"Next to it: {', '.join(path.name for path in written)}")
    if earlier:
        talk.say(f"Earlier files were replaced: {', '.join(earlier)}")
    return written


def _completed(incomplete: str) -> list[str]:
    *before, last = incomplete.split(",")
    return [",".join([*before, name]) for name in (*NAMES, _ALL) if name.startswith(last)]


Sidecars = Annotated[
    str | None,
    typer.Option(
        _FLAG,
        metavar="[NAMES]",
        show_default=False,
        autocompletion=_completed,
        help="Also write files next to the track: lrc, srt, vtt (captions), json (the timeline), labels (for "
        "Audacity), chapters (for podcasts), sheet (a page to print), html (a page that plays it). Separate names with "
        "commas; without names, write them all.",
    ),
]
