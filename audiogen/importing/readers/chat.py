"""Messages as a chat exports them: where the words of each begin, behind its time and its sender."""

import re
from collections.abc import Sequence

_STAMP = re.compile(
    r"[\u200e\u202a]?\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?\]?"
    r"(?:\s[-–])?\s+[^:\n]{1,40}:\s",
    re.IGNORECASE,
)


def starts(rows: Sequence[str]) -> list[int]:
    """Where the words of each row begin: 0 everywhere unless several rows begin as messages do."""
    found = [stamp.end() if (stamp := _STAMP.match(row)) else 0 for row in rows]
    return found if sum(map(bool, found)) > 1 else [0] * len(rows)
