"""What every kind of file a session can become has in common.

pieces of samples + Recording -> file;   file -> its attachments, its chapters, its cover, its words
"""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ClassVar

from audiogen.export.id3 import Chapter, Tag

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]


MOST_PARTS = 20_000  # of a file are looked at for what it carries: boxes, blocks, chunks, comments, pages of them


@dataclass(frozen=True, slots=True)
class Recording:
    """What is to be written: pieces of so many channels at 48 kHz, `length_ms` * 48 samples in all, and its tag."""

    suffix: str
    channels: int
    length_ms: int
    tag: Tag
    bitrate_kbps: int | None = None


class Format(ABC):
    """One kind of file.

    **How to add a format:** write a subclass in a module of this package (`id3.Tagged` reads files with an ID3 tag,
    `comments.Commented` those with Vorbis comments), import numpy, encoders and the like only inside its functions, and
    add it to the table in `__init__`. What it needs ffmpeg for, or has no room for, is refused before a word is spoken.

    `magic` is found at byte `at` of every such file; `bitrates_kbps` are the defaults without music and with it.
    `is_mp3` says that an MP3 is in it, which may be spliced of blocks, `is_page` that browsers open it, not players.
    """

    suffix: ClassVar[str]
    name: ClassVar[str]
    magic: ClassVar[bytes]
    at: ClassVar[int] = 0
    needs_ffmpeg: ClassVar[bool] = False
    is_mp3: ClassVar[bool] = False
    is_page: ClassVar[bool] = False
    bitrates_kbps: ClassVar[tuple[int, int] | None] = None  # None: it has no bit rate to choose

    def require_room(self, channels: int, length_ms: int) -> None:  # noqa: B027 - most formats have room for anything
        """Raise OutputError where the format cannot hold so much sound."""

    @abstractmethod
    def write(self, target: BinaryIO, pieces: "Iterable[Samples]", recording: Recording) -> None:
        """Write to a file that is open for writing, in constant memory, the same bytes each time."""

    @contextlib.contextmanager
    def around(self, target: BinaryIO, tag: Tag, frame_bytes: int = 0) -> Iterator[BinaryIO]:  # noqa: ARG002 - for a page
        """Give what the sound and its tag are to be written to: the file, where there is nothing around them.

        `frame_bytes` is the size of a frame where frames repeat; each write is then of whole frames.
        """
        yield target

    @contextlib.contextmanager
    def unwrapped(self, path: Path) -> Iterator[Path]:
        """Give a file that a decoder reads: the same one, where there is nothing around its sound."""
        yield path

    @abstractmethod
    def attachment(self, path: Path, description: str) -> bytes | None:
        """Read the attachment of that description; None where there is none."""

    @abstractmethod
    def chapters(self, path: Path) -> tuple[Chapter, ...]:
        """Read the chapters in the file's order."""

    @abstractmethod
    def cover(self, path: Path) -> bytes | None:
        """Read the picture on the front, a JPEG; None where there is none."""

    @abstractmethod
    def lyrics(self, path: Path) -> str | None:
        """Read all words at once; None where there are none."""

    def lines(self, path: Path) -> tuple[tuple[int, str], ...] | None:  # noqa: ARG002 - for the formats that have them
        """Read the words line by line, each with the ms at which it begins; None in a format without times for them."""
        return None
