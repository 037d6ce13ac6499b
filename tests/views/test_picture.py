"""The picture of a session: the lane, the drawing and the sentences say what the timeline holds."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.durations import format_clock
from audiogen.routine.load import load_routine, parse_routine
from audiogen.script import Wording, write_script
from audiogen.session import plan
from audiogen.storage.cache import Cache
from audiogen.text import legible
from audiogen.timeline.build import build_timeline
from audiogen.timeline.events import Exercised
from audiogen.timeline.model import Timeline
from audiogen.views.picture.palette import COLOURS, DARK, INK_ON_COLOUR, LIGHT
from audiogen.views.picture.terminal import lane
from audiogen.views.picture.text_width import fold, text_width
from audiogen.views.picture.vector import NAME, SMALL, TITLE, strip, svg
from audiogen.views.picture.words import name, sentences
from tests.command import begin, run
from tests.each import each
from tests.strategies import any_text, documents, read
from tests.terminal import all_shown

SHIPPED = ("upper-back", "desk-reset", "hip-release", "box-breathing")
WIDTHS = (60, 80, 140)


def timed(text_or_document: str | dict[str, Any]) -> Timeline:
    """A timeline whose every letter takes 60 ms; what does not fit becomes a notice."""
    routine = parse_routine(text_or_document) if isinstance(text_or_document, str) else read(text_or_document)
    script = write_script(routine, Wording(total_ms=600_000))
    lengths_ms = {text: 200 + 60 * len(text) for text in script.texts()}
    return build_timeline(script, lengths_ms, voice="test", exact=False).timeline


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Timeline]:
    """The shipped routines, planned before anything is recorded."""
    cache = Cache(tmp_path_factory.mktemp("empty"))
    return {name: plan(load_routine(name), voice="builtin", cache=cache).timeline for name in SHIPPED}


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", text)


# -- what there is to draw


@given(documents())
def test_every_hold_and_repetition_is_drawn_once_in_order_in_a_visit_of_its_exercise(document: dict[str, Any]) -> None:
    timeline = timed(document)
    turns, works = timeline.visits, timeline.sets
    drawn = [(sound.start_ms, sound.end_ms) for sound in timeline.sounds()]
    drawn += [(work.start_ms, work.end_ms) for work in works]
    assert all(before[1] <= after[0] for before, after in pairwise(sorted(drawn)))
    done = [one for one in timeline.events if not one.is_tile and one.kind != "rest"]
    assert [event for work in works for event in work.events] == done
    assert all(len(work.events) == 1 for work in works if work.is_hold)
    assert all(event.place.exercise == turn.exercise.number for turn in turns for event in turn.sounds)
    assert all(work.place.exercise == turn.exercise.number for turn in turns for work in turn.sets)
    assert {turn.exercise.number for turn in turns} == {exercise.number for exercise in timeline.exercises}


# -- the lane on a terminal


@given(documents(), st.integers(1, 200), st.booleans())
def test_the_lane_is_never_wider_than_the_terminal_and_as_plain_as_wished(
    document: dict[str, Any], width: int, unicode: bool
) -> None:
    timeline = timed(document)
    coloured = lane(timeline, width, color=True, unicode=unicode)
    without = lane(timeline, width, color=False, unicode=unicode)
    assert plain(coloured) == without
    assert "\x1b" not in without
    assert max(len(line) for line in without.split("\n")) <= width
    assert unicode or coloured.isascii()


@given(documents(), st.integers(48, 300))
def test_the_edges_of_work_are_drawn_within_a_cell_of_their_place(document: dict[str, Any], width: int) -> None:
    timeline = timed(document)
    cells = width - 4
    cell_ms = timeline.length_ms / cells
    drawn = timeline.sets
    if min(work.length_ms for work in drawn) < cell_ms:
        return  # then they push each other aside, so that each can be seen
    row = lane(timeline, width, color=False, unicode=True).split("\n")[1][2:]
    assert len(row) == cells
    for cell, character in enumerate(row):
        near = [work for work in drawn if work.start_ms < (cell + 2) * cell_ms and work.end_ms > (cell - 1) * cell_ms]
        inside = [w for w in near if w.start_ms <= (cell - 1) * cell_ms and w.end_ms >= (cell + 2) * cell_ms]
        glyphs = {"█" if work.is_hold else "▌" for work in near}
        if inside:
            assert character in glyphs
        assert character in glyphs | {"▒", "·"}


@given(documents(), st.integers(20, 200))
def test_every_hold_and_every_run_of_repetitions_has_a_cell_of_its_own(document: dict[str, Any], width: int) -> None:
    timeline = timed(document)
    row = lane(timeline, width, color=False, unicode=True).split("\n")[1]
    drawn = timeline.sets
    if len(drawn) <= width - 4:
        assert row.count("█") >= sum(work.is_hold for work in drawn)
        assert row.count("▌") >= sum(not work.is_hold for work in drawn)


def test_equal_holds_are_equally_long_in_the_lane(shipped: dict[str, Timeline]) -> None:
    for width in WIDTHS:
        row = lane(shipped["hip-release"], width, color=False, unicode=True).split("\n")[1]
        runs = [len(run) for run in re.findall("█+", row)]
        assert runs[0] == runs[1]
        assert runs[2] == runs[3]


@pytest.mark.parametrize("long", [1, 10, 20])
def test_many_short_holds_push_each_other_aside_and_none_is_lost(long: int) -> None:
    exercises = "".join(
        f"  - {{name: Number {n}, hold: {'3h' if n == long else '1s'}, countdown: 0}}\n" for n in range(1, 21)
    )
    row = lane(timed(f"title: T\nexercises:\n{exercises}"), 40, color=True, unicode=True).split("\n")[1]
    expected = [str(COLOURS[number % len(COLOURS)].code) for number in range(20)]
    assert re.findall(r"\x1b\[38;5;(\d+)m█+", row) == expected


def test_more_holds_than_cells_are_a_solid_lane() -> None:
    rounds = "  - rounds: 20\n    exercises: [{name: A, hold: 1s, countdown: 0, sets: 20, rest: 1.1s}]\n"
    assert lane(timed(f"title: T\nexercises:\n{rounds}"), 40, color=False, unicode=True).split("\n")[1] == "█" * 40


@each("name", SHIPPED)
@each("width", WIDTHS)
def test_every_exercise_of_the_shipped_routines_has_its_number(
    shipped: dict[str, Timeline], name: str, width: int
) -> None:
    numbers = lane(shipped[name], width, color=False, unicode=True).split("\n")[0]
    assert re.findall(r"\d+", numbers) == [str(exercise.number) for exercise in shipped[name].exercises]


def test_colours_are_those_of_the_exercises(shipped: dict[str, Timeline]) -> None:
    found = re.findall(r"\x1b\[([\d;]*)m", lane(shipped["upper-back"], 80, color=True, unicode=True))
    allowed = {f"38;5;{colour.code}" for colour in COLOURS}
    assert set(found) == {*allowed, "0", "1"}


UPPER_BACK = """
     ┌1         ┌2           ┌3         ┌4          ┌5          ┌6  ┌7
  ▒▒▒▒▒·████████▒▒·▌▌▌▌▌▌▌▌▌▒▒▒████·████▒▒·████·████▒▒▌▌▌▌▒▌▌▌▌▒▒███▒████████▒
                                R    L      R    L     R    L
  └0:00          └2:00          └4:00           └6:00          └8:00    10:00┘
  ██ hold   ▌▌ repetitions   ▒▒ speech   ·· silence   R right   L left
