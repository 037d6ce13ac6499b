"""A text or a file -> a draft: which format it is, and which reader reads it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from audiogen.errors import Problem, RoutineError
from audiogen.importing.classify import Judged, judge
from audiogen.importing.decode import LARGEST_BYTES, decoded
from audiogen.importing.draft import Draft, LeftOut
from audiogen.importing.inline import one_each
from audiogen.importing.line import Line
from audiogen.importing.outline import Outliner
from audiogen.importing.passages import is_script, scripted
from audiogen.importing.readers import captions, howto, html, own, table, text, timers, xlsx, zwo
from audiogen.importing.vocabulary import Vocabulary, all_in, language_of, vocabulary

MOST_LINES = 1000
MOST_FOOD = 4  # words of a kitchen, which a session does not have
MOST_LETTERS = 60_000  # an hour of speech has about 50,000
_WITHOUT_TEXT = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Office document",
}


@dataclass(slots=True)
class Found:
    """A draft, the vocabulary that it was read with, and how each line was judged."""

    draft: Draft
    words: Vocabulary
    judged: list[Judged] = field(default_factory=list)


def read_file(path: Path) -> Found:
    """Read a file of any format.

    Raises:
        RoutineError: it cannot be read, is too large, or is of no format that is known.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        if path.parts[:1] in (("http:",), ("https:",)):
            raise RoutineError(Problem("importing.web-page")) from error
        raise RoutineError(Problem("importing.unreadable", subject=str(path), found=error.strerror or "")) from error
    return read_bytes(content, str(path), path.suffix.lower())


def read_bytes(content: bytes, subject: str, suffix: str = "") -> Found:
    """Read the content of a file, whose name ends in `suffix`."""
    if kind := _kind_without_text(content):
        raise RoutineError(Problem("importing.no-text", subject=subject, found=kind))
    if content.startswith(b"PK\x03\x04") or suffix == ".xlsx":
        if len(content) > LARGEST_BYTES:
            raise RoutineError(Problem("importing.too-large", subject=subject))
        return _of_lines(xlsx.read(content, subject), None)
    return read_text(decoded(content, subject), suffix)


def _kind_without_text(content: bytes) -> str | None:
    """What a file is by its first bytes, if people have texts in it that cannot be read from there."""
    if content.startswith(b"PK\x03\x04"):
        return "a Word document" if b"word/" in content else None
    return next((kind for begin, kind in _WITHOUT_TEXT.items() if content.startswith(begin)), None)


def read_text(source: str, suffix: str = "") -> Found:
    """Read a text; the suffix of its file's name, if any, decides in doubt.

    Raises:
        RoutineError: it is a routine already, or of no format that is known.
    """
    if own.is_routine(source):
        raise RoutineError(Problem("importing.routine"))
    if re.fullmatch(r"https?://\S+", source.strip()):
        raise RoutineError(Problem("importing.web-page"))
    words = vocabulary(language_of(source))
    start = source[:4000].lstrip().lower()
    draft = Draft(words.language)
    if suffix == ".json" or (start.startswith(("{", "[{")) and suffix not in (".md", ".txt")):
        return Found(timers.read(source, draft, words), words)
    if suffix == ".zwo" or "<workout_file" in start:
        return Found(zwo.read(source, draft, words), words)
    if suffix in (".srt", ".lrc", ".vtt") or captions.is_captions(source):
        return Found(captions.read(source, draft), words)
    if own.is_plan(source):
        return Found(own.read_plan(source, Draft("en")), vocabulary("en"))
    if own.is_sheet(source):
        found = own.read_sheet(source, draft)
        return Found(found, vocabulary(found.language))
    if suffix in (".html", ".htm", ".xhtml") or start.startswith(("<!doctype html", "<html")):
        page = html.read(source)
        complete = howto.lines_of(page.data, source)
        return _of_lines(complete or page.lines, None)
    if suffix in (".csv", ".tsv") or (suffix not in (".md", ".txt") and table.is_table(source)):
        return _of_lines(table.read(source), words)
    return _of_lines(text.read(source), words)


def _of_lines(source: Iterable[Line], words: Vocabulary | None) -> Found:
    lines, unread = _enough(source)
    if words is None:
        words = vocabulary(language_of("\n".join(line.text for line in lines)))
    draft = Draft(words.language)
    judged = judge(list(one_each(lines, words)), words)
    draft.left_out.extend(unread)
    if len(all_in(" ".join(line.text for line in lines), words.recipe)) >= MOST_FOOD:
        return Found(draft, words, judged)
    if is_script(judged, words):
        return Found(scripted(judged, words, draft), words, judged)
    return Found(Outliner(words, draft).run(judged), words, judged)


def _enough(source: Iterable[Line]) -> tuple[list[Line], list[LeftOut]]:
    """The lines of a session of any length, and what lies behind them."""
    lines, letters = list[Line](), 0
    for line in source:
        letters += len(line.text)
        if len(lines) >= MOST_LINES or letters > MOST_LETTERS:
            return lines, [LeftOut("all that follows", line.spot, "not read: too long")]
        lines.append(line)
    return lines, []
