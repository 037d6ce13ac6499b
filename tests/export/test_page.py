"""A session as a page: it plays from the disk in two engines, asks nobody for anything, and shows what happens when."""

import contextlib
import os
import re
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page

from audiogen import render
from audiogen.errors import TrackError
from audiogen.export.player import STATIC
from audiogen.export.sidecars import write_sidecars
from audiogen.routine.load import parse_routine
from audiogen.session import Rendered
from audiogen.storage.cache import Cache
from audiogen.verification import verify
from tests.fakes.tone_voice import ToneVoice
from tests.studio.browsing import DESKTOP, PHONE, axe, launched
from tests.webkit import WebKit, deaf_proxy, webkit

SESSION = """
title: Push & pull </script> <slowly>
opening: title
closing: none
exercises:
  - name: Doorway stretch
    sides: [right, left]
    hold: 12s
  - name: Shrugs
    reps: 3
    tempo: [{say: Up, for: 2s}, {say: Down, for: 2s}]
"""
AUDIO = "document.querySelector('audio')"
PAGES = ["inside.html", "next to it.html"]


class Window(Protocol):
    """A page in whatever engine."""

    def open(self, url: str) -> None: ...
    def value(self, expression: str) -> Any: ...
    def click(self, selector: str) -> None: ...


class Chromium:
    """A window of Chromium without a network."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, url: str) -> None:
        self._page.goto(url)

    def value(self, expression: str) -> Any:
        return self._page.evaluate(expression)

    def click(self, selector: str) -> None:
        self._page.click(selector)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The session as a page, and next to it as an MP3 with a page that plays it."""
    folder = tmp_path_factory.mktemp("pages")
    routine, cache = parse_routine(SESSION), Cache(folder / "cache")
    track = render(routine, folder / "next to it.mp3", voice=ToneVoice(), cache=cache)
    write_sidecars(track.path, track.timeline, ("html",))
    return render(routine, folder / "inside.html", voice=ToneVoice(), cache=cache)


@pytest.fixture(scope="module")
def safari_like() -> Iterator[tuple[WebKit, list[bytes]]]:
    """WebKitGTK, and whatever it asks of the network."""
    with deaf_proxy() as (proxy, asked), webkit(proxy) as running:
        yield running, asked


def until(window: Window, expression: str) -> None:
    last = time.monotonic() + 30
    while not window.value(expression):
        assert time.monotonic() < last, (expression, window.value("document.body.innerText"))
        time.sleep(0.05)


def plays_and_shows_what_happens(window: Window, url: str, holds: list[tuple[int, int]]) -> None:
    window.open(url)
    until(window, "document.body.dataset.ready")
    window.click("#play")
    until(window, f"{AUDIO}.currentTime > 0.2")
    assert window.value("document.querySelector('h1').textContent") == "Push & pull </script> <slowly>"
    window.click(".chapters li:nth-child(3) button")
    until(window, "document.querySelector('.chapters li:nth-child(3) [aria-current]')")
    window.click("#play")
    until(window, f"{AUDIO}.paused")
    for start_ms, end_ms in holds:
        for past_ms in (500, 4500):
            window.value(f"void ({AUDIO}.currentTime = {(start_ms + past_ms) / 1000})")
            until(
                window, f"document.querySelector('#left').textContent === '{-((start_ms + past_ms - end_ms) // 1000)}'"
            )
        assert window.value("document.querySelector('#phase').textContent") == "hold"
    assert window.value("document.querySelector('#where').textContent") == "Doorway stretch, left"
    assert window.value("document.querySelector('#following').textContent") == "Next: Shrugs"
    window.value(f"void ({AUDIO}.currentTime = {holds[-1][1] / 1000 + 0.1})")
    until(window, "document.querySelector('#cue').textContent === '[end bell]'")


def holds_of(rendered: Rendered) -> list[tuple[int, int]]:
    return [(one.start_ms, one.end_ms) for one in rendered.timeline.events if one.kind == "hold"]


