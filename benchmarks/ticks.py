"""What a change costs on the pages that shape and write: bytes each way, and the time until the picture shows it; and
what playing costs.

studio in Debian's Chromium -> a row per routine
"""

import statistics
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.weights import studio
from tests.studio.browsing import DESKTOP, PHONE, browser_running, until, visiting
from tests.studio.serving import Studio

CHANGES = 20
PLAYED_S = 20
SHAPED = """document.querySelector('.dial[data-set="hold"] .step:last-of-type').click();"""
WRITTEN = """
  const card = document.querySelector('#items .card[data-kind=exercise]');
  if (!card.classList.contains('open')) card.querySelector('.card-name').click();
  const label = [...card.querySelectorAll('label')].find((one) => one.textContent === 'Hold');
  const hold = document.getElementById(label.htmlFor);
  hold.value = `${parseFloat(hold.value) + 1}s`;
  hold.dispatchEvent(new Event('change'));
"""
CHANGE = """async () => {
  const began = performance.now();
  CHANGED
  const settled = () => !document.body.dataset.busy;
  while (!settled()) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return performance.now() - began;
}"""

HOLDS = """() => {
  const hold = JSON.parse(document.querySelector('#track').textContent).events.find((event) => event[2] === 'hold');
  document.querySelector('#play').click();
  document.querySelector('#audio').currentTime = hold[0] / 1000 + 2;
}"""
ALONE = """async (sound) => {
  document.body.replaceChildren();
  const held = await (await fetch(sound)).blob();
  const audio = document.body.appendChild(document.createElement('audio'));
  audio.src = URL.createObjectURL(held);
  await audio.play();
}"""


def ticks(browser: Browser, running: Studio, path: str, changed: str) -> str:
    change = CHANGE.replace("CHANGED", changed)
    with visiting(browser, running, DESKTOP) as visit:
        page = visit.open(path)
        visit.settled()
        page.evaluate(change)  # the first brings every part
        sizes: list[tuple[int, int]] = []

        def note(request: Any) -> None:
            if "/plan" in request.url:
                found = request.sizes()
                sizes.append((found["requestHeadersSize"] + found["requestBodySize"], found["responseBodySize"]))

        page.on("requestfinished", note)
        working = visit.page.context.new_cdp_session(page)
        working.send("Performance.enable", {"timeDomain": "threadTicks"})
        page_s, server_s = _task_s(working), time.process_time()
        times = [page.evaluate(change) for _ in range(CHANGES)]
        page_ms = 1000 * (_task_s(working) - page_s) / CHANGES
        server_ms = 1000 * (time.process_time() - server_s) / CHANGES
    up, down = (statistics.median(size) for size in zip(*sizes, strict=True))
    return (
        f"{path:<22} sent {up / 1000:.1f} kB, received {down / 1000:.1f} kB, "
        f"shown after {statistics.median(times):.0f} ms ({min(times):.0f} to {max(times):.0f}), "
        f"of which the page works {page_ms:.0f} and the studio {server_ms:.0f}"
    )


def _task_s(working: CDPSession) -> float:
    metrics = working.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def playing(browser: Browser, running: Studio) -> Iterator[str]:
    """The share of a core that all processes of the browser need: nothing plays, a page of nothing but the sound, and
    the page of the track in the middle of a hold."""
    running.render("two", "hold=60s")
    with visiting(browser, running, DESKTOP) as visit:
        page = visit.open("/play/two.mp3")
        until(page, "document.body.dataset.ready")
        sound = page.evaluate("JSON.parse(document.querySelector('#track').textContent).sound")
        yield f"{'not playing':<16} {_share(browser):.1f} % of a core"
        visit.open("/phone").evaluate(ALONE, sound)
        yield _row("the sound alone", browser, page)
    for what, viewport, options in (("playing", DESKTOP, {}), ("the mat view", PHONE, {"has_touch": True})):
        with visiting(browser, running, viewport, **options) as visit:
            page = visit.open("/play/two.mp3")
            until(page, "document.body.dataset.ready")
            page.evaluate(HOLDS)
            until(page, "document.querySelector('#phase').textContent === 'hold'")
            yield _row(what, browser, page)


def _row(what: str, browser: Browser, page: Page) -> str:
    share = _share(browser)
    ended = (
        "" if page.evaluate("() => [...document.querySelectorAll('audio')].some(one => !one.paused)") else " (ended)"
    )
    return f"{what:<16} {share:.1f} % of a core{ended}"


def _share(browser: Browser) -> float:
    time.sleep(3)
    began, before = time.monotonic(), _cpu_s(browser)
    time.sleep(PLAYED_S)
    return 100 * (_cpu_s(browser) - before) / (time.monotonic() - began)


def _cpu_s(browser: Browser) -> float:
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    return float(sum(one["cpuTime"] for one in found["processInfo"]))


def main(_arguments: list[str]) -> None:
    with studio() as running, browser_running() as browser:
        for name in ("upper-back", "sixty", "hour"):
            print(ticks(browser, running, f"/shape/{name}", SHAPED), flush=True)
        for name in ("seven", "sixty"):
            print(ticks(browser, running, f"/write/{name}", WRITTEN), flush=True)
        for row in playing(browser, running):
            print(row, flush=True)
