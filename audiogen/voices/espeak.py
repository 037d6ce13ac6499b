"""Text -> WAV by the espeak-ng program, where it is installed: a hundred languages, offline, plain-sounding.

Each process asks the program for its languages once; each text is one short call.
"""

import functools
import os
import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence

from audiogen.errors import Cancelled, Problem, Remedy, VoiceError
from audiogen.voices import Engine
from audiogen.voices.delivery import Delivery, by_sentences
from audiogen.voices.parts import at_once, packing
from audiogen.voices.speaking import language_of, require_words, wav

WORDS_A_MINUTE, PACE = 150, 1.0
PATIENCE_S = 20.0  # for one text, which normally needs a few milliseconds
HEADER_BYTES, RATE_AT = 44, 24  # of the WAV that it writes
INSTALL = Remedy("install-espeak")


class EspeakVoice:
    """Speak by espeak-ng, in the language with a code such as `en-gb`."""

    sends_to = None

    def __init__(self, program: str, language: str) -> None:
        self.name = f"espeak:{language}"
        self._key: Mapping[str, str] = {
            "engine": "espeak-ng",
            "version": _version(program),
            "language": language,
            "speed": str(WORDS_A_MINUTE),
        }
        self.workers = min(4, os.cpu_count() or 1)
        self._command = (program, "-v", language, "-s", str(WORDS_A_MINUTE), "-b", "1", "--stdin", "--stdout")

    def key_of(self, text: str) -> Mapping[str, str]:
        return {**self._key, **packing(text), "text": text}

    def delivery(self, text: str) -> Delivery:
        return by_sentences(text, PACE)

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        """Return 16-bit WAV; a long text is spoken in parts, each within the time that one may take."""
        require_words(text)
        spoken = [self._spoken(part, cancel) for part in at_once(text)]
        if len(spoken) == 1:
            return spoken[0]
        rate = int.from_bytes(spoken[0][RATE_AT : RATE_AT + 4], "little")
        return wav(b"".join(part[HEADER_BYTES:] for part in spoken), rate)

    def _spoken(self, text: str, cancel: threading.Event | None) -> bytes:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        done = _run(self._command, text)
        if done.returncode or len(done.stdout) <= HEADER_BYTES:
            why = " ".join(done.stderr.decode("utf-8", "replace").split()) or f"exit code {done.returncode}"
            raise VoiceError(Problem("voices.failed", subject=text, found=why))
        return done.stdout


class EspeakPhonemes:
    """A text without punctuation -> its sounds, those of one with a tie between them: "wait" -> "wˈe^ɪt"."""

    def __init__(self, program: str, language: str) -> None:
        self.version = f"espeak-ng {_version(program)} {language}"
        self._command = (program, "-q", "--ipa", "--tie=^", "-v", language, "--stdin")

    def __call__(self, text: str) -> str:
        done = _run(self._command, text)
        if done.returncode:
            raise VoiceError(Problem("voices.failed", subject=text, found=f"exit code {done.returncode}"))
        return " ".join(done.stdout.decode("utf-8", "replace").split())


def phonemes_by_espeak(language: str) -> EspeakPhonemes:
    """What gives the sounds of a language, by its code.

    Raises: VoiceError where the program is not installed.
    """
    program = _program()
    if program is None:
        raise VoiceError(Problem("voices.no-espeak", remedies=(INSTALL,)))
    return EspeakPhonemes(program, language)


def open_espeak(settings: Sequence[str], language: str) -> EspeakVoice:
    """Open the voice for the settings of a spec: none for the routine's language, or a code such as `de` or `en-gb`.

    Raises:
        VoiceError: the program is not installed, or does not speak the language.
    """
    program = _program()
    if program is None:
        others = (Remedy("builtin-voice", "voice", "builtin"), Remedy("gtts-voice", "voice", "gtts"))
        raise VoiceError(Problem("voices.no-espeak", remedies=(INSTALL, *others)))
    unknown = Problem("voices.espeak-language")
    return EspeakVoice(program, language_of("espeak", settings, language, _languages(program), unknown))


def describe() -> Engine:
    """Describe the engine for `audiogen voices`."""
    program = _program()
    languages = _languages(program) if program else ()
    missing = None if program else Problem("voices.no-espeak", remedies=(INSTALL,))
    return Engine("espeak", "espeak", languages, (), None, missing)


def _program() -> str | None:
    return shutil.which("espeak-ng")


def _run(command: Sequence[str], text: str = "") -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603 - a fixed program found on PATH; texts go through its stdin
            command, input=text.encode("utf-8", "replace"), capture_output=True, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceError(Problem("voices.espeak-not-started", found=str(error))) from error


@functools.cache
def _version(program: str) -> str:
    """Return the version, such as "1.51"."""
    words = _run((program, "--version")).stdout.decode("utf-8", "replace").partition("Data at")[0].split()
    return words[-1] if words else "unknown"


@functools.cache
def _languages(program: str) -> tuple[str, ...]:
    """Return the codes in the second column of its list of voices, sorted; with "en" where it lists "en-gb"."""
    rows = _run((program, "--voices")).stdout.decode("utf-8", "replace").splitlines()[1:]
    codes = {row.split()[1].lower() for row in rows if len(row.split()) > 1}
    return tuple(sorted(codes | {code.partition("-")[0] for code in codes}))
