"""Words that only count, or label: "Step 1: Lie down" -> "Lie down", "Exercise: Plank" -> "Plank"."""

import re

from audiogen.importing.vocabulary import Vocabulary, column_heads

_LABEL = re.compile(r"\s*[:：]\s*(?=[^\W\d])")
_STEP = re.compile(r"\s*(?:n[°ºo.]\s*)?(\d{1,2}|[a-h])\s*(?:[:.)\]–—-]|$)\s*", re.IGNORECASE)


def without_step(text: str, words: Vocabulary) -> str:
    """A text without "Step 1:" and the like in front."""
    bare = text.lstrip("*_ ")
    small = bare.lower()
    for step in sorted(words.sections["step"], key=len, reverse=True):
        if not small.startswith(step):
            continue
        is_label = step in column_heads()["name"]
        if found := _STEP.match(bare, len(step)) or (is_label and _LABEL.match(bare, len(step))) or None:
            return text[: len(text) - len(bare)] + bare[found.end() :]
    return text
