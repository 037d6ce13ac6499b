"""Tables in files: CSV and TSV -> lines with cells."""

import csv
from collections.abc import Iterator

from audiogen.importing.line import Line, Spot

MOST_ROWS = 2000
MOST_COLUMNS = 40
_DELIMITERS = ",;\t|"


def is_table(text: str) -> bool:
    """Whether a text is a table: its first lines have the same number of the same delimiter."""
    return _delimiter(text) is not None


def _delimiter(text: str) -> str | None:
    lines = [line for line in text.split("\n", 12)[:12] if line.strip()][:8]
    if len(lines) < 2:
        return None
    for delimiter in "\t;|,":
        counts = [line.count(delimiter) for line in lines]
        least = 1 if delimiter in "\t;" else 2
        if min(counts) >= least and (delimiter == "\t" or max(counts) - min(counts) <= 2) and counts[0] <= MOST_COLUMNS:
            return delimiter
    return None


def read(text: str) -> Iterator[Line]:
    """Read a table; a line of one cell is a line of text."""
    delimiter = _delimiter(text) or max(_DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(text.split("\n"), delimiter=delimiter, skipinitialspace=True)
    is_first = True
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a quote that never ends
            continue
        cells = tuple(" ".join(cell.split()) for cell in row[:MOST_COLUMNS])
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 and (len(cells) == 1 or is_first):
            yield Line(filled[0], Spot(number), level=1 if is_first else 0, gap=True)
        elif filled:
            yield Line(" ".join(filled), Spot(number), cells=cells, header=is_first)
            is_first = False
        if reader.line_num > MOST_ROWS:
            return
