"""Texts + a voice -> clips: spoken audio by text, trimmed, levelled and kept.

Each distinct text is spoken once, side by side where the engine allows, and what has been spoken is kept at once, so
that a later run goes on from there; clips are made of it while the next texts are spoken. A clip is 16-bit mono PCM at
48 kHz of whole milliseconds: its sound begins within 10 ms, its edges are faded, and its level depends on nothing but
itself, so that no edit elsewhere changes it.

numpy, soundfile and soxr are loaded only when a clip is made: planning asks for lengths alone.
"""

import contextlib
import hashlib
import io
import queue
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from audiogen.cache import Cache, key_of, version_of
from audiogen.errors import CacheError, Cancelled, VoiceError
from audiogen.pace import changed_pace, pace_key
from audiogen.voices import Voice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

S = TypeVar("S")
T = TypeVar("T")

__all__ = ["CLIP_VERSION", "Clips", "clip_key", "record", "recorded_lengths"]

CLIP_VERSION = 1  # part of the keys: one more whenever trimming or levelling changes
RATE = 48_000
PER_MS = 48  # samples a millisecond, the grain in which edges and peaks are looked for

SILENT_DBFS = -55.0  # a clip whose peak is below this has nothing in it
FLOOR_DBFS = -66.0  # quieter than this is never sound
START_DB = -40.0  # below the clip's peak: where its sound begins …
END_DB = -45.0  # … and where its decay is over
BEFORE_MS = 5  # kept before the sound
AFTER_MS = 12  # kept after it, and faded out
FADE_IN_MS = 5

SPEECH_DBFS = -16.2  # RMS of the parts in which somebody speaks; measured: -17.8 LUFS
PAUSE_DB = -20.0  # below the loudest 20 ms: a pause, which does not count
PEAK_DBFS = -2.5  # LAME and the decoders' filters add less than 2.5 dB

FINISH_S = 0.5  # what is in flight when a run stops may take this long, and is kept …
ABANDON_S = 0.3  # … and this long to notice that it is no longer wanted


class Clips:
    """The clips of one voice by text.

    `lengths_ms` holds every text that was asked for; `spoken` counts those that the engine had to speak.
    """

    def __init__(self, cache: Cache, voice: Voice, lengths_ms: Mapping[str, int]) -> None:
        self.lengths_ms = dict(lengths_ms)
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
        entry = self._cache.get("clips", clip_key(self._voice, text))
        pcm = entry.body if entry else self._made_again(text)
        if len(pcm) != self.lengths_ms[text] * PER_MS * 2:
            raise CacheError(
                f"The recording of '{text}' changed while it was in use. "
                "Run the same command again; it takes the new one."
            )
        return pcm

    def digest(self, text: str) -> str:
        """SHA-256 of what `pcm` returns, from the entry's header where there is one."""
        header = None if text in self._unkept else self._cache.header("clips", clip_key(self._voice, text))
        return header.sha256 if header else hashlib.sha256(self.pcm(text)).hexdigest()

    def _made_again(self, text: str) -> bytes:
        pcm = _clip(_speech(self._cache, self._voice, text, threading.Event()).sound, self._voice.stretch)
        self._keep(text, pcm)
        return pcm

    def _add(self, text: str, pcm: bytes, spoken: bool) -> None:
        self.lengths_ms[text] = _length_ms(pcm)
        self.spoken += spoken
        self._keep(text, pcm)

    def _keep(self, text: str, pcm: bytes) -> None:
        if not self._cache.put("clips", clip_key(self._voice, text), pcm, _length_ms(pcm)):
            self._unkept[text] = pcm


def clip_key(voice: Voice, text: str) -> str:
    """The key of a clip: all that changes the speech, and all that changes the clip made of it."""
    return key_of(
        speech=_speech_key(voice, text),
        clip=CLIP_VERSION,
        speech_dbfs=SPEECH_DBFS,
        peak_dbfs=PEAK_DBFS,
        decoder=version_of("soundfile"),
        resampler=version_of("soxr"),
        **pace_key(voice.stretch),
    )


def recorded_lengths(cache: Cache, voice: Voice, texts: Sequence[str]) -> dict[str, int]:
    """The lengths of those texts that are on disk already; reads one line of each."""
    found = {text: cache.length_ms("clips", clip_key(voice, text)) for text in dict.fromkeys(texts)}
    return {text: length_ms for text, length_ms in found.items() if length_ms is not None}


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
    clips.lengths_ms.update(recorded_lengths(cache, voice, added))
    missing = [text for text in dict.fromkeys(texts) if text not in clips.lengths_ms]

    def speak(text: str, abandoned: threading.Event) -> _Speech:
        return _speech(cache, voice, text, abandoned)

    def make(speech: _Speech) -> tuple[str, bytes, bool]:
        return speech.text, _clip(speech.sound, voice.stretch), speech.spoken

    report = progress if progress and missing else lambda _done, _total: None
    report(0, len(missing))
    with contextlib.closing(_side_by_side(speak, make, missing, voice.workers, cancel)) as finished:
        for done, made in enumerate(finished, 1):
            clips._add(*made)
            report(done, len(missing))
    return clips


