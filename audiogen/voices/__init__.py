"""A text and the name of a voice -> spoken audio, as the engine returns it.

How to add a voice, in two files:

1. Write `voices/ENGINE.py`. Its class has the attributes and methods of `Voice`; its function `open_ENGINE` returns one
   for the settings of a spec, and `describe` returns its `Engine` for lists. Catch everything that the engine raises
   there and raise `VoiceError` instead, such as ``VoiceError(Problem("voices.failed", subject=text, found=reason))``,
   or `Unreachable` if the network or the service cannot be reached.
   A voice that can be given the sounds of words has the members of `Phonetic`, too.
2. Here, add a case to `_open_engine` and a line to `engines`.

The rest of the program does not know the engines: `clips` trims and levels what `speak` returns.
"""

import functools
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from audiogen.errors import Notice, Problem, VoiceError
from audiogen.voices.delivery import Delivery, by_sentences

if TYPE_CHECKING:
    from audiogen.routine.voice_spec import VoiceSpec
    from audiogen.voices.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Manner:
    """How texts are to be spoken, by any voice.

    At `speed` 1.0 a voice speaks at its default pace, about 150 words a minute with its pauses. `pronounce` maps words
    to how they are said, in letters or as phonemes between slashes. `fill` is the spec of the voice that speaks the
    lines that are missing in recordings.
    """

    speed: float = 1.0
    pronounce: Mapping[str, str] = field(default_factory=dict)
    fill: "VoiceSpec | None" = None


class Voice(Protocol):
    """One engine with its settings. Opening one is cheap: the engine itself is loaded by the first `speak`."""

    @property
    def name(self) -> str:
        """As written in timelines and messages: "gtts:en:com", "builtin:heart"."""
        ...

    @property
    def workers(self) -> int:
        """How many texts may be spoken at once, each in a thread of its own."""
        ...

    @property
    def sends_to(self) -> str | None:
        """The service that receives the texts, in words, or None if nothing leaves this machine."""
        ...

    def key_of(self, text: str) -> Mapping[str, str]:
        """Everything that changes what `speak` returns: the text as spoken, engine, version, language, seed …"""
        ...

    def delivery(self, text: str) -> Delivery:
        """How the clip of a text is made: what of it is spoken at once, and the pace that this is brought to."""
        ...

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        """Return a whole audio file, in any format that libsndfile reads, at the engine's own pace.

        An engine that waits (for a network, a program) looks at `cancel` meanwhile, and raises `Cancelled` well
        within a second after it is set.

        Raises: VoiceError, Unreachable, Cancelled.
        """
        ...


