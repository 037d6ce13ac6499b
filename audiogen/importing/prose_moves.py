"""Exercises told in plain prose, without a list: sentences with a dose -> moves named by their first words."""

import re
from collections.abc import Iterator, Sequence

from audiogen.importing.classify import Judged
from audiogen.importing.draft import Guess, Move, Said
from audiogen.importing.grammar import read_dose
from audiogen.importing.leftover import means_something
from audiogen.importing.sentences import as_sentence, clean, shorter, split, without_dose
from audiogen.importing.vocabulary import Vocabulary, has_any

LONGEST_NAME = 6  # words
FEWEST = 2  # moves, so that a page with a time in it is no session

_CLAUSES = re.compile(r"[,;:]\s+|\s+(?:and|und|then|dann|y|et|e|en|i|until|bis|while)\s+|\s+[–—-]\s+", re.IGNORECASE)


def moves_in_prose(judged: Sequence[Judged], words: Vocabulary) -> list[Move]:
    """Find the moves; none where fewer than two sentences have a dose, or few tell how to move."""
    moves = list(_moves(judged, words))
    moving = sum(has_any(_text(move), words.ear["position"]) for move in moves)
    return moves if len(moves) >= FEWEST and moving * 2 >= len(moves) else []


def _text(move: Move) -> str:
    return " ".join(one.text for one in move.said if isinstance(one, Said))


def _moves(judged: Sequence[Judged], words: Vocabulary) -> Iterator[Move]:
    pending = list[Said]()
    for one in judged:
        if one.kind != "instruction" or one.line.cells or one.line.level:
            continue
        for sentence in split(clean(one.line.text, words)):
            dose = read_dose(sentence, words)
            text = without_dose(sentence, dose, words)
            said = [Said(as_sentence(part), one.line.spot) for part in shorter(as_sentence(text))] if text else []
            if not dose.has_work:
                pending += said
                continue
            name = _name(text, words)
            if not name:
                continue
            guess = Guess("named by the first words of its sentence", one.line.spot, name, "name")
            yield Move(name, one.line.spot, dose, said=[*pending, *said], guesses=[guess])
            pending = []


def _name(text: str, words: Vocabulary) -> str:
    """The first clause of at least two words that are more than links, cut to a name's length."""
    for clause in _CLAUSES.split(text):
        if len(clause.split()) >= 2 and means_something(clause, words):
            name = " ".join(clause.split()[:LONGEST_NAME]).strip(" .,:;!")
            return name[:1].upper() + name[1:]
    return ""
