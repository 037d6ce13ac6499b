"""Wherever a track is put and whatever it is called: a track that passes, or one clear line and the earlier file."""

import errno
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from audiogen import load_routine, render
from audiogen.cli import main
from audiogen.errors import Cancelled, OutputError
from audiogen.session import Progress
from audiogen.share import describe
from audiogen.verification import verify
from tests.decode import needs

# Without a voice, so that a render is all files and no waiting.
QUIET = "title: Quiet\nguidance: tones\nsettle: 1s\nlength: none\nexercises: [{name: Neck, hold: 3s}]\n"
EARLIER = b"an earlier file"

NAMES = {
    "spaces": "a  quiet neck .mp3",
    "emoji": "🧘 nuca & cuello 头.mp3",
    "a leading dash": "-rf.mp3",
    "as long as can be": "n" * 251 + ".mp3",
    "letters that shells and ffmpeg take for more": "a:b%03d;$(x)'[*]?.mp3",
    "dots": "..mp3.mp3",
    "newline": "a\nb.mp3",
}
every_suffix = pytest.mark.parametrize(
    "suffix", [".mp3", ".flac", ".opus", pytest.param(".m4a", marks=needs("ffmpeg"))]
)


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Command:
    """The command line in this process, at home in a folder of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        (folder / "quiet.yaml").write_text(QUIET)
        monkeypatch.chdir(folder)

    def __call__(self, *arguments: str) -> Said:
        self._monkeypatch.setattr(sys, "argv", ["audiogen", *arguments])
        # The process is that of the tests, and goes on, whatever threads are left.
        self._monkeypatch.setattr("audiogen.cli.interrupt.leave", lambda code, _before: sys.exit(code))
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} - {"quiet.yaml"}


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, monkeypatch, capsys)


@contextmanager
def files_up_to(size_bytes: int) -> Iterator[None]:
    """What a full disk looks like to a writer: no file grows beyond this size."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, where root runs the tests."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


# -- names


@pytest.mark.skipif(os.name != "posix", reason="names that Windows does not take")
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_track_of_any_name_is_made_verified_and_can_be_sent(name: str, command: Command) -> None:
    made = command("render", "quiet.yaml", f"--out={name}", "-q")
    assert (made.code, made.err) == (0, "")
    assert made.out == f"{name}\n"
    assert command.names == {name}
    proven = command("verify", "-q", "--", name)
    verdict = "1 of 1 holds and repetitions within 1 ms; not measured in full: even cues, loudness\n"  # nobody speaks
    assert (proven.code, proven.out, proven.err) == (0, verdict, "")
    shared = describe(Path(name))
    assert (shared.title, shared.name.endswith(".mp3"), len(shared.name.encode()) <= 200) == ("Quiet", True, True)


@pytest.mark.skipif(os.name != "posix", reason="names that Windows does not take")
@needs("ffmpeg")
@pytest.mark.parametrize("name", ["-i.m4a", "a:b%03d.m4a", "🧘 頭.m4a"])
def test_ffmpeg_takes_no_name_for_anything_else(name: str, command: Command) -> None:
    assert command("render", "quiet.yaml", f"--out={name}", "-q").code == 0
    assert command.names == {name}
    assert command("verify", "-q", "--", name).code == 0


def test_a_command_that_is_suggested_can_be_typed(command: Command) -> None:
    said = command("new", "my back; rm -rf")
    assert shlex.split(said.err.strip().rpartition("run: ")[2]) == ["audiogen", "render", "my back; rm -rf"]
    (command.folder / "routines" / "my back; rm -rf.yaml").write_text("no routine")
    assert "audiogen check 'my back; rm -rf'" in command("list").out