def _side_by_side(
    first: Callable[[str, threading.Event], S],
    then: Callable[[S], T],
    texts: Sequence[str],
    workers: int,
    cancel: threading.Event | None,
) -> Generator[T]:
    """What the two steps make of each text, as it gets done; the first error is raised here and stops the others.

    The first step is done for so many texts at once as there are workers, in order; the second takes none of their
    places. The first gets an event that is set when nobody waits for it any more. The threads are daemons and no
    executor's, which would wait for one that hangs in a name look-up.
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

    threads = [threading.Thread(target=run, daemon=True) for _ in range(min(2 * workers, len(texts)))]
    for thread in threads:
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
        _join(threads, FINISH_S)
        abandoned.set()
        _join(threads, ABANDON_S)


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
    """A text as the voice gave it, readable and not silent; `spoken` where the engine had to speak."""

    text: str
    sound: "_Sound"
    spoken: bool


class _Sound(NamedTuple):
    """Mono samples at a rate of any kind."""

    samples: "Samples"
    rate: int


def _speech(cache: Cache, voice: Voice, text: str, abandoned: threading.Event) -> _Speech:
    """The speech of a text, from disk or from the engine; it is kept once it is known to be good."""
    key = _speech_key(voice, text)
    with cache.claimed(key, abandoned):  # by now somebody else may have spoken it
        kept = cache.get("speech", key)
        if kept is not None:
            with contextlib.suppress(VoiceError):  # kept by a version that could read it: speak it again
                return _Speech(text, _heard(kept.body, text), False)
        speech = voice.speak(text, abandoned)
        sound = _heard(speech, text)
        cache.put("speech", key, speech, round(len(sound.samples) / sound.rate * 1000))
        return _Speech(text, sound, True)


def _speech_key(voice: Voice, text: str) -> str:
    return key_of(**voice.key_of(text))


def _length_ms(pcm: bytes) -> int:
    return len(pcm) // (PER_MS * 2)


def _heard(speech: bytes, text: str) -> _Sound:
    """A whole audio file, decoded.

    Raises: VoiceError where it is none, or there is nothing to hear in it.
    """
    import numpy as np
    import soundfile

    try:
        samples, rate = soundfile.read(io.BytesIO(speech), dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise VoiceError(f"The voice gave no readable audio for '{text}': {error}") from error
    mono = np.nan_to_num(samples.mean(axis=1))  # a float WAV may hold what is no number
    if np.abs(mono).max(initial=0.0) < _ratio(SILENT_DBFS):
        raise VoiceError(f"The voice gave only silence for '{text}'.")
    return _Sound(mono, rate)


def _clip(sound: _Sound, stretch: float = 1.0) -> bytes:
    """Speech -> PCM, 16 bit, whole milliseconds."""
    import numpy as np
    import soxr

    speech = _trimmed(changed_pace(soxr.resample(sound.samples, sound.rate, RATE, "VHQ"), stretch))
    clip = _faded(_limited(speech * _gain(speech)))
    padded = np.pad(clip, (0, -len(clip) % PER_MS))
    return np.rint(padded * 32767).astype("<i2").tobytes()


def _trimmed(sound: "Samples") -> "Samples":
    """The sound without the silence around it."""
    import numpy as np

    peaks = _peaks(sound)
    loudest = peaks.max(initial=0.0)
    floor = _ratio(FLOOR_DBFS)
    first = int(np.argmax(peaks > max(loudest * _ratio(START_DB), floor)))
    last = len(peaks) - 1 - int(np.argmax(peaks[::-1] > max(loudest * _ratio(END_DB), floor)))
    return sound[max(0, first - BEFORE_MS) * PER_MS : (last + 1 + AFTER_MS) * PER_MS]


def _gain(sound: "Samples") -> float:
    """What brings the speech, its pauses left out, to its level."""
    import numpy as np

    window = 20 * PER_MS
    squares = np.pad(sound.astype(np.float64) ** 2, (0, -len(sound) % window)).reshape(-1, window).mean(axis=1)
    spoken = squares[squares >= squares.max() * _ratio(PAUSE_DB) ** 2]
    return _ratio(SPEECH_DBFS) / float(np.sqrt(spoken.mean()))


def _limited(sound: "Samples") -> "Samples":
    """The sound with its peaks turned down to the ceiling, smoothly over some milliseconds around each.

    The gain of a millisecond is the mean over 4 ms to each side of the least gain that is needed within 5 ms of
    there, so it never is more than what that millisecond and its neighbours need.
    """
    import numpy as np

    ceiling = _ratio(PEAK_DBFS)
    needed = ceiling / np.maximum(_peaks(sound), ceiling)
    windows = np.lib.stride_tricks.sliding_window_view
    least = windows(np.pad(needed, 5, mode="edge"), 11).min(axis=1)
    smooth = windows(np.pad(least, 4, mode="edge"), 9).mean(axis=1)
    middles = np.arange(len(smooth)) * PER_MS + PER_MS / 2
    gain = np.interp(np.arange(len(sound)), middles, smooth).astype(np.float32)
    limited: Samples = np.clip(sound * gain, -ceiling, ceiling)
    return limited


def _faded(sound: "Samples") -> "Samples":
    import numpy as np

    for edge, length_ms in ((sound, FADE_IN_MS), (sound[::-1], AFTER_MS)):
        ramp = np.sin(np.linspace(0.0, np.pi / 2, length_ms * PER_MS, dtype=np.float32)) ** 2
        edge[: len(ramp)] *= ramp[: len(edge)]
    return sound


def _peaks(sound: "Samples") -> "Samples":
    """The loudest sample of each millisecond."""
    import numpy as np

    peaks: Samples = np.abs(np.pad(sound, (0, -len(sound) % PER_MS))).reshape(-1, PER_MS).max(axis=1)
    return peaks


def _ratio(decibels: float) -> float:
    return float(10 ** (decibels / 20))
