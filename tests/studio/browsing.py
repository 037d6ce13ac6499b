"""Debian's Chromium, driven by Playwright; tests/conftest.py starts one for all tests in a process."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserType,
    ConsoleMessage,
    Error,
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
    with sync_playwright() as playwright, launched(playwright.chromium) as browser:
        yield browser


@contextmanager
def launched(kind: BrowserType) -> Iterator[Browser]:
    browser = kind.launch(executable_path=chromium(), args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


def until(page: Page, expression: str) -> None:
    """Wait until an expression of JavaScript holds; as a function, since the pages' policy forbids to evaluate text.

    Not asked at every picture, which would let the page draw all the while.
    """
    page.wait_for_function(f"() => {expression}", polling=25)


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
    page.add_locator_handler(_asking_to_replace(page), lambda button: button.click())


def _asking_to_replace(page: Page) -> Locator:
    return page.get_by_role("button", name="Replace it")


# What axe looks for. In the dark only colours are others, and those are the same at any width.
LIGHT: tuple[str, dict[str, Any]] = ("light", {})
DARK: tuple[str, dict[str, Any]] = ("dark", {"runOnly": ["color-contrast"]})


def found_by_axe(page: Page, script: str, schemes: list[tuple[str, dict[str, Any]]], part: str = "html") -> list[Any]:
    """What axe finds wrong with a page as it now is, or with a part of it, be it light or dark."""
    assert page.locator(part).count() == 1
    if page.evaluate("!window.axe"):
        page.evaluate(script)
    told: list[Any] = []
    for scheme, rules in schemes:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = page.evaluate("one => axe.run(...one)", [part, {"resultTypes": ["violations"], **rules}])
        told += [(scheme, one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
    page.emulate_media(color_scheme="null")
    return told


class Visit:
    """A page of the studio; whatever goes wrong in its scripts is noted."""

    def __init__(self, page: Page, studio: Studio) -> None:
        self.page = page
        self.studio = studio
        self.problems: list[str] = []
        self.asked: list[Request] = []
        page.on("console", self._note)
        page.on("pageerror", self._failed)
        page.on("request", self._asking)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(message.text)

    def _failed(self, error: Error) -> None:
        self.problems.append(str(error))

    def _asking(self, request: Request) -> None:
        self.asked.append(request)

    def end(self) -> None:
        """Leave the page as a new one would be, but for what it has in its cache."""
        page, context = self.page, self.page.context
        context.set_offline(True)  # a page that closes keeps its draft, where the next test stands
        for one in context.pages:
            if one is not page:
                one.close()
        page.remove_locator_handler(_asking_to_replace(page))
        page.unroute_all(behavior="ignoreErrors")
        with page.expect_navigation(url="about:blank"):  # not by `goto`, after which another process would go on
            page.evaluate("setTimeout(() => location.replace('about:blank'))")
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.mouse.move(0, 0)
        for event, act in (("console", self._note), ("pageerror", self._failed), ("request", self._asking)):
            page.remove_listener(event, act)
        context.set_offline(False)

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


# Pages that visits have left as new ones would be: to make one takes longer than most visits.
_LEFT: dict[tuple[Browser, str], Page] = {}


@contextmanager
def visiting(
    browser: Browser, studio: Studio, viewport: Any, *, fresh: bool = False, **options: Any
) -> Iterator[Visit]:
    """Visit the studio; `fresh` is for who wants a page with nothing in its cache, or will leave something in it."""
    kind = (browser, str(sorted(options.items())))
    left = None if fresh else _LEFT.pop(kind, None)
    page = left or browser.new_context(viewport=viewport, **options).new_page()
    if page.viewport_size != viewport:
        page.set_viewport_size(viewport)
    visit = Visit(page, studio)
    try:
        yield visit
        assert not visit.problems, visit.problems
        assert all(one.url.startswith((studio.url, "blob:", "data:")) for one in visit.asked)
        if not fresh:
            with suppress(Error):  # of a page that is going elsewhere by itself, which is closed then
                visit.end()
                _LEFT[kind] = page
    finally:
        if _LEFT.get(kind) is not page:
            page.context.set_offline(True)
            page.context.close()
