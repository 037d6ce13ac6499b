"""Boxes of an M4A file in memory: four bytes of size, four of name, content, which may be boxes."""

from collections.abc import Iterator

from audiogen.export.formats.format import MOST_PARTS


def children(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each box."""
    at = 0
    for _ in range(MOST_PARTS):
        size = int.from_bytes(content[at : at + 4], "big")
        if size < 8 or at + 8 > len(content):
            return
        yield content[at + 4 : at + 8], content[at + 8 : at + size]
        at += size


def find(content: bytes, *way: str) -> bytes:
    """The content of the first box to which a way leads; nothing where there is none."""
    for step in way:
        content = content[4:] if is_full(content) else content
        content = next((inner for name, inner in children(content) if name == step.encode()), b"")
    return content


def is_full(content: bytes) -> bool:
    """Whether four bytes of version and flags come before the boxes inside, as in `meta`."""
    return content[:4] == bytes(4) and len(content) >= 8
