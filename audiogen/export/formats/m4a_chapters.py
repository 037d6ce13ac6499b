"""The chapters of an M4A or M4B file, from QuickTime's list or Nero's.

    index + file -> when each chapter begins and its title

QuickTime's is a track of texts, to which the sound's track refers, and holds any number of titles of any length. Nero's
holds 255, each of 255 bytes, so it is only read where there is no other.
"""

from collections.abc import Iterator
from itertools import accumulate, chain, islice, repeat
from pathlib import Path

from audiogen.export.formats.boxes import children, find

Begin = tuple[int, str]  # ms, title

_CHPL_TICKS = 10_000  # a millisecond


def chapter_begins(path: Path, moov: bytes) -> list[Begin]:
    """Read when each chapter begins, in order; none where there are no chapters."""
    return _quicktime(path, moov) or _nero(find(moov, "udta", "chpl"))


def _nero(content: bytes) -> list[Begin]:
    found, at = [], 9
    for _ in range(content[8] if len(content) > 8 else 0):
        start_ms = _number(content[at : at + 8]) // _CHPL_TICKS
        end = at + 9 + content[at + 8]
        found.append((start_ms, content[at + 9 : end].decode("utf-8", "replace")))
        at = end
    return found


def _quicktime(path: Path, moov: bytes) -> list[Begin]:
    tracks = [content for name, content in children(moov) if name == b"trak"]
    wanted = {find(track, "tref", "chap")[:4] for track in tracks} - {b""}
    for track in tracks:
        head = find(track, "tkhd")
        if (head[20:24] if head[:1] == b"\x01" else head[12:16]) in wanted:
            return list(_texts(path, find(track, "mdia")))
    return []


def _texts(path: Path, media: bytes) -> Iterator[Begin]:
    """The samples of a track of texts with their times."""
    head, table = find(media, "mdhd"), find(media, "minf", "stbl")
    scale = _number(head[20:24] if head[:1] == b"\x01" else head[12:16])
    if not scale:
        return
    sizes = _sizes(find(table, "stsz"))
    lasting = chain.from_iterable(repeat(ticks, count) for count, ticks in _rows(find(table, "stts"), 2))
    starts = accumulate(islice(lasting, len(sizes)), initial=0)
    with path.open("rb") as file:
        for start, at, size in zip(starts, _places(table, sizes), sizes, strict=False):
            file.seek(at)
            sample = file.read(min(size, 2 + 0xFFFF))
            yield round(start * 1000 / scale), _decoded(sample[2 : 2 + _number(sample[:2])])


def _decoded(text: bytes) -> str:
    wide = text[:2] in (b"\xfe\xff", b"\xff\xfe")
    return text.decode("utf-16" if wide else "utf-8", "replace")


def _sizes(stsz: bytes) -> list[int]:
    """The size of each sample; where all have one size, the box holds only that and their number."""
    same = _number(stsz[4:8])
    if same:
        return [same] * min(_number(stsz[8:12]), 0xFFFF)
    return [size for (size,) in _rows(stsz[4:], 1)]


def _places(table: bytes, sizes: list[int]) -> Iterator[int]:
    """Where each sample is in the file: one after the other in chunks."""
    wide = find(table, "co64")
    chunks = [_number(wide[at : at + 8]) for at in range(8, len(wide), 8)] if wide else None
    starts = chunks or [start for (start,) in _rows(find(table, "stco"), 1)]
    runs = list(_rows(find(table, "stsc"), 3))
    left = iter(sizes)
    run = 0
    for number, start in enumerate(starts, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        at = start
        for _ in range(min(runs[run][1], len(sizes)) if runs else 1):
            size = next(left, None)
            if size is None:
                return
            yield at
            at += size


def _rows(box: bytes, width: int) -> Iterator[tuple[int, ...]]:
    """The rows of a table: its version, how many, and so many numbers in each."""
    rows = min(_number(box[4:8]), (len(box) - 8) // (4 * width))
    for at in range(8, 8 + rows * 4 * width, 4 * width):
        yield tuple(_number(box[at + 4 * column : at + 4 * column + 4]) for column in range(width))


def _number(written: bytes) -> int:
    return int.from_bytes(written, "big")
