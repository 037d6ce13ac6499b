"""Plain text and Markdown, as people mix them: text -> lines.

Markdown's own grammar would read the indented line of a physiotherapist's sheet as code and "1)" as a list of its own,
and it knows no columns; so the few marks that matter here are read line by line.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from audiogen.importing.line import Line, Spot, unmarked

LONGEST_LINE = 2000  # letters; a longer one is cut into sentences
MOST_LINES = 20_000

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_BULLET = re.compile(r"([-*+•·▪◦‣●○–—✓✔☐☑→▶]|\[[ xX]\])\s+(?=\S)")
_NUMBER = re.compile(r"\(?(\d{1,2})[.)\]:]\s+(?=\S)|\(?(\d{1,2})\)\s*(?=\S)|(\d{1,2})[.)](?=[A-Za-z\u00c0-\uffff])")
_RULE = re.compile(r"[-=_*~─═#•.\s]{3,}$")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_STRONG = re.compile(r"(?:\*\*|__)(.+?)(?:\*\*|__)[:.]?$")
_SOFT = re.compile(r"[*_]([^*_].*?)[*_]$")
_SPLIT = re.compile(r"\|")
_DASHES = re.compile(r"[|:\-\s]+$")


def read(text: str) -> Iterator[Line]:
    """Read text line by line."""
    gap, underlined = True, text.split("\n", MOST_LINES)[:MOST_LINES]
    table = False
    for number, raw in enumerate(underlined, 1):
        if not raw.strip() or _RULE.match(raw.strip()):
            gap, table = True, False
            continue
        following = underlined[number] if number < len(underlined) else ""
        for line in _lines(raw, number):
            if "|" in raw and raw.strip().startswith("|"):
                if _DASHES.match(raw.strip()):
                    continue
                line = replace(line, cells=_cells(raw), header=not table)
                table = True
            elif re.fullmatch(r"={3,}\s*", following):
                line = replace(line, level=line.level or 1)
            if line.text or line.cells:
                yield replace(line, gap=gap)
                gap = False


def _lines(raw: str, number: int) -> Iterator[Line]:
    text = raw.expandtabs(4)
    indent = len(text) - len(text.lstrip())
    spot = Spot(number, len(raw) - len(raw.lstrip()) + 1)
    text = _LINK.sub(lambda link: link[1] if not link[1].startswith("!") else "", _IMAGE.sub("", text.strip()))
    quoted = text.startswith(">")
    text = text.lstrip("> ")
    level = 0
    if heading := _HEADING.match(text):
        level, text = len(heading[1]), heading[2]
    mark = ""
    if not level and (bullet := _BULLET.match(text)):
        mark, text = "-", text[bullet.end() :]
    numbered = _NUMBER.match(text.lstrip("*_ ")) if not mark else None
    if numbered:
        mark = "1"
        text = text[: len(text) - len(text.lstrip("*_ "))] + text.lstrip("*_ ")[numbered.end() :]
    bold = _STRONG.match(text)
    soft = not bold and _SOFT.match(text)
    depth = min(indent // 2, 4) + (1 if mark else 0) if mark or indent else 0
    line = Line(text, spot, level, depth, mark, strong=bool(bold), soft=bool(soft), quoted=quoted)
    if len(text) <= LONGEST_LINE:
        yield line
        return
    for start in range(0, len(text), LONGEST_LINE):
        yield line.with_text(text[start : start + LONGEST_LINE])


def _cells(raw: str) -> tuple[str, ...]:
    return tuple(unmarked(cell) for cell in _SPLIT.split(raw.strip().strip("|"))[:40])
