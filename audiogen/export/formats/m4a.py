"""M4A and M4B: ffmpeg encodes AAC and writes both kinds of chapters, QuickTime's and Nero's; the rest is ours.

A file is boxes: four bytes of size, four of name, content, which may be boxes. `moov` is the index, behind the sound;
since nothing follows it, it may grow. In its `ilst` go our attachments, as `----` boxes of text, and `iTunSMPB`, by
which some players cut what the encoder put around the sound. The others take the edit list for that, which ffmpeg
writes: 1024 samples at the beginning are skipped, and the end is given in milliseconds or samples, so exactly.
"""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from audiogen.audio.ffmpeg import FfmpegError, encoding, require_ffmpeg
from audiogen.audio.pcm import RATE, SAMPLES_PER_MS
from audiogen.errors import Problem
from audiogen.export.formats.boxes import children, find, is_full
from audiogen.export.formats.format import MOST_PARTS, Format
from audiogen.export.formats.m4a_chapters import chapter_begins
from audiogen.export.id3 import Chapter, Tag
from audiogen.track.mp3 import MONO_KBPS, STEREO_KBPS

if TYPE_CHECKING:
    from audiogen.export.formats.format import Recording, Samples

_PRIMING = _AAC_FRAME = 1024  # samples
_OWNER = "audiogen"  # of the attachments
_BRANDS = {".m4a": "M4A ", ".m4b": "M4B "}
_AUDIOBOOK = "2"
_TEXT, _JPEG = 1, 13
_OVER_4_GB = (1).to_bytes(4, "big")  # in place of a size, which follows the name


class M4a(Format):
    suffix, name, magic, at = ".m4a", "AAC", b"ftyp", 4
    needs_ffmpeg = True
    bitrates_kbps = (MONO_KBPS, STEREO_KBPS)

    def write(self, target: BinaryIO, pieces: "Iterable[Samples]", recording: "Recording") -> None:
        """Write an .m4a or .m4b file.

        Raises: FfmpegError.
        """
        program = require_ffmpeg(f"Writing {recording.suffix}")
        out = Path(target.name)
        with tempfile.TemporaryDirectory(prefix="audiogen-") as folder:
            about = Path(folder, "about.txt")
            about.write_text("".join(_metadata(recording)), encoding="utf-8")
            with encoding(program, _arguments(recording, about), out) as put:
                for piece in pieces:
                    put(piece.astype("<i2", copy=False).tobytes())
        with out.open("r+b") as file:
            _complete(file, recording)

    def attachment(self, path: Path, description: str) -> bytes | None:
        """An attachment by its description."""
        for name, content in children(find(_moov(path), "udta", "meta", "ilst")):
            if name == b"----":
                parts = dict(children(content))
                if parts.get(b"name", b"")[4:].decode("utf-8", "replace") == description:
                    return parts.get(b"data", b"")[8:]
        return None

    def cover(self, path: Path) -> bytes | None:
        """The picture on the front."""
        return _item(path, b"covr")

    def lyrics(self, path: Path) -> str | None:
        """All words at once."""
        text = _item(path, b"\xa9lyr")
        return None if text is None else text.decode("utf-8", "replace")

    def chapters(self, path: Path) -> tuple[Chapter, ...]:
        """The chapters of QuickTime's list, or else of Nero's."""
        moov = _moov(path)
        begins = chapter_begins(path, moov)
        ends = [*(start_ms for start_ms, _ in begins), _length_ms(moov)]
        return tuple(Chapter(*span, title) for span, (_, title) in zip(pairwise(ends), begins, strict=True))


class M4b(M4a):
    suffix = ".m4b"


def _item(path: Path, wanted: bytes) -> bytes | None:
    """What an item of the list of tags holds, without its type and language."""
    for name, content in children(find(_moov(path), "udta", "meta", "ilst")):
        if name == wanted:
            return dict(children(content)).get(b"data", b"")[8:] or None
    return None


def _arguments(recording: "Recording", about: Path) -> list[str]:
    # Without "bitexact" the file would bear ffmpeg's version; without map_metadata nothing of ours.
    return [
        *("-f", "s16le", "-ar", str(RATE), "-ac", str(recording.channels), "-i", "pipe:0"),
        *("-f", "ffmetadata", "-i", str(about), "-map", "0:a", "-map_metadata", "1", "-map_chapters", "1"),
        *("-c:a", "aac", "-b:a", f"{recording.bitrate_kbps or MONO_KBPS}k"),
        *("-fflags", "+bitexact", "-flags:a", "+bitexact"),
        *("-f", "ipod", "-brand", _BRANDS[recording.suffix]),
    ]


