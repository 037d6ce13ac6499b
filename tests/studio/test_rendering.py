"""Renders through the studio: progress, the same bytes as the command line, cancelling, two at once, Ctrl-C."""

import os
import signal
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from audiogen.verification import verify
from tests.command import begin, run

from .serving import ROUTINE, Studio

LONG = ROUTINE.replace("title: Two short ones", "title: Long").replace("hold: 10s", "hold: 40m")


def test_a_render_tells_its_phases_and_leaves_a_track_that_keeps_its_promises(studio: Studio) -> None:
    job = studio.post("/render", {"routine": "two", "query": "guidance=brief", "file": "brief.mp3"}).json()
    told = [job["status"]]
    while job["state"] in ("waiting", "running"):
        job = studio.ask(f"/jobs/{job['number']}").json()
        told.append(job["status"])
    assert job["state"] == "done", job
    assert job["share"] == 1
    assert "Nothing was sent to the internet." in job["notes"]
    assert verify(studio.output / "brief.mp3").ok
    assert studio.ask("/jobs").json()[0] == job


def test_the_download_is_the_command_lines_file_byte_for_byte(studio: Studio, tmp_path: Path) -> None:
    wishes = [("hold", "double-v=11s"), ("length", "1m30s")]
    job = studio.render("two", urlencode(wishes), "same.mp3")
    assert job["state"] == "done", job
    download = studio.ask("/track/same.mp3?download")
    assert download.headers["content-disposition"].startswith('attachment; filename="same.mp3"')
    flags = [word for name, value in wishes for word in (f"--{name}", value)]
    environment = {**os.environ, "AUDIOGEN_CACHE_DIR": str(studio.folder / "cache")}
    theirs = tmp_path / "theirs.mp3"
    assert run("render", "two", *flags, "-o", str(theirs), env=environment).returncode == 0
    assert download.body == theirs.read_bytes()


def begun(studio: Studio, file: str) -> Any:
    """A render that has come to its middle, where it stops."""
    job = studio.post("/render", {"routine": "long", "query": "", "file": file, "replace": True}).json()
    until = time.monotonic() + 120
    while job["share"] <= 0.5:
        assert time.monotonic() < until, job
        time.sleep(0.02)
        job = studio.ask(f"/jobs/{job['number']}").json()
    return job


@pytest.mark.usefixtures("halting")
def test_a_cancelled_render_leaves_the_earlier_file_and_nothing_half_written(studio: Studio) -> None:
    studio.output.mkdir(exist_ok=True)
    (studio.output / "kept.mp3").write_bytes(b"earlier")
    job = begun(studio, "kept.mp3")
    studio.post(f"/jobs/{job['number']}/cancel", {})
    job = studio.finished(job)
    assert (job["state"], job["status"]) == ("cancelled", "Cancelled. Nothing was written.")
    assert (studio.output / "kept.mp3").read_bytes() == b"earlier"
    assert not list(studio.output.glob(".*.part"))


def test_a_track_that_is_there_is_asked_about_before_it_is_replaced(studio: Studio) -> None:
    studio.output.mkdir(exist_ok=True)
    (studio.output / "mine.mp3").write_bytes(b"earlier")
    answer = studio.post("/render", {"routine": "two", "query": "", "file": "mine.mp3"}).json()
    assert answer["exists"].endswith("mine.mp3 already exists.")
    assert (answer["yes"], answer["other"]) == ("Replace it", "mine 2.mp3")
    assert (studio.output / "mine.mp3").read_bytes() == b"earlier"
    (studio.output / "mine.mp3").unlink()


@pytest.mark.usefixtures("halting")
def test_two_renders_run_at_once_and_one_file_is_made_once_at_a_time(studio: Studio) -> None:
    one = begun(studio, "one.mp3")
    again = studio.post("/render", {"routine": "two", "query": "", "file": "one.mp3"})
    assert again.json()["problems"][0]["code"] == "studio.rendering"
    assert studio.render("two", "", "other.mp3")["state"] == "done"
    assert studio.ask(f"/jobs/{one['number']}").json()["state"] == "running"
    studio.post(f"/jobs/{one['number']}/cancel", {})
    studio.finished(one)


def test_an_error_of_the_render_is_told_and_the_studio_goes_on(studio: Studio) -> None:
    job = studio.render("two", "voice=recordings%3Arecordings%2Fnowhere", "failed.mp3")
    assert job["state"] == "failed"
    assert job["status"] == "The render failed"
    assert job["notes"]
    assert not (studio.output / "failed.mp3").exists()
    assert studio.ask("/").status == 200


def test_a_job_that_does_not_exist_is_told(studio: Studio) -> None:
    assert studio.ask("/jobs/99999").status == 404


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_ctrl_c_in_a_render_returns_within_two_seconds_and_leaves_nothing_half_written(
    studio: Studio, tmp_path: Path
) -> None:
    (tmp_path / "routines").mkdir()
    (tmp_path / "routines" / "long.yaml").write_text(LONG)
    environment = {**os.environ, "AUDIOGEN_CACHE_DIR": str(studio.folder / "cache")}
    process = begin("studio", "--no-open", "--port", "0", cwd=tmp_path, env=environment)
    assert process.stderr is not None
    url = process.stderr.readline().split()[4]
    body = b'{"routine": "long", "query": "hold=38m&remaining=1m", "file": "long.mp3"}'
    asked = urllib.request.Request(f"{url}render", body, {"Origin": url.rsplit("/", 2)[0]})  # noqa: S310 - our own address
    urllib.request.urlopen(asked).close()  # noqa: S310
    until = time.monotonic() + 120
    while not list((tmp_path / "output").glob(".*.part")):
        assert time.monotonic() < until
        time.sleep(0.02)
    stopped = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    took = time.monotonic() - stopped
    assert process.returncode == 0
    assert said.splitlines()[-1] == "Stopped."
    assert list((tmp_path / "output").iterdir()) == []
    assert took < 4, "two seconds, and two for a machine that does much else"
