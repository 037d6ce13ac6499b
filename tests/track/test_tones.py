import functools
import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from audiogen.script import TONE_MS
from audiogen.storage.cache import Cache
from audiogen.timeline.model import Mix
from audiogen.track.tones import COMPUTED, Tones, segment, tone
from tests.decode import onset
from tests.each import each

ROLES = sorted(TONE_MS)
LEARNT = sorted({*ROLES} - {"wake"})  # a wake sound is only to be hearable, not to be known
PHASES = ("falling", "level", "rising")

every_set = each("sound_set", COMPUTED)


def samples(role: str, sound_set: str = "bells") -> NDArray[np.int16]:
    return np.frombuffer(tone(role, sound_set).raw_data, "<i2")


@functools.cache
def spectrum(role: str, sound_set: str) -> NDArray[np.complex128]:
    return np.asarray(np.fft.rfft(samples(role, sound_set).astype(float), 1 << 18))


def whole(role: str, sound_set: str, cache: Path) -> NDArray[np.int16]:
    """A tone and its ring."""
    return np.frombuffer(Tones(Mix(sounds=sound_set), Cache(cache)).segment(role).raw_data, "<i2")


def loudness(role: str, sound_set: str) -> NDArray[np.float64]:
    """The loudest sample within a millisecond to both sides of each."""
    loud = np.pad(np.abs(samples(role, sound_set).astype(float)), 48)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(loud, 97).max(axis=1))


def octaves(sound: NDArray[np.int16]) -> NDArray[np.float64]:
    """The shares of a sound's energy in thirds of octaves from 200 Hz on."""
    power = np.abs(np.fft.rfft(sound.astype(float), 1 << 17)) ** 2
    hz = np.fft.rfftfreq(1 << 17, 1 / 48_000)
    edges = 200 * 2 ** (np.arange(17) / 3)
    bands = np.array([power[(hz >= low) & (hz < high)].sum() for low, high in itertools.pairwise(edges)])
    return np.asarray(bands / bands.sum())


def momentary_lufs(sound: NDArray[Any]) -> float:
    """BS.1770's loudness of the loudest 400 ms: both of its filters, applied as what they do to each frequency."""
    hz = np.fft.rfftfreq(1 << 18, 1 / 48_000)
    z = np.exp(-2j * np.pi * hz / 48_000)
    shelf = np.polyval([1.19839281085285, -2.69169618940638, 1.53512485958697], z)
    shelf /= np.polyval([0.73248077421585, -1.69065929318241, 1.0], z)
    high_pass = (1 - z) ** 2 / np.polyval([0.99007225036621, -1.99004745483398, 1.0], z)
    heard = np.fft.irfft(np.fft.rfft(np.pad(sound / 32768, (0, 19_200)), 1 << 18) * shelf * high_pass)
    sums = np.cumsum(heard**2)
    return float(-0.691 + 10 * np.log10((sums[19_200:] - sums[:-19_200]).max() / 19_200))


def high_passed(sound: NDArray[np.int16], hz: float = 800) -> NDArray[np.float64]:
    """A Butterworth high-pass of second order (R. Bristow-Johnson's cookbook), as what it does to each frequency."""
    turn = 2 * np.pi * hz / 48_000
    alpha = np.sin(turn) / np.sqrt(2)
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(1 << 18, 1 / 48_000) / 48_000)
    response = (1 + np.cos(turn)) / 2 * (1 - z) ** 2 / np.polyval([1 - alpha, -2 * np.cos(turn), 1 + alpha], z)
    return np.asarray(np.fft.irfft(np.fft.rfft(sound.astype(float), 1 << 18) * response)[: len(sound)])


def pitches(role: str, sound_set: str, parts: int = 2) -> list[int]:
    """The strongest frequency in the first and in the last part of a tone."""
    pieces = np.array_split(samples(role, sound_set).astype(float), parts)
    return [int(np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 48_000)).argmax()) for piece in pieces]


def lowest(role: str, sound_set: str) -> float:
    """The lowest frequency that has a hundredth of the power of the strongest."""
    power = np.abs(np.fft.rfft(samples(role, sound_set).astype(float), 1 << 17)) ** 2
    return float(np.argmax(power > power.max() / 100)) * 48_000 / (1 << 17)


