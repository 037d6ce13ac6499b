"""Open the studio in the user's browser, without waiting for it.

A browser that runs in the terminal is not opened: it would take the terminal away from the studio, and could not show
its pages.
"""

import contextlib
import threading
import webbrowser
from pathlib import Path

from audiogen.storage.files import replacing

IN_THE_TERMINAL = {"w3m", "lynx", "links", "links2", "elinks", "www-browser", "browsh", "carbonyl", "chawan", "cha"}


def open_in_browser(url: str, folder: Path) -> None:
    """Open an address by a page in this folder, in a thread: many a browser returns only when it is closed."""
    threading.Thread(target=_open, args=(url, folder), daemon=True).start()


def _open(url: str, folder: Path) -> None:
    with contextlib.suppress(webbrowser.Error, OSError):
        browser = webbrowser.get()
        if Path(getattr(browser, "name", "")).name not in IN_THE_TERMINAL:
            browser.open(leading_to(url, folder).as_uri())


def leading_to(url: str, folder: Path) -> Path:
    """Write a page that leads to an address, since every user of this machine sees what a browser is started with."""
    page = folder / "open.html"
    with replacing(page, private=True) as file:
        file.write(f'<!doctype html><meta http-equiv="refresh" content="0; url={url}">\n'.encode())
    return page
