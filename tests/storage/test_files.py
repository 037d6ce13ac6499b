"""Files that are whole or not there."""

import contextlib
import errno
import multiprocessing
import os
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiogen.errors import OutputError, Problem
from audiogen.storage.files import replacing
from tests.storage.processes import write

posix = pytest.mark.skipif(os.name != "posix", reason="limits, links and modes of POSIX")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def break_off(target: Path, failure: BaseException) -> None:
    with replacing(target) as file:
        file.write(b"ne")
        raise failure


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "track.mp3"
    write(target, b"sound")
    assert target.read_bytes() == b"sound"
    assert names(target.parent) == ["track.mp3"]


def test_an_earlier_file_is_there_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "track.mp3"
    write(target, b"old")
    with replacing(target) as file:
        file.write(b"new")
        file.flush()
        assert target.read_bytes() == b"old"
        part, other = names(tmp_path)
        assert (part[:11], part[-5:], other) == (".track.mp3.", ".part", "track.mp3")
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("failure", [ValueError("x"), KeyboardInterrupt(), GeneratorExit()])
def test_a_failure_of_any_kind_leaves_the_earlier_file_and_nothing_else(tmp_path: Path, failure: BaseException) -> None:
    target = tmp_path / "track.mp3"
    write(target, b"old")
    with pytest.raises(type(failure)):
        break_off(target, failure)
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["track.mp3"]


@pytest.mark.parametrize("name", ["n" * 250, "ü" * 120 + ".mp3", "[*?].mp3", "..mp3"])
def test_any_name_that_a_file_may_have_works(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, b"sound")
    assert names(tmp_path) == [name]


