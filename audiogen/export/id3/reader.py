"""What is read from the ID3 tags of a track, whoever wrote them last.

    bytes -> an attachment, the chapters, the cover, the lyrics, with or without their times

Editors rewrite a whole tag when one word in it changes: as version 2.4, with other encodings, unsynchronised,
compressed, padded, the frames in another order. Older ones add a tag of their own kind behind the sound.
"""

from audiogen.export.id3.frames import Frame, frames
from audiogen.views.chapters import Chapter

_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")  # by the first byte of a frame with text
_WIDE = (1, 2)  # of these, those with two bytes a letter
_FRONT = 3
_TOP_LEVEL = 0b10
_IN_MS = 2


def read_attachment(mp3: bytes, description: str) -> bytes | None:
    """The body of the attachment of that description; None where there is none."""
    for frame in frames(mp3):
        if frame.kind == b"GEOB" and frame.content:
            text = _Text(frame.content)
            text.skip_code()
            text.next()
            if text.next() == description:
                return text.rest()
    return None


def read_cover(mp3: bytes) -> bytes | None:
    """The picture on the front, a JPEG."""
    for frame in frames(mp3):
        if frame.kind == b"APIC" and frame.content:
            text = _Text(frame.content)
            is_jpeg, kind = text.skip_code() in (b"image/jpeg", b"image/jpg"), text.byte()
            text.next()
            if is_jpeg and kind == _FRONT:
                return text.rest()
    return None


def read_lyrics(mp3: bytes) -> str | None:
    """All words at once."""
    for frame in frames(mp3):
        if frame.kind == b"USLT" and frame.content:
            text = _Text(frame.content, at=4)
            text.next()
            return text.next().replace("\r\n", "\n")
    return None


def read_lines(mp3: bytes) -> tuple[tuple[int, str], ...]:
    """The words line by line, each with the time in ms at which it begins."""
    for frame in frames(mp3):
        if frame.kind == b"SYLT" and frame.content[4:5] == bytes([_IN_MS]):
            text = _Text(frame.content, at=6)
            text.next()
            lines = []
            while not text.over:
                words = text.next()
                lines.append((text.number(), words))
            return tuple(lines)
    return ()


def read_chapters(mp3: bytes) -> tuple[Chapter, ...]:
    """The chapters in the order of time.

    Raises:
        ValueError: the top-level table of contents lists other chapters, or in another order.
    """
    chapters: dict[bytes, Chapter] = {}
    listed: dict[bytes, list[bytes]] = {}
    top = b""
    for frame in frames(mp3):
        element_id, _, rest = frame.content.partition(b"\0")
        if frame.kind == b"CHAP":
            start_ms, end_ms = (int.from_bytes(rest[at : at + 4], "big") for at in (0, 4))
            chapters[element_id] = Chapter(start_ms, end_ms, _title(frame, rest[4 * 4 :]))
        elif frame.kind == b"CTOC" and len(rest) > 1:
            listed[element_id] = rest[2:].split(b"\0", rest[1])[: rest[1]]
            top = element_id if rest[0] & _TOP_LEVEL else top
    in_time = sorted(chapters, key=lambda element_id: chapters[element_id].start_ms)
    in_order = [one for child in listed.get(top, []) for one in listed.get(child, [child])]
    if in_order != in_time:
        raise ValueError(f"the contents list {len(in_order)} chapters, not the tag's {len(chapters)} in their order")
    return tuple(chapters[element_id] for element_id in in_time)


def _title(chapter: Frame, embedded: bytes) -> str:
    titles = (one.content for one in chapter.inside(embedded) if one.kind == b"TIT2" and one.content)
    return next((_Text(content).next() for content in titles), "")


class _Text:
    """Read the texts and numbers of a frame one after the other, whose first byte says how its texts are encoded."""

    def __init__(self, content: bytes, at: int = 1) -> None:
        self._content = content
        self._encoding = content[0] if content[0] < len(_ENCODINGS) else 0
        self._at = at

    @property
    def over(self) -> bool:
        return self._at >= len(self._content)

    def next(self) -> str:
        """The text up to its end mark, which two bytes a letter have at an even distance."""
        wide = self._encoding in _WIDE
        mark = b"\0\0" if wide else b"\0"
        end = self._content.find(mark, self._at)
        while wide and end >= 0 and (end - self._at) % 2:
            end = self._content.find(mark, end + 1)
        end = len(self._content) if end < 0 else end
        written, self._at = self._content[self._at : end], end + len(mark)
        if self._encoding == 1 and written[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            return written.decode("utf-16-le", "replace")
        return written.decode(_ENCODINGS[self._encoding], "replace")

    def skip_code(self) -> bytes:
        """A text that is always ISO-8859-1."""
        end = self._content.find(b"\0", self._at)
        end = len(self._content) if end < 0 else end
        code, self._at = self._content[self._at : end], end + 1
        return code

    def byte(self) -> int:
        self._at += 1
        return self._content[self._at - 1] if self._at <= len(self._content) else 0

    def number(self) -> int:
        self._at += 4
        return int.from_bytes(self._content[self._at - 4 : self._at], "big")

    def rest(self) -> bytes:
        return self._content[self._at :]
