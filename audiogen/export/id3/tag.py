"""ID3v2.3 tags as we write them; `reader` reads them, and those of others.

    Tag -> bytes in front of the MP3

Version 2.3, since version 2.4's chapters are lost in ffmpeg. Sizes are plain 32-bit numbers, but for the tag's own,
which is "sync-safe": seven bits a byte. Text that people write is UTF-16 with a byte-order mark; codes and numbers
are ISO-8859-1, as the standard has it. No unsynchronisation, no padding.

A new kind of frame is a function that returns `_frame(...)`, and a line in `id3`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiogen.export.languages import three_letters
from audiogen.views.chapters import Chapter

_LISTED_AT_ONCE = 255  # children that a CTOC counts in one byte
_LATIN1, _UTF16 = b"\x00", b"\x01"  # how the text of a frame is written
_BOM, _END16 = b"\xff\xfe", b"\0\0"
_NO_OFFSET = b"\xff\xff\xff\xff"  # a chapter's byte offset: not used, go by the time
_TOP_LEVEL, _ORDERED = 0b10, 0b01
_IN_MS, _SPOKEN = b"\x02", b"\x01"  # of timed lines: the unit of their times; 1 is lyrics, which is what players show
_FRONT = b"\x03"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the tag (GEOB), found again by its description."""

    mime: str
    filename: str
    description: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Tag:
    """What the file says about itself.

    `language` is a code such as "en" or "pt-BR", `date` an ISO date, `track` its number on the album and how many there
    are. `lyrics` are all words at once, `lines` are the same with the time in ms at which each begins. The chapters
    cover [0, length_ms) without gap or overlap, or there are none. `cover` is a JPEG.
    """

    title: str
    language: str
    length_ms: int
    artist: str | None = None
    album: str | None = None
    track: tuple[int, int] | None = None
    date: str | None = None
    comment: str | None = None
    lyrics: str | None = None
    lines: Sequence[tuple[int, str]] = ()
    chapters: Sequence[Chapter] = ()
    cover: bytes | None = None
    attachments: Sequence[Attachment] = ()


def id3(tag: Tag) -> bytes:
    """The tag as bytes, frames in a fixed order.

    Raises:
        ValueError: chapters that leave a gap, overlap, or do not cover [0, length_ms); a tag over 256 MB.
    """
    language = three_letters(tag.language)
    body = b"".join(
        [
            _text("TIT2", tag.title),
            _text("TPE1", tag.artist),
            _text("TALB", tag.album),
            _code("TRCK", f"{tag.track[0]}/{tag.track[1]}") if tag.track else b"",
            *_date(tag.date),
            _code("TLAN", language),
            _code("TLEN", str(tag.length_ms)),
            _words("COMM", tag.comment, language),
            _words("USLT", tag.lyrics, language),
            _timed(tag.lines, language),
            *_chapters(tag.chapters, tag.length_ms),
            _cover(tag.cover),
            *map(_attachment, tag.attachments),
        ]
    )
    return b"ID3\x03\x00\x00" + _sync_safe(len(body)) + body


# -- frames


def _frame(kind: str, content: bytes) -> bytes:
    return kind.encode("ascii") + len(content).to_bytes(4, "big") + bytes(2) + content


def _text(kind: str, text: str | None) -> bytes:
    """A frame of text that people read; nothing where there is none."""
    return _frame(kind, _UTF16 + _utf16(text)) if text else b""


def _code(kind: str, text: str) -> bytes:
    """A frame of a number or a code."""
    return _frame(kind, _LATIN1 + text.encode("latin-1"))


def _date(date: str | None) -> Iterator[bytes]:
    """Year, and day and month: what version 2.3 has for "2026-03-01"."""
    if date:
        year, _, month_and_day = date.partition("-")
        yield _code("TYER", year)
        if month_and_day:
            month, day = month_and_day.split("-")
            yield _code("TDAT", day + month)


def _words(kind: str, text: str | None, language: str) -> bytes:
    """A frame of a whole text in a language, such as a comment or all lyrics; nothing where there is none."""
    head = _UTF16 + language.encode("ascii") + _utf16("") + _END16
    return _frame(kind, head + _utf16(text)) if text else b""


def _timed(lines: Sequence[tuple[int, str]], language: str) -> bytes:
    """The text line by line, each with the time at which it is shown."""
    if not lines:
        return b""
    head = _UTF16 + language.encode("ascii") + _IN_MS + _SPOKEN + _utf16("") + _END16
    return _frame("SYLT", head + b"".join(_utf16(text) + _END16 + at_ms.to_bytes(4, "big") for at_ms, text in lines))


def _cover(jpeg: bytes | None) -> bytes:
    """The picture on the front; its description is ISO-8859-1, since some players stumble over any other."""
    return _frame("APIC", _LATIN1 + b"image/jpeg\0" + _FRONT + b"\0" + jpeg) if jpeg else b""


def _attachment(attachment: Attachment) -> bytes:
    names = b"".join(_utf16(name) + _END16 for name in (attachment.filename, attachment.description))
    return _frame("GEOB", _UTF16 + attachment.mime.encode("latin-1") + b"\0" + names + attachment.body)


def _chapters(chapters: Sequence[Chapter], length_ms: int) -> Iterator[bytes]:
    """Tables of contents, then the chapters in time order."""
    if not chapters:
        return
    ends = [0, *(chapter.end_ms for chapter in chapters)]
    starts = [*(chapter.start_ms for chapter in chapters), length_ms]
    if starts != ends or any(chapter.start_ms >= chapter.end_ms for chapter in chapters):
        raise ValueError(f"chapters must cover 0 to {length_ms} ms without gap or overlap, found {chapters}")
    ids = [f"chp{number}" for number in range(1, len(chapters) + 1)]
    yield from _contents("toc", ids, _TOP_LEVEL)
    for element_id, chapter in zip(ids, chapters, strict=True):
        times = chapter.start_ms.to_bytes(4, "big") + chapter.end_ms.to_bytes(4, "big")
        yield _frame("CHAP", _element(element_id) + times + 2 * _NO_OFFSET + _text("TIT2", chapter.title))


def _contents(element_id: str, children: Sequence[str], flags: int = 0) -> Iterator[bytes]:
    """An ordered list of children; where they are too many for one, a list of lists."""
    lists: list[bytes] = []
    if len(children) > _LISTED_AT_ONCE:
        parts = [children[first : first + _LISTED_AT_ONCE] for first in range(0, len(children), _LISTED_AT_ONCE)]
        children = [f"{element_id}{number}" for number in range(1, len(parts) + 1)]
        for child, part in zip(children, parts, strict=True):
            lists.extend(_contents(child, part))
    header = bytes([flags | _ORDERED, len(children)])
    yield _frame("CTOC", _element(element_id) + header + b"".join(map(_element, children)))
    yield from lists


# -- their parts


def _element(element_id: str) -> bytes:
    return element_id.encode("ascii") + b"\0"


def _utf16(text: str) -> bytes:
    return _BOM + text.encode("utf-16-le")


def _sync_safe(size: int) -> bytes:
    if size >= 1 << 28:
        raise ValueError(f"a tag holds less than 256 MB, found {size} bytes")
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
