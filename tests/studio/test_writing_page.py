"""Writing a routine in the studio: from a pasted text to the track, by keys alone, undone, and in two tabs at once."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.command import run

from .browsing import (
    DARK,
    DESKTOP,
    LIGHT,
    PHONE,
    Visit,
    axe,
    found_by_axe,
    moved_by,
    replacing,
    scanned,
    tab_to,
    until,
    visiting,
)
from .serving import ROUTINE, Studio

ARTICLE = """\
# Evening hips

For stiff hips after a long day.

1. Child's pose - 12 seconds. Knees wide, big toes together. Sink your hips back.
2. Pigeon pose: 10 seconds per side. Front shin across the mat.
"""
COMMENTED = """\
title: Commented # the first one
voice: espeak
exercises:
  # An exercise with everything.
  - name: Lunge
    hold: 20s # long
    sides: [right, left]
    setup:
      - Kneel on your {side} knee.
      - Hands on your hips.
    cues:
      - at: 2s
        say: Sink.
      - at: 10s
        say: Breathe.
  - passage: Rest # a moment
    say: Rest a moment. [5s]
  - rounds: 2
    work: 10s
    rest: 15s
    exercises:
      - name: Squats
      - name: Plank
"""


TOUCH: Any = {"has_touch": True, "is_mobile": True}


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def visit(request: pytest.FixtureRequest, browser: Browser, network: Studio) -> Iterator[Visit]:
    with visiting(browser, network, request.param, **(TOUCH if request.param is PHONE else {})) as one:
        yield one


def mostly(name: str) -> pytest.MarkDecorator:
    """A test whose steps are the same at any width, once; the other width is thorough."""
    sizes = {"desk": DESKTOP, "phone": PHONE}
    params = [
        pytest.param(size, id=one, marks=() if one == name else pytest.mark.thorough) for one, size in sizes.items()
    ]
    return pytest.mark.parametrize("visit", params, indirect=True)


@pytest.fixture
def desk(browser: Browser, studio: Studio) -> Iterator[Visit]:
    (studio.folder / "routines" / "commented.yaml").write_text(COMMENTED, "utf-8")
    with visiting(browser, studio, DESKTOP) as one:
        yield one


def writing(visit: Visit, path: str = "") -> Page:
    """The page on which a routine is written, once it shows its cards."""
    page = visit.open(path) if path else visit.page
    until(page, "document.body.dataset.ready && document.querySelector('#items')")
    visit.settled()
    return page


def card(page: Page, name: str) -> Locator:
    return page.locator(".card[data-kind]").filter(has=page.get_by_role("heading", name=name)).last


def opened(page: Page, name: str) -> Locator:
    one = card(page, name)
    if one.locator(".card-name").first.get_attribute("aria-expanded") == "false":
        one.locator(".card-name").first.click()
    return one


def typed(visit: Visit, key: str, text: str) -> None:
    """Type a text where a key leads to in the routine's text, and return to the cards."""
    visit.page.get_by_role("tab", name="Text").click()
    visit.page.locator(".cm-content").click()
    visit.page.keyboard.press(key)
    visit.page.keyboard.insert_text(text)
    visit.page.get_by_role("tab", name="Cards").click()
    visit.settled()


def drag(page: Page, pin: Locator, share: float) -> None:
    """Drag a pin to a share of its track, with a finger where the page has one."""
    pin.scroll_into_view_if_needed()
    box, track = pin.bounding_box(), pin.locator("xpath=../..").bounding_box()
    assert box is not None
    assert track is not None
    begin, y = box["x"] + box["width"] / 2, box["y"] + 16
    end = track["x"] + track["width"] * share
    steps = [begin + (end - begin) * step / 8 for step in range(1, 9)]
    if page.evaluate("matchMedia('(pointer: coarse)').matches"):
        touch = page.context.new_cdp_session(page)

        def send(kind: str, *x: float) -> None:
            points = [{"x": at, "y": y} for at in x]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        send("touchStart", begin)
        for x in steps:
            send("touchMove", x)
        send("touchEnd")
        return
    page.mouse.move(begin, y)
    page.mouse.down()
    for x in steps:
        page.mouse.move(x, y)
    page.mouse.up()


