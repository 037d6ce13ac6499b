"""A written text -> the same in words that any voice reads right: numbers, units, times, sides, signs.

    "3x30s, R side" -> "three times thirty seconds, right side"

Captions, lyrics, sheets and plans keep what was written. The words are data, one TOML file per language next to this
module; in a language without one, a text is spoken as it is written.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from audiogen.spoken import amounts, english, numbers, signs
from audiogen.spoken.pack import Own, pack_of
from audiogen.spoken.rules import Rule, alternatives, applied, rule


@lru_cache(maxsize=4096)
def spoken(text: str, language: str) -> str:
    """Write out what a voice may read otherwise than meant; a text without such is returned unchanged.

    Plain numbers are read right in digits, so they are written out only next to something else.

    >>> spoken("Hold 30s.", "en")
    'Hold thirty seconds.'
    """
    pack = pack_of(language)
    if pack is None or not _occasions(pack.language).search(text):
        return text
    combined = applied(_rules(pack.language), amounts.tidied(text))
    if combined == text and numbers.are_plain(pack, text):
        return text
    said = applied((*numbers.rules(pack), *_own(pack.last)), combined)
    return text if said == text else signs.spaced(said)


@cache
def _rules(language: str) -> tuple[Rule, ...]:
    """All rules of a language but those of numbers, in their order: what is combined before its parts."""
    pack = pack_of(language)
    if pack is None:
        return ()
    own = english.early(pack) if language == "en" else ()
    per = rule(rf"\.?\s?/\s?(?=(?:{pack.each})\b)", f" {pack.per} ", needs="/")
    return (*_own(pack.first), per, *own, *signs.abbreviations(pack), *amounts.rules(pack), *signs.signs(pack))


def _own(entries: Sequence[Own]) -> tuple[Rule, ...]:
    return tuple(rule(one.pattern, one.say) for one in entries)


@cache
def _occasions(language: str) -> re.Pattern[str]:
    """What a text has in which there may be something to write out; most texts have none of it."""
    pack = pack_of(language)
    groups = (pack.abbreviations, pack.abbreviations_of_numbers, pack.endings, pack.capitals) if pack else ()
    words = alternatives(word for group in groups for word in group)
    signs_of_any = r"[^\w\s.,;:!?…'’\"“”()–—-]|[\d_½⅓⅔¼¾⅕⅛]|--|\s-\s| a side\b|\b(?:[RL]t?|[IVX]+)\b"
    return re.compile(rf"{signs_of_any}|(?<!\w)(?i:{words})(?!\w)")
