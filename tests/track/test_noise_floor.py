"""The noise below a track: how loud and how even it is, and that its loop may be entered and begun again."""

import functools
import io
import re
import subprocess
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audiogen import load_routine, render
from audiogen.export import id3
from audiogen.routine.load import parse_routine
from audiogen.storage.cache import Cache
from audiogen.track import mp3, noise_floor
from audiogen.track.blocks import FRAME_SAMPLES, decays
from tests import meters
from tests.decode import Samples, libsndfile, mp3val_complaints, needs
from tests.fakes.tone_voice import ToneVoice
from tests.shipped import ROUTINES, ShippedTracks
from tests.track.test_encode import emptied, flipped, headless, truncated

pytestmark = pytest.mark.usefixtures("not_shared")

SESSION = """
title: Plank
exercises:
  - {name: Plank, hold: 40s, halfway: off, settle: 4s}
"""


@pytest.fixture(scope="module")
def loop() -> Samples:
    return np.frombuffer(noise_floor.noise(), "<i2")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(tmp_path_factory.mktemp("bed"))


def dbfs(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(samples.astype(float) ** 2)) - 20 * np.log10(32768))


def silent_track(path: Path, frames: bytes, length_ms: int, bitrate_kbps: int = 96) -> Path:
    with path.open("wb") as target:
        mp3.write_mp3(target, id3.id3(id3.Tag("Bed", "en", length_ms)), [], length_ms, bitrate_kbps, frames)
    return path


# -- the noise


def test_the_bed_lasts_ten_seconds_or_more_at_minus_72_dbfs(loop: Samples) -> None:
    assert len(loop) == noise_floor.LOOP_FRAMES * FRAME_SAMPLES >= 480_000
    assert dbfs(loop) == pytest.approx(-72, abs=0.1)
    assert np.abs(loop).max() <= noise_floor.PEAK


def test_the_bed_is_as_loud_in_each_octave(loop: Samples) -> None:
    power = np.abs(np.fft.rfft(loop.astype(float))) ** 2
    hz = np.fft.rfftfreq(len(loop), 1 / 48_000)
    octaves = [power[(hz >= low) & (hz < 2 * low)].sum() for low in (62.5, 125, 250, 500, 1000, 2000)]
    assert 10 * np.log10(max(octaves) / min(octaves)) < 0.5