def test_a_newcomer_goes_from_an_article_to_the_mat_and_the_phone(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    studio = visit.studio
    (studio.output / "evening-hips.mp3").unlink(missing_ok=True)  # of the other width
    page = visit.open("/")
    page.get_by_role("link", name="New routine").click()
    page.get_by_label("Text to read").fill(ARTICLE)
    page.get_by_role("button", name="Read the text").click()
    expect(page.locator("#review-lead")).to_contain_text("1 guess to confirm, 1 line left out")
    expect(page.locator("#source-lines .guessed")).to_contain_text("10 seconds per side")
    page.get_by_role("button", name=re.compile("^Confirm: both sides")).click()
    expect(page.locator("#review-lead")).to_contain_text("Nothing left to confirm")
    page.get_by_role("button", name="Open it in the editor").click()
    page.wait_for_url("**/write/evening-hips")
    writing(visit)
    assert (
        page.evaluate(
            "Math.min(...[...document.querySelectorAll('#bar button')].map((one) => one.getBoundingClientRect().left))"
        )
        >= 0
    )

    typed(visit, "Control+Home", "voice: espeak\n")

    page.get_by_role("button", name="Add an exercise").click()
    page.get_by_role("button", name="Exercise with a hold").click()
    visit.settled()
    page.keyboard.type("Rest")
    page.keyboard.press("Enter")
    visit.settled()
    rest = card(page, "Rest")
    rest.get_by_label("Hold").fill("10 turns")
    rest.get_by_label("Hold").press("Enter")
    expect(rest.locator(".field-problem")).to_contain_text(re.compile(r"Still in force: 30s\.$"))
    rest.get_by_label("Hold").fill("11s")
    rest.get_by_label("Hold").press("Enter")
    visit.settled()
    expect(rest.locator(".field-problem")).to_have_count(0)

    pose = opened(page, "Child's pose")
    drag(page, pose.get_by_role("slider"), 0.5)
    visit.settled()
    expect(pose.get_by_label("Time of cue 1, Child's pose", exact=True)).to_have_value("6s")
    pose.get_by_role("slider").scroll_into_view_if_needed()
    before = pose.get_by_role("slider").bounding_box()
    drag(page, pose.get_by_role("slider"), 1)  # to the very end, where it stays within the hold
    visit.settled()
    expect(pose.get_by_text("Does not fit here")).to_be_visible()
    after = pose.get_by_role("slider").bounding_box()
    assert before is not None
    assert after is not None
    assert before["y"] == after["y"]  # nothing moved under the finger
    expect(pose.get_by_role("slider")).to_have_attribute("aria-valuetext", re.compile("does not fit"))
    page.get_by_role("button", name="Undo").click()
    visit.settled()
    expect(pose.get_by_text("Does not fit here")).to_be_hidden()

    pose.get_by_role("button", name="Listen: Sink your hips back.").click()
    until(page, "document.body.dataset.preview")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#draft-status")).to_have_text("Saved")
    page.get_by_role("button", name="Make the MP3").click()
    page.wait_for_url("**/shape/evening-hips")
    visit.settled()
    replacing(page)  # the other width was here before
    page.get_by_role("button", name="Make the MP3").click()
    page.locator("#job-play").click()
    until(page, "document.body.dataset.ready")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "document.querySelector('audio').currentTime > 0.2")
    hold = page.evaluate(
        "JSON.parse(document.getElementById('track').textContent).events.find((one) => one[2] === 'hold')"
    )
    page.evaluate(f"document.querySelector('audio').currentTime = {hold[0] / 1000}")
    until(page, "document.querySelector('.ring').dataset.state === 'work'")
    page.evaluate("document.querySelector('audio').pause()")

    if page.evaluate("document.body.classList.contains('mat')"):
        page.get_by_role("button", name="All controls").click()
    page.get_by_role("button", name="Open for my phone").click()
    expect(page.locator("#on-phone .code img")).to_have_js_property("complete", value=True)
    (address,) = scanned(page.locator("#on-phone .code"))
    with browser.new_context(viewport=PHONE, **TOUCH) as sent:
        phone = sent.new_page()
        phone.goto(address)
        phone.get_by_role("button", name="Play", exact=True).tap()
        until(phone, "document.querySelector('audio').currentTime > 0.2")
        phone.get_by_role("button", name="All controls").tap()
        link = phone.get_by_role("link", name="Download").get_attribute("href")
        there = sent.request.get(urljoin(address, link)).body()

    assert run("check", "evening-hips").returncode == 0
    text = (studio.folder / "routines" / "evening-hips.yaml").read_text("utf-8")
    assert "guess" not in text
    assert "at: 6s" in text
    environment = {**os.environ, "AUDIOGEN_CACHE_DIR": str(studio.folder / "cache")}
    assert run("render", "evening-hips", "-o", str(tmp_path / "theirs.mp3"), env=environment).returncode == 0
    assert (tmp_path / "theirs.mp3").read_bytes() == (studio.output / "evening-hips.mp3").read_bytes() == there


