"""`audiogen extract` takes out of a track what it carries, and says what a file lacks."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from audiogen import parse_routine, plan, render
from audiogen.errors import TrackError
from audiogen.export import id3
from audiogen.export.extract import What, carried
from audiogen.timeline.model import Timeline
from audiogen.views.chapters import chapters_of
from audiogen.views.lyrics import whole_text

from ..command import begin
from ..decode import needs
from ..fakes.tone_voice import ToneVoice

ROUTINE = """\
title: Étirements
language: fr
closing: none
settle: 1s
switching: 3s
exercises:
  - {name: "Cou: doux", sides: [right, left], hold: 5s}
"""


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Timeline]:
    out = tmp_path_factory.mktemp("track") / "track.mp3"
    rendered = render(parse_routine(ROUTINE), out, voice=ToneVoice(), overrides={"hold": "6s"})
    return rendered.path, rendered.timeline


def run(
    *arguments: str | Path, folder: Path, stdout: int | BinaryIO = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    to = stdout if isinstance(stdout, int) else stdout.fileno()
    process = begin("extract", *map(str, arguments), cwd=folder, stdout=to)
    out, err = (text.encode() for text in process.communicate())
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def test_the_routine_goes_to_stdout_and_nothing_else(track: tuple[Path, Timeline], tmp_path: Path) -> None:
    done = run(track[0], folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == carried(track[0], "routine")
    assert '  - name: "Cou: doux"\n    sides: [right, left]\n    hold: 6s\n' in done.stdout.decode()


def test_each_thing_that_a_track_carries_comes_out(track: tuple[Path, Timeline]) -> None:
    path, timeline = track
    assert json.loads(carried(path, "timeline")) == timeline.to_json()
    assert carried(path, "lyrics").decode() == f"{whole_text(timeline)}\n"
    lines = carried(path, "chapters").decode().splitlines()
    assert lines[:2] == ["0:00 Introduction", lines[1]]
    assert [line.partition(" ")[2] for line in lines] == [one.title for one in chapters_of(timeline)]


def test_a_file_is_written_and_its_path_printed(track: tuple[Path, Timeline], tmp_path: Path) -> None:
    done = run(track[0], "-o", "mine/extracted.yaml", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"mine{os.sep}extracted.yaml\n".encode())
    assert b"audiogen render mine" in done.stderr
    assert (tmp_path / "mine" / "extracted.yaml").read_bytes() == carried(track[0], "routine")
    assert list((tmp_path / "mine").iterdir()) == [tmp_path / "mine" / "extracted.yaml"]


def test_the_file_that_comes_out_can_be_planned(track: tuple[Path, Timeline], tmp_path: Path) -> None:
    run(track[0], "-o", "extracted.yaml", folder=tmp_path)
    text = (tmp_path / "extracted.yaml").read_text("utf-8")
    assert plan(parse_routine(text), voice="espeak").timeline.exercises == track[1].exercises


def test_a_file_that_exists_is_replaced_only_by_force(track: tuple[Path, Timeline], tmp_path: Path) -> None:
    extracted = tmp_path / "extracted.yaml"
    extracted.write_text("mine")
    done = run(track[0], "-o", extracted, folder=tmp_path)
    assert (done.returncode, extracted.read_text()) == (1, "mine")
    assert done.stderr.decode() == f"{extracted} already exists. Add --force to replace it.\n"
    assert run(track[0], "-o", extracted, "--force", "-q", folder=tmp_path).stderr == b""
    assert extracted.read_bytes() == carried(track[0], "routine")


def test_another_word_than_those_is_wrong_usage(track: tuple[Path, Timeline], tmp_path: Path) -> None:
    done = run(track[0], "--what", "sound", folder=tmp_path)
    assert done.returncode == 2
    assert b"must be routine, timeline, cover, lyrics or chapters, found 'sound'" in done.stderr


@pytest.mark.linux(reason="/dev/full")
def test_a_full_disk_is_reported_and_leaves_nothing(track: tuple[Path, Timeline], tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(track[0], folder=tmp_path, stdout=full)
    assert done.returncode == 1
    assert b"Standard output cannot be written: No space left on device." in done.stderr


def test_a_reader_that_has_gone_is_no_error(track: tuple[Path, Timeline], tmp_path: Path) -> None:
    command = f"{sys.executable} -m audiogen extract {track[0]} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@needs("ffmpeg")
@pytest.mark.parametrize(
    "suffix", [".m4a", pytest.param(".m4b", marks=pytest.mark.thorough), ".opus", ".ogg", ".flac", ".wav"]
)
def test_a_file_of_any_format_gives_the_same_back(suffix: str, track: tuple[Path, Timeline], tmp_path: Path) -> None:
    path, timeline = track
    out = tmp_path / f"track{suffix}"
    other = render(parse_routine(ROUTINE), out, voice=ToneVoice(), overrides={"hold": "6s"}).path
    assert carried(other, "routine") == carried(path, "routine")
    assert carried(other, "cover") == carried(path, "cover")
    assert carried(other, "lyrics") == carried(path, "lyrics") == f"{whole_text(timeline)}\n".encode()
    assert carried(other, "chapters") == carried(path, "chapters")
    assert json.loads(carried(other, "timeline")) == timeline.to_json()


# -- files that do not have it


def code_of(path: Path, what: What = "routine") -> str:
    with pytest.raises(TrackError) as raised:
        carried(path, what)
    (problem,) = raised.value.problems
    assert problem.subject == str(path)
    return problem.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "export.empty"),
        (b"\xff\xfb\x94" + bytes(500), "export.foreign-track"),
        (b"\xff\xd8\xff\xe0 a JPEG", "export.foreign-track"),
        (id3.id3(id3.Tag("Another's", "en", 1000)), "export.foreign-track"),
        (id3.id3(id3.Tag("Cut", "en", 1000))[:-4], "export.cut-in-tag"),
        (b"ID3\x03", "export.cut-in-tag"),
    ],
    ids=["empty", "no tag", "picture", "another program", "cut", "cut in its header"],
)
def test_a_file_without_a_routine_says_so(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "file.mp3"
    path.write_bytes(content)
    assert code_of(path) == code


def test_a_track_of_an_older_version_says_to_render_it_again(tmp_path: Path) -> None:
    path = tmp_path / "old.mp3"
    timeline = id3.Attachment("", "timeline.json", "audiogen timeline", b"{}")
    path.write_bytes(id3.id3(id3.Tag("Old", "en", 1000, attachments=[timeline])))
    assert code_of(path) == "export.not-in-track"


def test_a_damaged_tag_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "damaged.mp3"
    broken = id3.Attachment("", "timeline.json", "audiogen timeline", b"{")
    path.write_bytes(id3.id3(id3.Tag("Damaged", "en", 1000, attachments=[broken])))
    assert code_of(path, "timeline") == "export.damaged-tag"


def test_what_is_no_file_says_so(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "storage.folder-to-read"
    assert code_of(tmp_path / "gone.mp3") == "storage.missing"
