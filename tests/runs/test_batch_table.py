"""A table as spreadsheets write it: what its rows come to, and every mistake in it at its place."""

from pathlib import Path

import pytest

from audiogen.errors import TableError
from audiogen.routine.sounds import read_sounds
from audiogen.runs.batch import Row, read_table

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


def mistakes(content: str | bytes, **wanted: object) -> list[str]:
    with pytest.raises(TableError) as caught:
        rows(content, **wanted)
    return [line.removeprefix("clients.csv") for line in str(caught.value).splitlines()]


# -- what is read


def test_columns_are_settings_and_cells_the_values_of_their_flags() -> None:
    (row,) = rows("routine,title,hold:lean,hold:lean.left,skip,length\nsmall.yaml,Mine,15s,20s,2,1m\n")
    assert row.routine.title == "Small"
    assert row.overrides == {"title": "Mine", "hold": ["lean=15s", "lean.left=20s"], "skip": ["2"], "length": "1m"}


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
    assert row.voice == f"recordings:{Path('../mine')}"


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
    ("table", "told"),
    [
        ("routine,outptu\nsmall.yaml,a\n", ", row 1, outptu: no such column; did you mean output?"),
        ("routine,zzz\nsmall.yaml,a\n", ", row 1, zzz: no such column; there are routine, output, voice, only, skip"),
        ("title\nMine\n", ", row 1: there is no column called routine; add one, or say --routine upper-back"),
        ("routine,skip,Skip\nsmall.yaml,1,\n", ", row 1, skip: two columns have this name; keep one"),
        ("routine,\nsmall.yaml,a\n", ", row 1: column 2 has cells and no name; name it, or remove it"),
        ("routine,title:lean\nsmall.yaml,a\n", ", row 1, title:lean: title is for the whole session"),
        ("routine,hold:\nsmall.yaml,9s\n", ", row 1, hold:: name an exercise behind the colon"),
        ("routine\nsmal.yaml\n", ", row 2, routine: There is no file smal.yaml; did you mean small.yaml?"),
        ("routine,title\n,a\n", ", row 2, routine: is empty; name the routine, or say --routine"),
        ("routine,hold\nsmall.yaml,long\n", ", row 2, hold: must be a duration such as 45s or 1m30s, found 'long'"),
        ("routine,hold:laen\nsmall.yaml,9s\n", ", row 2, hold:laen: no exercise is called 'laen'"),
        ("routine,hold\nsmall.yaml,lean=9s;roll=8s\n", ", row 2, hold: 'lean=9s;roll=8s' is more than one value"),
        ("routine,sets:lean\nsmall.yaml,2\n", ", row 2, sets:lean: 1 lean has no rest between its sets"),
        ("routine,title\nsmall.yaml,a,b\n", ", row 2: has more cells than the header; put quotes round a cell"),
        ("routine,output\nsmall.yaml,../a\n", ", row 2, output: '../a' leads out of the folder"),
        ("routine,output\nsmall.yaml,/a\n", ", row 2, output: '/a' leads out of the folder"),
        ("routine,output\nsmall.yaml,c:\\a\n", ", row 2, output: 'c:\\a' leads out of the folder"),
        ("routine,output\nsmall.yaml,a?\n", ", row 2, output: 'a?' is no file name everywhere"),
        ("routine,output\nsmall.yaml,a.doc\n", ", row 2, output: a.doc cannot be written: its name must end in .mp3"),
        ("routine,output\nsmall.yaml,a\nsmall.yaml,A.mp3\n", ", row 3, output: 'A.mp3' is the file of row 2 already"),
        ("routine,title\nsmall.yaml,Me\nsmall.yaml,me\n", ", row 3, output: 'me.mp3' is the file of row 2 already"),
        ('routine,title\nsmall.yaml,"open\n', ", row 2: a quotation mark is not closed, or has text behind it"),
        ('routine,title\nsmall.yaml,"a" b\n', ", row 2: a quotation mark is not closed, or has text behind it"),
        ("routine\n\n", " has a header and no rows; write a row for each session"),
        ("\n \n", " is empty; its first row names the columns, such as routine,output,hold"),
    ],
)
def test_a_mistake_is_told_at_its_place(table: str, told: str) -> None:
    assert mistakes(table)[0].startswith(told)


def test_every_mistake_is_told_at_once_and_a_routines_own_once(folder: Path) -> None:
    (folder / "broken.yaml").write_text("titel: x\n")
    table = "routine,hold,length\nbroken.yaml,,\nbroken.yaml,,\nsmall.yaml,long,ever\nsmall.yaml,,soon\n"
    told = mistakes(table)
    assert [line.split(": ")[0] for line in told if line.startswith(", row")] == [
        ", row 2, routine",
        ", row 4, hold",
        ", row 4, length",
        ", row 5, length",
    ]
    assert any("broken.yaml:1:1" in line for line in told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"routine,title\nsmall.yaml,Gr\xfc\xdfe\n", " must be UTF-8, found byte 0xfc in line 2; save it as CSV UTF-8"),
        (b"PK\x03\x04", " is a workbook, not a table in text; save it as CSV UTF-8"),
        (b"x" * 10_000_001, " is larger than 10 MB"),
    ],
    ids=["Latin-1", "workbook", "huge"],
)
def test_what_is_no_table_is_refused_with_the_way_out(content: bytes, told: str) -> None:
    assert mistakes(content)[0].startswith(told)


def test_a_table_that_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(TableError, match=r"nowhere\.csv cannot be read: No such file"):
        read_table(Path("nowhere.csv"))
    with pytest.raises(TableError, match=r"is a folder; name a table in it"):
        read_table(folder)