def test_a_routine_is_written_by_keys_alone(desk: Visit) -> None:
    page = desk.open("/write")
    tab_to(page, "[data-from=empty]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/write/*")
    writing(desk)
    page.keyboard.press("Tab")
    tab_to(page, "#items .card-name")
    page.keyboard.press("Enter")
    tab_to(page, "#items .control.wide input")
    page.keyboard.press("Control+a")
    page.keyboard.type("Low lunge")
    tab_to(page, "#items .line-list .add-line")
    page.keyboard.press("Enter")
    for line in ("Kneel.", "Hands down."):
        page.keyboard.type(line)
        page.keyboard.press("Enter")
    desk.settled()
    page.keyboard.press("Backspace")  # the third line, which is empty
    desk.settled()
    tab_to(page, "#items .cues .add-line")
    page.keyboard.press("Enter")
    page.keyboard.type("Sink.")
    tab_to(page, "#add-item")
    desk.settled()
    tab_back_to(page, "[role=slider]")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    desk.settled()
    tab_to(page, "#add-item")
    page.keyboard.press("Enter")
    tab_to(page, "[data-new=passage]")
    page.keyboard.press("Enter")
    desk.settled()
    page.keyboard.press("Alt+ArrowUp")
    desk.settled()
    expect(page.locator("#live")).to_have_text("A quiet moment: now 1 of 2.")
    page.keyboard.press("Control+s")
    expect(page.locator("#draft-status")).to_have_text("Saved")
    written = max((desk.studio.folder / "routines").glob("*.yaml"), key=lambda path: path.stat().st_mtime)
    text = written.read_text("utf-8")
    assert text.index("A quiet moment") < text.index("Low lunge")
    assert re.search(r"setup:\s+- Kneel\.\s+- Hands down\.\n", text)
    assert re.search(r"- at: 8s\s+say: Sink\.", text)
    assert run("check", written.stem).returncode == 0


def tab_back_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Shift+Tab")
    raise AssertionError(f"Shift+Tab never reaches {selector}")


def test_everything_is_undone_with_comments_kept_and_redone(desk: Visit) -> None:
    page = writing(desk, "/write/commented")
    lunge = opened(page, "Lunge")
    lunge.get_by_role("button", name="Delete: Set-up, line 2, Lunge").click()
    desk.settled()
    lunge.get_by_role("button", name="Duplicate: Lunge").click()
    desk.settled()
    expect(page.locator("#items > .card")).to_have_count(4)
    opened(page, "Rest").get_by_role("button", name="Move up: Rest").click()
    desk.settled()
    card(page, "Rest").get_by_role("button", name="Delete: Rest").click()
    desk.settled()
    expect(page.locator("#done")).to_contain_text("Rest deleted.")
    texts = "document.querySelector('#items').innerText"
    after = page.evaluate(texts)
    page.locator("#done").get_by_role("button", name="Undo").click()
    desk.settled()
    expect(card(page, "Rest")).to_be_visible()
    page.locator("h1").click()
    for _ in range(3):
        page.keyboard.press("Control+z")
        desk.settled()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(page.locator("#draft-status")).to_have_text("Saved")
    page.get_by_role("tab", name="Text").click()
    expect(page.locator(".cm-content")).to_contain_text("# An exercise with everything.")
    page.get_by_role("tab", name="Cards").click()
    for _ in range(4):
        page.keyboard.press("Control+Shift+z")
        desk.settled()
    assert page.evaluate(texts) == after


def test_a_mistake_in_the_text_is_shown_at_its_line_and_cards_are_moved_with_the_mouse(desk: Visit) -> None:
    page = writing(desk, "/write/commented#lunge")
    expect(card(page, "Lunge").locator(".card-name").first).to_be_focused()
    typed(desk, "Control+End", "colour: red\n")
    expect(page.get_by_role("region", name="Mistakes in the text")).to_contain_text("Line 24")
    page.get_by_role("region", name="Mistakes in the text").get_by_role("button", name="Line 24").click()
    expect(page.locator(".cm-activeLine")).to_have_text("colour: red")
    page.keyboard.press("Shift+End")
    page.keyboard.press("Delete")
    page.get_by_role("tab", name="Cards").click()
    desk.settled()
    expect(page.get_by_role("region", name="Mistakes in the text")).to_be_hidden()

    lunge = card(page, "Lunge")
    lunge.locator(".card-name").first.click()
    box, below = lunge.locator(".grip").bounding_box(), card(page, "Rest").bounding_box()
    assert box is not None
    assert below is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, below["y"] + below["height"], steps=6)
    page.mouse.up()
    desk.settled()
    expect(page.locator("#items > .card .card-title").first).to_have_text("Rest")


