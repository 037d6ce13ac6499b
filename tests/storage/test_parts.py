"""Parts: files in the making, which nobody else writes into or removes."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from audiogen.storage import parts
from audiogen.storage.files import replacing

DAY_S = 86400
WRITER = """
import sys
from pathlib import Path
from audiogen.storage.files import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write(sys.argv[2].encode() * 100_000)
    file.flush()
    print("open", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def writer(target: Path, letter: str, *before: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has written its content, and waits for a line before it is done."""
    command = [*before, sys.executable, "-c", WRITER, str(target), letter]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        yield process
        if process.poll() is None:
            process.communicate("done\n")


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_two_uploads_of_one_name_in_one_thread_do_not_mix(tmp_path: Path) -> None:
    target = tmp_path / "music.mp3"
    with replacing(target) as first:
        first.write(b"a" * 100_000)
        first.flush()
        with replacing(target) as second:
            second.write(b"b" * 50_000)
        assert target.read_bytes() == b"b" * 50_000
    assert target.read_bytes() == b"a" * 100_000
    assert left(tmp_path) == ["music.mp3"]


@pytest.mark.linux(reason="process namespaces")
@pytest.mark.skipif(not shutil.which("unshare") or os.geteuid() != 0, reason="process namespaces need root")
def test_two_containers_whose_processes_have_the_number_1_do_not_mix(tmp_path: Path) -> None:
    target, container = tmp_path / "track.mp3", ("unshare", "--pid", "--fork")
    with writer(target, "a", *container) as first, writer(target, "b", *container) as second:
        assert len(left(tmp_path)) == 2
        second.communicate("done\n")
        assert target.read_bytes() == b"b" * 100_000
        first.communicate("done\n")
    assert (first.returncode, second.returncode) == (0, 0)
    assert target.read_bytes() == b"a" * 100_000
    assert left(tmp_path) == ["track.mp3"]


def test_the_part_of_a_killed_process_is_removed_and_that_of_a_running_one_stays(tmp_path: Path) -> None:
    target = tmp_path / "track.mp3"
    with writer(target, "a") as killed:
        (abandoned,) = left(tmp_path)
        with writer(target, "b"):
            killed.kill()
            killed.wait()
            for part in tmp_path.iterdir():  # so that a system without locks removes it as well
                os.utime(part, (time.time() - 100,) * 2)
            with replacing(target) as file:
                file.write(b"c")
                assert abandoned not in left(tmp_path)
                assert len(left(tmp_path)) == 2
        assert target.read_bytes() == b"b" * 100_000
    assert left(tmp_path) == ["track.mp3"]


def test_the_part_of_another_machine_is_removed_after_a_day_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "track.mp3"
    monkeypatch.setattr(parts, "_machine", lambda: "0" * 8)
    with replacing(target) as file:
        file.write(b"elsewhere")
        file.flush()
        (name,) = left(tmp_path)
        names = {f"{name[:-8]}{number}{name[-7:]}" for number in range(3)} - {name}
        copies = [tmp_path / other for other in sorted(names)[:2]]
        for copy in copies:
            shutil.copy(tmp_path / name, copy)
        os.utime(copies[0], (time.time() - 2 * DAY_S,) * 2)
        monkeypatch.undo()
        parts.remove_abandoned(target)
        assert left(tmp_path) == sorted({name, copies[1].name})


def test_only_our_own_parts_are_removed(tmp_path: Path) -> None:
    others = [".track.mp3.notes.part", ".track.mp3.1.part", ".track.mp3.part", "track.mp3.part"]
    for name in others:
        (tmp_path / name).write_bytes(b"?")
        os.utime(tmp_path / name, (time.time() - 9 * DAY_S,) * 2)
    with replacing(tmp_path / "track.mp3") as file:
        file.write(b"sound")
    assert left(tmp_path) == sorted([*others, "track.mp3"])


@pytest.mark.parametrize("name", ["n" * 143, "\N{LATIN SMALL LETTER U WITH DIAERESIS}" * 45])
def test_a_part_has_a_name_that_any_file_system_allows(tmp_path: Path, name: str) -> None:
    with replacing(tmp_path / name) as file:
        assert max(len(os.fsencode(one)) for one in left(tmp_path)) <= 143
        file.write(b"sound")
    assert left(tmp_path) == [name]
