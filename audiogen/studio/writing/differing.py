"""What differs between the text on a page and another one in its way.

text + text -> the lines that only one of them has
"""

from difflib import SequenceMatcher

from audiogen.studio.posted import Document

MOST_LINES = 12  # as many as are read at a glance
LONGEST_LINE = 300


def differing(mine: str, other: str) -> Document:
    """List lines in order, each with whose it is and its number there, and how many more there are."""
    own, others = mine.splitlines(), other.splitlines()
    lines: list[tuple[str, int, str]] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, others, own).get_opcodes():
        if kind != "equal":
            lines += (("other", at + 1, others[at][:LONGEST_LINE]) for at in range(i, i_end))
            lines += (("mine", at + 1, own[at][:LONGEST_LINE]) for at in range(j, j_end))
    return {"lines": lines[:MOST_LINES], "more": max(0, len(lines) - MOST_LINES)}