@mostly("phone")
def test_of_two_tabs_the_second_is_told_and_nothing_is_lost(visit: Visit) -> None:
    path = visit.studio.folder / "routines" / "two.yaml"
    first = visit.page
    second = first.context.new_page()
    for page, hold in ((first, "25s"), (second, "17s")):
        page.goto(f"{visit.studio.url.rstrip('/')}/write/two")
        until(page, "document.body.dataset.ready")
        opened(page, "Double V").get_by_label("Hold").fill(hold)
    card(first, "Double V").get_by_label("Hold").press("Enter")
    visit.settled()
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator("#draft-status")).to_have_text("Saved")
    card(second, "Double V").get_by_label("Hold").press("Enter")
    expect(second.locator("#conflict")).to_contain_text("hanged on disk")  # before anybody saves
    assert not may_be_left(second), "what is written here is kept nowhere yet"
    differing = second.get_by_role("group", name="What differs").get_by_role("listitem")
    expect(differing).to_have_text([re.compile(r"Other 7\s+hold: 25s"), re.compile(r"Mine 7\s+hold: 17s")])
    card(second, "Double V").get_by_label("Hold").fill("18s")
    card(second, "Double V").get_by_label("Hold").press("Enter")
    expect(differing.last).to_contain_text("hold: 18s")
    second.evaluate("scrollTo(0, document.body.scrollHeight)")
    last, question = second.locator("#add-item").bounding_box(), second.locator("#conflict").bounding_box()
    assert last is not None
    assert question is not None
    assert last["y"] + last["height"] <= question["y"], "nothing is hidden below it for good"
    assert "hold: 25s" in path.read_text("utf-8")
    second.get_by_role("button", name="Load it").click()
    expect(card(second, "Double V").get_by_label("Hold")).to_have_value("25s")
    second.get_by_role("button", name="Undo").click()  # what was written here is still there
    expect(card(second, "Double V").get_by_label("Hold")).to_have_value("18s")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator("#draft-status")).to_have_text("Saved")
    assert "hold: 18s" in path.read_text("utf-8")
    assert may_be_left(second)


@mostly("desk")  # the test with axe sees the same buttons on a phone
def test_a_length_that_cannot_be_met_has_its_remedies_as_buttons(visit: Visit) -> None:
    folder, title = visit.studio.folder / "routines", f"Lie on a meadow of {visit.page.viewport_size}"
    text = ROUTINE.replace("Lie on your belly", re.sub(r"\W+", " ", title))
    (folder / "free.yaml").write_text(text, "utf-8")
    path = folder / "short.yaml"
    path.write_text(f"length: 20s\n{text}", "utf-8")
    page = writing(visit, "/write/short")
    estimated = page.locator("#session-hints .hint")
    expect(estimated).to_contain_text("cannot last 0:20")
    estimated.get_by_role("button", name="Let holds shrink").click()
    expect(page.locator("#done")).to_contain_text("Done: Let holds shrink.")
    expect(page.locator("#undo")).to_be_focused()
    visit.settled()
    page.locator("#done").get_by_role("button", name="Undo").click()
    visit.settled()
    expect(estimated.get_by_role("button", name="Let holds shrink")).to_be_visible()
    page.get_by_role("tab", name="Text").click()
    expect(page.locator("#yaml-mistakes")).to_contain_text("By the estimate of its speech:")
    expect(page.locator("#yaml-mistakes").get_by_role("button", name="No fixed length")).to_be_visible()
    page.get_by_role("tab", name="Cards").click()

    assert visit.studio.render("free")["state"] == "done"  # from now on its speech is known
    page.get_by_role("button", name="Save", exact=True).click()
    told = page.locator("#problem")
    expect(told).to_contain_text("cannot last 0:20")
    expect(page.locator(".picture")).to_have_class(re.compile("stale"))
    assert "length: 20s" in path.read_text("utf-8")
    told.get_by_role("button", name="No fixed length").click()
    visit.settled()
    expect(told).to_be_empty()
    expect(estimated).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#draft-status")).to_have_text("Saved")
    assert path.read_text("utf-8") == text
    visit.problems.clear()  # the browser itself notes the answer 422
    page.get_by_role("button", name="Undo").first.click()
    visit.settled()
    page.locator(".session > summary").click()
    expect(page.get_by_label("Length", exact=True)).to_have_value("20s")


