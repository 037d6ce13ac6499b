"""When a session says how far it is: "halfway, 5m" -> ("halfway", 300000)."""

from typing import Literal

from audiogen.errors import InvalidValue, Problem
from audiogen.routine.values import read_length
from audiogen.text import shown

Mark = int | Literal["halfway"]  # how much is left, in ms

_OFF = ("off", "no", "false", "none")


def read_progress(value: object) -> tuple[Mark, ...]:
    """Read "halfway, 5m", a list of these, or off; lengths are the time that is left then."""
    if isinstance(value, tuple):
        return value
    if value is False or str(value).strip().lower() in _OFF:
        return ()
    parts = value if isinstance(value, list) else [part.strip() for part in str(value).split(",")]
    marks = tuple(_mark(part) for part in parts)
    if len(set(marks)) < len(marks) or not marks:
        raise InvalidValue(Problem("routine.not-progress", found=shown(value)))
    return marks


def _mark(value: object) -> Mark:
    if isinstance(value, str) and value.lower() == "halfway":
        return "halfway"
    try:
        return read_length(value)
    except InvalidValue as error:
        raise InvalidValue(Problem("routine.not-progress", found=shown(value))) from error
