"""Text -> WAV by hibari-tts, whose American voice "heart" comes inside its package: English, offline.

Measured on two cores: loading needs about a second, then it speaks 70 times as fast as real time on one thread.
"""

import functools
import threading
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from audiogen.errors import Cancelled, Problem, Remedy, VoiceError
from audiogen.voices import Engine
from audiogen.voices.delivery import Delivery, by_sentences
from audiogen.voices.lexicon import Lexicon, builtin_lexicon
from audiogen.voices.onnx import load_onnxruntime
from audiogen.voices.parts import at_once, packing
from audiogen.voices.phonemes import as_builtin, british, unknown_to_builtin
from audiogen.voices.speaking import lacks_memory, require_words, similar, wav

if TYPE_CHECKING:
    from hibari import Hibari

# The engine changes its speed in steps of 25 ms a sound only, so a speed that is asked for is the stretcher's to make.
# But by itself it speaks too fast, and what it slows itself sounds better than what is stretched as far.
ENGINE_SPEED = 0.85
PACE = 0.89  # of the speech
SEED = 0  # of the noise in the voice, so that the same text gives the same bytes
RATE = 24_000
NAMES = ("heart", "emma", "fable", "fenrir", "kore")
BRITISH = {"emma", "fable"}
IN_THE_PACKAGE = "heart"


class BuiltinVoice:
    """Speak by a voice of hibari; the first `speak` loads the engine, once for all threads."""

    sends_to = None
    workers = 2  # while one line is in the model, another is made into sound, and into its clip

    def __init__(self, variant: str = IN_THE_PACKAGE) -> None:
        self.name = f"builtin:{variant}"
        self._key: Mapping[str, str] = {
            "engine": "hibari",
            "version": version("hibari-tts"),
            "voice": variant,
            "seed": str(SEED),
            "speed": str(ENGINE_SPEED),
            "transforms": "numpy",
        }
        self._variant = variant
        self._loading = threading.Lock()
        self._loaded: Hibari | None = None

    @property
    def lexicon(self) -> Lexicon:
        return builtin_lexicon()

    def phonetic(self, word: str, phonemes: str) -> str:
        """Return the word as the engine reads it with its sounds: "[psoas](/sˈOəs/)".

        Raises: VoiceError on signs that it has no sound for.
        """
        sounds = as_builtin(phonemes)
        if unknown := unknown_to_builtin(sounds):
            raise VoiceError(Problem("voices.phonemes", subject=word, found=unknown))
        if self._variant in BRITISH:
            sounds = british(sounds)
        return f"[{word.strip('[]')}](/{sounds}/)"

    def key_of(self, text: str) -> Mapping[str, str]:
        return {**self._key, **packing(text), "text": text}

    def delivery(self, text: str) -> Delivery:
        return by_sentences(text, PACE)

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        """Return 16-bit WAV: half the size of floats, its noise far below that of this voice.

        Each part of a long text brings the pause around it along, as the engine puts it around a sentence.
        """
        require_words(text)
        spoken = []
        for part in at_once(text):
            if cancel is not None and cancel.is_set():
                raise Cancelled
            spoken.append(self._spoken(part))
        return wav(b"".join(spoken), RATE)

    def _spoken(self, text: str) -> bytes:
        engine = self._engine()
        try:
            samples = engine(text, speed=ENGINE_SPEED, seed=SEED)
        except Exception as error:
            failed = VoiceError(Problem("voices.failed", subject=text, found=str(error)))
            raise lacks_memory(error, self.name) or failed from error
        if not samples.size:
            raise VoiceError(Problem("voices.no-sound", subject=text))
        pcm: bytes = (samples.clip(-1.0, 1.0) * 32767.0).round().astype("<i2").tobytes()
        return pcm

    def _engine(self) -> "Hibari":
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._variant)
            return self._loaded


def _load(variant: str) -> "Hibari":
    try:
        from audiogen.voices.lean import load

        return load(variant, str(_model(variant)))
    except VoiceError:
        raise
    except Exception as error:  # onnxruntime has many kinds of its own, and none in common
        failed = VoiceError(Problem("voices.builtin-not-loaded", found=str(error)))
        raise lacks_memory(error, f"builtin:{variant}") or failed from error


def _model(variant: str) -> Path:
    """Find the model file of a voice; nothing is downloaded."""
    load_onnxruntime()
    from hibari.voices import voice_path

    try:
        return Path(voice_path(variant, download_missing=False))
    except FileNotFoundError as error:
        remedies = (Remedy("builtin-voice", "voice", "builtin"),)
        uninstalled = Problem(
            "voices.builtin-uninstalled", subject=f"builtin:{variant}", expected=str(error), remedies=remedies
        )
        raise VoiceError(uninstalled) from error


def open_builtin(settings: Sequence[str], language: str) -> BuiltinVoice:
    """Open the voice for the settings of a spec: none, or a name.

    Raises: VoiceError on an unknown name, or another language than English.
    """
    variant = settings[0] if settings and settings[0] else IN_THE_PACKAGE
    if variant not in NAMES or len(settings) > 1:
        subject = f"builtin:{':'.join(settings)}"
        remedies = similar(variant, NAMES, "builtin:")
        raise VoiceError(
            Problem("voices.builtin-unknown", subject=subject, expected=", ".join(NAMES), remedies=remedies)
        )
    if language.partition("-")[0].lower() != "en":
        raise VoiceError(Problem("voices.builtin-english", found=language, remedies=_others(language)))
    return _opened(variant)


def _others(language: str) -> tuple[Remedy, ...]:
    """The voices that speak another language."""
    from audiogen.voices import kokoro_phonemes, pico

    found = [Remedy("gtts-voice", "voice", "gtts"), Remedy("espeak-voice", "voice", "espeak")]
    if language.partition("-")[0].lower() in pico.LANGUAGES:
        found.append(Remedy("pico-voice", "voice", "pico"))
    if kokoro_phonemes.speaker_of(language):
        found.append(Remedy("kokoro-voice", "voice", "kokoro:FOLDER"))
    return tuple(found)


@functools.lru_cache(maxsize=1)
def _opened(variant: str) -> BuiltinVoice:
    """Return the same voice again, so that a program that renders many routines loads the engine once."""
    return BuiltinVoice(variant)


def describe() -> Engine:
    """Describe the engine for `audiogen voices`, without loading it."""
    return Engine("builtin", "builtin", ("en",), NAMES[:1], None, None)
