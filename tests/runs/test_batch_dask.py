"""A batch on a Dask cluster: a real scheduler, and workers in processes of their own, one of which is killed."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audiogen.errors import ClusterError
from audiogen.runs.batch.dask import render_on
from tests.cli.test_cli import Shell
from tests.runs.test_batch import Running, silent_table, started

PATIENCE_S = 120.0
ROWS = 8
SILENT = "title: Silent\nguidance: tones\nsettle: 1s\nexercises:\n  - {name: Lean, hold: 10s}\n"
DASK = [sys.executable, "-m", "dask"]


class Cluster:
    """A scheduler, and workers as they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = self._told_address()
        self.workers: list[subprocess.Popen[bytes]] = []

    def _told_address(self) -> str:
        """What the scheduler has written to its file, once it has."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, ValueError):
                return str(json.loads(self._file.read_text())["address"])
            time.sleep(0.02)
        raise AssertionError("the scheduler never came up")

    def add_worker(self) -> None:
        self.workers.append(self._start("worker", "--nthreads", "1", "--no-nanny", cache=len(self.workers)))

    def _start(self, *arguments: str, cache: int = 0) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*DASK, *arguments, "--scheduler-file", str(self._file), "--no-dashboard"],
            cwd=self._folder,
            env={**os.environ, "AUDIOGEN_CACHE_DIR": str(self._folder / f"cache-{cache}")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop_scheduler(self) -> None:
        self._scheduler.kill()

    def close(self) -> None:
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with contextlib.closing(Cluster(tmp_path_factory.mktemp("cluster"))) as cluster:
        cluster.add_worker()
        yield cluster


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path, tmp_path / "cache")
    shell.write("silent.yaml", SILENT)
    return shell


@pytest.fixture
def running(shell: Shell) -> Iterator[Callable[..., Running]]:
    yield from started(shell)


def test_a_worker_that_is_killed_costs_no_row_and_the_tracks_are_those_made_here(
    shell: Shell, running: Callable[..., Running], cluster: Cluster
) -> None:
    cluster.add_worker()
    shell.write("clients.csv", silent_table(ROWS))
    one = running("clients.csv", "-v", "-o", "there", "--on", cluster.address, "--json")
    one.until("Row 3, ")
    cluster.workers[0].kill()
    code, out, err = one.ends()
    assert code == 0, err
    document = json.loads(out)
    assert (document["made"], document["failed"]) == (ROWS, 0)
    assert "Traceback" not in err
    assert shell("render", "silent.yaml", "--hold", "3s", "-o", "here.mp3", "-q").returncode == 0
    assert (shell.folder / "there/silent-002.mp3").read_bytes() == (shell.folder / "here.mp3").read_bytes()
    again = shell.json("batch", "clients.csv", "-o", "there")
    assert again["kept"] == ROWS


def test_an_interrupt_keeps_what_came_back(shell: Shell, running: Callable[..., Running], cluster: Cluster) -> None:
    shell.write("clients.csv", silent_table(ROWS))
    one = running("clients.csv", "-v", "--on", cluster.address)
    one.until("Row 3, ")
    one.process.send_signal(signal.SIGINT)
    code, out, err = one.ends()
    assert (code, out) == (130, "")
    assert err.splitlines()[-1].endswith("Run the same command again to continue.")
    assert "Traceback" not in err
    assert not list((shell.folder / "output").rglob("*.part"))


def test_what_fails_on_a_worker_is_told_here(shell: Shell, cluster: Cluster) -> None:
    shell.write("clients.csv", "routine,length\nsilent.yaml,4h\nsilent.yaml,\n")
    document = json.loads(shell("batch", "clients.csv", "--on", cluster.address, "--json").stdout)
    assert [row["state"] for row in document["rows"]] == ["failed", "made"]
    assert "cannot last 4:00:00" in document["rows"][0]["error"]


def test_a_scheduler_that_goes_away_is_told(shell: Shell, running: Callable[..., Running], cluster: Cluster) -> None:
    """The last test of the cluster, which has no scheduler after it."""
    shell.write("clients.csv", silent_table(ROWS))
    one = running("clients.csv", "-v", "--on", cluster.address)
    one.until("Row 2, ")
    cluster.stop_scheduler()
    code, out, err = one.ends()
    assert (code, out) == (1, "")
    assert f"The Dask scheduler at {cluster.address} stopped answering." in err.splitlines()[-1]
    assert "Traceback" not in err


def test_a_scheduler_that_is_not_there_is_told(shell: Shell) -> None:
    shell.write("clients.csv", silent_table(1))
    done = shell("batch", "clients.csv", "--on", "tcp://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("No Dask scheduler answers at tcp://127.0.0.1:9. Start one ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "address", ["nonsense", "localhost:8786", "http://127.0.0.1:8786", "tcp://here", "tcp://a:123456"]
)
def test_an_address_that_is_none_is_told_before_dask_is_loaded(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError) as refused:
        list(render_on(address, [], threading.Event()))
    (problem,) = refused.value.problems
    assert (problem.code, problem.found) == ("runs.not-an-address", address)