def may_be_left(page: Page) -> bool:
    """Whether a page closes without a question."""
    return bool(page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))"))


def test_of_two_tabs_the_second_discards_no_draft_that_it_has_not_seen(desk: Visit) -> None:
    first = writing(desk, "/write/two")
    opened(first, "Double V").get_by_label("Hold").fill("25s")
    card(first, "Double V").get_by_label("Hold").press("Enter")
    expect(first.locator("#draft-status")).to_have_text("Draft saved")
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"{desk.studio.url.rstrip('/')}/write/two")
        until(page, "document.body.dataset.ready")
    opened(second, "Double V").get_by_label("Hold").fill("17s")
    with second.expect_response("**/write/draft"):
        card(second, "Double V").get_by_label("Hold").press("Enter")
    first.get_by_role("button", name="Discard the draft").click()
    expect(first.locator("#conflict")).to_contain_text("Another tab is writing this routine")
    draft = desk.studio.folder / "routines" / ".drafts" / "two.json"
    assert "17s" in draft.read_text("utf-8")
    first.get_by_role("button", name="Load it").click()
    expect(opened(first, "Double V").get_by_label("Hold")).to_have_value("17s")
    with first.expect_navigation():
        first.get_by_role("button", name="Discard the draft").click()
    assert not draft.exists()


CUES = """\
title: Cues
voice: espeak
exercises:
  - name: Plank
    hold: 40s
    cues:
      - at: 4s
        say: Sink.
      - after: 3s
        say: Breathe.
      - every: 16s
        sound: tick
"""


def test_a_save_that_was_not_answered_is_forgotten_once_one_is(desk: Visit) -> None:
    (desk.studio.folder / "routines" / "cues.yaml").write_text(CUES, "utf-8")
    page = writing(desk, "/write/cues")
    opened(page, "Plank").get_by_label("Hold").fill("50s")
    page.route("**/write/save", lambda route: route.abort())
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#problem")).to_contain_text("does not answer")
    page.unroute("**/write/save")
    desk.problems.clear()  # the browser itself notes the requests that failed
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#problem")).to_be_empty()


def test_a_pin_that_is_refused_returns_at_once_and_every_cue_says_how_it_is_moved(desk: Visit) -> None:
    (desk.studio.folder / "routines" / "cues.yaml").write_text(CUES, "utf-8")
    page = writing(desk, "/write/cues")
    plank = opened(page, "Plank")
    time = plank.get_by_label("Time of cue 1, Plank", exact=True)
    pin = plank.get_by_role("slider", name="Time of cue 1")
    page.route("**/write/plan", lambda route: route.abort())
    drag(page, pin, 0.5)
    expect(page.get_by_role("alert").filter(has_text="The cue is back at 4 s.")).to_contain_text("does not answer")
    expect(pin).to_have_attribute("aria-valuenow", "4")
    expect(time).to_have_value("4s")
    page.unroute("**/write/plan")
    desk.problems.clear()  # the browser itself notes the requests that failed
    drag(page, pin, 0.5)
    desk.settled()
    expect(time).to_have_value("20s")
    expect(page.locator("#problem")).to_be_empty()

    after = plank.get_by_label("How long after the cue before of cue 2, Plank")
    expect(after).to_have_accessible_description(re.compile("from the end of the cue before"))
    follows = plank.get_by_role("slider", name="Time of cue 2")
    there = float(follows.get_attribute("aria-valuenow") or 0)
    assert 23 < there < 24.5, "the cue before begins at 20 s"
    for _ in range(2):
        follows.press("ArrowRight")
    follows.blur()
    desk.settled()
    expect(after).to_have_value("5s")
    drag(page, follows, 0.75)
    desk.settled()
    assert re.fullmatch(r"(9|10)(\.5)?s", after.input_value()), "by half seconds, whenever the cue before ends"
    drag(page, follows, 1)
    desk.settled()
    ends = float(after.input_value().removesuffix("s"))
    assert ends % 0.5 == 0, "at the end, too"
    assert 0 < 40 - float(follows.get_attribute("aria-valuenow") or 0) <= 0.5, "and that is the last one before it"
    drag(page, follows, 0)  # before the cue that it follows
    desk.settled()
    expect(after).to_have_value("0s")
    for _ in range(3):
        page.get_by_role("button", name="Undo").click()
    desk.settled()
    expect(follows).to_have_attribute("aria-valuenow", f"{there + 2:g}")
    every = plank.get_by_role("slider", name="Time of cue 3")
    drag(page, every, 0.25)
    desk.settled()
    expect(plank.get_by_label("How often of cue 3, Plank")).to_have_value("10s")
    every.press("Home")
    expect(page.locator("#problem")).to_contain_text("The cue is back at 10 s.")
    expect(every).to_have_attribute("aria-valuenow", "10")


