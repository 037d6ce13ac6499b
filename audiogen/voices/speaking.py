"""Do what several engines need: refuse texts without words and the network, suggest a voice, know files, write WAV."""

import difflib
import functools
import hashlib
import io
import wave
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from audiogen.audio.pcm import SAMPLE_BYTES
from audiogen.errors import Problem, Remedy, VoiceError
from audiogen.storage.config import network_forbidden_by
from audiogen.storage.memory import is_short


def require_words(text: str) -> None:
    """Refuse a text in which there is nothing to speak, since some engines fail on it and others return noise.

    Raises: VoiceError.
    """
    if not any(character.isalnum() for character in text):
        raise VoiceError(Problem("voices.wordless", subject=text))


def similar(found: str, known: Sequence[str], prefix: str) -> tuple[Remedy, ...]:
    """Offer the voice whose name is most similar to what was found, if any is."""
    close = difflib.get_close_matches(found, known, 1)
    return tuple(Remedy("similar-voice", "voice", f"{prefix}{one}") for one in close)


def language_of(engine: str, settings: Sequence[str], language: str, known: Sequence[str], unknown: Problem) -> str:
    """Find the code by which an engine speaks: that of the routine's language, or the one in the settings of a spec.

    Raises: VoiceError: `unknown`, where the engine does not know it; or where it is of another language.
    """
    requested = (settings[0] if settings and settings[0] else language).lower().replace("_", "-")
    base, own = requested.partition("-")[0], language.partition("-")[0].lower()
    spoken = next((code for code in (requested, base) if code in known), None)
    if spoken is None or len(settings) > 1:
        remedies = similar(requested, known, f"{engine}:")
        raise VoiceError(replace(unknown, subject=":".join(settings) or language, remedies=remedies))
    if base != own:
        remedies = (Remedy("default-voice", "voice", engine),) if own in known else ()
        problem = Problem("voices.other-language", subject=f"{engine}:{spoken}", expected=language, remedies=remedies)
        raise VoiceError(problem)
    return spoken


def lacks_memory(error: Exception, voice: str) -> VoiceError | None:
    """The error of a voice that fails for lack of memory, whatever its engine says; None where there is enough."""
    if not (isinstance(error, MemoryError) or is_short()):
        return None
    offline = (Remedy("espeak-voice", "voice", "espeak"),)
    return VoiceError(Problem("voices.too-little-memory", subject=voice, remedies=offline))


def wav(pcm: bytes, rate: int) -> bytes:
    """A WAV file of mono samples of 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(rate)
        file.writeframes(pcm)
    return out.getvalue()


def network_forbidden() -> Problem | None:
    """The problem of a user who forbids the network; None where it is allowed."""
    if found := network_forbidden_by():
        offline = (Remedy("builtin-voice", "voice", "builtin"), Remedy("espeak-voice", "voice", "espeak"))
        return Problem("voices.offline", subject="Google Translate", found=found, remedies=offline)
    return None


def digest(path: Path) -> str:
    """The SHA-256 of a file, which is read once as long as it stays the same.

    Raises: VoiceError.
    """
    try:
        status = path.stat()
        return _digest_of(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise VoiceError(unreadable(path, error)) from error


@functools.lru_cache(maxsize=16)
def _digest_of(path: Path, _changed_ns: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unreadable(path: Path, error: OSError) -> Problem:
    return Problem("voices.unreadable", subject=str(path), found=error.strerror or str(error))
