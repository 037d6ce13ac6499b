"""Key -> bytes and their length, kept on disk between runs.

Three layers: `speech` as an engine gave it, `clips` trimmed and levelled (and the tones), `blocks` as MP3 frames. An
entry is one file, `LAYER/ab/abcdef…`, whose first line is JSON:

    {"length_ms": 1480, "sha256": "…", "bytes": 142080}

and whose rest is the body. The line alone tells a clip's length, so planning reads no sound and loads no numpy.
Everything here may be deleted at any time, and any number of processes may read and write at once: an entry is
written beside its place and renamed, and a damaged one is removed when it is met. A cache that cannot be written
costs time, never the track: the reason is kept in `warning`.
"""

import contextlib
import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from audiogen.errors import CacheError, OutputError
from audiogen.files import replacing

__all__ = ["LAYERS", "Cache", "Entry", "Header", "Usage", "key_of", "version_of"]

LAYERS = ("speech", "clips", "blocks")
LONGEST_HEADER = 200  # bytes; a first line beyond this is not ours


@dataclass(frozen=True, slots=True)
class Entry:
    length_ms: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Usage:
    entries: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Header:
    """What an entry's first line says of its body."""

    length_ms: int
    sha256: str
    bytes: int


def key_of(**parts: str | int | float) -> str:
    """A key of everything that changes the entry: SHA-256 of the parts as canonical JSON.

    >>> key_of(text="Halfway.", speed=0.85)[:12]
    '50d1ba2f3bd4'
    """
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@functools.cache
def version_of(package: str) -> str:
    """The version of an installed package, for keys: another version may make other bytes."""
    return version(package)


class Cache:
    """The entries below one folder, which is made when the first entry is written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.warning: str | None = None  # the first reason why something could not be kept

    def get(self, layer: str, key: str) -> Entry | None:
        """The entry, checked against its checksum; a damaged one is removed, and None returned."""
        path = self._path(layer, key)
        try:
            with path.open("rb") as file:
                header = _read_header(file.readline(LONGEST_HEADER))
                body = file.read()
        except OSError:
            return None
        if header and header.bytes == len(body) and header.sha256 == hashlib.sha256(body).hexdigest():
            return Entry(header.length_ms, body)
        with contextlib.suppress(OSError):
            path.unlink()
        return None

    def header(self, layer: str, key: str) -> Header | None:
        """The entry's first line, where its size agrees with it; the body is not read."""
        path = self._path(layer, key)
        try:
            with path.open("rb") as file:
                line = file.readline(LONGEST_HEADER)
                size = path.stat().st_size
        except OSError:
            return None
        header = _read_header(line)
        return header if header and header.bytes == size - len(line) else None

    def length_ms(self, layer: str, key: str) -> int | None:
        """The entry's length, from its header."""
        header = self.header(layer, key)
        return header.length_ms if header else None

    def put(self, layer: str, key: str, body: bytes, length_ms: int) -> bool:
        """Keep an entry; False, with the reason in `warning`, where it could not be kept."""
        header = {"length_ms": length_ms, "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
        try:
            with replacing(self._path(layer, key)) as file:
                file.write(json.dumps(header).encode() + b"\n")
                file.write(body)
        except OutputError as error:
            self.warning = self.warning or f"The cache in {self.root} could not be used. {error}"
            return False
        return True

    def usage(self) -> dict[str, Usage]:
        """How many entries and bytes each layer holds."""
        sizes = {layer: [size for path, size in self._files(layer) if path.suffix != ".part"] for layer in LAYERS}
        return {layer: Usage(len(found), sum(found)) for layer, found in sizes.items()}

    def clear(self, layer: str | None = None) -> int:
        """Remove all entries, of one layer or of all; the number of bytes freed.

        Raises: CacheError where an entry cannot be removed.
        """
        freed = 0
        for each in LAYERS if layer is None else (layer,):
            for path, size in self._files(each):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise CacheError(f"{path} cannot be removed: {error.strerror}.") from error
                freed += size
        return freed

    def _path(self, layer: str, key: str) -> Path:
        if layer not in LAYERS:
            raise ValueError(f"unknown cache layer {layer!r}")
        return self.root.joinpath(layer, key[:2], key)

    def _files(self, layer: str) -> Iterator[tuple[Path, int]]:
        for path in sorted((self.root / layer).glob("??/*")):
            with contextlib.suppress(OSError):  # removed by another process since
                if path.is_file():
                    yield path, path.stat().st_size


def _read_header(line: bytes) -> Header | None:
    try:
        match json.loads(line):
            case {"length_ms": int(length_ms), "sha256": str(sha256), "bytes": int(size)}:
                return Header(length_ms, sha256, size)
    except ValueError:  # not JSON, not UTF-8
        return None
    return None
