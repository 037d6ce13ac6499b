"""hibari's spelling rules in a tenth of their usual memory, and its model without an arena.

    hibari's word lists, as they lie on disk -> Lean G2P

hibari reads three JSON files of 90 000 entries each into dictionaries: 100 MB, of which a session needs some hundred
entries. Here they stay compressed, in pieces, with an index of where each entry begins, and an entry is decoded when it
is asked for. What the rules make of a text is the same, which a test holds for every shipped routine.

hibari transforms by scipy where that happens to be installed, which needs another 20 MB and gives samples that differ
in their last bits. Here it is numpy everywhere, so that a machine speaks the same whatever else is installed on it.

This reaches into hibari further than its documentation goes. So where anything is not as it is known from hibari 0.2,
hibari loads all itself: the voice then works as ever, and needs more memory.
"""

import contextlib
import ctypes
import functools
import gzip
import itertools
import json
import re
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from hibari import Hibari

__all__ = ["Entries", "give_back", "lean", "without_scipy"]

# A key, and its value: a text, or an object that holds no other.
_ENTRY = re.compile(rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)":("[^"\\]*+(?:\\.[^"\\]*+)*+"|\{[^{}]*+\})')

_PIECE_BYTES, _QUICKLY = 8192, 1  # smaller pieces are quicker to open; zlib's level 1 leaves a third of them
_KEPT = 4096  # entries that stay decoded
_AT_ONCE = 32  # transforms

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # of glibc's malloc.h


class Entries:
    """An object of a JSON file, of which nothing is decoded but what is asked for."""

    def __init__(self, text: bytes) -> None:
        """Raises: ValueError where it holds anything but texts and flat objects."""
        found: list[int] = []
        begins = array("L", [0])
        end = 0
        for match in _ENTRY.finditer(text):
            if match.start() != end + 1:
                raise ValueError(f"something else at byte {end}")
            if match.start() - begins[-1] >= _PIECE_BYTES:
                begins.append(match.start())
            end = match.end()
            found.append(crc32(match[1]) << 32 | match.start())
        if text[end:] != b"}":
            raise ValueError(f"something else at byte {end}")
        found.sort()
        self._index = array("Q", found)  # the key's checksum, then where the entry begins
        self._begins = begins
        self._pieces = [
            zlib.compress(text[here:there], _QUICKLY) for here, there in itertools.pairwise([*begins, len(text)])
        ]
        self._found = functools.lru_cache(_KEPT)(self._find)  # most of what is asked for is asked for again

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, as `dict.get` would have it."""
        found = self._found(key)
        return default if found is None else found

    def _find(self, key: str) -> Any:
        written = json.dumps(key, ensure_ascii=False).encode("utf-8", "surrogatepass")
        checksum = crc32(written[1:-1])
        for place in range(bisect_left(self._index, checksum << 32), len(self._index)):
            if self._index[place] >> 32 != checksum:
                break
            match = self._entry(self._index[place] & 0xFFFFFFFF)
            if match and match[1] == written[1:-1]:
                return json.loads(match[2])
        return None

    def _entry(self, begin: int) -> re.Match[bytes] | None:
        piece = bisect_right(self._begins, begin) - 1
        return _ENTRY.match(zlib.decompress(self._pieces[piece]), begin - self._begins[piece])


def lean(voice: str, model: str | None) -> "Hibari":
    """The engine for a voice, ready to speak, in little memory where that is possible.

    Raises: what hibari raises where it cannot be loaded.
    """
    with without_scipy():
        from hibari import Hibari

    try:
        _transform_by_numpy()
        loaded = _lean(voice, model)
        loaded("Ready.")
    except Exception:  # noqa: BLE001 - whatever another hibari makes of it: it then loads all itself
        loaded = Hibari(voice=voice, model=model, threads=1)
        loaded("Ready.")
    give_back()
    return loaded


def _lean(voice: str, model: str | None) -> "Hibari":
    """What `Hibari()` does, but for the arena, which would keep as much memory as the longest line has needed."""
    import onnxruntime
    from hibari import Hibari, tts, voices

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False  # one block for all that a line needs is larger than what it needs at any time
    options.log_severity_level = 3
    _keep_memory_together()
    loaded = Hibari.__new__(Hibari)
    loaded.voice = voice
    loaded.model_path = model or voices.voice_path(voice)
    loaded.sess = onnxruntime.InferenceSession(loaded.model_path, options, providers=["CPUExecutionProvider"])
    loaded.vocab = json.loads(Path(tts.ASSETS, "vocab.json").read_bytes())
    loaded._g2p = _rules(british=voices.VOICES[voice]["british"])
    return loaded


@contextlib.contextmanager
def without_scipy() -> Iterator[None]:
    """Whoever looks for scipy now finds none, unless it is loaded already."""
    if "scipy" in sys.modules:
        yield
        return
    sys.modules["scipy"] = None  # type: ignore[assignment]  # Python's own way to say that a module is not there
    try:
        yield
    finally:
        del sys.modules["scipy"]


def _transform_by_numpy() -> None:
    """Have hibari's signal processing use numpy's transforms, which keep to single precision since numpy 2."""
    import numpy as np
    from hibari import dsp

    if not (callable(dsp.rfft) and callable(dsp.irfft)):
        raise TypeError("its transforms are called otherwise")

    def irfft(spectra: Any, n: int, axis: int) -> Any:
        if axis != 1:
            raise ValueError("its spectra lie otherwise")
        frames = np.empty((len(spectra), n), np.float32)
        for first in range(0, len(spectra), _AT_ONCE):  # numpy copies what it transforms
            frames[first : first + _AT_ONCE] = np.fft.irfft(spectra[first : first + _AT_ONCE], n=n, axis=axis)
        return frames

    dsp.rfft = lambda x, axis: np.fft.rfft(x, axis=axis)
    dsp.irfft = irfft


def _keep_memory_together() -> None:
    """Have memory given back to the system as soon as it is free, and keep one heap for all threads.

    Above 128 KiB, pieces are the system's own; glibc raises this limit to 32 MB by itself. And it keeps a heap for each
    thread: with a few threads that speak, these grow by 70 MB of holes in a long session. What either costs in time is
    below what can be measured.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library
        glibc = ctypes.CDLL(None)
        glibc.mallopt(_M_MMAP_THRESHOLD, 128 * 1024)
        glibc.mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Give the system the memory that is free, such as what loading needed for a moment."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def _rules(*, british: bool) -> Any:
    """hibari's spelling rules with lean word lists."""
    from hibari import g2p

    accent = "gb" if british else "us"
    assets = Path(g2p.ASSETS)
    gold, silver = (Entries(_unpacked(assets / f"lexicon_{accent}_{kind}.json.gz")) for kind in ("gold", "silver"))
    rules = g2p.G2P.__new__(g2p.G2P)
    rules.lexicon = g2p.Lexicon(gold, silver, british)
    rules.tokenizer = g2p.Tokenizer(json.loads((assets / "tokenizer_exceptions.json").read_bytes()))
    rules.tagger = g2p.Tagger(_tagger(_unpacked(assets / "tagger.json.gz")))
    rules._oov = None
    rules.unk = ""
    rules.british = british
    return rules


def _tagger(text: bytes) -> dict[str, Any]:
    """The tagger's model, its weights as they are on disk."""
    head, key, weights = text.partition(b'"weights":')
    return {**json.loads(head + b'"weights":{}}'), "weights": Entries(weights[:-1])} if key else json.loads(text)


def _unpacked(path: Path) -> bytes:
    with gzip.open(path) as file:
        return file.read()
