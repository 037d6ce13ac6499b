"""Files that are made to keep a reader busy: as much is read of them as of honest ones, and no more."""

import zlib
from pathlib import Path

import pytest

from audiogen.errors import TrackError
from audiogen.export import formats, id3
from audiogen.export.formats.format import MOST_PARTS
from audiogen.export.id3.frames import frames, tag_bytes
from audiogen.timeline.model import ATTACHMENT

EMPTY_TAG = b"ID3\3\0\0\0\0\0\0"
SOUND = b"\xff\xfb\x54\xc4" + bytes(284)
MANY = MOST_PARTS + 1


def sync_safe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def box(name: bytes, content: bytes = b"") -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + name + content


def pages(*packets: bytes) -> bytes:
    written = []
    for packet in packets:
        lacing, at = b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]), 0
        for first in range(0, len(lacing), 255):
            part = lacing[first : first + 255]
            written += [b"OggS\0", bytes(21), bytes([len(part)]), part, packet[at : at + sum(part)]]
            at += sum(part)
    return b"".join(written)


def comments(*lines: bytes, count: int | None = None) -> bytes:
    sized = b"".join(len(line).to_bytes(4, "little") + line for line in lines)
    return b"\x03vorbis" + bytes(4) + (len(lines) if count is None else count).to_bytes(4, "little") + sized


IDENTITY = b"\x01vorbis" + bytes(23)
FTYP = box(b"ftyp", b"M4A \0\0\0\0")
KEPT = b"AUDIOGEN_TIMELINE=kept"
HOSTILE = {
    "many comments.ogg": pages(IDENTITY, comments(*[b"A="] * MANY, KEPT)),
    "counted.ogg": pages(IDENTITY, comments(KEPT, count=(1 << 32) - 1)),
    "endless.ogg": pages(IDENTITY) + pages(b"\x03vorbis" + b"a" * 255 * 300)[: -27 - 46 - 46 * 255],
    "many blocks.flac": b"fLaC" + b"\x01\0\0\0" * MANY + b"\x84\0\0\0",
    "many boxes.m4a": FTYP + box(b"free") * MANY + box(b"moov"),
    "box of 4 EB.m4a": FTYP + b"\0\0\0\1moov" + (1 << 62).to_bytes(8, "big"),
    "box of 16 EB.m4a": FTYP + b"\0\0\0\1free" + b"\xff" * 8,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_keeps_a_reader_busy_is_damaged(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    with pytest.raises(TrackError) as caught:
        formats.read_attachment(path, ATTACHMENT)
    assert caught.value.problems[0].code == "export.damaged"


def test_a_wide_box_is_read(tmp_path: Path) -> None:
    items = box(b"ilst", box(b"----", box(b"name", bytes(4) + ATTACHMENT.encode()) + box(b"data", bytes(8) + b"kept")))
    content = box(b"udta", box(b"meta", bytes(4) + items))
    path = tmp_path / "wide.m4a"
    path.write_bytes(FTYP + b"\0\0\0\1moov" + (16 + len(content)).to_bytes(8, "big") + content)
    assert formats.read_attachment(path, ATTACHMENT) == b"kept"


def test_behind_many_chunks_of_a_wav_file_nothing_is_looked_for(tmp_path: Path) -> None:
    path = tmp_path / "chunks.wav"
    path.write_bytes(b"RIFF\xff\xff\xff\xffWAVE" + b"xxxx\0\0\0\0" * MANY + b"id3 \x0a\0\0\0" + EMPTY_TAG)
    assert formats.read_attachment(path, ATTACHMENT) is None


def test_a_comment_on_many_pages_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.ogg"
    path.write_bytes(pages(IDENTITY, comments(b"AUDIOGEN_TIMELINE=" + b"kept " * 60_000)))
    assert formats.read_attachment(path, ATTACHMENT) == b"kept " * 60_000


def test_of_many_tags_the_first_are_read(tmp_path: Path) -> None:
    path = tmp_path / "tags.mp3"
    path.write_bytes(EMPTY_TAG * 100_000 + SOUND)
    assert formats.read_attachment(path, ATTACHMENT) is None
    assert tag_bytes(path.read_bytes()) == id3.MOST_TAGS * len(EMPTY_TAG)


def test_a_frame_grows_only_as_much_as_text_is_compressed() -> None:
    packed = zlib.compress(bytes(20_000_000))
    frame = b"PRIV" + sync_safe(len(packed) + 4) + b"\0\x09" + bytes(4) + packed
    (found,) = frames(b"ID3\4\0\0" + sync_safe(len(frame)) + frame)
    assert len(found.content) <= 64 * len(packed)