def test_the_bed_is_as_loud_in_each_tenth_of_a_second(loop: Samples) -> None:
    levels = [dbfs(piece) for piece in np.split(loop, len(loop) // 4800)]
    assert max(levels) - min(levels) < 6
    assert max(levels) < -69


def test_the_loops_last_sample_leads_to_its_first(loop: Samples) -> None:
    steps = np.abs(np.diff(loop.astype(int)))
    assert abs(int(loop[0]) - int(loop[-1])) <= steps.max() / 2


def test_the_bed_is_the_same_noise_at_every_run() -> None:
    assert noise_floor.noise() == noise_floor.noise()


# -- its frames


@pytest.mark.parametrize("bitrate_kbps", mp3.BITRATES_KBPS)
def test_each_frames_sound_lies_within_the_loop_wherever_it_is_cut_or_begun_again(
    bitrate_kbps: int, store: Cache
) -> None:
    frames = noise_floor.bed_frames(store, bitrate_kbps)
    size = mp3.frame_bytes(bitrate_kbps)
    assert (
        len(list(mp3.walk(frames + frames[: 7 * size] + frames[: 3 * size], bitrate_kbps)))
        == noise_floor.LOOP_FRAMES + 10
    )


@needs("mpg123")
@pytest.mark.parametrize("bitrate_kbps", mp3.BITRATES_KBPS)
def test_a_silence_of_two_loops_and_a_half_has_no_joint_that_a_decoder_minds(
    bitrate_kbps: int, store: Cache, tmp_path: Path
) -> None:
    path = silent_track(tmp_path / "bed.mp3", noise_floor.bed_frames(store, bitrate_kbps), 30_000, bitrate_kbps)
    done = subprocess.run(["mpg123", "--test", str(path)], capture_output=True, text=True, check=True)
    assert not re.findall("(?i)error|warning|fail|missing", done.stderr)
    samples = libsndfile(path).samples
    joint = noise_floor.LOOP_FRAMES * FRAME_SAMPLES
    assert dbfs(samples) == pytest.approx(-72, abs=0.5)
    steps = np.abs(np.diff(samples.astype(int)))
    for at in (joint, 2 * joint):
        assert steps[at - 1200 : at + 1200].max() <= steps[: joint - 2400].max()
        quiet = [dbfs(samples[begin : begin + 240]) < -85 for begin in range(at - 2400, at + 2400, 240)]
        assert sum(quiet) * 5 <= 25, "the dip lasts over 25 ms"


@needs("mp3val")
def test_mp3val_has_nothing_to_say_about_a_silence_of_two_loops_and_a_half(store: Cache, tmp_path: Path) -> None:
    assert not mp3val_complaints(silent_track(tmp_path / "bed.mp3", noise_floor.bed_frames(store), 30_000))


def test_a_silence_is_the_beds_first_frames_begun_again_as_often_as_it_takes(store: Cache) -> None:
    frames, size = noise_floor.bed_frames(store), mp3.frame_bytes()
    for length in (1, 499, 500, 501, 1000, 3100):
        target = io.BytesIO()
        mp3.write_mp3(target, b"", [], length * 24 - 23, silence=frames)
        audio = target.getvalue()[size:]
        assert audio == (frames * 7)[: len(audio)]
        assert len(audio) // size in (length, length + 1)


# -- cached


def entries(store: Cache) -> list[Path]:
    return sorted(store.root.glob("*/*/*"))


@pytest.mark.parametrize("damage", [truncated, flipped, emptied, headless], ids=lambda damage: damage.__name__)
def test_a_damaged_bed_is_noticed_and_made_again(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    store = Cache(tmp_path)
    wanted = noise_floor.bed_frames(store)
    whole = {path: path.read_bytes() for path in entries(store)}
    assert len(whole) == 2, "samples and frames"
    for path, entry in whole.items():
        path.write_bytes(damage(entry))
    assert noise_floor.bed_frames(store) == wanted
    assert {path: path.read_bytes() for path in entries(store)} == whole


def test_foreign_sounds_in_the_beds_place_are_not_taken(tmp_path: Path) -> None:
    """A checksum that is right says only that the entry is as it was written."""
    store = Cache(tmp_path)
    wanted = noise_floor.bed_frames(store)
    keys = {path.parts[-3]: path.name for path in entries(store)}
    borrowing = wanted[mp3.frame_bytes() :] + wanted[: mp3.frame_bytes()]
    for foreign in (wanted[: -mp3.frame_bytes()], borrowing, bytes(len(wanted))):
        store.put("blocks", keys["blocks"], foreign, 1)
        store.put("clips", keys["clips"], b"no bed", 1)
        assert noise_floor.bed_frames(store) == wanted
        assert noise_floor.bed_frames(store) == store.get("blocks", keys["blocks"]).body  # type: ignore[union-attr]


def test_without_a_cache_to_write_to_there_is_a_bed_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nowhere = Cache(tmp_path / "file" / "cache")
    assert noise_floor.bed_frames(nowhere) == noise_floor.bed_frames(Cache(tmp_path / "cache"))
    assert nowhere.warning


# -- in a track


def waits(path: Path, silence: str, cache: Cache) -> list[Samples]:
    """The decoded samples of each silence, without the frame at its edges that holds noise of the sounds.

    Where a tone rings on, its silence begins once it has rung out.
    """
    timeline = render(
        parse_routine(SESSION), path, voice=ToneVoice(), cache=cache, overrides={"silence": silence}
    ).timeline
    assert timeline.mix.silence == silence
    samples = libsndfile(path).samples
    rung = {tone.end_ms: decay_ms for tone in timeline.tiles() if (decay_ms := decays(timeline).get(tone.start_ms))}
    silent = [
        (tile.start_ms + rung.get(tile.start_ms, 0), tile.end_ms) for tile in timeline.tiles() if tile.kind == "wait"
    ]
    return [samples[(start + 24) * 48 : (end - 24) * 48] for start, end in silent if end - start >= 400]


def test_all_silences_of_a_track_are_the_bed_or_digital(store: Cache, tmp_path: Path) -> None:
    bedded = waits(tmp_path / "bed.mp3", "bed", store)
    assert len(bedded) == 8  # the others are shorter, or have a bowl ringing in them for most of their time
    assert all(dbfs(one) == pytest.approx(-72, abs=2) for one in bedded)
    assert not any(one.any() for one in waits(tmp_path / "digital.mp3", "digital", store))
    assert (tmp_path / "bed.mp3").stat().st_size == pytest.approx((tmp_path / "digital.mp3").stat().st_size, abs=100)


def test_a_bed_is_what_a_track_has_by_default(store: Cache, tmp_path: Path) -> None:
    waits(tmp_path / "bed.mp3", "bed", store)
    render(parse_routine(SESSION), tmp_path / "default.mp3", voice=ToneVoice(), cache=store)
    assert (tmp_path / "default.mp3").read_bytes() == (tmp_path / "bed.mp3").read_bytes()


def test_eight_hours_of_bed_are_written_in_little_memory(store: Cache) -> None:
    class Sink(io.BytesIO):
        total = 0

        def write(self, chunk: object, /) -> int:
            self.total += len(chunk)  # type: ignore[arg-type]
            return 0

    frames, sink = noise_floor.bed_frames(store), Sink()
    tracemalloc.start()
    mp3.write_mp3(sink, b"", [], 8 * 3600 * 1000, silence=frames)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sink.total == 288 * (1_200_000 + 1 + 1)
    assert peak < 1_000_000


@pytest.fixture(scope="module")
def digital(tracks: ShippedTracks, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder, overrides = tmp_path_factory.mktemp("digital"), {"silence": "digital"}

    @functools.cache
    def made(name: str) -> Path:
        routine, out = load_routine(ROUTINES[name]), folder / f"{name}.mp3"
        return render(routine, out, voice="builtin", cache=tracks.cache, overrides=overrides).path

    return made


@needs("mp3val")
@needs("mpg123")
@pytest.mark.parametrize(
    ("name", "silence"),
    [
        ("box-breathing", "bed"),
        ("box-breathing", "digital"),
        *(pytest.param(name, "bed", marks=pytest.mark.thorough) for name in ROUTINES if name != "box-breathing"),
        pytest.param("desk-reset", "digital", marks=pytest.mark.thorough),
    ],
)
def test_mp3val_and_mpg123_find_nothing_in_a_shipped_routine_with_the_bed_and_without(
    name: str, silence: str, tracks: ShippedTracks, digital: Callable[[str], Path]
) -> None:
    path = tracks[name].path if silence == "bed" else digital(name)
    assert mp3val_complaints(path) == []
    done = subprocess.run(["mpg123", "--test", str(path)], capture_output=True, text=True, check=True)
    assert not re.findall("(?i)error|warning|fail|missing", done.stderr)


@needs("ffmpeg")
def test_a_loudness_meter_reads_the_same_with_the_bed_and_without(
    tracks: ShippedTracks, digital: Callable[[str], Path]
) -> None:
    """The bed stays below the gate; were it 3 dB louder, the silences would count."""
    tracked = (tracks["box-breathing"].path, digital("box-breathing"))
    with_bed, without = (meters.lufs_of_file(path) for path in tracked)
    assert with_bed == pytest.approx(without, abs=0.1)
