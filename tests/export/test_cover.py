"""The cover is a small square JPEG that shows the session to scale, the same every time, whatever its script."""

import io
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageColor, ImageFont, ImageStat

from audiogen import load_routine, parse_routine, plan
from audiogen.export import id3
from audiogen.export.cover import MOST_BYTES, SIZE, cover, drawing, small
from audiogen.export.cover.fonts import OWN, Face, faces_for, is_covered
from audiogen.storage.cache import Cache
from audiogen.timeline.model import Timeline
from audiogen.views.picture.palette import DARK, colour_of
from tests.once import not_shared
from tests.test_imports import SLOW, loaded_by

from ..decode import needs
from ..shipped import ROUTINES, TRANSLATIONS, planned


@pytest.fixture(scope="module", autouse=True)
def _drawn_here() -> Iterator[None]:
    with not_shared("drawn"):
        yield


TITLE_FIELD = (0, 0, SIZE, 470)
LONG = "A very long title for a session that leaves nothing out from head to toe, " * 3


@cache
def session(title: str = "Upper-back release", **overrides: str) -> Timeline:
    return plan(load_routine("upper-back"), voice="builtin", overrides={"title": title, **overrides}).timeline


def picture(timeline: Timeline, store: Cache) -> Image.Image:
    return Image.open(io.BytesIO(cover(timeline, store))).convert("RGB")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """A cache for all tests of this file, so that each picture is drawn once."""
    return Cache(tmp_path_factory.mktemp("covers"))


def is_near(found: object, css: str) -> bool:
    """Whether a pixel has a colour, as nearly as JPEG keeps it."""
    assert isinstance(found, tuple)
    return all(abs(a - b) < 40 for a, b in zip(found, ImageColor.getrgb(css)[:3], strict=True))


def on_ring(share: float) -> tuple[float, float]:
    """Sine and cosine of the angle at which a share of the session lies, from the top."""
    angle = 2 * math.pi * (0.011 + 0.978 * share)
    return math.sin(angle), math.cos(angle)


@pytest.mark.parametrize("path", [*ROUTINES.values(), *TRANSLATIONS.values()], ids=lambda path: path.stem)
def test_it_is_a_small_square_baseline_jpeg(path: Path, store: Cache) -> None:
    jpeg = cover(planned(path), store)
    assert len(jpeg) <= MOST_BYTES
    with Image.open(io.BytesIO(jpeg)) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", (1400, 1400), "RGB")
        assert "progressive" not in image.info
    assert re.search(rb"\xff\xc0\x00\x11\x08", jpeg), "no baseline frame of 8 bits"


@pytest.mark.parametrize(
    ("exercises", "rounds"), [(1, 1), (20, 1), (20, 6)], ids=["one exercise", "twenty", "for hours"]
)
def test_the_longest_session_fits_into_its_bytes(exercises: int, rounds: int, store: Cache) -> None:
    each = "".join(f"  - {{name: No. {n}, hold: 45s, sides: [right, left]}}\n" for n in range(exercises))
    timeline = plan(parse_routine(f"title: {LONG}\nrounds: {rounds}\nexercises:\n{each}"), voice="builtin").timeline
    assert len(cover(timeline, store)) <= MOST_BYTES


def test_a_small_one_is_the_same_picture_in_a_few_kilobytes(store: Cache) -> None:
    whole = cover(session(), store)
    reduced = small(whole)
    assert len(reduced) < 15_000
    with Image.open(io.BytesIO(whole)) as one, Image.open(io.BytesIO(reduced)) as other:
        assert other.size == (240, 240)
        mean = ImageStat.Stat(ImageChops.difference(one.resize(other.size), other)).mean
    assert max(mean) < 6
    for damaged in (b"", b"GIF89a", reduced[:300], b"\xff\xd8" * 100):
        assert small(damaged) == damaged


def test_every_hold_lies_on_the_ring_in_its_colour_from_its_start_to_its_end(store: Cache) -> None:
    timeline = session()
    image = picture(timeline, store)
    holds = [event for event in timeline.events if event.kind == "hold"]
    assert len(holds) == 7
    for hold in holds:
        for at_ms, inside in (
            (hold.start_ms + 1500, True),
            (hold.end_ms - 1500, True),
            (hold.start_ms - 1500, False),
            (hold.end_ms + 1500, False),
        ):
            x, y = on_ring(at_ms / timeline.length_ms)
            for radius in (365 - 45, 365 + 45):  # only work is so thick
                pixel = image.getpixel((round(700 + radius * x), round(925 - radius * y)))
                assert is_near(pixel, colour_of(hold.place.exercise or 0).css if inside else DARK.paper), (hold, at_ms)


def test_the_length_stands_in_the_middle(store: Cache) -> None:
    with_length, other = picture(session(), store), picture(session(length="11m"), store)
    middle = (450, 825, 950, 1025)
    assert ink(with_length, middle) > 0.1
    assert with_length.crop(middle).tobytes() != other.crop(middle).tobytes()


def test_the_length_is_rounded_as_everywhere(store: Cache) -> None:
    almost = replace(session(), length_ms=599_600)
    shown, full, less = (picture(one, store) for one in (almost, session(), session(length="9m59s")))
    digits = (450, 825, 950, 1025)
    assert shown.crop(digits).tobytes() == full.crop(digits).tobytes() != less.crop(digits).tobytes()


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> float:
    """How much of a part of the picture is as light as text."""
    return float((np.asarray(image.crop(box).convert("L")) > 200).mean())


