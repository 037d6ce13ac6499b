"""What the player shows while a clock runs that the tests wind: each digit in time, and no picture in vain."""

import itertools
import math
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from audiogen import render
from audiogen.routine.load import parse_routine
from audiogen.session import Rendered
from audiogen.storage.cache import Cache
from tests.fakes.tone_voice import ToneVoice
from tests.studio.browsing import DESKTOP

SESSION = """\
title: By the clock
exercises:
  - {name: Doorway stretch, hold: 30s, setup: Stand in a doorway.}
  - {name: Shrugs, hold: 10s}
"""
SOUND = """
Object.defineProperties(HTMLMediaElement.prototype, {
  paused: { get() { return this.since === undefined; } },
  currentTime: {
    get() { return (this.from ?? 0) + (this.paused ? 0 : this.playbackRate * (Date.now() - this.since) / 1000); },
    set(value) {
      this.from = value;
      if (!this.paused) this.since = Date.now();
      this.dispatchEvent(new Event("seeked"));
    },
  },
  playbackRate: {
    get() { return this.rate ?? 1; },
    set(value) {
      [this.from, this.since] = [this.currentTime, Date.now()];
      this.rate = value;
      this.dispatchEvent(new Event("ratechange"));
    },
  },
});
HTMLMediaElement.prototype.play = async function () {
  this.since = Date.now();
  this.dispatchEvent(new Event("play"));
};
"""
WATCH = """() => {
  const audio = document.querySelector("audio");
  const now = () => ["#left", "#at", "#session", "#phase"].map((one) => document.querySelector(one).textContent);
  const ring = () => document.querySelector("#ring").style.strokeDashoffset;
  const stage = () => document.querySelector(".stage").innerHTML;
  window.seen = [];
  setInterval(() => seen.push([audio.currentTime * 1000, ...now(), ring(), stage()]), 10);
}"""
LATE_MS = 30


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    folder = tmp_path_factory.mktemp("player")
    return render(parse_routine(SESSION), folder / "page.html", voice=ToneVoice(), cache=Cache(folder / "cache"))


class Seen(NamedTuple):
    """What the page showed at a time of the sound."""

    ms: float
    left: str
    at: str
    session: str
    phase: str
    ring: str
    stage: str


