"""Many sessions from a table by the installed command: what is made, kept, told and survived."""

import json
import os
import re
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from mutagen.id3 import ID3

from audiogen.runs.batch import Row, batch, read_table
from audiogen.runs.batch.job import Done, Job
from audiogen.runs.batch.manifest import NAME, Manifest
from audiogen.runs.batch.processes import render_one_by_one, why_no_processes
from tests.cli.test_cli import Shell

from ..command import begin
from ..fakes.google import FakeGoogle

SMALL = """\
title: Small
voice: builtin
exercises:
  - name: Lean
    hold: 10s
  - name: Roll
    hold: 5s
"""
SILENT = "title: Silent\nguidance: tones\nsettle: 1s\nexercises:\n  - {name: Lean, hold: 10s}\n"
PATIENCE_S = 120.0  # for a machine with much else to do
PROCESS = "multiprocessing.spawn"  # in the command line of those that do the rows


@pytest.fixture
def shell(tmp_path: Path, cache: Path) -> Shell:
    shell = Shell(tmp_path, cache)
    shell.write("small.yaml", SMALL)
    shell.write("silent.yaml", SILENT)
    return shell


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are rendered in this process, where it is not about others."""
    monkeypatch.setattr("audiogen.runs.batch.render_here", lambda jobs, _, stop: render_one_by_one(jobs, stop))


def holds(track: Path) -> list[int]:
    (attached,) = (one for one in ID3(track).getall("GEOB") if one.mime.endswith("+json"))  # type: ignore[no-untyped-call]
    events: list[dict[str, Any]] = json.loads(attached.data)["events"]
    return [event["end_ms"] - event["start_ms"] for event in events if event["kind"] == "hold"]


def silent_table(rows: int) -> str:
    """Rows that nobody speaks, each of another length."""
    return "routine,hold\n" + "".join(f"silent.yaml,{number + 3}s\n" for number in range(rows))


# -- what is made


def test_a_row_becomes_the_track_that_render_would_make(shell: Shell) -> None:
    shell.write("clients.csv", "routine,output,title,hold:roll\nsmall.yaml,a,Anna,7s\nsmall.yaml,,Ben,\n")
    done = shell("batch", "clients.csv", "--jobs", "1")
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["output/clients/a.mp3", "output/clients/ben.mp3"],
    ), done.stderr
    assert holds(shell.folder / "output/clients/a.mp3") == [10_000, 7_000]
    alone = shell("render", "small.yaml", "--title", "Anna", "--hold", "roll=7s", "-o", "alone.mp3", "-q")
    assert alone.returncode == 0
    assert (shell.folder / "alone.mp3").read_bytes() == (shell.folder / "output/clients/a.mp3").read_bytes()
    assert "2 sessions rendered in " in done.stderr
    assert "Spoken by builtin:heart. Nothing was sent to the internet." in done.stderr


@pytest.mark.usefixtures("one_by_one")
def test_a_second_run_makes_only_what_is_missing_or_changed(shell: Shell) -> None:
    table = shell.write("clients.csv", silent_table(4))

    def states() -> list[str]:
        return [one.state for one in batch(table, shell.folder / "out").outcomes]

    assert states() == ["made"] * 4
    table.write_text(silent_table(4).replace(",3s", ",8s"))
    (shell.folder / "out/silent-003.mp3").write_bytes(b"edited")
    (shell.folder / "out/silent-004.mp3").unlink()
    assert states() == ["made", "made", "made", "kept"]
    assert holds(shell.folder / "out/silent-002.mp3") == [8_000]
    shell.write("silent.yaml", SILENT.replace("Silent", "Still"))
    assert states() == ["made"] * 4


def test_sidecars_that_are_replaced_are_counted(shell: Shell) -> None:
    shell.write("table.csv", silent_table(2))
    command = ("batch", "table.csv", "--jobs", "1", "--sidecars", "srt,json")
    assert "sidecar" not in shell(*command).stderr
    (shell.folder / "output/table/silent-003.srt").unlink()
    assert shell(*command).stderr.splitlines() == [
        "All 2 tracks are up to date.",
        "3 earlier sidecars were replaced.",
    ]


@pytest.mark.parametrize(
    "refusal", [PermissionError(13, "Permission denied"), OSError(38, "Function not implemented"), ImportError("none")]
)
def test_where_processes_share_no_locks_the_rows_are_rendered_one_by_one(
    refusal: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where /dev/shm is read-only, or not there."""

    def refuse(*_: object, **__: object) -> None:
        raise refusal

    monkeypatch.setattr("multiprocessing.context.BaseContext.Lock", refuse)
    assert why_no_processes() == (getattr(refusal, "strerror", None) or str(refusal))
    (tmp_path / "silent.yaml").write_text(SILENT)
    (tmp_path / "table.csv").write_text("routine,hold\nsilent.yaml,3s\nsilent.yaml,4s\n")
    done = batch(tmp_path / "table.csv", tmp_path / "out", processes=2)
    assert [one.state for one in done.outcomes] == ["made", "made"]
    assert done.warning
    assert "one after the other" in done.warning


