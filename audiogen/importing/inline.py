"""Exercises that stand one after another in a sentence, "20 squats, 10 push-ups, 30 sec plank" -> a line each."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from audiogen.importing.grammar import read_dose, with_lead
from audiogen.importing.leftover import leftovers, means_something
from audiogen.importing.line import Line, Spot
from audiogen.importing.vocabulary import Vocabulary

FEWEST, LONGEST = 3, 7  # exercises in a sentence, and words of one
_LEAD = re.compile(r"[^,.:]{1,60}:\s+")
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?]+(?!\s)[^.!?]+)*")
_PIECE = re.compile(r"(?:(?!,\s|;\s|\s\+\s).)+")


def one_each(lines: Iterable[Line], words: Vocabulary) -> Iterator[Line]:
    """Give each exercise of a sentence a line of its own; all other lines stay as they are."""
    for line in lines:
        pieces = [] if line.cells or line.level else list(_pieces(line.text, words))
        if not pieces:
            yield line
            continue
        lead = _LEAD.match(line.text)
        if lead:
            yield line.with_text(lead[0].strip())
        for start, end in pieces:
            spot = Spot(line.spot.line, line.spot.column + start)
            yield replace(line, text=line.text[start:end], spot=spot, mark="-", depth=line.depth + 1, gap=False)
        for behind in _SENTENCE.finditer(line.text, pieces[-1][1]):
            text = behind[0].strip(" .!?")
            if text:
                spot = Spot(line.spot.line, line.spot.column + behind.start())
                yield replace(line, text=text, spot=spot, mark="", gap=True)


def _pieces(text: str, words: Vocabulary) -> Iterator[tuple[int, int]]:
    """Where each exercise of the first sentence stands; none where one piece of it is no exercise."""
    lead = _LEAD.match(text)
    sentence = _SENTENCE.match(text, lead.end() if lead else 0)
    if sentence is None:
        return
    found = list(_PIECE.finditer(text, sentence.start(), sentence.end()))
    spans = [(piece.end() - len(piece[0].lstrip(" ,;+")), piece.end()) for piece in found]
    if len(spans) >= FEWEST and all(_is_exercise(text[start:end], words) for start, end in spans):
        yield from spans


def _is_exercise(text: str, words: Vocabulary) -> bool:
    dose = with_lead(text, read_dose(text, words), words)
    is_named = any(means_something(piece, words) for piece in leftovers(text, dose))
    return dose.has_work and is_named and len(text.split()) <= LONGEST
