"""The routines of the studio are those of the files as they are now, wherever these files are."""

import os
from pathlib import Path

import pytest

from audiogen.studio.library import Library

from .serving import Studio


@pytest.mark.parametrize("parent", ["../elsewhere/parent.yaml", "./parent.yaml"])
def test_a_parent_that_changes_changes_the_routine(
    parent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("routines").mkdir()
    Path("elsewhere").mkdir()
    written = Path("routines", parent)
    written.write_text("title: Before\nexercises: [{name: Lean, hold: 10s}]\n")
    Path("routines/child.yaml").write_text(f"extends: {parent}\ncountdown: 5\n")
    library = Library()
    first = library.routine("child")
    assert first.title == "Before"
    assert library.routine("child") is first  # read once while nothing changes
    written.write_text("title: After!\nexercises: [{name: Lean, hold: 10s}]\n")
    os.utime(written, ns=(1, 1))
    assert library.routine("child").title == "After!"
    written.write_text("title: [\n")
    assert [one.routine is None for one in library.listed() if one.name == "child"] == [True]


def test_a_routine_without_a_fixed_length_says_about_how_long_it_is(studio: Studio) -> None:
    tiles = {one.split("</a>")[0].split('">')[-1]: one for one in studio.ask("/").text.split('<li class="tile">')[1:]}
    assert "<span>about 1 min</span>" in tiles["Two short ones"]
    assert "<span>10m</span>" in tiles["Upper-back release"]
