"""The command in a process of its own, begun much more quickly than from a shell.

    done = run("plan", "tiny.yaml", cwd=folder)

Most of what a short command takes is loading modules. So one process loads them all and forks for each command, which
then has its own arguments, folder, environment and streams, runs `audiogen.cli.main` and exits as from a shell; `begin`
returns at once and leaves it running. A few tests start the installed program, whose own start is the point there.
Systems that cannot pass streams on to a fork safely (macOS, Windows) start it each time.
"""

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from tests import once

PATIENCE_S = 240.0  # for a machine with much else to do

FORKS = sys.platform == "linux"
PROGRAM = [sys.executable, "-m", "audiogen"]

USES = b"u"  # what a process says that will begin commands

_BEGUN: list["Begun"] = []

# What commands load inside functions, next to our own modules.
LOADED = ["PIL.Image", "PIL.ImageDraw", "gtts", "lameenc", "numpy", "pydub", "requests", "rich.progress", "soundfile"]


class Started:
    """A command at work; `streams` become its stdin, stdout and stderr."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        streams: tuple[int, int, int],
        owns_terminal: bool = False,
        own_session: bool = False,
        largest_file: int | None = None,
    ) -> None:
        environment = dict(os.environ if env is None else env)
        request = {
            "arguments": arguments,
            "cwd": str(cwd or Path.cwd()),
            "environment": environment,
            "owns_terminal": owns_terminal,
            "own_session": own_session,
            "largest_file": largest_file,
        }
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(_address())
        socket.send_fds(self._connection, [b"\n"], streams)
        self._connection.sendall(f"{json.dumps(request)}\n".encode())
        self._heard = b""
        self._code: int | None = None
        self.pid = self._told(PATIENCE_S)

    def wait(self, timeout_s: float = PATIENCE_S) -> int:
        """The exit code, or the negative number of the signal that ended it."""
        if self._code is None:
            self._code = self._told(timeout_s)
            self._connection.close()
        return self._code

    def _told(self, timeout_s: float) -> int:
        """The next number that is told about it: its own, then its exit code."""
        self._connection.settimeout(timeout_s)
        while b"\n" not in self._heard:
            piece = self._connection.recv(64)
            assert piece, "the process that starts commands has ended"
            self._heard += piece
        number, _, self._heard = self._heard.partition(b"\n")
        return int(number)

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        if self._code is None and (b"\n" in self._heard or select.select([self._connection], [], [], 0)[0]):
            self.wait()
        return self._code

    @property
    def returncode(self) -> int | None:
        return self._code

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.kill(self.pid, number)

    def kill(self) -> None:
        if self._code is None:
            self.send_signal(signal.SIGKILL)
            self.wait()


class Begun(Protocol):
    """What tests use of a command at work; `subprocess.Popen` has it, too."""

    pid: int
    stdout: IO[str] | None
    stderr: IO[str] | None

    @property
    def returncode(self) -> int | Any: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float = ..., /) -> int: ...
    def communicate(self, *, timeout: float = ...) -> tuple[str, str]: ...
    def send_signal(self, number: int, /) -> None: ...
    def kill(self) -> None: ...


class Piped(Started):
    """A command whose output is read through pipes, but for streams that are given."""

    stdout: IO[str] | None = None
    stderr: IO[str] | None = None

    def __init__(self, arguments: Sequence[str], stdout: int, stderr: int, **how: Any) -> None:
        ours, theirs = {}, {"stdout": stdout, "stderr": stderr}
        for name, stream in theirs.items():
            if stream == subprocess.PIPE:
                ours[name], theirs[name] = os.pipe()
        with Path(os.devnull).open("rb") as nothing:
            super().__init__(arguments, streams=(nothing.fileno(), theirs["stdout"], theirs["stderr"]), **how)
        for name, reading in ours.items():
            os.close(theirs[name])
            setattr(self, name, os.fdopen(reading, encoding="utf-8"))

    def communicate(self, *, timeout: float = PATIENCE_S) -> tuple[str, str]:
        """All of its output that was not read yet, once it has ended."""
        texts = {stream: "" for stream in (self.stdout, self.stderr) if stream and not stream.closed}

        def read(stream: IO[str]) -> None:
            with stream:
                texts[stream] = stream.read()

        readers = [threading.Thread(target=read, args=[stream], daemon=True) for stream in texts]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader in readers:
            reader.join(timeout)
        out, err = (texts.get(stream, "") if stream else "" for stream in (self.stdout, self.stderr))
        return out, err


def begin(
    *arguments: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdout: int = subprocess.PIPE,
    stderr: int = subprocess.PIPE,
    own_session: bool = False,
    largest_file: int | None = None,
) -> Begun:
    """Start the command and return; no file that it writes becomes larger than `largest_file`, as on a full disk."""
    begun: Begun
    if FORKS:
        begun = Piped(arguments, stdout, stderr, cwd=cwd, env=env, own_session=own_session, largest_file=largest_file)
    else:
        begun = subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=cwd,
            env=env,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=own_session,
        )
    _BEGUN.append(begun)
    return begun


@contextlib.contextmanager
def all_ended() -> Iterator[None]:
    """After this block, end the commands begun in it that a test which failed halfway left at work."""
    earlier = len(_BEGUN)
    try:
        yield
    finally:
        for begun in _BEGUN[earlier:]:
            begun.kill()
            begun.wait()
            for stream in (begun.stdout, begun.stderr):
                if stream is not None:
                    stream.close()
        del _BEGUN[earlier:]


def run(
    *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, timeout_s: float = PATIENCE_S
) -> subprocess.CompletedProcess[str]:
    """Run the command with nothing on its stdin; the rest is as for `subprocess.run`."""
    if not FORKS:
        return subprocess.run(
            [*PROGRAM, *arguments],
            cwd=cwd,
            env=env,
            timeout=timeout_s,
            check=False,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
    with Path(os.devnull).open("rb") as nothing, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        streams = (nothing.fileno(), out.fileno(), err.fileno())
        command = Started(arguments, cwd=cwd, env=env, streams=streams)
        try:
            code = command.wait(timeout_s)
        finally:
            command.kill()
        return subprocess.CompletedProcess(arguments, code, _written(out), _written(err))


def _written(file: IO[bytes]) -> str:
    """As `subprocess` reads text: in UTF-8, with the line ends of Python."""
    file.seek(0)
    return file.read().decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


@functools.cache
def _address() -> str:
    """Where the one process with everything loaded listens for all that share the tests; it ends with the last of them.

    Whoever finds nobody there begins it, and waits for its end.
    """
    address = f"\0audiogen's tests {os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"  # which is no file
    user, server = socket.socket(socket.AF_UNIX), None
    if user.connect_ex(address):
        server = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, address.removeprefix("\0")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        )
        assert server.stdout is not None
        assert server.stdout.readline() == b"listens\n"
        user.connect(address)
    user.sendall(USES)

    def close() -> None:
        user.close()
        if server:
            server.communicate()

    atexit.register(close)
    return address


# -- in the other process


def _listening(address: str) -> socket.socket:
    """Those who connect wait until all is loaded; ends where another process was quicker to listen there."""
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(f"\0{address}")
        listener.listen(32)
    except OSError:
        sys.exit()
    finally:
        os.write(1, b"listens\n")
    return listener


def _serve(listener: socket.socket) -> None:
    """Fork for each connection until the last user ends; returns in a process that is to be the command."""
    listener.settimeout(PATIENCE_S)
    users = [listener.accept()[0]]
    while users:
        ready = select.select([*users, listener], [], [])[0][0]
        if ready in users:
            if not ready.recv(1):
                users.remove(ready)
            continue
        connection, _ = listener.accept()
        if connection.recv(1, socket.MSG_PEEK) == USES:
            users.append(connection)
            continue
        with connection:
            if os.fork() == 0:
                listener.close()
                _become(_request(connection))
                return
        _reap(os.WNOHANG)
    _reap()
    sys.exit()


def _reap(how: int = 0) -> None:
    """Take notice of those that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def _request(connection: socket.socket) -> dict[str, Any]:
    """Fork once more: the child returns with what is asked for, the parent tells its number and how it ends."""
    _, streams, _, _ = socket.recv_fds(connection, 1, 3)
    with connection.makefile("rw", encoding="utf-8") as line:
        request: dict[str, Any] = json.loads(line.readline())
        process = os.fork()
        if process:
            for stream in streams:  # so that a pipe ends with the command
                os.close(stream)
            print(process, file=line, flush=True)
            code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            with contextlib.suppress(BrokenPipeError):  # nobody wants to know
                print(code, file=line, flush=True)
            os._exit(0)
    return {**request, "streams": streams}