def playing(browser: Browser, rendered: Rendered, **options: object) -> Page:
    """A page whose track plays, on a clock that stands still."""
    context = browser.new_context(viewport=DESKTOP, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(SOUND)
    page.clock.install(time=0)
    page.goto(rendered.path.as_uri())
    page.wait_for_function("() => document.body.dataset.ready")
    page.clock.pause_at(3_600_000)
    page.evaluate("document.querySelector('#play').click()")
    return page


def played(browser: Browser, rendered: Rendered, start_ms: int, length_ms: int, **options: object) -> list[Seen]:
    """Play from a place on, and look every 10 ms."""
    page = playing(browser, rendered, **options)
    page.evaluate(f"document.querySelector('audio').currentTime = {start_ms / 1000}")
    page.evaluate(WATCH)
    page.clock.run_for(length_ms)
    seen = [Seen(*one) for one in page.evaluate("seen")]
    page.context.close()
    assert len(seen) == length_ms // 10
    return seen


def holds_of(rendered: Rendered) -> list[tuple[int, int]]:
    return [(one.start_ms, one.end_ms) for one in rendered.timeline.events if one.kind == "hold"]


def pictures(seen: list[Seen]) -> int:
    """How often anything changed."""
    return sum(one.stage != next_.stage for one, next_ in itertools.pairwise(seen))


@pytest.mark.parametrize("hold", [0, 1])
def test_each_digit_changes_in_its_second(browser: Browser, rendered: Rendered, hold: int) -> None:
    start_ms, end_ms = holds_of(rendered)[hold]
    for one in played(browser, rendered, start_ms + 15, end_ms - start_ms - 200):
        times = (one.ms, one.ms - LATE_MS)
        assert one.left in [str(math.ceil((end_ms - ms) / 1000)) for ms in times]
        seconds = [max(0, int(ms // 1000)) for ms in times]
        assert one.at in [f"{second // 60}:{second % 60:02}" for second in seconds]
        left = [round(rendered.timeline.length_ms / 1000) - second for second in seconds]
        assert one.session in [f"{hold + 1} of 2 · {second // 60}:{second % 60:02} left" for second in left]
        assert one.phase == "hold"


def test_two_pictures_a_second_are_drawn_in_a_long_hold(browser: Browser, rendered: Rendered) -> None:
    (start_ms, end_ms), _ = holds_of(rendered)
    seen = played(browser, rendered, start_ms + 15, end_ms - start_ms - 200)
    captions = 10  # each comes and goes
    assert pictures(seen) <= 2 * (end_ms - start_ms) / 1000 + captions
    assert len({one.ring for one in seen}) == 30


@pytest.mark.parametrize(("motion", "steps"), [("no-preference", 20), ("reduce", 10)])
def test_the_ring_of_a_short_hold_moves_twice_a_second_but_not_where_motion_is_unwanted(
    browser: Browser, rendered: Rendered, motion: str, steps: int
) -> None:
    _, (start_ms, end_ms) = holds_of(rendered)
    seen = played(browser, rendered, start_ms + 15, end_ms - start_ms - 30, reduced_motion=motion)
    assert len({one.ring for one in seen}) == steps


def test_a_page_that_is_left_remembers_the_second(browser: Browser, rendered: Rendered) -> None:
    page = playing(browser, rendered)
    page.clock.run_for(12_000)
    page.reload()
    page.clock.resume()
    expect(page.locator("#load-status")).to_have_text("Continues at 0:12.")
    page.context.close()


def test_digits_are_right_at_once_when_the_speed_changes(browser: Browser, rendered: Rendered) -> None:
    (start_ms, end_ms), _ = holds_of(rendered)
    page = playing(browser, rendered)
    page.evaluate(f"document.querySelector('audio').currentTime = {start_ms / 1000}")
    page.evaluate("document.querySelector('audio').playbackRate = 0.1")
    page.clock.run_for(1000)
    page.evaluate("document.querySelector('audio').playbackRate = 1")
    for _ in range(20):
        page.clock.run_for(100)
        ms = page.evaluate("document.querySelector('audio').currentTime * 1000")
        right = [str(math.ceil((end_ms - one) / 1000)) for one in (ms, ms - LATE_MS)]
        assert page.locator("#left").text_content() in right
    page.context.close()


def test_a_flash_is_a_tone_and_not_a_place_that_was_gone_to(browser: Browser, rendered: Rendered) -> None:
    tones = [one for one in rendered.timeline.events if one.kind == "tone"]
    (_, end_ms), _ = holds_of(rendered)
    page = playing(browser, rendered)
    page.evaluate("document.querySelector('#signals').checked = true")
    page.evaluate(
        "new MutationObserver(() => flashes.push(document.body.matches('.flash')))"
        ".observe(document.body, {attributeFilter: ['class']}); window.flashes = []"
    )
    flashes = "flashes.filter(Boolean).length"
    for ms in (end_ms - 12_000, 500, end_ms - 12_000):
        page.evaluate(f"document.querySelector('audio').currentTime = {ms / 1000}")
        page.clock.run_for(400)
    assert page.evaluate(flashes) == 0
    page.clock.run_for(13_000)
    passed = [one for one in tones if end_ms - 11_600 < one.start_ms < end_ms + 1400]
    assert page.evaluate(flashes) == len(passed) > 0
    page.context.close()


def test_a_chapter_that_is_chosen_while_the_sound_is_loaded_is_gone_to(browser: Browser, rendered: Rendered) -> None:
    timeline = rendered.timeline
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.add_init_script(f"localStorage.setItem('place {timeline.title} {timeline.length_ms}', '30000')")
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.goto(rendered.path.as_uri())
    chapter = page.locator(".chapters button").nth(1)
    chapter.dispatch_event("click")
    expect(page.locator("body")).not_to_have_attribute("data-ready", "1")
    page.clock.resume()
    page.wait_for_function("() => document.body.dataset.ready")
    began_ms = int(chapter.get_attribute("data-start") or 0)
    page.wait_for_function(f"() => document.querySelector('audio').currentTime * 1000 >= {began_ms}")
    assert page.evaluate("document.querySelector('audio').currentTime * 1000") < began_ms + 15_000 < 30_000
    context.close()
