"""hibari's spelling rules in a tenth of their usual memory, and its model without an arena.

    hibari's word lists, as they lie on disk -> Lean G2P

hibari reads three JSON files of 90 000 entries each into dictionaries: 100 MB, of which a session needs some hundred
entries. Here they stay the bytes that they are on disk, with an index of where each entry begins, and an entry is
decoded when it is asked for. What the rules make of a text is the same, which a test holds for every shipped routine.

This reaches into hibari further than its documentation goes. So where anything is not as it is known from hibari 0.2,
hibari loads all itself: the voice then works as ever, and needs more memory.
"""

import contextlib
import ctypes
import gzip
import json
import re
from array import array
from bisect import bisect_left
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from hibari import Hibari

__all__ = ["Entries", "lean"]

# A key, and its value: a text, or an object that holds no other.
_ENTRY = re.compile(rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)":("[^"\\]*+(?:\\.[^"\\]*+)*+"|\{[^{}]*+\})')

_M_MMAP_THRESHOLD = -3  # of glibc's malloc.h


class Entries:
    """An object of a JSON file, of which nothing is decoded but what is asked for."""

    def __init__(self, text: bytes) -> None:
        """Raises: ValueError where it holds anything but texts and flat objects."""
        self._text = text
        found: list[int] = []
        end = 0
        for match in _ENTRY.finditer(text):
            if match.start() != end + 1:
                raise ValueError(f"something else at byte {end}")
            end = match.end()
            found.append(crc32(match[1]) << 32 | match.start())
        if text[end:] != b"}":
            raise ValueError(f"something else at byte {end}")
        found.sort()
        self._index = array("Q", found)  # the key's checksum, then where the entry begins

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, as `dict.get` would have it."""
        written = json.dumps(key, ensure_ascii=False).encode("utf-8", "surrogatepass")
        checksum = crc32(written[1:-1])
        for place in range(bisect_left(self._index, checksum << 32), len(self._index)):
            if self._index[place] >> 32 != checksum:
                break
            match = _ENTRY.match(self._text, self._index[place] & 0xFFFFFFFF)
            if match and match[1] == written[1:-1]:
                return json.loads(match[2])
        return default


def lean(voice: str, model: str | None) -> "Hibari":
    """The engine for a voice, ready to speak, in little memory where that is possible.

    Raises: what hibari raises where it cannot be loaded.
    """
    from hibari import Hibari

    try:
        loaded = _lean(voice, model)
        loaded("Ready.")
    except Exception:  # noqa: BLE001 - whatever another hibari makes of it: it then loads all itself
        loaded = Hibari(voice=voice, model=model, threads=1)
        loaded("Ready.")
    return loaded


def _lean(voice: str, model: str | None) -> "Hibari":
    """What `Hibari()` does, but for the arena, which would keep as much memory as the longest line has needed."""
    import onnxruntime
    from hibari import Hibari, tts, voices

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    _let_large_pieces_go()
    loaded = Hibari.__new__(Hibari)
    loaded.voice = voice
    loaded.model_path = model or voices.voice_path(voice)
    loaded.sess = onnxruntime.InferenceSession(loaded.model_path, options, providers=["CPUExecutionProvider"])
    loaded.vocab = json.loads(Path(tts.ASSETS, "vocab.json").read_bytes())
    loaded._g2p = _rules(british=voices.VOICES[voice]["british"])
    return loaded


def _let_large_pieces_go() -> None:
    """Have memory above 256 KiB given back to the system as soon as it is free.

    glibc raises this limit to 32 MB by itself, and keeps a heap for each thread: with a few threads that speak, these
    grow by 70 MB of holes in a long session. What it costs in time is below what can be measured.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 256 * 1024)


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
