"""The record booth: what is spoken into the microphone is the take that lies in the folder and speaks the line."""

import io
from collections.abc import Iterator

import numpy
import pytest
import soundfile
from playwright.sync_api import Browser, expect

from audiogen.audio.pcm import RATE
from audiogen.studio.uploads import RECORDINGS

from .browsing import ARGUMENTS, PHONE, Visit, chromium, until, visiting
from .serving import Studio

HERTZ, LOUD = 440.0, 0.3


@pytest.fixture
def hearing(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose microphone hears a tone."""
    tone = tmp_path_factory.mktemp("microphone") / "tone.wav"
    at_s = numpy.arange(10 * RATE) / RATE
    soundfile.write(tone, LOUD * numpy.sin(2 * numpy.pi * HERTZ * at_s), RATE, "PCM_16")
    hears = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    arguments = [*ARGUMENTS, *hears, f"--use-file-for-fake-audio-capture={tone}"]
    running = browser.browser_type.launch(executable_path=chromium(), args=arguments)
    yield running
    running.close()


@pytest.fixture
def booth(hearing: Browser, studio: Studio) -> Iterator[Visit]:
    with visiting(hearing, studio, PHONE, fresh=True, permissions=["microphone"]) as visit:
        yield visit


def record(visit: Visit, ms: int) -> None:
    visit.page.get_by_role("button", name="Record").click()
    visit.page.wait_for_timeout(ms)
    visit.page.get_by_role("button", name="Stop").click()


AMPLIFIED = """
const source = AudioContext.prototype.createMediaStreamSource;
AudioContext.prototype.createMediaStreamSource = function (stream) {
  const gain = this.createGain();
  gain.gain.value = Number(location.hash.slice(1) || 1);
  source.call(this, stream).connect(gain);
  return gain;
};
"""


def test_a_take_is_the_sound_and_is_heard_again(booth: Visit, studio: Studio) -> None:
    page = booth.open("/sounds?routine=two")
    page.get_by_role("link", name="Record with the microphone").click()
    page.wait_for_load_state()  # a press before the script has run is lost
    page.get_by_role("button", name="Turn on the microphone").click()
    expect(page.get_by_role("button", name="Record")).to_be_focused()
    until(page, "document.querySelector('#meter').value > -30")
    level = page.get_by_label("Level").evaluate("one => one.value")
    assert abs(level - 20 * numpy.log10(LOUD)) < 0.1
    first = page.locator("#line").inner_text()
    record(booth, 1200)
    expect(page.locator("#state")).to_have_text("Saved.")
    (path,) = (studio.folder / RECORDINGS / "two").iterdir()
    assert "recorded" in studio.ask("/sounds?routine=two").text
    samples, rate = soundfile.read(path)
    assert (rate, samples.ndim) == (RATE, 1)
    assert 1.0 < len(samples) / rate < 2.5
    assert is_the_tone(samples)
    expect(page.get_by_role("button", name="Listen")).to_be_enabled()
    page.get_by_role("button", name="Listen").click()
    page.get_by_role("button", name="Stop listening").click()
    page.get_by_role("button", name="Next line").click()
    assert page.locator("#line").inner_text() != first
    page.keyboard.press("p")
    expect(page.locator("#line")).to_have_text(first)
    heard = studio.ask(f"/booth/two/{path.stem}")
    assert heard.headers["content-type"] == "audio/wav"
    assert heard.body == path.read_bytes()


def is_the_tone(samples: "numpy.ndarray[tuple[int], numpy.dtype[numpy.float64]]") -> bool:
    """Whether a take is the tone: one sine explains all but a thousandth of each 50 ms of it.

    On a machine that does much else, the browser's own fake microphone skips now and then: not in more than a tenth.
    """
    window = RATE // 20
    at_s = numpy.arange(window) / RATE
    waves = numpy.stack([numpy.sin(2 * numpy.pi * HERTZ * at_s), numpy.cos(2 * numpy.pi * HERTZ * at_s)], 1)
    heard = samples[: len(samples) // window * window].reshape(-1, window).T
    found, *_ = numpy.linalg.lstsq(waves, heard, rcond=None)
    rest = numpy.mean((heard - waves @ found) ** 2, 0)
    good = (abs(numpy.hypot(*found) - LOUD) < 0.01) & (rest < 1e-3 * LOUD**2 / 2)
    return bool(numpy.mean(good) > 0.9)


def test_what_is_too_loud_is_said_and_silence_is_not_saved(booth: Visit, studio: Studio) -> None:
    booth.page.add_init_script(AMPLIFIED)
    page = booth.open("/booth/two#4")
    page.get_by_role("button", name="Turn on the microphone").click()
    record(booth, 300)
    expect(page.get_by_text("Too loud: speak softer")).to_be_visible()
    expect(page.locator("#state")).to_have_text("Saved, but it was too loud in places.")
    before = list((studio.folder / RECORDINGS / "two").iterdir())

    page.goto("about:blank")
    page = booth.open("/booth/two#0")
    page.get_by_role("button", name="Turn on the microphone").click()
    record(booth, 300)
    expect(page.get_by_role("alert")).to_contain_text("Nothing was heard, so nothing was saved.")
    assert list((studio.folder / RECORDINGS / "two").iterdir()) == before


def test_an_earlier_recording_is_asked_about_and_never_two_are_left(booth: Visit, studio: Studio) -> None:
    page = booth.open("/booth/two")
    stem = page.evaluate("JSON.parse(document.body.dataset.lines)[0].stem")
    folder = studio.folder / RECORDINGS / "two"
    folder.mkdir(parents=True)
    earlier = io.BytesIO()
    soundfile.write(earlier, numpy.zeros(RATE), RATE, "PCM_16", format="FLAC")
    (folder / f"{stem}.flac").write_bytes(earlier.getvalue())
    page = booth.open("/booth/two")
    page.get_by_role("button", name="Previous line").click()
    page.get_by_role("button", name="Turn on the microphone").click()
    record(booth, 300)
    question = page.get_by_role("dialog", name=f"{stem}.flac already exists.")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("r")  # which is for what lies behind
    page.keyboard.press("Escape")
    expect(page.locator("#state")).to_have_text("Not saved: the earlier recording stays.")
    assert (folder / f"{stem}.flac").read_bytes() == earlier.getvalue()
    record(booth, 300)
    question.get_by_role("button", name="Replace it").click()
    expect(page.locator("#state")).to_have_text("Saved.")
    assert [path.name for path in folder.iterdir()] == [f"{stem}.wav"]


def test_where_browsers_allow_no_microphone_the_page_says_so(browser: Browser, studio: Studio) -> None:
    with visiting(browser, studio, PHONE, fresh=True) as visit:
        visit.page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
        page = visit.open("/booth/two")
        expect(page.get_by_role("alert")).to_contain_text("only on the computer itself")
        expect(page.get_by_role("button", name="Turn on the microphone")).to_be_disabled()
        expect(page.get_by_role("button", name="Record")).to_be_disabled()


def test_no_other_page_may_ask_for_the_microphone(studio: Studio) -> None:
    assert "microphone=(self)" in studio.ask("/booth/two").headers["permissions-policy"]
    for path in ("/", "/sounds", "/shape/two", "/booth/nobody", "/static/booth.js"):
        assert "microphone=()" in studio.ask(path).headers["permissions-policy"]
