"""Draw the pictures of README.md and docs again: python docs/pictures.py [FOLDER].

routines -> session.svg;   a studio in Chromium -> studio.png, studio-phone.png, writing.png, player.png
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from audiogen import load_routine, plan
from audiogen.storage.cache import Cache
from audiogen.views.picture.vector import svg

HERE = Path(__file__).parent
ROUTINE = "upper-back"
DESKTOP, PHONE = (1200, 940), (360, 740)


def draw_session(folder: Path) -> None:
    """Draw the session to scale, with lengths of speech that are estimated, the same everywhere."""
    with tempfile.TemporaryDirectory() as empty:
        timeline = plan(load_routine(ROUTINE), voice="builtin", cache=Cache(empty)).timeline
    (folder / "session.svg").write_text(svg(timeline), encoding="utf-8")


def draw_studio(folder: Path) -> None:
    """Take pictures of the studio's pages, once a track is rendered."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        subprocess.run(
            [sys.executable, "-m", "audiogen", "render", ROUTINE, "-q", "--voice", "builtin"], cwd=home, check=True
        )
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with studio(Path(home)) as address:
            take(browser, f"{address}shape/{ROUTINE}", DESKTOP, folder / "studio.png")
            take(browser, f"{address}shape/{ROUTINE}", PHONE, folder / "studio-phone.png")
            take(browser, f"{address}write/{ROUTINE}?copy", DESKTOP, folder / "writing.png")
            take(browser, f"{address}play/{ROUTINE}.mp3", PHONE, folder / "player.png", at_s=200)
        browser.close()


@contextmanager
def studio(home: Path) -> Iterator[str]:
    """A studio at the address that it prints."""
    command = [sys.executable, "-m", "audiogen", "studio", "--no-open", "--port", "0"]
    with subprocess.Popen(command, cwd=home, stderr=subprocess.PIPE, text=True) as running:
        lines = running.stderr or ()
        try:
            yield next(found[0] for line in lines if (found := re.search(r"http\S+/", line)))
        finally:
            running.terminate()


def take(browser: Browser, address: str, size: tuple[int, int], target: Path, at_s: float = 0) -> None:
    """Take the picture of a page, in 256 colours; a track is played from `at_s` for a moment."""
    from PIL import Image

    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if at_s:
        page.wait_for_function("() => document.querySelector('#audio').readyState > 2")
        page.evaluate("(at) => { document.querySelector('#audio').currentTime = at; }", at_s)
        page.wait_for_timeout(800)
    page.screenshot(path=target)
    page.close()
    with Image.open(target) as image:
        small = image.convert("RGB").quantize(256)
    small.save(target, optimize=True)


if __name__ == "__main__":
    into = Path(sys.argv[1]) if sys.argv[1:] else HERE
    draw_session(into)
    draw_studio(into)
