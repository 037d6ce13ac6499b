"""A table of sessions, a row each -> rows that can be rendered, or every mistake in it with its place.

    routine,output,title,voice,length,hold:double-v,skip
    upper-back,anna.mp3,Anna's back,builtin,12m,45s,
    upper-back,ben.mp3,Ben's back,,,30s,cat

A column is called `routine`, `output` or `voice`, or like a setting (`length`, `hold`, `skip`), whose flag the cell is
given to; `hold:double-v` is `hold` for one exercise, and `hold:double-v.left` for one side of it. An empty cell leaves
things as the routine has them. Rows are counted as spreadsheets do, the header being row 1.
"""

import contextlib
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from audiogen.errors import AudiogenError, OutputError, RoutineError, TableError
from audiogen.export.formats import require
from audiogen.routine import Routine, find_file, load_routine, read_music, read_sounds, slug_of
from audiogen.routine.overrides import Overrides, customise
from audiogen.routine.settings import SETTINGS, Setting

__all__ = ["Row", "read_table"]

LARGEST_BYTES = 10_000_000
OWN = ("routine", "output", "voice")  # columns that are no settings
DELIMITERS = ",;\t"
REFUSED_IN_NAMES = r'[<>:"|?*\x00-\x1f]'  # by Windows


@dataclass(frozen=True, slots=True)
class Row:
    """One session to be made; `out` is its file, from the folder of all."""

    table: Path
    number: int
    routine: Routine
    overrides: Overrides
    voice: str | None
    out: Path


@dataclass(frozen=True, slots=True)
class _Column:
    """`setting` is None for the table's own columns; `exercise` is None where the column is for all of them."""

    index: int
    heading: str
    setting: Setting | None = None
    exercise: str | None = None


@dataclass(slots=True)
class _Reading:
    """What is known of a table while it is read."""

    path: Path
    routine: str | None
    voice: str | None
    overrides: Mapping[str, str | list[str]]
    mistakes: list[str] = field(default_factory=list)
    routines: dict[str, Routine | None] = field(default_factory=dict)  # by what the cells say

    def note(self, row: int, heading: str | None, message: str) -> None:
        place = f"{self.path}, row {row}" + (f", {heading}" if heading else "")
        self.mistakes.append(f"{place}: {message}")


def read_table(
    path: Path,
    *,
    routine: str | None = None,
    voice: str | None = None,
    overrides: Mapping[str, str | list[str]] | None = None,
) -> tuple[Row, ...]:
    """The rows of a table in a CSV file; `routine`, `voice` and `overrides` are for rows that say nothing else.

    Commas, semicolons and tabs are taken as delimiters, whichever the header has; a byte order mark, Excel's `sep=;`
    line, blank rows and line breaks within quotes are understood. Paths in cells are taken from the table's folder.

    Raises:
        TableError: all mistakes, a line each: the row, the column, what is wrong and what to do.
    """
    records = list(_records(_text(path), path))
    reading = _Reading(path, routine, voice, overrides or {})
    number, header = next(((n, cells) for n, cells in records if any(cells)), (1, []))
    if not header:
        raise TableError(f"{path} is empty; its first row names the columns, such as routine,output,hold")
    columns = list(_columns(header, number, [cells for n, cells in records if n > number], reading))
    if not reading.mistakes and routine is None and all(column.heading != "routine" for column in columns):
        reading.note(number, None, "there is no column called routine; add one, or say --routine upper-back")
    if reading.mistakes:
        raise TableError("\n".join(reading.mistakes))
    rows = [row for n, cells in records if n > number and any(cells) for row in _row(n, cells, columns, reading)]
    _refuse_same_outputs(rows, reading)
    if reading.mistakes:
        raise TableError("\n".join(reading.mistakes))
    if not rows:
        raise TableError(f"{path} has a header and no rows; write a row for each session")
    return tuple(rows)


