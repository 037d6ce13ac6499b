"""hibari's engine with its word lists packed in memory, and with transforms that are the same on every machine.

    hibari's word lists on disk -> Entries -> an engine that speaks

hibari reads three JSON files of 90 000 entries each into dictionaries: 100 MB, of which a session needs some hundred
entries. Here they stay text, and an entry is decoded when it is looked up: two are sorted, so that they are cut into
pieces and compressed; the third gets an index. hibari's own modules stay unchanged for other users in the same process.

This relies on parts of hibari 0.2 that it does not document. Where another version differs, hibari loads everything
itself: the voice speaks as before, and needs more memory.
"""

import abc
import functools
import gzip
import importlib.util
import json
import re
import threading
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from zlib import crc32

from audiogen.voices.onnx import load_onnxruntime

if TYPE_CHECKING:
    from hibari import Hibari

# A key, and its value: a text, or an object that holds no other.
_KEY, _VALUE = rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"', rb'("[^"\\]*+(?:\\.[^"\\]*+)*+"|\{[^{}]*+\})'
_ENTRY = re.compile(_KEY + b":" + _VALUE)
# 250 entries are 7 kB, which zlib's level 1 brings to a third. A key with an escape would have another place there.
_PLAIN = rb'"([^"\\]*+)"'
_PIECE, _LEVEL = re.compile(b"%s:%s,(?:%s:%s,){0,249}+" % (_PLAIN, _VALUE, _PLAIN, _VALUE)), 1

_DECODED = 4096  # entries that stay decoded: most lookups repeat an earlier one


