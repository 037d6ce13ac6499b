"""The files next to a track: independent readers accept them, captions can be read, the sheet fits on a page."""

import json
import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pysubs2
import pytest
import srt as srt_reader
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from audiogen import load_routine, parse_routine, plan
from audiogen.cli.sidecars import NAMES
from audiogen.errors import OutputError
from audiogen.export.sidecars import KINDS, write_sidecars
from audiogen.export.sidecars.lists import chapters_json, labels, timeline_json
from audiogen.export.sidecars.page import page
from audiogen.export.sidecars.subtitles import LINE_CELLS, captions, lrc, srt, vtt
from audiogen.text import balanced, cells, pieces
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.views.chapters import chapters_of
from audiogen.views.lyrics import lines_of

from ..command import run
from ..shipped import ROUTINES, TRANSLATIONS
from ..shipped import planned as shipped
from ..strategies import documents, read
from ..studio.browsing import chromium

each_shipped = pytest.mark.parametrize("path", [*ROUTINES.values(), *TRANSLATIONS.values()], ids=lambda path: path.stem)
LONG = (
    "Press your feet, lift your hips, and roll slowly up towards your shoulders. Turn back before your neck; "
    "then roll down again, as slowly as you came, until the roller lies below your lowest ribs, and rest there."
)
JAPANESE = (
    "肩甲骨のあいだを広げるように、ゆっくりと息を吸いながら両腕を頭の上まで上げていきます。"
    "そして吐きながら、床に沿って下ろします。"
)


def saying(*cues: tuple[int, int, str], length_ms: int = 20_000, language: str = "en") -> Timeline:
    """A session of nothing but these words, with their start and end."""
    events: list[Event] = []
    at_ms = 0
    for start_ms, end_ms, text in cues:
        events += [Event(at_ms, start_ms, "wait", "gap")] if start_ms > at_ms else []
        events.append(Event(start_ms, end_ms, "say", "opening", text))
        at_ms = end_ms
    events += [Event(at_ms, length_ms, "wait", "tail")] if at_ms < length_ms else []
    return Timeline("T", language, None, length_ms, True, (), tuple(events))


# -- captions


@each_shipped
def test_captions_of_shipped_routines_are_read_with_ease(path: Path) -> None:
    timeline = shipped(path)
    for caption in captions(timeline):
        assert 1 <= len(caption.lines) <= 2
        assert all(0 < cells(line) <= LINE_CELLS for line in caption.lines)
        length_s = (caption.end_ms - caption.start_ms) / 1000
        assert sum(map(cells, caption.lines)) / length_s <= 20
        assert length_s >= 0.5


words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=200)
cues = st.lists(st.tuples(st.integers(0, 3000), st.integers(100, 9000), words), max_size=6)


@given(cues, st.integers(0, 2000))
def test_captions_never_overlap_and_end_within_the_track(drawn: list[tuple[int, int, str]], tail_ms: int) -> None:
    said, at_ms = [], 0
    for gap_ms, length_ms, text in drawn:
        said.append((at_ms + gap_ms, at_ms + gap_ms + length_ms, " ".join(text.split()) or "x"))
        at_ms += gap_ms + length_ms
    timeline = saying(*said, length_ms=at_ms + tail_ms)
    found = captions(timeline)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(found))
    assert all(one.start_ms < one.end_ms <= timeline.length_ms for one in found)
    assert all(len(one.lines) <= 2 and max(map(cells, one.lines)) <= LINE_CELLS for one in found)
    shown = "".join("".join(one.lines) for one in found)
    assert "".join(shown.split()) == "".join("".join(text.split()) for _, _, text in said)


@given(documents())
def test_every_word_of_any_session_is_captioned_while_it_is_spoken(document: dict[str, Any]) -> None:
    timeline = plan(read(document), voice="builtin").timeline
    found = captions(timeline)
    for line in lines_of(timeline):
        during = [one for one in found if one.start_ms < line.end_ms and line.start_ms < one.end_ms]
        assert during[0].start_ms == line.start_ms
        assert during[-1].end_ms >= line.end_ms
        assert " ".join(" ".join(one.lines) for one in during) == line.text


