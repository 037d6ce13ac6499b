"""Answers in parts, of which only those are sent that a page does not hold.

    parts + the digests that a page holds -> digests, and the parts to send

A part has no name but its digest, so the studio remembers nothing of any page: whatever the page holds, it shows what
the answer lists. What moves when something else changes, such as when a line is said, is in no part.
"""

import json
from collections.abc import Set
from hashlib import blake2b
from typing import Any


class Parts:
    """The parts of one answer; `sent` are those that the page does not hold, by their digests."""

    def __init__(self, held: Set[str]) -> None:
        self.sent: dict[str, Any] = {}
        self._held = held

    def digest(self, content: Any) -> str:
        """Take a part, and return its digest."""
        found = blake2b(json.dumps(content).encode(), digest_size=6).hexdigest()
        if found not in self._held:
            self.sent[found] = content
        return found
