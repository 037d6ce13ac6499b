"""Debian's Chromium, driven by Playwright; tests/conftest.py starts one for all tests in a process."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from .serving import Studio

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=30_000)  # for machines that do much else

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}


def chromium() -> str:
    """The browser's program; tests are skipped where there is none, which .ci/run does not allow."""
    found = (shutil.which(name) for name in ("chromium-headless-shell", "chromium", "chromium-browser"))
    if not (first := next(filter(None, found), None)):
        pytest.skip("needs Chromium: install Debian's package chromium-headless-shell")
    return first


def axe() -> str:
    """axe-core's script; .ci/run fetches it and names it in AXE_CORE."""
    named = os.environ.get("AXE_CORE")
    if not named or not Path(named).is_file():
        pytest.skip("needs axe-core: npm install axe-core, and let AXE_CORE be the path of its axe.min.js")
    return Path(named).read_text("utf-8")


@contextmanager
def browser_running() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def until(page: Page, expression: str) -> None:
    """Wait until an expression of JavaScript holds; as a function, since the pages' policy forbids to evaluate text."""
    page.wait_for_function(f"() => {expression}")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus, which must be visible then."""
    for _ in range(120):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            after = page.evaluate("getComputedStyle(document.activeElement, '::after').outlineStyle")
            assert "none" not in (outline, after) or {outline, after} != {"none"}
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def scanned(picture: Locator) -> list[str]:
    """What a phone's camera reads of a part of the page."""
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.screenshot())))]


def replacing(page: Page) -> None:
    """Replace whatever is there already, where the studio asks."""
    page.add_locator_handler(page.get_by_role("button", name="Replace it"), lambda button: button.click())


# What axe looks for. In the dark only colours are others, and those are the same at any width.
LIGHT: tuple[str, dict[str, Any]] = ("light", {})
DARK: tuple[str, dict[str, Any]] = ("dark", {"runOnly": ["color-contrast"]})


def found_by_axe(page: Page, script: str, schemes: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    """What axe finds wrong with a page as it now is, be it light or dark."""
    if page.evaluate("!window.axe"):
        page.evaluate(script)
    told: list[Any] = []
    for scheme, rules in schemes:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **rules})
        told += [(scheme, one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
    return told


class Visit:
    """A page of the studio in a fresh context; whatever goes wrong in its scripts is noted."""

    def __init__(self, context: BrowserContext, studio: Studio) -> None:
        self.studio = studio
        self.problems: list[str] = []
        self.asked: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", self._asked)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(message.text)

    def _asked(self, request: Request) -> None:
        self.asked.append(request.url)

    def open(self, path: str) -> Page:
        self.page.goto(self.studio.url.rstrip("/") + path)
        return self.page

    def settled(self) -> None:
        """Wait until the page shows the plan of its settings."""
        until(self.page, "!document.body.dataset.busy")

    def unfold(self) -> None:
        """Open all cards; on a wide screen they are."""
        folded = self.page.locator(".fold[aria-expanded=false]:visible")
        while folded.count():
            folded.first.click()

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()


def moved_by(visit: Visit, control: Locator, *acts: Callable[[], object]) -> float:
    """How far a control in the middle of the window moves by what it does, in pixels."""
    control.evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - innerHeight / 2)")
    before: float = control.evaluate("one => one.getBoundingClientRect().top")
    for act in acts:
        act()
    visit.settled()
    after: float = control.evaluate("one => one.getBoundingClientRect().top")
    return abs(after - before)


@contextmanager
def visiting(browser: Browser, studio: Studio, viewport: Any, **options: Any) -> Iterator[Visit]:
    context = browser.new_context(viewport=viewport, **options)
    visit = Visit(context, studio)
    try:
        yield visit
        assert not visit.problems, visit.problems
        assert all(url.startswith((studio.url, "blob:", "data:")) for url in visit.asked)
    finally:
        context.set_offline(True)  # a page that closes keeps its draft, where the next test stands
        context.close()
