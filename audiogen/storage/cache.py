"""Key -> bytes and their length, kept on disk between runs.

Five layers: `speech` as an engine gave it, `clips` trimmed and levelled (and the tones), `blocks` as MP3 frames,
`covers`, and `lengths` of sessions, which have no body. An entry is one file, `LAYER/ab/abcdef…`, whose first line is
JSON:

    {"length_ms": 1480, "sha256": "…", "bytes": 142080, "check": "…"}

and whose rest is the body. The line alone tells a clip's length, so planning reads no sound and loads no numpy. Its
`sha256` covers the body, its `check` all else that is believed: the line itself, the layer and the key.
Everything here may be deleted at any time, and any number of processes may read and write at once: an entry is
written next to its place and renamed, a damaged one is removed when it is met, and what several processes need at once
is made by one of them (`claims`). A cache that cannot be written costs time, never the track: the reason is kept in
`warning`.

The cache is bounded: `trim` removes what was used longest ago. An entry's file has the time of its last use, to the
hour, as its modification time.
"""

import contextlib
import functools
import hashlib
import json
import os
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from audiogen.errors import CacheError, Notice, OutputError, Problem
from audiogen.storage.files import replacing
from audiogen.storage.locks import Claims
from audiogen.storage.parts import remove_if_abandoned

LAYERS = ("speech", "clips", "blocks", "covers", "lengths")
LONGEST_HEADER = 300  # bytes; a first line beyond this is not ours

HOUR_S = 3600.0
MUCH = 0.1  # of the limit: so much is left free for what is written until all files are looked at again


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def key_of(**parts: str | int | float) -> str:
    """A key of everything that changes the entry: SHA-256 of the parts as canonical JSON.

    >>> key_of(text="Halfway.", speed=0.85)[:12]
    '50d1ba2f3bd4'
    """
    return hashlib.sha256(_CANONICAL.encode(parts).encode()).hexdigest()


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


@functools.cache
def version_of(package: str) -> str:
    """The version of an installed package, for keys: another version may make other bytes."""
    return version(package)


