"""Whole processes, timed: command -> seconds, processor seconds and peak memory."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Run", "Runs", "repeated", "run"]

KIB_A_UNIT = 1 if sys.platform != "darwin" else 1 / 1024  # of ru_maxrss


@dataclass(frozen=True, slots=True)
class Run:
    """One process with its children. `peak_mib` is that of its largest process."""

    wall_s: float
    cpu_s: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Runs:
    """The same thing several times."""

    runs: tuple[Run, ...]

    @property
    def wall_s(self) -> float:
        return statistics.median(run.wall_s for run in self.runs)

    @property
    def cpu_s(self) -> float:
        return statistics.median(run.cpu_s for run in self.runs)

    @property
    def peak_mib(self) -> float:
        return max(run.peak_mib for run in self.runs)

    @property
    def spread_s(self) -> tuple[float, float]:
        return min(run.wall_s for run in self.runs), max(run.wall_s for run in self.runs)


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Run:
    """Run a command in a folder and wait for it; one that fails ends the benchmark with what it said."""
    with tempfile.TemporaryFile() as said:
        begin_s = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - begin_s
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{said.read().decode(errors='replace')}")
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KIB_A_UNIT / 1024)


def repeated(times: int, contenders: Mapping[str, Callable[[], Run]]) -> dict[str, Runs]:
    """Each contender so many times, in turn, so that whatever else the machine does meets all of them alike."""
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for _ in range(times):
        for name, contender in contenders.items():
            runs[name].append(contender())
    return {name: Runs(tuple(found)) for name, found in runs.items()}