def test_threads_that_write_the_same_file_at_once_do_not_mix(tmp_path: Path) -> None:
    target = tmp_path / "track.mp3"
    contents = [bytes([65 + number]) * 200_000 for number in range(8)]
    threads = [threading.Thread(target=write, args=(target, content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_bytes() in contents
    assert names(tmp_path) == ["track.mp3"]


def test_processes_that_write_the_same_file_at_once_do_not_mix(tmp_path: Path) -> None:
    target = tmp_path / "track.mp3"
    contents = [bytes([65 + number]) * 200_000 for number in range(4)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.starmap(write, [(target, content) for content in contents])
    assert target.read_bytes() in contents
    assert names(tmp_path) == ["track.mp3"]


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o464, 0o755])
def test_a_file_that_is_replaced_keeps_its_mode_and_group(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "track.mp3"
    write(target, b"old")
    if os.geteuid() == 0:
        os.chown(target, 1234, 4321)
    target.chmod(mode)
    before = target.stat()
    with replacing(target) as file:
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == mode  # never wider on the way
        file.write(b"new")
    after = target.stat()
    assert target.read_bytes() == b"new"
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root has groups to lose")
def test_a_group_that_cannot_be_kept_takes_its_rights_along() -> None:
    with tempfile.TemporaryDirectory() as name:
        target = Path(name, "track.mp3")
        write(target, b"old")
        os.chown(name, 65534, 4321)
        os.chown(target, 65534, 4321)
        target.chmod(0o664)
        os.seteuid(65534)
        try:
            write(target, b"new")
        finally:
            os.seteuid(0)
        assert stat.S_IMODE(target.stat().st_mode) == 0o644


@posix
def test_a_new_file_has_the_mode_of_any_other_and_a_private_one_is_for_its_owner(tmp_path: Path) -> None:
    write(tmp_path / "track.mp3", b"sound")
    (tmp_path / "other").write_bytes(b"?")
    with replacing(tmp_path / "token", private=True) as file:
        file.write(b"secret")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("track.mp3", "other", "token")]
    assert modes == [modes[1], modes[1], 0o600]


@posix
def test_a_link_is_followed(tmp_path: Path) -> None:
    real = tmp_path / "phone" / "track.mp3"
    write(real, b"old")
    link = tmp_path / "track.mp3"
    link.symlink_to(real)
    write(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be flushed there")
def test_a_file_is_on_the_disk_before_it_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power failure cannot be had in a test; the order of what guards against it can."""
    target, flushed = tmp_path / "a.mp3", []

    def note(number: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(number).st_mode)
        flushed.append(("folder" if is_folder else "file", target.exists(), os.fstat(number).st_size))

    monkeypatch.setattr(os, "fsync", note)
    with replacing(target) as file:
        file.write(b"whole")
    assert [one[:2] for one in flushed] == [("file", False), ("folder", True)]
    assert flushed[0][2] == 5
    with replacing(target, lasting=False) as file:
        file.write(b"cached")
    assert len(flushed) == 2


def test_a_file_that_is_write_protected_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a.mp3"
    target.write_bytes(b"earlier")
    target.chmod(0o444)
    with pytest.raises(OutputError) as caught, replacing(target) as file:
        file.write(b"new")
    assert [(one.code, one.subject) for one in caught.value.problems] == [("storage.write-protected", str(target))]
    assert target.read_bytes() == b"earlier"
    target.chmod(0o644)


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write(tmp_path, b"sound")
    assert caught.value.problems == (Problem("storage.folder-to-write", subject=str(tmp_path)),)


@posix
def test_a_device_is_no_target() -> None:
    with pytest.raises(OutputError) as caught:
        write(Path("/dev/null"), b"sound")
    assert caught.value.problems == (Problem("storage.not-a-file-to-write", subject="/dev/null"),)
    assert Path("/dev/null").is_char_device()


def test_a_file_in_place_of_a_folder_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "output").write_bytes(b"")
    with pytest.raises(OutputError) as caught:
        write(tmp_path / "output" / "track.mp3", b"sound")
    assert caught.value.problems[0].code == "storage.file-in-path"


def test_a_name_that_no_file_may_have_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write(tmp_path / ("n" * 300), b"sound")
    assert caught.value.problems[0].code == "storage.name-too-long"


@posix
def test_a_full_disk_is_an_error_and_the_earlier_file_survives(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: both fail in the middle of a write."""
    target = tmp_path / "track.mp3"
    write(target, b"old")
    program = """
import resource, sys
from pathlib import Path
from audiogen.errors import OutputError
from audiogen.storage.files import replacing
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    with replacing(Path(sys.argv[1])) as file:
        for _ in range(300):
            file.write(b"x" * 1000)
except OutputError as error:
    print(error.problems[0].code)
"""
    done = subprocess.run([sys.executable, "-c", program, target], capture_output=True, text=True, check=True)
    assert done.stdout == "storage.file-too-large\n"
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["track.mp3"]


@pytest.mark.parametrize(
    ("number", "code", "found"),
    [
        (errno.ENOSPC, "storage.disk-full", ""),
        (errno.EROFS, "storage.read-only", ""),
        (errno.EIO, "storage.unwritable", os.strerror(errno.EIO)),
    ],
)
def test_an_error_of_the_disk_names_the_file_and_the_reason(tmp_path: Path, number: int, code: str, found: str) -> None:
    target = tmp_path / "track.mp3"
    with pytest.raises(OutputError) as caught, replacing(target):
        raise OSError(number, os.strerror(number))
    assert caught.value.problems == (Problem(code, subject=str(target), found=found),)


@posix
def test_a_killed_run_leaves_no_target_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    target = tmp_path / "track.mp3"
    program = """
import os, signal, sys
from pathlib import Path
from audiogen.storage.files import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write(b"x" * 100_000)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", program, target], check=False)
    assert killed.returncode == -9
    (part,) = names(tmp_path)
    assert part.startswith(".track.mp3.")
    write(target, b"sound")
    assert names(tmp_path) == ["track.mp3"]


@contextlib.contextmanager
def read_only_folder() -> Iterator[Path]:
    """A folder that this process may read and not write, even where root runs the tests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if is_root:
                os.seteuid(0)
            folder.chmod(0o700)


@posix
def test_a_read_only_folder_is_an_error() -> None:
    for name in ("track.mp3", "output/track.mp3"):
        with read_only_folder() as folder, pytest.raises(OutputError) as caught:
            write(folder / name, b"sound")
        assert caught.value.problems == (Problem("storage.no-access", subject=str(folder / name)),)
