"""Text -> WAV by the program pico2wave (SVOX Pico), where it is installed: six languages, offline.

Its German sounds more natural than that of espeak-ng.
"""

import shutil
import subprocess
import tempfile
import threading
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path

from audiogen.errors import Cancelled, Problem, Remedy, VoiceError
from audiogen.voices import Engine, kept_up
from audiogen.voices.delivery import Delivery, by_sentences
from audiogen.voices.parts import at_once, packing
from audiogen.voices.speaking import digest, language_of, require_words, wav

LANGUAGES = {"de": "de-DE", "en": "en-US", "en-gb": "en-GB", "es": "es-ES", "fr": "fr-FR", "it": "it-IT"}
PACE = 0.95  # of the speech: fitted on the lines of upper-back in German and Spanish
PATIENCE_S = 20.0  # for one text, which normally needs a few hundredths of a second
INSTALL = Remedy("install-pico")


class PicoVoice:
    """Speak by Pico, in the language with a code such as `de`."""

    sends_to = None
    workers = 2

    def __init__(self, program: str, language: str) -> None:
        self.name = f"pico:{language}"
        self._program, self._language = program, language

    def key_of(self, text: str) -> Mapping[str, str]:
        own = {"engine": "pico", "program": digest(Path(self._program)), "language": LANGUAGES[self._language]}
        return {**own, **packing(text), "text": text}

    def delivery(self, text: str) -> Delivery:
        return kept_up(by_sentences(text, PACE), text, self._language)

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        """Return 16-bit WAV."""
        require_words(text)
        spoken, rate = [], 0
        for part in at_once(text):
            if cancel is not None and cancel.is_set():
                raise Cancelled
            pcm, rate = self._spoken(part)
            spoken.append(pcm)
        return wav(b"".join(spoken), rate)

    def _spoken(self, text: str) -> tuple[bytes, int]:
        """16-bit samples of a text and their rate; the program writes no other sound, and only into a file."""
        plain = text.translate(_OBEYED)
        with tempfile.TemporaryDirectory(prefix="audiogen-") as folder:
            out = Path(folder, "spoken.wav")
            done = _run((self._program, "-l", LANGUAGES[self._language], "-w", str(out), "--", plain))
            try:
                with wave.open(str(out)) as file:
                    return file.readframes(file.getnframes()), file.getframerate()
            except (OSError, EOFError, wave.Error) as error:
                why = " ".join(done.stderr.decode("utf-8", "replace").split()[:40]) or f"exit code {done.returncode}"
                raise VoiceError(Problem("voices.failed", subject=text, found=why)) from error


_OBEYED = str.maketrans("<>", "  ")  # between these it takes commands, which play files and write them


def open_pico(settings: Sequence[str], language: str) -> PicoVoice:
    """Open the voice for the settings of a spec: none for the routine's language, or a code such as `de` or `en-gb`.

    Raises:
        VoiceError: the program is not installed, or does not speak the language.
    """
    program = _program()
    if program is None:
        others = (Remedy("espeak-voice", "voice", "espeak"), Remedy("gtts-voice", "voice", "gtts"))
        raise VoiceError(Problem("voices.no-pico", remedies=(INSTALL, *others)))
    unknown = Problem("voices.pico-language", expected=", ".join(LANGUAGES))
    return PicoVoice(program, language_of("pico", settings, language, tuple(LANGUAGES), unknown))


def describe() -> Engine:
    """Describe the engine for `audiogen voices`."""
    missing = None if _program() else Problem("voices.no-pico", remedies=(INSTALL,))
    return Engine("pico", "pico", tuple(LANGUAGES), (), None, missing)


def _program() -> str | None:
    return shutil.which("pico2wave")


def _run(command: Sequence[str]) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603 - a fixed program found on PATH; what is behind "--" is no option
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceError(Problem("voices.pico-not-started", found=str(error))) from error