def test_a_long_cue_is_divided_at_its_sentences_then_at_its_clauses() -> None:
    found = captions(saying((1000, 13_000, LONG)))
    assert [one.lines for one in found] == [
        ("Press your feet, lift your hips, and", "roll slowly up towards your shoulders."),
        ("Turn back before your neck; then roll", "down again, as slowly as you came,"),
        ("until the roller lies below your", "lowest ribs, and rest there."),
    ]
    assert [one.start_ms for one in found] == [1000, 5331, 9487]
    assert found[-1].end_ms == 13_016  # 60 letters need 3.5 seconds


def test_a_language_without_spaces_is_divided_between_letters() -> None:
    found = captions(saying((0, 9000, JAPANESE), language="ja"))
    assert "".join("".join(one.lines) for one in found) == JAPANESE
    assert all(line[0] not in "、。" for one in found for line in one.lines)


def test_a_short_cue_stays_for_a_second_where_there_is_silence() -> None:
    found = captions(saying((1000, 1300, "One."), (1900, 2200, "Go."), (19_900, 20_000, "End.")))
    assert [(one.start_ms, one.end_ms) for one in found] == [(1000, 1820), (1900, 2900), (19_900, 20_000)]


@given(st.lists(st.text("ab ü背、", min_size=1, max_size=9), max_size=12), st.integers(2, 20))
def test_lines_are_no_wider_than_they_may_be_and_lose_nothing(parts: list[str], width: int) -> None:
    text = " ".join("".join(parts).split())
    lines = balanced(list(pieces(text)), width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


# -- readers of others


@each_shipped
def test_an_independent_reader_takes_the_srt_to_the_millisecond(path: Path) -> None:
    timeline = shipped(path)
    read_back = list(srt_reader.parse(srt(timeline), ignore_errors=False))
    expected = captions(timeline)
    assert [one.index for one in read_back] == list(range(1, len(expected) + 1))
    assert [
        (round(one.start.total_seconds() * 1000), round(one.end.total_seconds() * 1000), one.content)
        for one in read_back
    ] == [(one.start_ms, one.end_ms, "\n".join(one.lines)) for one in expected]
    assert srt_reader.compose(read_back) == srt(timeline) + "\n"


@each_shipped
def test_independent_readers_take_the_vtt_to_the_millisecond(path: Path) -> None:
    timeline = shipped(path)
    expected = captions(timeline)
    found = webvtt.from_string(vtt(timeline)).captions
    assert [(one.start_in_seconds, one.text) for one in found] == [
        (one.start_ms // 1000, "\n".join(one.lines)) for one in expected
    ]
    subs = pysubs2.SSAFile.from_string(vtt(timeline), format_="vtt")
    assert [(one.start, one.end) for one in subs] == [(one.start_ms, one.end_ms) for one in expected]
    assert subs[-1].end <= timeline.length_ms


def test_what_vtt_takes_for_marks_is_written_as_text() -> None:
    text = vtt(saying((0, 1000, "<b>Hold & smile</b> --> now")))
    assert [one.text for one in webvtt.from_string(text).captions] == ["&lt;b&gt;Hold &amp; smile&lt;/b&gt; --&gt; now"]


def test_lyrics_have_a_time_a_line_also_after_an_hour() -> None:
    timeline = saying(
        (960, 2000, "Breathe."), (3000, 4000, "[sic] yes"), (6_000_019, 6_001_000, "Done."), length_ms=6_002_000
    )
    assert lrc(timeline).splitlines() == [
        "[ti:T]",
        "[la:en]",
        "[length:100:02.00]",
        "[00:00.96]Breathe.",
        "[00:03.00] [sic] yes",
        "[100:00.01]Done.",
    ]


@each_shipped
def test_labels_are_in_order_and_hold_every_word_and_chapter(path: Path) -> None:
    timeline = shipped(path)
    rows = [line.split("\t") for line in labels(timeline).splitlines()]
    assert all(len(row) == 3 for row in rows)
    spans = [(float(start), float(end)) for start, end, _ in rows]
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert all(start < end <= timeline.length_ms / 1000 for start, end in spans)
    texts = [text for _, _, text in rows]
    titles = [one.title for one in chapters_of(timeline)]
    assert [text for text in texts if text in titles] == titles
    assert sum(text.startswith(("(hold", "(rep")) for text in texts) == sum(
        event.kind in ("hold", "rep") for event in timeline.events
    )


def test_chapters_for_podcasts_are_the_chapters_in_seconds() -> None:
    timeline = shipped(ROUTINES["upper-back"])
    document = json.loads(chapters_json(timeline))
    assert (document["version"], document["title"]) == ("1.2.0", timeline.title)
    assert [
        (round(one["startTime"] * 1000), round(one["endTime"] * 1000), one["title"]) for one in document["chapters"]
    ] == [(one.start_ms, one.end_ms, one.title) for one in chapters_of(timeline)]


def test_the_timeline_is_the_document_of_the_plan() -> None:
    timeline = shipped(ROUTINES["desk-reset"])
    assert json.loads(timeline_json(timeline)) == timeline.to_json()


# -- the sheet


class Reader(HTMLParser):
    """Sees that every element is closed, and gathers elements, attributes and text."""

    VOID = ("meta", "br", "rect", "!doctype")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


EVIL = """\
title: '"><script>alert(1)</script> & <b>'
exercises:
  - {name: '<img src=x onerror=alert(2)>', hold: 5s, setup: ['</td></table><script>alert(3)</script>']}
"""


def test_the_sheet_shows_markup_in_texts_as_text() -> None:
    found = Reader(page(plan(parse_routine(EVIL), voice="builtin").timeline))
    assert {tag for tag, _ in found.elements} & {"script", "img", "b", "link"} == {"b"}
    assert sum(tag == "b" for tag, _ in found.elements) == 1  # the number of the exercise
    for text in (
        '"><script>alert(1)</script> & <b>',
        "<img src=x onerror=alert(2)>",
        "</td></table><script>alert(3)</script>",
    ):
        assert text in found.text


@each_shipped
def test_the_sheet_tells_each_exercise_its_doses_and_how_it_goes(path: Path) -> None:
    timeline, text = shipped(path), page(shipped(path))
    found = Reader(text.replace("&nbsp;", " "))
    for exercise in timeline.exercises:
        assert exercise.name in found.text
    for chapter in chapters_of(timeline):
        assert chapter.dose in found.text
    for event in timeline.events:
        if event.role in ("setup", "cue", "switch", "release", "opening", "closing") and event.text:
            assert event.text in found.text
    assert dict(found.elements)["html"]["lang"] == timeline.language
    heads = [attributes.get("scope") for tag, attributes in found.elements if tag == "th"]
    assert heads == ["col", "col", *["row"] * (len(timeline.exercises) + 2)]
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


def test_the_sheet_lists_an_exercise_once_with_the_times_of_all_its_rounds() -> None:
    routine = parse_routine("title: R\nrounds: 3\nexercises: [{name: Plank, hold: 30s, setup: Down.}]")
    timeline = plan(routine, voice="builtin").timeline
    found = Reader(page(timeline).replace("&nbsp;", " "))
    starts = [one.start_ms // 1000 for one in chapters_of(timeline) if one.exercise]
    clocks = ", ".join(f"{start // 60}:{start % 60:02}" for start in starts)
    assert f"{clocks} · 30 s" in found.text
    assert found.text.count("Plank") == 1


def test_a_number_is_not_parted_from_its_unit() -> None:
    assert "right side, 30&nbsp;s</span>" in page(shipped(ROUTINES["upper-back"]))


def test_phases_are_given_once_as_sentences() -> None:
    found = Reader(page(shipped(ROUTINES["upper-back"])))
    assert "palms up. Inhale, sweep overhead. Exhale, sweep down. Roll off to one side." in found.text


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_sheet_of_ten_minutes_is_printed_on_one_page(paper: str, tmp_path: Path) -> None:
    text = page(shipped(TRANSLATIONS["upper-back.de"]))  # the longest
    pdf = printed(text.replace("</head>", f"<style>@page {{ size: {paper} }}</style></head>"), tmp_path)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def printed(html: str, folder: Path) -> bytes:
    """A page as a browser prints it: PDF."""
    (folder / "page.html").write_text(html, "utf-8")
    command = [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / 'page.pdf'}"]
    subprocess.run([*command, (folder / "page.html").as_uri()], check=True, capture_output=True, timeout=120)
    return (folder / "page.pdf").read_bytes()


# -- writing


def test_all_kinds_are_written_next_to_the_track_and_named_after_it(tmp_path: Path) -> None:
    timeline = shipped(ROUTINES["box-breathing"])
    written = write_sidecars(tmp_path / "my track.v2.mp3", timeline)
    names = [".lrc", ".srt", ".vtt", ".json", ".labels.txt", ".chapters.json", ".sheet.html", ".html"]
    assert [path.name for path in written] == [f"my track.v2{suffix}" for suffix in names]
    assert sorted(tmp_path.iterdir()) == sorted(written)
    for path, kind in zip(written, KINDS.values(), strict=True):
        assert path.read_text("utf-8") == kind.text(timeline, "my track.v2.mp3")


def test_unless_all_can_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "t.html").mkdir()
    (tmp_path / "t.srt").write_text("an earlier one")
    with pytest.raises(OutputError) as raised:
        write_sidecars(tmp_path / "t.mp3", shipped(ROUTINES["box-breathing"]))
    assert raised.value.problems[0].code == "storage.folder-to-write"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.html", "t.srt"]
    assert (tmp_path / "t.srt").read_text() == "an earlier one"


@pytest.mark.parametrize("text", [lrc, srt, vtt, labels, chapters_json, timeline_json, page])
def test_a_session_in_which_nobody_speaks_has_its_files_too(text: Callable[[Timeline], str]) -> None:
    timeline = plan(load_routine("desk-reset"), overrides={"guidance": "tones"}).timeline
    assert text(timeline) == text(timeline)
    assert text(timeline).endswith("\n") or text is srt


@pytest.mark.parametrize("language", ["ja", "hi", "pl"])
def test_the_sheet_has_no_english_heading_in_another_language(language: str) -> None:
    routine = parse_routine(f"title: X\nlanguage: {language}\nexercises: [{{name: Y, hold: 5s}}]")
    found = Reader(page(plan(routine, overrides={"guidance": "tones"}).timeline))
    assert not {"Exercise", "Words", "Opening", "Closing", "exercise", "speed"} & set(re.findall(r"\w+", found.text))


# -- on the command line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a routine lies that is rendered in a moment, since nobody speaks in it."""
    folder = tmp_path_factory.mktemp("sidecars")
    (folder / "tiny.yaml").write_text("title: Tiny\nguidance: tones\nexercises: [{name: Rest, hold: 3s}]", "utf-8")
    return folder


def audiogen(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments, cwd=folder)


@pytest.mark.parametrize(
    ("arguments", "suffixes"),
    [
        (["tiny.yaml", "--sidecars"], [kind.suffix for kind in KINDS.values()]),
        (["--sidecars", "tiny.yaml"], [kind.suffix for kind in KINDS.values()]),
        (["tiny.yaml", "--sidecars", "Sheet, lrc"], [".lrc", ".sheet.html"]),
        (["tiny.yaml", "--sidecars=labels"], [".labels.txt"]),
        (["tiny.yaml"], []),
    ],
    ids=lambda given: "+".join(given) or "none",
)
def test_sidecars_are_all_or_named(arguments: list[str], suffixes: list[str], folder: Path, tmp_path: Path) -> None:
    done = audiogen(folder, "render", *arguments, "-o", str(tmp_path / "t.mp3"), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sidecars"] == [str(tmp_path / f"t{suffix}") for suffix in suffixes]
    made = {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")}
    assert made == {"t.mp3", *(f"t{suffix}" for suffix in suffixes)}
    printed = f"Next to it: {', '.join(f't{suffix}' for suffix in suffixes)}"
    assert (printed in done.stderr.splitlines()) == bool(suffixes)


def test_a_sidecar_of_another_name_is_wrong_usage_before_anything_is_made(folder: Path, tmp_path: Path) -> None:
    done = audiogen(folder, "render", "tiny.yaml", "--sidecars", "srt,lcr", "-o", str(tmp_path / "t.mp3"))
    assert done.returncode == 2
    assert "must be all or some of lrc, srt, vtt, json, labels, chapters, sheet, html, found 'lcr'" in done.stderr
    assert not (tmp_path / "t.mp3").exists()


def test_each_row_of_a_batch_has_its_sidecars_where_it_is_kept_too(folder: Path, tmp_path: Path) -> None:
    table, out = tmp_path / "table.csv", tmp_path / "out"
    table.write_text(f"routine,output,hold\n{folder / 'tiny.yaml'},a,3s\n{folder / 'tiny.yaml'},b.flac,4s\n")
    made = ("batch", str(table), "-o", str(out), "--sidecars", "srt,json,sheet", "--json", "--jobs", "1")
    for state in ("made", "kept"):
        done = audiogen(folder, *made)
        assert done.returncode == 0, done.stderr
        rows = json.loads(done.stdout)["rows"]
        assert [row["state"] for row in rows] == [state] * 2
        names = [[Path(path).name for path in row["sidecars"]] for row in rows]
        assert names == [["a.srt", "a.json", "a.sheet.html"], ["b.srt", "b.json", "b.sheet.html"]]
        found = {path.name: path.read_bytes() for path in out.iterdir() if path.suffix in (".srt", ".json", ".html")}
        assert set(found) == {*names[0], *names[1], "audiogen-batch.json"}
        for name in names[1]:
            (out / name).unlink()
    alone = audiogen(folder, "render", "tiny.yaml", "--hold", "4s", "-o", str(out / "b.flac"), "--sidecars")
    assert alone.returncode == 0, alone.stderr
    assert {name: (out / name).read_bytes() for name in names[1]} == {name: found[name] for name in names[1]}


def test_a_row_whose_sidecars_cannot_be_written_fails_alone(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"routine,output\n{folder / 'tiny.yaml'},a\n{folder / 'tiny.yaml'},b\n")
    (tmp_path / "out" / "a.srt").mkdir(parents=True)
    done = audiogen(folder, "batch", str(table), "-o", str(tmp_path / "out"), "--sidecars", "srt", "--jobs", "1")
    assert (done.returncode, done.stdout) == (1, f"{tmp_path / 'out' / 'b.mp3'}\n")
    assert "a.srt" in done.stderr
    assert (tmp_path / "out" / "b.srt").exists()


@pytest.mark.parametrize("more", [[], ["--check"]])
def test_rows_that_would_share_their_sidecars_are_reported_before_anything_is_rendered(
    more: list[str], folder: Path, tmp_path: Path
) -> None:
    table, out = tmp_path / "table.csv", tmp_path / "out"
    rows = "".join(f"{folder / 'tiny.yaml'},{name}\n" for name in ("a.mp3", "A.flac", "audiogen-batch"))
    table.write_text(f"routine,output\n{rows}")
    done = audiogen(folder, "batch", str(table), "-o", str(out), "--sidecars", "srt", *more)
    assert (done.returncode, done.stdout) == (1, "")
    shared, reserved = done.stderr.splitlines()
    assert shared.startswith(f"{table}, row 3, output: 'A.flac' would share its sidecars with row 2")
    assert reserved.startswith(f"{table}, row 4, output: 'audiogen-batch.mp3' is ")
    assert not out.exists()


def test_the_names_of_the_command_line_are_those_that_can_be_written() -> None:
    assert tuple(KINDS) == NAMES


def test_a_series_has_its_sidecars_week_by_week(folder: Path, tmp_path: Path) -> None:
    done = audiogen(folder, "series", "tiny.yaml", "--weeks", "2", "--sidecars", "sheet", "-o", str(tmp_path / "s"))
    assert done.returncode == 0, done.stderr
    pages = sorted((tmp_path / "s").glob("*.html"))
    assert [page.with_suffix("").with_suffix(".mp3") for page in pages] == sorted((tmp_path / "s").glob("*.mp3"))
    assert len(pages) == 2


def test_sidecars_that_replace_files_are_reported(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(
        "title: Tiny\nguidance: tones\nexercises: [{name: Lean, hold: 3s, countdown: 0}]\n"
    )
    (tmp_path / "tiny.json").write_text("of the user")
    arguments = ("render", "tiny.yaml", "-o", "tiny.mp3", "--sidecars", "json,srt")
    first, second = run(*arguments, cwd=tmp_path), run(*arguments, cwd=tmp_path)
    assert "Earlier files were replaced: tiny.json\n" in first.stderr
    assert "Earlier files were replaced: tiny.srt, tiny.json\n" in second.stderr