@every_set
@each("role", ROLES)
def test_a_tone_lasts_exactly_as_long_as_planned(role: str, sound_set: str) -> None:
    made = tone(role, sound_set)
    assert (made.frame_rate, made.channels, made.sample_width) == (48_000, 1, 2)
    assert len(samples(role, sound_set)) == TONE_MS[role] * 48
    assert len(made) == TONE_MS[role]


@every_set
@each("role", PHASES)
def test_a_phases_tone_is_short_and_softer_than_speech(role: str, sound_set: str, tmp_path: Path) -> None:
    """By 8 to 10 dB; it is heard forty times in a session. What rings on of a breath is heard where nobody speaks."""
    assert TONE_MS[role] == 240
    assert -28.5 < momentary_lufs(whole(role, sound_set, tmp_path)) < -25.5


@every_set
@each("role", ROLES)
def test_a_tone_begins_and_ends_at_zero(role: str, sound_set: str, tmp_path: Path) -> None:
    sound = whole(role, sound_set, tmp_path)
    assert sound[0] == sound[-1] == 0
    assert np.abs(sound[[1, -2]]).max() <= 3


@every_set
@each("role", LEARNT)
def test_a_tone_peaks_between_minus_twenty_and_minus_nine(role: str, sound_set: str) -> None:
    peak_dbfs = 20 * np.log10(np.abs(samples(role, sound_set).astype(float)).max() / 32768)
    assert -20.1 <= peak_dbfs <= -8.9


BREATHS = {("rising", "breath"), ("falling", "breath")}  # a breath has no onset


@each(("role", "sound_set"), sorted({*itertools.product(LEARNT, COMPUTED)} - BREATHS))
def test_a_tone_swells_instead_of_striking(role: str, sound_set: str) -> None:
    """From a tenth to nine tenths of its first peak it lasts 2.5 ms and more; it startles nobody, and is not late."""
    loud = loudness(role, sound_set)[: 48 * 60]
    attack = np.argmax(loud >= 0.9 * loud.max()) - np.argmax(loud >= 0.1 * loud.max())
    assert 2.4 <= attack / 48 <= 60
    assert loud[: 48 * 10].max() >= loud.max() / 3


@every_set
@each("role", ["start", "end", "finish"])
def test_the_tones_that_begin_and_end_work_are_about_as_loud_as_speech(role: str, sound_set: str) -> None:
    """Speech is at -18 LUFS."""
    assert -23 <= momentary_lufs(samples(role, sound_set)[: 48 * 750]) <= -17


@every_set
@each("role", ["start", "end", "finish"])
def test_they_are_equally_loud_on_a_phones_speaker(role: str, sound_set: str) -> None:
    """It plays little below 800 Hz. "One." has -24 LUFS there, measured on a decoded track."""
    assert -23.5 <= momentary_lufs(high_passed(samples(role, sound_set))) <= -22.0


@every_set
@each("role", ROLES)
def test_a_phone_can_play_a_tone(role: str, sound_set: str) -> None:
    """A bowl's lowest partial is there for who hears it."""
    power = np.abs(spectrum(role, sound_set)) ** 2
    hz = np.fft.rfftfreq(1 << 18, 1 / 48_000)
    assert power[(hz >= 400) & (hz <= 4000)].sum() >= 0.8 * power.sum()


@every_set
@each("pair", [*itertools.combinations(sorted({*ROLES} - {"finish", "bell"}), 2)])
def test_tones_are_unlike_each_other(pair: tuple[str, str], sound_set: str) -> None:
    """Two may share a note; it has another place in them."""
    a, b = (samples(role, sound_set).astype(float) for role in pair)
    common = np.fft.irfft(spectrum(pair[0], sound_set) * np.conj(spectrum(pair[1], sound_set)))
    assert np.abs(common).max() < (0.7 if {*pair} <= {*PHASES} else 0.5) * np.sqrt((a @ a) * (b @ b))


