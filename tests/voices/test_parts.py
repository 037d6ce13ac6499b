"""Long lines are spoken in parts: no engine gets more at once than its memory is made for, and nothing is lost."""

import io
import wave
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from audiogen.errors import Cancelled
from audiogen.voices.builtin import BuiltinVoice
from audiogen.voices.parts import LONGEST_AT_ONCE, packed
from audiogen.voices.piper import PAUSE_MS, PiperVoice

pytestmark = pytest.mark.usefixtures("not_shared")

WORDS = " ".join(f"word{number}" for number in range(1000))
LONG = {
    "without a stop": WORDS,
    "of sentences": "Lift e.g. your arm. Then lower it, slowly. " * 60,
    "one word": "x" * 3000,
}


class Engine:
    """Speaks 10 ms a text, and notes what it was given."""

    config = SimpleNamespace(sample_rate=24_000)

    def __init__(self) -> None:
        self.given: list[str] = []

    def __call__(self, text: str, **_: object) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
        self.given.append(text)
        return np.full(240, 0.5, np.float32)

    def synthesize(self, text: str, _: object) -> Iterator[SimpleNamespace]:
        self.given.append(text)
        yield SimpleNamespace(audio_int16_bytes=bytes(480))


def frames(speech: bytes) -> int:
    with wave.open(io.BytesIO(speech)) as file:
        return int(file.getnframes())


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_the_built_in_voice_gets_a_long_line_in_parts(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    voice, engine = BuiltinVoice(), Engine()
    monkeypatch.setattr(voice, "_loaded", engine)
    speech = voice.speak(text)
    assert max(map(len, engine.given)) <= LONGEST_AT_ONCE
    assert "".join("".join(engine.given).split()) == "".join(text.split())
    assert frames(speech) == 240 * len(engine.given)
    assert voice.key_of(text) != {**voice.key_of("Hold."), "text": text}


def test_piper_gets_a_long_line_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("piper")
    voice, engine = PiperVoice.__new__(PiperVoice), Engine()
    monkeypatch.setattr(PiperVoice, "_engine", lambda _: engine)
    voice._length = 1.0
    speech = voice.speak(WORDS)
    assert max(map(len, engine.given)) <= LONGEST_AT_ONCE
    assert frames(speech) == 240 * len(engine.given) + PAUSE_MS * 24 * (len(engine.given) - 1)


def test_a_line_of_common_length_is_spoken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    voice, engine = BuiltinVoice(), Engine()
    monkeypatch.setattr(voice, "_loaded", engine)
    text = "Close your eyes.  Breathe. " * 12
    voice.speak(text)
    assert engine.given == [text]
    assert "packing" not in voice.key_of(text)


def test_a_long_line_can_be_cancelled_between_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Cancel:
        def is_set(self) -> bool:
            return len(engine.given) == 2

    voice, engine = BuiltinVoice(), Engine()
    monkeypatch.setattr(voice, "_loaded", engine)
    with pytest.raises(Cancelled):
        voice.speak(WORDS, Cancel())  # type: ignore[arg-type]
    assert len(engine.given) == 2


def test_parts_end_with_sentences_where_they_can() -> None:
    parts = packed(LONG["of sentences"], LONGEST_AT_ONCE)
    assert all(part.endswith(("arm.", "slowly.")) for part in parts)