@pytest.mark.linux(reason="elsewhere file names are text, not bytes")
def test_a_path_on_stdout_names_its_file_whatever_the_encoding(tmp_path: Path) -> None:
    written = subprocess.run(
        [sys.executable, "-m", "audiogen", "new", "お腹 ü.yaml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    ).stdout
    assert (tmp_path / os.fsdecode(written.rstrip(b"\n"))).is_file()


@pytest.mark.skipif(os.name != "posix", reason="names that Windows does not take")
@pytest.mark.parametrize("name", ["a quiet neck.yaml", "🧘.yaml", "-rf.yaml", "n" * 250 + ".yaml"])
def test_a_routine_of_any_name_is_rendered_under_it(name: str, command: Command) -> None:
    (command.folder / name).write_text(QUIET)
    made = command("render", "-q", "--", name)
    assert (made.code, made.err) == (0, "")
    assert made.out == f"output/{Path(name).stem}.mp3\n"


def test_a_name_that_no_disk_takes_is_told(command: Command) -> None:
    name = "n" * 300 + ".mp3"
    made = command("render", "quiet.yaml", "-o", name, "-q")
    assert (made.code, made.out) == (1, "")
    assert made.err == f"{name} cannot be written: the name is too long; choose a shorter one.\n"
    assert command("verify", name).err == f"{name} cannot be read: {os.strerror(errno.ENAMETOOLONG)}.\n"


# -- places


@every_suffix
def test_a_full_disk_leaves_the_earlier_file_and_nothing_else(suffix: str, command: Command) -> None:
    name = f"track{suffix}"
    (command.folder / name).write_bytes(EARLIER)
    with files_up_to(2_000):
        made = command("render", "quiet.yaml", "-o", name, "-q")
    assert (made.code, made.out) == (1, "")
    assert made.err.startswith(f"{name} cannot be written: ")
    assert made.err.count("\n") == 1
    assert (command.folder / name).read_bytes() == EARLIER
    assert command.names == {name}


@pytest.mark.linux(reason="a folder that not even root may write to")
@every_suffix
def test_a_place_that_cannot_be_written_to_is_told(suffix: str, command: Command) -> None:
    made = command("render", "quiet.yaml", "-o", f"/sys/kernel/track{suffix}", "-q")
    assert (made.code, made.out) == (1, "")
    assert made.err.startswith(f"/sys/kernel/track{suffix} cannot be written: ")
    assert made.err.endswith("choose another place.\n") or "close the program" in made.err


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_a_file_that_another_program_keeps_open_is_told(
    number: int, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to put a file in the place of one that is open."""

    def refuse(_self: Path, _target: Path) -> Path:
        raise OSError(number, os.strerror(number))

    (command.folder / "track.mp3").write_bytes(EARLIER)
    monkeypatch.setattr(Path, "replace", refuse)
    made = command("render", "quiet.yaml", "-o", "track.mp3", "-q")
    assert (made.code, made.out) == (1, "")
    assert made.err.startswith("track.mp3 cannot be written: writing is not permitted; choose another place")
    assert (command.folder / "track.mp3").read_bytes() == EARLIER
    assert command.names == {"track.mp3"}


@pytest.mark.skipif(os.name != "posix", reason="Windows refuses that, as told above")
def test_whoever_has_the_earlier_file_open_reads_it_to_its_end(command: Command) -> None:
    (command.folder / "track.mp3").write_bytes(EARLIER)
    with (command.folder / "track.mp3").open("rb") as player:
        assert command("render", "quiet.yaml", "-o", "track.mp3", "-q").code == 0
        assert player.read() == EARLIER
    assert command("verify", "-q", "track.mp3").code == 0


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_file_that_may_not_be_read_is_told(command: Command) -> None:
    command("render", "quiet.yaml", "-o", "track.mp3", "-q")
    command("verify", "track.mp3")  # so that all modules are loaded before nobody looks for them,
    command("verify", "gone.mp3")  # and the sentences too
    command("send", "track.mp3", "--host", "203.0.113.9")
    (command.folder / "track.mp3").chmod(0)
    with as_nobody():
        for said in (command("verify", "track.mp3"), command("send", "track.mp3", "--host", "127.0.0.1")):
            assert (said.code, said.out) == (1, "")
            assert said.err == f"track.mp3 cannot be read: {os.strerror(errno.EACCES)}.\n"


# -- interrupts


@every_suffix
def test_an_interrupt_in_the_middle_leaves_the_earlier_file_and_nothing_else(suffix: str, command: Command) -> None:
    target, cancel = command.folder / f"track{suffix}", threading.Event()
    target.write_bytes(EARLIER)

    def interrupt(progress: Progress) -> None:
        if progress.phase == "encode":
            cancel.set()

    with pytest.raises(Cancelled):
        render(load_routine("quiet.yaml"), target, progress=interrupt, cancel=cancel)
    assert target.read_bytes() == EARLIER
    assert command.names == {target.name}


def test_what_breaks_off_in_the_middle_is_wrapped_and_leaves_nothing(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is pulled out while it is written to."""
    write: Callable[..., None] = __import__("audiogen.track.mp3", fromlist=["mp3"]).write_mp3

    def broken(target: object, *arguments: object) -> None:
        write(target, *arguments)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("audiogen.track.mp3.write_mp3", broken)
    with pytest.raises(OutputError, match=f"cannot be written: {os.strerror(errno.EIO)}"):
        render(load_routine("quiet.yaml"), command.folder / "track.mp3")
    assert command.names == set()
    monkeypatch.undo()
    render(load_routine(command.folder / "quiet.yaml"), command.folder / "track.mp3")
    assert verify(command.folder / "track.mp3").ok
