"""FLAC: libsndfile encodes, its comment block gives way to ours.

A file is "fLaC", then blocks of metadata (a byte of kind, three of length; the highest bit of the kind marks the last),
then the sound. The first block holds length and checksum, which the encoder writes once it knows them: it goes back.
"""

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from audiogen.errors import OutputError, Problem
from audiogen.export.formats import comments, sink
from audiogen.export.formats.format import MOST_PARTS

if TYPE_CHECKING:
    from audiogen.export.formats.format import Recording, Samples

_COMMENTS, _PICTURE, _LAST = 4, 6, 0x80
_STREAMINFO_END = 4 + 4 + 34
_LARGEST = (1 << 24) - 1  # bytes of a block


class Flac(comments.Commented):
    suffix, name, magic = ".flac", "FLAC", b"fLaC"

    def write(self, target: BinaryIO, pieces: "Iterable[Samples]", recording: "Recording") -> None:
        """Write a .flac file.

        Raises: OutputError where its comments are over 16 MB.
        """
        sink.encode(_Blocks(target, recording), pieces, recording.channels, "FLAC", "PCM_16")

    def cover(self, path: Path) -> bytes | None:
        """The picture on the front."""
        with contextlib.suppress(EOFError):
            return comments.picture_data(_block_of(path, _PICTURE))
        return None

    def comments(self, path: Path) -> bytes:
        return _block_of(path, _COMMENTS)


class _Blocks:
    """Receives what libsndfile writes; where its head is longer or shorter than ours, what follows moves by that."""

    def __init__(self, target: BinaryIO, recording: "Recording") -> None:
        self._target = target
        self._recording = recording
        self._head: bytes | None = b""  # libsndfile's, until it is whole
        self._moved = 0
        self._at = 0
        self._size = 0

    def tell(self) -> int:
        return self._at

    def size(self) -> int:
        return self._size

    def seek(self, to: int) -> None:
        self._at = to
        if self._head is None:
            self._target.seek(to if to < _STREAMINFO_END else to + self._moved)

    def write(self, data: bytes) -> None:
        if self._head is None:
            self._target.write(data)
        else:
            self._head += data
            end = _end_of_metadata(self._head)
            if end is not None:
                self._begin(self._head[:end], self._head[end:])
        self._at += len(data)
        self._size = max(self._size, self._at)

    def _begin(self, head: bytes, sound: bytes) -> None:
        vendor = next(
            (comments.parsed(content)[0] for kind, content in _metadata(head) if kind == _COMMENTS), "libFLAC"
        )
        content = comments.block(self._recording.tag, vendor)
        if len(content) > _LARGEST:
            raise OutputError(Problem("export.flac-tags-too-large", expected="16 MB"))
        info = head[:4] + bytes([head[4] & ~_LAST]) + head[5:_STREAMINFO_END]
        cover = self._recording.tag.cover
        ours = info + _block(_COMMENTS, content, last=not cover)
        if cover:
            ours += _block(_PICTURE, comments.picture(cover), last=True)
        self._target.write(ours + sound)
        self._moved = len(ours) - len(head)
        self._head = None


def _block(kind: int, content: bytes, *, last: bool) -> bytes:
    return bytes([kind | (_LAST if last else 0)]) + len(content).to_bytes(3, "big") + content


def _metadata(head: bytes) -> Iterable[tuple[int, bytes]]:
    """Kind and content of each whole block."""
    at = 4
    while at + 4 <= len(head):
        end = at + 4 + int.from_bytes(head[at + 1 : at + 4], "big")
        if end > len(head):
            return
        yield head[at] & ~_LAST, head[at + 4 : end]
        if head[at] & _LAST:
            return
        at = end


def _end_of_metadata(head: bytes) -> int | None:
    at = 4
    while at + 4 <= len(head):
        last, at = head[at] & _LAST, at + 4 + int.from_bytes(head[at + 1 : at + 4], "big")
        if last and at <= len(head):
            return at
    return None


def _block_of(path: Path, wanted: int) -> bytes:
    """The content of the first block of a kind.

    Raises: EOFError where there is none.
    """
    with path.open("rb") as file:
        file.seek(4)
        for _ in range(MOST_PARTS):
            kind = file.read(4)
            if len(kind) < 4:
                raise EOFError("it ends inside its head")
            length = int.from_bytes(kind[1:], "big")
            if kind[0] & ~_LAST == wanted:
                return file.read(length)
            if kind[0] & _LAST:
                raise EOFError("its head lacks a part")
            file.seek(length, 1)
    raise EOFError("its head has too many parts")
