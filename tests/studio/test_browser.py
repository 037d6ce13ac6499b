"""The studio in a browser: with mouse, finger and keyboard, on a desk and on a phone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .browsing import DESKTOP, PHONE, Visit, moved_by, replacing, tab_to, until, visiting
from .serving import ROUTINE, Studio

PAGES = (
    "/",
    "/shape/two",
    "/tracks",
    "/play/two.mp3",
    "/write",
    "/write/two",
    "/sounds",
    "/sounds?routine=two",
    "/booth/two",
    "/podcast",
    "/phone",
    "/shape/nobody",
)


@pytest.fixture(params=[DESKTOP, pytest.param(PHONE, marks=pytest.mark.thorough)], ids=["desk", "phone"])
def visit(request: pytest.FixtureRequest, browser: Browser, studio: Studio) -> Iterator[Visit]:
    with visiting(browser, studio, request.param) as one:
        yield one


@pytest.fixture
def desk(browser: Browser, studio: Studio) -> Iterator[Visit]:
    with visiting(browser, studio, DESKTOP) as one:
        yield one


@pytest.fixture
def stranger(browser: Browser, studio: Studio) -> Iterator[Visit]:
    """Who has seen nothing of the studio yet, at a desk."""
    with visiting(browser, studio, DESKTOP, fresh=True) as one:
        yield one


@pytest.fixture
def phone(browser: Browser, studio: Studio) -> Iterator[Visit]:
    with visiting(browser, studio, PHONE, has_touch=True, is_mobile=True) as one:
        yield one


def test_a_visit_finds_nothing_of_an_earlier_one(browser: Browser, studio: Studio) -> None:
    found, pages = [], set()
    for _ in range(2):
        with visiting(browser, studio, PHONE) as visit:
            page = visit.open("/phone")
            pages.add(page)
            found.append(page.evaluate("[localStorage.length, sessionStorage.length, innerWidth]"))
            page.evaluate("localStorage.a = sessionStorage.b = 'c'")
            page.route("**/tracks", lambda route: route.abort())
            page.set_viewport_size(DESKTOP)
            page.context.new_page()
            assert len(page.context.pages) == 2
        with visiting(browser, studio, DESKTOP) as visit:
            visit.open("/tracks")
    assert len(pages) == 1, "it is the same page"
    assert found == [[0, 0, PHONE["width"]]] * 2


def seconds(total: str) -> int:
    minutes, rest = total.removeprefix("about ").split(":")
    return 60 * int(minutes) + int(rest)


def drag(page: Page, selector: str, share: float) -> None:
    """Drag a slider's thumb to a share of its way."""
    slider = page.locator(selector)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    low, high, now = (float(slider.evaluate(f"one => one.{name}")) for name in ("min", "max", "value"))
    thumb = 16
    at = box["x"] + thumb / 2 + (box["width"] - thumb) * (now - low) / (high - low)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(at, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * share, middle, steps=6)
    page.mouse.up()


HOLD = '.dial[data-set="hold"][data-target="double-v"] input[type=range]'
TYPED = '.dial[data-set="hold"][data-target="double-v"] .typed'


