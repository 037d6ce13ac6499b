"""YAML's traps in words of their own: what a YAML parser says of a line -> what the writer should do, and a repair.

Sentences meet YAML where they hold a colon, a brace, a quote or a hash. A parser's message ("mapping values are not
allowed here") names none of that; the rules below look at the line itself.
"""

import re
from dataclasses import dataclass

__all__ = ["Complaint", "Trap", "explain", "lost_text", "repaired"]

QUOTE = "put quotes round the text"
_SIDE_FIRST = re.compile(r"(?:^|[:\-\[,]) *(\{ *\w* *\}) *[^\s},\]]")
_PREFIX = re.compile(r"(?P<indent>\s*(?:- +)*)(?P<key>[\w-]+: +)?(?P<value>.*?)(?P<end>\s*)$", re.DOTALL)
_NO_SPACE = re.compile(r"\s*(?:- +)*(\w+):(\S+)")
_HASH = re.compile(r" (#\S[^\r\n]*)")
_LINES = re.compile(r"[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029]|$)")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a YAML parser found: its words and where; lines and columns count from 0."""

    problem: str
    line: int
    column: int
    context: str = ""
    context_line: int = 0
    context_column: int = 0


@dataclass(frozen=True, slots=True)
class Trap:
    """A complaint in our words; `quoting` says whether quotes round the line's text would mend it."""

    line: int
    column: int
    message: str
    quoting: bool = False


def explain(complaint: Complaint, text: str) -> Trap:
    """Say what a parser's complaint about `text` means to the person who wrote it."""
    lines = lines_of(text)
    line = lines[complaint.line] if complaint.line < len(lines) else ""
    before = line[: complaint.column]
    here = (complaint.line, complaint.column)
    problem = complaint.problem
    if "'\\t'" in problem:
        return Trap(*here, "a tab cannot indent; use spaces, here and in every other line")
    if "quoted scalar" in complaint.context and "end of stream" in problem:
        place = (complaint.context_line, complaint.context_column)
        return Trap(*place, "the quote that opens here is never closed; close it, or put the other kind of quotes round it")
    if "quoted scalar" in complaint.context:
        return Trap(*here, 'a backslash means something inside double quotes; put single quotes round the text', True)
    if (side := _SIDE_FIRST.search(line)) and side.start(1) < complaint.column:
        return Trap(complaint.line, side.start(1), f"a text cannot begin with {side[1]}; {QUOTE}", True)
    if problem.startswith("mapping values"):
        return _colon(complaint, lines, before)
    if complaint.context in ("while parsing a flow mapping", "while parsing a flow sequence"):
        return _flow(complaint)
    if first := re.search(r"that cannot start|anchor|alias|block scalar|sequence entries|node content", f"{complaint.context} {problem}"):
        return _first_letter(complaint, line, first[0])
    if "found '<scalar>'" in problem and (value := _PREFIX.match(line)) and value["value"][:1] in "\"'":
        return Trap(*here, "the text goes on after its closing quote; put quotes round all of it", True)
    if "found '<scalar>'" in problem and value and value["value"][:1] in "*&!":
        return Trap(complaint.line, value.start("value"), f"a text cannot begin with {value['value'][0]}; {QUOTE}", True)
    if "could not find expected ':'" in problem:
        return Trap(complaint.context_line, complaint.context_column, "is neither 'key: value' nor '- text'; a longer text goes on in lines indented deeper")
    if "expected <block end>" in problem:
        return Trap(*here, "is indented like nothing above it; begin it in the column of the lines it belongs to")
    return Trap(*here, f"is not YAML: {problem.splitlines()[0] if problem else 'it cannot be read'}; {QUOTE} if it is one")


def _colon(complaint: Complaint, lines: list[str], before: str) -> Trap:
    parts = _PREFIX.match(before)
    if parts and parts["key"]:
        return Trap(complaint.line, complaint.column, f"a colon inside a text makes it a key; {QUOTE}", True)
    above = lines[complaint.line - 1] if complaint.line else ""
    if glued := _NO_SPACE.match(above):
        return Trap(complaint.line - 1, glued.start(1), f"a key needs a space after its colon: {glued[1]}: {glued[2]}")
    column = len(before) - len(before.lstrip(" -"))
    return Trap(complaint.line, column, "is indented deeper than the line it follows; begin both in the same column")


def _flow(complaint: Complaint) -> Trap:
    bracket = "{" if "mapping" in complaint.context else "["
    if complaint.line > complaint.context_line:
        place = (complaint.context_line, complaint.context_column)
        return Trap(*place, f"the {bracket} that opens here is never closed; close it, or {QUOTE} if it belongs to one")
    found = "a colon" if "':'" in complaint.problem else "a bracket or quote"
    return Trap(complaint.line, complaint.column, f"{found} inside {bracket}{'}' if bracket == '{' else ']'} ends the text; {QUOTE}", True)


def _first_letter(complaint: Complaint, line: str, rule: str) -> Trap:
    column = complaint.column
    if rule in ("anchor", "alias", "block scalar"):
        column = complaint.context_column
    letter = line[column : column + 1] or "nothing"
    return Trap(complaint.line, column, f"a text cannot begin with {letter}; {QUOTE}", True)


def repaired(text: str, line: int) -> str | None:
    """The text with the value of a line (from 0) in quotes; None where that cannot mend it."""
    lines = lines_of(text)
    parts = _PREFIX.match(lines[line])
    if parts is None or not parts["value"]:
        return None
    following = next((after for after in lines[line + 1 :] if after.strip()), "")
    if len(following) - len(following.lstrip(" ")) > len(parts["indent"]):
        return None  # the text goes on there, so quotes in this line alone would break more
    quoted = "'" + parts["value"].replace("'", "''") + "'"
    lines[line] = f"{parts['indent']}{parts['key'] or ''}{quoted}{parts['end']}"
    return "".join(lines)


def lost_text(text: str, end: int) -> str:
    """What YAML drops as a comment behind the plain text that ends at `end`, though it reads like a part of it.

    "Lift #2 of three" loses "#2 of three". A hash with a space after it, or with more than one space before it, is
    the way comments are written, and is taken for one.
    """
    match = _HASH.match(text, end)
    return match[1].rstrip() if match else ""


def lines_of(text: str) -> list[str]:
    """The lines as YAML counts them, with their ends."""
    return _LINES.findall(text)
