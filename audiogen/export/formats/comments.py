"""Vorbis comments: the tag of FLAC, Ogg Vorbis and Opus, KEY=value in UTF-8, each with its length in front.

Tag -> bytes;   bytes -> chapters, attachments

Chapters are CHAPTER000=HH:MM:SS.mmm and CHAPTER000NAME=…, as most players of these formats know them; only their
beginnings are given, so each ends where the next one begins. An attachment is a comment of its own: its description
in capitals is the key, and it must be text.
"""

import base64
from abc import abstractmethod
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from audiogen.export.formats.format import MOST_PARTS, Format
from audiogen.export.id3 import Chapter, Tag

_FRONT = 3
_LENGTH = "LENGTH_MS"  # where the last chapter ends


def block(tag: Tag, vendor: str, *, with_cover: bool = False) -> bytes:
    """The whole comment block; `vendor` is the encoder that made the sound. FLAC has a place of its own for covers."""
    comments = [f"{key}={value}".encode() for key, value in _comments(tag)]
    if tag.cover and with_cover:
        comments.append(b"METADATA_BLOCK_PICTURE=" + base64.b64encode(picture(tag.cover)))
    return b"".join([_sized(vendor.encode()), len(comments).to_bytes(4, "little"), *map(_sized, comments)])


def picture(cover: bytes) -> bytes:
    """A cover as FLAC holds it: a front cover in JPEG, whose size the reader finds in it."""
    mime = b"image/jpeg"
    numbers = (_FRONT, len(mime)), (0, 0, 0, 0, 0, len(cover))
    before, after = (b"".join(number.to_bytes(4, "big") for number in part) for part in numbers)
    return before + mime + after + cover


def picture_data(content: bytes) -> bytes | None:
    """The cover in what `picture` gives; None where it is another kind of picture."""
    kind, at = int.from_bytes(content[:4], "big"), 4
    for _ in ("mime", "description"):
        at += 4 + int.from_bytes(content[at : at + 4], "big")
    at += 4 * 4  # width, height, depth, colours
    size = int.from_bytes(content[at : at + 4], "big")
    data = content[at + 4 : at + 4 + size]
    return data if kind == _FRONT and len(data) == size else None


def parsed(content: bytes) -> tuple[str, list[tuple[str, str]]]:
    """The vendor, and keys in capitals with their values.

    Raises: EOFError where it ends too early.
    """
    vendor, at = _taken(content, 0)
    count = int.from_bytes(content[at : at + 4], "little")
    at += 4
    if count > MOST_PARTS:
        raise EOFError("it has too many comments")
    found: list[tuple[str, str]] = []
    for _ in range(count):
        comment, at = _taken(content, at)
        key, _, value = comment.decode("utf-8", "replace").partition("=")
        found.append((key.upper(), value))
    return vendor.decode("utf-8", "replace"), found


class Commented(Format):
    """A format that carries Vorbis comments."""

    @abstractmethod
    def comments(self, path: Path) -> bytes:
        """Read the comment block."""

    def attachment(self, path: Path, description: str) -> bytes | None:
        """An attachment by its description."""
        wanted = _key(description)
        return next((value.encode() for key, value in parsed(self.comments(path))[1] if key == wanted), None)

    def cover(self, path: Path) -> bytes | None:
        """The picture on the front, where it is a comment."""
        found = next((value for key, value in parsed(self.comments(path))[1] if key == "METADATA_BLOCK_PICTURE"), None)
        return picture_data(base64.b64decode(found)) if found else None

    def lyrics(self, path: Path) -> str | None:
        """All words at once."""
        return next((value for key, value in parsed(self.comments(path))[1] if key == "LYRICS"), None)

    def chapters(self, path: Path) -> tuple[Chapter, ...]:
        """The chapters, in the order of their numbers.

        Raises: ValueError where one has no name or no readable time.
        """
        found = dict(parsed(self.comments(path))[1])
        numbers = sorted(key for key in found if len(key) == 10 and key.startswith("CHAPTER") and key[7:].isdecimal())
        if not numbers:
            return ()
        starts = [_milliseconds(found[key]) for key in numbers] + [int(found.get(_LENGTH, 0))]
        titles = [found.get(f"{key}NAME", "") for key in numbers]
        return tuple(Chapter(*span, title) for span, title in zip(pairwise(starts), titles, strict=True))


def _comments(tag: Tag) -> Iterator[tuple[str, str]]:
    named = {
        "TITLE": tag.title,
        "ARTIST": tag.artist,
        "ALBUM": tag.album,
        "TRACKNUMBER": str(tag.track[0]) if tag.track else None,
        "TRACKTOTAL": str(tag.track[1]) if tag.track else None,
        "DATE": tag.date,
        "LANGUAGE": tag.language,
        "COMMENT": tag.comment,
        "DESCRIPTION": tag.comment,  # the name by which some players know it
        "LYRICS": tag.lyrics,
        _LENGTH: str(tag.length_ms),
    }
    yield from ((key, value) for key, value in named.items() if value)
    for number, chapter in enumerate(tag.chapters[:1000]):  # three digits is all that the convention has
        yield f"CHAPTER{number:03}", _clock(chapter.start_ms)
        yield f"CHAPTER{number:03}NAME", chapter.title
    for one in tag.attachments:
        yield _key(one.description), one.body.decode()


def _key(description: str) -> str:
    return description.upper().replace(" ", "_")


def _clock(ms: int) -> str:
    seconds, thousandths = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


def _milliseconds(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    whole, _, thousandths = seconds.partition(".")
    return (int(hours) * 3600 + int(minutes) * 60 + int(whole)) * 1000 + int(thousandths.ljust(3, "0")[:3])


def _sized(content: bytes) -> bytes:
    return len(content).to_bytes(4, "little") + content


def _taken(content: bytes, at: int) -> tuple[bytes, int]:
    end = at + 4 + int.from_bytes(content[at : at + 4], "little")
    if end > len(content):
        raise EOFError("its comments are cut short")
    return content[at + 4 : end], end
