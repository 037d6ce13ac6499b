"""The installed `send`: what it prints, how it ends, what it refuses."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from audiogen import plan
from audiogen.export import id3
from audiogen.export.sidecars.player import player_page
from audiogen.routine.load import parse_routine
from tests import command
from tests.share.test_share import track
from tests.terminal import Terminal

PATIENCE_S = 60
SHORT = "title: Short\nexercises: [{name: Neck, hold: 20s}]\n"


class Sending:
    """The command while it runs; `url` is the address that it printed."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        environment = {**os.environ, "AUDIOGEN_CACHE_DIR": str(folder / "cache")}
        self._process = command.begin("send", *arguments, "--host", "127.0.0.1", cwd=folder, env=environment)
        assert self._process.stdout
        printed = self._process.stdout.readline()
        while printed.startswith("{") and not printed.endswith("}\n"):
            printed += self._process.stdout.readline()
        self.printed = printed
        self.url = json.loads(printed)["url"] if printed.startswith("{") else printed.strip()
        self.session = requests.Session()
        self.session.trust_env = False

    def save(self) -> bytes:
        """Open the page and follow its link."""
        page = self.session.get(self.url, timeout=PATIENCE_S).text
        found = re.search(r'href="(/[^"]+)"', page)
        assert found
        return self.session.get(self.root + found[1], timeout=PATIENCE_S).content

    @property
    def root(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def interrupt(self) -> float:
        """Press Ctrl-C; how many seconds it took to end."""
        begun = time.monotonic()
        self._process.send_signal(signal.SIGINT)
        self._process.wait(PATIENCE_S)
        return time.monotonic() - begun

    def ends(self) -> tuple[int, str]:
        """Wait for the end: the exit code and the talk."""
        self.session.close()
        _, err = self._process.communicate(timeout=PATIENCE_S)
        return self._process.returncode, err

    def close(self) -> None:
        self.session.close()
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gute nacht.mp3").write_bytes(track())
    (tmp_path / "page.html").write_text(
        player_page(plan(parse_routine(SHORT)).timeline, "gute nacht.mp3"), encoding="utf-8"
    )
    (tmp_path / "short.yaml").write_text(SHORT)
    return tmp_path


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return command.run("send", *arguments, cwd=folder)


def test_a_phone_saves_the_file_and_that_is_the_end(folder: Path) -> None:
    sending = Sending(folder, "gute nacht.mp3")
    assert re.fullmatch(r"http://127.0.0.1:\d+/[\w-]{22}/\n", sending.printed)
    assert sending.save() == track()
    code, err = sending.ends()
    assert code == 0
    assert err.splitlines() == [
        "Gute Nacht, Rücken <3, 10:00, 3.0 MB.",
        "Open this address in the phone's browser; phone and computer must be in the same Wi-Fi:",
        "Waiting at most 10 minutes for the phone; press Ctrl-C to stop.",
        "127.0.0.1 opened the page.",
        "127.0.0.1 is saving the file.",
        "The whole file has arrived.",
        'Play it at speed 1x and with "trim silence" off; the player should show 10:00.',
    ]


def test_ctrl_c_ends_it_at_once_even_in_the_middle_of_a_download(folder: Path) -> None:
    sending = Sending(folder, "gute nacht.mp3", "--minutes", "1")
    host, port = urlsplit(sending.root).netloc.split(":")
    page = sending.session.get(sending.url).text
    path = re.findall(r'href="(/[^"]+)"', page)[0]
    with socket.create_connection((host, int(port))) as connection, socket.create_connection((host, int(port))):
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert connection.recv(100)
        assert sending.interrupt() < 5  # measured: 0.3 s; the rest is for a busy machine
    code, err = sending.ends()
    assert code == 130
    assert err.endswith("127.0.0.1 is saving the file.\nStopped; the address no longer works.\n")


def test_a_time_out_is_an_error_that_says_what_may_be_in_the_way(folder: Path) -> None:
    done = run(folder, "gute nacht.mp3", "--host", "127.0.0.1", "--minutes", "0.01")
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("No phone saved the file within 0.01 minutes; the address no longer works. ")
    assert "same Wi-Fi" in last
    assert "firewall" in last


def test_json_tells_a_program_the_address_and_quiet_says_no_more(folder: Path) -> None:
    sending = Sending(folder, "gute nacht.mp3", "--json", "-q")
    document = json.loads(sending.printed)
    assert {**document, "url": ""} == {
        "url": "",
        "path": "gute nacht.mp3",
        "name": "gute nacht.mp3",
        "size_bytes": 3000000,
    }
    assert sending.save() == track()
    assert sending.ends() == (0, "")


@pytest.mark.linux(reason="pseudo-terminals")
def test_a_terminal_shows_the_code(folder: Path) -> None:
    terminal = Terminal(folder, "send", "gute nacht.mp3", "--host", "127.0.0.1", "--minutes", "0.02")
    assert terminal.ends() == 1
    terminal.close()
    assert "Scan this code with the phone's camera; phone and computer must be in the same Wi-Fi:" in terminal.lines
    assert sum("▄" in line for line in terminal.lines) > 10


@pytest.mark.linux(reason="pseudo-terminals")
def test_a_terminal_shows_words_alone_with_plain(folder: Path) -> None:
    terminal = Terminal(folder, "send", "gute nacht.mp3", "--host", "127.0.0.1", "--minutes", "0.02", "--plain")
    terminal.ends()
    terminal.close()
    assert "Open this address in the phone's browser; phone and computer must be in the same Wi-Fi:" in terminal.lines
    assert not {"▄", "\x1b"} & set(terminal.shown)


def test_a_routine_is_rendered_first_with_its_overrides_and_sent(folder: Path) -> None:
    sending = Sending(folder, "short.yaml", "--hold", "4s", "--guidance", "tones", "-o", "short.mp3")
    saved = sending.save()
    assert saved == (folder / "short.mp3").read_bytes()
    document = id3.read_attachment(saved, "audiogen timeline")
    assert document
    holds = [event for event in json.loads(document)["events"] if event["kind"] == "hold"]
    assert [hold["end_ms"] - hold["start_ms"] for hold in holds] == [4000]
    code, err = sending.ends()
    assert code == 0
    assert "Nothing was sent to the internet." in err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["gone.mp3"], 1, "gone.mp3 does not exist in "),
        (
            ["gute nacht.mp3", "--host", "203.0.113.9"],
            1,
            "--host 203.0.113.9 is not an address of this computer. Addresses of this computer: ",
        ),
        (["gute nacht.mp3", "--length", "5m"], 2, "gute nacht.mp3 is a finished track and cannot be changed"),
        (["page.html"], 1, "page.html plays gute nacht.mp3, which would not be sent with it."),
        (["no-such-routine"], 1, "no-such-routine"),
        (["short.yaml", "--host", "203.0.113.9"], 1, "is not an address of this computer"),
    ],
)
def test_what_cannot_be_sent_is_told_before_anything_is_made(
    arguments: list[str], code: int, told: str, folder: Path
) -> None:
    done = run(folder, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "output").exists()
