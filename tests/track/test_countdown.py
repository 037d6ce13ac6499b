"""The numbers of a countdown: on their beat by the vowel, falling, softer, in a place of fixed length."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiogen.audio.melody import falling
from audiogen.audio.vowel import vowel_ms
from audiogen.script.steps import COUNTED_MS, VOWEL_MS
from audiogen.storage.cache import Cache
from audiogen.track.countdown import FALLS, Counting, counted

RATE = 48_000
Samples = NDArray[np.float32]


def word(consonant_ms: int, vowel_ms: int = 300, hz: float = 200, formants: tuple[int, ...] = (600, 1200)) -> Samples:
    """A hiss above the band of vowels, then a vowel: harmonics under two formants."""
    hiss = np.random.default_rng(1).standard_normal(max(1, consonant_ms) * 48)
    spectrum = np.fft.rfft(hiss)
    spectrum[np.fft.rfftfreq(len(hiss), 1 / RATE) < 4000] = 0
    t = np.arange(vowel_ms * 48) / RATE
    vowel = np.zeros(len(t))
    for harmonic in np.arange(hz, 4000, hz):
        level = sum(1 / (1 + ((harmonic - formant) / 120) ** 2) for formant in formants)
        vowel += level * np.sin(2 * np.pi * harmonic * t)
    vowel *= np.minimum(1, t / 0.02) * np.minimum(1, (t[-1] - t) / 0.05)
    sound = np.concatenate([0.05 * np.fft.irfft(spectrum, len(hiss)), 0.3 * vowel / np.abs(vowel).max()])
    return sound.astype(np.float32)


def pcm(sound: Samples) -> bytes:
    return bytes(np.rint(sound * 32767).astype("<i2").tobytes())


def samples(made: bytes) -> Samples:
    return (np.frombuffer(made, "<i2") / 32768).astype(np.float32)


def pitch_hz(sound: Samples) -> float:
    """Of its loudest 60 ms, by autocorrelation."""
    at = int(np.convolve(sound**2, np.ones(2880), "valid").argmax())
    window = sound[at : at + 2880] * np.hanning(2880)
    alike = np.fft.irfft(np.abs(np.fft.rfft(window, 8192)) ** 2)
    lags = np.arange(RATE // 400, RATE // 80)
    return float(RATE / lags[alike[lags].argmax()])


@pytest.mark.parametrize("consonant_ms", [1, 30, 90, 180, 240])
def test_a_vowel_is_found_behind_any_consonant(consonant_ms: int) -> None:
    """In the middle of its rise."""
    assert vowel_ms(word(consonant_ms)) == pytest.approx(consonant_ms + 10, abs=8)


@pytest.mark.parametrize("manner", ["counted", *FALLS])
@pytest.mark.parametrize("consonant_ms", [1, 90, 240, 400])
def test_a_number_has_its_vowel_at_its_place_and_lasts_as_long_as_any(consonant_ms: int, manner: str) -> None:
    made = samples(counted(pcm(word(consonant_ms)), manner))
    assert len(made) == COUNTED_MS * 48
    assert vowel_ms(made) == pytest.approx(VOWEL_MS, abs=8)


def test_a_number_too_long_for_its_place_is_faded_out() -> None:
    made = samples(counted(pcm(word(90, 900)), "counted"))
    assert np.abs(made[-48:]).max() < 0.01 < np.abs(made[-100 * 48 :]).max()


def test_the_last_three_fall_by_over_four_semitones_and_are_softer() -> None:
    spoken = pcm(word(90, 350))
    three, two, one = (samples(counted(spoken, f"counted {number}")) for number in (3, 2, 1))
    assert 12 * np.log2(pitch_hz(three) / pitch_hz(one)) > 4
    assert pitch_hz(three) > pitch_hz(two) > pitch_hz(one)
    plain = samples(counted(spoken, "counted"))
    assert 20 * np.log10(np.abs(plain).max() / np.abs(samples(spoken)).max()) == pytest.approx(-3, abs=0.1)
    for number in (three, two, one):
        assert 10 * np.log10(np.square(number).sum() / np.square(plain).sum()) == pytest.approx(0, abs=1.5)
        assert np.abs(number).max() <= np.abs(samples(spoken)).max()


def test_a_number_falls_less_by_itself_than_to_the_next_one() -> None:
    """The steeper its pitch is bent, the less clear it sounds."""
    spoken, at = pcm(word(0, 400)), VOWEL_MS * 48
    numbers = [samples(counted(spoken, f"counted {number}"))[at : at + 400 * 48] for number in (3, 2, 1)]
    begins, ends = ([pitch_hz(number[part]) for number in numbers] for part in (slice(7200), slice(9600, 16800)))
    glides = 12 * np.log2(np.array(begins) / ends)
    assert (glides > 0).all()
    assert (glides < 1).all()
    assert (12 * np.log2(np.array(ends[:-1]) / begins[1:]) > 1).all()


def test_a_vowel_stays_the_vowel_that_it_was() -> None:
    """Its pitch falls by six semitones; its formants, by which it is told from another, stay within one."""

    def formant_hz(sound: Samples) -> float:
        power = np.abs(np.fft.rfft(sound[100 * 48 : 250 * 48] * np.hanning(150 * 48), 1 << 15)) ** 2
        hz = np.fft.rfftfreq(1 << 15, 1 / RATE)
        near = (hz > 400) & (hz < 1000)
        return float((power[near] * hz[near]).sum() / power[near].sum())

    vowel = word(0, 400, hz=100, formants=(700,))
    assert 12 * np.log2(formant_hz(vowel) / formant_hz(falling(vowel, -6, -6))) == pytest.approx(0, abs=1)
    assert 12 * np.log2(pitch_hz(vowel) / pitch_hz(falling(vowel, -2, -2))) == pytest.approx(2, abs=0.2)


def test_a_number_is_computed_once(tmp_path: Path) -> None:
    store = Cache(tmp_path)
    spoken = pcm(word(50))
    made = Counting(store)(spoken, "counted 1")
    assert made == counted(spoken, "counted 1")
    counted.cache_clear()
    assert Counting(store)(spoken, "counted 1") == made
    assert counted.cache_info().misses == 0
