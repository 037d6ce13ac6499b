"""Right and left in the words of an exercise that is done on both sides.

"Cross your right ankle over your left thigh." -> "Cross your {side} ankle over your {other_side} thigh."

In English the words do not change their form, so they become placeholders; in other languages a line becomes two, the
second with each word's counterpart. The side that a text names first is the one that begins.
"""

import re
from collections.abc import Callable, Sequence

from audiogen.importing.vocabulary import Vocabulary, plain
from audiogen.phrases import load_phrases
from audiogen.routine.written import Value


def first_side(texts: Sequence[str], words: Vocabulary) -> str:
    """The side that a text names first; right where it names none."""
    for text in texts:
        if found := _first(text, words):
            return found
    return "right"


def names_side(text: str, words: Vocabulary) -> bool:
    """Whether a text names a side, as a side of the body."""
    return bool(_first(text, words))


def sided(text: str, first: str, words: Vocabulary) -> Value:
    """A line for both sides, or the same line where it names no side."""
    pairs = _pairs(words)
    pattern = _pattern(words)
    if not _first(text, words):
        return text
    if words.language == "en":
        names = (
            {"right": "{side}", "left": "{other_side}"}
            if first == "right"
            else {"left": "{side}", "right": "{other_side}"}
        )
        return _replaced(text, pattern, lambda word: names[word.lower()], words)
    other = _replaced(text, pattern, lambda word: _like(word, pairs.get(word.lower(), word)), words)
    return {"right": text, "left": other} if first == "right" else {"right": other, "left": text}


def _first(text: str, words: Vocabulary) -> str:
    kept = _protected(text, words)
    rights = set(_forms("right", words))
    for found in _pattern(words).finditer(text):
        if not any(start <= found.start() < end for start, end in kept):
            return "right" if found[0].lower() in rights else "left"
    return ""


def _replaced(text: str, pattern: re.Pattern[str], change: Callable[[str], str], words: Vocabulary) -> str:
    kept = _protected(text, words)
    return pattern.sub(
        lambda found: found[0] if any(start <= found.start() < end for start, end in kept) else change(found[0]), text
    )


def _protected(text: str, words: Vocabulary) -> list[tuple[int, int]]:
    """Where "right" means no side: "right away", "right angle"."""
    small = plain(text) if len(plain(text)) == len(text) else text.lower()
    found = list[tuple[int, int]]()
    for expression in words.side.get("stay", ()):
        at = small.find(expression)
        while at >= 0:
            found.append((at, at + len(expression)))
            at = small.find(expression, at + 1)
    return found


def _forms(side: str, words: Vocabulary) -> tuple[str, ...]:
    named = load_phrases(words.language).cues["naming"][side]
    return tuple(one.strip("-") for one in named)


def _pairs(words: Vocabulary) -> dict[str, str]:
    """Each form of one side with the form of the other."""
    right, left = _forms("right", words), _forms("left", words)
    pairs = dict(zip(right, left, strict=False))
    pairs |= dict(zip(left, right, strict=False))
    if len(left) < len(right):
        pairs |= {one: left[-1] if one.endswith("s") else left[0] for one in right}
    return pairs


def _pattern(words: Vocabulary) -> re.Pattern[str]:
    """Each form as a word of its own; a - at its beginning or end stands for more letters."""
    named = load_phrases(words.language).cues["naming"]
    forms = sorted((*named["right"], *named["left"]), key=len, reverse=True)
    return re.compile("|".join(map(_form, forms)), re.IGNORECASE)


def _form(written: str) -> str:
    start = "" if written.startswith("-") else r"(?<!\w)"
    end = "" if written.endswith("-") else r"(?!\w)"
    return f"{start}{re.escape(written.strip('-'))}{end}"


def _like(word: str, other: str) -> str:
    return other[:1].upper() + other[1:] if word[:1].isupper() else other