# -- the file


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except IsADirectoryError as error:
        raise TableError(f"{path} is a folder; name a table in it, such as {path / 'clients.csv'}") from error
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror}") from error
    if content.startswith(b"PK"):
        raise TableError(f"{path} is a workbook, not a table in text; save it as CSV UTF-8 in the spreadsheet program")
    if len(content) > LARGEST_BYTES:
        raise TableError(f"{path} is larger than 10 MB; split it into several tables")
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        found = f"found byte {content[error.start]:#04x} in line {row}"
        raise TableError(f"{path} must be UTF-8, {found}; save it as CSV UTF-8 in the spreadsheet program") from error


def _records(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row with its number; cells without the white space around them."""
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r'"?sep=(.)"?', first.strip())
    delimiter = told[1] if told else _delimiter(text)
    reader = csv.reader(io.StringIO(rest if told else text, newline=""), delimiter=delimiter, strict=True)
    number = 1 if told else 0
    try:
        for cells in reader:
            number += 1
            yield number, [unicodedata.normalize("NFC", cell.strip()) for cell in cells]
    except csv.Error as error:
        raise TableError(
            f"{path}, row {number + 1}: a quotation mark is not closed, or has text behind it; "
            'write a quotation mark inside quotes twice: "say ""slowly"""'
        ) from error


def _delimiter(text: str) -> str:
    """Whichever stands most often in the first line that is not blank, outside of quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count)


# -- columns


def _columns(header: list[str], number: int, below: Sequence[list[str]], reading: _Reading) -> Iterator[_Column]:
    names = [heading.replace("-", "_").lower() if ":" not in heading else heading.lower() for heading in header]
    for twice in (name for name, count in Counter(names).items() if count > 1 and name):
        reading.note(number, twice, "two columns have this name; keep one")
    for index, heading in enumerate(header):
        used = any(len(cells) > index and cells[index] for cells in below)
        if not heading and used:
            reading.note(number, None, f"column {index + 1} has cells and no name; name it, or remove it")
        elif heading:
            found = _column(index, heading)
            if isinstance(found, str):
                reading.note(number, heading, found)
            else:
                yield found


def _column(index: int, heading: str) -> _Column | str:
    """A column by its heading, or what is wrong with it."""
    written, colon, exercise = (part.strip() for part in heading.partition(":"))
    name = written.lower().replace("-", "_").replace(" ", "_")
    if name in OWN and not colon:
        return _Column(index, name)
    setting = SETTINGS.get(name)
    if setting is None:
        near = get_close_matches(name, [*OWN, *SETTINGS], 1)
        meant = f"did you mean {near[0].replace('_', '-')}?" if near else f"there are {', '.join([*OWN, *SETTINGS])}"
        return f"no such column; {meant}"
    if not colon:
        return _Column(index, heading, setting)
    if not setting.each:
        return f"{setting.name} is for the whole session; call the column {setting.name}"
    return _Column(index, heading, setting, exercise) if exercise else "name an exercise behind the colon"


# -- rows


def _row(number: int, cells: list[str], columns: Sequence[_Column], reading: _Reading) -> Iterator[Row]:
    """The row, unless there are mistakes in it."""
    before = len(reading.mistakes)
    if any(cells[len_all:] if (len_all := max(column.index for column in columns) + 1) < len(cells) else ()):
        reading.note(number, None, "has more cells than the header; put quotes round a cell with the delimiter in it")
    given = {column: cells[column.index] for column in columns if column.index < len(cells) and cells[column.index]}
    own = {column.heading: cell for column, cell in given.items() if column.setting is None}
    routine = _routine(number, own.get("routine") or reading.routine, reading)
    if routine is None:
        return
    written = [
        (column, column.setting, f"{column.exercise}={cell}" if column.exercise else cell)
        for column, cell in given.items()
        if column.setting
    ]
    for column, setting, value in written:
        try:
            customise(routine, {setting.name: value if not setting.repeatable else [value]})
        except AudiogenError as error:
            for line in str(error).splitlines():
                reading.note(number, column.heading, _told(line, column, value))
    overrides: dict[str, str | list[str]] = dict(reading.overrides)
    for _, setting, value in written:
        earlier = overrides.get(setting.name, []) if setting.each else []
        overrides[setting.name] = [*earlier, value] if setting.repeatable else value
    _anchor(overrides, {setting.name for _, setting, _ in written}, reading.path.parent)
    out = _output(number, own.get("output"), str(overrides.get("title", "")), routine, reading)
    if len(reading.mistakes) == before:
        try:
            customise(routine, overrides)
        except AudiogenError as error:
            for line in str(error).splitlines():
                reading.note(number, None, line)
    if len(reading.mistakes) == before:
        yield Row(reading.path, number, routine, overrides, _voice(own.get("voice"), reading), out)


def _told(line: str, column: _Column, value: str) -> str:
    """What is wrong with a cell, in the words of its flag."""
    assert column.setting is not None  # noqa: S101 - only such cells become overrides
    if ";" in value and column.setting.each:
        own = f"{column.setting.name}:double-v"
        return f"'{value}' is more than one value; give each exercise a column of its own, such as {own}"
    return line.removeprefix(column.setting.flag).removeprefix(f" {column.exercise}").lstrip(": ")


def _routine(number: int, written: str | None, reading: _Reading) -> Routine | None:
    """The routine of a row, each read once; what is wrong with it is told once."""
    if not written:
        reading.note(number, "routine", "is empty; name the routine, or say --routine for all rows without one")
        return None
    if written not in reading.routines:
        reading.routines[written] = None
        try:
            reading.routines[written] = load_routine(find_file(written, folder=reading.path.parent))
        except RoutineError as error:
            reading.note(number, "routine", str(error).replace("\n", "\n  "))
    return reading.routines[written]


def _voice(written: str | None, reading: _Reading) -> str | None:
    """The voice of a row; a folder of recordings is taken from the table's folder."""
    if written and written.startswith("recordings:"):
        folder = Path(written.partition(":")[2].strip()).expanduser()
        return f"recordings:{reading.path.parent / folder}"
    return written or reading.voice


