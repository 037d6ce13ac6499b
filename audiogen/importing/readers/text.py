"""Plain text and Markdown, as people mix them: text -> lines.

Markdown's own grammar would read the indented line of a physiotherapist's sheet as code and "1)" as a list of its own,
and it knows no columns; so the few marks that matter here are read line by line.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from audiogen.importing.line import Line, Spot, unmarked
from audiogen.importing.readers import chapters, chat

FEWEST_TABS, MOST_COLUMNS = 2, 40  # of a row of a table
LONGEST_LINE = 2000  # letters; a longer one is cut into sentences

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_BULLET = re.compile(r"([-*+•·▪◦‣●○–—✓✔☐☑→▶]|\[[ xX]\])\s+(?=\S)")
_NUMBER = re.compile(
    r"[A-H]\d?[.)]\s+(?=\S)|\(?(\d{1,2})[.)\]:]\s+(?=\S)|\(?(\d{1,2})\)\s*(?=\S)|(\d{1,2})[.)](?=[A-Za-z\u00c0-\uffff])"
)
_BOX = re.compile(r"\[[ xX✓]?\]\s*")
_KEYCAP = re.compile(r"(\d)\ufe0f?\u20e3\s*")
_RULE = re.compile(r"[-=_*~─═#•.\s]{3,}$")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_STRONG = re.compile(r"(?:\*\*|__)(.+?)(?:\*\*|__)[:.]?$")
_SOFT = re.compile(r"[*_]([^*_].*?)[*_]$")
_BORDERS = re.compile(r"\t| \| ")
_SPLIT = re.compile(r"\|")
_UNDERLINE = re.compile(r"={3,}\s*$")
_SENTENCES = re.compile(r"(?<=[.!?;])\s")
_DASHES = re.compile(r"[|:\-\s]+$")


def read(text: str) -> Iterator[Line]:
    """Read text line by line."""
    gap, table = True, False
    rows = text.split("\n")
    starts, parts = chat.starts(rows), chapters.chapters(rows)
    for number, raw in enumerate(rows, 1):
        if len(raw) > LONGEST_LINE:
            yield from _long(raw, number)
            gap = False
            continue
        if not raw.strip() or _RULE.match(raw.strip()):
            gap, table = True, False
            continue
        start = starts[number - 1]
        line = _line(raw[start:], number, start and start + 1)
        if start and not line.mark:
            line = replace(line, mark="@", gap=True)
        gap = gap or bool(start)
        if part := parts.get(number - 1):
            line = _line(raw[part.start :], number, part.start + 1)
            line = replace(line, mark="-", depth=1, lasts_ms=part.length_ms)
        elif not raw.strip().startswith("|") and _is_row(rows, number - 1):
            cells = tuple(unmarked(cell) for cell in _BORDERS.split(raw.strip(" "))[:MOST_COLUMNS])
            line = replace(line, cells=cells, header=not table)
            table = True
        elif raw.strip().startswith("|"):
            if _DASHES.match(raw.strip()):
                continue
            line = replace(line, cells=_cells(raw), header=not table)
            table = True
        elif number < len(rows) and _UNDERLINE.match(rows[number]):
            line = replace(line, level=line.level or 1)
        if line.text or line.cells:
            yield replace(line, gap=gap)
            gap = False


def _long(raw: str, number: int) -> Iterator[Line]:
    """A line that is too long, as several: cut at its sentences, or anywhere."""
    taken, column = "", 1
    for piece in _SENTENCES.split(raw):
        for start in range(0, len(piece), LONGEST_LINE):
            if taken and len(taken) + len(piece) > LONGEST_LINE:
                yield _line(taken, number, column)
                column += len(taken) + 1
                taken = ""
            taken = f"{taken} {piece[start : start + LONGEST_LINE]}".strip()
    if taken.strip():
        yield _line(taken, number, column)


def _line(raw: str, number: int, column: int = 0) -> Line:
    text = raw.expandtabs(4)
    indent = len(text) - len(text.lstrip())
    spot = Spot(number, column or len(raw) - len(raw.lstrip()) + 1)
    text = _LINK.sub(lambda link: link[1] if not link[1].startswith("!") else "", _IMAGE.sub("", text.strip()))
    quoted = text.startswith(">")
    text = _KEYCAP.sub(r"\1. ", text.lstrip("> "))
    level = 0
    if heading := _HEADING.match(text):
        level, text = len(heading[1]), heading[2]
    mark = ""
    if not level and (bullet := _BULLET.match(text)):
        mark, text = "-", _BOX.sub("", text[bullet.end() :])
    numbered = _NUMBER.match(text.lstrip("*_ ")) if not mark else None
    if numbered:
        mark = "1"
        text = text[: len(text) - len(text.lstrip("*_ "))] + text.lstrip("*_ ")[numbered.end() :]
    bold = _STRONG.match(text)
    soft = not bold and _SOFT.match(text)
    depth = min(indent // 2, 4) + (1 if mark else 0) if mark or indent else 0
    return Line(text, spot, level, depth, mark, strong=bool(bold), soft=bool(soft), quoted=quoted)


def _is_row(rows: list[str], at: int) -> bool:
    """Whether a row is one of a table with tabs or bars between its cells: the one above or below has them, too."""
    near = [rows[n] for n in (at - 1, at + 1) if 0 <= n < len(rows)]
    if rows[at].count("\t") >= FEWEST_TABS:
        return any(row.count("\t") >= FEWEST_TABS for row in near)
    bars = rows[at].count(" | ")
    return bars > 0 and any(row.count(" | ") == bars for row in near)


def _cells(raw: str) -> tuple[str, ...]:
    return tuple(unmarked(cell) for cell in _SPLIT.split(raw.strip().strip("|"))[:MOST_COLUMNS])
