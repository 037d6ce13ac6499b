"""What is wrong with a stranger's document, as pydantic found it.

ValidationError -> "events.3.start_ms: Input should be a valid integer"
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


def first_mistake(error: "ValidationError") -> str:
    """Describe the first mistake and where it is, without repeating what the document says there."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return ": ".join(filter(None, [".".join(map(str, first["loc"])), first["msg"]]))
