"""Slips of the pen in a line of YAML: what was written instead of a dash, a colon, a space or a quote.

line -> what it should be, and why

Some are a parser's complaint, others are keys to YAML that no routine has: "-name", "– name".
"""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass, replace

from audiogen.errors import Problem
from audiogen.routine.keys import ALL_KEYS
from audiogen.text import shown

# Letters that look like those of YAML, or like nothing: what each is called, and what belongs in its place.
LOOK_ALIKES = {
    "–": ("an en dash", "-"),
    "—": ("an em dash", "-"),
    "−": ("a minus sign", "-"),
    "‐": ("a typographic hyphen", "-"),
    "‑": ("a no-break hyphen", "-"),
    "•": ("a bullet", "-"),
    "·": ("a middle dot", "-"),
    "：": ("a full-width colon", ":"),
    "，": ("a full-width comma", ","),
    "\u00a0": ("a no-break space", " "),
    "\u202f": ("a narrow no-break space", " "),
    "\u2007": ("a figure space", " "),
    "\u2009": ("a thin space", " "),
    "\u3000": ("a full-width space", " "),
    "\u200b": ("an invisible space", ""),
    "\u200e": ("an invisible mark", ""),
    "\u2060": ("an invisible joiner", ""),
    "\u00ad": ("an invisible hyphen", ""),
    "\ufeff": ("a byte order mark", ""),
}


@dataclass(frozen=True, slots=True)
class Corrected:
    """A line as it should be; the problem is where its first wrong letter is, from 0."""

    line: str
    column: int
    problem: Problem


_LOOKS_ALIKE = Problem("routine.look-alike")


@dataclass(frozen=True, slots=True)
class Rule:
    """What is written becomes `meant`; the problem says why: a letter only looks alike, where it is not said.

    A rule for lines replaces the group `wrong`. One for values holds under these keys, or under all: `adds` is a key
    that is needed next to it, `instead` the key that has the value, `choice` another value, and `when` that is meant.
    """

    written: str  # compiled when it is needed: few files have a slip
    meant: str | Callable[[re.Match[str]], str]
    problem: Problem = _LOOKS_ALIKE
    keys: Set[str] = frozenset()
    adds: str = ""
    instead: str = ""
    choice: str = ""
    when: str = ""


_LEAD = r"^(?P<lead>\s*(?:- +)?)"
_KEY = rf"(?P<key>{'|'.join(sorted(ALL_KEYS, key=len, reverse=True))})"
_BLANKS = "".join(letter for letter, (_, right) in LOOK_ALIKES.items() if right in ("", " "))


def _plain_blanks(match: re.Match[str]) -> str:
    return "".join(LOOK_ALIKES[letter][1] if letter in LOOK_ALIKES else letter for letter in match["wrong"])


def _quoted(match: re.Match[str]) -> str:
    return '"' + match["text"].replace("\\", "\\\\").replace('"', '\\"') + '"'


# The first rule that fits a line explains it.
_RULES = (
    Rule(rf"^\s*(?P<wrong>[–—−‐‑•·*])\s*(?={_KEY} *:)", "- "),
    Rule(rf"^\s*(?P<wrong>-)(?={_KEY} *:)", "- ", Problem("routine.dash-without-space")),
    Rule(rf"^(?P<wrong>\s*(?:-\s+)?[{_BLANKS}][\s{_BLANKS}]*)(?={_KEY}\s*:)", _plain_blanks),
    Rule(rf"{_LEAD}{_KEY}(?P<wrong>[{_BLANKS}]+)(?=:)", ""),
    Rule(rf"{_LEAD}{_KEY}:(?P<wrong>\s*[{_BLANKS}][\s{_BLANKS}]*)", " "),
    Rule(rf"{_LEAD}{_KEY}(?P<wrong>：)\s*", ": "),
    Rule(rf"{_LEAD}{_KEY}:(?P<wrong>\t\s*)", " ", Problem("routine.tab-after-key")),
    Rule(rf"{_LEAD}{_KEY}(?P<wrong>\s*=\s*)(?=\S)", ": ", Problem("routine.equals-sign")),
    Rule(rf"{_LEAD}{_KEY}(?P<wrong>\s+)(?=[^\s:])", ": ", Problem("routine.no-colon")),
    Rule(r":\s+(?P<wrong>[“„«](?P<text>.*)[”“»])\s*$", _quoted, Problem("routine.typographic-quotes")),
    Rule(r"^\s*(?P<wrong>//|--)", "#", Problem("routine.comment-sign")),
    Rule(
        rf"^\s*- +(?P<wrong>\w+: [^,;:{{}}]+(?:[,;] *{_KEY}: *[^,;:{{}}]+)+)$",
        lambda match: f"{{{match['wrong'].replace(';', ',').rstrip()}}}",
        Problem("routine.keys-in-a-line"),
    ),
)


def corrected_line(line: str) -> Corrected | None:
    """Correct the first slip of a line, with or without its end; None where there is none that is known."""
    bare = line.rstrip("\r\n")
    for rule in _RULES:
        if match := re.search(rule.written, bare):
            right = rule.meant if isinstance(rule.meant, str) else rule.meant(match)
            start, end = match.span("wrong")
            # The space after a letter that is wrong is a part of the match.
            new = bare[:start] + right + bare[max(end, match.end()) if right.endswith(" ") else end :]
            column = start + next((n for n, letter in enumerate(match["wrong"]) if letter in LOOK_ALIKES), 0)
            found = _name_of(match["wrong"]) if rule.problem is _LOOKS_ALIKE else shown(bare.strip())
            return Corrected(new + line[len(bare) :], column, replace(rule.problem, expected=new.strip(), found=found))
    return None


def begins_or_ends_oddly(key: str) -> bool:
    """Check for a key that has a dash or an invisible letter about it."""
    return bool(key) and (key[0] in "-*" or key[0] in LOOK_ALIKES or key[-1] in LOOK_ALIKES)


def _name_of(wrong: str) -> str:
    """What the letter is called that only looks alike."""
    letter = next((letter for letter in wrong if letter in LOOK_ALIKES), wrong[:1])
    return LOOK_ALIKES.get(letter, (shown(letter), ""))[0]
