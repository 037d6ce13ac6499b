"""Breaths that are counted: "Inhale through the nose for 4 counts" -> a phase of 4 s with these words."""

import re
from typing import NamedTuple

from audiogen.importing.draft import Said
from audiogen.importing.reading import Reading
from audiogen.importing.sentences import as_sentence
from audiogen.importing.tokens import tokens
from audiogen.importing.vocabulary import Vocabulary, begins_with

LONGEST_MS = 20_000  # of a phase
COUNT_MS = 1000
_CLAUSE = re.compile(r"\s*[,;،、]\s*(?:(?:and|then|and then|und|dann|y|et|puis|e|en|i)\s+)?|\s+[-–—]\s+", re.IGNORECASE)


class Phase(NamedTuple):
    """In, out or hold, for so long; `said` is the whole sentence, for where it turns out to be no phase."""

    words: str
    length_ms: int
    said: Said
    is_breath: bool
    is_counted: bool


def phases_of(sentence: Said, words: Vocabulary, *, may_hold: bool) -> list[Phase]:
    """Read a sentence as a phase, or as several: "Inhale for 4, hold for 7, exhale for 8"; `may_hold` says that a
    breath stands before it."""
    clauses = [clause for clause in _CLAUSE.split(sentence.text.rstrip(" .")) if clause]
    found = list[Phase]()
    for clause in clauses if len(clauses) > 1 else ():
        part = Said(as_sentence(clause), sentence.spot)
        phase = _phase_of(part, words, may_hold=may_hold or bool(found), may_move=True)
        if phase is None:
            break
        found.append(phase)
    if len(found) == len(clauses):
        return found
    whole = _phase_of(sentence, words, may_hold=may_hold)
    return [whole] if whole else []


def _phase_of(sentence: Said, words: Vocabulary, *, may_hold: bool, may_move: bool = False) -> Phase | None:
    """Read a clause as a phase; `may_move` takes "in" and "out" alone for breaths, where another stands next to it."""
    found = tokens(sentence.text, words)
    is_breath = begins_with(sentence.text, (*words.ear["inhale"], *words.ear["exhale"]))
    is_breath = is_breath or (may_move and bool(found) and found[0].of("phase") and not found[0].of("hold", "rest"))
    if not is_breath and not (may_hold and found and found[0].of("hold", "rest")):
        return None
    read = Reading(found)
    for at in range(1, len(found)):
        length_ms, end, counted = _length(read, at)
        if 0 < length_ms <= LONGEST_MS and _ends(read, end):
            last = at
            while last > 1 and found[last - 1].of("filler"):
                last -= 1
            text = sentence.text[: found[last - 1].end].strip(" ,:;-–")
            if all(one.of("hold", "filler") for one in found[:last]):
                text = words.program["hold"]
            return Phase(text, length_ms, sentence, is_breath, counted)
    return None


def _length(read: Reading, at: int) -> tuple[int, int, bool]:
    """A length of time, or a number of counts, and where it ends; 0 for neither."""
    if length := read.length(at):
        return (0 if length[0].is_range else length[0].least), length[1], False
    number = read.number(at)
    if number is None or number[0] != number[1]:
        return 0, at, False
    is_counted = read.is_(number[2], "counts")
    end = number[2] + is_counted
    return round(number[0] * COUNT_MS), end, True


def _ends(read: Reading, at: int) -> bool:
    return all(read.is_(n, "sign", "range", "filler") for n in range(at, len(read.tokens)))
