"""Our meter against two others, and clips after levelling."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import example, given
from hypothesis import strategies as st

from audiogen.audio.loudness import CLOSE_LU, DEEPEST_DB, EASY_DB, clip_lufs, levelled, turned_down
from audiogen.audio.meter import TRANSFORM, true_peaks, weighted

from .. import meters
from ..decode import needs
from ..each import each

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 48_000
CEILING_DBTP = -1.7


def sine(length_ms: int, hertz: float = 997.0, dbfs: float = -20.0) -> "Samples":
    at = np.arange(length_ms * RATE // 1000) / RATE
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def syllables(length_ms: int, seed: int = 1, rate_hz: float = 4.0) -> "Samples":
    """Make noise up to 10 kHz that swells and fades as speech does."""
    noise = np.random.default_rng(seed).standard_normal(length_ms * RATE // 1000)
    spectrum = np.fft.rfft(noise)
    spectrum[10_000 * len(noise) // RATE :] = 0.0
    noise = np.fft.irfft(spectrum, len(noise))
    come_and_go = np.maximum(0.0, np.sin(np.arange(len(noise)) / RATE * 2 * np.pi * rate_hz)) ** 2
    sound: Samples = (0.05 * noise * come_and_go).astype(np.float32)
    return sound


def silence(length_ms: int) -> "Samples":
    return np.zeros(length_ms * RATE // 1000, np.float32)


def true_peak_dbtp(sound: "NDArray[Any]") -> float:
    """Measure by a resampler, at four times the rate."""
    loudest = np.abs(soxr.resample(np.pad(sound, RATE // 100), RATE, 4 * RATE, "HQ")).max()
    return 20 * math.log10(float(loudest))


SOUNDS: dict[str, "Callable[[], Samples]"] = {
    "a sine": lambda: sine(2000),
    "a low sine": lambda: sine(2000, 60),
    "a high sine": lambda: sine(2000, 9000),
    "a moment": lambda: sine(500),
    "a word": lambda: syllables(450),
    "a sentence": lambda: syllables(3210, seed=2),
    "a short word": lambda: sine(230),
    "a tick": lambda: sine(20),
    "two words and a long pause": lambda: np.concatenate((syllables(700), silence(3000), syllables(500))),
    "loud and soft": lambda: np.concatenate((syllables(1500), 0.03 * syllables(4000))),
    "longer than one transform": lambda: syllables(9500, seed=3),
}


@each("name", SOUNDS)
def test_the_meter_agrees_with_pyloudnorm(name: str) -> None:
    """Within 0.05 LU, by which pyloudnorm's filters differ from the table of BS.1770."""
    sound = SOUNDS[name]()
    assert clip_lufs(sound) == pytest.approx(meters.of_cue(sound), abs=0.05)


@needs("ffmpeg")
@pytest.mark.parametrize("name", ["a sine", "a low sine", "a high sine", "a sentence", "two words and a long pause"])
def test_the_meter_agrees_with_ffmpeg(name: str, tmp_path: Path) -> None:
    """Within the tenth that it prints."""
    sound = SOUNDS[name]()
    padded = np.pad(sound, 600 * 48)
    soundfile.write(tmp_path / "sound.wav", padded, RATE, subtype="FLOAT")
    measured = meters.of_file(tmp_path / "sound.wav")
    assert clip_lufs(sound) == pytest.approx(measured.lufs, abs=0.06)
    assert 20 * math.log10(true_peaks(sound).max()) == pytest.approx(measured.dbtp, abs=0.11)


def test_silence_that_is_not_transformed_reads_zero_and_leaves_the_rest_as_it_was() -> None:
    tone = np.sin(np.arange(48_000, dtype=np.float32) / 9)
    alone, among = weighted(tone), weighted(np.pad(tone, (3 * TRANSFORM, 9 * TRANSFORM)))
    first_ms = 3 * TRANSFORM // 48
    assert among[first_ms : first_ms + 1000] == pytest.approx(alone, rel=1e-4)
    assert not among[: first_ms - 1].any()
    assert among[-1] == 0


def test_a_sine_of_997_hz_reads_three_decibels_below_its_peak() -> None:
    """By BS.1770, except for the blocks at its ends."""
    assert clip_lufs(sine(20_000, 997, -20)) == pytest.approx(-23.01, abs=0.12)


@given(hertz=st.floats(100, 12_000), phase=st.floats(0, 2 * math.pi))
def test_peaks_between_samples_are_found(hertz: float, phase: float) -> None:
    """At 12 kHz the samples may all miss the peaks by 3 dB; four times as many miss them by 0.2."""
    sound = np.sin(2 * np.pi * hertz / RATE * np.arange(9600) + phase).astype(np.float32)
    assert true_peaks(sound)[20:-20].max() == pytest.approx(1.0, abs=0.025)