def _anchor(overrides: dict[str, str | list[str]], written: Set[str], folder: Path) -> None:
    """Take the files that a row's own cells name from the table's folder."""
    for key, read in (("music", read_music), ("sounds", read_sounds)):
        if key in written:
            with contextlib.suppress(ValueError):  # told of its cell already
                if value := read(overrides[key]):
                    overrides[key] = str(value.anchored(folder))


def _output(number: int, written: str | None, title: str, routine: Routine, reading: _Reading) -> Path:
    """The file of a row: as written, or called like its own title, or like the routine and the row."""
    stem = routine.source.stem if routine.source else slug_of(routine.title)
    name = written or f"{slug_of(title) if title else f'{stem}-{number:03}'}.mp3"
    out = PurePosixPath(name.replace("\\", "/"))
    if not out.suffix:
        out = out.with_name(f"{out.name}.mp3")
    if out.is_absolute() or ".." in out.parts or re.match(r"[A-Za-z]:", name):
        reading.note(
            number, "output", f"'{name}' leads out of the folder; write a name, and choose the folder by --out"
        )
    elif re.search(REFUSED_IN_NAMES, name) or any(part.rstrip(". ") != part for part in out.parts):
        reading.note(
            number, "output", f"'{name}' is no file name everywhere; leave out < > : \" | ? * and a dot at the end"
        )
    else:
        try:
            require(Path(out))
        except OutputError as error:
            reading.note(number, "output", str(error))
    return Path(*out.parts)


def _refuse_same_outputs(rows: Sequence[Row], reading: _Reading) -> None:
    """Two rows for one file, on file systems too that take no notice of capitals."""
    first: dict[str, Row] = {}
    for row in rows:
        name = row.out.as_posix().casefold()
        if name in first:
            told = f"'{row.out}' is the file of row {first[name].number} already; give each row an output of its own"
            reading.note(row.number, "output", told)
        first.setdefault(name, row)
