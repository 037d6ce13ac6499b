"""What is read back from the files that carry an ID3 tag: MP3 in front, WAV in a chunk `id3 ` behind its samples.

File -> attachments, chapters, cover, lyrics, lines with their times
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from audiogen.export import id3
from audiogen.export.formats.format import MOST_PARTS, Format


class Tagged(Format):
    """A format that carries an ID3 tag."""

    def attachment(self, path: Path, description: str) -> bytes | None:
        """An attachment by its description."""
        return id3.read_attachment(self._tag(path), description)

    def chapters(self, path: Path) -> tuple[id3.Chapter, ...]:
        """The chapters of the tag."""
        return id3.read_chapters(self._tag(path))

    def cover(self, path: Path) -> bytes | None:
        """The picture on the front."""
        return id3.read_cover(self._tag(path))

    def lyrics(self, path: Path) -> str | None:
        """All words at once."""
        return id3.read_lyrics(self._tag(path))

    def lines(self, path: Path) -> tuple[tuple[int, str], ...]:
        """The words with their times."""
        return id3.read_lines(self._tag(path))

    @contextlib.contextmanager
    def opened(self, path: Path) -> Iterator[BinaryIO]:
        """Open what the tag is in."""
        with path.open("rb") as file:
            yield file

    def _tag(self, path: Path) -> bytes:
        """The tags of a file, or what stands where they would be."""
        with self.opened(path) as file:
            head = file.read(id3.HEADER_BYTES)
            if head.startswith(b"RIFF"):
                return _chunk(file)
            tags = [head]
            for _ in range(id3.MOST_TAGS):
                if not (size := id3.tag_bytes(head)):
                    break
                tags.append(file.read(max(0, size - len(head))))
                head = file.read(id3.HEADER_BYTES)
                tags.append(head)
            return b"".join(tags)


def _chunk(file: BinaryIO) -> bytes:
    """The content of a WAV file's chunk `id3 `; nothing where there is none."""
    file.seek(12)
    for _ in range(MOST_PARTS):
        if len(head := file.read(8)) < 8:
            break
        size = int.from_bytes(head[4:], "little")
        if head[:4].lower() == b"id3 ":
            return file.read(size)
        file.seek(size + size % 2, 1)
    return b""
