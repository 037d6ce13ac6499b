"""The tones of a session: computed ones of a set, or a user's own files, as sound of exactly their planned length.

    Mix + Cache -> sound by role

Three to learn: one upwards starts the work, a low one ends it (a lower one when all is finished), a tick counts down.
A soft one up or down begins a phase, a small one stands for words, a breath of noise wakes earbuds. They are told
apart with eyes closed, begin softly, and are heard from a phone's speaker.

Each begins and ends at zero, and its first sample is its onset. One that rings on does so beyond its place, until
something else sounds: its place alone is part of the timeline.

numpy is loaded only when a tone is computed, pydub when a segment is made: a track of cached blocks needs neither.
"""

import contextlib
import functools
import hashlib
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from audiogen.audio.pcm import RATE, SAMPLE_BYTES, SAMPLES_PER_MS, ratio
from audiogen.errors import Problem, SoundError
from audiogen.routine.settings import LOUDNESSES
from audiogen.script import TONE_MS
from audiogen.storage.cache import Cache, key_of, version_of
from audiogen.timeline.model import EDITION, Mix, OwnSound
from audiogen.track.tones.own import own_key, prepared
from audiogen.track.tones.sets import COMPUTED, decay_of, recipe

if TYPE_CHECKING:
    from pydub import AudioSegment

__all__ = ["COMPUTED", "Tones", "decay_in", "segment", "tone"]

PEAK_DBFS = -3.0  # of a tone however loud it is set: the way between samples may add 1.5 dB


class Tones:
    """The tones of one session by role, cached on disk.

    This is where everybody gets them who plays, encodes or measures a session, from its timeline's mix. What is asked
    for raises SoundError where it is a user's own file that is not at hand: on another machine, in an emptied cache.
    """

    def __init__(self, mix: Mix, cache: Cache) -> None:
        self._set = mix.sounds
        self._louder_db = mix.lufs - LOUDNESSES[0]  # a louder track has louder tones
        self._levels = mix.levels
        self._own = {sound.role: sound for sound in mix.own}
        self._cache = cache
        self._loaded: dict[str, AudioSegment] = {}

    def segment(self, role: str) -> "AudioSegment":
        """The tone of a role and all of its ring, as pydub holds it.

        Reading it from disk is a hundred times faster than computing it.
        """
        if role not in self._loaded:
            self._loaded[role] = self._read(role) or self._made(role)
        return self._loaded[role]

    def pcm(self, role: str) -> bytes:
        """The same without its ring, as 16-bit little-endian mono samples at 48 kHz."""
        return bytes(self.segment(role).raw_data)[: (self.length_ms(role) or 0) * SAMPLES_PER_MS * SAMPLE_BYTES]

    def key(self, role: str) -> str:
        """What distinguishes this sound from any other; cheap to get."""
        plain = own_key(self._own[role].sha256) if role in self._own else _tone_key(role, self._set)
        gain_db = self._gain_db(role)
        return key_of(tone=plain, gain_db=gain_db) if gain_db else plain

    def length_ms(self, role: str) -> int | None:
        """How long a role's tone is without its ring; None where there is no such tone."""
        if role in self._own:
            return self._own[role].length_ms
        return TONE_MS.get(role) if self._set in COMPUTED else None

    def _gain_db(self, role: str) -> int:
        return self._louder_db + self._levels.get(role, 0)

    def _read(self, role: str) -> "AudioSegment | None":
        entry = self._cache.get("clips", self.key(role))
        decay = 0 if role in self._own else decay_of(role, self._set)
        size = ((self.length_ms(role) or 0) + decay) * SAMPLES_PER_MS * SAMPLE_BYTES
        return segment(entry.body) if entry and len(entry.body) == size else None

    def _made(self, role: str) -> "AudioSegment":
        plain = _made_again(self._own[role]) if role in self._own else _whole(role, self._set)
        gain_db = self._gain_db(role)
        made = plain.apply_gain(min(gain_db, PEAK_DBFS - plain.max_dBFS)) if gain_db else plain
        self._cache.put("clips", self.key(role), bytes(made.raw_data), len(made))
        return made


def _made_again(own: OwnSound) -> "AudioSegment":
    """A user's own sound that the cache could not keep, or has no longer."""
    body = b""
    if own.path is not None:
        with contextlib.suppress(OSError):
            body = own.path.read_bytes()
    if hashlib.sha256(body).hexdigest() != own.sha256:
        raise SoundError(Problem("track.sound-changed", subject=own.role, found=own.file))
    return segment(prepared(body, Path(own.file)))


def decay_in(mix: Mix, role: str) -> int:
    """How much longer than its place a role's tone may ring in a session; a user's own file rings within its place.

    For how long the tones of another edition rang is not known.
    """
    return 0 if mix.edition != EDITION or any(own.role == role for own in mix.own) else decay_of(role, mix.sounds)


@functools.cache
def tone(role: str, sound_set: str = "bells") -> "AudioSegment":
    """The computed tone of that role without its ring: 16 bit, mono, 48 kHz, exactly `TONE_MS[role]` * 48 samples."""
    whole = _whole(role, sound_set)
    return segment(whole.raw_data[: TONE_MS[role] * SAMPLES_PER_MS * SAMPLE_BYTES])


@functools.cache
def _whole(role: str, sound_set: str) -> "AudioSegment":
    import numpy as np

    sound, peak_dbfs = recipe(role, sound_set)
    whole_ms = TONE_MS[role] + decay_of(role, sound_set)
    if len(sound) != whole_ms * SAMPLES_PER_MS:
        raise ValueError(f"the tone {role!r} lasts {len(sound)} samples, not {whole_ms} ms")
    loudest = ratio(peak_dbfs) * 32767
    return segment(np.rint(sound / np.abs(sound).max() * loudest).astype("<i2").tobytes())


@functools.cache
def _tone_key(role: str, sound_set: str) -> str:
    return key_of(tone=role, set=sound_set, version=EDITION, numpy=version_of("numpy"))


def segment(pcm: bytes) -> "AudioSegment":
    """16-bit little-endian mono PCM at 48 kHz as pydub holds it."""
    return _pydub()(data=pcm, sample_width=SAMPLE_BYTES, frame_rate=RATE, channels=1)


@functools.cache
def _pydub() -> "type[AudioSegment]":
    with warnings.catch_warnings():
        # pydub looks for ffmpeg as it is imported; nothing here needs one.
        warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning)
        # It uses the arithmetic of audioop, which left Python in 3.13 (audioop-lts stands in from there).
        warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
        # Its regular expressions are not raw strings; Python 3.12+ warns when it compiles them, 3.11 mentions it.
        warnings.filterwarnings("ignore", ".*invalid escape sequence", SyntaxWarning)
        warnings.filterwarnings("ignore", ".*invalid escape sequence", DeprecationWarning)
        from pydub import AudioSegment
    loaded: type[AudioSegment] = AudioSegment
    return loaded