def test_a_passage_is_heard_with_the_words_that_were_just_typed(desk: Visit) -> None:
    page = writing(desk, "/write/commented")
    rest = opened(page, "Rest")
    rest.get_by_label("Words and pauses").fill("Lie down. [2s]")
    with page.expect_request("**/write/preview") as asked:
        rest.get_by_role("button", name="Listen: Rest").click()
    sent: Any = asked.value.post_data_json
    assert "Lie down. [2s]" in sent["text"]
    until(page, "document.body.dataset.preview")


def test_what_is_added_speaks_the_language_of_the_routine(desk: Visit) -> None:
    page = writing(desk, "/write/two")
    typed(desk, "Control+Home", "language: de-AT\n")
    for kind, name in (("Exercise with repetitions", "Neue Übung"), ("Passage words", "Ein ruhiger Moment")):
        page.get_by_role("button", name="Add an exercise").click()
        page.get_by_role("button", name=kind).click()
        desk.settled()
        expect(card(page, name).get_by_label("Name", exact=True)).to_be_focused()
    card(page, "Neue Übung").get_by_role("button", name="Add a phase").click()
    desk.settled()
    words = [card(page, "Neue Übung").get_by_label(f"Words of phase {number}").input_value() for number in (1, 2, 3)]
    assert words == ["Hoch", "Runter", "Halten"]
    expect(card(page, "Ein ruhiger Moment").get_by_label("Words and pauses")).to_have_value(
        "Atme ein und wieder aus. [10s]"
    )


