"""YAML's traps: a parser's complaint about a line -> what its writer should do, and a repair.

A colon, brace, quote or hash inside a sentence has a meaning in YAML. A parser's message ("mapping values are not
allowed here") does not name it; the rules below look at the line itself.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from audiogen.errors import Problem
from audiogen.routine.yaml.slips import corrected_line

MOST_SLIPS = 5  # in a line

_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_LINE = re.compile(r"(?P<indent>\s*(?:- +)*)(?P<key>[\w-]+: +)?(?P<value>.*?)(?P<end>\s*)$", re.DOTALL)
_PLACEHOLDER_FIRST = re.compile(r"(?:^|[:\-\[,]) *(\{ *\w* *\}) *[^\s},\]]")
_GLUED = re.compile(r"\s*(?:- +)*(\w+):(\S+)")
_BRACKET_FIRST = re.compile(r"\s*(?:- +)*(?:say: +)?(\[ *(?:pause\b|bell\b|[0-9])[^\]]*\])")
_HASH = re.compile(r":? (#\S[^\r\n]*)")
_PAST_UNICODE = re.compile(r"\\U(?!00(?:0[0-9A-F]|10)[0-9A-F]{4})[0-9A-F]{8}", re.IGNORECASE)
_GIVEN_UP_AT = (
    (re.compile(r"^%YAML[^\r\n]*"), Problem("routine.directive"), False),
    (
        re.compile(r"\\U(?!00(?:0[0-9A-F]|10)[0-9A-F]{4})[0-9A-F]{8}", re.IGNORECASE),
        Problem("routine.no-such-character"),
        True,
    ),
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a YAML parser found: its words and where; lines and columns count from 0."""

    problem: str
    line: int
    column: int
    context: str
    context_line: int
    context_column: int


@dataclass(frozen=True, slots=True)
class Trap:
    """A complaint as a problem; its line is read on as `corrected`, or with quotes around its text where `quoting`."""

    line: int
    column: int
    problem: Problem
    quoting: bool = False
    corrected: str | None = None

    @property
    def goes_on(self) -> bool:
        """Whether its line can be corrected, so that the others are read."""
        return self.quoting or self.corrected is not None


def explain(complaint: Complaint, text: str) -> Trap:
    """Find what a parser's complaint about `text` means to the person who wrote it."""
    lines = lines_of(text)
    above = next((n for n in range(complaint.line - 1, -1, -1) if lines[n].strip()), complaint.line)
    for number in (complaint.line, complaint.context_line, above):
        if trap := slip_in(lines[number], number):
            return trap
    said = f"{complaint.context}: {complaint.problem}"
    for words, rule in _RULES:
        if words in said and (trap := rule(complaint, lines)):
            return trap
    problem = (complaint.problem or complaint.context or "it cannot be read").splitlines()[0]
    return Trap(complaint.line, complaint.column, Problem("routine.not-yaml", found=problem))


def unexpected(text: str, line: int, column: int, found: str) -> Trap:
    """Explain what the parser gave up at, behind a place from which it had read all before."""
    lines = lines_of(text)
    for number in range(line, len(lines)):
        start = column if number == line else 0
        for pattern, problem, quoting in _GIVEN_UP_AT:
            if match := pattern.search(lines[number], start):
                corrected = None if quoting else lines[number][match.end() :]
                return Trap(number, match.start(), replace(problem, found=match[0]), quoting, corrected)
    return Trap(line, column, Problem("routine.not-yaml", found=found or "it cannot be read"))


def slip_in(line: str, number: int) -> Trap | None:
    """Explain the first slip of the pen in a line, and correct all of them."""
    first = slip = corrected_line(line)
    for _ in range(MOST_SLIPS):
        slip = (slip and corrected_line(slip.line)) or slip
    return Trap(number, first.column, first.problem, corrected=slip.line) if first and slip else None


def repaired(text: str, trap: Trap) -> str | None:
    """Correct the line of a trap; None where that cannot be done."""
    lines = lines_of(text)
    corrected = trap.corrected or (_quoted_value(lines, trap.line) if trap.quoting else None)
    if corrected is None:
        return None
    lines[trap.line] = corrected
    return "".join(lines)


def _quoted_value(lines: Sequence[str], line: int) -> str | None:
    """Put the value of a line in quotes; None where that cannot correct it."""
    parts = _LINE.match(lines[line])
    if parts is None or not parts["value"]:
        return None
    following = next((after for after in lines[line + 1 :] if after.strip()), "")
    if len(following) - len(following.lstrip(" ")) > len(parts["indent"]):
        return None  # the text continues there, so quotes in this line alone would break more
    quoted = "'" + parts["value"].replace("'", "''") + "'"
    return f"{parts['indent']}{parts['key'] or ''}{quoted}{parts['end']}"


