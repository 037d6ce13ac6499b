"""The line that heads an exercise -> its name, and what else it says."""

import re

from audiogen.importing.classify import Judged, is_capitals
from audiogen.importing.grammar import read_dose, with_lead
from audiogen.importing.leftover import leftovers, means_something
from audiogen.importing.line import unmarked
from audiogen.importing.sentences import clean
from audiogen.importing.steps import without_step
from audiogen.importing.vocabulary import Vocabulary

_NAME_END = re.compile(r"\s+[-–—|]\s+|[:：(（\[]|\s*[|]\s*|\.\s+")
_LISTED_NAME_END = re.compile(r",\s+")


def clean_keeping_doses(text: str, words: Vocabulary) -> str:
    """A text whose brackets are gone where they hold no dose."""
    return re.sub(
        r"[(\[]([^()\[\]]*)[)\]]",
        lambda found: f", {found[1]}, " if read_dose(found[1], words).says else found[0],
        unmarked(text),
    )


def name_of(one: Judged, words: Vocabulary) -> tuple[str, list[str]]:
    """The name that a line gives an exercise, and what else it says."""
    text = without_step(one.line.text, words)
    bold = re.match(r"\s*(?:\*\*|__)(.+?)(?:\*\*|__)\s*(.*)$", text)
    first, behind = (bold[1], bold[2]) if bold and bold[2] else (text, "")
    first = without_step(first, words)
    dose = read_dose(first, words)
    if (one.line.mark or one.is_step) and not one.line.level:
        dose = with_lead(first, dose, words)
    pieces = [unmarked(piece) for piece in leftovers(first, dose)]
    at = next((n for n, piece in enumerate(pieces) if means_something(piece, words)), 0)
    end = _NAME_END if one.line.level or bold else re.compile(f"{_NAME_END.pattern}|{_LISTED_NAME_END.pattern}")
    head = pieces[at].strip(" -–—:,.;|([")
    found = end.search(head)
    name, rest = (head[: found.start()], head[found.start() :]) if found and found.start() else (head, "")
    texts = [
        f"{rest} {' '.join(pieces[at + 1 :])}" if pieces[at + 1 :] and rest else rest,
        *([] if rest else pieces[at + 1 :]),
        behind,
    ]
    cleaned = clean(name, words).strip(" .:,;!")
    if is_capitals(cleaned):
        cleaned = " ".join(word if len(word) <= 2 else word.capitalize() for word in cleaned.split())
    return cleaned, [
        piece.strip(" -–—:,.;|)(") if piece.strip().startswith("(") else piece.lstrip(" @.,;:!?)]")
        for piece in texts
        if means_something(piece, words)
    ]
