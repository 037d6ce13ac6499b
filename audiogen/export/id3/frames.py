"""The frames of ID3v2.2, 2.3 and 2.4 tags, and how many bytes of a file are tags rather than sound.

bytes -> kind and content of each frame, plain
"""

import contextlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

HEADER_BYTES = 10  # of a tag, of a frame and of a footer alike
MOST_TAGS = 16  # in front of the sound …
MOST_FRAMES = 20_000  # … and frames in one of them: there are no more in any honest file
_COMPRESSED_FROM = 64  # bytes at most, to one byte: text shrinks to a tenth
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10  # flags of a tag
_COMPRESSED_V2 = 0x40  # in version 2, by no known method
_V2_HEADER_BYTES = 6  # of a frame in version 2: three letters and three bytes of its size
_OF_V2 = {b"GEO": b"GEOB", b"PIC": b"APIC", b"ULT": b"USLT", b"SLT": b"SYLT", b"TT2": b"TIT2"}
_PICTURES_OF_V2 = {b"JPG": b"image/jpeg", b"PNG": b"image/png"}
_V1, _V1_BYTES = b"TAG", 128
_APE, _APE_BYTES, _APE_HAS_HEADER = b"APETAGEX", 32, 1 << 31
_LYRICS3, _LYRICS3_SIZE = b"LYRICS200", 6


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame with its content as it was before it was made longer or shorter; `version` is 3 or 4.

    Frames of version 2 have the names and the form of those of version 3.
    """

    kind: bytes
    content: bytes
    version: int

    def inside(self, content: bytes) -> Iterator["Frame"]:
        """The frames that are embedded in this one."""
        return _frames_in(content, self.version, unsynchronised=False)


def tag_bytes(mp3: bytes) -> int:
    """How many bytes the tags in front of an MP3 occupy, of whatever version; 0 where there is none."""
    at = 0
    for _ in range(MOST_TAGS):
        if mp3[at : at + 3] != b"ID3":
            break
        at += _tag_size(mp3[at : at + HEADER_BYTES])
    return at


def bytes_behind(mp3: bytes) -> int:
    """How many bytes behind the sound are tags: ID3v1, APEv2 and Lyrics3, in any order."""
    end = len(mp3)
    while behind := _last_tag(mp3, end):
        end -= behind
    return len(mp3) - end


def frames(mp3: bytes) -> Iterator[Frame]:
    """Each frame of the tags in front of an MP3; ends at the first that is damaged."""
    at, end = 0, min(tag_bytes(mp3), len(mp3))
    while end - at >= HEADER_BYTES:
        header = mp3[at : at + HEADER_BYTES]
        version, flags = header[3], header[5]
        size = _tag_size(header)
        if version in (2, 3, 4):
            body = mp3[at + HEADER_BYTES : at + size - (HEADER_BYTES if flags & _FOOTER else 0)]
            yield from islice(_frames_in(*_plain(body, version, flags)), MOST_FRAMES)
        at += size


def _plain(body: bytes, version: int, flags: int) -> tuple[bytes, int, bool]:
    """The frames of a tag's body, without what comes before them."""
    unsynchronised = bool(flags & _UNSYNCHRONISED)
    if version < 4 and unsynchronised:  # the whole tag at once, sizes counted before
        body, unsynchronised = _synchronised(body), False
    if version == 2:
        return b"" if flags & _COMPRESSED_V2 else body, version, False
    if flags & _EXTENDED:
        body = body[_safe(body[:4]) if version == 4 else 4 + int.from_bytes(body[:4], "big") :]
    return body, version, unsynchronised


def _frames_of_v2(body: bytes) -> Iterator[Frame]:
    at = 0
    while at + _V2_HEADER_BYTES <= len(body) and _is_kind(body[at : at + 3]):
        kind, size = body[at : at + 3], int.from_bytes(body[at + 3 : at + _V2_HEADER_BYTES], "big")
        at += _V2_HEADER_BYTES
        content = body[at : at + size]
        if len(content) < size:
            return
        if kind == b"PIC":
            content = content[:1] + _PICTURES_OF_V2.get(content[1:4], b"") + b"\0" + content[4:]
        yield Frame(_OF_V2.get(kind, kind), content, 3)
        at += size


def _frames_in(body: bytes, version: int, unsynchronised: bool) -> Iterator[Frame]:
    if version == 2:
        yield from _frames_of_v2(body)
        return
    at = 0
    while at + HEADER_BYTES <= len(body) and _is_kind(body[at : at + 4]):
        kind, flags = body[at : at + 4], body[at + 9]
        written = body[at + 4 : at + 8]
        size = _safe(written) if version == 4 else int.from_bytes(written, "big")
        at += HEADER_BYTES
        if at + size > len(body):
            return
        with contextlib.suppress(zlib.error, EncryptedError):
            yield Frame(kind, _content(body[at : at + size], version, flags, unsynchronised), version)
        at += size


class EncryptedError(Exception):
    """A frame that only another program can read."""


def _content(content: bytes, version: int, flags: int, unsynchronised: bool) -> bytes:
    if version == 3:
        compressed, encrypted, grouped, counted = flags & 0x80, flags & 0x40, flags & 0x20, False
        content = content[4 if compressed else 0 :]
    else:
        grouped, compressed, encrypted, counted = flags & 0x40, flags & 0x08, flags & 0x04, bool(flags & 0x01)
        unsynchronised = unsynchronised or bool(flags & 0x02)
    if encrypted:
        raise EncryptedError
    content = content[1 if grouped else 0 :][4 if counted else 0 :]
    content = _synchronised(content) if unsynchronised else content
    return zlib.decompressobj().decompress(content, len(content) * _COMPRESSED_FROM) if compressed else content


def _is_kind(kind: bytes) -> bool:
    return kind.isalnum() and kind.isupper() and kind.isascii()


def _tag_size(header: bytes) -> int:
    """The bytes of a tag with its header and footer; of a header that is cut, those of a whole one."""
    if len(header) < HEADER_BYTES:
        return HEADER_BYTES
    return HEADER_BYTES + _safe(header[6:10]) + (HEADER_BYTES if header[3] == 4 and header[5] & _FOOTER else 0)


def _safe(written: bytes) -> int:
    """A number of seven bits a byte."""
    number = 0
    for byte in written:
        number = number << 7 | byte & 0x7F
    return number


def _synchronised(content: bytes) -> bytes:
    return content.replace(b"\xff\x00", b"\xff")


def _last_tag(mp3: bytes, end: int) -> int:
    """The bytes of the tag that ends here; 0 where none does."""
    if end >= _V1_BYTES and mp3[end - _V1_BYTES : end - _V1_BYTES + 3] == _V1:
        return _V1_BYTES
    footer = mp3[max(0, end - _APE_BYTES) : end]
    if footer[:8] == _APE:
        size, flags = (int.from_bytes(footer[at : at + 4], "little") for at in (12, 20))
        size += _APE_BYTES if flags & _APE_HAS_HEADER else 0
        return size if _APE_BYTES <= size <= end else 0
    if mp3[max(0, end - len(_LYRICS3)) : end] == _LYRICS3:
        written = bytes(mp3[end - len(_LYRICS3) - _LYRICS3_SIZE : end - len(_LYRICS3)])
        size = int(written) + len(_LYRICS3) + _LYRICS3_SIZE if written.isdigit() else 0
        return size if size <= end else 0
    return 0
