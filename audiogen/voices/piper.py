"""Text -> WAV by a Piper voice that the user has: a model file (.onnx), its settings (.onnx.json) next to it.

Piper is an extra (`audiogen[piper]`), since its licence is the GPL: nothing of it is imported before a voice speaks.
Its noise is switched off, so that the same text always gives the same bytes.
"""

import functools
import importlib.util
import threading
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, ValidationError

from audiogen.errors import Cancelled, Problem, Remedy, VoiceError
from audiogen.errors.foreign import first_mistake
from audiogen.storage.files import is_file
from audiogen.voices import Engine, kept_up
from audiogen.voices.delivery import Delivery, by_sentences
from audiogen.voices.onnx import load_onnxruntime
from audiogen.voices.parts import at_once, packing
from audiogen.voices.phonemes import as_ipa
from audiogen.voices.speaking import digest, lacks_memory, require_words, unreadable, wav

if TYPE_CHECKING:
    from piper import PiperVoice as Engaged

DEFAULT_LENGTH = 1.25  # of its phonemes: the pace of the built-in voice, 178 words a minute within a cue
OFFLINE = ("espeak", "text", "hebrew")  # kinds of phonemes; for others Piper downloads models or dictionaries
PACE = 1.0  # of the speech
PAUSE_MS = 350  # between sentences, which it speaks one by one


class _Inference(BaseModel):
    length_scale: Annotated[float, Field(gt=0, le=100)] = 1.0


class _Language(BaseModel):
    code: str = ""


class _Espeak(BaseModel):
    voice: str


class _Settings(BaseModel):
    """What is read of a voice's settings; Piper reads the rest."""

    espeak: _Espeak
    language: _Language = _Language()
    phoneme_type: str | None = None
    inference: _Inference = _Inference()


class PiperVoice:
    """Speak by one model; the first `speak` loads it, once for all threads."""

    sends_to = None
    workers = 2  # each of them uses several cores already

    def __init__(self, model: Path, length_scale: float, language: str) -> None:
        self.name = f"piper:{model.stem}"
        self._model = model
        self._language = language
        self._length = round(length_scale * DEFAULT_LENGTH, 4)
        self._loading = threading.Lock()
        self._loaded: Engaged | None = None

    lexicon = None

    def phonetic(self, word: str, phonemes: str) -> str:  # noqa: ARG002 - the protocol's
        """Return phonemes as Piper reads them in a text."""
        return f"[[ {as_ipa(phonemes)} ]]"

    def key_of(self, text: str) -> Mapping[str, str]:
        return {
            "engine": "piper",
            "version": version("piper-tts"),
            "runtime": version("onnxruntime"),
            "model": digest(self._model),
            "settings": digest(_settings_path(self._model)),
            "length": str(self._length),
            "pause_ms": str(PAUSE_MS),
            **packing(text),
            "text": text,
        }

    def delivery(self, text: str) -> Delivery:
        return kept_up(by_sentences(text, PACE), text, self._language)

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        """Return 16-bit WAV."""
        require_words(text)
        engine = self._engine()
        from piper import SynthesisConfig

        quiet = SynthesisConfig(length_scale=self._length, noise_scale=0.0, noise_w_scale=0.0)
        sentences: list[bytes] = []
        for part in at_once(text):
            if cancel is not None and cancel.is_set():
                raise Cancelled
            try:
                sentences += [chunk.audio_int16_bytes for chunk in engine.synthesize(part, quiet)]
            except Exception as error:
                failed = VoiceError(Problem("voices.failed", subject=text, found=str(error)))
                raise lacks_memory(error, self.name) or failed from error
        rate = engine.config.sample_rate
        spoken = bytes(rate * PAUSE_MS // 1000 * 2).join(sentences)
        if not spoken:
            raise VoiceError(Problem("voices.no-sound", subject=text))
        return wav(spoken, rate)

    def _engine(self) -> "Engaged":
        with self._loading:
            if self._loaded is None:
                try:
                    load_onnxruntime()
                    from piper import PiperVoice as Engaged

                    self._loaded = Engaged.load(
                        self._model, _settings_path(self._model), download_dir=self._model.parent
                    )
                except Exception as error:
                    failed = VoiceError(Problem("voices.piper-not-loaded", subject=str(self._model), found=str(error)))
                    raise lacks_memory(error, self.name) or failed from error
            return self._loaded


def open_piper(model: Path | None, language: str) -> PiperVoice:
    """Open the voice of a model file.

    Raises: VoiceError where the extra, the model or its settings are missing, or the voice speaks another language or
    would download something.
    """
    if model is None:
        raise VoiceError(Problem("voices.piper-unnamed"))
    if missing := _missing():
        raise VoiceError(missing)
    path = _settings_path(model)
    if not is_file(model):
        raise VoiceError(Problem("voices.piper-missing", subject=str(model)))
    if not is_file(path):
        raise VoiceError(Problem("voices.piper-settings-missing", subject=str(path)))
    try:
        settings = _Settings.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise VoiceError(Problem("voices.piper-settings", subject=str(path), found=first_mistake(error))) from error
    except OSError as error:
        raise VoiceError(unreadable(path, error)) from error
    speaks, phonemes = settings.language.code or settings.espeak.voice, settings.phoneme_type or OFFLINE[0]
    if phonemes not in OFFLINE:
        others = (Remedy("espeak-voice", "voice", "espeak"), Remedy("gtts-voice", "voice", "gtts"))
        raise VoiceError(Problem("voices.piper-downloads", subject=str(model), found=phonemes, remedies=others))
    if _base(speaks) != _base(language):
        raise VoiceError(Problem("voices.other-language", subject=f"piper:{model.stem}", expected=language))
    return _opened(model, path.stat().st_mtime_ns, settings.inference.length_scale, language)


@functools.lru_cache(maxsize=1)
def _opened(model: Path, _changed_ns: int, length_scale: float, language: str) -> PiperVoice:
    """Return the same voice again, so that a program that renders many routines loads the model once."""
    return PiperVoice(model, length_scale, language)


def describe() -> Engine:
    """Describe the engine for `audiogen voices`, without loading it."""
    return Engine("piper", "piper:en_US-joe-medium.onnx", ("that of the voice file",), (), None, _missing())


def _missing() -> Problem | None:
    """Why Piper does not work here, None where it does."""
    if importlib.util.find_spec("piper"):
        return None
    return Problem("voices.no-piper", remedies=(Remedy("install-piper"),))


def _settings_path(model: Path) -> Path:
    return model.with_name(f"{model.name}.json")


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
