"""Text -> WAV by Kokoro-82M, from files that the user has: a model (.onnx) and its voices (.bin) in one folder.

Both are under the Apache License 2.0; none comes with audiogen, and nothing is downloaded. onnxruntime, which the
built-in voice brings along, runs the model. Phonemes are those of the program espeak-ng; English needs none.
Its noise is not the same twice, so the same text gives the same length and sound, but not the same bytes.
"""

import functools
import threading
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiogen.errors import Cancelled, Notice, Problem, Remedy, VoiceError
from audiogen.storage.files import is_file
from audiogen.voices import Engine, kept_up
from audiogen.voices.delivery import Delivery, by_sentences
from audiogen.voices.espeak import phonemes_by_espeak
from audiogen.voices.kokoro_phonemes import (
    Speaker,
    marked,
    numbers_of,
    own_sounds,
    phonemes_of,
    speaker_of,
    tables,
    unknown,
)
from audiogen.voices.lexicon import Lexicon, builtin_lexicon
from audiogen.voices.onnx import load_onnxruntime
from audiogen.voices.parts import at_once, packing
from audiogen.voices.pronouncing import said
from audiogen.voices.speaking import digest, lacks_memory, require_words, wav

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 24_000
LONGEST = 510  # phonemes that the model reads at once
_DTYPES = {"tensor(float)": "float32", "tensor(double)": "float64", "tensor(int32)": "int32", "tensor(int64)": "int64"}


class KokoroVoice:
    """Speak by one voice of one model; the first `speak` loads it, once for all threads."""

    sends_to = None
    workers = 1  # which uses all cores

    def __init__(self, model: Path, voices: Path, speaker: Speaker, language: str) -> None:
        """Raises: VoiceError where espeak-ng is needed and missing."""
        self.name = f"kokoro:{speaker.voice}"
        self._model, self._voices = model, voices
        self._speaker, self._language = speaker, language
        self._spoken = phonemes_by_espeak(speaker.espeak) if speaker.espeak else None
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None

    @property
    def lexicon(self) -> Lexicon | None:
        return None if self._spoken else builtin_lexicon()

    def phonetic(self, word: str, phonemes: str) -> str:
        """Return a word with its sounds, as it is read in a text.

        Raises: VoiceError on signs that the model has no sound for.
        """
        sounds = own_sounds(phonemes, english=not self._spoken)
        if signs := unknown(sounds):
            raise VoiceError(Problem("voices.phonemes", subject=word, found=signs))
        return marked(word, sounds)

    def key_of(self, text: str) -> Mapping[str, str]:
        return {
            "engine": "kokoro",
            "runtime": version("onnxruntime"),
            "model": digest(self._model),
            "voices": digest(self._voices),
            "voice": self._speaker.voice,
            "phonemes": f"{self._spoken.version} {self._speaker.words}" if self._spoken else version("hibari-tts"),
            **packing(text),
            "text": text,
        }

    def delivery(self, text: str) -> Delivery:
        return kept_up(by_sentences(text, self._speaker.pace), text, self._language)

    def remarks(self) -> tuple[Notice, ...]:
        """Which of its files are none of those that are known: they may be damaged, or another edition."""
        strange = [path for path in (self._model, self._voices) if digest(path) not in tables().files]
        return tuple(Notice("voices.kokoro-unknown", subject=str(path), found=digest(path)) for path in strange)

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        """Return 16-bit WAV."""
        require_words(text)
        model = self._load()
        spoken = []
        for part in at_once(text):
            numbers = numbers_of(self._phonemes(part))
            for first in range(0, len(numbers), LONGEST):
                if cancel is not None and cancel.is_set():
                    raise Cancelled
                try:
                    spoken.append(model.spoken(numbers[first : first + LONGEST]))
                except Exception as error:
                    failed = VoiceError(Problem("voices.failed", subject=text, found=str(error)))
                    raise lacks_memory(error, self.name) or failed from error
        pcm = b"".join((part.clip(-1.0, 1.0) * 32767.0).round().astype("<i2").tobytes() for part in spoken)
        if not pcm:
            raise VoiceError(Problem("voices.no-sound", subject=text))
        return wav(pcm, RATE)

    def _phonemes(self, text: str) -> str:
        if self._spoken:
            return phonemes_of(said(text, dict(self._speaker.words)), self._spoken)
        return str(_english(british=self._speaker.voice.startswith("b"))(text))

    def _load(self) -> "_Loaded":
        with self._loading:
            if self._loaded is None:
                try:
                    self._loaded = _Loaded(self._model, self._voices, self._speaker.voice)
                except VoiceError:
                    raise
                except Exception as error:  # onnxruntime has many kinds of its own
                    problem = Problem("voices.kokoro-not-loaded", subject=str(self._model.parent), found=str(error))
                    raise lacks_memory(error, self.name) or VoiceError(problem) from error
            return self._loaded