def _metadata(recording: "Recording") -> Iterator[str]:
    """ffmpeg's own description of tags and chapters."""
    tag = recording.tag
    yield ";FFMETADATA1\n"
    named = {
        "title": tag.title,
        "artist": tag.artist,
        "album": tag.album,
        "date": tag.date,
        "comment": tag.comment,
        "lyrics": tag.lyrics,
        "track": f"{tag.track[0]}/{tag.track[1]}" if tag.track else None,
        "media_type": _AUDIOBOOK if recording.suffix == ".m4b" else None,
    }
    yield from (f"{key}={_escaped(value)}\n" for key, value in named.items() if value)
    for one in tag.chapters:
        yield f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={one.start_ms}\nEND={one.end_ms}\ntitle={_escaped(one.title)}\n"


def _escaped(text: str) -> str:
    escaped = "".join(f"\\{letter}" if letter in "=;#\\\n" else letter for letter in text)
    return (
        f"{escaped} " if text.endswith("\\") else escaped
    )  # at a line's end, version 5 reads the escape as the line's


# -- what ffmpeg does not write


def _complete(file: BinaryIO, recording: "Recording") -> None:
    """Add our boxes to the index, at the end of the file."""
    at, moov = _last_box(file)
    if _length_ms(moov) != recording.length_ms:
        expected, found = f"{recording.length_ms} ms", f"{_length_ms(moov)} ms"
        raise FfmpegError(Problem("export.ffmpeg-wrong-length", expected=expected, found=found))
    ours = b"".join([*_attached(recording.tag), _gapless(moov, recording)])
    file.seek(at)
    file.write(_box(b"moov", _grown(moov, [b"udta", b"meta", b"ilst"], ours)))


def _last_box(file: BinaryIO) -> tuple[int, bytes]:
    """Where `moov` begins, and its content; nothing may follow it."""
    for box in _boxes_of(file):
        if box.name == b"moov":
            content = box.read(file)
            if not file.read(1):
                return box.start, content
    raise FfmpegError(Problem("export.ffmpeg-no-index"))


def _grown(content: bytes, way: list[bytes], more: bytes) -> bytes:
    """Boxes with `more` at the end of the one to which the way leads."""
    if not way:
        return content + more
    skipped = content[:4] if is_full(content) else b""
    return skipped + b"".join(
        _box(name, _grown(inner, way[1:], more) if name == way[0] else inner)
        for name, inner in children(content[len(skipped) :])
    )


def _attached(tag: Tag) -> Iterator[bytes]:
    if tag.cover:
        yield _box(b"covr", _box(b"data", _JPEG.to_bytes(4, "big") + bytes(4) + tag.cover))
    yield from (_freeform(_OWNER, one.description, one.body) for one in tag.attachments)


def _gapless(moov: bytes, recording: "Recording") -> bytes:
    samples = recording.length_ms * SAMPLES_PER_MS
    frames = int.from_bytes(find(moov, "trak", "mdia", "minf", "stbl", "stsz")[8:12], "big")
    padding = max(0, frames * _AAC_FRAME - _PRIMING - samples)
    words = f" 00000000 {_PRIMING:08X} {padding:08X} {samples:016X}" + " 00000000" * 8
    return _freeform("com.apple.iTunes", "iTunSMPB", words.encode())


def _freeform(owner: str, name: str, body: bytes) -> bytes:
    flags = bytes(4)
    parts = [_box(b"mean", flags + owner.encode()), _box(b"name", flags + name.encode())]
    return _box(b"----", b"".join([*parts, _box(b"data", _TEXT.to_bytes(4, "big") + bytes(4) + body)]))


# -- boxes


class _Box(NamedTuple):
    """Where a box of a file is, and its content: [content, end)."""

    name: bytes
    start: int
    content: int
    end: int

    def read(self, file: BinaryIO) -> bytes:
        file.seek(self.content)
        return file.read(self.end - self.content)


def _moov(path: Path) -> bytes:
    with path.open("rb") as file:
        for box in _boxes_of(file):
            if box.name == b"moov":
                return box.read(file)
    raise EOFError("it has no index, so it is cut short")


def _boxes_of(file: BinaryIO) -> Iterator[_Box]:
    """Each box of a file; ends at the first that is not all there."""
    at, whole = 0, file.seek(0, 2)
    for _ in range(MOST_PARTS):
        file.seek(at)
        head = file.read(16)
        size, wide = int.from_bytes(head[:4], "big"), head[:4] == _OVER_4_GB
        if wide:
            size = int.from_bytes(head[8:], "big")
        content = at + (16 if wide else 8)
        if not content <= at + size <= whole:
            return
        yield _Box(head[4:8], at, content, at + size)
        at += size


def _length_ms(moov: bytes) -> int:
    """The length of the presentation, from `mvhd`: edit lists included."""
    head = find(moov, "mvhd")
    wide = head[:1] == b"\x01"
    scale = int.from_bytes(head[20:24] if wide else head[12:16], "big")
    length = int.from_bytes(head[24:32] if wide else head[16:20], "big")
    return round(length * 1000 / scale) if scale else 0


def _box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + name + content