def test_title_and_length_can_be_read_at_120_pixels(store: Cache) -> None:
    """Capitals and digits stay at least nine pixels high, and light on dark."""
    small = picture(session("Hip release"), store).resize((120, 120), Image.Resampling.LANCZOS)
    for box in ((0, 6, 120, 40), (38, 60, 82, 98)):
        grey = small.crop(box).convert("L")
        rows = [max(grey.crop((0, row, grey.width, row + 1)).tobytes()) for row in range(grey.height)]
        assert sum(row > 180 for row in rows) >= 9


@pytest.mark.parametrize(
    "title",
    ["Rücken – „ganz oben“", "Растяжка спины", "Διατάσεις", "Łagodne ćwiczenia", "Thư giãn", "Ease 😀 🧘🏽‍♀️", LONG],
)
def test_a_title_in_latin_greek_or_cyrillic_letters_needs_no_font_of_the_system(
    title: str, store: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiogen.export.cover.fonts._folders", lambda: iter(()))
    image = picture(session(title), store)
    assert ink(image, TITLE_FIELD) > 0.01
    assert ink(image, (0, 0, 70, 470)) == 0
    assert ink(image, (1330, 0, 1400, 470)) == 0


@pytest.mark.parametrize("title", ["背中をほぐす", "पीठ को आराम"])
def test_a_title_that_no_font_has_is_left_out_and_the_ring_is_larger(
    title: str, store: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiogen.export.cover.fonts._folders", lambda: iter(()))
    image = picture(session(title), store)
    assert ink(image, (350, 600, 1050, 800)) > 0.1
    hold = next(event for event in session().events if event.kind == "hold")
    x, y = on_ring((hold.start_ms + 3000) / 600_000)
    assert is_near(image.getpixel((round(700 + 511 * x), round(700 - 511 * y))), colour_of(1).css)


def test_a_font_is_taken_only_where_it_has_every_letter(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font at all")
    faces = (Face(str(broken), 14), Face(str(OWN), OWN.stat().st_size))
    assert drawing._face_for("Ж→", faces) is None
    assert drawing._face_for("Жя", faces) == Face(str(OWN))
    assert drawing._has_all(faces[1], "Žluťoučký kůň")
    assert not drawing._has_all(faces[1], "kůň 馬")


def test_letters_that_join_are_left_out_where_they_would_be_drawn_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_has_all", lambda *_: True)
    face = Face("anything.ttf", 1)
    assert drawing._face_for("تمارين", [face]) == face
    monkeypatch.setattr("PIL.features.check", lambda _: False)
    assert drawing._face_for("تمارين", [face]) is None
    assert drawing._face_for("背中", [face]) == face


def test_what_the_own_font_is_said_to_have_it_has() -> None:
    font = ImageFont.truetype(str(OWN), 20)
    missing = bytes(font.getmask("\uffff"))
    for code in range(0x20, 0x2200):
        letter = chr(code)
        shown_as_it_is = unicodedata.normalize("NFKC", letter) == letter  # a library may take others apart
        if unicodedata.category(letter)[0] not in "CZ" and shown_as_it_is:
            mask = bytes(font.getmask(letter))
            assert is_covered(letter) == (mask != missing and bool(mask)), hex(code)


def test_bold_fonts_for_many_languages_are_tried_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["Zapf.ttf", "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "NotoSerifCJK-Bold.ttc", "read.me"]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    monkeypatch.setattr("audiogen.export.cover.fonts._folders", lambda: iter([tmp_path, tmp_path / "gone"]))
    assert [Path(face.path).name for face in faces_for("背中")] == [
        OWN.name,
        "NotoSansCJK-Bold.ttc",
        "NotoSansCJK-Regular.ttc",
        "Zapf.ttf",
        "NotoSerifCJK-Bold.ttc",
    ]
    assert faces_for("Back") == (Face(OWN.name),)


def test_it_is_drawn_once_and_the_same_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cover(session(), Cache(tmp_path / "one"))
    assert cover(session(), Cache(tmp_path / "two")) == first
    monkeypatch.setattr(drawing, "drawn", lambda *_: pytest.fail("drawn again"))
    assert cover(session(), Cache(tmp_path / "one")) == first


def test_a_cache_that_cannot_be_written_costs_no_cover(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert cover(session(), Cache(tmp_path / "file"))[:2] == b"\xff\xd8"


@needs("espeak-ng")
def test_a_track_carries_its_cover_and_a_kept_one_is_not_drawn_again(tmp_path: Path) -> None:
    tiny = "title: Tiny\nopening: none\nclosing: none\nsettle: 1s\nexercises: [{name: Rest, hold: 3s}]"
    (tmp_path / "tiny.yaml").write_text(tiny, "utf-8")
    command = "render tiny.yaml --voice espeak -o"
    assert "PIL" in loaded_by([f"{command} a.mp3"], tmp_path)[f"{command} a.mp3"]
    assert not loaded_by([f"{command} b.mp3"], tmp_path)[f"{command} b.mp3"] & SLOW
    first, second = ((tmp_path / name).read_bytes() for name in ("a.mp3", "b.mp3"))
    assert first == second
    jpeg = id3.read_cover(first)
    assert jpeg is not None
    assert Image.open(io.BytesIO(jpeg)).size == (SIZE, SIZE)
