"""Paths that lead nowhere, wherever one is written: an error in a line, or the path taken as it is."""

import os
import sys
from pathlib import Path

import pytest

from audiogen.cli import main
from audiogen.cli.app import app
from audiogen.errors import AudiogenError
from audiogen.storage.files import from_home

ROUTINE = "title: T\nexercises: [{name: A, hold: 5s}]\n"
NOWHERE = ["~nosuch/x.yaml", f"~nosuch/{'x' * 300}.yaml", "y" * 300, "here.yaml/x.yaml", "/dev/null", "loop/x"]
KEYS = ["extends: {}", "voice: 'piper:{}'", "voice: 'recordings:{}'", "fill: 'recordings:{}'", "music: {}"]
KEYS += ["voice: 'kokoro:{}'", "sounds: {{start: {}}}"]
COMMANDS = [
    ["check", "{}"],
    ["plan", "here.yaml", "--against", "{}"],
    ["plan", "here.yaml", "--voice", "piper:{}"],
    ["plan", "here.yaml", "--voice", "recordings:{}"],
    ["plan", "here.yaml", "--sounds", "end={}"],
    ["render", "here.yaml", "--music", "{}"],
    ["verify", "{}"],
    ["extract", "{}"],
    ["batch", "{}"],
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.yaml").write_text(ROUTINE)
    if hasattr(os, "symlink"):
        (tmp_path / "loop").symlink_to("loop")
    return tmp_path


@pytest.mark.parametrize("path", NOWHERE, ids=lambda path: path[:12])
def test_a_path_that_leads_nowhere_is_never_a_bug(path: str, folder: Path) -> None:
    files = []
    for number, key in enumerate(KEYS):
        (folder / f"{number}.yaml").write_text(f"{key.format(path)}\n{ROUTINE}")
        files.append(f"{number}.yaml")
    (folder / "table.csv").write_text(
        f"routine,voice,music,sounds\n{path},,,\nhere.yaml,piper:{path},,\nhere.yaml,,{path},end={path}\n"
    )
    commands = [[part.format(path) for part in command] for command in COMMANDS]
    for command in [["check", *files], ["batch", "table.csv", "--check"], *commands]:
        with pytest.raises((AudiogenError, SystemExit)) as ended:  # whatever else is raised is reported as a bug
            app(command)
        assert not isinstance(ended.value, SystemExit) or ended.value.code, command


def test_a_cache_folder_of_nobody_is_no_bug(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", "~nosuch/cache")
    with pytest.raises(SystemExit) as ended:
        app(["plan", str(folder / "here.yaml")])
    assert not ended.value.code


def test_a_home_that_is_not_known_stays_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_home("~nosuch/x") == Path("~nosuch/x")
    monkeypatch.setenv("HOME", "/somewhere")
    monkeypatch.setenv("USERPROFILE", "/somewhere")
    assert from_home("~/x") == Path("/somewhere/x")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the folder in which a program runs")
def test_a_folder_that_is_gone_is_no_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setattr("sys.argv", ["audiogen", "where"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "has been removed" in capsys.readouterr().err
