"""Texts + a voice -> clips: spoken audio by text, trimmed, levelled and cached.

Each distinct text is spoken once, side by side where the engine allows, and what has been spoken is cached at once, so
that a later run goes on from there; clips are made of it while the next texts are spoken. A clip depends on nothing but
its text, its voice and how loud the session is, so no edit elsewhere changes it.

Nothing that makes a clip is loaded before one is made: planning asks for lengths alone.
"""

import contextlib
import hashlib
import queue
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from audiogen.audio.pcm import SAMPLE_BYTES, SAMPLES_PER_MS
from audiogen.clips.make import clip_of, decoded, making_key
from audiogen.errors import CacheError, Cancelled, Problem, VoiceError
from audiogen.routine.settings import LOUDNESSES
from audiogen.storage.cache import Cache, key_of
from audiogen.voices import Voice
from audiogen.voices.delivery import Delivery

if TYPE_CHECKING:
    from audiogen.clips.make import Take

S = TypeVar("S")
T = TypeVar("T")

FINISH_S = 0.5  # what is in flight when a run stops may take this long, and is cached …
ABANDON_S = 0.3  # … and this long to notice that it is no longer wanted


class Clips:
    """The clips of one voice by text, at one loudness.

    `lengths_ms` holds every text that was asked for; `spoken` counts those that the engine had to speak.
    """

    def __init__(self, cache: Cache, voice: Voice, lengths_ms: Mapping[str, int], lufs: float = LOUDNESSES[0]) -> None:
        self.lengths_ms = dict(lengths_ms)
        self.lufs = lufs
        self.spoken = 0
        self._cache = cache
        self._voice = voice
        self._unkept: dict[str, bytes] = {}  # what the cache could not take

    def pcm(self, text: str) -> bytes:
        """Samples as 16-bit little-endian, exactly `lengths_ms[text]` * 48 of them.

        An entry that was damaged or deleted since it was recorded is made again.

        Raises: CacheError where the new one has another length, so that the timeline no longer holds.
        """
        if text in self._unkept:
            return self._unkept[text]
        entry = self._cache.get("clips", self._key(text))
        pcm = entry.body if entry else self._made_again(text)
        if len(pcm) != self.lengths_ms[text] * SAMPLES_PER_MS * SAMPLE_BYTES:
            raise CacheError(Problem("clips.changed", subject=text))
        return pcm

    def digest(self, text: str) -> str:
        """SHA-256 of what `pcm` returns, from the entry's header where there is one."""
        header = None if text in self._unkept else self._cache.header("clips", self._key(text))
        return header.sha256 if header else hashlib.sha256(self.pcm(text)).hexdigest()

    def _made_again(self, text: str) -> bytes:
        speech = _speech(self._cache, self._voice, text, threading.Event())
        pcm = clip_of(speech.takes, self._voice.delivery(text), self.lufs)
        self._keep(text, pcm)
        return pcm

    def _find(self, texts: Sequence[str]) -> None:
        """Note those that are on disk, at this loudness."""
        for text in dict.fromkeys(texts):
            length_ms = self._cache.length_ms("clips", self._key(text))
            if length_ms is not None:
                self.lengths_ms[text] = length_ms

    def _add(self, text: str, pcm: bytes, spoken: bool) -> None:
        self.lengths_ms[text] = _length_ms(pcm)
        self.spoken += spoken
        self._keep(text, pcm)

    def _keep(self, text: str, pcm: bytes) -> None:
        if not self._cache.put("clips", self._key(text), pcm, _length_ms(pcm)):
            self._unkept[text] = pcm

    def _key(self, text: str) -> str:
        return clip_key(self._voice, text, self.lufs)


def clip_key(voice: Voice, text: str, lufs: float = LOUDNESSES[0]) -> str:
    """The key of a clip: all that changes the speech, and all that changes the clip made of it."""
    return _clip_key(voice.delivery(text), _speech_keys(voice, text), lufs)


def _clip_key(delivery: Delivery, speech_keys: Sequence[str], lufs: float) -> str:
    return key_of(speech=" ".join(speech_keys), **making_key(delivery, lufs))


def recorded_lengths(cache: Cache, voice: Voice, texts: Sequence[str]) -> dict[str, int]:
    """The lengths of those texts that are on disk already, as loud as it may be; reads one line of each."""
    lengths = {text: _recorded_ms(cache, voice, text) for text in dict.fromkeys(texts)}
    return {text: length_ms for text, length_ms in lengths.items() if length_ms is not None}


def is_recorded(cache: Cache, voice: Voice, texts: Sequence[str]) -> bool:
    """Whether all of these texts are recorded."""
    return all(
        all(cache.header("speech", key) for key in _speech_keys(voice, text))
        or _recorded_ms(cache, voice, text) is not None
        for text in dict.fromkeys(texts)
    )


def _recorded_ms(cache: Cache, voice: Voice, text: str) -> int | None:
    """A clip's length, which is the same at every loudness."""
    delivery, speech_keys = voice.delivery(text), _speech_keys(voice, text)
    lengths = (cache.length_ms("clips", _clip_key(delivery, speech_keys, lufs)) for lufs in LOUDNESSES)
    return next((length_ms for length_ms in lengths if length_ms is not None), None)


