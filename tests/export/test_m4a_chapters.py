"""Chapters of audiobooks that are more, and have longer titles, than Nero's list can hold."""

from pathlib import Path

import pytest

from audiogen import parse_routine, render
from audiogen.export.formats import read_chapters
from audiogen.verification import verify
from audiogen.views.chapters import chapters_of
from tests.decode import needs

ROUTINE = "title: Many\nguidance: tones\nsetup: []\nexercises:\n"


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([f"Exercise {number}" for number in range(1, 259)], id="258 chapters", marks=pytest.mark.thorough),
        pytest.param(["\N{LATIN SMALL LETTER E WITH ACUTE}" * 140, "Short"], id="a title of 280 bytes"),
    ],
)
@needs("ffmpeg")
def test_every_chapter_of_an_audiobook_is_read_whole(names: list[str], tmp_path: Path) -> None:
    text = ROUTINE.replace("setup: []\n", "") + "".join(f"  - {{name: {name}, hold: 1s}}\n" for name in names)
    overrides = {"settle": "1s", "transition": "1s", "countdown": "0"}
    rendered = render(parse_routine(text), tmp_path / "track.m4b", overrides=overrides)
    planned = [(one.start_ms, one.end_ms, one.title) for one in chapters_of(rendered.timeline)]
    assert [(one.start_ms, one.end_ms, one.title) for one in read_chapters(rendered.path)] == planned
    (chapters,) = (check for check in verify(rendered.path).checks if check.name == "chapters")
    assert chapters.off == ()
