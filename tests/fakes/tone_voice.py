"""A voice that speaks tones: as long as the built-in voice would be, times a factor, and the same every time."""

import io
import threading
import time
import wave
from collections.abc import Callable, Mapping

import numpy as np

from audiogen.errors import Cancelled, Problem, VoiceError
from audiogen.voices import estimate_ms
from audiogen.voices.delivery import Delivery

RATE = 48_000
SILENCE_MS = 50  # on both sides, for the trimming to find


class ToneVoice:
    """Speak a text as a tone of `factor` times its estimated length.

    `spoken` lists the requested texts in order; texts in `failing` raise; each lasts `delay_s` to speak, and
    `length_ms` may replace the estimate.
    """

    sends_to: str | None = None

    def __init__(
        self,
        factor: float = 1.0,
        *,
        workers: int = 2,
        delay_s: float = 0.0,
        failing: frozenset[str] = frozenset(),
        length_ms: Callable[[str], int] | None = None,
    ) -> None:
        self.name = f"tones:{factor:g}"
        self.workers = workers
        self.spoken: list[str] = []
        self._factor = factor
        self._delay_s = delay_s
        self._failing = failing
        self._length_ms = length_ms or (lambda text: estimate_ms(text, "en"))

    def key_of(self, text: str) -> Mapping[str, str]:
        return {"engine": "tones", "factor": str(self._factor), "text": text}

    def delivery(self, text: str) -> Delivery:
        return Delivery((text,))

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        self.spoken.append(text)
        if cancel is None:
            time.sleep(self._delay_s)
        elif cancel.wait(self._delay_s):
            raise Cancelled
        if text in self._failing:
            raise VoiceError(Problem("voices.failed", subject=text, found="this text is to fail"))
        return tone_wav(round(self._length_ms(text) * self._factor), pitch_hz=300 + 20 * (len(text) % 20))


def tone_wav(length_ms: int, pitch_hz: float = 440.0, *, silence_ms: int = SILENCE_MS, peak: float = 0.3) -> bytes:
    """16-bit mono WAV at 48 kHz of one tone, with silence around it."""
    tone = 32767 * peak * np.cos(2 * np.pi * pitch_hz / RATE * np.arange(length_ms * RATE // 1000))
    silence = silence_ms * RATE // 1000
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.pad(tone, silence).round().astype("<i2").tobytes())
    return out.getvalue()