class _Loaded:
    """A model, loaded, and the styles of a voice, one for each number of phonemes."""

    def __init__(self, model: Path, voices: Path, voice: str) -> None:
        import numpy as np

        onnxruntime = load_onnxruntime()
        options = onnxruntime.SessionOptions()
        options.enable_cpu_mem_arena = False  # it would keep as much memory as the longest line has needed
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._kinds = {given.name: _DTYPES.get(given.type, "float32") for given in self._session.get_inputs()}
        self._numbers = next((name for name in ("tokens", "input_ids") if name in self._kinds), "tokens")
        with np.load(voices) as held:
            if voice not in held.files:
                raise VoiceError(Problem("voices.kokoro-voiceless", subject=str(voices), expected=voice))
            self._styles = held[voice]

    def spoken(self, numbers: list[int]) -> "NDArray[np.float32]":
        """The samples of phonemes, by their numbers, at the model's own pace."""
        import numpy as np

        style = self._styles[min(len(numbers), len(self._styles)) - 1].reshape(1, -1)
        given: Mapping[str, Any] = {self._numbers: [[0, *numbers, 0]], "style": style, "speed": [1]}
        inputs = {name: np.asarray(value, self._kinds.get(name)) for name, value in given.items()}
        samples: NDArray[np.float32] = np.asarray(self._session.run(None, inputs)[0], np.float32).ravel()
        return samples


@functools.cache
def _english(*, british: bool) -> Any:
    from audiogen.voices.lean import spelling

    return spelling(british=british)


def open_kokoro(folder: Path | None, language: str) -> KokoroVoice:
    """Open the voice of a folder of files for a language.

    Raises: VoiceError where the folder lacks a file, or there is no voice for the language.
    """
    if folder is None:
        raise VoiceError(Problem("voices.kokoro-unnamed"))
    speaker = speaker_of(language)
    if speaker is None:
        others = (Remedy("gtts-voice", "voice", "gtts"), Remedy("espeak-voice", "voice", "espeak"))
        if language.partition("-")[0].lower() == "ja":
            raise VoiceError(Problem("voices.kokoro-japanese", found=language, remedies=others))
        speaks = ", ".join(tables().languages)
        raise VoiceError(Problem("voices.kokoro-language", expected=speaks, found=language, remedies=others))
    names = tuple(tables().files.values())
    model = _file_in(folder, names[:-1], "*.onnx")
    voices = _file_in(folder, names[-1:], "voices*.bin")
    return _opened(model, voices, model.stat().st_mtime_ns, voices.stat().st_mtime_ns, speaker, language)


@functools.lru_cache(maxsize=1)
def _opened(
    model: Path, voices: Path, _changed_ns: int, _voices_ns: int, speaker: Speaker, language: str
) -> KokoroVoice:
    """Return the same voice again, so that a program that renders many routines loads the model once."""
    return KokoroVoice(model, voices, speaker, language)


def _file_in(folder: Path, names: tuple[str, ...], other: str) -> Path:
    """The first of these files that a folder has, else the only one of another name.

    Raises: VoiceError.
    """
    for name in names:
        if is_file(folder / name):
            return folder / name
    try:
        found = [path for path in folder.glob(other) if is_file(path)]
    except OSError:
        found = []
    if len(found) != 1:
        raise VoiceError(Problem("voices.kokoro-missing", subject=str(folder), expected=names[0]))
    return found[0]


def describe() -> Engine:
    """Describe the engine for `audiogen voices`, without loading it."""
    return Engine("kokoro", "kokoro:FOLDER", tuple(tables().languages), (), None, None)
