"""Files next to a track, named after it, for players, editors and paper.

    Timeline + kinds -> files

**How to add one:** write a function Timeline -> text, and give it a line in `KINDS`.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audiogen.export.sidecars.lists import chapters_json, labels, timeline_json
from audiogen.export.sidecars.page import page
from audiogen.export.sidecars.subtitles import lrc, srt, vtt
from audiogen.storage.files import replacing
from audiogen.timeline.model import Timeline


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how its name ends, and its text."""

    suffix: str
    text: Callable[[Timeline], str]


KINDS = {
    "lrc": Kind(".lrc", lrc),
    "srt": Kind(".srt", srt),
    "vtt": Kind(".vtt", vtt),
    "json": Kind(".json", timeline_json),
    "labels": Kind(".labels.txt", labels),
    "chapters": Kind(".chapters.json", chapters_json),
    "sheet": Kind(".html", page),
}


def sidecar_paths(track: Path, kinds: Sequence[str] = tuple(KINDS)) -> tuple[Path, ...]:
    """The files of these kinds next to a track."""
    return tuple(track.with_suffix(KINDS[kind].suffix) for kind in kinds)


def write_sidecars(track: Path, timeline: Timeline, kinds: Sequence[str] = tuple(KINDS)) -> tuple[Path, ...]:
    """Write these kinds of files next to a track and return their paths. Unless all of them can be written, none is.

    Raises:
        OutputError: one cannot be written.
    """
    texts = {path: KINDS[kind].text(timeline) for path, kind in zip(sidecar_paths(track, kinds), kinds, strict=True)}
    with contextlib.ExitStack() as files:
        for path, text in texts.items():
            files.enter_context(replacing(path)).write(text.encode())
    return tuple(texts)
