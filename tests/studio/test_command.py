"""The command: where it listens, what it prints, the address that it keeps, and how it ends."""

import os
import re
import signal
import socket
import stat
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from audiogen.errors import SharingError
from audiogen.share import network
from audiogen.studio.address import address_file, saved_token
from audiogen.studio.browser import leading_to
from audiogen.studio.phones import Phones
from tests import command

from .serving import ROUTINE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "routines").mkdir()
    (tmp_path / "routines" / "two.yaml").write_text(ROUTINE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def studio(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return command.run("studio", "--no-open", *arguments)


@contextmanager
def started(*arguments: str) -> Iterator[list[str]]:
    """What the command says until it serves; it is then stopped as by Ctrl-C."""
    process = command.begin("studio", "--no-open", "--port", "0", *arguments)
    assert process.stderr is not None
    said: list[str] = []
    try:
        said.append(process.stderr.readline().rstrip("\n"))
        if "--lan" in arguments:
            said.append(process.stderr.readline().rstrip("\n"))
        yield said
    finally:
        process.send_signal(signal.SIGINT)
        said += process.communicate(timeout=60)[1].splitlines()
    assert process.returncode == 0


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - our own address
        body: bytes = answer.read()
        return body


def test_it_tells_its_address_serves_there_and_ends_calmly(folder: Path) -> None:
    with started() as said:
        (url,) = re.findall(r"^The studio is at (http://127\.0\.0\.1:\d+/[\w-]{22}/) \(Ctrl-C stops it\)\.$", said[0])
        with pytest.raises(urllib.error.HTTPError, match="404"):  # what another user of this machine may guess
            get(f"{url.rsplit('/', 2)[0]}/")
        assert b"Two short ones" in get(url)
    assert said[-1] == "Stopped."
    assert sorted(path.name for path in folder.iterdir()) == ["routines"]


def test_on_the_network_it_serves_at_the_same_secret_address_at_every_start(folder: Path) -> None:
    assert folder
    tokens = []
    for more in ((), (), ("--new-address",)):
        with started("--lan", "--plain", *more) as said:
            (here,) = re.findall(r"http://127\.0\.0\.1:\d+/[\w-]{22}/", said[0])
            (phone,) = re.findall(r"^For the phone: (http://[^ ]+/[\w-]{22}/)$", said[1])
            assert here.split("/")[3] == phone.split("/")[3]
            tokens.append(here.split("/")[3])
            assert b"Two short ones" in get(here)
            assert f"{here}static/player/cover.png".encode() in get(f"{here}feed.xml")
            assert phone.encode() in get(f"{here}podcast")
            assert b"<svg" in get(f"{here}phone")
    assert tokens[0] == tokens[1] != tokens[2]


def test_the_code_for_phones_is_drawn_in_the_terminal(folder: Path) -> None:
    assert folder
    with started("--lan") as said:
        (here,) = re.findall(r"http://127\.0\.0\.1:\d+/[\w-]{22}/", said[0])
        assert get(here)  # by then it has said everything
    assert sum("▄" in line or "▀" in line for line in said) >= 12


def test_a_port_that_is_taken_is_told(folder: Path) -> None:
    assert folder
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = studio("--port", port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Another program uses port {port}.")


def test_the_browser_is_not_started_with_the_address_itself(tmp_path: Path) -> None:
    """All users of a machine see the arguments of its processes."""
    page = leading_to("http://127.0.0.1:8723/secret/", tmp_path)
    assert "secret" not in page.as_uri().removeprefix(tmp_path.as_uri())
    assert 'url=http://127.0.0.1:8723/secret/"' in page.read_text()
    if os.name == "posix":
        assert stat.S_IMODE(page.stat().st_mode) == 0o600


def browsed(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, bool]:
    """What the studio serves while a browser of this name is open in the terminal, and whether it was opened."""
    opened = folder / "opened"
    browser = folder / name
    browser.write_text(f"#!/bin/sh\nexec >/dev/null 2>&1\ntouch {opened}\nsleep 20\n")
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    process = command.begin("studio", "--port", "0")
    assert process.stderr is not None
    try:
        (url,) = re.findall(r"http://[^ ]+/", process.stderr.readline())
        page = get(url)
        until = time.monotonic() + (60 if name == "firefox" else 0.5)
        while not opened.exists() and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0
    return page, opened.exists()


@pytest.mark.skipif(os.name == "nt", reason="its browsers are no programs")
@pytest.mark.parametrize(("name", "opens"), [("firefox", True), ("w3m", False), ("lynx", False)])
def test_it_waits_for_no_browser_and_opens_none_in_the_terminal(
    folder: Path, name: str, opens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, opened = browsed(folder, name, monkeypatch)
    assert b"Two short ones" in page
    assert opened == opens


def test_without_a_network_no_phone_is_offered_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "_interfaces", lambda: (network.Interface("lo", "127.0.0.1"),))
    with pytest.raises(SharingError) as caught:
        Phones().listen()
    assert [problem.code for problem in caught.value.problems] == ["studio.no-network"]


# -- the address


def test_the_address_is_kept_until_another_one_is_asked_for() -> None:
    first = saved_token()
    assert len(first) >= 22
    assert saved_token() == first
    assert saved_token(renew=True) != first


@pytest.mark.skipif(os.name == "nt", reason="other permissions there")
def test_only_its_owner_may_read_the_address() -> None:
    saved_token()
    assert stat.S_IMODE(address_file().stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", ["", "short", "with space in it, and long enough", "../../../../../../../etc"])
def test_a_damaged_address_is_replaced(damage: str) -> None:
    address_file().parent.mkdir(parents=True, exist_ok=True)
    address_file().write_text(damage)
    token = saved_token()
    assert token != damage
    assert saved_token() == token