def test_a_manifest_that_is_damaged_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"track")
    Manifest(tmp_path).note(Path("a.mp3"), "key")
    assert Manifest(tmp_path).is_current(Path("a.mp3"), "key")
    assert not Manifest(tmp_path).is_current(Path("a.mp3"), "another")
    for damage in (b"", b"[]", b"\xff", b'{"version": 1, "tracks": {"a.mp3": {}}}', b'{"version": 2, "tracks": {}}'):
        (tmp_path / "audiogen-batch.json").write_bytes(damage)
        assert not Manifest(tmp_path).is_current(Path("a.mp3"), "key")


def test_a_row_that_fails_fails_alone_and_is_told_at_the_end(shell: Shell) -> None:
    """A session that cannot be as short as it is to be, which only its spoken words decide."""
    shell.write("clients.csv", "routine,output,length\nsmall.yaml,a,\nsmall.yaml,b,25s\nsmall.yaml,c,\n")
    done = shell("batch", "clients.csv", "--jobs", "1")
    assert (done.returncode, done.stdout.splitlines()) == (1, ["output/clients/a.mp3", "output/clients/c.mp3"])
    assert "2 sessions rendered" in done.stderr
    report = done.stderr[done.stderr.index("1 row failed:") :].splitlines()
    assert report[1] == "  row  output  why"
    assert report[2].startswith("    3  b.mp3   small cannot last 0:25; ")
    plain = shell("batch", "clients.csv", "--plain", "--again", "--jobs", "1")
    assert "2 sessions rendered" in plain.stderr
    assert plain.stderr[plain.stderr.index("1 row failed.") :].splitlines()[1].startswith("Row 3, b.mp3: small cannot")
    as_json = shell("batch", "clients.csv", "--json", "--jobs", "1")
    assert as_json.returncode == 1
    document = json.loads(as_json.stdout)
    assert (document["made"], document["kept"], document["failed"]) == (0, 2, 1)
    assert document["rows"][1]["error"].startswith("small cannot last 0:25")


def test_mistakes_in_a_table_are_all_told_and_nothing_is_made(shell: Shell) -> None:
    shell.write("clients.csv", "routine,hold,skip\nsmall.yaml,long,\nsmall.yaml,,nobody\nsmall.yaml,,\n")
    done = shell("batch", "clients.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert [line[: line.index(":")] for line in done.stderr.splitlines()] == [
        "clients.csv, row 2, hold",
        "clients.csv, row 3, skip",
    ]
    assert not (shell.folder / "output").exists()


