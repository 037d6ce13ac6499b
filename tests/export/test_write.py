"""A track in any format where something is in the way: odd names, a full disk, a locked folder, an interruption."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from audiogen import render
from audiogen.audio import ffmpeg
from audiogen.errors import Cancelled, OutputError, Problem
from audiogen.export import formats
from audiogen.export.formats import FORMATS
from audiogen.routine.load import parse_routine
from audiogen.storage.cache import Cache
from tests.command import Begun, begin
from tests.decode import needs
from tests.fakes.tone_voice import ToneVoice

SESSION = """
title: Short
opening: none
closing: none
settle: 1s
exercises:
  - name: Lean
    hold: 5s
"""
LONG = """
title: Long
exercises:
  - name: Lie down
    hold: 50m
"""

needs_ffmpeg = needs("ffmpeg")
every_format = pytest.mark.parametrize(
    "suffix",
    [
        pytest.param(one.suffix, marks=needs_ffmpeg if one.needs_ffmpeg else ())
        for one in FORMATS.values()
        if one.suffix != ".m4b"  # is .m4a under another name
    ],
)
one_of_each_kind = pytest.mark.parametrize(
    "suffix", [".mp3", pytest.param(".m4a", marks=needs_ffmpeg), ".ogg", ".flac", ".wav"]
)
posix = pytest.mark.skipif(os.name == "nt", reason="signals, limits and shell scripts are POSIX's")

NAMES = ["-i", "two words 背中 🧘🏽‍♀️", "file:100 % #1; a=b", "n" * 250, "'quoted\"\nline"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(tmp_path_factory.mktemp("master") / "cache")


@posix
@every_format
def test_a_name_of_any_kind_becomes_a_file(
    suffix: str, tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in NAMES if suffix in (".m4a", ".flac") else NAMES[:1]:
        out = Path(name[: 255 - len(suffix)] + suffix)
        rendered = render(parse_routine(SESSION), out, voice=ToneVoice(), cache=cache)
        assert out.stat().st_size == rendered.size_bytes
        assert formats.read_chapters(out)[-1].end_ms == rendered.timeline.length_ms
    assert len(list(tmp_path.glob("*.part"))) == len(list(tmp_path.glob(".*.part"))) == 0


def command(folder: Path, *arguments: str, **more: Any) -> Begun:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AUDIOGEN_")}
    environment = {**kept, "AUDIOGEN_CACHE_DIR": str(folder.parent / "cache")}
    return begin("render", "session.yaml", "--guidance", "tones", *arguments, cwd=folder, env=environment, **more)


@pytest.mark.linux(reason="a forked command with a limit")
@posix
@one_of_each_kind
def test_a_full_disk_is_one_line_and_leaves_the_earlier_file(suffix: str, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "session.yaml").write_text(SESSION, "utf-8")
    earlier = folder / f"a{suffix}"
    earlier.write_bytes(b"earlier")
    process = command(folder, "-o", earlier.name, "-q", largest_file=30_000)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, ""), err
    (line,) = err.splitlines()
    assert (
        line == f"{earlier.name} cannot be written: the file would be larger than allowed here; choose another place."
    )
    assert earlier.read_bytes() == b"earlier"
    assert sorted(path.name for path in folder.iterdir()) == sorted(["session.yaml", earlier.name])


@pytest.mark.linux(reason="no file can be made in /proc")
@posix
@one_of_each_kind
def test_a_folder_that_takes_no_files_is_one_line(suffix: str, cache: Cache) -> None:
    out = Path("/proc/audiogen") / f"a{suffix}"
    with pytest.raises(OutputError) as raised:
        render(parse_routine(SESSION), out, voice=ToneVoice(), cache=cache)
    assert [problem.subject for problem in raised.value.problems] == [str(out)]


def processes_with(argument: str) -> list[int]:
    """Running processes that have something in their arguments."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if argument.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.linux(reason="processes are looked up in /proc")
@pytest.mark.parametrize(
    ("suffix", "stop", "code"),
    [
        pytest.param(".m4a", signal.SIGTERM, 143, marks=needs_ffmpeg),
        (".flac", signal.SIGTERM, 143),
        (".ogg", signal.SIGINT, 130),
    ],
)
def test_an_interruption_leaves_no_half_file_and_no_process(
    suffix: str, stop: signal.Signals, code: int, tmp_path: Path
) -> None:
    folder = tmp_path / "interrupted"
    folder.mkdir()
    (folder / "session.yaml").write_text(LONG, "utf-8")
    noise = np.random.default_rng(1).uniform(-0.3, 0.3, (4 * 48_000, 2))
    soundfile.write(tmp_path / "noise.wav", noise, 48_000)
    process = command(folder, "-o", f"a{suffix}", "--music", str(tmp_path / "noise.wav"))
    until = time.monotonic() + 120
    while not any(path.stat().st_size > 50_000 for path in folder.glob(".*.part")):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < until
        time.sleep(0.01)
    os.kill(process.pid, stop)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (code, "")
    assert err.splitlines()[-1] == "Stopped; nothing was written."
    assert "Traceback" not in err
    assert [path.name for path in folder.iterdir()] == ["session.yaml"]
    assert processes_with(str(folder)) == []


STUCK = """#!/bin/sh
case "$*" in *-encoders*) echo ' A..... aac  AAC'; exit 0;; esac
exec sleep 1000
"""


@posix
def test_an_ffmpeg_that_is_stuck_is_ended(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(STUCK)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    monkeypatch.setattr(ffmpeg, "PATIENCE_S", 0.5)
    out = tmp_path / "a.m4a"
    with pytest.raises(OutputError) as raised:
        render(parse_routine(SESSION), out, voice=ToneVoice(), cache=cache)
    assert raised.value.problems == (
        Problem("export.not-encoded", subject=str(out), found="ffmpeg ended with code -9"),
    )
    assert list(tmp_path.glob("*.m4a")) == []


@every_format
def test_a_cancel_that_is_set_on_the_way_leaves_nothing(suffix: str, tmp_path: Path, cache: Cache) -> None:
    cancel = threading.Event()

    def progress(at: Any) -> None:
        if at.phase == "encode" and at.done == 2:
            cancel.set()

    with pytest.raises(Cancelled):
        render(
            parse_routine(SESSION),
            tmp_path / f"a{suffix}",
            overrides={"music": "brown"},
            voice=ToneVoice(),
            cache=cache,
            progress=progress,
            cancel=cancel,
        )
    assert list(tmp_path.iterdir()) == []
