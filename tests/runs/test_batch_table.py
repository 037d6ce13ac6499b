"""A table as spreadsheets write it: what its rows come to, and every mistake in it at its place."""

from pathlib import Path

import pytest

from audiogen.errors import Problem, TableError
from audiogen.routine.sounds import read_sounds
from audiogen.runs.batch import Row, read_table
from tests.each import each

SMALL = """\
title: Small
exercises:
  - name: Lean
    sides: [right, left]
    hold: 10s
  - name: Roll
    hold: 20s
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(content: str | bytes, **wanted: object) -> tuple[Row, ...]:
    path = Path("clients.csv")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, **wanted)  # type: ignore[arg-type]


def mistakes(content: str | bytes, **wanted: object) -> tuple[Problem, ...]:
    with pytest.raises(TableError) as refused:
        rows(content, **wanted)
    return refused.value.problems


# -- what is read


def test_columns_are_settings_and_cells_the_values_of_their_flags() -> None:
    (row,) = rows("routine,title,hold:lean,hold:lean.left,skip,length\nsmall.yaml,Mine,15s,20s,2,1m\n")
    assert row.routine.title == "Small"
    assert row.overrides == {"title": "Mine", "hold": ["lean=15s", "lean.left=20s"], "skip": ["2"], "length": "1m"}


def test_columns_of_ones_own_are_ignored() -> None:
    (row,) = rows("routine,x:phone,X: how she is,hold\nupper-back,0171,well,45s\n")
    assert row.overrides == {"hold": ["45s"]}


def test_an_empty_cell_leaves_things_as_the_routine_has_them() -> None:
    first, second = rows("routine,hold:lean,title\nsmall.yaml,,\nsmall.yaml,15s\n")
    assert (first.overrides, second.overrides) == ({}, {"hold": ["lean=15s"]})


def test_flags_are_for_rows_that_say_nothing_else() -> None:
    flags = {"title": "All", "hold": ["roll=30s"], "skip": ["roll"]}
    table = "output,title,hold:lean,skip,voice\na,,,,\nb,Mine,15s,lean,espeak\n"
    first, second = rows(table, routine="small.yaml", voice="builtin", overrides=flags)
    assert (first.overrides, first.voice) == (flags, "builtin")
    assert second.overrides == {"title": "Mine", "hold": ["roll=30s", "lean=15s"], "skip": ["lean"]}
    assert second.voice == "espeak"


def test_outputs_are_called_as_written_or_by_their_title_or_by_routine_and_row() -> None:
    table = "routine,output,title\nsmall.yaml,a,\nsmall.yaml,b/C.MP3,\nsmall.yaml,,Anna’s back\nsmall.yaml,,\n"
    outs = [row.out.as_posix() for row in rows(table)]
    assert outs == ["a.mp3", "b/C.MP3", "anna-s-back.mp3", "small-005.mp3"]


def test_paths_in_cells_are_taken_from_the_tables_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "clients.csv").write_text("routine,voice\nsmall.yaml,recordings:mine\n")
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    (row,) = read_table(Path("../clients.csv"))
    assert row.voice == f"recordings:{folder / 'mine'}"


def test_music_and_tones_in_cells_are_taken_from_there_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = "routine,music,sounds\nsmall.yaml,calm.mp3,start=gong.wav\nsmall.yaml,rain,wood\nsmall.yaml,,\n"
    (folder / "clients.csv").write_text(table)
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    first, second, third = read_table(Path("../clients.csv"))
    assert first.overrides["music"] == str(folder / "calm.mp3")
    ((role, file),) = read_sounds(str(first.overrides["sounds"])).files.items()
    assert (role, Path(file).resolve()) == ("start", (folder / "gong.wav").resolve())
    assert (second.overrides, third.overrides) == ({"music": "rain", "sounds": "wood"}, {})


def test_headings_may_be_written_as_flags_are() -> None:
    (row,) = rows("Routine,Halfway-From,COUNTDOWN\nsmall.yaml,5s,0\n")
    assert row.overrides == {"halfway_from": ["5s"], "countdown": ["0"]}


# -- what spreadsheets do


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_delimiter_is_understood(delimiter: str) -> None:
    table = 'routine,title,skip\nsmall.yaml,"A, b; c\td",1\n'.replace(",", delimiter)
    title = "A, b; c\td".replace(",", delimiter)
    (row,) = rows(table)
    assert row.overrides == {"title": title, "skip": ["1"]}


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfroutine,title\r\nsmall.yaml,Gr\xc3\xbc\xc3\x9fe\r\n",
        "routine\ttitle\r\nsmall.yaml\tGrüße\r\n".encode("utf-16"),
        "sep=;\r\nroutine;title\r\nsmall.yaml;Grüße\r\n".encode(),
        "\n\nroutine,title\n,\nsmall.yaml,Grüße\n,,,\n\n".encode(),
        "routine,title,,\nsmall.yaml,Gru\u0308ße,,\n".encode(),
    ],
    ids=["byte order mark", "UTF-16", "sep=", "blank rows", "nameless columns, letters in two parts"],
)
def test_what_spreadsheets_write_is_understood(content: bytes) -> None:
    (row,) = rows(content)
    assert row.overrides == {"title": "Grüße"}


def test_rows_are_counted_as_spreadsheets_do() -> None:
    """A line break within quotes is no new row; a blank row is one."""
    table = 'routine,title\nsmall.yaml,"two\nlines"\n\nsmall.yaml,other\n'
    assert [row.number for row in rows(table)] == [2, 4]


# -- mistakes


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("routine,hold\nsmall.yaml,9s per side\n", "9s"),
        ("routine,hold:lean\nsmall.yaml,2 x 9s\n", "2 in a column sets:lean and 9s"),
        ("routine,hold\nsmall.yaml,9-12s\n", "9s, or 9s,12s for two sets"),
        ("routine,reps:roll\nsmall.yaml,12 reps\n", "12"),
    ],
)
def test_a_slip_in_a_cell_is_answered_with_what_to_write_in_cells(table: str, expected: str) -> None:
    (problem,) = mistakes(table)
    assert (problem.subject, problem.expected) == ("the cell", expected)


@each(
    ("table", "place", "code", "found"),
    [
        ("routine,outptu\nsmall.yaml,a\n", ", row 1, outptu", "misspelt-column", ""),
        ("routine,Patient\nsmall.yaml,a\n", ", row 1, Patient", "name-column", ""),
        ("routine,zzz\nsmall.yaml,a\n", ", row 1, zzz", "unknown-column", ""),
        ("title\nMine\n", ", row 1", "no-routine-column", ""),
        ("routine,skip,Skip\nsmall.yaml,1,\n", ", row 1, skip", "column-twice", ""),
        ("routine,\nsmall.yaml,a\n", ", row 1", "unnamed-column", "2"),
        ("routine,title:lean\nsmall.yaml,a\n", ", row 1, title:lean", "not-per-exercise", ""),
        ("routine,hold:\nsmall.yaml,9s\n", ", row 1, hold:", "no-exercise", ""),
        ("routine,title\n,a\n", ", row 2, routine", "no-routine", ""),
        ("routine,hold\nsmall.yaml,lean=9s;roll=8s\n", ", row 2, hold", "several-values", "lean=9s;roll=8s"),
        ("routine,title\nsmall.yaml,a,b\n", ", row 2", "extra-cells", ""),
        ("routine,output\nsmall.yaml,../a\n", ", row 2, output", "outside-folder", "../a"),
        ("routine,output\nsmall.yaml,/a\n", ", row 2, output", "outside-folder", "/a"),
        ("routine,output\nsmall.yaml,c:\\a\n", ", row 2, output", "outside-folder", "c:\\a"),
        ("routine,output\nsmall.yaml,a?\n", ", row 2, output", "bad-file-name", "a?"),
        ("routine,output\nsmall.yaml,/\n", ", row 2, output", "bad-file-name", "/"),
        ("routine,output\nsmall.yaml,\\\n", ", row 2, output", "bad-file-name", "\\"),
        ("routine,output\nsmall.yaml,.\n", ", row 2, output", "bad-file-name", "."),
        ("routine,output\nsmall.yaml,./\n", ", row 2, output", "bad-file-name", "./"),
        ("routine,output\nsmall.yaml,CON\n", ", row 2, output", "bad-file-name", "CON"),
        ("routine,output\nsmall.yaml,a/nul.mp3\n", ", row 2, output", "bad-file-name", "a/nul.mp3"),
        ("routine,output\nsmall.yaml,a /b\n", ", row 2, output", "bad-file-name", "a /b"),
        ("routine,output\nsmall.yaml,a\nsmall.yaml,A.mp3\n", ", row 3, output", "same-output", "A.mp3"),
        ("routine,title\nsmall.yaml,Me\nsmall.yaml,me\n", ", row 3, output", "same-output", "me.mp3"),
        ('routine,title\nsmall.yaml,"open\n', ", row 2", "open-quote", ""),
        ('routine,title\nsmall.yaml,"a" b\n', ", row 2", "open-quote", ""),
    ],
)
def test_a_mistake_is_reported_at_its_place(table: str, place: str, code: str, found: str) -> None:
    (problem,) = mistakes(table)
    assert (problem.place, problem.code, problem.found) == (f"clients.csv{place}", f"runs.{code}", found)


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ("routine\nsmal.yaml\n", ", row 2, routine: "),
        ("routine,hold\nsmall.yaml,long\n", ", row 2, hold: "),
        ("routine,hold:laen\nsmall.yaml,9s\n", ", row 2, hold:laen: "),
        ("routine,sets:lean\nsmall.yaml,2\n", ", row 2, sets:lean: "),
        ("routine,output\nsmall.yaml,a.doc\n", ", row 2, output: "),
    ],
)
def test_what_does_not_fit_a_routine_is_reported_at_its_cell(table: str, place: str) -> None:
    with pytest.raises(TableError) as refused:
        rows(table)
    assert str(refused.value).startswith(f"clients.csv{place}")


@pytest.mark.usefixtures("folder")
def test_minutes_without_their_unit_are_reported_before_anything_is_rendered() -> None:
    (found,) = mistakes("routine,length\nsmall.yaml,2\nsmall.yaml,2h\n")
    assert (found.code, found.place) == ("timeline.length-unmet", "clients.csv, row 2, length")


def test_rows_without_a_header_are_reported_once() -> None:
    assert [one.code for one in mistakes("upper-back,anna,45s\nhip-release,ben,30s\n")] == ["runs.no-header"]


@pytest.mark.usefixtures("folder")
def test_mistakes_in_the_header_do_not_hide_those_of_the_rows() -> None:
    found = mistakes("routine,holt,length\nsmall.yaml,20s,soon\nsmal.yaml,20s,1m\n")
    assert [(problem.code, str(problem.place).partition(", ")[2]) for problem in found] == [
        ("runs.misspelt-column", "row 1, holt"),
        ("durations.unreadable", "row 2, length"),
        ("routine.misspelt-file", "row 3, routine"),
    ]


def test_every_mistake_is_reported_at_once_and_a_routines_own_once(folder: Path) -> None:
    (folder / "broken.yaml").write_text("titel: x\n")
    table = "routine,hold,length\nbroken.yaml,,\nbroken.yaml,,\nsmall.yaml,long,ever\nsmall.yaml,,soon\n"
    with pytest.raises(TableError) as refused:
        rows(table)
    lines = [line.split(": ")[0] for line in str(refused.value).splitlines() if line.startswith("clients.csv")]
    places = ["row 2, routine", "row 4, hold", "row 4, length", "row 5, length"]
    assert list(dict.fromkeys(lines)) == [f"clients.csv, {place}" for place in places]
    assert "row 2, routine: broken.yaml:1:1" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "code", "found"),
    [
        (b"routine,title\nsmall.yaml,Gr\xfc\xdfe\n", "not-utf8", "byte 0xfc in line 2"),
        (b"PK\x03\x04", "workbook", ""),
        (b"x" * 10_000_001, "too-large", ""),
        (b"routine\n\n", "no-rows", ""),
        (b"\n \n", "empty-table", ""),
    ],
    ids=["Latin-1", "workbook", "huge", "no rows", "empty"],
)
def test_what_is_not_a_table_is_refused(content: bytes, code: str, found: str) -> None:
    assert mistakes(content) == (Problem(f"runs.{code}", subject="clients.csv", found=found),)


def test_a_table_that_does_not_exist_is_refused(folder: Path) -> None:
    for path, code in ((Path("nowhere.csv"), "unreadable"), (folder, "folder")):
        with pytest.raises(TableError) as refused:
            read_table(path)
        assert refused.value.problems[0].code == f"runs.{code}"


def test_every_column_that_names_a_file_is_taken_from_the_tables_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    table = folder / "clients.csv"
    table.write_text(
        "routine,output,voice,fill,music\n"
        "small.yaml,a,piper:amy.onnx,recordings:mine,calm.mp3\n"
        "small.yaml,b,recordings:mine,piper:amy.onnx,rain\n"
    )
    monkeypatch.chdir(elsewhere)
    first, second = read_table(table)
    amy, mine = f"piper:{folder / 'amy.onnx'}", f"recordings:{folder / 'mine'}"
    assert (first.voice, first.overrides["fill"], first.overrides["music"]) == (amy, mine, str(folder / "calm.mp3"))
    assert (second.voice, second.overrides["fill"], second.overrides["music"]) == (mine, amy, "rain")
