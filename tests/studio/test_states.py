"""Every page in every state, for those who see little, hear little, or have a keyboard alone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from .browsing import DARK, DESKTOP, LIGHT, PHONE, Visit, axe, found_by_axe, until, visiting
from .serving import ROUTINE, Studio
from .test_browser import PAGES, TYPED

RUNNING = {
    "number": 1,
    "routine": "two",
    "title": "Two short ones",
    "file": "two.mp3",
    "state": "running",
    "status": "Recording the voice… 57%",
    "share": 0.3,
    "notes": [],
    "problems": [],
}
WAY = {"code": "builtin-voice", "setting": "voice", "value": "builtin", "words": "Use the built-in voice"}
FAILED = {**RUNNING, "state": "failed", "status": "The render failed", "notes": ["No voice."]} | {
    "problems": [{"code": "voices.no-espeak", "sentence": "No voice.", "remedies": [WAY]}]
}
QUESTION = {"exists": "two.mp3 already exists.", "yes": "Replace it", "other": "two 2.mp3"}
UNNAMED = """() => [...document.querySelectorAll("button, a[href], input, select, summary, progress, audio[controls]")]
    .filter((one) => one.checkVisibility() && !one.closest("[aria-hidden=true]") && one.tabIndex >= 0)
    .filter((one) => !(one.ariaLabel || one.textContent.trim() || one.labels?.[0]?.textContent.trim()))
    .map((one) => one.outerHTML)"""


def answering(page: Page, path: str, document: Any) -> None:
    def answer(route: Route) -> None:
        route.fulfill(status=200, content_type="application/json", body=json.dumps(document))

    page.unroute(path)
    page.route(path, answer)


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.id || document.activeElement.textContent")


State = tuple[str, str]  # and the part of the page in which it is another than before


def shaping(visit: Visit) -> Iterator[State]:
    unspoken = ROUTINE.replace("Lie on your belly.", "Lie on a meadow.")
    (visit.studio.folder / "routines" / "unspoken.yaml").write_text(unspoken, encoding="utf-8")
    page = visit.open("/shape/unspoken")
    visit.settled()
    visit.unfold()
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.locator(TYPED).fill("ages")
    page.locator(TYPED).press("Enter")
    page.locator("#length").fill("11s")
    page.get_by_role("button", name="Fit", exact=True).click()
    page.locator("#problem button").first.wait_for()
    yield "problems", "html"
    page.locator("#problem").get_by_role("button", name="No fixed length").click()
    expect(page.locator("#problem")).to_be_empty()
    assert focused(page) == "length"

    answering(page, "**/render", QUESTION)
    page.get_by_role("button", name="Make the MP3").click()
    page.get_by_role("dialog").wait_for()
    yield "question", "dialog"
    page.keyboard.press("Escape")
    assert focused(page) == "Make the MP3"

    answering(page, "**/jobs/1", RUNNING)
    page.get_by_role("button", name="Make the MP3").click()
    page.get_by_role("dialog").wait_for()
    answering(page, "**/render", RUNNING)
    with page.expect_request("**/render") as asking:
        page.get_by_role("button", name="Keep both, as two 2.mp3").click()
    sent: Any = asking.value.post_data_json
    assert (sent["file"], "replace" in sent) == ("two 2.mp3", False)
    page.locator("#job[data-state=running]").wait_for()
    yield "running", "#job"
    page.locator("#job-cancel").focus()
    answering(page, "**/jobs/1", FAILED)
    page.locator("#job[data-state=failed]").wait_for()
    yield "failed", "#job"
    assert focused(page) == "job-close"
    page.get_by_role("button", name="Use the built-in voice").click()
    expect(page.locator("#job")).to_be_hidden()
    visit.settled()
    assert "voice=builtin" in page.url
    assert focused(page) == "voice"


def sending(visit: Visit) -> Iterator[State]:
    page = visit.open("/sounds")
    answering(page, "**/upload/music**", QUESTION)
    page.get_by_label("Choose a file").set_input_files({"name": "two.mp3", "mimeType": "audio/mpeg", "buffer": b"x"})
    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_role("dialog", name="two.mp3 already exists.").wait_for()
    yield "question of an upload", "dialog"
    page.keyboard.press("Escape")
    expect(page.get_by_text("Nothing was saved.")).to_be_visible()
    assert focused(page) == "Upload"


def playing(visit: Visit, track: str) -> Iterator[State]:
    page = visit.open(f"/play/{track}")
    until(page, "document.body.dataset.ready")
    page.get_by_role("button", name="Play", exact=True).focus()
    page.keyboard.press("Space")
    until(page, "document.querySelector('audio').currentTime > 0")
    yield "playing", "html"
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="All controls")).to_be_visible()
    yield "mat", "html"
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_focused()


def states(visit: Visit, track: str) -> Iterator[State]:
    """Bring the page from one state into the next."""
    for path in PAGES:
        if path != "/shape/two":  # where shaping() begins, with more on it
            visit.open(path).evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            yield path, "html"
    yield from shaping(visit)
    yield from sending(visit)
    yield from playing(visit, track)


@pytest.mark.parametrize(
    ("viewport", "schemes"),
    [
        pytest.param(PHONE, [LIGHT, DARK], id="phone"),
        pytest.param(DESKTOP, [LIGHT], id="desk", marks=pytest.mark.thorough),  # the same elements, side by side
    ],
)
def test_axe_finds_nothing_on_any_page_in_any_state_be_it_light_or_dark(
    browser: Browser, studio: Studio, track: str, viewport: Any, schemes: list[tuple[Any, Any]]
) -> None:
    script = axe()
    assert f"/play/{track}" in PAGES
    with visiting(browser, studio, viewport, bypass_csp=True, reduced_motion="reduce") as visit:
        page = visit.page
        for state, part in states(visit, track):
            assert found_by_axe(page, script, schemes, part) == [], f"{state} {viewport}"
            assert page.evaluate(UNNAMED) == [], f"{state} {viewport}"
        visit.problems.clear()  # the browser itself notes the answers 404 and 422
