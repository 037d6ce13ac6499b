"""Read a TOML file that a user writes, and find the lines of its keys.

path -> text, document
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from audiogen.errors import AudiogenError, Place, Problem


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Read a file as its text and what it says; nothing where there is none.

    Raises:
        AudiogenError: the file cannot be read, is not UTF-8, or is not TOML.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "", {}
    except OSError as error:
        found = error.strerror or str(error)
        raise AudiogenError(Problem("storage.unreadable", subject=str(path), found=found)) from error
    try:
        text = content.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise AudiogenError(Problem("storage.not-utf-8", Place(str(path), line))) from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        place = Place(str(path), int(at[1]), int(at[2])) if at else str(path)
        found = str(error).split(" (at ", 1)[0]
        raise AudiogenError(Problem("storage.not-toml", place, found=found)) from error
    except RecursionError as error:
        raise AudiogenError(Problem("storage.not-toml", str(path), found="it is nested too deeply")) from error


def line_of(key: str, text: str, table: str = "") -> int:
    """Find the line where a key is written, in a table where one is named; the table's, or the first, without it."""
    lines = text.splitlines()
    first = 0
    if table:
        header = re.compile(rf"\s*\[\s*{re.escape(table)}\s*\]")
        first = next((number for number, line in enumerate(lines) if header.match(line)), 0)
    starts = re.compile(rf"\s*[\[\"']*(?:[\w.-]+\.)?{re.escape(key)}(?![\w-])")
    for number, line in enumerate(lines[first:], start=first):
        if starts.match(line):
            return number + 1
    return first + 1