class Cache:
    """The entries below one folder, which is made when the first entry is written.

    `limit_bytes` is what `trim` keeps it to.
    """

    def __init__(self, root: str | os.PathLike[str], limit_bytes: int | None = None) -> None:
        self.root = Path(root)
        self.limit_bytes = limit_bytes
        self.warning: Notice | None = None  # the first reason why something could not be cached
        self._opened_s = time.time()
        self._written = 0  # bytes; threads may lose a little of it to each other
        self._used: set[Path] = set()
        self._claims = Claims.by(self.root / "claims")

    def get(self, layer: str, key: str) -> Entry | None:
        """The entry, checked against its checksum; a damaged one is removed, and None returned."""
        path = self._path(layer, key)
        try:
            with path.open("rb") as file:
                self._note_use(path, file.fileno())
                header = _read_header(file.readline(LONGEST_HEADER), layer, key)
                body = file.read()
        except OSError:
            return None
        if header and header.bytes == len(body) and header.sha256 == hashlib.sha256(body).hexdigest():
            return Entry(header.length_ms, body)
        _remove(path)
        return None

    def header(self, layer: str, key: str) -> Header | None:
        """The entry's first line, where its size agrees with it; the body is not read, and a damaged one removed."""
        path = self._path(layer, key)
        try:
            with path.open("rb") as file:
                size = self._note_use(path, file.fileno())
                line = file.readline(LONGEST_HEADER)
        except OSError:
            return None
        header = _read_header(line, layer, key)
        if header and header.bytes == size - len(line):
            return header
        _remove(path)
        return None

    def length_ms(self, layer: str, key: str) -> int | None:
        """The entry's length, from its header."""
        header = self.header(layer, key)
        return header.length_ms if header else None

    def put(self, layer: str, key: str, body: bytes, length_ms: int) -> bool:
        """Keep an entry; False, with the reason in `warning`, where it could not be cached."""
        header = Header(length_ms, hashlib.sha256(body).hexdigest(), len(body))
        try:
            path = self._path(layer, key)
            with replacing(path, lasting=False) as file:
                file.write(_line(header, layer, key))
                file.write(body)
            self._used.add(path)
        except OutputError as error:
            self.warning = self.warning or Notice("storage.cache-unusable", subject=str(self.root), found=str(error))
            return False
        self._written += len(body)
        return True

    @contextlib.contextmanager
    def claimed(self, key: str, abandoned: threading.Event) -> Iterator[None]:
        """While this lasts, nobody else makes what belongs to this key; it may have made it before."""
        with self._claims.held(key, abandoned):
            yield

    def trim(self) -> int:
        """Keep to the limit: what was used longest ago goes first; the number of bytes freed.

        What was used by way of this object stays, whatever the limit. It is cheap to call: all files are looked at only
        where a tenth of the limit was written, by whomever, since that was done last.
        """
        if self.limit_bytes is None or not self._written or not self._due(self.limit_bytes):
            return 0
        entries = []
        for layer in LAYERS:
            for path, found in self._files(layer):
                if path.suffix == ".part":
                    remove_if_abandoned(path)
                else:
                    entries.append((found.st_mtime, found.st_size, path))
        excess = sum(size for _, size, _ in entries) - round(self.limit_bytes * (1 - MUCH))
        freed = self._freed([entry for entry in entries if entry[2] not in self._used], excess)
        self._used.clear()
        return freed

    def _freed(self, entries: list[tuple[float, int, Path]], wanted: int) -> int:
        """Remove the oldest entries until so many bytes are free; one that is gone already counts, too."""
        freed = 0
        for _, size, path in sorted(entries):
            if freed >= wanted:
                break
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
                freed += size
        return freed

    def _due(self, limit_bytes: int) -> bool:
        """Whether much was written since the files were looked at; from now on, they have been.

        Each process adds what it wrote to a file, a line each.
        """
        mark = self.root / "written"
        written, self._written = self._written, 0
        with contextlib.suppress(OSError, ValueError):
            earlier = sum(map(int, mark.read_text("ascii").split()))
            if earlier + written < limit_bytes * MUCH:
                with mark.open("a", encoding="ascii") as lines:
                    lines.write(f"{written}\n")
                return False
        with contextlib.suppress(OSError):
            mark.write_bytes(b"")
        return True

    def usage(self) -> dict[str, Usage]:
        """How many entries and bytes each layer holds."""
        sizes = {
            layer: [found.st_size for path, found in self._files(layer) if path.suffix != ".part"] for layer in LAYERS
        }
        return {layer: Usage(len(found), sum(found)) for layer, found in sizes.items()}

    def clear(self, layer: str | None = None) -> int:
        """Remove all entries, of one layer or of all; the number of bytes freed.

        Raises: CacheError where an entry cannot be removed.
        """
        freed = 0
        for each in LAYERS if layer is None else (layer,):
            for path, found in self._files(each):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise CacheError(
                        Problem("storage.not-removed", subject=str(path), found=error.strerror or str(error))
                    ) from error
                freed += found.st_size
        return freed

    def _note_use(self, path: Path, file: int) -> int:
        """Give an entry that was not used for an hour the time of now; its size."""
        self._used.add(path)
        found = os.fstat(file)
        if found.st_mtime < self._opened_s - HOUR_S:
            with contextlib.suppress(OSError):  # removed since, or not ours to touch
                os.utime(path)
        return found.st_size

    def _path(self, layer: str, key: str) -> Path:
        if layer not in LAYERS:
            raise ValueError(f"unknown cache layer {layer!r}")
        return self.root.joinpath(layer, key[:2], key)

    def _files(self, layer: str) -> Iterator[tuple[Path, os.stat_result]]:
        for path in sorted((self.root / layer).glob("??/*")):
            with contextlib.suppress(OSError):  # removed by another process since
                found = path.stat()
                if stat.S_ISREG(found.st_mode):
                    yield path, found


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _line(header: Header, layer: str, key: str) -> bytes:
    """The first line of an entry of this layer and key; nothing else is a valid one there."""
    said: dict[str, str | int] = {"length_ms": header.length_ms, "sha256": header.sha256, "bytes": header.bytes}
    return json.dumps({**said, "check": key_of(layer=layer, key=key, **said)}).encode() + b"\n"


def _read_header(line: bytes, layer: str, key: str) -> Header | None:
    """Read a first line; None unless it is, to the last byte, the one that belongs there."""
    try:
        match json.loads(line):
            case {"length_ms": int(length_ms), "sha256": str(sha256), "bytes": int(size)}:
                header = Header(length_ms, sha256, size)
                return header if _line(header, layer, key) == line else None
    except (ValueError, RecursionError):  # not JSON, not UTF-8
        return None
    return None