"""


def test_the_lane_of_the_upper_back_release(shipped: dict[str, Timeline]) -> None:
    assert "\n" + lane(shipped["upper-back"], 80, color=False, unicode=True) + "\n" == UPPER_BACK


def test_a_crowded_lane_keeps_the_marks_and_leaves_out_numbers() -> None:
    exercises = "".join(f"  - {{name: Number {n}, hold: 10s}}\n" for n in range(1, 31))
    numbers = lane(timed(f"title: T\nexercises:\n{exercises}"), 60, color=False, unicode=True).split("\n")[0]
    assert numbers.count("┌") == 30
    assert set(re.findall(r"\d+", numbers)) < {str(n) for n in range(1, 31)}


# -- in sentences


@given(documents())
def test_sentences_name_every_exercise_and_passage_and_when_it_begins(document: dict[str, Any]) -> None:
    timeline = timed(document)
    first, *told = sentences(timeline).split("\n")
    assert first.startswith("The session lasts about ")
    assert all(line.endswith(".") for line in (first, *told))
    visits, readings = timeline.visits, timeline.readings
    assert len(told) == len(visits) + len(readings)
    for line, turn in zip(told, visits, strict=False):
        assert line.startswith(f"{turn.exercise.number}, {name(turn)}: begins at {format_clock(turn.start_ms)}, ")
        assert all(format_clock(work.start_ms) in line for work in turn.sets)
    for line, reading in zip(told[len(visits) :], readings, strict=True):
        assert line.startswith(f"{legible(reading.passage.name)}: begins at {format_clock(reading.start_ms)}, ")


def test_the_upper_back_release_in_sentences(shipped: dict[str, Timeline]) -> None:
    told = sentences(shipped["upper-back"]).split("\n")
    assert told[0] == (
        "The session lasts about 10 minutes: 7 exercises, 6 minutes 32 seconds of holds and repetitions."
    )
    assert re.fullmatch(r"1, Horizontal foam roller: begins at 0:\d\d, 1 minute, at 0:\d\d\.", told[1])
    assert re.fullmatch(r"3, Double V: begins at 3:\d\d, 30 seconds per side, at 3:\d\d and 4:\d\d\.", told[3])
    assert "12 repetitions of 6 seconds, at" in told[2]


def test_sets_alternating_sides_and_long_sessions_in_sentences() -> None:
    told = sentences(
        timed(
            "title: T\nexercises:\n"
            "  - {name: A, hold: 61m, sets: 2, rest: 10s}\n"
            "  - {name: B, reps: 4, tempo: [{for: 3.25s}], sides: alternate}\n"
        )
    )
    assert "The session lasts about 2 hours 3 minutes" in told
    assert re.search(r"1, A: .* 2 sets of 1 hour 1 minute, 10 seconds rest in between, at 0:\d\d and 1:01:\d\d\.", told)
    assert re.search(r"2, B: .*, 4 repetitions of 3.25 seconds, alternating sides, at 2:0\d:\d\d\.", told)


# -- the drawing


class Box(NamedTuple):
    """Where a text can be, at most: its glyphs' widths are an upper limit."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