@mostly("desk")
def test_what_a_routine_inherits_is_listed_and_changed_here(visit: Visit) -> None:
    path = visit.studio.folder / "routines" / "more.yaml"
    path.write_text("extends: two\ntitle: More of it\n", "utf-8")
    page = writing(visit, "/write/more")
    others = page.get_by_role("region", name="As in two")
    expect(others.get_by_role("link", name="two")).to_have_attribute("href", re.compile("/shape/two$"))
    expect(others.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("button", name="Add an exercise")).to_be_hidden()
    others.get_by_role("button", name="Change here: Double V").click()
    visit.settled()
    hold = card(page, "Double V").get_by_label("Hold")
    expect(hold).to_have_value("10s")
    colours = [one.evaluate("one => getComputedStyle(one).color") for one in (hold, page.locator("#title"))]
    assert colours[0] == colours[1], "it looks like any other card"
    expect(card(page, "Double V").get_by_label("Sides").locator("option:checked")).to_have_text("As given elsewhere")
    expect(card(page, "Double V")).to_contain_text("replace those given elsewhere")
    hold.fill("12s")
    hold.press("Enter")
    visit.settled()
    others.get_by_role("button", name="Change here: Cat and cow").click()
    visit.settled()
    nothing = page.get_by_role("region", name="Everything in two is changed above")
    expect(nothing).to_be_visible()
    expect(nothing.get_by_role("listitem")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#draft-status")).to_have_text("Saved")
    assert path.read_text("utf-8") == (
        "extends: two\ntitle: More of it\nexercises:\n  double-v:\n    hold: 12s\n  cat-and-cow:\n    reps: 2\n"
    )


def test_a_meditation_is_a_text_with_pauses(desk: Visit) -> None:
    page = desk.open("/write")
    page.get_by_role("button", name="Meditation").click()
    page.wait_for_url("**/write/*")
    writing(desk)
    page.locator(".session > summary").click()
    page.get_by_label("Length").fill("")
    page.get_by_label("Length").press("Enter")
    words = page.get_by_label("Words and pauses")
    words.fill("Rest your hands. [5s]\n\nBreathe.")
    words.press("Control+End")
    page.get_by_role("button", name="Pause of 10 s").click()
    with page.expect_response("**/write/preview") as heard:
        page.get_by_role("button", name="Listen").click()
    assert heard.value.json()["end_ms"] > 15_000
    desk.settled()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#draft-status")).to_have_text("Saved")
    (written,) = (desk.studio.folder / "routines").glob("meditation*.yaml")
    assert "say: |\n  Rest your hands. [5s]\n\n  Breathe. [10s]\n" in written.read_text("utf-8")


def test_a_draft_survives_and_a_shipped_routine_is_edited_as_a_copy(desk: Visit) -> None:
    page = desk.open("/shape/upper-back")
    desk.settled()
    page.get_by_role("link", name="Edit: Double V").click()
    page.wait_for_url(re.compile("/write/upper-back.*#double-v$"))
    writing(desk)
    expect(page.locator("#from")).to_contain_text("This is a copy of upper-back")
    card(page, "Double V").get_by_label("Hold").fill("31s")
    card(page, "Double V").get_by_label("Hold").press("Enter")
    desk.settled()
    expect(page.locator("#draft-status")).to_have_text("Draft saved")
    page.reload()
    writing(desk)
    expect(page.locator("#from")).to_contain_text("draft")
    expect(opened(page, "Double V").get_by_label("Hold")).to_have_value("31s")

    def drafts() -> set[str]:
        return {one.stem for one in (desk.studio.folder / "routines" / ".drafts").iterdir()}

    before = drafts()
    page.locator(".session > summary").click()
    name = page.get_by_label("Name of the file")
    first = name.input_value()
    name.fill("con")
    name.press("Tab")
    expect(page.locator("#draft-status")).to_have_text("Draft not saved")
    desk.problems.clear()  # the browser itself notes the answer 422
    assert drafts() == before
    with page.expect_response("**/write/discard"):
        name.fill("my-back")
        name.press("Tab")
    assert drafts() == before - {first} | {"my-back"}
    page.get_by_role("button", name="Discard the draft").click()


@pytest.mark.parametrize(
    ("viewport", "schemes"),
    [
        pytest.param(PHONE, [LIGHT, DARK], id="phone"),
        pytest.param(DESKTOP, [LIGHT], id="desk", marks=pytest.mark.thorough),  # the same elements, side by side
    ],
)
def test_axe_finds_nothing_while_a_routine_is_written(
    browser: Browser, studio: Studio, viewport: Any, schemes: list[tuple[str, dict[str, Any]]]
) -> None:
    script = axe()
    (studio.folder / "routines" / "commented.yaml").write_text(COMMENTED, "utf-8")
    with visiting(browser, studio, viewport, bypass_csp=True, reduced_motion="reduce") as visit:
        page = visit.open("/write")

        def sound(state: str, part: str = "html") -> None:
            assert found_by_axe(page, script, schemes, part) == [], state
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], state

        page.get_by_label("Text to read").fill(ARTICLE)
        page.get_by_role("button", name="Read the text").click()
        expect(page.locator("#review")).to_be_visible()
        sound("import")
        writing(visit, "/write/commented#lunge")
        for name in ("Rest", "group"):
            opened(page, name)
        page.locator(".session summary").click()
        page.get_by_role("button", name="Add a cue").first.click()
        card(page, "Lunge").get_by_label("Hold").fill("abc")
        card(page, "Lunge").get_by_label("Hold").press("Enter")
        expect(page.locator(".field-problem")).to_be_visible()
        page.get_by_label("Length", exact=True).fill("20s")
        page.get_by_label("Length", exact=True).press("Enter")
        expect(page.locator("#session-hints").get_by_role("button", name="No fixed length")).to_be_visible()
        sound("editing, with a mistake and remedies")
        page.get_by_role("button", name="Add an exercise").click()
        sound("adding", "#add")
        page.keyboard.press("Escape")
        path = studio.folder / "routines" / "commented.yaml"
        path.write_text(COMMENTED.replace("20s", "25s"), "utf-8")
        page.get_by_label("Title").fill("Mine")
        page.get_by_label("Title").press("Enter")
        visit.settled()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#conflict")).to_be_visible()
        sound("conflict", "#conflict")
        page.get_by_role("tab", name="Text").click()
        expect(page.locator(".cm-content")).to_be_visible()
        sound("text")
        (studio.folder / "routines" / "more.yaml").write_text("extends: commented\ntitle: More\n", "utf-8")
        writing(visit, "/write/more")
        page.get_by_role("button", name="Change here: Lunge").click()
        visit.settled()
        sound("extending")