def test_peaks_are_looked_for_between_samples_only_where_they_may_matter() -> None:
    sound = np.concatenate((sine(100, 12_000, -30), sine(100, 12_000, -3)))
    sound[:] = np.roll(sound, 1)
    exact, quick = true_peaks(sound), true_peaks(sound, above=0.5)
    assert (quick[105:] == exact[105:]).all()
    assert (quick[:95] <= exact[:95]).all()


@given(
    gain_db=st.floats(-45, 20),
    length_ms=st.integers(15, 900),
    lufs=st.sampled_from([-16.0, -18.0, -19.0]),
    seed=st.integers(0, 99),
)
def test_any_clip_comes_to_its_loudness_and_stays_below_the_ceiling(
    gain_db: float, length_ms: int, lufs: float, seed: int
) -> None:
    sound = (sine(length_ms, 200 + 30 * seed) + syllables(length_ms, seed)) * 10 ** (gain_db / 20)
    made = levelled(sound.astype(np.float32), lufs, CEILING_DBTP)
    assert len(made.samples) == len(sound)
    assert clip_lufs(made.samples) == pytest.approx(lufs, abs=0.2)
    assert true_peak_dbtp(made.samples) <= CEILING_DBTP + 0.1
    assert 0 <= made.limited_db <= DEEPEST_DB


@example(at_ms=261, height=35.0)
@given(at_ms=st.integers(0, 999), height=st.floats(1, 60))
def test_a_clip_with_a_click_in_it_is_limited_by_nine_decibels_at_most(at_ms: int, height: float) -> None:
    sound = syllables(1000)
    sound[at_ms * 48 : at_ms * 48 + 20] *= np.float32(height)
    made = levelled(sound, -18.0, CEILING_DBTP)
    assert made.limited_db <= DEEPEST_DB + 0.001
    # A click of 0.4 ms is steeper than any word: the gain that moves over it lifts what lies between samples a little.
    assert true_peak_dbtp(made.samples) <= CEILING_DBTP + 0.25
    assert clip_lufs(made.samples) <= -17.8


@given(at_ms=st.integers(0, 999), height=st.floats(1, 8))
def test_a_clip_yields_only_where_it_is_limited_by_more_than_six_decibels_and_by_half_a_unit_at_most(
    at_ms: int, height: float
) -> None:
    sound = syllables(1000)
    sound[at_ms * 48 : at_ms * 48 + 480] *= np.float32(height)
    firm, yielding = (levelled(sound, -18.0, CEILING_DBTP, yielding_lu) for yielding_lu in (0.0, 0.5))
    if firm.limited_db <= EASY_DB:
        assert np.array_equal(yielding.samples, firm.samples)
        return
    assert EASY_DB - 0.001 <= yielding.limited_db <= firm.limited_db
    softer_lu = clip_lufs(firm.samples) - clip_lufs(yielding.samples)
    assert 0 <= softer_lu <= 0.5 + 2 * CLOSE_LU
    assert (
        yielding.limited_db == pytest.approx(EASY_DB, abs=0.001)
        or softer_lu > 0.5 - 2 * CLOSE_LU
        or (
            clip_lufs(firm.samples) < -18.0 - CLOSE_LU  # as quiet as that already, for want of nine decibels
        )
    )


def test_the_limiter_leaves_alone_what_is_far_from_a_peak() -> None:
    sound = sine(1000, 500, -30)
    sound[24_000:24_048] *= 12
    made = levelled(sound, -16.0, CEILING_DBTP)
    assert made.limited_db > 2
    gain = np.abs(made.samples).reshape(-1, 96).max(axis=1) / np.abs(sound).reshape(-1, 96).max(axis=1)
    far = np.concatenate((gain[5:240], gain[260:-5]))
    assert far.max() / far.min() < 1.001
    assert np.abs(np.diff(gain[240:260])).max() < 0.5 * far.mean()


def test_the_limiter_holds_still_within_the_periods_of_a_low_voice_and_moves_slowly_elsewhere() -> None:
    """What moves inside a period is heard as distortion, and so is a quick way to and from a peak."""
    peaks = np.full(600, 0.5)
    peaks[100:298:18] = 2.0  # 56 Hz
    gain = turned_down(np.ones(600 * 48, np.float32), peaks, 1.0)[::48]
    assert gain[100:281] == pytest.approx(0.5)
    assert np.abs(np.diff(gain)).max() <= 0.5 / 16
    assert gain[:80] == pytest.approx(1.0)


def test_words_far_apart_are_as_loud_as_the_same_words_together() -> None:
    """A pause does not count, however long."""
    together = np.concatenate((syllables(1000), syllables(1000, seed=5)))
    apart = np.concatenate((syllables(1000), silence(5000), syllables(1000, seed=5)))
    loud = [levelled(sound, -18.0, CEILING_DBTP).samples for sound in (together, apart)]
    power = [float(np.sum(sound**2)) for sound in loud]
    assert 10 * math.log10(power[1] / power[0]) == pytest.approx(0.0, abs=0.7)