SIZES = {"title": TITLE, "name": NAME, "number": SMALL, "badge": SMALL, "small": SMALL}


def drawn(timeline: Timeline) -> ElementTree.Element:
    return ElementTree.fromstring(svg(timeline).encode())  # noqa: S314 - our own text


def tagged(root: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return root.findall(f"{{http://www.w3.org/2000/svg}}{tag}")


def boxes(root: ElementTree.Element) -> Iterator[Box]:
    for element in tagged(root, "text"):
        css, text = element.attrib["class"], element.text or ""
        size = SIZES[css]
        width = text_width(text, size, bold=css != "small")
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        left = x - {"start": 0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
        yield Box(left, y - 0.76 * size, left + width, y + 0.2 * size, text)


def assert_legible(timeline: Timeline) -> None:
    """All text lies within the drawing, no two texts meet, and the smallest has 12 pixels where it is 360 wide."""
    root = drawn(timeline)
    _, _, width, height = (float(number) for number in root.attrib["viewBox"].split())
    found = list(boxes(root))
    for box in found:
        assert 0 <= box.left < box.right <= width, box
        assert 0 <= box.top < box.bottom <= height, box
    for one, other in combinations(found, 2):
        assert not one.meets(other), (one, other)
    assert min(SIZES.values()) * 360 / width >= 12
    for rect in tagged(root, "rect"):
        x, y, wide, high = (float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + wide <= width + 0.02
        assert 0 <= y <= y + high <= height


@pytest.mark.parametrize("name", SHIPPED)
def test_the_drawings_of_the_shipped_routines_are_legible(shipped: dict[str, Timeline], name: str) -> None:
    assert_legible(shipped[name])


def renamed(timeline: Timeline, title: str, names: list[str]) -> Timeline:
    exercises = tuple(
        Exercised(one.number, one.slug, name) for one, name in zip(timeline.exercises, names, strict=False)
    )
    return replace(timeline, title=title, exercises=exercises + timeline.exercises[len(exercises) :])


@given(documents(), any_text(max_size=200), st.lists(any_text(max_size=120), max_size=5))
def test_any_session_with_any_names_is_legible(document: dict[str, Any], title: str, names: list[str]) -> None:
    assert_legible(renamed(timed(document), title, names))


@pytest.mark.parametrize("hold", ["1s", "90m", "110m"])
def test_very_short_and_very_long_sessions_are_legible(hold: str) -> None:
    exercises = "".join(f"  - {{name: Number {n}, hold: {hold}, countdown: 0}}\n" for n in range(1, 13))
    assert_legible(timed(f"title: T\nexercises:\n{exercises}"))


@given(documents())
def test_the_drawing_holds_every_exercise_with_its_dose_and_clock(document: dict[str, Any]) -> None:
    timeline = timed(document)
    texts = [element.text for element in tagged(drawn(timeline), "text")]
    for turn in timeline.visits:
        assert str(turn.exercise.number) in texts
        assert format_clock(turn.start_ms) in texts
    assert f"about {format_clock(timeline.length_ms)}" in (texts[1] or "") + (texts[2] or "")


def test_doses_are_written_out() -> None:
    root = drawn(
        timed(
            "title: T\nexercises:\n"
            "  - {name: A, hold: 90s}\n"
            "  - {name: B, sides: [right, left], hold: {right: 30s, left: 45s}}\n"
            "  - {name: C, reps: 12, tempo: [{for: 3s}]}\n"
            "  - {name: D, sides: [left], reps: 1, tempo: [{for: 3s}], sets: 2, rest: 10s}\n"
            "  - {name: E, sides: alternate, reps: 4, tempo: [{for: 3s}]}\n"
        )
    )
    text = " ".join(element.text or "" for element in tagged(root, "text"))
    for dose in (
        "1 min 30 s",
        "30 s on the right and 45 s on the left",
        "12 repetitions of 3 s",
        "2 sets of 1 repetition of 3 s on the left, 10 s rest in between",
        "4 repetitions of 3 s, alternating sides",
    ):
        assert dose in text


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    root = drawn(timed("title: T\nexercises:\n  - {name: A, hold: 60s}\n  - {name: B, hold: 20s}\n"))
    bars = [float(rect.attrib["width"]) for rect in tagged(root, "rect") if rect.get("rx") == "3"]
    whole, rows = bars[:2], bars[2:4]
    assert whole[0] / whole[1] == pytest.approx(3, rel=0.01)
    assert rows[0] / rows[1] == pytest.approx(3, rel=0.01)


HOSTILE = "</text><script>alert(1)</script>&lt; \"quoted\" 'x' ]]> \x1b[31m \x00 \ud83e \ufffe"


def test_names_are_text_whatever_is_in_them() -> None:
    timeline = renamed(timed("title: T\nexercises: [{name: A, hold: 60s}]"), HOSTILE, [HOSTILE])
    root = drawn(replace(timeline, language='en" onload="x'))
    assert {element.tag.partition("}")[2] for element in root.iter()} == {
        "svg",
        "title",
        "desc",
        "style",
        "rect",
        "text",
    }
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    title = tagged(root, "title")[0].text or ""
    assert title.startswith("</text><script>alert(1)</script>&lt; \"quoted\" 'x' ]]> �[31m � � �")


@pytest.mark.parametrize("name", ["גליל קצף", "تمرين الكتف", "猫のストレッチ", "Поза эмбриона", "🧘 Lotus"])
def test_names_in_any_script_are_kept_as_they_are(name: str) -> None:
    root = drawn(renamed(timed("title: T\nexercises: [{name: A, hold: 60s}]"), name, [name]))
    assert [element.text for element in tagged(root, "text") if element.get("class") in ("title", "name")] == [name] * 2


def test_the_drawing_stands_alone_and_describes_itself(shipped: dict[str, Timeline]) -> None:
    text = svg(shipped["upper-back"])
    assert not re.search(r"url\(|href|@import|@font-face|<script|<image|<foreignObject", text)
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    root = drawn(shipped["upper-back"])
    assert root.attrib["role"] == "img"
    assert [child.tag.partition("}")[2] for child in root][:2] == ["title", "desc"]
    assert root[0].text == "Upper-back release"
    assert root[1].text == sentences(shipped["upper-back"])


def test_the_same_timeline_gives_the_same_drawing(shipped: dict[str, Timeline]) -> None:
    assert svg(shipped["upper-back"]) == svg(replace(shipped["upper-back"]))


def test_text_folds_at_spaces_then_inside_words_and_ends_in_an_ellipsis() -> None:
    assert fold("one two", 10, 1000, lines=2) == ["one two"]
    assert fold("one two", 10, text_width("one t", 10), lines=2) == ["one", "two"]
    assert fold("aaaa", 10, text_width("aa", 10), lines=2) == ["aa", "aa"]
    assert fold("aaa bbb ccc", 10, text_width("bb…", 10), lines=2) == ["aaa", "bb…"]


# -- colours


def lightness(css: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = linear(css)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(css: str) -> list[float]:
    shares = [int(css[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((lightness(one), lightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_text_and_forms_stand_out_from_the_paper(scheme: Any) -> None:
    assert contrast(scheme.ink, scheme.paper) >= 7
    assert contrast(scheme.lesser, scheme.paper) >= 4.5
    assert contrast(scheme.quiet, scheme.paper) >= 3
    for colour in COLOURS:
        assert contrast(colour.css, scheme.paper) >= 3


@pytest.mark.parametrize("colour", COLOURS)
def test_exercises_stand_out_from_black_and_white_and_text_from_them(colour: Any) -> None:
    assert contrast(colour.css, "#000000") >= 3
    assert contrast(colour.css, "#ffffff") >= 3
    assert contrast(INK_ON_COLOUR, colour.css) >= 4.5


@pytest.mark.parametrize("colour", COLOURS)
def test_a_colour_is_the_same_on_a_terminal_and_in_the_drawing(colour: Any) -> None:
    levels = ("00", "5f", "87", "af", "d7", "ff")
    place = colour.code - 16
    assert colour.css == f"#{levels[place // 36]}{levels[place // 6 % 6]}{levels[place % 6]}"


# Machado, Oliveira and Fernandes (2009), severity 1; rows of the matrix on linear RGB.
VISIONS = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "no green": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "no blue": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def seen(css: str, vision: str) -> tuple[float, float, float]:
    """The colour in CIE L*a*b* (D65), as somebody with this vision sees it."""
    rgb = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear(css), strict=True)))) for row in VISIONS[vision]]
    x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505
    y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
    z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.0888
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("vision", VISIONS)
def test_neighbours_differ_in_every_kind_of_colour_vision(vision: str) -> None:
    for one, other in pairwise((*COLOURS, COLOURS[0])):
        apart = sum((a - b) ** 2 for a, b in zip(seen(one.css, vision), seen(other.css, vision), strict=True)) ** 0.5
        assert apart >= 40, (one, other)


# -- on the command line


def audiogen(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {"AUDIOGEN_CACHE_DIR": str(folder / "cache"), "PYTHONIOENCODING": "utf-8", "COLUMNS": "120"}
    return run(*arguments, cwd=folder, env={**os.environ, **settings, **environment})


def on_terminal(folder: Path, columns: int, *arguments: str) -> str:
    """What a command prints on a terminal of this width."""
    import pty
    import termios

    terminal, inside = pty.openpty()
    termios.tcsetwinsize(inside, (40, columns))
    settings = {"AUDIOGEN_CACHE_DIR": str(folder / "cache"), "PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color"}
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    process = begin(*arguments, stdout=inside, cwd=folder, env=environment | settings)
    os.close(inside)
    shown = all_shown(terminal)
    process.communicate()
    assert process.returncode == 0
    return shown.decode().replace("\r\n", "\n")


def test_plan_shows_the_lane_80_columns_wide_to_what_is_no_terminal(
    tmp_path: Path, shipped: dict[str, Timeline]
) -> None:
    done = audiogen(tmp_path, "plan", "upper-back", "--voice", "builtin")
    assert f"\n\n{lane(shipped['upper-back'], 80, color=False, unicode=True)}\n\nabout 10:00" in done.stdout


@pytest.mark.linux(reason="pseudo-terminals")
def test_plan_shows_the_lane_in_colours_and_in_the_width_of_the_terminal(
    tmp_path: Path, shipped: dict[str, Timeline]
) -> None:
    shown = on_terminal(tmp_path, 132, "plan", "upper-back", "--voice", "builtin")
    assert lane(shipped["upper-back"], 132, color=True, unicode=True) in shown


def test_plan_draws_in_ascii_where_stdout_has_no_unicode(tmp_path: Path, shipped: dict[str, Timeline]) -> None:
    done = audiogen(tmp_path, "plan", "upper-back", "--voice", "builtin", PYTHONIOENCODING="ascii")
    assert lane(shipped["upper-back"], 80, color=False, unicode=False) in done.stdout


def test_plan_plain_tells_the_picture_in_sentences(tmp_path: Path, shipped: dict[str, Timeline]) -> None:
    done = audiogen(tmp_path, "plan", "upper-back", "--voice", "builtin", "--plain")
    assert f"\n{sentences(shipped['upper-back'])}\nIn all about 10:00" in done.stdout
    assert "█" not in done.stdout


def test_plan_svg_writes_the_drawing_and_says_where(tmp_path: Path, shipped: dict[str, Timeline]) -> None:
    without = audiogen(tmp_path, "plan", "upper-back", "--voice", "builtin")
    done = audiogen(tmp_path, "plan", "upper-back", "--voice", "builtin", "--svg", "pictures/upper back.svg")
    assert (tmp_path / "pictures" / "upper back.svg").read_text("utf-8") == svg(shipped["upper-back"])
    assert done.stderr == f"Wrote the picture to {Path('pictures', 'upper back.svg')}.\n"
    assert done.stdout == without.stdout


def test_plan_svg_refuses_another_kind_of_file(tmp_path: Path) -> None:
    done = audiogen(tmp_path, "plan", "upper-back", "--voice", "builtin", "--svg", "upper-back.png")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "upper-back.png cannot be written: the picture is an SVG file, so its name must end in .svg.\n"
    )
    assert not (tmp_path / "upper-back.png").exists()


def test_the_lane_alone_has_no_words_and_every_stretch_of_the_whole_drawing() -> None:
    timeline = plan(load_routine("upper-back"), voice="builtin").timeline
    alone, whole = strip(timeline), svg(timeline)
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", alone)
    assert all(re.fullmatch(r"\d+(:\d\d)?", text) for text in texts)
    assert [text for text in texts if ":" not in text] == [str(number) for number in range(1, 8)]
    assert "prefers-color-scheme" not in alone
    assert "prefers-color-scheme" in whole
    assert alone.count('rx="3"') == sum(event.kind == "hold" for event in timeline.events)