def test_what_is_not_sent_again_is_shown_all_the_same(desk: Visit) -> None:
    page = writing(desk, "/write/commented")
    lunge = opened(page, "Lunge")
    page.locator(".card[data-kind=group] > header .card-name").click()
    expect(card(page, "Squats").locator(".card-fields")).to_have_count(0)  # nothing of it was needed so far
    lunge.get_by_label("Hold", exact=True).fill("30s")
    lunge.get_by_label("Hold", exact=True).press("Enter")
    desk.settled()
    squats = opened(page, "Squats")
    squats.get_by_label("Name", exact=True).fill("Deep squats")
    squats.get_by_label("Name", exact=True).press("Enter")
    desk.settled()
    lunge.locator(".card-name").click()
    page.get_by_role("button", name="Undo", exact=True).click()
    desk.settled()
    page.get_by_role("button", name="Undo", exact=True).click()
    desk.settled()
    expect(page.locator("#lane > svg > g:last-child > svg > rect.hold")).to_have_count(6)  # two sides; two of two
    for name, holds in (("Lunge", 2), ("Squats", 1)):
        lane = opened(page, name).locator("[data-lane] rect.hold")
        expect(lane).to_have_count(holds)
    expect(opened(page, "Lunge").get_by_label("Hold", exact=True)).to_have_value("20s")
    expect(opened(page, "Lunge").locator(".line textarea")).to_have_count(2)
    assert "undefined" not in page.locator("main").inner_html()


@pytest.mark.parametrize("anchor", ["auto", "none"])  # with the help of the browser, and on phones whose has none
def test_what_is_touched_while_writing_stays_under_the_finger(browser: Browser, studio: Studio, anchor: str) -> None:
    timed = COMMENTED.replace("voice:", "length: 5m\nvoice:")
    (studio.folder / "routines" / "commented.yaml").write_text(timed, "utf-8")
    with visiting(browser, studio, PHONE, **TOUCH) as visit:
        page = writing(visit, "/write/commented")
        page.evaluate("document.body.style.paddingBlock = '100vh'")  # room to scroll
        page.evaluate("anchor => { document.documentElement.style.overflowAnchor = anchor; }", anchor)
        lunge = card(page, "Lunge")
        hold = lunge.get_by_label("Hold", exact=True)
        far: list[tuple[str, float]] = []

        def tapped(one: Locator) -> None:
            far.append((str(one), moved_by(visit, one, one.tap)))

        def held(length: str) -> None:
            far.append((length, moved_by(visit, hold, lambda: hold.fill(length), lambda: hold.press("Enter"))))

        def chosen(label: str, value: str) -> None:
            one = lunge.get_by_label(label, exact=True)
            far.append((value, moved_by(visit, one, lambda: one.select_option(value))))

        for _ in range(3):
            tapped(lunge.locator(".card-name"))
        for length in ("9m55s", "ages", "20s"):
            held(length)
        hold.fill("ages")  # which is refused once another control is touched
        added = lunge.get_by_role("textbox", name=re.compile("^Words of cue 3"))
        tapped(lunge.get_by_role("button", name="Add a cue"))
        expect(added).to_be_focused()
        expect(added).to_be_in_viewport(ratio=1)
        hold.fill("20s")
        tapped(lunge.get_by_role("button", name="Add a set-up line"))
        expect(lunge.get_by_role("textbox", name="Set-up, line 3, Lunge")).to_be_focused()
        for label, value in (("Sides", "left,right"), ("Sides", ""), ("Kind", "reps")):
            chosen(label, value)
        tapped(lunge.get_by_role("button", name="Add a phase"))
        page.locator(".card[data-kind=group] .card-name").first.tap()  # into which the card goes, then
        for name, place in (("Move down", "2 of 3"), ("Move down", "1 of 3"), ("Move up", "2 of 3")):
            control = page.get_by_role("button", name=f"{name}: Lunge")
            tapped(control)
            expect(control).to_be_focused()
            expect(page.locator("#live")).to_have_text(f"Lunge: now {place}.")
        sets = page.get_by_label("Sets", exact=True)
        far.append(("key", moved_by(visit, sets, lambda: sets.fill("2"), lambda: sets.press("Alt+ArrowUp"))))
        expect(page.locator("#live")).to_have_text("Lunge: now 1 of 3.")
        expect(sets).to_be_focused()
        expect(sets).to_have_value("2")
        assert [one for one in far if one[1] > 2] == []
