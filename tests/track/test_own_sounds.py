"""A user's own files in the place of tones: on the clock, as loud and as long as planned; or an error that helps."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from audiogen import load_routine, plan, render
from audiogen.errors import Problem, SoundError
from audiogen.routine.sounds import Sounds
from audiogen.script.repetitions import HEARD_MS, PHASE_WORDS_MS
from audiogen.storage.cache import Cache
from audiogen.timeline.document import read_timeline
from audiogen.timeline.model import FIRST_EDITION, Mix
from audiogen.track.tones import Tones, own
from audiogen.track.tones.own import own_sounds, prepared
from audiogen.verification import verify
from tests.command import run
from tests.decode import libsndfile, onset
from tests.fakes.tone_voice import ToneVoice
from tests.track.test_encode import loaded_by_render

Wave = NDArray[np.float64]

ROUTINE = """
title: Own sounds
sounds: {set: wood, start: sounds/gong.wav, end: sounds/bell.flac}
exercises:
  - {name: Plank, hold: 20s, settle: 4s}
  - {name: Squats, reps: 2, tempo: [{for: 2s}, {for: 2s}]}
"""


def struck(seconds: float, hz: float, rate: int = 44_100) -> Wave:
    t = np.arange(int(seconds * rate)) / rate
    return np.asarray(np.sin(2 * np.pi * hz * t) * np.exp(-4 * t / seconds) * 0.05)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A routine whose gong is quiet, in stereo, with 120 ms of hiss before it, and whose bell has another rate."""
    (tmp_path / "sounds").mkdir()
    gong = np.pad(struck(1.5, 520), (int(0.12 * 44_100), 4410))
    hiss = np.random.default_rng(0).normal(0, 1e-6, len(gong))
    soundfile.write(tmp_path / "sounds" / "gong.wav", np.stack([gong + hiss, 0.5 * gong], 1), 44_100)
    soundfile.write(tmp_path / "sounds" / "bell.flac", struck(0.8, 700, 24_000), 24_000)
    (tmp_path / "own.yaml").write_text(ROUTINE)
    return tmp_path


def listened(folder: Path, store: Cache, **files: str) -> Mix:
    return Mix("wood", own_sounds(store, Sounds("wood", {role: str(folder / file) for role, file in files.items()})))


def test_a_file_begins_at_its_first_sample_over_minus_50_dbfs(folder: Path, tmp_path: Path) -> None:
    mix = listened(folder, Cache(tmp_path / "cache"), start="sounds/gong.wav")
    sound = np.frombuffer(Tones(mix, Cache(tmp_path / "cache")).pcm("start"), "<i2")
    assert len(sound) == mix.own[0].length_ms * 48
    assert 1200 <= mix.own[0].length_ms <= 1510  # without what comes before it, and what nobody hears behind it
    loud = 10 ** (-50 / 20) * 32767
    assert np.abs(sound[:120]).max() > loud
    assert np.abs(sound[:2]).max() < loud
    assert abs(sound[-1]) <= 2


def test_a_file_is_about_as_loud_as_the_tones(folder: Path, tmp_path: Path) -> None:
    mix = listened(folder, Cache(tmp_path), start="sounds/gong.wav", end="sounds/bell.flac")
    for role in ("start", "end"):
        sound = np.frombuffer(Tones(mix, Cache(tmp_path)).pcm(role), "<i2").astype(float)
        assert -16.5 <= 20 * np.log10(np.abs(sound).max() / 32768) <= -8.9


def test_sides_in_opposite_phase_are_heard(folder: Path, tmp_path: Path) -> None:
    gong, rate = soundfile.read(folder / "sounds" / "gong.wav", always_2d=True)
    soundfile.write(folder / "sounds" / "mono.wav", gong[:, 0], rate)
    soundfile.write(folder / "sounds" / "opposed.wav", np.column_stack((gong[:, 0], -gong[:, 0])), rate)
    alike, opposed = (
        np.frombuffer(Tones(listened(folder, cache, start=f"sounds/{name}.wav"), cache).pcm("start"), "<i2")
        for name in ("mono", "opposed")
        for cache in [Cache(tmp_path / name)]
    )
    assert np.abs(alike.astype(int) - opposed).max() <= 4  # of 32767