@every_set
def test_start_and_end_are_never_confused_in_noise_as_loud_as_they_are(sound_set: str) -> None:
    """A correlator hears the right one in pink noise at 0 dB, whatever the noise."""
    tones = {role: samples(role, sound_set)[: 48 * 600].astype(float) for role in ("start", "end")}
    templates = {role: sound / np.linalg.norm(sound) for role, sound in tones.items()}
    size, noise = 48 * 1200, np.random.default_rng(5)
    looked_for = {role: np.conj(np.fft.rfft(template, 2 * size)) for role, template in templates.items()}
    shape = 1 / np.sqrt(np.maximum(np.fft.rfftfreq(size, 1 / 48_000), 20))
    for _ in range(10):
        for role, sound in tones.items():
            pink = np.fft.irfft(np.fft.rfft(noise.standard_normal(size)) * shape, size)
            pink *= np.sqrt((sound**2).mean() / (pink**2).mean())
            pink[48 * 300 : 48 * 300 + len(sound)] += sound
            spectrum = np.fft.rfft(pink, 2 * size)
            heard = {name: np.abs(np.fft.irfft(spectrum * one)).max() for name, one in looked_for.items()}
            assert max(heard, key=lambda name: heard[name]) == role


@every_set
@each("other", sorted({*LEARNT} - {"end", "finish", "bell"}))
def test_the_end_is_distinct_from_all_others_by_its_pitch(other: str, sound_set: str) -> None:
    """Half of its energy and more lies where the other has none; it reaches lower, and is the longest."""
    distance = np.abs(octaves(samples("end", sound_set)) - octaves(samples(other, sound_set))).sum() / 2
    assert distance > 0.45
    assert TONE_MS["end"] > TONE_MS[other]
    assert lowest("end", sound_set) < lowest(other, sound_set)


@every_set
def test_a_wake_sound_is_soft_swells_and_has_no_pitch(sound_set: str) -> None:
    """8 dB below the softest start and more, a quarter of a second until it is there, as strong at each pitch."""
    wake, start = samples("wake", sound_set), samples("start", sound_set)
    assert np.abs(wake).max() <= np.abs(start).max() * 10 ** (-8 / 20)
    loud = loudness("wake", sound_set)
    assert np.argmax(loud >= 0.9 * loud.max()) >= 48 * 120
    assert octaves(wake).max() < 0.25 < octaves(start).max()


@each("sound_set", ["wood", "beeps"])
def test_the_finish_is_the_end_three_times(sound_set: str) -> None:
    finish, end = samples("finish", sound_set), samples("end", sound_set)[:36_000]  # up to the next stroke
    assert [onset(finish, end, around=at) for at in (0, 36_000, 72_000)] == [0, 36_000, 72_000]


def test_the_finish_of_the_bells_is_one_lower_and_longer_stroke(tmp_path: Path) -> None:
    assert lowest("finish", "bells") < 0.85 * lowest("end", "bells")
    finish, end = (whole(role, "bells", tmp_path).astype(float) for role in ("finish", "end"))
    assert len(finish) > len(end)
    later = slice(48 * 2000, 48 * 2200)
    assert np.square(finish[later]).mean() > np.square(end[later]).mean()


@every_set
def test_a_rising_phase_rises_and_a_falling_one_falls(sound_set: str, tmp_path: Path) -> None:
    low, high = middles("rising", sound_set, tmp_path)
    assert high > 1.15 * low
    high, low = middles("falling", sound_set, tmp_path)
    assert high > 1.15 * low


def middles(role: str, sound_set: str, cache: Path) -> list[float]:
    """The mean frequency of the first and of the second half of a tone and its ring."""
    hz = np.fft.rfftfreq(48_000, 1 / 48_000)
    halves = np.array_split(whole(role, sound_set, cache).astype(float), 2)
    powers = [np.abs(np.fft.rfft(half, 48_000)) ** 2 for half in halves]
    return [float((power * hz).sum() / power.sum()) for power in powers]


@every_set
def test_a_level_phase_stays_where_it_is(sound_set: str) -> None:
    first, second = pitches("level", sound_set)
    assert first == pytest.approx(second, rel=0.03)


