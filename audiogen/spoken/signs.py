"""Abbreviations and signs -> words."""

import re
from collections.abc import Mapping

from audiogen.spoken.pack import Pack
from audiogen.spoken.rules import DIGITS, Rule, alternatives, rule


def abbreviations(pack: Pack) -> tuple[Rule, ...]:
    """Say abbreviations in full, with or without a capital at their beginning."""
    before, counting, last = _cases(pack.abbreviations), _cases(pack.abbreviations_of_numbers), _cases(pack.endings)
    sentence = "" if pack.language == "de" else r"|\s+(?=[A-ZÀ-ÖØ-Þ])"  # German nouns have capitals anywhere
    stop = rf"(?<=\.)(\s*\Z{sentence})"  # a full stop that ends a sentence as well
    return (
        rule(rf"(?<![\w.])({alternatives(last)}){stop}", lambda match: f"{last[match[1]]}.{match[2]}"),
        rule(rf"(?<![\w.])({alternatives(last)})(?!\w)", lambda match: last[match[1]]),
        rule(rf"(?<![\w.])({alternatives(before)})(?!\w)\s*", lambda match: f"{before[match[1]]} "),
        rule(
            rf"(?<![\w.])(?<!\d )({alternatives(counting)})\s?(?=\d)",
            lambda match: f"{counting[match[1]]} ",
            needs=DIGITS,
        ),
        rule(rf"(?<![\w-])({alternatives(pack.capitals)})(?![\w-])", lambda match: pack.capitals[match[1]]),
    )


def _cases(words: Mapping[str, str]) -> dict[str, str]:
    """The same words, each also with a capital where one begins with a letter."""
    return {**{word.capitalize(): said.capitalize() for word, said in words.items()}, **words}


def signs(pack: Pack) -> tuple[Rule, ...]:
    """Say signs, each by where it stands; what is none of speech is left out."""
    before, between = pack.before_numbers, pack.between
    return (
        rule(rf"(?<![\w-])({alternatives(before)})\s?(?=[\d.]*\d)", lambda match: f"{before[match[1]]} ", needs=DIGITS),
        rule(r"(?<=\d)\+(?!\d)", f" {between['+']}", needs="+"),
        rule(rf"\s*({alternatives(between)})\s*(?=\S)", lambda match: f" {between[match[1]]} "),
        rule(r"(?<=[^\W\d_])/(?=[^\W\d_])", " ", needs="/"),
        rule(r"\s/\s", ", ", needs="/"),
        rule(r"\s(?:--?|–)\s|\s?--+\s?", " – ", needs="-–"),
        rule(r"[•*_|]+", " ", needs="•*_|"),
    )


def spaced(text: str) -> str:
    """A text with one space where several were left, and none before a full stop or a comma."""
    return re.sub(r"\s+(?=[,;.!?](?:\s|\Z))", "", " ".join(text.split()))
