"""Pauses and bells in a text: "[pause 20s]", "(2 minutes of silence)", "*(pause)*", "[bell x3]".

text -> words, silences, rings
"""

import re
from collections.abc import Iterator

from audiogen.importing.dose import Amount
from audiogen.importing.draft import Ring, Said, Silence
from audiogen.importing.grammar import read_dose
from audiogen.importing.line import Spot
from audiogen.importing.vocabulary import Vocabulary, begins_with, has_any

_BRACKETS = re.compile(r"[*_]*[\[({（【]([^\[\](){}（）【】]{1,120})[\])}）】][*_]*[.]?|<([^<>]{1,60})>")
_BARE = re.compile(r"(\d{1,3})\s*$")
_DOTS = re.compile(r"\s*(?:\.{3,}|…)(?=\s+[^\W\d_a-zß-ÿ]|\s*$)\s*")
_TIMES = re.compile(r"[x×]\s*(\d)|(\d)\s*[x×]")


def pause_alone(text: str, words: Vocabulary) -> Silence | Ring | None:
    """The pause or bell that a whole line is; None for other lines."""
    bare = text.strip(" *_.")
    found = _BRACKETS.fullmatch(bare)
    if found:
        return _inside(found[1] or found[2], Spot(1), words)
    is_pause = begins_with(bare, words.prose["pause"][:2]) and len(bare.split()) <= 5
    return _inside(bare, Spot(1), words) if is_pause and read_dose(bare, words).has_work else None


def parts_of(text: str, spot: Spot, words: Vocabulary, *, bare: bool = True) -> Iterator[Said | Silence | Ring]:
    """Split a text at the pauses and bells in it; other brackets stay in the words.

    `bare` takes a length alone in brackets for a pause too.
    """
    at = 0
    for match in _BRACKETS.finditer(text):
        found = _inside(match[1] or match[2], spot, words)
        if found is not None and (bare or has_any(match[1] or match[2], _pauses(words))):
            if text[at : match.start()].strip(" *_"):
                yield Said(text[at : match.start()].strip(), spot)
            yield found
            at = match.end()
    if text[at:].strip(" *_."):
        yield Said(text[at:].strip(), spot)


def _inside(text: str, spot: Spot, words: Vocabulary) -> Silence | Ring | None:
    """What stands in brackets."""
    if has_any(text, words.prose["bell"]):
        times = _TIMES.search(text)
        return Ring(int(times[1] or times[2]) if times else 1, spot)
    dose = read_dose(text, words)
    amount = dose.rest or dose.hold
    says_pause = has_any(text, _pauses(words))
    if amount and (says_pause or _is_only(text, dose.spans)):
        return Silence(amount, spot, text)
    if says_pause and (bare := _BARE.search(text)) and int(bare[1]):
        return Silence(Amount(int(bare[1]) * 1000, int(bare[1]) * 1000), spot, text)
    if says_pause and len(text.split()) <= 4 and not dose.has_work:
        return Silence(None, spot, text)
    return None


def _pauses(words: Vocabulary) -> tuple[str, ...]:
    return words.prose["pause"]


def _is_only(text: str, spans: tuple[tuple[int, int], ...]) -> bool:
    covered = sum(end - start for start, end in spans)
    return covered >= len(text.strip()) - 2


def at_dots(text: str) -> list[str]:
    """Split a text at its ellipses that end a sentence: short silences in a script. Others are left to the voice."""
    return [part for part in _DOTS.split(text) if part.strip()]
