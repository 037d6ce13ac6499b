"""Words and expressions of a language, as its lists have them -> patterns that find them in a line.

A - at the beginning or the end of an expression stands for more letters, a * for any one word, a ^ in front says that a
clause begins with it. Letters count alike in upper and lower case.
"""

import re
from collections.abc import Iterable

_BEGINNING = r"(?:^|(?<=[.!?;:,]\s))"


def source(expression: str) -> str:
    """Write an expression as the source of a pattern: "on your *" finds "on your {side}"."""
    before = _BEGINNING if expression.startswith("^") else "" if expression.startswith("-") else r"(?<!\w)"
    after = "" if expression.endswith("-") else r"(?!\w)"
    words = (r"[\w{}]+" if word == "*" else re.escape(word) for word in expression.strip("^-").split())
    return before + r"\s+".join(words) + after


def either(expressions: Iterable[str]) -> re.Pattern[str]:
    """Find any of these expressions, of those that begin at one place the longest; none where there are none."""
    sources = [source(one) for one in sorted(expressions, key=len, reverse=True)]
    return re.compile("|".join(sources) or r"(?!)", re.IGNORECASE)
