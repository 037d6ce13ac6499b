"""Read a table of sessions -> rows that can be rendered, or every mistake with its place.

    routine,output,title,voice,length,hold:double-v,skip
    upper-back,anna.mp3,Anna's back,builtin,12m,45s,
    upper-back,ben.mp3,Ben's back,,,30s,cat

A column is named `routine`, `output`, `voice`, or after a setting (`length`, `hold`, `skip`), and its cells are values
of that flag; `hold:double-v` is `hold` for one exercise, `hold:double-v.left` for one side of it. A column whose name
begins with `x:` is the user's own. An empty cell keeps what the routine has. Rows are counted as in spreadsheets: the
header is row 1.
"""

import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from audiogen.errors import AudiogenError, OutputError, Problem, RoutineError, TableError
from audiogen.export.formats import require
from audiogen.routine.find import find_file
from audiogen.routine.load import load_routine
from audiogen.routine.model import Routine
from audiogen.routine.music import read_music
from audiogen.routine.overrides import Overrides, customise
from audiogen.routine.settings import SETTINGS, Setting
from audiogen.routine.slips import slip_elsewhere
from audiogen.routine.slugs import slug_of
from audiogen.routine.sounds import read_sounds
from audiogen.routine.voice_spec import VoiceSpec, read_voice
from audiogen.runs.batch.csv_file import records_of
from audiogen.session import plan
from audiogen.text import is_name_everywhere

_OF_CLIENTS = ("name", "client", "patient", "person", "file", "filename", "file_name")  # what many tables begin with
_UNMET = "timeline.length-unmet"
OWN = ("routine", "output", "voice")  # columns that are not settings


@dataclass(frozen=True, slots=True)
class Row:
    """One session to be rendered; `out` is its file, relative to the batch's folder."""

    table: Path
    number: int
    routine: Routine
    overrides: Overrides
    voice: str | None
    out: Path


@dataclass(frozen=True, slots=True)
class _Column:
    """`setting` is None for the table's own columns; `exercise` is None if the column is for all exercises."""

    index: int
    heading: str
    setting: Setting | None = None
    exercise: str | None = None


@dataclass(slots=True)
class _Reading:
    """The state of reading a table."""

    path: Path
    routine: str | None
    voice: str | None
    overrides: Mapping[str, str | list[str]]
    mistakes: list[Problem] = field(default_factory=list)
    routines: dict[str, Routine | None] = field(default_factory=dict)  # by what the cells say

    def note(self, row: int, heading: str | None, *problems: Problem) -> None:
        place = f"{self.path}, row {row}" + (f", {heading}" if heading else "")
        self.mistakes += TableError(*problems).within(place).args


def read_table(
    path: Path,
    *,
    routine: str | None = None,
    voice: str | None = None,
    overrides: Mapping[str, str | list[str]] | None = None,
) -> tuple[Row, ...]:
    """Read the rows of a CSV file; `routine`, `voice` and `overrides` are the defaults of its rows.

    The delimiter is the comma, semicolon or tab of the header; a byte order mark, Excel's `sep=;` line, blank rows and
    line breaks within quotes are understood. Paths in cells are relative to the table's folder.

    Raises:
        TableError: all mistakes, each with its row and column.
    """
    records = list(records_of(path))
    reading = _Reading(path, routine, voice, overrides or {})
    number, header = next(((n, cells) for n, cells in records if any(cells)), (1, []))
    if not header:
        raise TableError(Problem("runs.empty-table", subject=str(path)))
    columns = list(_columns(header, number, [cells for n, cells in records if n > number], reading))
    if not columns and len(reading.mistakes) > 1:
        raise TableError(Problem("runs.no-header", subject=str(path), found=", ".join(header)))
    if routine is None and all(column.heading != "routine" for column in columns):
        if not reading.mistakes:  # one of the columns with mistakes may be meant
            reading.note(number, None, Problem("runs.no-routine-column"))
        raise TableError(*reading.mistakes)
    rows = [
        row
        for n, cells in records
        if n > number and any(cells)
        for row in _row(n, cells, columns, len(header), reading)
    ]
    _refuse_same_outputs(rows, reading)
    if reading.mistakes:
        raise TableError(*reading.mistakes)
    if not rows:
        raise TableError(Problem("runs.no-rows", subject=str(path)))
    return tuple(rows)


# -- columns


def _columns(header: list[str], number: int, below: Sequence[list[str]], reading: _Reading) -> Iterator[_Column]:
    names = [heading.replace("-", "_").lower() if ":" not in heading else heading.lower() for heading in header]
    for twice in (name for name, count in Counter(names).items() if count > 1 and name):
        reading.note(number, twice, Problem("runs.column-twice"))
    for index, heading in enumerate(header):
        used = any(len(cells) > index and cells[index] for cells in below)
        if not heading and used:
            reading.note(number, None, Problem("runs.unnamed-column", found=str(index + 1)))
        elif heading.lower().startswith("x:"):
            continue  # a column of the user's own
        elif heading:
            found = _column(index, heading)
            if isinstance(found, Problem):
                reading.note(number, heading, found)
            else:
                yield found