@pytest.mark.parametrize("name", PAGES)
def test_chromium_plays_it_from_the_disk_and_asks_nobody(browser: Browser, rendered: Rendered, name: str) -> None:
    context = browser.new_context(viewport=DESKTOP, offline=True)
    page = context.new_page()
    problems: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    path = rendered.path.with_name(name)
    plays_and_shows_what_happens(Chromium(page), path.as_uri(), holds_of(rendered))
    assert problems == []
    track = path.with_suffix(".mp3").as_uri()
    assert {url for url in asked if not url.startswith("blob:")} <= {path.as_uri(), track}
    assert (track in asked) == (name == "next to it.html")
    page.reload()
    until(Chromium(page), f"{AUDIO}.currentTime > 20")  # where it was left
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_webkit_plays_it_from_the_disk_asks_nobody_and_axe_finds_nothing(
    safari_like: tuple[WebKit, list[bytes]], rendered: Rendered, tmp_path: Path, name: str
) -> None:
    window, asked = safari_like
    path = rendered.path.with_name(name)
    plays_and_shows_what_happens(window, path.as_uri(), holds_of(rendered))
    assert asked == []
    assert found_in_webkit(window) == []
    # That both find what there is:
    faulty = tmp_path / "faulty.html"
    faulty.write_text(FAULTY, encoding="utf-8")
    window.open(faulty.as_uri())
    assert "image-alt" in found_in_webkit(window)
    last = time.monotonic() + 30
    while len(asked) < 3 and time.monotonic() < last:
        time.sleep(0.05)
    assert len(asked) >= 3, asked
    asked.clear()


FAULTY = """<!doctype html><img src="http://pictures.example/a.png">
<script>fetch("https://words.example/b").catch(() => {}); new WebSocket("ws://talk.example/")</script>
"""


def found_in_webkit(window: WebKit) -> list[str]:
    window.run(axe())
    found = window.awaited("axe.run(document, {resultTypes: ['violations']})")
    return [one["id"] for one in found["violations"]]


