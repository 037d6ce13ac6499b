"""Read a routine out of what a user pastes or opens, with the places of its guesses on both sides.

text or file -> JSON
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from audiogen.errors import AudiogenError
from audiogen.importing import Guess, Imported, import_bytes
from audiogen.importing.decode import decoded
from audiogen.importing.readers.own import is_routine
from audiogen.routine.items import text_of
from audiogen.routine.yaml.tree import Map
from audiogen.studio.posted import Document
from audiogen.studio.writing.files import free_name
from audiogen.studio.writing.reading import tree_of

_COMMENT = re.compile(r"# guess: (?P<reason>.*), line (?P<line>\d+)$")
_QUOTED = re.compile(r"'([^']+)'")


def imported(content: bytes, file: str = "", title: str = "") -> Document:
    """Import the content of a file of this name; a pasted text has none. A routine stays as it is.

    Raises:
        RoutineError: there is nothing to do in it, or it cannot be read.
    """
    path = Path(file)
    named = title or path.stem.replace("-", " ").replace("_", " ")
    source = _source(content)
    if is_routine(source):
        text = source.replace("\r\n", "\n")
        return {"name": free_name(named or _title(text)), "text": text, "guesses": [], "left_out": [], "source": ""}
    found = import_bytes(content, subject=file or "The text", suffix=path.suffix.lower(), name=title or None)
    return {
        "name": free_name(named or found.routine.title),
        "text": found.text,
        "guesses": list(_guesses(found, source.split("\n"))),
        "left_out": [{"source_line": one.spot.line, "words": one.text, "kind": one.kind} for one in found.left_out],
        "source": source,
    }


def _title(text: str) -> str:
    tree = tree_of("text", text)
    return (text_of(tree, "title") or "") if isinstance(tree, Map) else ""


def _source(content: bytes) -> str:
    """Return the text of a source; of one that is no text, such as a workbook, there is none to show."""
    try:
        return decoded(content, "")
    except AudiogenError:
        return ""


def _guesses(found: Imported, source: Sequence[str]) -> Iterator[Document]:
    """List the guesses that have a comment in the text, in the order of their lines there."""
    waiting = list(found.guesses)
    for number, line in enumerate(found.text.split("\n"), start=1):
        match = _COMMENT.search(line)
        guess = _taken(waiting, match["reason"], int(match["line"])) if match else None
        if match and guess:
            at = source[guess.spot.line - 1] if guess.spot.line <= len(source) else ""
            start, end = _span(guess, at)
            yield {
                "line": number,
                "source_line": guess.spot.line,
                "source_from": start,
                "source_to": end,
                "words": guess.reason,
            }


def _taken(waiting: list[Guess], reason: str, line: int) -> Guess | None:
    for index, one in enumerate(waiting):
        if one.reason == reason and one.spot.line == line:
            return waiting.pop(index)
    return None


def _span(guess: Guess, line: str) -> tuple[int, int]:
    """Find what in a line of the source a guess is about: the words that it quotes, else all from its column on."""
    for quoted in _QUOTED.findall(guess.reason):
        if (start := line.find(quoted)) >= 0:
            return start, start + len(quoted)
    return min(guess.spot.column - 1, len(line)), len(line.rstrip())
