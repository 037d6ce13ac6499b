"""Ogg Vorbis and Opus: libsndfile encodes, the pages are made anew with our comments and without its random number.

A page is a header of 27 bytes, a table of segment lengths, and up to 255 segments. A packet is a run of segments that
ends with one below 255 bytes. The first packet stands alone on the first page; the second holds the comments, Vorbis
has a third; the sound begins on a fresh page, and its pages keep their content and their positions in time.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from audiogen.export.formats import comments, sink
from audiogen.export.formats.format import MOST_PARTS
from audiogen.track.mp3 import STEREO_KBPS

if TYPE_CHECKING:
    from audiogen.export.formats.format import Recording, Samples

_HEADER_BYTES = 27
_CONTINUED, _FIRST = 0x01, 0x02
_UNFINISHED = b"\xff" * 8  # the position of a page on which no packet ends
_SERIAL = b"audi"  # libsndfile's is random; there is one stream in our files, so any number does

_PREFIX = {".opus": b"OpusTags", ".ogg": b"\x03vorbis"}
_HEADERS = {".opus": 2, ".ogg": 3}  # packets in front of the sound

# libsndfile's compression level 0 is 256 kbit/s a channel for Opus, 1 is 6; and quality 10 to 0 for Vorbis.
_OPUS_MOST, _OPUS_LEAST = 256, 6
_MONO_KBPS = 64  # of Opus
_VORBIS_LEVEL = 0.5


class _Ogg(comments.Commented):
    at = 28

    def comments(self, path: Path) -> bytes:
        return _comments(path)


class Opus(_Ogg):
    suffix, name, magic = ".opus", "Opus", b"OpusHead"
    bitrates_kbps = (_MONO_KBPS, STEREO_KBPS)

    def write(self, target: BinaryIO, pieces: "Iterable[Samples]", recording: "Recording") -> None:
        each_kbps = (recording.bitrate_kbps or _MONO_KBPS) / recording.channels
        level = 1 - (each_kbps - _OPUS_LEAST) / (_OPUS_MOST - _OPUS_LEAST)
        sink.encode(_Pages(target, recording), pieces, recording.channels, "OGG", "OPUS", level)


class Vorbis(_Ogg):
    suffix, name, magic = ".ogg", "Vorbis", b"\x01vorbis"

    def write(self, target: BinaryIO, pieces: "Iterable[Samples]", recording: "Recording") -> None:
        sink.encode(_Pages(target, recording), pieces, recording.channels, "OGG", "VORBIS", _VORBIS_LEVEL)


@dataclass(frozen=True, slots=True)
class _Page:
    flags: int
    position: bytes
    lacing: bytes
    body: bytes

    def written(self, number: int) -> bytes:
        head = b"OggS\0" + bytes([self.flags]) + self.position + _SERIAL + number.to_bytes(4, "little")
        table = bytes([len(self.lacing)]) + self.lacing
        crc = _crc(head + bytes(4) + table + self.body)
        return head + crc.to_bytes(4, "little") + table + self.body


class _Pages:
    """Receives what libsndfile writes, in order; writes pages of ours."""

    def __init__(self, target: BinaryIO, recording: "Recording") -> None:
        self._target = target
        self._recording = recording
        self._taken = 0
        self._waiting = b""
        self._headers: list[bytes] = []
        self._packet = b""  # one that goes on
        self._number = 0
        self._sounding = False

    def tell(self) -> int:
        return self._taken

    def size(self) -> int:
        return self._taken

    def seek(self, to: int) -> None:
        if to != self._taken:
            raise OSError("Ogg is written from its beginning to its end")

    def write(self, data: bytes) -> None:
        self._taken += len(data)
        self._waiting += data
        while (page := _first_page(self._waiting)) is not None:
            self._waiting = self._waiting[_HEADER_BYTES + len(page.lacing) + len(page.body) :]
            self._take(page)

    def _take(self, page: _Page) -> None:
        if self._sounding:
            self._put(page)
            return
        *whole, self._packet = _packets(page, self._packet)
        self._headers += whole
        if len(self._headers) < _HEADERS[self._recording.suffix]:
            return
        identity, tagged, *others = self._headers
        self._sounding = True
        self._put(_Page(_FIRST, bytes(8), bytes([len(identity)]), identity))
        for written in _paged([self._commented(tagged), *others]):
            self._put(written)

    def _commented(self, packet: bytes) -> bytes:
        """The comment packet with our comments in it."""
        prefix = _PREFIX[self._recording.suffix]
        vendor, _ = comments.parsed(packet[len(prefix) :])
        end = b"\x01" if self._recording.suffix == ".ogg" else b""  # Vorbis's framing bit
        return prefix + comments.block(self._recording.tag, vendor, with_cover=True) + end

    def _put(self, page: _Page) -> None:
        self._target.write(page.written(self._number))
        self._number += 1


def _first_page(content: bytes) -> _Page | None:
    """The page at the beginning of these bytes; None where it is not all there."""
    if len(content) < _HEADER_BYTES or len(content) < _HEADER_BYTES + content[26]:
        return None
    if content[:4] != b"OggS":
        raise EOFError("a page of it is missing or damaged")
    start = _HEADER_BYTES + content[26]
    lacing = content[_HEADER_BYTES:start]
    end = start + sum(lacing)
    return _Page(content[5], content[6:14], lacing, content[start:end]) if len(content) >= end else None


def _packets(page: _Page, begun: bytes) -> Iterator[bytes]:
    """The packets that end on a page, the first of which may have begun before; then what goes on behind it."""
    begins = at = 0
    for length in page.lacing:
        at += length
        if length < 255:
            yield begun + page.body[begins:at]
            begins, begun = at, b""
    yield begun + page.body[begins:at]


def _paged(packets: Iterable[bytes]) -> Iterator[_Page]:
    """Pages that hold these packets one behind the other, none of them sound."""
    lacing, body = b"", b""
    for packet in packets:
        lacing += b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
        body += packet
    at, flags = 0, 0
    for first in range(0, len(lacing), 255):
        part = lacing[first : first + 255]
        size = sum(part)
        ends = any(length < 255 for length in part)
        yield _Page(flags, bytes(8) if ends else _UNFINISHED, part, body[at : at + size])
        at += size
        flags = 0 if part[-1] < 255 else _CONTINUED


def _comments(path: Path) -> bytes:
    """The second packet of a file, without what is in front of its comments."""
    found: list[bytes] = []
    begun: list[bytes] = []
    with path.open("rb") as file:
        for _ in range(MOST_PARTS):
            if len(found) >= 2:
                break
            head = file.read(_HEADER_BYTES)
            lacing = file.read(head[26]) if len(head) == _HEADER_BYTES else b""
            page = _first_page(head + lacing + file.read(sum(lacing)))
            if page is None:
                raise EOFError("it ends inside its head")
            *whole, rest = _packets(page, b"")
            if whole:  # what began before ends with the first of them
                found += [b"".join([*begun, whole[0]]), *whole[1:]]
                begun = []
            begun.append(rest)
    prefix = next((one for one in _PREFIX.values() if len(found) > 1 and found[1].startswith(one)), None)
    if prefix is None:
        raise EOFError("it has no comments")
    return found[1][len(prefix) :]


_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _crc(page: bytes) -> int:
    """Ogg's checksum: zlib's polynomial with every bit the other way round, and begun at 0."""
    crc = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)