def test_axe_finds_nothing(browser: Browser, rendered: Rendered) -> None:
    script = axe()
    context = browser.new_context(viewport=PHONE, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(rendered.path.as_uri())
    page.evaluate(script)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_a_page_that_may_not_remember_plays_and_plays_again(browser: Browser, rendered: Rendered) -> None:
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no'); }});")
    page.goto(rendered.path.as_uri())
    until(Chromium(page), "document.body.dataset.ready")
    page.click("#play")
    until(Chromium(page), f"{AUDIO}.currentTime > 0.2")
    page.evaluate(f"void ({AUDIO}.currentTime = {AUDIO}.duration - 0.2)")
    until(Chromium(page), f"{AUDIO}.ended")
    assert page.text_content("#session") == "0:00 left"
    page.click("#play")
    until(Chromium(page), "document.querySelector('#after').hidden")
    page.evaluate(f"void ({AUDIO}.currentTime = {AUDIO}.duration - 0.2)")
    page.get_by_role("button", name="Again").click()
    until(Chromium(page), f"!{AUDIO}.paused && {AUDIO}.currentTime < 10")
    context.close()


def test_a_page_that_was_cut_short_says_so(browser: Browser, rendered: Rendered, tmp_path: Path) -> None:
    whole = rendered.path.read_bytes()
    (tmp_path / "cut.html").write_bytes(whole[: len(whole) * 3 // 4])
    page = browser.new_page()
    page.goto((tmp_path / "cut.html").as_uri())
    until(Chromium(page), "document.querySelector('#load-status').textContent.startsWith('This file is not whole')")
    page.close()
    with pytest.raises(TrackError):
        verify(tmp_path / "cut.html")


def test_a_page_that_a_browser_saves_while_it_plays_has_its_sound(
    browser: Browser, rendered: Rendered, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(rendered.path.as_uri())
    until(Chromium(page), "document.body.dataset.ready")
    page.click("#play")
    until(Chromium(page), f"{AUDIO}.currentTime > 0.2")
    (tmp_path / "saved.html").write_text(page.content(), "utf-8")
    page.goto((tmp_path / "saved.html").as_uri())
    page.click("#play")
    until(Chromium(page), f"{AUDIO}.currentTime > 0.2")
    assert page.evaluate(f"{AUDIO}.duration") == pytest.approx(rendered.timeline.length_ms / 1000, abs=0.01)
    assert page.text_content("#load-status") == ""
    page.close()


def test_verify_measures_what_is_in_the_page_and_names_the_page(rendered: Rendered, tmp_path: Path) -> None:
    report = verify(rendered.path)
    assert report.path == rendered.path
    assert next(one for one in report.checks if one.name == "frames").off == ()
    hidden = tmp_path / "lines.html"  # as some programs end lines
    hidden.write_bytes(rendered.path.read_bytes().replace(b"\n", b"\r\n"))
    assert verify(hidden).checks == report.checks


def test_the_scripts_of_a_page_are_the_players_own(rendered: Rendered) -> None:
    text = rendered.path.read_text("utf-8")
    for script in ("basics.js", "moment.js", "player.js", "play.js"):
        lines = (STATIC / script).read_text("utf-8").splitlines()
        assert all(line.removeprefix("export ") in text for line in lines if not line.startswith("import "))
    assert not re.search(r"https?://(?!www\.w3\.org)", text.partition('<script type="text/plain"')[0])


# -- an hour

HOUR = "title: An hour\nlength: 60m\nrounds: 6\nexercises:\n" + "".join(
    f"  - {{name: Exercise {number}, sides: [right, left], hold: 40s, setup: Lie down.}}\n" for number in range(6)
)
MOST_MB = 400


def processes(under: int) -> Iterator[Path]:
    """The process with this id and all that it has started, as the system lists them."""
    yield Path(f"/proc/{under}")
    for child in Path(f"/proc/{under}/task").glob("*/children"):
        for number in child.read_text().split():
            yield from processes(int(number))


def memory_mb(*programs: str, but: Collection[Path]) -> tuple[float, float]:
    """The most memory that any process of these programs has had, with what it shares, and what all now have."""
    most, now = [0], [0]
    for process in set(processes(os.getpid())).difference(but):
        with contextlib.suppress(OSError):  # it has ended
            if any(program in (process / "cmdline").read_text() for program in programs):
                most += map(int, re.findall(r"VmHWM:\s+(\d+) kB", (process / "status").read_text()))
                now += map(int, re.findall(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE))
    return max(most) / 1024, sum(now) / 1024


@pytest.mark.thorough
@pytest.mark.linux(reason="what the system says of other processes")
@pytest.mark.parametrize("engine", ["chromium", "webkit"])
def test_an_hour_opens_in_three_seconds_and_400_megabytes(
    engine: str, browser: Browser, tmp_path: Path, record_property: Any
) -> None:
    """The page's process more than with an empty page, and in the end all processes of the browser, each shared page
    counted once; the time is reported, since it depends on what else the machine does.
    """
    hour = render(parse_routine(HOUR), tmp_path / "hour.html", voice=ToneVoice(), cache=Cache(tmp_path / "cache"))
    assert hour.timeline.length_ms == 3_600_000
    assert hour.size_bytes < 3_000_000
    earlier = set(processes(os.getpid()))  # a browser, too, which has had other pages
    with contextlib.ExitStack() as stack:
        if engine == "webkit":
            window: Window = stack.enter_context(webkit())
            program, *others = "WebKitWebProcess", "WebKitNetworkProcess", "MiniBrowser"
        else:
            window = Chromium(stack.enter_context(launched(browser.browser_type)).new_page())
            program, *others = "--type=renderer", "chromium"
        window.open("about:blank")
        empty_mb, _ = memory_mb(program, but=earlier)
        began_s = time.monotonic()
        window.open(hour.path.as_uri())
        until(window, "document.body.dataset.ready")
        took_s = time.monotonic() - began_s
        window.value(f"void ({AUDIO}.currentTime = 3000)")
        until(window, f"{AUDIO}.currentTime >= 3000")
        most_mb = memory_mb(program, but=earlier)[0] - empty_mb
        last = time.monotonic() + 30
        while (all_mb := memory_mb(program, *others, but=earlier)[1]) > MOST_MB and time.monotonic() < last:
            time.sleep(0.5)
    record_property("opened", f"{engine}: {took_s:.2f} s, {most_mb:.0f} MB, {all_mb:.0f} MB in all")
    assert 10 < most_mb < MOST_MB
    assert 50 < all_mb < MOST_MB
    assert took_s < 3 * max(1, os.getloadavg()[0] / (os.cpu_count() or 1))
