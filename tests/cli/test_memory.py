"""What the command line returns to the system, and that the progress is shown all the same."""

import ctypes
import subprocess
import sys

import pytest

from audiogen.cli import memory
from audiogen.session import Progress

AMID_THE_HEAP = """
from pathlib import Path
from audiogen.cli.memory import freeing, use_little_memory
from audiogen.session import Progress
def resident_mib():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 / 1024
use_little_memory()
pieces = [b"x" * 100_000 + bytes([n % 256]) for n in range(600)]
del pieces[::2]
shown = []
show = freeing(shown.append)
free = resident_mib()
for progress in (Progress("speak", 1, 2), Progress("speak", 2, 2), Progress("encode", 0, 1)):
    show(progress)
    print(progress.phase, progress.done, round(free - resident_mib()))
    assert shown.pop() == progress
"""


@pytest.mark.linux(reason="glibc, and reads /proc")
def test_what_speech_leaves_amid_the_heap_is_returned_once_all_is_spoken() -> None:
    done = subprocess.run([sys.executable, "-c", AMID_THE_HEAP], capture_output=True, text=True, check=True)
    freed = {line.rpartition(" ")[0]: int(line.rpartition(" ")[2]) for line in done.stdout.splitlines()}
    assert freed["speak 1"] < 5
    assert freed["speak 2"] > 20
    assert list(freed) == ["speak 1", "speak 2", "encode 0"]


@pytest.mark.parametrize("missing", [OSError, AttributeError, TypeError])
def test_another_c_library_changes_nothing_else(missing: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_name: None) -> None:
        raise missing

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setitem(sys.modules, "scipy", sys.modules.get("scipy"))
    memory.use_little_memory()
    shown: list[Progress] = []
    memory.freeing(shown.append)(Progress("speak", 2, 2))
    assert shown == [Progress("speak", 2, 2)]
