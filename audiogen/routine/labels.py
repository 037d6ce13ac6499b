"""Read what a routine is called and filed under: its language, its date, the ids of its exercises."""

import re
import unicodedata
from datetime import date

from audiogen.errors import InvalidValue, Problem
from audiogen.text import shown


def read_language(value: object) -> str:
    match = re.fullmatch(r"([a-z]{2,3})(?:[-_]([a-z]{2}|\d{3}))?", str(value).strip(), re.ASCII | re.IGNORECASE)
    if match is None:
        raise InvalidValue(Problem("routine.not-a-language", found=shown(value)))
    return match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")


def read_date(value: object) -> str:
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError as error:
        raise InvalidValue(Problem("routine.not-a-date", found=shown(value))) from error


def read_id(value: object) -> str:
    written = str(value)
    if written != written.lower() or not all(map(_is_word, written.split("-"))):
        raise InvalidValue(Problem("routine.not-an-id", found=shown(value)))
    if written.isdigit():
        raise InvalidValue(Problem("routine.id-a-number", found=shown(value)))
    return written


def _is_word(text: str) -> bool:
    """Letters and digits, with the marks that some scripts put on them."""
    marked = all(letter.isalnum() or unicodedata.category(letter).startswith("M") for letter in text)
    return marked and text[:1].isalnum()
