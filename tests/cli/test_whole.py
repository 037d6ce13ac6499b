"""The installed command from a routine to a file: over the network, without it, and killed on the way."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from tests.command import Begun, begin, run
from tests.fakes import google as fake
from tests.fakes.google import FakeGoogle

SESSION = """\
title: Short one
length: 46s
exercises:
  - name: Lean
    sides: [right, left]
    hold: 5s
    setup: Stand by a wall.
    switch: Turn round.
"""
LENGTH = 46 * 48_000
WITHOUT_TRUST = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "short.yaml").write_text(SESSION, "utf-8")
    return tmp_path


def environment(folder: Path, google: FakeGoogle) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AUDIOGEN_")}
    return {**kept, **google.environment, "AUDIOGEN_CACHE_DIR": str(folder / "cache"), "HOME": str(folder)}


def started(folder: Path, google: FakeGoogle, *arguments: str) -> Begun:
    return begin(*arguments, cwd=folder, env=environment(folder, google))


def finished(folder: Path, google: FakeGoogle, *arguments: str) -> tuple[int, str, str]:
    done = run(*arguments, cwd=folder, env=environment(folder, google))
    return done.returncode, done.stdout, done.stderr


def left_over(folder: Path) -> list[Path]:
    """Temporary files anywhere below."""
    return list(folder.rglob("*.part"))


def test_google_speaks_a_whole_track_through_tls_and_a_proxy(folder: Path, google: FakeGoogle) -> None:
    command = Path(sys.executable).with_name("audiogen")
    assert command.exists(), "this test drives the installed command: pip install ."
    process = subprocess.run(
        [command, "render", "short.yaml", "--voice", "gtts"],
        cwd=folder,
        env=environment(folder, google),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    out, err = process.stdout, process.stderr
    assert (process.returncode, out) == (0, "output/short.mp3\n"), err
    assert soundfile.info(folder / "output/short.mp3").frames == LENGTH
    assert google.hosts == {"translate.google.com"}
    assert len(google.asked) == len(set(google.asked))
    assert "Stand by a wall." in google.asked
    assert "The text was sent to Google" in err


def test_auto_takes_google_where_it_answers_and_asks_it_nothing_the_second_time(
    folder: Path, google: FakeGoogle
) -> None:
    assert finished(folder, google, "render", "short.yaml")[0] == 0
    first = (folder / "output/short.mp3").read_bytes()
    asked, connections = len(google.asked), google.connections
    code, _, err = finished(folder, google, "render", "short.yaml")
    assert code == 0, err
    assert (len(google.asked), google.connections) == (asked, connections)
    assert (folder / "output/short.mp3").read_bytes() == first


def test_auto_speaks_the_whole_track_again_where_google_falls_silent_half_way(folder: Path, google: FakeGoogle) -> None:
    google.fails(*[fake.speaks] * 5)
    google.always_fails(fake.reset)
    code, _, err = finished(folder, google, "render", "short.yaml")
    assert code == 0, err
    assert "builtin:heart spoke instead" in err
    assert "--voice" not in err  # the remedy is taken already
    plan = finished(folder, google, "plan", "short.yaml", "--json")[1]
    assert '"voice": "builtin:heart"' in plan


def test_an_untrusted_certificate_is_refused_and_the_earlier_file_stays(folder: Path, google: FakeGoogle) -> None:
    earlier = folder / "output/short.mp3"
    earlier.parent.mkdir()
    earlier.write_bytes(b"earlier")
    distrustful = {name: value for name, value in environment(folder, google).items() if name not in WITHOUT_TRUST}
    process = run("render", "short.yaml", "--voice", "gtts", cwd=folder, env=distrustful)
    assert process.returncode == 1
    assert "certificate" in process.stderr
    assert google.asked == []
    assert earlier.read_bytes() == b"earlier"
    assert left_over(folder) == []


def test_a_cache_that_cannot_be_written_is_a_warning_and_the_track_is_the_same(
    folder: Path, google: FakeGoogle
) -> None:
    command = ("render", "short.yaml", "--voice", "gtts")
    finished(folder, google, *command)
    right = (folder / "output/short.mp3").read_bytes()
    shutil.rmtree(folder / "cache")
    (folder / "cache").write_text("a file where the folder should be")
    code, _, err = finished(folder, google, *command)
    assert code == 0, err
    (warning,) = (line for line in err.splitlines() if line.startswith("Warning: "))
    assert str(folder / "cache") in warning
    assert (folder / "output/short.mp3").read_bytes() == right


# -- killed


def kill_once(process: Begun, happened: Callable[[], bool]) -> None:
    """Kill a process, without a warning to it, as soon as something has happened; or let it finish before."""
    while process.poll() is None and not happened():
        time.sleep(0.001)
    process.kill()
    process.communicate()


def entries(folder: Path, layer: str) -> int:
    return sum(path.is_file() and path.suffix != ".part" for path in (folder / "cache" / layer).rglob("*"))


def points(folder: Path) -> dict[str, Callable[[], bool]]:
    """Moments of a render, from its first spoken cue to the writing of the file."""
    return {
        **{f"{n} cues spoken": lambda n=n: entries(folder, "speech") >= n for n in (1, 4, 9)},  # type: ignore[misc]
        "a cache entry half-written": lambda: bool(list((folder / "cache").rglob("*.part"))),
        "the first block kept": lambda: entries(folder, "blocks") >= 1,
        "the file half-written": lambda: bool(list(folder.glob("output/.*.part"))),
    }


SOME = ("1 cues spoken", "the first block kept", "the file half-written")


@pytest.mark.parametrize(
    "point", [pytest.param(one, marks=[] if one in SOME else [pytest.mark.thorough]) for one in points(Path())]
)
def test_killed_at_any_point_it_leaves_no_half_file_and_the_next_run_tidies_up(
    folder: Path, google: FakeGoogle, point: str
) -> None:
    google.latency_s = 0.02
    earlier = folder / "output/short.mp3"
    earlier.parent.mkdir()
    earlier.write_bytes(b"earlier")
    process = started(folder, google, "render", "short.yaml", "--voice", "gtts")
    kill_once(process, points(folder)[point])
    whole = process.returncode == 0
    assert whole or earlier.read_bytes() == b"earlier" or soundfile.info(earlier).frames == LENGTH
    google.latency_s = 0.0
    code, _, err = finished(folder, google, "render", "short.yaml", "--voice", "gtts")
    assert code == 0, err
    assert soundfile.info(earlier).frames == LENGTH
    assert left_over(folder) == []


def test_what_was_spoken_before_a_kill_is_not_spoken_again_and_the_file_is_the_same(
    folder: Path, google: FakeGoogle
) -> None:
    google.latency_s = 0.05
    process = started(folder, google, "render", "short.yaml", "--voice", "gtts")
    kill_once(process, lambda: entries(folder, "speech") >= 6)
    in_flight = 4
    kept = entries(folder, "speech")
    before = len(google.asked)
    assert before <= kept + in_flight
    finished(folder, google, "render", "short.yaml", "--voice", "gtts")
    assert len(google.asked) <= len(set(google.asked)) + in_flight
    resumed = (folder / "output/short.mp3").read_bytes()
    shutil.rmtree(folder / "cache")
    finished(folder, google, "render", "short.yaml", "--voice", "gtts")
    assert (folder / "output/short.mp3").read_bytes() == resumed