def test_a_bell_rings_on_softly() -> None:
    """It is as loud as the others at first, and after three seconds it is still to be heard."""
    bell = samples("bell").astype(float)
    levels = [np.sqrt((bell[48 * at : 48 * (at + 200)] ** 2).mean()) for at in (0, 1000, 3000, 5500)]
    assert levels == sorted(levels, reverse=True)
    assert 20 * np.log10(levels[2] / 32768) > -36


def test_a_level_makes_one_tone_louder_or_softer_and_none_too_loud(tmp_path: Path) -> None:
    default, other = (Tones(Mix(levels=each), Cache(tmp_path)) for each in ({}, {"tick": -6, "start": 2, "end": 6}))
    gains = {}
    for role in LEARNT:
        before, after = (
            np.abs(np.frombuffer(tones.pcm(role), "<i2").astype(float)).max() for tones in (default, other)
        )
        gains[role] = round(20 * np.log10(after / before), 1)
    assert {role: gain for role, gain in gains.items() if gain} == {"tick": -6, "start": 2, "end": 6}
    loud = Tones(Mix(lufs=-16, levels={"finish": 6}), Cache(tmp_path)).segment("finish")
    assert loud.max_dBFS == pytest.approx(-3, abs=0.01)


@every_set
def test_the_start_goes_up(sound_set: str) -> None:
    low, _, high = pitches("start", sound_set, 3)
    assert high > 1.3 * low


def test_the_sets_are_not_each_others_tones() -> None:
    """But for those of breath, which are the bells except where it breathes."""
    for role in {*LEARNT} - {"bell"}:
        assert len({bytes(tone(role, sound_set).raw_data) for sound_set in COMPUTED}) == (
            4 if role in ("rising", "falling") else 3
        )


def test_tones_are_kept_and_a_damaged_one_is_computed_again(tmp_path: Path) -> None:
    wanted = bytes(tone("end", "wood").raw_data)
    store = Cache(tmp_path)
    tones = Tones(Mix(sounds="wood"), store)
    assert tones.pcm("end") == wanted
    assert store.get("clips", tones.key("end")).body == wanted  # type: ignore[union-attr]
    store.put("clips", tones.key("end"), wanted[:-2], TONE_MS["end"])
    assert Tones(Mix(sounds="wood"), store).pcm("end") == wanted


@pytest.mark.parametrize(("lufs", "gain_db"), [(-16, 2), (-18, 0), (-19, -1)])
def test_the_tones_of_a_louder_track_are_as_much_louder(tmp_path: Path, lufs: int, gain_db: int) -> None:
    default, other = (Tones(Mix(lufs=each), Cache(tmp_path)) for each in (-18, lufs))
    for role in LEARNT:
        before, after = (np.frombuffer(tones.pcm(role), "<i2").astype(float) for tones in (default, other))
        assert len(before) == len(after)
        assert 20 * np.log10(np.abs(after).max() / np.abs(before).max()) == pytest.approx(gain_db, abs=0.01)
        assert (default.key(role) == other.key(role)) == (gain_db == 0)
    again = Tones(Mix(lufs=lufs), Cache(tmp_path))  # from disk
    assert all(again.pcm(role) == other.pcm(role) for role in LEARNT)


def test_a_set_of_a_later_version_has_no_tones_here(tmp_path: Path) -> None:
    tones = Tones(Mix(sounds="harps"), Cache(tmp_path))
    assert tones.length_ms("end") is None
    assert Tones(Mix(), Cache(tmp_path)).length_ms("gong") is None


def test_a_tone_is_computed_once() -> None:
    assert tone("end") is tone("end")


def test_an_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="no tone is called 'gong'; there are start, end"):
        tone("gong")


def test_a_segment_holds_samples_as_they_are() -> None:
    assert segment(b"\1\0\2\0").raw_data == b"\1\0\2\0"


def test_importing_pydub_says_nothing(tmp_path: Path) -> None:
    """With no ffmpeg on PATH and no byte code cached, when pydub has most to say."""
    environment = {"PATH": str(tmp_path), "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-W", "always", "-c", "from audiogen.track.tones import segment; segment(b'')"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
