"""Debian's WebKitGTK, driven by the WebDriver protocol on a screen that nobody sees.

with webkit() as browser:
    browser.open("file:///page.html")
"""

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

_BROWSERS = "/usr/lib"
_STARTS_S = 30


class WebKit:
    """One window; `address` is that of its session."""

    def __init__(self, address: str) -> None:
        self._address = address

    def open(self, url: str) -> None:
        """Load a page, until it has loaded."""
        self._post("url", url=url)

    def value(self, expression: str) -> Any:
        """The value of an expression of JavaScript."""
        return self._post("execute/sync", script=f"return {expression}", args=[])

    def awaited(self, promise: str) -> Any:
        """What a promise of JavaScript comes to."""
        script = f"const done = arguments[0]; {promise}.then(done, (error) => done(String(error)))"
        return self._post("execute/async", script=script, args=[])

    def run(self, script: str) -> None:
        """Run a script in the page, whatever the page's policy says of scripts."""
        self._post("execute/sync", script=script, args=[])

    def click(self, selector: str) -> None:
        """Click into the middle of an element."""
        (element,) = self._post("element", using="css selector", value=selector).values()
        self._post(f"element/{element}/click")

    def _post(self, command: str, **fields: Any) -> Any:
        answer = requests.post(f"{self._address}/{command}", json=fields, timeout=60).json()["value"]
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer


@contextlib.contextmanager
def deaf_proxy() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a proxy that answers nothing, and the first line of each request that came to it."""
    asked: list[bytes] = []

    def listen() -> None:
        with contextlib.suppress(OSError):  # it was closed
            while True:
                connection, _ = listening.accept()
                with connection:
                    asked.append(connection.recv(4096).partition(b"\r\n")[0])

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}", asked
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


@contextlib.contextmanager
def webkit(proxy: str = "") -> Iterator[WebKit]:
    """The browser with its driver and its screen, for as long as the block lasts; tests are skipped without them.

    `proxy` is the host and port of what is asked for everything that is not on the disk.
    """
    browser = next(Path(_BROWSERS).glob("*/webkit*gtk*/MiniBrowser"), None)
    if browser is None or not all(map(shutil.which, ("WebKitWebDriver", "Xvfb"))):
        pytest.skip("needs WebKitGTK: install Debian's packages webkit2gtk-driver and xvfb")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"binary": str(browser), "args": ["--automation"]}
    wanted: dict[str, Any] = {"webkitgtk:browserOptions": options}
    if proxy:
        wanted["proxy"] = {"proxyType": "manual", "httpProxy": proxy, "sslProxy": proxy}
    with _screen() as screen, _running(["WebKitWebDriver", f"--port={port}"], DISPLAY=screen):
        sessions = f"http://127.0.0.1:{port}/session"
        until = time.monotonic() + _STARTS_S
        while True:
            with contextlib.suppress(requests.ConnectionError):
                session = requests.post(sessions, json={"capabilities": {"alwaysMatch": wanted}}, timeout=60).json()[
                    "value"
                ]
                break
            assert time.monotonic() < until
            time.sleep(0.05)
        address = f"{sessions}/{session['sessionId']}"
        try:
            yield WebKit(address)
        finally:
            requests.delete(address, timeout=20)


@contextlib.contextmanager
def _screen() -> Iterator[str]:
    """A display, which the server chooses itself and writes once it is there."""
    reading, writing = os.pipe()
    with _running(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24"], keep=writing):
        os.close(writing)
        with os.fdopen(reading) as number:
            yield f":{number.readline().strip()}"


@contextlib.contextmanager
def _running(command: list[str], keep: int | None = None, **variables: str) -> Iterator[None]:
    # What is heard goes nowhere, but in time: there may be no sound card.
    environment = {**os.environ, "GST_PLUGIN_FEATURE_RANK": "fakeaudiosink:400", **variables}
    process = subprocess.Popen(
        command,
        env=environment,
        pass_fds=() if keep is None else (keep,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)
