"""A CSV file as people save it -> its rows."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from audiogen.errors import Problem, TableError

LARGEST_BYTES = 10_000_000
DELIMITERS = ",;\t"


def records_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield every row of a file with its number, as spreadsheets count them; cells are stripped.

    The delimiter is the comma, semicolon or tab of the header; a byte order mark, Excel's `sep=;` line and line breaks
    within quotes are understood.

    Raises: TableError, where it cannot be read or is not such a file.
    """
    text = _text(path)
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r'"?sep=(.)"?', first.strip())
    delimiter = named[1] if named else _delimiter(text)
    reader = csv.reader(io.StringIO(rest if named else text, newline=""), delimiter=delimiter, strict=True)
    number = 1 if named else 0
    try:
        for cells in reader:
            number += 1
            yield number, [unicodedata.normalize("NFC", cell.strip()) for cell in cells]
    except csv.Error as error:
        raise TableError(Problem("runs.open-quote", f"{path}, row {number + 1}")) from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except IsADirectoryError as error:
        example = str(path / "clients.csv")
        raise TableError(Problem("runs.folder", subject=str(path), expected=example)) from error
    except OSError as error:
        found = error.strerror or str(error)
        raise TableError(Problem("runs.unreadable", subject=str(path), found=found)) from error
    if content.startswith(b"PK"):
        raise TableError(Problem("runs.workbook", subject=str(path)))
    if len(content) > LARGEST_BYTES:
        raise TableError(Problem("runs.too-large", subject=str(path)))
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        found = f"byte {content[error.start]:#04x} in line {row}"
        raise TableError(Problem("runs.not-utf8", subject=str(path), found=found)) from error


def _delimiter(text: str) -> str:
    """Find the delimiter that is most frequent in the first line that is not blank, outside quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count)