def test_a_track_has_the_files_on_its_clock_and_proves_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", str(folder / "cache"))
    store = Cache(folder / "cache")
    rendered = render(load_routine(folder / "own.yaml"), folder / "own.mp3", voice=ToneVoice(), cache=store)
    timeline, samples = rendered.timeline, libsndfile(rendered.path).samples
    assert {sound.role: sound.file for sound in timeline.mix.own} == {"start": "gong.wav", "end": "bell.flac"}
    tones = Tones(timeline.mix, store)
    lengths_ms = {sound.role: sound.length_ms for sound in timeline.mix.own}
    for event in timeline.tiles():
        if event.kind == "tone":
            assert event.length_ms == lengths_ms.get(event.role, event.length_ms)
            at = event.start_ms * 48
            assert onset(samples, np.frombuffer(tones.pcm(event.role), "<i2"), around=at, within=200) == at
    hold = next(event for event in timeline.events if event.kind == "hold")
    assert hold.length_ms == 20_000
    assert verify(rendered.path).verdict == "3 of 3 holds and repetitions within 1 ms"
    assert str(folder) not in json.dumps(timeline.to_json()["mix"])


def test_where_the_file_is_not_at_hand_its_tones_are_reported_as_not_measured(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    render(load_routine(folder / "own.yaml"), folder / "own.mp3", voice=ToneVoice(), cache=Cache(folder / "cache"))
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", str(folder / "elsewhere"))
    report = verify(folder / "own.mp3")
    assert report.ok
    tones = next(check for check in report.checks if check.name == "tones")
    assert "gong.wav, is missing or has changed" in tones.unmeasured[0].what
    assert report.verdict.startswith("0 of 3 holds and repetitions within 1 ms; not measured in full: ")


def test_kept_files_cost_a_render_nothing_slow(folder: Path) -> None:
    render(load_routine(folder / "own.yaml"), folder / "a.mp3", voice=ToneVoice(), cache=Cache(folder / "cache"))
    text = ROUTINE.replace("sounds/", str(folder / "sounds") + "/")
    assert not loaded_by_render(text, folder) & {"numpy", "soundfile", "soxr", "pydub", "lameenc"}
    assert (folder / "out.mp3").read_bytes() == (folder / "a.mp3").read_bytes()


def test_a_file_that_changes_is_another_sound(folder: Path) -> None:
    store, routine = Cache(folder / "cache"), load_routine(folder / "own.yaml")
    before = plan(routine, voice=ToneVoice(), cache=store).timeline
    soundfile.write(folder / "sounds" / "gong.wav", struck(1.0, 300), 44_100)
    after = plan(routine, voice=ToneVoice(), cache=store).timeline
    assert before.mix.own[0].sha256 != after.mix.own[0].sha256
    assert before.length_ms > after.length_ms - 20_000
    assert after.mix.own[0].length_ms != before.mix.own[0].length_ms


@pytest.mark.parametrize("damage", [b"", b"no sound", bytes(1000)])
def test_a_damaged_entry_of_a_file_is_made_again(damage: bytes, folder: Path) -> None:
    store = Cache(folder / "cache")
    mix = listened(folder, store, start="sounds/gong.wav")
    wanted = Tones(mix, store).pcm("start")
    store.put("clips", Tones(mix, store).key("start"), damage, mix.own[0].length_ms)
    assert Tones(mix, store).pcm("start") == wanted


def test_a_file_that_went_away_is_an_error_and_no_silence(folder: Path) -> None:
    store = Cache(folder / "cache")
    mix = listened(folder, store, start="sounds/gong.wav")
    store.clear("clips")
    (folder / "sounds" / "gong.wav").unlink()
    with pytest.raises(SoundError, match=r"gong\.wav, is missing or has changed"):
        Tones(mix, store).pcm("start")


# -- files that cannot be used


def refused(tmp_path: Path, **files: str) -> tuple[Problem, ...]:
    with pytest.raises(SoundError) as caught:
        listened(tmp_path, Cache(tmp_path / "cache"), **files)
    return caught.value.problems


def test_files_that_cannot_be_used_are_all_reported_with_role_and_finding(folder: Path) -> None:
    (folder / "text.wav").write_text("no sound")
    soundfile.write(folder / "silent.wav", np.zeros(4800), 48_000)
    soundfile.write(folder / "offset.wav", np.full(4800, 0.5), 48_000)
    soundfile.write(folder / "long.wav", np.tile(struck(1, 500, 8000) + 0.1, 6), 8000)
    soundfile.write(folder / "hour.flac", np.zeros(8000 * 3600), 8000)
    problems = refused(
        folder,
        start="none.wav",
        end="text.wav",
        finish="silent.wav",
        tick="long.wav",
        cue="hour.flac",
        rising="sounds",
        level="offset.wav",
    )
    assert [(one.place, one.subject, one.code) for one in problems] == [
        ("sounds: start", f"{folder}/none.wav", "track.no-sound-file"),
        ("sounds: end", f"{folder}/text.wav", "track.sound-unreadable"),
        ("sounds: finish", f"{folder}/silent.wav", "track.sound-silent"),
        ("sounds: tick", f"{folder}/long.wav", "track.sound-too-long"),
        ("sounds: cue", f"{folder}/hour.flac", "track.sound-not-short"),
        ("sounds: rising", f"{folder}/sounds", "storage.folder-to-read"),
        ("sounds: level", f"{folder}/offset.wav", "track.sound-silent"),
    ]
    too_long, not_short = problems[3:5]
    assert (too_long.expected, too_long.found[:3], not_short.found) == ("0.5s", "5.9", "60m") or too_long.found == "6s"


def test_a_gong_longer_than_its_hold_is_an_error_that_names_it(folder: Path) -> None:
    (folder / "short.yaml").write_text(ROUTINE.replace("hold: 20s", "hold: 1s, countdown: 0"))
    notices = plan(load_routine(folder / "short.yaml"), voice=ToneVoice(), cache=Cache(folder / "cache")).notices
    found = [(one.code, one.place) for one in notices if isinstance(one, Problem)]
    assert ("timeline.tone-too-long", "1 Plank") in found


# -- the document


@pytest.mark.parametrize("own", [True, False])
def test_the_mix_is_read_back_from_its_document(own: bool, folder: Path) -> None:
    store = Cache(folder / "cache")
    mix = listened(folder, store, start="sounds/gong.wav") if own else Mix("beeps", silence="bed")
    timeline = replace(plan(load_routine("desk-reset"), voice="builtin", cache=store).timeline, mix=mix)
    document: dict[str, Any] = json.loads(json.dumps(timeline.to_json()))
    assert document["mix"]["sounds"] == mix.sounds
    assert read_timeline(json.dumps(document).encode()).mix == mix
    del document["mix"]
    assert read_timeline(json.dumps(document).encode()).mix == Mix(edition=FIRST_EDITION)
    later = read_timeline(json.dumps({**document, "mix": {"later": 1}}).encode())
    assert later.mix == Mix(edition=FIRST_EDITION)


@pytest.mark.parametrize("command", ["plan", "render"])
def test_the_command_tells_of_a_missing_file_and_writes_nothing(command: str, folder: Path) -> None:
    arguments = [command, str(folder / "own.yaml"), "--sounds", "beeps,finish=nowhere.wav"]
    done = run(*arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    wanted = f"sounds: finish: {folder / 'nowhere.wav'} does not exist. Correct the name, or remove it.\n"
    assert done.stderr.replace("/private", "") == wanted
    assert not (folder / "output").exists()


# -- what is heard, and not what is there


@pytest.fixture
def late(tmp_path: Path) -> Path:
    """A gong with 1 s in front in which there is nothing to be heard: an offset of 1 % and a faint noise."""
    (tmp_path / "sounds").mkdir()
    gong = 10 * struck(1.5, 520)
    gong[: len(gong) // 2] += 0.01
    front = 0.01 + np.random.default_rng(0).normal(0, 1e-5, 44_100)
    soundfile.write(tmp_path / "sounds" / "gong.wav", np.concatenate([front, gong]), 44_100)
    routine = "title: Own\nsounds: {start: sounds/gong.wav}\nexercises: [{name: Plank, hold: 5s}]\n"
    (tmp_path / "own.yaml").write_text(routine)
    return tmp_path


def test_an_offset_before_its_onset_is_no_part_of_a_sound(late: Path) -> None:
    store = Cache(late / "cache")
    mix = listened(late, store, start="sounds/gong.wav")
    sound = np.frombuffer(Tones(mix, store).pcm("start"), "<i2")
    assert mix.own[0].length_ms < 1_520
    assert np.abs(sound[: 20 * 48]).max() > 3_000


def test_a_sound_that_is_heard_late_does_not_pass(late: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made as it was before offsets were taken out: the track says that the gong begins where the offset does."""
    monkeypatch.setattr(own, "without_offset", lambda sound, _: sound)
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", str(late / "cache"))
    rendered = render(load_routine(late / "own.yaml"), late / "own.mp3", voice=ToneVoice(), cache=Cache(late / "cache"))
    monkeypatch.undo()
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", str(late / "cache"))
    (tones,) = (check for check in verify(rendered.path).checks if check.name == "tones")
    assert [re.sub(r"(99|100)\d ms", "1 s", one.what) for one in tones.off] == [
        "the start tone is first heard 1 s after its time"
    ]


def test_a_file_of_a_sample_a_second_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "slow.wav", np.ones(100, np.int16), 1)
    with pytest.raises(SoundError) as caught:
        own_sounds(Cache(tmp_path / "cache"), Sounds(files={"start": str(tmp_path / "slow.wav")}))
    assert caught.value.problems[0].code == "audio.low-rate"


@pytest.mark.parametrize(("odd", "silent"), [(np.inf, False), (np.nan, False), (1e30, True)])
def test_samples_that_no_sound_has_are_no_part_of_a_tone(odd: float, silent: bool, tmp_path: Path) -> None:
    samples = np.sin(np.arange(24_000) / 20) * 0.3
    samples[100:103] = odd
    soundfile.write(tmp_path / "odd.wav", samples, 48_000, subtype="FLOAT")
    body = (tmp_path / "odd.wav").read_bytes()
    if silent:
        with pytest.raises(SoundError) as caught:
            prepared(body, tmp_path / "odd.wav")
        assert caught.value.problems[0].code == "track.sound-silent"
    else:
        pcm = np.frombuffer(prepared(body, tmp_path / "odd.wav"), "<i2")
        assert len(pcm) == pytest.approx(24_000, abs=200)
        assert np.abs(pcm[5000:]).max() > 7000


def test_a_sound_of_noise_is_found_again(tmp_path: Path) -> None:
    """An encoder leaves out what lies above 15 kHz, which is a third of it."""
    noise = np.random.default_rng(1).standard_normal(48_000) * 0.1
    soundfile.write(tmp_path / "noise.wav", noise, 48_000)
    (tmp_path / "own.yaml").write_text(
        "title: T\nguidance: tones\nsounds: {start: noise.wav}\nexercises: [{name: A, hold: 5s}]\n"
    )
    rendered = render(load_routine(tmp_path / "own.yaml"), tmp_path / "own.mp3", voice=ToneVoice())
    assert [check.name for check in verify(rendered.path).checks if check.off] == []


LONG = """
title: Long sounds
opening: none
closing: none
silence: digital
sounds: {rising: sounds/wave.wav}
exercises:
  - name: Breathing
    announce: none
    reps: 3
    tempo: [{say: Inhale, for: 4s}, {for: 4s, tone: rising}]
"""


def test_a_long_sound_of_a_phase_goes_on_below_its_words_and_is_faded_where_the_phase_ends(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", str(folder / "cache"))
    t = np.arange(9 * 44_100) / 44_100
    soundfile.write(folder / "sounds" / "wave.wav", np.sin(2 * np.pi * 300 * t) * 0.05, 44_100)
    (folder / "long.yaml").write_text(LONG)
    rendered = render(load_routine(folder / "long.yaml"), folder / "long.mp3", voice=ToneVoice(), cache=Cache(folder))
    tones = [event for event in rendered.timeline.tiles() if event.role == "rising"]
    assert {(event.length_ms, event.rings_ms) for event in tones} == {(500, 4000)}
    samples = libsndfile(rendered.path).samples

    def level(at_ms: int) -> float:
        return float(np.abs(samples[at_ms * 48 : (at_ms + 20) * 48]).max())

    for event in tones:  # nothing is spoken in these phases
        loud = level(event.start_ms + 200)
        assert abs(level(event.start_ms + 3000) / loud - 1) < 0.05
        assert 0.2 < level(event.start_ms + 3800) / loud < 0.8
        assert level(event.start_ms + 3980) / loud < 0.1
    assert read_timeline(json.dumps(rendered.timeline.to_json()).encode()) == rendered.timeline
    assert verify(rendered.path).verdict.startswith("3 of 3 holds and repetitions within 1 ms")


def test_words_are_spoken_over_a_long_sound_which_is_softer_below_them(folder: Path) -> None:
    t = np.arange(3 * 44_100) / 44_100
    soundfile.write(folder / "sounds" / "wave.wav", np.sin(2 * np.pi * 300 * t) * 0.05, 44_100)
    (folder / "long.yaml").write_text(LONG.replace("{say: Inhale, for: 4s}", "{say: Inhale, for: 4s, tone: rising}"))
    planned = plan(load_routine(folder / "long.yaml"), voice=ToneVoice(), cache=Cache(folder))
    said = [event for event in planned.timeline.tiles() if event.kind == "say" and event.place.rep == 2]
    tone = next(event for event in planned.timeline.tiles() if event.role == "rising" and event.place.rep == 2)
    assert said[0].start_ms == tone.start_ms + HEARD_MS + PHASE_WORDS_MS < tone.over_ms == tone.start_ms + 3000
