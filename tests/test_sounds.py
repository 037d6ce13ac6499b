import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiogen.script import TONE_MS
from audiogen.sounds import segment, tone
from tests.decode import onset

ROLES = sorted(TONE_MS)


def samples(role: str) -> NDArray[np.int16]:
    return np.frombuffer(tone(role).raw_data, "<i2")


@pytest.mark.parametrize("role", ROLES)
def test_a_tone_lasts_exactly_as_long_as_planned(role: str) -> None:
    made = tone(role)
    assert (made.frame_rate, made.channels, made.sample_width) == (48_000, 1, 2)
    assert len(samples(role)) == TONE_MS[role] * 48
    assert len(made) == TONE_MS[role]


@pytest.mark.parametrize("role", ROLES)
def test_a_tone_begins_and_ends_at_zero(role: str) -> None:
    assert samples(role)[0] == samples(role)[-1] == 0
    assert np.abs(samples(role)[[1, -2]]).max() <= 2


@pytest.mark.parametrize("role", ROLES)
def test_a_tone_peaks_between_minus_twelve_and_minus_nine(role: str) -> None:
    peak_dbfs = 20 * np.log10(np.abs(samples(role).astype(float)).max() / 32768)
    assert -12.1 <= peak_dbfs <= -8.9


@pytest.mark.parametrize("role", ROLES)
def test_a_tone_swells_instead_of_striking(role: str) -> None:
    """A millisecond in it is at most a third as loud as it gets, and by 10 ms it is well begun."""
    loudness = np.abs(samples(role).astype(float))
    loudest = loudness[:2400].max()
    assert loudness[:48].max() <= loudest / 3
    assert loudness[: 48 * 10].max() >= loudest / 3


@pytest.mark.parametrize("role", ROLES)
def test_a_phone_can_play_a_tone(role: str) -> None:
    power = np.abs(np.fft.rfft(samples(role).astype(float), 1 << 18)) ** 2
    hz = np.fft.rfftfreq(1 << 18, 1 / 48_000)
    assert power[(hz >= 400) & (hz <= 4000)].sum() >= 0.95 * power.sum()


@pytest.mark.parametrize("pair", [*itertools.combinations(sorted({*ROLES} - {"finish"}), 2)], ids="-".join)
def test_tones_are_unlike_each_other(pair: tuple[str, str]) -> None:
    a, b = (samples(role).astype(float) for role in pair)
    size = 1 << 18
    common = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)))
    assert np.abs(common).max() < 0.3 * np.sqrt((a @ a) * (b @ b))


def test_the_finish_is_the_end_bell_three_times() -> None:
    finish, end = samples("finish"), samples("end")[:36_000]  # up to the next stroke
    assert [onset(finish, end, around=at) for at in (0, 36_000, 72_000)] == [0, 36_000, 72_000]


def test_a_rising_phase_rises_and_a_falling_one_falls() -> None:
    def pitches(role: str) -> list[int]:
        halves = np.split(samples(role)[480:5280].astype(float), 2)
        return [int(np.abs(np.fft.rfft(half, 48_000)).argmax()) for half in halves]

    assert pitches("rising")[0] < 750 < pitches("rising")[1]
    assert pitches("falling")[0] > 750 > pitches("falling")[1]


def test_the_start_goes_up() -> None:
    first, second = samples("start")[: 170 * 48].astype(float), samples("start")[250 * 48 :].astype(float)
    assert int(np.abs(np.fft.rfft(first, 48_000)).argmax()) < int(np.abs(np.fft.rfft(second, 48_000)).argmax())


def test_a_tone_is_computed_once() -> None:
    assert tone("end") is tone("end")


def test_an_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="no tone is called 'gong'; there are start, end"):
        tone("gong")


def test_a_segment_holds_samples_as_they_are() -> None:
    assert segment(b"\1\0\2\0").raw_data == b"\1\0\2\0"


def test_importing_pydub_says_nothing(tmp_path: Path) -> None:
    """With no ffmpeg on PATH and no byte code kept, when pydub has most to say."""
    environment = {"PATH": str(tmp_path), "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-W", "always", "-c", "from audiogen.sounds import segment; segment(b'')"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