def test_from_a_routine_to_the_sound_and_back(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/")
    page.get_by_role("link", name="Two short ones").click()
    visit.settled()
    visit.unfold()
    before = seconds(visit.text("#total"))

    drag(page, HOLD, 0.5)
    visit.settled()
    dragged = page.locator(TYPED).input_value()
    longer = seconds(visit.text("#total"))
    assert "hold=double-v" in page.url
    assert longer > before + 30

    page.locator(TYPED).fill("12s")
    page.locator(TYPED).press("Enter")
    visit.settled()
    assert abs(seconds(visit.text("#total")) - (before + 4)) <= 1
    expect(page.locator("article[data-slug=double-v] [data-dose]")).to_have_text("12 s per side")

    page.get_by_role("button", name="Undo").click()
    visit.settled()
    expect(page.locator(TYPED)).to_have_value(dragged)
    page.get_by_role("button", name="Redo").click()
    visit.settled()
    expect(page.locator(TYPED)).to_have_value("12s")

    page.get_by_label("Fit to").fill("1m35s")
    page.get_by_role("button", name="Fit", exact=True).click()
    visit.settled()
    expect(page.locator("#total")).to_have_text("1:35")
    assert page.locator("#command").text_content() == "audiogen render two --hold double-v=12s --length 1m35s"

    page.locator("article[data-slug=double-v] summary").click()
    page.get_by_role("button", name="Listen: Lie on your belly.").click()
    until(page, "document.body.dataset.preview")

    replacing(page)  # where an earlier test left its track
    page.get_by_role("button", name="Make the MP3").click()
    page.get_by_label("Fit to").focus()
    expect(page.locator("#job[data-state=done]")).to_be_visible()
    expect(page.get_by_label("Fit to")).to_be_focused()  # wherever somebody is at work
    expect(page.locator("#notices")).not_to_contain_text("estimated")
    with page.expect_download() as downloading:
        page.locator("#job-download").click()
    downloading.value.save_as(tmp_path / "got.mp3")
    assert downloading.value.suggested_filename == "two.mp3"
    assert (tmp_path / "got.mp3").read_bytes() == (visit.studio.output / "two.mp3").read_bytes()

    expect(page.locator("#job-phone")).to_have_attribute("href", re.compile(r"/play/[^/]+\.mp3#on-phone$"))
    page.locator("#job-play").click()
    until(page, "document.body.dataset.ready")
    plays_by_chapters(page)


def plays_by_chapters(page: Page) -> None:
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "document.querySelector('audio').currentTime > 0.2")
    page.get_by_role("button", name=re.compile("^1 Double V, left side")).click()
    begin = "document.querySelector('.chapters [aria-current]').dataset.start"
    until(page, f"document.querySelector('audio').currentTime * 1000 >= {begin} && +{begin} > 0")
    page.evaluate("document.querySelector('audio').pause()")
    hold = page.evaluate(
        "JSON.parse(document.getElementById('track').textContent).events.filter(event => event[2] === 'hold')[1]"
    )
    page.evaluate(f"document.querySelector('audio').currentTime = {(hold[0] + 4000) / 1000}")
    expect(page.locator("#left")).to_have_text(str((hold[1] - hold[0] - 4000) // 1000))
    expect(page.locator("#phase")).to_have_text("hold")
    expect(page.locator("#where")).to_have_text("Double V, left")
    page.get_by_role("button", name="15 seconds back").click()
    expect(page.locator("#left")).not_to_have_text(str((hold[1] - hold[0] - 4000) // 1000))
    expect(page.locator(".chapters [aria-current]")).to_contain_text("right side")
    page.get_by_role("button", name="Next chapter").click()
    expect(page.locator(".chapters [aria-current]")).to_contain_text("left side")
    page.get_by_role("button", name="Next chapter").click()
    expect(page.locator(".chapters [aria-current]")).to_contain_text("2 Cat and cow")
    page.get_by_role("button", name="Previous chapter").click()
    expect(page.locator(".chapters [aria-current]")).to_contain_text("left side")


@pytest.mark.usefixtures("halting")
def test_a_render_goes_on_while_the_page_is_left_and_is_cancelled_by_its_button(desk: Visit) -> None:
    page = desk.open("/shape/long")
    desk.settled()
    page.get_by_role("button", name="Make the MP3").click()
    expect(page.locator("#job[data-state=running]")).to_be_visible()
    page.reload()
    expect(page.locator("#job[data-state=running]")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#job-status")).to_have_text("Cancelled. Nothing was written.")
    assert not (desk.studio.output / "long.mp3").exists()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#job")).to_be_hidden()


def test_a_variant_is_saved_opened_and_changed_only_when_confirmed(desk: Visit) -> None:
    page = desk.open("/shape/two?hold=double-v%3D12s")
    desk.settled()
    page.get_by_label("Save as a variant").fill("mine")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#saved")).to_contain_text("Saved as routines/mine.yaml.")
    saved = (desk.studio.folder / "routines" / "mine.yaml").read_text()
    assert "hold: 12s" in saved
    page.get_by_role("button", name="Save").click()
    question = page.get_by_role("dialog", name="routines/mine.yaml already exists.")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#saved")).to_have_text("Nothing was saved.")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_focused()
    page.get_by_label("Save as a variant").fill("MINE")
    page.get_by_role("button", name="Save").click()
    question.get_by_role("button", name="Replace it").click()
    expect(page.locator("#saved")).to_contain_text("Saved as routines/mine.yaml.")
    page.get_by_role("link", name="Open it").click()
    page.wait_for_url("**/shape/mine")
    expect(page.locator(TYPED)).to_have_value("12s")


def test_sides_apart_an_exercise_left_out_and_the_order_of_sides(desk: Visit) -> None:
    page = desk.open("/shape/two")
    desk.settled()
    card = page.locator("article[data-slug=double-v]")
    card.get_by_label("Same on both sides").uncheck()
    expect(page.locator(TYPED)).to_be_hidden()
    left = card.locator('.dial[data-target="double-v.left"] .typed')
    left.fill("14s")
    left.press("Enter")
    desk.settled()
    expect(card.locator("[data-dose]")).to_have_text("10 s on the right and 14 s on the left")
    card.locator("summary").click()
    card.get_by_label("Order of sides").select_option("left,right")
    desk.settled()
    expect(card.locator("[data-dose]")).to_have_text("14 s on the left and 10 s on the right")
    page.locator("article[data-slug=cat-and-cow]").get_by_label("Include").uncheck()
    desk.settled()
    assert (
        desk.text("#command")
        == "audiogen render two --skip cat-and-cow --hold double-v.left=14s --sides double-v=left,right"
    )
    card.get_by_label("Include").click()
    expect(page.locator("#problem")).to_have_text("This is the last exercise. Leave it in.")
    page.get_by_role("button", name="Reset").click()
    desk.settled()
    assert page.url.endswith("/shape/two")


SHOWN = """() => {
  const left = document.querySelector("#lane").getBoundingClientRect().left;
  const seen = (bar) => bar.getBoundingClientRect().height > 0;
  const drawn = (one) => [...one.querySelectorAll("rect")].filter(seen).map((bar) => {
    const { x, width } = bar.getBoundingClientRect();
    return [bar.getAttribute("class"), Math.round(x - left), Math.round(width)];
  });
  const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
  return {
    lanes: [...document.querySelectorAll("#lane svg.lane, [data-lane]")].map(drawn),
    marks: texts("#lane text"),
    texts: [".badge", "[data-dose]", "[data-changes]", "[data-lines] li", "#rows td", "#reach", "#notices li"]
      .map(texts),
    values: [...document.querySelectorAll(".dial input, .control select, .card input")]
      .map((one) => [one.value, one.checked]),
  };
}"""


def test_a_page_that_got_nothing_but_what_changed_shows_what_a_new_one_shows(desk: Visit) -> None:
    page = desk.open("/shape/two")
    page.locator("article[data-slug=double-v] summary").click()
    more = page.locator(HOLD.removesuffix("input[type=range]")).get_by_role("button", name="More")
    cat = page.locator("article[data-slug=cat-and-cow]")
    changes: list[Callable[[], Any]] = [
        more.click,
        lambda: cat.get_by_role("checkbox", name="Include").uncheck(),
        more.click,
        lambda: page.get_by_role("button", name="Undo").click(),
        lambda: page.get_by_role("button", name="Undo").click(),
        more.click,
        cat.locator("summary").click,
    ]
    for change in changes:
        change()
        desk.settled()
    with page.expect_response("**/plan/two*"):  # only now are its rows sent
        page.locator("#table-title").click()
    desk.settled()
    now = page.evaluate(SHOWN)
    held = [one.headers["x-held"] for one in desk.asked if "/plan/" in one.url]
    assert held[0] == "table"
    assert all(len(one.split(",")) >= 2 for one in held[1:])

    page.reload()
    desk.settled()
    page.locator("#table-title").click()
    for card in ("double-v", "cat-and-cow"):
        page.locator(f"article[data-slug={card}] summary").click()
    assert page.evaluate(SHOWN) == now


def test_what_cannot_be_met_is_told_and_the_last_plan_stays(desk: Visit) -> None:
    page = desk.open("/shape/two")
    desk.settled()
    total = desk.text("#total")
    page.locator(TYPED).fill("ages")
    page.locator(TYPED).press("Enter")
    field = page.locator(TYPED)
    expect(field).to_have_attribute("aria-invalid", "true")
    mistake = page.locator("#" + str(field.get_attribute("aria-errormessage")))
    expect(mistake).to_contain_text("Hold must be a duration such as 45s or 1m30s, found 'ages'")
    expect(mistake).to_be_in_viewport()
    assert (desk.text("#total"), page.url.endswith("/shape/two")) == (total, True)
    page.get_by_role("button", name="More: Repetitions, Cat and cow").click()  # everything else goes on
    desk.settled()
    assert page.url.endswith("?reps=cat-and-cow%3D3")
    expect(field).to_have_value("ages")
    field.fill("12s")
    field.press("Enter")
    expect(mistake).to_have_count(0)
    desk.settled()
    assert page.url.endswith("?reps=cat-and-cow%3D3&hold=double-v%3D12s")
    desk.problems.clear()  # the browser itself notes the answer 422


def test_passages_groups_numbers_and_tempo_follow_at_once(desk: Visit) -> None:
    mixed = ROUTINE.replace("exercises:\n", "exercises:\n  - {passage: Arriving, say: Lie down.}\n") + (
        "  - rounds: 2\n    name: Circuit\n    work: 20s\n    rest: 10s\n    exercises: [Lunge]\n"
    )
    (desk.studio.folder / "routines" / "mixed.yaml").write_text(mixed, "utf-8")
    page = desk.open("/shape/mixed")
    desk.settled()
    arriving, circuit = page.locator(".aside").all()
    at = arriving.locator("time")
    expect(circuit.locator("[data-what]")).to_have_text("2 rounds, work 20s, rest 10s")
    arriving.locator("summary").click()
    before = at.text_content()
    page.get_by_label("Opening").evaluate("one => one.closest('details').open = true")
    page.get_by_label("Opening").select_option("none")
    desk.settled()
    expect(at).not_to_have_text(str(before))

    tempo = page.get_by_label("Time per repetition, Cat and cow, typed")
    expect(tempo).to_have_value("6s")
    tempo.fill("5")
    tempo.press("Enter")
    desk.settled()
    expect(page.locator("article[data-slug=cat-and-cow] [data-dose]")).to_have_text("2 repetitions of 5 s")
    tempo.blur()
    expect(tempo).to_have_value("5s")

    page.get_by_label("Include: Double V").uncheck()
    desk.settled()
    card = page.locator("article[data-slug=cat-and-cow]")
    expect(card.locator(".badge")).to_have_text("1")
    assert page.locator("#lane .number").all_text_contents() == ["1", "2", "2"]
    card.locator("summary").click()
    expect(card.locator("[data-lines]")).to_contain_text("One of two: Cat and cow.")


def test_six_quick_taps_add_six_steps_and_nothing_moves_under_the_finger(phone: Visit) -> None:
    page = phone.open("/shape/two")
    phone.settled()
    phone.unfold()
    page.evaluate(
        "window.shift = 0; new PerformanceObserver((list) => { for (const one of list.getEntries())"
        " shift += one.value; })"
        ".observe({ type: 'layout-shift' })"
    )
    more = page.get_by_role("button", name="More: Hold, Double V", exact=True)
    before = more.bounding_box()
    more.evaluate("button => { for (let tap = 0; tap < 6; tap += 1) button.click(); }")
    phone.settled()
    expect(page.locator(TYPED)).to_have_value("40s")
    assert page.url.endswith("?hold=double-v%3D40s")
    after = more.bounding_box()
    assert before is not None
    assert after is not None
    assert (after["x"], after["y"]) == pytest.approx((before["x"], before["y"]), abs=0.5)  # of a pixel
    assert page.evaluate("shift") < 0.01
    page.get_by_role("button", name="Undo").click()
    phone.settled()
    expect(page.locator(TYPED)).to_have_value("35s")
    include = page.get_by_label("Include: Cat and cow")
    include.scroll_into_view_if_needed()
    tops = [include.evaluate("box => box.getBoundingClientRect().top")]
    include.tap()
    phone.settled()
    tops.append(include.evaluate("box => box.getBoundingClientRect().top"))
    assert tops[1] == pytest.approx(tops[0], abs=1)


def test_nothing_moves_under_the_finger_where_the_length_is_no_longer_met(phone: Visit) -> None:
    page = phone.open("/shape/two?length=1m25s")
    phone.settled()
    phone.unfold()
    more = page.get_by_role("button", name="More: Hold, Double V", exact=True)
    more.scroll_into_view_if_needed()
    before = more.bounding_box()
    assert before is not None
    for _ in range(4):
        more.click()
        phone.settled()
        after = more.bounding_box()
        assert after is not None
        assert after["y"] == pytest.approx(before["y"], abs=1)
    expect(page.locator("#problem")).to_contain_text("cannot last 1:25")


def test_seven_exercises_take_three_screens_of_a_phone_while_their_cards_are_folded(phone: Visit) -> None:
    page = phone.open("/shape/upper-back")
    phone.settled()
    assert page.evaluate("document.documentElement.scrollHeight") <= 3 * 740
    fold = page.get_by_role("button", name="Settings of Double V")
    expect(page.get_by_role("button", name="More: Hold, Double V", exact=True)).to_be_hidden()
    fold.tap()
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="More: Hold, Double V", exact=True)).to_be_visible()


def test_a_finger_has_buttons_and_fields_in_place_of_sliders(phone: Visit) -> None:
    page = phone.open("/shape/two")
    phone.settled()
    for slider in page.locator(".dial input[type=range]").all():
        expect(slider).to_be_hidden()
    phone.unfold()
    for summary in page.locator(".panel summary, .card summary").all():
        summary.tap()
    for one in page.locator(".dial:visible .step, .dial:visible .typed").all():
        box = one.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44
    for dial in page.locator(".dial:visible").all():
        label, button = (dial.locator(one).first.bounding_box() for one in (".dial-label", ".step"))
        assert label is not None
        assert button is not None
        assert label["x"] + label["width"] <= button["x"]


def test_a_file_that_changes_on_disk_is_loaded_on_request_with_the_settings(desk: Visit) -> None:
    page = desk.open("/shape/two?length=2m")
    desk.settled()
    path = desk.studio.folder / "routines" / "two.yaml"
    path.write_text(ROUTINE.replace("hold: 10s", "hold: 15s"), "utf-8")
    page.locator(TYPED).fill("12s")
    page.locator(TYPED).press("Enter")
    expect(page.get_by_text("This routine has changed on disk.")).to_be_visible()
    expect(page.locator("article[data-slug=double-v] [data-dose]")).to_have_text("10 s per side")
    page.get_by_role("button", name="Load it").click()
    desk.settled()
    expect(page.locator("article[data-slug=double-v] [data-dose]")).to_have_text("15 s per side")
    expect(page.locator("#length")).to_have_value("2m")


@pytest.mark.usefixtures("halting")
def test_a_render_that_the_studio_forgot_is_offered_again(desk: Visit) -> None:
    page = desk.open("/shape/long")
    desk.settled()
    page.get_by_role("button", name="Make the MP3").click()
    expect(page.locator("#job[data-state=running]")).to_be_visible()
    with page.expect_response("**/jobs/*"):
        desk.studio.state.jobs.stop()
        desk.studio.state.jobs._jobs.clear()  # as in a studio that was started again
    expect(page.locator("#job[data-state=lost]")).to_be_visible()
    expect(page.locator("#job-status")).to_contain_text("Nothing was written.")
    page.get_by_role("button", name="Make it again").click()
    expect(page.locator("#job[data-state=running]")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#job[data-state=cancelled]")).to_be_visible()
    desk.problems.clear()  # the browser itself notes the answer 404


def test_a_remedy_is_a_button_that_sets_its_control(desk: Visit) -> None:
    unheard = ROUTINE.replace("Lie on your belly.", "Lie on a lawn.")  # so its length is an estimate
    (desk.studio.folder / "routines" / "two.yaml").write_text(unheard, "utf-8")
    page = desk.open("/shape/two")
    desk.settled()
    page.locator("#length").fill("11s")
    page.get_by_role("button", name="Fit", exact=True).click()
    page.locator("#problem").get_by_role("button", name="No fixed length").click()
    expect(page.locator("#problem")).to_be_empty()
    desk.settled()
    assert "length=none" in page.url


def test_what_cannot_be_heard_has_its_remedies_as_buttons(desk: Visit) -> None:
    page = desk.open("/shape/two")
    desk.settled()
    way = {"code": "builtin-voice", "setting": "voice", "value": "builtin", "words": "Use the built-in voice"}
    problem = {"error": "Nobody answers.", "problems": [{"sentence": "Nobody answers.", "remedies": [way]}]}
    page.route("**/preview", lambda route: route.fulfill(status=422, json=problem))
    page.locator("[data-hear-exercise]").first.click()
    page.locator("#problem").get_by_role("button", name="Use the built-in voice").click()
    expect(page.locator("#problem")).to_be_empty()
    assert "voice=builtin" in page.url
    desk.problems.clear()  # the browser itself notes the answer 422


def test_everything_goes_by_the_keyboard_alone(desk: Visit) -> None:
    page = desk.open("/")
    tab_to(page, "a[href='/shape/two']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/shape/two")
    desk.settled()
    before = seconds(desk.text("#total"))
    tab_to(page, HOLD)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    desk.settled()
    expect(page.locator(TYPED)).to_have_value("13s")
    assert abs(seconds(desk.text("#total")) - (before + 6)) <= 1
    page.keyboard.press("Control+z")
    desk.settled()
    expect(page.locator(TYPED)).to_have_value("12s")
    page.keyboard.press("Control+Shift+z")
    desk.settled()
    expect(page.locator(TYPED)).to_have_value("13s")
    tab_to(page, "#render button")
    page.keyboard.press("Enter")
    answers = page.locator(".question button[value=other], #job:not([hidden])")
    expect(answers.first).to_be_visible()
    if page.locator(".question").count():  # an earlier test left its track
        tab_to(page, ".question button[value=replace]")
        page.keyboard.press("Enter")
    expect(page.locator("#job-play")).to_be_visible()
    tab_to(page, "#job-play")
    page.keyboard.press("Enter")
    until(page, "document.body.dataset.ready")
    tab_to(page, "#play")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('audio').currentTime > 0")
    tab_to(page, ".chapters li:nth-child(3) button")
    page.keyboard.press("Enter")
    expect(page.locator(".chapters li:nth-child(3) button")).to_have_attribute("aria-current", "true")


SIZE_OF_DIGITS = """() => {
  const left = document.querySelector("#left");
  const range = document.createRange();
  range.selectNodeContents(left);
  const drawn = document.createElement("canvas").getContext("2d");
  drawn.font = `700 ${getComputedStyle(left).fontSize} ${getComputedStyle(left).fontFamily}`;
  return [range.getBoundingClientRect().width, drawn.measureText("0").actualBoundingBoxAscent];
}"""


@pytest.mark.parametrize(("width", "height"), [(360, 740), (740, 360)], ids=["portrait", "landscape"])
def test_the_mat_view_is_read_from_two_metres_away(
    browser: Browser, studio: Studio, track: str, width: int, height: int
) -> None:
    with visiting(browser, studio, {"width": width, "height": height}, has_touch=True, is_mobile=True) as visit:
        page = visit.open(f"/play/{track}")
        until(page, "document.body.dataset.ready")
        page.get_by_role("button", name="Play", exact=True).tap()
        expect(page.get_by_role("button", name="All controls")).to_be_visible()
        expect(page.locator(".chapters")).to_be_hidden()
        expect(page.locator("#left")).to_have_text(re.compile("^[0-9]:[0-9]{2}$"))
        across, high = page.evaluate(SIZE_OF_DIGITS)
        assert across >= 0.85 * width or high >= 0.4 * height
        assert across <= width

        page.evaluate("document.querySelector('audio').pause()")
        events = "JSON.parse(document.getElementById('track').textContent).events"
        start, end = page.evaluate(f"{events}.find(event => event[2] === 'hold').slice(0, 2)")
        page.evaluate(f"document.querySelector('audio').currentTime = {start / 1000 + 3}")
        expect(page.locator("#left")).to_have_text(str((end - start) // 1000 - 3))
        across, high = page.evaluate(SIZE_OF_DIGITS)
        assert high >= 0.4 * min(width, height)
        expect(page.locator("#following")).to_have_text("Next: Cat and cow")
        expect(page.locator("#session")).to_have_text(re.compile("^1 of 2 · [0-9]:[0-9]{2} left$"))
        page.evaluate(f"document.querySelector('audio').currentTime = {end / 1000 + 0.1}")
        expect(page.locator("#cue")).to_have_text("[end bell]")
        for name in ("Play", "Previous chapter", "15 seconds back", "15 seconds on", "Next chapter"):
            expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)


def test_a_track_plays_to_its_end_from_memory_and_continues_where_it_was_left(desk: Visit, track: str) -> None:
    page = desk.open(f"/play/{track}")
    until(page, "document.body.dataset.ready")
    page.route("**/*", lambda route: route.abort())  # the studio is gone
    page.get_by_role("button", name="Play", exact=True).click()
    page.keyboard.press("ArrowRight")  # whatever has the focus
    until(page, "document.querySelector('audio').currentTime > 15")
    page.set_viewport_size({"width": 1280, "height": 500})
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("document.querySelector('audio').currentTime = document.querySelector('audio').duration - 0.3")
    until(page, "document.querySelector('audio').ended")
    expect(page.get_by_role("link", name="All tracks")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Change it")).to_have_attribute("href", re.compile("/two.mp3/change$"))
    page.get_by_role("button", name="Again").click()
    until(page, "!document.querySelector('audio').paused && document.querySelector('audio').currentTime < 10")
    expect(page.get_by_role("button", name="Again")).to_be_hidden()
    page.keyboard.press("k")
    page.evaluate("document.querySelector('audio').currentTime = 20")
    until(page, "Object.values(localStorage).includes('20000')")
    page.unroute("**/*")
    page.reload()
    until(page, "document.body.dataset.ready")
    assert page.evaluate("Math.round(document.querySelector('audio').currentTime)") == 20
    expect(page.locator("#load-status")).to_have_text("Continues at 0:20.")
    desk.problems.clear()  # the cover for the lock screen was asked for in vain


def test_the_lock_screen_gets_title_chapters_and_buttons(browser: Browser, studio: Studio, track: str) -> None:
    with visiting(browser, studio, PHONE, fresh=True) as visit:
        visit.page.add_init_script(
            "window.actions = {}; navigator.mediaSession.setActionHandler = (name, act) => { actions[name] = act; };"
        )
        page = visit.open(f"/play/{track}")
        until(page, "document.body.dataset.ready")
        assert page.evaluate("navigator.mediaSession.metadata.album") == "Two short ones"
        page.evaluate("actions.nexttrack()")
        expect(page.locator(".chapters li:nth-child(2) button")).to_have_attribute("aria-current", "true")
        until(page, "navigator.mediaSession.metadata.title.startsWith('1 Double V, right side')")
        page.evaluate("actions.seekto({seekTime: 30})")
        until(page, "Math.abs(document.querySelector('audio').currentTime - 30) < 0.1")
        page.evaluate("actions.seekbackward()")
        until(page, "Math.abs(document.querySelector('audio').currentTime - 15) < 0.1")
        page.evaluate("actions.previoustrack()")
        expect(page.locator(".chapters li:nth-child(2) button")).to_have_attribute("aria-current", "true")
        assert page.evaluate("Object.keys(actions).sort().join()") == (
            "nexttrack,pause,play,previoustrack,seekbackward,seekforward,seekto"
        )


def test_the_screen_is_kept_on_only_where_it_is_chosen_and_while_it_plays(
    browser: Browser, studio: Studio, track: str
) -> None:
    with visiting(browser, studio, PHONE, fresh=True) as visit:
        visit.page.add_init_script(
            "window.locks = 0; navigator.wakeLock.request = async () => { locks += 1; const lock = new EventTarget();"
            " lock.release = async () => { locks -= 1; lock.dispatchEvent(new Event('release')); }; return lock; };"
        )
        page = visit.open(f"/play/{track}")
        until(page, "document.body.dataset.ready")
        page.get_by_role("button", name="Play", exact=True).click()
        until(page, "document.querySelector('audio').currentTime > 0")
        assert page.evaluate("locks") == 0
        page.get_by_label("Keep the screen on").check()
        until(page, "locks === 1")
        page.get_by_role("button", name="Pause").click()
        until(page, "locks === 0")


# -- for everybody


def test_on_a_phone_nothing_is_cut_off_and_every_target_can_be_hit(phone: Visit, track: str) -> None:
    assert f"/play/{track}" in PAGES
    for path in PAGES:
        page = phone.open(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        small = page.evaluate(
            """[...document.querySelectorAll('button, a, select, input, summary')]
            .filter(one => one.checkVisibility() && !one.closest('.skip-link, p:not(.actions, .crumb), li > p'))
            .map(one => [one.closest('label') ?? (one.closest('h2') && one.closest('.tile')) ?? one, one])
            .map(([box, one]) => [one.outerHTML.slice(0, 90), box.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
            .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
        )
        assert small == [], path
    phone.problems.clear()  # the browser itself notes the answer 404


def test_nothing_moves_for_who_asked_for_less_motion(browser: Browser, studio: Studio, track: str) -> None:
    with visiting(browser, studio, DESKTOP, reduced_motion="reduce") as visit:
        for path in ("/", "/shape/two", f"/play/{track}"):
            page = visit.open(path)
            moving = (
                "[...document.querySelectorAll('*')].filter(one => getComputedStyle(one).transitionDuration !== '0s')"
            )
            assert page.evaluate(f"{moving}.length") == 0


def test_a_change_is_announced_to_a_screen_reader(desk: Visit) -> None:
    page = desk.open("/shape/two")
    desk.settled()
    page.locator(HOLD).focus()
    page.keyboard.press("ArrowRight")
    desk.settled()
    expect(page.locator("#live")).to_have_text(f"{desk.text('#total')} in all.")
    expect(page.locator(HOLD)).to_have_attribute("aria-valuetext", "11s")


# -- figures


def test_the_page_is_light_and_follows_a_slider(stranger: Visit, record_property: Any) -> None:
    """The weight is held to 150 kB; the time is reported (`pytest -rP`), since it depends on the machine."""
    page = stranger.page
    sizes: list[int] = []
    page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
    stranger.open("/shape/upper-back")
    stranger.settled()
    page.wait_for_load_state("networkidle")
    weight = sum(sizes)
    took = page.evaluate(
        """async () => {
            const slider = document.querySelector('.dial[data-set=hold] input[type=range]');
            const total = document.querySelector('#total');
            const times = [];
            for (let turn = 0; turn < 10; turn += 1) {
                const begun = performance.now();
                const before = total.textContent;
                const changed = new Promise((resolve) => {
                    const watcher = new MutationObserver(() => { watcher.disconnect(); resolve(); });
                    watcher.observe(total, { childList: true, characterData: true, subtree: true });
                });
                slider.value = Number(slider.value) + 1;
                slider.dispatchEvent(new Event('input'));
                await changed;
                await new Promise(requestAnimationFrame);
                times.push(performance.now() - begun);
            }
            return times.sort((one, other) => one - other);
        }"""
    )
    record_property("page_bytes", weight)
    record_property("slider_to_total_ms", took)
    told = f"page {weight / 1000:.0f} kB; slider to total: median {took[5]:.0f} ms, slowest {took[-1]:.0f} ms"
    print(told)  # noqa: T201 - the figure is what this test is for
    assert weight < 150_000


def test_what_is_touched_stays_under_the_finger(phone: Visit) -> None:
    long = ROUTINE.replace("hold: 10s", "hold: 9m55s")  # with which the length gets another digit
    (phone.studio.folder / "routines" / "long.yaml").write_text(long, "utf-8")
    page = phone.open("/shape/long")
    phone.settled()
    page.evaluate("document.body.style.paddingBottom = '100vh'")  # room to scroll
    card = page.locator(".card").first
    touched = [
        card.locator(".fold"),
        card.locator("[data-alike]"),
        card.locator("[data-alike]"),
        card.locator("[data-do]"),
        card.locator("[data-do]"),
        card.locator("footer details > summary"),
        page.locator("#undo"),
        page.locator("#reset"),
        page.locator(".box > details > summary").first,
    ]
    for one in touched:
        assert moved_by(phone, one, one.tap) <= 1, one