def test_voices_that_cannot_speak_are_told_before_anything_is_made(shell: Shell) -> None:
    (shell.folder / "mine").mkdir()
    table = "routine,voice\nsmall.yaml,\nsmall.yaml,nobody\nsmall.yaml,nobody\nsmall.yaml,recordings:mine\n"
    shell.write("clients.csv", table)
    for arguments in (["--check"], []):
        done = shell("batch", "clients.csv", *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert "clients.csv, rows 3 and 4: There is no voice 'nobody'." in done.stderr
        assert "clients.csv, row 5: " in done.stderr
        assert re.search(r"mine has no recording of \d+ lines:$", done.stderr, re.MULTILINE)
    assert not (shell.folder / "output").exists()


def test_music_that_is_not_there_is_told_for_all_rows_before_anything_is_made(shell: Shell) -> None:
    shell.write("clients.csv", "routine,music\nsmall.yaml,rain\nsmall.yaml,one.mp3\nsmall.yaml,two.mp3\n")
    for arguments in (["--check"], []):
        done = shell("batch", "clients.csv", *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        row_3, row_4 = done.stderr.splitlines()
        assert row_3.startswith("clients.csv, row 3: There is no music ")
        assert row_4.startswith("clients.csv, row 4: There is no music ")
    assert not (shell.folder / "output").exists()


def test_a_check_makes_nothing(shell: Shell) -> None:
    shell.write("clients.csv", silent_table(2))
    done = shell("batch", "clients.csv", "--check")
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["output/clients/silent-002.mp3", "output/clients/silent-003.mp3"],
    )
    assert done.stderr == "clients.csv: 2 rows, no mistakes.\n"
    assert not (shell.folder / "output").exists()


def test_a_check_names_the_lengths_that_cannot_be_met(shell: Shell) -> None:
    shell.write("clients.csv", "routine,length\nsmall.yaml,\nsmall.yaml,90m\n")
    done = shell("batch", "clients.csv", "--check")
    assert done.returncode == 0
    notice, last = done.stderr.splitlines()
    assert notice.startswith("Notice: clients.csv, row 3: small cannot last 1:30:00; it can last ")
    assert last == "clients.csv: 2 rows, no mistakes."


def test_no_cue_is_asked_for_twice_by_all_rows_and_processes_together(shell: Shell, google: FakeGoogle) -> None:
    rows = "".join(f"small.yaml,gtts,Client {number},{number + 4}s\n" for number in range(1, 5))
    shell.write("clients.csv", f"routine,voice,title,hold:roll\n{rows}")
    done = shell("batch", "clients.csv", "--jobs", "2", AUDIOGEN_CACHE_DIR="cache", **google.environment)
    assert done.returncode == 0, done.stderr
    assert "The text was sent to Google" in done.stderr
    assert len(google.asked) == len(set(google.asked))
    assert {"Client 1.", "Client 4."} <= set(google.asked)


def test_one_line_that_cannot_be_spoken_spoils_its_own_row_only(shell: Shell) -> None:
    shell.write("clients.csv", "routine,output,title\nsmall.yaml,a,Anna\nsmall.yaml,b,你好\nsmall.yaml,c,Cleo\n")
    document = json.loads(shell("batch", "clients.csv", "--json", "--jobs", "1").stdout)
    assert [row["state"] for row in document["rows"]] == ["made", "failed", "made"]
    assert "no sound for" in document["rows"][1]["error"]


def test_a_folder_that_cannot_be_written_to_is_told_first(shell: Shell) -> None:
    shell.write("clients.csv", silent_table(1))
    shell.write("taken", "")
    done = shell("batch", "clients.csv", "-o", "taken")
    assert (done.returncode, done.stdout) == (1, "")
    assert "taken" in done.stderr
    assert "Traceback" not in done.stderr


# -- what is survived


class Running:
    """The installed command at work on many rows."""

    def __init__(self, shell: Shell, *arguments: str) -> None:
        self.said = ""
        self.process = begin("batch", *arguments, cwd=shell.folder, env=shell.environment, own_session=True)

    def until(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        assert self.process.stderr is not None
        while text not in self.said:
            assert select.select([self.process.stderr], [], [], max(0, deadline - time.monotonic()))[0], self.said
            piece = os.read(self.process.stderr.fileno(), 4096)
            assert piece, self.said
            self.said += piece.decode()

    def at_work(self) -> list[int]:
        """Its processes that do the rows."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [child for path in children for child in map(int, path.read_text().split()) if is_at_work(child)]

    def ends(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, self.said + err


def is_at_work(process: int) -> bool:
    try:
        return PROCESS.encode() in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def wait_until(holds_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def started(shell: Shell) -> Iterator[Callable[..., Running]]:
    """What begins a command; whatever still runs in the end is ended."""
    begun: list[Running] = []

    def start(*arguments: str) -> Running:
        begun.append(Running(shell, *arguments))
        return begun[-1]

    yield start
    for one in begun:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.communicate()


@pytest.fixture
def running(shell: Shell) -> Iterator[Callable[..., Running]]:
    yield from started(shell)


ROWS = 10


@pytest.mark.linux(reason="processes are looked up in /proc")
def test_an_interrupt_stops_it_and_the_next_run_goes_on(shell: Shell, running: Callable[..., Running]) -> None:
    shell.write("clients.csv", silent_table(ROWS))
    one = running("clients.csv", "-v", "--jobs", "1", "-o", "out")
    one.until("Row 3, ")
    workers = one.at_work()
    os.killpg(one.process.pid, signal.SIGINT)  # as a terminal does it, to all of them
    code, out, err = one.ends()
    assert (code, out) == (130, "")
    assert "Traceback" not in err
    assert "Run the same command again to continue." in err.splitlines()[-1]
    assert not any(is_at_work(worker) for worker in workers)
    assert not list((shell.folder / "out").glob(".*.part"))
    there = len(list((shell.folder / "out").glob("*.mp3")))
    assert 0 < there < ROWS
    document = shell.json("batch", "clients.csv", "-o", "out", "--jobs", "1")
    assert (document["kept"], document["made"], document["failed"]) == (there, ROWS - there, 0)


@pytest.mark.linux(reason="processes are looked up in /proc")
def test_a_process_that_is_killed_costs_no_row(shell: Shell, running: Callable[..., Running]) -> None:
    shell.write("clients.csv", silent_table(ROWS))
    one = running("clients.csv", "-v", "--jobs", "2", "-o", "out", "--json")
    one.until("Row 3, ")
    os.kill(one.at_work()[0], signal.SIGKILL)
    code, out, err = one.ends()
    assert code == 0, err
    document = json.loads(out)
    assert (document["made"], document["failed"]) == (ROWS, 0)
    assert "Traceback" not in err


@pytest.mark.linux(reason="processes are looked up in /proc")
def test_its_processes_end_with_it_however_it_ends(shell: Shell, running: Callable[..., Running]) -> None:
    shell.write("clients.csv", silent_table(ROWS))
    one = running("clients.csv", "-v", "--jobs", "2")
    one.until("Row 3, ")
    workers = one.at_work()
    assert workers
    one.process.kill()
    wait_until(lambda: not any(is_at_work(worker) for worker in workers))


# -- one bad row is one bad row


SILENT_ROWS = 3


@pytest.fixture
def silent_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Row, ...]:
    (tmp_path / "silent.yaml").write_text(SILENT)
    (tmp_path / "clients.csv").write_text(silent_table(SILENT_ROWS))
    monkeypatch.chdir(tmp_path)
    return read_table(Path("clients.csv"))


@pytest.mark.usefixtures("one_by_one")
def test_a_track_that_vanishes_fails_its_row_and_no_other(
    silent_rows: tuple[Row, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a synchronised folder moves a file away while others are still rendered."""

    def vanishing(jobs: Sequence[Job], _: int, stop: threading.Event) -> Iterator[Done]:
        for done in render_one_by_one(jobs, stop):
            if done.number == silent_rows[1].number:
                next(job.out for job in jobs if job.number == done.number).unlink()
            yield done

    with monkeypatch.context() as patch:
        patch.setattr("audiogen.runs.batch.render_here", vanishing)
        done = batch(silent_rows, "out", processes=1)
    assert [one.state for one in done.outcomes] == ["made", "failed", "made"]
    assert done.outcomes[1].done.error is not None
    assert done.outcomes[1].done.error.problems[0].code == "runs.removed"
    again = batch(silent_rows, "out", processes=1)
    assert [one.state for one in again.outcomes] == ["kept", "made", "kept"]


@pytest.mark.usefixtures("one_by_one")
def test_a_list_that_cannot_be_written_ends_no_row(silent_rows: tuple[Row, ...]) -> None:
    Path("out", NAME).mkdir(parents=True)
    done = batch(silent_rows, "out", processes=1)
    assert [one.state for one in done.outcomes] == ["made"] * SILENT_ROWS
    assert done.warning is not None
    assert NAME in done.warning


def test_a_long_list_is_not_written_after_each_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def slowly(self: Manifest) -> None:
        written.append(1)
        self._written_s, self._took_s = time.monotonic(), 1.0

    monkeypatch.setattr(Manifest, "write", slowly)
    manifest = Manifest(tmp_path)
    (tmp_path / "a.mp3").write_bytes(b"sound")
    for number in range(50):
        manifest.note(Path("a.mp3"), str(number))
    assert len(written) == 1