def _become(request: dict[str, Any]) -> None:
    for ours, its in zip(request["streams"], (0, 1, 2), strict=True):
        os.dup2(ours, its)
        os.close(ours)
    if request["owns_terminal"]:  # so that Ctrl-C is the terminal's to turn into a signal
        import fcntl
        import termios

        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    if request["own_session"]:
        os.setsid()
    if request["largest_file"] is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (request["largest_file"], request["largest_file"]))
    # Whatever the tests' own process does with Ctrl-C, the command begins as from a shell.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    if request["largest_file"] is not None:  # it has no room for what the tests share
        os.environ.pop(once.FOLDER, None)
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")
    sys.stdin = os.fdopen(0, encoding=encoding, errors=errors or "strict", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding=encoding, errors=errors or "strict", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding=encoding, errors="backslashreplace", closefd=False)
    sys.argv[:] = ["audiogen", *request["arguments"]]


def _run() -> None:
    """Be the command, and exit as Python would, but without taking apart all that was loaded."""
    from audiogen.cli import main

    code: object = 0
    try:
        main()
    except SystemExit as end:
        code = end.code
    threading._shutdown()  # type: ignore[attr-defined]  # as Python does it before `atexit`
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code if isinstance(code, int) else code is not None)


def _load() -> None:
    import audiogen

    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # as the command does it
    ours = [one.name for one in pkgutil.walk_packages(audiogen.__path__, "audiogen.")]
    for name in (*ours, *LOADED):
        importlib.import_module(name)
    importlib.import_module("PIL.Image").preinit()
    for found in importlib.import_module("audiogen.routine.find").find_routines():  # a routine is read once for all
        importlib.import_module("audiogen.routine.load").load_routine(found.path)
    importlib.import_module("audiogen.voices").open_voice("builtin", "en").speak("Ready.")
    gc.freeze()  # what is loaded stays: no command looks through it, or copies the memory that it is in


if __name__ == "__main__":
    listening = _listening(sys.argv[1])
    _load()
    _serve(listening)
    once.share_as_told(os.environ)
    _run()
elif __name__ == "__mp_main__":  # in a process that a command starts to speak and encode
    once.share_as_told(os.environ)
