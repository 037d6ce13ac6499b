"""A web page that plays: the player's page with an MP3 in it, which is all that is read back from it.

    MP3 -> its different frames as lines of base64, and their order, in blocks of plain text;   the page's lines -> MP3

The bed, the tones and many words of a session are the same frames again and again, and each is in the page once. A line
of the order says where a stretch of the sound begins and ends among them, in bytes. A line of base64 is shorter than
what mail programs break, and a block is what a browser decodes at once.
"""

import binascii
import contextlib
import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from audiogen.export.formats.mp3file import Mp3
from audiogen.export.player import document
from audiogen.export.player.page import END, INSIDE, ORDER, SOUND, page
from audiogen.timeline.document import read_timeline
from audiogen.timeline.model import ATTACHMENT

if TYPE_CHECKING:
    from audiogen.export.id3 import Tag

_LINE = 720  # bytes of sound in a line, a multiple of 3: 960 characters
_BLOCK = 2048 * _LINE
_REPEATED = 32 << 20  # bytes of different frames, from the first on, that may be repeated: readers keep them
_MOST = 1500 << 20  # bytes of an MP3: more than a day at 128 kbit/s
_LONGEST = 4096  # of what is read at once
_ENDS = b"</script>"


class Html(Mp3):
    suffix, name, magic = ".html", "web page", INSIDE.encode()
    is_page = True

    @contextlib.contextmanager
    def around(self, target: BinaryIO, tag: "Tag", frame_bytes: int = 0) -> Iterator[BinaryIO]:
        """Write the page around the MP3 that is written meanwhile, and each different frame of it once.

        Raises: ValueError where the tag does not have the timeline, which is what a page shows.
        """
        target.write(_head(tag).encode())
        inside = _Encoding(target, frame_bytes)
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
    """Where the MP3 is written, whole frames at once, so that each different one gets into the page with its order."""

    def __init__(self, page: BinaryIO, frame_bytes: int) -> None:
        self._page = page
        self._frame_bytes = frame_bytes
        self._begins: dict[bytes, int] = {}  # by the digest of a frame
        self._fresh = bytearray()  # what no block has yet
        self._end = 0  # of all that is different
        self._order: list[tuple[int, int]] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # no other buffer is given
        size = self._frame_bytes or max(1, len(data))
        for at in range(0, len(data), size):
            self._add(data[at : at + size])
        return len(data)

    def close(self) -> None:
        """Write what is left."""
        if not self.closed:
            self._write_block()
        super().close()

    def _add(self, frame: bytes) -> None:
        digest = hashlib.blake2b(frame, digest_size=16).digest()
        begin = self._begins.get(digest)
        if begin is None:
            begin, self._end = self._end, self._end + len(frame)
            self._fresh += frame
            if self._frame_bytes and self._end <= _REPEATED:
                self._begins[digest] = begin
        end = begin + len(frame)
        if self._order and self._order[-1][1] == begin:
            begin = self._order.pop()[0]
        self._order.append((begin, end))
        if len(self._fresh) >= _BLOCK:
            self._write_block()

    def _write_block(self) -> None:
        """Write what no block has yet. None is empty: a browser would take an empty order for all that there is."""
        sound = [binascii.b2a_base64(self._fresh[at : at + _LINE]) for at in range(0, len(self._fresh), _LINE)]
        order = [f"{begin} {end}\n".encode() for begin, end in self._order]
        for head, lines in ((SOUND, sound), (ORDER, order)):
            if lines:
                self._page.writelines((head.encode(), b"\n", *lines, _ENDS, b"\n"))
        self._fresh.clear()
        self._order.clear()


class _Decoding(io.RawIOBase):
    """The MP3 in a page: its different frames in their order."""

    def __init__(self, page: BinaryIO) -> None:
        self._page = page
        self._inside = b""
        self._sound = bytearray()  # what may be repeated, and what the last block has
        self._gone = 0  # bytes between these two
        self._left = _MOST
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # no other buffer is given
        while not self._rest and (line := self._page.readline(_LONGEST)):
            self._line(line.rstrip())
        got, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(got)] = got
        return len(got)

    def _line(self, line: bytes) -> None:
        if line in (SOUND.encode(), ORDER.encode(), _ENDS):
            self._inside = line
            if line == SOUND.encode():
                self._gone += len(self._sound[_REPEATED:])
                del self._sound[_REPEATED:]
        elif self._inside == SOUND.encode():
            self._sound += _decoded(line)
        elif self._inside == ORDER.encode():
            self._rest = self._stretch(line)

    def _stretch(self, line: bytes) -> bytes:
        """What a line of the order says; a stretch that is not there is an end that comes too early."""
        begin, _, end = line.partition(b" ")
        if not (begin.isdigit() and end.isdigit()):
            raise EOFError("the order of its sound is not whole")
        gone = self._gone if int(begin) >= _REPEATED else 0
        found = bytes(self._sound[int(begin) - gone : int(end) - gone])
        self._left -= len(found)
        if len(found) != int(end) - int(begin) or self._left < 0:
            raise EOFError("its sound is not whole")
        return found


def _decoded(line: bytes) -> bytes:
    """Decode a line; what cannot be decoded is an end that comes too early, as it is in other formats."""
    try:
        return binascii.a2b_base64(line)
    except binascii.Error as error:
        raise EOFError("its sound is not whole") from error