class Entries(abc.ABC):
    """An object of a JSON file that is decoded entry by entry, as they are looked up."""

    def __init__(self) -> None:
        self._found = functools.lru_cache(_DECODED)(self._find)

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, as `dict.get` returns it."""
        found = self._found(key)
        return default if found is None else found

    @abc.abstractmethod
    def _find(self, key: str) -> Any:
        """The value of a key, or nothing."""


class Sorted(Entries):
    """An object of a JSON file in the order of its keys, none of them with an escape, in compressed pieces."""

    def __init__(self, text: bytes) -> None:
        """Raises: ValueError where it holds anything but texts and flat objects, or where the pieces are out of order.

        The order inside a piece is not looked at: it would take as long as all else here.
        """
        super().__init__()
        self._firsts: list[bytes] = []
        self._pieces: list[bytes] = []
        entries, end = text[1:-1] + b",", 0
        for match in _PIECE.finditer(entries):
            if match.start() != end:
                break
            end = match.end()
            self._firsts.append(match[1])
            self._pieces.append(zlib.compress(match[0], _LEVEL))
        if end != len(entries) or text[:1] + text[-1:] != b"{}":
            raise ValueError(f"something else at byte {end}")
        if self._firsts != sorted(self._firsts):
            raise ValueError("not in the order of its keys")

    def _find(self, key: str) -> Any:
        piece = bisect_right(self._firsts, _written(key)) - 1
        return json.loads(b"{%s}" % zlib.decompress(self._pieces[piece])[:-1]).get(key) if piece >= 0 else None


class Indexed(Entries):
    """An object of a JSON file in any order, with an index of where each entry begins."""

    def __init__(self, text: bytes) -> None:
        """Raises: ValueError where it holds anything but texts and flat objects."""
        import numpy as np

        super().__init__()
        self._text = text
        self._index = array("Q")  # the key's checksum, then where the entry begins
        end = 0
        for match in _ENTRY.finditer(text):
            begin = match.start()
            if begin != end + 1:
                raise ValueError(f"something else at byte {end}")
            end = match.end()
            self._index.append(crc32(match[1]) << 32 | begin)
        if text[end:] != b"}":
            raise ValueError(f"something else at byte {end}")
        np.frombuffer(self._index, np.uint64).sort()

    def _find(self, key: str) -> Any:
        written = _written(key)
        checksum = crc32(written)
        for place in range(bisect_left(self._index, checksum << 32), len(self._index)):
            if self._index[place] >> 32 != checksum:
                break
            match = _ENTRY.match(self._text, self._index[place] & 0xFFFFFFFF)
            if match and match[1] == written:
                return json.loads(match[2])
        return None


def _written(key: str) -> bytes:
    """A key as it stands in JSON, without its quotation marks."""
    return json.dumps(key, ensure_ascii=False).encode("utf-8", "surrogatepass")[1:-1]


def load(voice: str, model: str) -> "Hibari":
    """Load the engine for a voice and its model file, in little memory where this version of hibari allows it.

    Raises: what hibari raises where it cannot be loaded.
    """
    onnxruntime = load_onnxruntime()
    from hibari import Hibari

    try:
        loaded = _lean(voice, model, onnxruntime)
        loaded("Ready.")
    except Exception:  # noqa: BLE001 - anything that another version of hibari may raise
        loaded = Hibari(voice=voice, model=model, threads=1)
        loaded("Ready.")
    return loaded


def _lean(voice: str, model: str, onnxruntime: ModuleType) -> "Hibari":
    import numpy as np
    from hibari import Hibari, tts, voices

    dsp = _transforming_by_numpy()

    class Lean(Hibari):  # type: ignore[misc]  # hibari has no types
        def __init__(self) -> None:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.enable_cpu_mem_arena = False  # it would keep as much memory as the longest line has needed
            options.enable_mem_pattern = False  # one block for a whole line is larger than what it needs at any time
            options.log_severity_level = 3
            self.voice = voice
            self.model_path = model
            self.vocab = json.loads(Path(tts.ASSETS, "vocab.json").read_bytes())
            self.sess = onnxruntime.InferenceSession(self.model_path, options, providers=["CPUExecutionProvider"])
            self._g2p = _rules(british=voices.VOICES[voice]["british"])
            self._running = threading.Lock()  # the model needs 20 MiB for a long line: one at a time

        def from_ids(self, ids: list[int], speed: float = 1.0, rng: Any = None) -> Any:
            if len(ids) < 3:  # nothing between the two ends
                return np.zeros(0, np.float32)
            inputs = {"ids": np.asarray([ids], np.int64), "speed": np.asarray([speed], np.float32)}
            with self._running:
                spectra = self.sess.run(None, inputs)
            return dsp.synth(*(part[0] for part in spectra), rng)

    return Lean()


def _transforming_by_numpy() -> ModuleType:
    """Load a copy of hibari's signal processing that transforms by numpy, which keeps to single precision.

    hibari transforms by scipy where that happens to be installed, and the samples differ in their last bits.
    """
    import numpy as np

    spec = importlib.util.find_spec("hibari.dsp")
    if spec is None or spec.loader is None:
        raise ImportError("hibari has no module dsp")
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    if not (callable(copy.rfft) and callable(copy.irfft)):
        raise TypeError("its transforms have other names")
    copy.rfft = lambda x, axis: np.fft.rfft(x, axis=axis)  # type: ignore[attr-defined]
    copy.irfft = lambda x, n, axis: np.fft.irfft(x, n=n, axis=axis)  # type: ignore[attr-defined]
    return copy


def spelling(*, british: bool) -> "Callable[[str], str]":
    """English by the phonemes of hibari and Kokoro, in little memory where this version of hibari allows it."""
    from hibari import g2p

    try:
        rules: Callable[[str], str] = _rules(british=british)
        rules("Ready.")
    except Exception:  # noqa: BLE001 - as in `load`
        rules = g2p.G2P(british=british)
    return rules


def _rules(*, british: bool) -> Any:
    """hibari's spelling rules with packed word lists."""
    from hibari import g2p

    accent = "gb" if british else "us"
    assets = Path(g2p.ASSETS)
    gold, silver = (Sorted(_unpacked(assets / f"lexicon_{accent}_{kind}.json.gz")) for kind in ("gold", "silver"))
    rules = g2p.G2P.__new__(g2p.G2P)
    rules.lexicon = g2p.Lexicon(gold, silver, british)
    rules.tokenizer = g2p.Tokenizer(json.loads((assets / "tokenizer_exceptions.json").read_bytes()))
    rules.tagger = g2p.Tagger(_tagger(assets / "tagger.json.gz"))
    rules._oov = None
    rules.unk = ""
    rules.british = british
    return rules


def _tagger(path: Path) -> dict[str, Any]:
    """The tagger's model, its weights as text.

    Raises: ValueError where it has no weights.
    """
    text, key = _unpacked(path), b'"weights":'
    begin = text.index(key) + len(key)
    head, weights = text[:begin] + b"{}}", text[begin:-1]
    del text  # else the weights would be there twice while they are read
    return {**json.loads(head), "weights": Indexed(weights)}


def _unpacked(path: Path) -> bytes:
    with gzip.open(path) as file:
        return file.read()
