"""What several engines do alike: refuse what cannot be spoken, and make a sound file of their samples."""

import io
import wave

from audiogen.audio.pcm import SAMPLE_BYTES
from audiogen.errors import VoiceError

__all__ = ["require_words", "wav"]


def require_words(text: str) -> None:
    """Refuse a text in which there is nothing to speak; what engines do with one differs, and is nothing good.

    Raises: VoiceError.
    """
    if not any(character.isalnum() for character in text):
        raise VoiceError(f"There is nothing to speak in '{text}': no letter and no digit.")


def wav(pcm: bytes, rate: int) -> bytes:
    """A WAV file of mono samples of 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(rate)
        file.writeframes(pcm)
    return out.getvalue()
