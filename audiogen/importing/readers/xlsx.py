"""Spreadsheets (.xlsx) -> lines with cells, by openpyxl, which is an extra.

A spreadsheet is a zip file of XML. One that unpacks to far more than it is, or that has entities, is not opened.
"""

import io
import zipfile
from collections.abc import Iterator

from audiogen.errors import Problem, RoutineError
from audiogen.importing.line import Line, Spot

LARGEST_BYTES = 60_000_000  # unpacked
MOST_PARTS = 500
MOST_ROWS, MOST_COLUMNS = 2000, 40


def read(content: bytes, subject: str) -> Iterator[Line]:
    """Read the first sheet that has cells.

    Raises:
        RoutineError: openpyxl is missing, or it is not a spreadsheet.
    """
    _refuse_bombs(content, subject)
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise RoutineError(Problem("importing.needs-xlsx")) from error
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            lines = list(_lines(sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)))
            if lines:
                yield from lines
                return
    except Exception as error:
        raise RoutineError(Problem("importing.not-xlsx", subject=subject)) from error


def _refuse_bombs(content: bytes, subject: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > LARGEST_BYTES:
                raise RoutineError(Problem("importing.too-large", subject=subject))
            for part in parts:
                with archive.open(part) as stream:
                    if b"<!DOCTYPE" in stream.read(4096):
                        raise RoutineError(Problem("importing.xml-entities"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise RoutineError(Problem("importing.not-xlsx", subject=subject)) from error


def _lines(rows: "Iterator[tuple[object, ...]]") -> Iterator[Line]:
    is_first = True
    for number, row in enumerate(rows, 1):
        cells = tuple(_text(cell) for cell in row)
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 and is_first:
            yield Line(filled[0], Spot(number), level=1, gap=True)
        elif filled:
            yield Line(" ".join(filled), Spot(number), cells=cells, header=is_first)
            is_first = False


def _text(cell: object) -> str:
    """A cell as text: whole numbers without a point, times as a clock."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "hour"):  # a sheet keeps 0:45 as a time of the day
        hour, minute, second = cell.hour, cell.minute, cell.second  # type: ignore[attr-defined]
        return f"{hour}:{minute:02}" if not second else f"{hour * 60 + minute}:{second:02}"
    return " ".join(str(cell).split())
