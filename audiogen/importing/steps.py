"""Words that only count, in front of what they count: "Step 1: Lie down" -> "Lie down"."""

import re

from audiogen.importing.vocabulary import Vocabulary

_STEP = re.compile(r"\s*(?:n[°ºo.]\s*)?(\d{1,2}|[a-h])\s*(?:[:.)\]–—-]|$)\s*", re.IGNORECASE)


def without_step(text: str, words: Vocabulary) -> str:
    """A text without "Step 1:" and the like in front."""
    bare = text.lstrip("*_ ")
    small = bare.lower()
    for step in sorted(words.sections["step"], key=len, reverse=True):
        if small.startswith(step) and (found := _STEP.match(bare, len(step))):
            return text[: len(text) - len(bare)] + bare[found.end() :]
    return text
