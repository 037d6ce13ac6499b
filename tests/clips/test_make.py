"""What coaches and engines hand in, odd takes too, as clips: heard, at one loudness, and without a click."""

import functools
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from audiogen.audio.pcm import RATE
from audiogen.clips.make import CEILING_DBTP, OVER_LU, Take, clip_of, decoded
from audiogen.errors import VoiceError
from audiogen.voices.delivery import Delivery
from tests.audio.test_loudness import silence, sine, true_peak_dbtp
from tests.each import each

from .. import meters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

LUFS = -18


def clip(sound: "NDArray[Any]") -> "NDArray[Any]":
    """The clip of a take that was handed in as a file."""
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="WAV")
    return np.frombuffer(clip_of([decoded(file.getvalue(), "x")], Delivery(("x",)), LUFS), "<i2") / 32767


def voiced(length_ms: int) -> "Samples":
    """Four syllables a second on a steady pitch, with silence around them."""
    at = np.arange(length_ms * 48) / RATE
    phases = np.random.default_rng(7).random(24) * 2 * np.pi
    sound = sum((np.sin(2 * np.pi * 140 * n * at + phases[n - 1]) / n for n in range(1, 25)), np.zeros(len(at)))
    come_and_go = np.sin(at * 2 * np.pi * 2) ** 2
    return np.pad(0.1 * sound * come_and_go, 200 * 48).astype(np.float32)


def whispered(length_ms: int) -> "Samples":
    """Soft, high and noisy."""
    noise = np.diff(np.random.default_rng(4).standard_normal(length_ms * 48), prepend=0.0)
    come_and_go = 0.2 + np.sin(np.arange(len(noise)) / RATE * 2 * np.pi * 2) ** 2
    return np.pad(0.002 * noise * come_and_go, 200 * 48).astype(np.float32)


TAKES: dict[str, "Callable[[], Samples]"] = {
    "spoken": lambda: voiced(1500),
    "whispered": lambda: whispered(1500),
    "a click and nothing else": lambda: np.pad(sine(3, 2000, -3), 9600),
    "a long pause inside": lambda: np.concatenate((voiced(1000), silence(4000), voiced(1000))),
    "far too loud, and clipped": lambda: np.clip(voiced(1500) * 60, -1, 1),
    "far from the microphone": lambda: voiced(1500) * np.float32(0.02),
    "a constant below it": lambda: 0.3 + voiced(1500),
    "stereo, one side only": lambda: np.column_stack((voiced(1500), np.zeros(1900 * 48, np.float32))),
    "stereo, in opposite phase": lambda: np.column_stack((voiced(1500), -voiced(1500))),
    "a shout at its end": lambda: np.concatenate((voiced(1500) * np.float32(0.1), voiced(500) * 3)),
}


@functools.cache
def clip_of_take(name: str) -> "NDArray[Any]":
    return clip(TAKES[name]())


@each("name", TAKES)
def test_every_take_becomes_a_clip_as_loud_as_all_others(name: str) -> None:
    made = clip_of_take(name)
    assert meters.of_cue(made) == pytest.approx(LUFS + OVER_LU, abs=0.3)
    assert true_peak_dbtp(made) <= CEILING_DBTP + 0.1
    assert len(made) % 48 == 0


@each("name", TAKES)
def test_every_clip_begins_at_once_and_its_edges_do_not_click(name: str) -> None:
    made = clip_of_take(name)
    assert np.argmax(np.abs(made) > 0.01 * np.abs(made).max()) <= 10 * 48
    assert np.abs(made[[0, -1]]).max() < 0.001
    assert np.abs(made[:24]).max() < 0.05


def test_a_constant_below_a_take_is_neither_sound_nor_heard() -> None:
    with_constant, without = clip_of_take("a constant below it"), clip_of_take("spoken")
    assert len(with_constant) / 48 == pytest.approx(len(without) / 48, abs=5)
    assert abs(with_constant.mean()) < 0.001


def test_the_pause_inside_a_take_stays_as_long_as_it_was() -> None:
    made = clip_of_take("a long pause inside")
    assert len(made) / 48 == pytest.approx(1000 + 400 + 4000 + 1000, abs=60)


@pytest.mark.parametrize("lufs", [-16, -18, -19])
def test_a_louder_clip_is_the_same_clip_louder(lufs: int) -> None:
    take = Take(voiced(1000), RATE)
    usual, other = (np.frombuffer(clip_of([take], Delivery(("x",)), each), "<i2") / 32767 for each in (-18, lufs))
    assert len(other) == len(usual)
    assert meters.of_cue(other) - meters.of_cue(usual) == pytest.approx(lufs + 18, abs=0.1)


def test_half_a_file_is_no_sound() -> None:
    file = io.BytesIO()
    soundfile.write(file, voiced(500), RATE, format="FLAC")
    with pytest.raises(VoiceError, match="no readable audio for 'x'"):
        decoded(file.getvalue()[:20], "x")


def test_few_bytes_that_become_gigabytes_are_refused() -> None:
    def problem(samples: int, rate: int, channels: int = 1) -> str:
        file = io.BytesIO()
        soundfile.write(file, np.zeros((2000, channels), np.int16), rate, format="WAV" if rate < 8000 else "FLAC")
        content = file.getvalue()
        if samples != 2000:  # as the header says
            content = content[:22] + samples.to_bytes(4, "big") + content[26:]
        with pytest.raises(VoiceError) as caught:
            decoded(content, "x")
        return caught.value.problems[0].code

    assert problem(2000, 1) == "audio.low-rate"
    assert problem(2000, 3999) == "audio.low-rate"
    assert problem(601 * 8000, 8000) == "clips.too-long"
    assert problem(8_000_000, 192_000, 8) == "clips.too-long"
