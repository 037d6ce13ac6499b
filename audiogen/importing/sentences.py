"""Words for the ear: a text as it was written -> sentences that can be spoken.

Links, brackets, emoji, "(see photo)" and "Step 1:" go; what is left stays as it was written.
"""

import re
import unicodedata
from collections.abc import Iterator

from audiogen.importing.dose import Dose
from audiogen.importing.grammar import read_dose
from audiogen.importing.leftover import leftovers, means_something
from audiogen.importing.line import unmarked
from audiogen.importing.steps import without_step
from audiogen.importing.vocabulary import Vocabulary, begins_with, has_any, plain
from audiogen.spoken.sentences import sentences

LONGEST_WORDS = 18  # a longer sentence is split at a clause

_LINK = re.compile(r"https?://\S+|www\.\S+")
_BRACKETED = re.compile(r"\s*[(\[（【]([^()\[\]（）【】]*)[)\]）】]")
_CLAUSE = re.compile(
    r"\s*(?:[;；]|[,，、](?:\s+(?:then|dann|luego|puis|poi|dan|potem|depois))?|\s[–—-]\s)\s*"
    r"|\s+(?:and then|und dann)\s+"
)
_EDGES = " \t-–—:,;|·•>→*_/~"


def clean(text: str, words: Vocabulary) -> str:
    """A text without what is only for eyes."""
    bare = unmarked(_LINK.sub("", without_step(text, words)))
    bare = "".join(letter for letter in bare if not _is_picture(letter))
    bare = _BRACKETED.sub(lambda found: _bracket(found[1], words), bare)
    bare = re.sub(r"([!?]){2,}", r"\1", bare.replace("\\", ""))
    bare = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"(?:\s*,)+\s*,", ",", bare))
    return " ".join(bare.split()).strip(_EDGES).strip()


def _bracket(inside: str, words: Vocabulary) -> str:
    """What stands in brackets stays, between commas, if somebody could say it."""
    if has_any(inside, words.ear.get("dropped", ())) or not means_something(inside, words):
        return ""
    return f", {inside.strip(' ,.')}" if len(inside.split()) > 1 else ""


def _is_picture(letter: str) -> bool:
    return unicodedata.category(letter) in ("So", "Cs", "Co", "Cn", "Sk") or letter in "\ufe0f\u200d\u200b\ufeff"


def split(text: str) -> Iterator[str]:
    """Split a text into sentences."""
    return filter(None, sentences(text, jotted=True))


def shorter(sentence: str) -> Iterator[str]:
    """Split a long sentence at the ends of clauses, never inside one."""
    if len(sentence.split()) <= LONGEST_WORDS:
        yield sentence
        return
    taken = ""
    for piece in re.split(
        r"(?<=[;:])\s+|(?<=,)\s+(?=(?:and|then|but|und|dann|aber|y|et|puis|e|poi|en|i|luego)\b)", sentence
    ):
        if taken and len(f"{taken} {piece}".split()) > LONGEST_WORDS:
            yield as_sentence(taken)
            taken = piece
        else:
            taken = f"{taken} {piece}".strip()
    yield as_sentence(taken)


def as_sentence(text: str) -> str:
    """A clause with a capital and an end."""
    text = text.strip(_EDGES).strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    if unicodedata.category(text[-1])[0] == "P" and text[-1] not in "\"'”’)":
        return text
    ends = text.rstrip("\"'”’)")
    return text if ends and ends[-1] in ".!?…。！？।" else f"{text}{'。' if _is_japanese(text) else '.'}"


def _is_japanese(text: str) -> bool:
    return any("\u3040" <= letter <= "\u30ff" for letter in text)


def without_dose(sentence: str, dose: Dose, words: Vocabulary) -> str:
    """A sentence without the clauses that only say how much or which side."""
    if not dose.says and not dose.ignored:
        return sentence
    kept = list[str]()
    at = 0
    for end, following in [
        *((found.start(), found.end()) for found in _CLAUSE.finditer(sentence)),
        (len(sentence),) * 2,
    ]:
        clause = sentence[at:end]
        at, started = following, at
        inside = read_dose(clause, words)
        if not (inside.says or inside.ignored) or _keeps_meaning(clause, inside, words):
            kept.append(clause if not kept else sentence[_separator(sentence, started) : end])
    joined = "".join(kept).strip(_EDGES + ".!?。")
    if not joined or not means_something(joined, words):
        return ""
    ending = sentence.rstrip()[-1]
    return joined + (ending if ending in ".!?。！？।" else "")


def _keeps_meaning(clause: str, dose: Dose, words: Vocabulary) -> bool:
    rest = " ".join(leftovers(clause, dose))
    if dose.swaps:
        known = set(words.side.get("swap_line", ()))
        return any(word not in known for word in re.findall(r"[^\W\d_]+", plain(rest)) if means_something(word, words))
    return means_something(rest, words)


def _separator(sentence: str, start: int) -> int:
    """Where the comma or the like begins that stands before a clause."""
    before = [found for found in _CLAUSE.finditer(sentence) if found.end() == start]
    return before[0].start() if before else start


def is_release(sentence: str, words: Vocabulary) -> bool:
    """Whether a sentence leads out of a position."""
    return begins_with(sentence, words.ear["release"])


def is_position(sentence: str, words: Vocabulary) -> bool:
    """Whether a sentence leads into a position."""
    return begins_with(sentence, words.ear["position"])
