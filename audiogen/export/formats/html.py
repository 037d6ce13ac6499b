"""A web page that plays: the player's page with an MP3 in it, which is all that is read back from it.

    MP3 -> lines of base64 in blocks of plain text;   the page's lines -> MP3

A line is shorter than what mail programs break, and a block is what a browser takes out of the page at once.
"""

import binascii
import contextlib
import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from audiogen.export.formats.mp3file import Mp3
from audiogen.export.player import document
from audiogen.export.player.page import END, SOUND, page
from audiogen.timeline.document import read_timeline
from audiogen.timeline.model import ATTACHMENT

if TYPE_CHECKING:
    from audiogen.export.id3 import Tag

_MAGIC = "<!doctype html><!-- rendered by audiogen -->"
_LINE = 720  # bytes of sound in a line, a multiple of 3: 960 characters
_LINES = 2048  # of a block
_LONGEST = 4096  # of what is read at once


class Html(Mp3):
    suffix, name, magic = ".html", "web page", _MAGIC.encode()
    is_page = True

    @contextlib.contextmanager
    def around(self, target: BinaryIO, tag: "Tag") -> Iterator[BinaryIO]:
        """Write the page around the MP3 that is written meanwhile.

        Raises: ValueError where the tag does not have the timeline, which is what a page shows.
        """
        target.write(f"{_MAGIC}\n{_head(tag)}".encode())
        inside = _Encoding(target)
        yield cast(BinaryIO, inside)
        inside.close()
        target.write(END.encode())

    @contextlib.contextmanager
    def opened(self, path: Path) -> Iterator[BinaryIO]:
        """Open the MP3 in the page."""
        with path.open("rb") as file:
            yield io.BufferedReader(_Decoding(file))

    @contextlib.contextmanager
    def unwrapped(self, path: Path) -> Iterator[Path]:
        """Copy the MP3 in the page to a file that is there meanwhile."""
        with tempfile.TemporaryDirectory(prefix="audiogen-") as folder, self.opened(path) as inside:
            copy = Path(folder, "track.mp3")
            with copy.open("wb") as file:
                shutil.copyfileobj(inside, file)
            yield copy


def _head(tag: "Tag") -> str:
    timelines = [one.body for one in tag.attachments if one.description == ATTACHMENT]
    if not timelines:
        raise ValueError("a page shows the timeline, and this tag has none")
    cover = f"data:image/jpeg;base64,{binascii.b2a_base64(tag.cover, newline=False).decode()}" if tag.cover else ""
    session = document(read_timeline(timelines[0]), name=tag.title, sound="", cover=cover)
    return page(session, missing="This file is not whole. Copy or download it again.")


class _Encoding(io.RawIOBase):
    """Where the bytes of the MP3 are written, so that their lines get into the page."""

    def __init__(self, page: BinaryIO) -> None:
        self._page = page
        self._rest = b""
        self._lines = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # no other buffer is given
        whole = memoryview(self._rest + data)
        lines = len(whole) // _LINE
        for n in range(lines):
            self._line(whole[n * _LINE : (n + 1) * _LINE])
        self._rest = bytes(whole[lines * _LINE :])
        return len(data)

    def close(self) -> None:
        """Write what is left, once."""
        if not self.closed:
            self._line(self._rest)
            self._page.write(b"</script>\n")
        super().close()

    def _line(self, data: bytes | memoryview) -> None:
        if self._lines % _LINES == 0:
            self._page.write(b"</script>\n" * bool(self._lines) + f"{SOUND}\n".encode())
        self._page.write(binascii.b2a_base64(data))
        self._lines += 1


class _Decoding(io.RawIOBase):
    """What the lines of sound in a page hold, one after the other."""

    def __init__(self, page: BinaryIO) -> None:
        self._page = page
        self._inside = False
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # no other buffer is given
        while not self._rest and (line := self._page.readline(_LONGEST)):
            line = line.rstrip()
            if self._inside and line != b"</script>":
                self._rest = _decoded(line)
            else:
                self._inside = line == SOUND.encode()
        got, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(got)] = got
        return len(got)


def _decoded(line: bytes) -> bytes:
    """Decode a line; what cannot be decoded is an end that comes too early, as it is in other formats."""
    try:
        return binascii.a2b_base64(line)
    except binascii.Error as error:
        raise EOFError("its sound is not whole") from error
