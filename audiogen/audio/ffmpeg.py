"""The ffmpeg program: found on PATH or in the extra `audiogen[ffmpeg]`, and run so that nothing of it stays behind.

    with encoding([...], out) as write:   PCM -> a file that libsndfile cannot write
    decoding(path)                        a file that libsndfile cannot read -> PCM

It reads from a pipe or writes into one, in a process group of its own: Ctrl-C goes to audiogen, which then ends it.
The last line of its complaints becomes the error.
"""

import contextlib
import functools
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from audiogen.errors import AudiogenError, Problem, Remedy

_PROBE_S = 20
_HEAD_BYTES = 4096
_FINISH_S = 600  # to write the index of a long file
# Kinds of files that hold sound. Scripts and playlists, which name other files and addresses, are not among them.
_CONTAINERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,eac3,flac,flv,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,ogg,tak,"
    "tta,w64,wav,wv"
)
PATIENCE_S = 120.0  # with an ffmpeg that neither reads nor writes anything


class FfmpegError(AudiogenError):
    """ffmpeg is missing, does not start, or failed."""


def find_ffmpeg() -> str | None:
    """Find the program: on PATH, else inside the package imageio-ffmpeg, else None."""
    return next(_candidates(), None)


def require_ffmpeg(what_for: str) -> str:
    """Find a program that starts and can encode AAC; the error begins with `what_for`.

    Raises: FfmpegError that says what to install.
    """
    install = (Remedy("install-ffmpeg"),)
    problems = []
    for program in _candidates():
        problem = _problem(program)
        if problem is None:
            return program
        problems.append(f"{program} {problem}")
    if problems:
        found = "; ".join(problems)
        raise FfmpegError(Problem("audio.unusable-ffmpeg", subject=what_for, found=found, remedies=install))
    raise FfmpegError(Problem("audio.no-ffmpeg", subject=what_for, remedies=install))


def _candidates() -> Iterator[str]:
    if found := shutil.which("ffmpeg"):
        yield found
    # Not installed; or installed for another system, without a program in it.
    with contextlib.suppress(ImportError, RuntimeError):
        from imageio_ffmpeg import get_ffmpeg_exe

        yield str(get_ffmpeg_exe())


@functools.cache
def _problem(program: str) -> str | None:
    """Why this ffmpeg cannot be used; None where it can."""
    try:
        done = subprocess.run(  # noqa: S603 - the program that was just found, and our own arguments
            [program, "-hide_banner", "-v", "error", "-encoders"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"cannot be run ({error})"
    if done.returncode:
        return f"fails ({_last_line(done.stderr)})"
    return None if b" aac " in done.stdout else "cannot encode AAC"


@contextlib.contextmanager
def encoding(program: str, arguments: Sequence[str], out: Path) -> Iterator[Callable[[bytes], Any]]:
    """Yield a function that writes PCM to ffmpeg's pipe 0, which ffmpeg encodes to `out` as the arguments say.

    Raises: FfmpegError where it fails. The caller then removes `out`.
    """
    # A name such as "a:b" or "-x" is neither a protocol nor an option.
    command = [program, "-hide_banner", "-nostdin", "-v", "error", *arguments, "-y", f"file:{out}"]
    with tempfile.TemporaryFile() as said, _running(command, said, stdin=subprocess.PIPE) as process:
        pipe: Any = process.stdin
        failed = False

        def write(pcm: bytes) -> None:
            with _ended_unless_done(process):
                pipe.write(pcm)

        try:
            yield write
            with _ended_unless_done(process):
                pipe.close()
        except (BrokenPipeError, ConnectionResetError):
            failed = True  # it ended early, and its output says why
        except OSError as error:  # as Windows reports a broken pipe
            if sys.platform != "win32" or error.errno is None:
                raise
            failed = True
        _finish(process, said, failed)


def _finish(process: "subprocess.Popen[bytes]", said: IO[bytes], failed: bool) -> None:
    try:
        code = process.wait(_FINISH_S)
    except subprocess.TimeoutExpired as error:
        raise FfmpegError(Problem("audio.ffmpeg-timeout", expected=f"{_FINISH_S} s")) from error
    said.seek(0)
    line = _last_line(said.read())
    # It may exit with 0 although the disk was full; then only its complaint shows that.
    if code or failed or line:
        raise FfmpegError(Problem("audio.ffmpeg-failed", found=line or f"ffmpeg ended with code {code}"))


@contextlib.contextmanager
def decoding(program: str, path: Path, channels: int, rate: int) -> Iterator[Callable[[int], bytes]]:
    """Yield a function that reads at most this many bytes of float PCM (little-endian, interleaved); none at the end.

    Raises: FfmpegError from that function, where ffmpeg cannot read the file.
    """
    command = [*_reading(program, path), "-ac", str(channels), "-ar", str(rate), "-f", "f32le", "pipe:1"]
    with tempfile.TemporaryFile() as said, _running(command, said, stdout=subprocess.PIPE) as process:
        pipe: Any = process.stdout

        def read(count: int) -> bytes:
            with _ended_unless_done(process):
                got: bytes = pipe.read(count)
            if len(got) < count:
                _finish(process, said, failed=False)
            return got

        yield read


def rate_of(program: str, path: Path) -> int | None:
    """Return how many samples a second the first sound of a file has; None where ffmpeg cannot tell.

    It copies nothing of the file, as a table of checksums, whose head has the rate.
    """
    command = [*_reading(program, path), "-c", "copy", "-t", "0", "-f", "framecrc", "pipe:1"]
    with tempfile.TemporaryFile() as said, _running(command, said, stdout=subprocess.PIPE) as process:
        pipe: Any = process.stdout
        with _ended_unless_done(process):
            head: bytes = pipe.read(_HEAD_BYTES)
    found = re.search(rb"^#sample_rate \d+: (\d+)$", head, re.MULTILINE)
    return int(found[1]) if found else None


def _reading(program: str, path: Path) -> list[str]:
    command = [program, "-hide_banner", "-nostdin", "-v", "error", "-xerror"]
    command += ["-protocol_whitelist", "file", "-format_whitelist", _CONTAINERS, "-i", f"file:{path}"]
    return [*command, "-map", "0:a:0"]


@contextlib.contextmanager
def _running(command: Sequence[str], said: IO[bytes], **pipes: int) -> "Iterator[subprocess.Popen[bytes]]":
    """Run a process that has always ended afterwards."""
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": said, **pipes}
    apart: dict[str, Any] = {"process_group": 0}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    try:
        # With restored signals, a file over the allowed size would end it silently.
        process = subprocess.Popen(command, restore_signals=False, **streams, **apart)  # noqa: S603 - as above
    except OSError as error:
        raise FfmpegError(
            Problem("audio.ffmpeg-not-started", subject=command[0], found=error.strerror or str(error))
        ) from error
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()


@contextlib.contextmanager
def _ended_unless_done(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End a process that is stuck, so that a read or write on its pipe returns."""
    timer = threading.Timer(PATIENCE_S, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _last_line(said: bytes) -> str:
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else ""
