"""Names of files that a page sends.

name -> the same, if it leads nowhere else and is valid on every system
"""

from pathlib import Path
from unicodedata import category

from audiogen.errors import OutputError, Problem
from audiogen.export.formats import is_sound
from audiogen.text import is_name_everywhere

LONGEST_NAME = 120  # bytes


def is_plain(name: str) -> bool:
    """Whether a name leads nowhere else and is valid on every system."""
    plain = name and all(letter in " -_.,()'" or category(letter)[0] in "LNM" for letter in name)
    edges = not name.startswith((".", " ")) and not name.endswith((".", " "))
    return bool(plain) and edges and is_name_everywhere(name) and len(name.encode()) <= LONGEST_NAME


def plain_name(name: str) -> str:
    """Return a name that is plain.

    Raises:
        OutputError: it could lead elsewhere, or is not valid on every system.
    """
    if not is_plain(name):
        raise OutputError(Problem("studio.file-name"))
    return name


def track_name(written: str) -> str:
    """Return the name of a file to render into, with the suffix of a format or ".mp3"; raises as `plain_name`."""
    name = written.strip()
    stem = name[: name.rfind(".")] if is_sound(Path(name)) else name
    suffix = name.removeprefix(stem).lower() or ".mp3"
    return f"{plain_name(stem)}{suffix}"