def lost_text(text: str, end: int) -> tuple[int, str] | None:
    """Find what YAML drops as a comment behind the plain text or key that ends at `end`, although it looks like text.

    "Lift #2 of three" loses "#2 of three": returns its distance from `end`, and itself. A hash with a space after it,
    or more than one space before it, begins a comment.
    """
    match = _HASH.match(text, end)
    return (match.start(1) - end, match[1].rstrip()) if match else None


def lines_of(text: str) -> list[str]:
    """Split into lines as YAML counts them, with their ends; the last one, which has none, may be empty."""
    ends = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends)]


def _tab(complaint: Complaint, _: Sequence[str]) -> Trap:
    return Trap(complaint.line, complaint.column, Problem("routine.tab"))


def _quoted(complaint: Complaint, _: Sequence[str]) -> Trap:
    if "end of stream" in complaint.problem:
        return Trap(complaint.context_line, complaint.context_column, Problem("routine.unclosed-quote"))
    return Trap(complaint.line, complaint.column, Problem("routine.backslash"), quoting=True)


def _placeholder_first(complaint: Complaint, lines: Sequence[str]) -> Trap | None:
    match = _PLACEHOLDER_FIRST.search(lines[complaint.line])
    if match is None or match.start(1) >= complaint.column:
        return None
    return Trap(complaint.line, match.start(1), Problem("routine.first-letter", found=match[1]), quoting=True)


def _colon(complaint: Complaint, lines: Sequence[str]) -> Trap:
    before = lines[complaint.line][: complaint.column]
    parts = _LINE.match(before)
    if parts and parts["key"]:
        return Trap(complaint.line, complaint.column, Problem("routine.colon-in-text"), quoting=True)
    if complaint.line and (glued := _glued(complaint.line - 1, lines)):
        return glued
    return Trap(complaint.line, len(before) - len(before.lstrip(" -")), Problem("routine.deeper"))


def _glued(number: int, lines: Sequence[str]) -> Trap | None:
    match = _GLUED.match(lines[number])
    if match is None:
        return None
    return Trap(number, match.start(1), Problem("routine.glued-colon", expected=f"{match[1]}: {match[2]}"))


def _flow(complaint: Complaint, _: Sequence[str]) -> Trap:
    opening, closing = "{}" if "mapping" in complaint.context else "[]"
    if complaint.line > complaint.context_line:
        problem = Problem("routine.unclosed-bracket", found=opening)
        return Trap(complaint.context_line, complaint.context_column, problem)
    found = {"':'": "a colon", "','": "a comma"}.get(complaint.problem[-3:], "a quote or bracket")
    problem = Problem("routine.ends-text", subject=f"{opening}{closing}", found=found)
    return Trap(complaint.line, complaint.column, problem, quoting=True)


def _first_letter(complaint: Complaint, lines: Sequence[str]) -> Trap:
    begins_at_context = complaint.context.startswith("while scanning a") and complaint.context_line == complaint.line
    column = complaint.context_column if begins_at_context else complaint.column
    letter = lines[complaint.line][column : column + 1].strip() or "nothing"
    return Trap(complaint.line, column, Problem("routine.first-letter", found=letter), quoting=True)


def _bracket_first(complaint: Complaint, lines: Sequence[str]) -> Trap | None:
    """A text of a passage that begins with a pause or a bell in brackets."""
    match = _BRACKET_FIRST.match(lines[complaint.line])
    return match and Trap(complaint.line, match.start(1), Problem("routine.bracket-first"), quoting=True)


def _after_quote(complaint: Complaint, lines: Sequence[str]) -> Trap | None:
    parts = _LINE.match(lines[complaint.line])
    if parts is None or parts["value"][:1] not in ("'", '"'):
        return None
    return Trap(complaint.line, complaint.column, Problem("routine.after-quote"), quoting=True)


def _no_key(complaint: Complaint, lines: Sequence[str]) -> Trap:
    glued = _glued(complaint.context_line, lines)
    return glued or Trap(complaint.context_line, complaint.context_column, Problem("routine.no-key"))


def _indentation(complaint: Complaint, _: Sequence[str]) -> Trap:
    return Trap(complaint.line, complaint.column, Problem("routine.indentation"))


# The first rule whose words are in the parser's message, and that recognises the line, explains it.
_RULES: tuple[tuple[str, Callable[[Complaint, Sequence[str]], Trap | None]], ...] = (
    ("'\\t'", _tab),
    ("quoted scalar", _quoted),
    ("", _placeholder_first),
    ("mapping values", _colon),
    ("while parsing a flow", _flow),
    ("cannot start any token", _first_letter),
    ("sequence entries are not allowed", _first_letter),
    ("expected the node content", _first_letter),
    ("while scanning an anchor", _first_letter),
    ("while scanning an alias", _first_letter),
    ("while scanning a block scalar", _first_letter),
    ("expected <block end>", _bracket_first),
    ("found '<scalar>'", _after_quote),
    ("could not find expected ':'", _no_key),
    ("expected <block end>", _indentation),
)
