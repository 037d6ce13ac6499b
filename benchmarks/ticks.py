"""What a slider's change costs: bytes each way, and the time until the picture shows it; and what playing costs.

studio in Debian's Chromium -> a row per routine
"""

import statistics
import time
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.weights import studio
from tests.studio.browsing import DESKTOP, browser_running, visiting
from tests.studio.serving import Studio

CHANGES = 20
PLAYED_S = 20
CHANGE = """async () => {
  const began = performance.now();
  document.querySelector('.dial[data-set="hold"] .step:last-of-type').click();
  const settled = () => !document.body.dataset.busy;
  while (!settled()) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return performance.now() - began;
}"""


def ticks(browser: Browser, running: Studio, name: str) -> str:
    with visiting(browser, running, DESKTOP) as visit:
        page = visit.open(f"/shape/{name}")
        visit.settled()
        page.evaluate(CHANGE)  # the first brings every part
        sizes: list[tuple[int, int]] = []

        def note(request: Any) -> None:
            if "/plan/" in request.url:
                found = request.sizes()
                sizes.append((found["requestHeadersSize"], found["responseBodySize"]))

        page.on("requestfinished", note)
        working = visit.page.context.new_cdp_session(page)
        working.send("Performance.enable", {"timeDomain": "threadTicks"})
        page_s, server_s = _task_s(working), time.process_time()
        times = [page.evaluate(CHANGE) for _ in range(CHANGES)]
        page_ms = 1000 * (_task_s(working) - page_s) / CHANGES
        server_ms = 1000 * (time.process_time() - server_s) / CHANGES
    up, down = (statistics.median(size) for size in zip(*sizes, strict=True))
    return (
        f"{name:<12} sent {up / 1000:.1f} kB, received {down / 1000:.1f} kB, "
        f"shown after {statistics.median(times):.0f} ms ({min(times):.0f} to {max(times):.0f}), "
        f"of which the page works {page_ms:.0f} and the studio {server_ms:.0f}"
    )


def _task_s(working: CDPSession) -> float:
    metrics = working.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def playing(browser: Browser, running: Studio) -> str:
    """The share of a core that the browser needs while a track plays, all its processes together."""
    running.render("two", "hold=30s")
    with visiting(browser, running, DESKTOP) as visit:
        page = visit.open("/play/two.mp3")
        page.get_by_role("button", name="Play", exact=True).first.click()
        time.sleep(3)
        before = _cpu_s(browser)
        time.sleep(PLAYED_S)
        return f"playing: {100 * (_cpu_s(browser) - before) / PLAYED_S:.1f} % of a core{_still_playing(page)}"


def _still_playing(page: Page) -> str:
    return "" if page.evaluate("() => [...document.querySelectorAll('audio')].some(one => !one.paused)") else " (ended)"


def _cpu_s(browser: Browser) -> float:
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    return float(sum(one["cpuTime"] for one in found["processInfo"]))


def main(_arguments: list[str]) -> None:
    with studio() as running, browser_running() as browser:
        for name in ("upper-back", "sixty", "hour"):
            print(ticks(browser, running, name), flush=True)
        print(playing(browser, running))
