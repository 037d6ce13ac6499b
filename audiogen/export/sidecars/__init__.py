"""Files next to a track, named after it, for players, editors and paper.

    Timeline + kinds -> files

**How to add one:** write a function Timeline -> text, and give it a line in `KINDS`. A page that plays the track needs
the track's name, too.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audiogen.export.sidecars.lists import chapters_json, labels, timeline_json
from audiogen.export.sidecars.page import page
from audiogen.export.sidecars.player import player_page
from audiogen.export.sidecars.subtitles import lrc, srt, vtt
from audiogen.storage.files import replacing
from audiogen.timeline.model import Timeline


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how its name ends, and its text, from a timeline and the name of its track."""

    suffix: str
    text: Callable[[Timeline, str], str]


def _of_timeline(text: Callable[[Timeline], str]) -> Callable[[Timeline, str], str]:
    return lambda timeline, _: text(timeline)


KINDS = {
    "lrc": Kind(".lrc", _of_timeline(lrc)),
    "srt": Kind(".srt", _of_timeline(srt)),
    "vtt": Kind(".vtt", _of_timeline(vtt)),
    "json": Kind(".json", _of_timeline(timeline_json)),
    "labels": Kind(".labels.txt", _of_timeline(labels)),
    "chapters": Kind(".chapters.json", _of_timeline(chapters_json)),
    "sheet": Kind(".sheet.html", _of_timeline(page)),
    "html": Kind(".html", player_page),
}


def sidecar_paths(track: Path, kinds: Sequence[str] = tuple(KINDS)) -> tuple[Path, ...]:
    """The files of these kinds next to a track; a track that is itself a page needs none that plays it."""
    paths = (track.with_suffix(KINDS[kind].suffix) for kind in kinds)
    return tuple(path for path in paths if path != track)


def write_sidecars(track: Path, timeline: Timeline, kinds: Sequence[str] = tuple(KINDS)) -> tuple[Path, ...]:
    """Write these kinds of files next to a track and return their paths. Unless all of them can be written, none is.

    Raises:
        OutputError: one cannot be written.
    """
    texts = {path: KINDS[kind].text(timeline, track.name) for kind in kinds for path in sidecar_paths(track, (kind,))}
    with contextlib.ExitStack() as files:
        for path, text in texts.items():
            files.enter_context(replacing(path)).write(text.encode())
    return tuple(texts)