def record(
    cache: Cache,
    voice: Voice,
    texts: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
    earlier: Clips | None = None,
) -> Clips:
    """Clips of all texts; what is not on disk is spoken now, each distinct text once, in the order given.

    Texts may be added to `earlier` clips of the same voice; these are then what is returned.
    `progress(done, total)` counts missing texts from 0 on and is called from this thread only. The first error
    stops the rest; what was recorded until then stays on disk.

    Raises: VoiceError, Unreachable, Cancelled.
    """
    clips = earlier or Clips(cache, voice, {})
    added = [text for text in texts if text not in clips.lengths_ms]
    clips._find(added)
    missing = [text for text in dict.fromkeys(texts) if text not in clips.lengths_ms]

    def speak(text: str, abandoned: threading.Event) -> _Speech:
        return _speech(cache, voice, text, abandoned)

    def make(speech: _Speech) -> tuple[str, bytes, bool]:
        return speech.text, clip_of(speech.takes, voice.delivery(speech.text), clips.lufs), speech.spoken

    report = progress if progress and missing else lambda _done, _total: None
    report(0, len(missing))
    # A network leaves time to make clips meanwhile; an engine on this machine keeps a core of its own busy, of two.
    threads = voice.workers * 2 if voice.sends_to else max(2, voice.workers)
    far = voice.sends_to is not None
    with contextlib.closing(_side_by_side(speak, make, missing, voice.workers, threads, cancel, far)) as finished:
        for done, made in enumerate(finished, 1):
            clips._add(*made)
            report(done, len(missing))
    return clips


def _side_by_side(
    first: Callable[[str, threading.Event], S],
    then: Callable[[S], T],
    texts: Sequence[str],
    workers: int,
    threads: int,
    cancel: threading.Event | None,
    far: bool,
) -> Generator[T]:
    """What the two steps make of each text, as it gets done; the first error is raised here and stops the others.

    The first step is done for so many texts at once as there are workers, in order; the second takes none of their
    places, where there are more threads than these. The first gets an event that is set when nobody waits for it any
    more.

    Threads that wait for a service `far` away are daemons and no executor's, which would wait for one that hangs in a
    name look-up. A program that ends waits for the others: where one came back from C++ to a Python that is taken
    apart, the process would be aborted.
    """
    waiting = iter(texts)
    finished: queue.SimpleQueue[T | Exception] = queue.SimpleQueue()
    places = threading.Semaphore(workers)
    stop, abandoned, taking = threading.Event(), threading.Event(), threading.Lock()

    def next_text() -> str | None:
        with taking:
            return None if stop.is_set() else next(waiting, None)

    def run() -> None:
        try:
            while True:
                with places:
                    text = next_text()
                    if text is None:
                        return
                    begun = first(text, abandoned)
                finished.put(then(begun))
        except Exception as error:  # noqa: BLE001 - raised again in the calling thread
            stop.set()
            finished.put(error)

    running = [threading.Thread(target=run, daemon=far) for _ in range(min(threads, len(texts)))]
    for thread in running:
        thread.start()
    try:
        for _ in texts:
            result = _next(finished, cancel)
            if isinstance(result, Exception):
                raise result
            yield result
    except (Cancelled, KeyboardInterrupt):
        abandoned.set()
        raise
    finally:
        stop.set()
        _join(running, FINISH_S)
        abandoned.set()
        _join(running, ABANDON_S)


def _join(threads: Sequence[threading.Thread], patience_s: float) -> None:
    until = time.monotonic() + patience_s
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


def _next(finished: "queue.SimpleQueue[T]", cancel: threading.Event | None) -> T:
    while True:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        with contextlib.suppress(queue.Empty):
            return finished.get(timeout=0.1)


class _Speech(NamedTuple):
    """A text as the voice gave it; `spoken` where the engine had to speak."""

    text: str
    takes: "tuple[Take, ...]"
    spoken: bool


def _speech(cache: Cache, voice: Voice, text: str, abandoned: threading.Event) -> _Speech:
    """The speech of a text, part by part."""
    parts = [_part(cache, voice, part, abandoned) for part in voice.delivery(text).parts]
    return _Speech(text, tuple(take for take, _ in parts), any(spoken for _, spoken in parts))


def _part(cache: Cache, voice: Voice, text: str, abandoned: threading.Event) -> "tuple[Take, bool]":
    """A part of a text from disk, or else spoken by the engine; it is cached once it is known to be good."""
    key = key_of(**voice.key_of(text))
    with cache.claimed(key, abandoned):  # by now somebody else may have spoken it
        cached = cache.get("speech", key)
        if cached is not None:
            with contextlib.suppress(VoiceError):  # cached by a version that could read it: speak it again
                return decoded(cached.body, text), False
        speech = voice.speak(text, abandoned)
        take = decoded(speech, text)
        cache.put("speech", key, speech, take.length_ms)
        return take, True


def _speech_keys(voice: Voice, text: str) -> list[str]:
    return [key_of(**voice.key_of(part)) for part in voice.delivery(text).parts]


def _length_ms(pcm: bytes) -> int:
    return len(pcm) // (SAMPLES_PER_MS * SAMPLE_BYTES)
