"""Debian's WebKitGTK, driven by the WebDriver protocol on a screen that nobody sees.

with webkit() as browser:
    browser.open("file:///page.html")
"""

import contextlib
import os
import shutil
import socket
import subprocess
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

    def click(self, selector: str) -> None:
        """Click into the middle of an element."""
        (element,) = self._post("element", using="css selector", value=selector).values()
        self._post(f"element/{element}/click")

    def _post(self, command: str, **fields: Any) -> Any:
        answer = requests.post(f"{self._address}/{command}", json=fields, timeout=60).json()["value"]
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer


@contextlib.contextmanager
def webkit() -> Iterator[WebKit]:
    """The browser with its driver and its screen, for as long as the block lasts; tests are skipped without them."""
    browser = next(Path(_BROWSERS).glob("*/webkit*gtk*/MiniBrowser"), None)
    if browser is None or not all(map(shutil.which, ("WebKitWebDriver", "Xvfb"))):
        pytest.skip("needs WebKitGTK: install Debian's packages webkit2gtk-driver and xvfb")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"binary": str(browser), "args": ["--automation"]}
    wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
    with _screen() as screen, _running(["WebKitWebDriver", f"--port={port}"], DISPLAY=screen):
        sessions = f"http://127.0.0.1:{port}/session"
        until = time.monotonic() + _STARTS_S
        while True:
            with contextlib.suppress(requests.ConnectionError):
                session = requests.post(sessions, json={"capabilities": wanted}, timeout=60).json()["value"]
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