def _column(index: int, heading: str) -> _Column | Problem:
    """Read a heading; returns its column, or what is wrong with it."""
    written, colon, exercise = (part.strip() for part in heading.partition(":"))
    name = written.lower().replace("-", "_").replace(" ", "_")
    if name in OWN and not colon:
        return _Column(index, name)
    setting = SETTINGS.get(name)
    if setting is None:
        if name in _OF_CLIENTS:
            return Problem("runs.name-column", expected=f"x:{written}")
        if near := get_close_matches(name, [*OWN, *SETTINGS], 1):
            return Problem("runs.misspelt-column", expected=near[0].replace("_", "-"))
        return Problem("runs.unknown-column", expected=", ".join([*OWN, *SETTINGS]))
    if not colon:
        return _Column(index, heading, setting)
    if not setting.each:
        return Problem("runs.not-per-exercise", subject=setting.name)
    return _Column(index, heading, setting, exercise) if exercise else Problem("runs.no-exercise")


# -- rows


def _row(number: int, cells: list[str], columns: Sequence[_Column], width: int, reading: _Reading) -> Iterator[Row]:
    """Yield the row, unless there are mistakes in it."""
    before = len(reading.mistakes)
    if any(cells[width:]):
        reading.note(number, None, Problem("runs.extra-cells"))
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
            reading.note(number, column.heading, *_of_cell(error, column, value))
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
            reading.note(number, None, *error.problems)
    voice = _voice(own.get("voice"), reading)
    for column, setting, value in written:
        # In spreadsheets, 12 stands for twelve minutes.
        if setting.name == "length" and value.isdigit() and len(reading.mistakes) == before:
            reading.note(number, column.heading, *unmet_length(routine, overrides, voice))
    if len(reading.mistakes) == before:
        yield Row(reading.path, number, routine, overrides, voice, out)


def unmet_length(routine: Routine, overrides: Overrides, voice: str | None) -> list[Problem]:
    """Say that the length cannot be met, as far as that is known before all words are recorded."""
    with contextlib.suppress(AudiogenError):  # reported when the row is rendered
        return [one for one in plan(routine, overrides=overrides, voice=voice).notices if one.code == _UNMET]
    return []


def _of_cell(error: AudiogenError, column: _Column, value: str) -> Sequence[Problem]:
    """Say what is wrong with a cell, without the flag that its column stands for."""
    assert column.setting is not None  # noqa: S101 - only such cells become overrides
    if ";" in value and column.setting.each:
        return [Problem("runs.several-values", found=value, expected=f"{column.setting.name}:double-v")]
    name, exercise = column.setting.name, f":{column.exercise}" if column.exercise else ""
    cell = value.removeprefix(f"{column.exercise}=") if column.exercise else value
    flags = column.setting.flag, f"{column.setting.flag} {column.exercise}"
    slip = slip_elsewhere(name, cell, lambda key, one: one if key == name else f"{one} in a column {key}{exercise}")
    if slip and error.problems[0].code == slip.code:
        return [replace(slip, subject="the cell")]
    return [replace(one, subject="the cell") if one.subject in flags else one for one in error.problems]


def _routine(number: int, written: str | None, reading: _Reading) -> Routine | None:
    """Read the routine of a row, each file once; its mistakes are reported once."""
    if not written:
        reading.note(number, "routine", Problem("runs.no-routine"))
        return None
    if written not in reading.routines:
        reading.routines[written] = None
        try:
            reading.routines[written] = load_routine(find_file(written, folder=reading.path.parent))
        except RoutineError as error:
            reading.note(number, "routine", *error.problems)
    return reading.routines[written]


def _voice(written: str | None, reading: _Reading) -> str | None:
    """Read the voice of a row; its file or folder is relative to the table's folder."""
    return str(VoiceSpec.parse(written).anchored(reading.path.parent)) if written else reading.voice


def _anchor(overrides: dict[str, str | list[str]], written: Set[str], folder: Path) -> None:
    """Make the files that a row's own cells name relative to the table's folder."""
    for key, read in (("music", read_music), ("sounds", read_sounds), ("fill", read_voice)):
        if key in written:
            with contextlib.suppress(ValueError):  # reported for its cell already
                if value := read(overrides[key]):
                    overrides[key] = str(value.anchored(folder))


def _output(number: int, written: str | None, title: str, routine: Routine, reading: _Reading) -> Path:
    """Name the file of a row: as written, or after its own title, or after the routine and the row."""
    stem = routine.source.stem if routine.source else slug_of(routine.title)
    name = written or f"{slug_of(title) if title else f'{stem}-{number:03}'}.mp3"
    out = PurePosixPath(name.replace("\\", "/"))
    if not out.name:
        reading.note(number, "output", Problem("runs.bad-file-name", found=name))
        return Path(stem)
    if not out.suffix:
        out = out.with_name(f"{out.name}.mp3")
    if out.is_absolute() or ".." in out.parts or re.match(r"[A-Za-z]:", name):
        reading.note(number, "output", Problem("runs.outside-folder", found=name))
    elif not all(map(is_name_everywhere, out.parts)):
        reading.note(number, "output", Problem("runs.bad-file-name", found=name))
    else:
        try:
            require(Path(out))
        except OutputError as error:
            reading.note(number, "output", *error.problems)
    return Path(*out.parts)


def _refuse_same_outputs(rows: Sequence[Row], reading: _Reading) -> None:
    """Refuse two rows for one file, also on file systems that ignore case."""
    first: dict[str, Row] = {}
    for row in rows:
        name = row.out.as_posix().casefold()
        if name in first:
            taken = Problem("runs.same-output", found=str(row.out), expected=str(first[name].number))
            reading.note(row.number, "output", taken)
        first.setdefault(name, row)