@runtime_checkable
class Selective(Protocol):
    """A voice that has only certain texts: those that were recorded."""

    @property
    def filler(self) -> str | None:
        """The name of the voice that speaks the others, if one may."""
        ...

    def missing(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The texts that are not recorded."""
        ...

    def require(self, texts: Sequence[str]) -> None:
        """Check, before anything is spoken, that all texts can be spoken.

        Raises: VoiceError that lists all missing texts.
        """
        ...


@runtime_checkable
class Phonetic(Protocol):
    """A voice that can be given the sounds of a word, between slashes in `pronounce`."""

    @property
    def lexicon(self) -> "Lexicon | None":
        """The sounds of the words that it would say wrong, if these are known."""
        ...

    def phonetic(self, word: str, phonemes: str) -> str:
        """Return what the voice reads as a word with these sounds.

        Raises: VoiceError on signs that it has no sound for.
        """
        ...


@runtime_checkable
class Worded(Protocol):
    """A voice that speaks other words than are written: "thirty seconds" for "30s"."""

    def spoken(self, text: str) -> str:
        """Return what the engine is given for a text."""
        ...

    def unused(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return the words in these texts whose phonemes the voice cannot take."""
        ...


@runtime_checkable
class Remarked(Protocol):
    """A voice about which a user should know something before it speaks."""

    def remarks(self) -> "tuple[Notice, ...]":
        """Return what that is."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine as `audiogen voices` shows it."""

    name: str
    example: str  # a spec that works, for --voice
    languages: tuple[str, ...]
    variants: tuple[str, ...]  # accents or voices, as written in a spec
    sends_to: str | None
    missing: Problem | None  # why it does not work here, and what to install; None where it does


_DEFAULT = Manner()


def open_voice(spec: "str | VoiceSpec", language: str, manner: Manner = _DEFAULT) -> Voice:
    """Open the voice that a spec names, for texts in a language such as "en" or "pt-BR".

    Specs: `gtts`, `gtts:LANGUAGE`, `gtts:LANGUAGE:ACCENT`, `builtin`, `builtin:NAME`, `espeak`, `espeak:LANGUAGE`,
    `pico`, `pico:LANGUAGE`, `piper:FILE.onnx`, `kokoro:FOLDER`, `recordings:FOLDER`.

    Raises: VoiceError where no such voice exists, or where it does not speak the language.
    """
    if isinstance(spec, str):
        from audiogen.routine.voice_spec import VoiceSpec

        spec = VoiceSpec.parse(spec)
    if spec.engine == "recordings":
        from audiogen.voices.recordings import open_recordings

        return open_recordings(spec.file, language, manner)
    voice = _open_engine(spec, language)
    if voice is None:
        raise VoiceError(Problem("voices.unknown", subject=str(spec)))
    from audiogen.voices.pronouncing import Pronouncing

    return Pronouncing(voice, manner.pronounce, language, manner.speed)


def _open_engine(spec: "VoiceSpec", language: str) -> Voice | None:
    settings = spec.settings.split(":") if spec.settings else []
    match spec.engine:
        case "gtts":
            from audiogen.voices.gtts import open_gtts

            return open_gtts(settings, language)
        case "builtin":
            from audiogen.voices.builtin import open_builtin

            return open_builtin(settings, language)
        case "espeak":
            from audiogen.voices.espeak import open_espeak

            return open_espeak(settings, language)
        case "piper":
            from audiogen.voices.piper import open_piper

            return open_piper(spec.file, language)
        case "kokoro":
            from audiogen.voices.kokoro import open_kokoro

            return open_kokoro(spec.file, language)
        case "pico":
            from audiogen.voices.pico import open_pico

            return open_pico(settings, language)
    return None


def engines() -> tuple[Engine, ...]:
    """Describe all engines, the preferred one first."""
    from audiogen.voices import builtin, espeak, gtts, kokoro, pico, piper, recordings

    return tuple(engine.describe() for engine in (gtts, builtin, espeak, pico, piper, kokoro, recordings))


# Milliseconds of the built-in voice at a coach's pace, trimmed; fitted on its cues (tests/voices measures it).
_START_MS = 269  # of each sentence
_LETTER_MS = 64
_CLAUSE_MS = 319
_DIGIT_LETTERS = 4.5  # letters in the spoken name of a digit
_SLOW_LETTERS_MS = {"ja": 150, "ko": 150, "zh": 220, "yue": 220, "hi": 95, "th": 75, "he": 85, "ar": 85, "fa": 85}


@functools.lru_cache(maxsize=4096)  # a plan asks for each line several times
def estimate_ms(text: str, language: str, speed: float = 1.0) -> int:
    """Estimate how long a text will last when spoken and trimmed.

    The estimate is within a few percent on a whole session, within a quarter on most single cues.
    """
    delivery = by_sentences(text, 1.0)
    letters = 1.0 * sum(character.isalpha() for character in text)
    letters += _DIGIT_LETTERS * sum(character.isdigit() for character in text)
    letter_ms = _SLOW_LETTERS_MS.get(language.partition("-")[0].lower(), _LETTER_MS)
    clauses = len(re.findall(r"[,;:](?=\s)|[、，](?=\s*\S)", text))
    spoken_ms = _START_MS * len(delivery.parts) + letter_ms * letters + _CLAUSE_MS * clauses
    whole_ms = spoken_ms / delivery.factor(spoken_ms) + delivery.pause_ms * (len(delivery.parts) - 1)
    return round(whole_ms / speed)


SLOWEST = 1.02  # of the estimate: what a line may last by a voice that drags
_MEASURED = ("en", "de", "es")  # elsewhere the estimate is too rough to hold a voice to it


def kept_up(delivery: Delivery, text: str, language: str) -> Delivery:
    """A delivery that speeds up a slow voice, so that the length that a session was written for still has room."""
    if language.partition("-")[0].lower() not in _MEASURED:
        return delivery
    return replace(delivery, most_ms=round(SLOWEST * estimate_ms(text, language)))
