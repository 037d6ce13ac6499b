"""The user's own recordings: files of many formats, found by their words, and the errors where some are missing."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from audiogen import load_routine, plan, render
from audiogen.clips import record
from audiogen.errors import Notice, Problem, Remedy, VoiceError
from audiogen.routine.voice_spec import VoiceSpec
from audiogen.session.lines_to_record import lines_to_record
from audiogen.storage.cache import Cache
from audiogen.voices import Manner, open_voice
from audiogen.voices.recordings import Recordings, file_stem
from tests.decode import libsndfile, needs
from tests.fakes.google import FakeGoogle
from tests.fakes.tone_voice import ToneVoice
from tests.meters import of_cue

ROUTINE = """\
title: Lean
length: 40s
voice: recordings:../my-voice
exercises:
  - name: Lean
    hold: 10s
    setup: Stand by a wall.
"""


BY_FFMPEG = {".m4a": "aac", ".3gp": "aac", ".webm": "libopus"}


def tone(pitch_hz: float, *, rate: int = 44_100, seconds: float = 0.5, channels: int = 1, peak: float = 0.2) -> bytes:
    """WAV with half a second of silence on both sides, and a hiss far below the tone."""
    at = np.arange(round(rate * seconds)) / rate
    sound = np.pad(peak * np.sin(2 * np.pi * pitch_hz * at), rate // 2)
    sound += 1e-4 * np.random.default_rng(0).standard_normal(len(sound))
    out = io.BytesIO()
    soundfile.write(out, np.column_stack([sound] * channels), rate, format="WAV", subtype="PCM_16")
    return out.getvalue()


def save(folder: Path, name: str, wav: bytes) -> None:
    """Write a recording in the format of its name."""
    folder.mkdir(exist_ok=True)
    codec = BY_FFMPEG.get(Path(name).suffix)
    if codec is not None:
        command = ["ffmpeg", "-v", "error", "-i", "-", "-c:a", codec, "-b:a", "128k", str(folder / name)]
        subprocess.run(command, input=wav, check=True, capture_output=True)
        return
    samples, rate = soundfile.read(io.BytesIO(wav))
    if name.endswith(".opus"):
        samples, rate = soxr.resample(samples, rate, 48_000), 48_000
    soundfile.write(
        folder / name,
        samples,
        rate,
        format="OGG" if name.endswith((".oga", ".opus")) else None,
        subtype="OPUS" if name.endswith(".opus") else None,
    )


def pitch_of(samples: np.ndarray, rate: int = 48_000) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * rate / len(samples))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A routine in routines/, every line of it recorded in my-voice/, each at a pitch of its own."""
    (tmp_path / "routines").mkdir()
    (tmp_path / "routines" / "lean.yaml").write_text(ROUTINE, "utf-8")
    for number, line in enumerate(lines_to_record([load_routine(tmp_path / "routines" / "lean.yaml")])):
        save(tmp_path / "my-voice", line.file, tone(300 + 30 * number))
    return tmp_path


def clip_of(voice: Recordings, text: str, tmp_path: Path) -> np.ndarray:
    return np.frombuffer(record(Cache(tmp_path / "clips"), voice, [text]).pcm(text), "<i2").astype(float)


@pytest.mark.parametrize(
    ("name", "rate", "channels"),
    [
        ("switch-sides.wav", 44_100, 2),
        ("switch-sides.flac", 96_000, 1),
        ("Switch-Sides.ogg", 48_000, 2),
        ("switch-sides.mp3", 22_050, 1),
        ("switch-sides.aiff", 44_100, 1),
        ("switch-sides.caf", 44_100, 2),
        ("switch-sides.oga", 44_100, 1),
        ("switch-sides.opus", 48_000, 2),
        *(
            pytest.param(f"switch-sides{suffix}", 44_100, 2, marks=needs("ffmpeg"))
            for suffix in (".m4a", ".3gp", ".webm")
        ),
    ],
)
def test_a_recording_of_any_format_is_trimmed_and_levelled(name: str, rate: int, channels: int, tmp_path: Path) -> None:
    save(tmp_path / "mine", name, tone(440, rate=rate, channels=channels, peak=0.02))
    clip = clip_of(Recordings(tmp_path / "mine"), "Switch sides.", tmp_path)
    assert 480 <= len(clip) / 48 <= 560
    assert abs(pitch_of(clip) - 440) < 5
    assert of_cue(clip / 32768) == pytest.approx(-17.2, abs=0.3)


@needs("ffmpeg")
def test_what_a_file_holds_counts_and_not_its_suffix(tmp_path: Path) -> None:
    save(tmp_path / "mine", "switch-sides.m4a", tone(440))
    (tmp_path / "mine" / "switch-sides.m4a").rename(tmp_path / "mine" / "switch-sides.wav")
    assert abs(pitch_of(clip_of(Recordings(tmp_path / "mine"), "Switch sides.", tmp_path)) - 440) < 5


def test_a_track_is_spoken_by_the_files_next_to_the_routine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    rendered = render(load_routine(folder / "routines" / "lean.yaml"), folder / "lean.mp3")
    assert (rendered.voice, rendered.sent_to, rendered.filled) == ("recordings:my-voice", None, ())
    track, rate = libsndfile(folder / "lean.mp3")
    assert len(track) == 40 * rate
    say = next(event for event in rendered.timeline.events if event.text == "Stand by a wall.")
    lines = [line.text for line in lines_to_record([load_routine(folder / "routines" / "lean.yaml")])]
    spoken = track[say.start_ms * 48 : say.end_ms * 48]
    assert abs(pitch_of(spoken) - (300 + 30 * lines.index("Stand by a wall."))) < 5


def test_a_variant_finds_the_recordings_of_the_routine_that_it_extends(folder: Path, tmp_path: Path) -> None:
    variant = tmp_path / "variants" / "short.yaml"
    variant.parent.mkdir()
    variant.write_text("extends: ../routines/lean.yaml\nlength: none\nexercises: {lean: {countdown: 0}}\n", "utf-8")
    assert plan(load_routine(variant)).timeline.voice == "recordings:my-voice"
    assert Path(str(load_routine(variant).voice).partition(":")[2]).resolve() == (folder / "my-voice").resolve()


def test_a_line_recorded_again_is_another_clip_and_no_other_changes(folder: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "clips")
    texts = ["Stand by a wall.", "Lean."]
    before = record(cache, Recordings(folder / "my-voice"), texts)
    save(folder / "my-voice", "stand-by-a-wall.wav", tone(900))
    after = record(cache, Recordings(folder / "my-voice"), texts)
    assert after.spoken == 1
    assert before.pcm("Lean.") == after.pcm("Lean.")
    assert abs(pitch_of(np.frombuffer(after.pcm("Stand by a wall."), "<i2").astype(float)) - 900) < 5


def test_all_missing_lines_are_listed_at_once_and_nothing_is_written(folder: Path) -> None:
    for name in ("lean.wav", "stand-by-a-wall.wav"):
        (folder / "my-voice" / name).unlink()
    routine = load_routine(folder / "routines" / "lean.yaml")
    with pytest.raises(VoiceError) as caught:
        render(routine, folder / "lean.mp3")
    (problem,) = caught.value.problems
    assert (problem.code, problem.found) == ("voices.not-recorded", "2 lines")
    assert problem.expected.splitlines() == ["  lean.wav  Lean.", "  stand-by-a-wall.wav  Stand by a wall."]
    assert problem.remedies == (Remedy("fill-builtin", "fill", "builtin"),)
    assert not (folder / "lean.mp3").exists()
    assert plan(routine).notices[-1] == Notice(
        "session.not-recorded", found="2 lines", remedies=(Remedy("list-lines", command="audiogen cues"),)
    )


def test_another_voice_fills_in_only_where_it_is_requested(folder: Path) -> None:
    (folder / "my-voice" / "lean.wav").unlink()
    routine = load_routine(folder / "routines" / "lean.yaml")
    rendered = render(routine, folder / "lean.mp3", overrides={"fill": "builtin"})
    assert rendered.filled == ("Lean.",)
    assert rendered.voice == "recordings:my-voice+builtin:heart"
    again = render(routine, folder / "lean.mp3", overrides={"fill": "builtin"})
    assert (again.spoken, again.filled) == (0, ("Lean.",))


def test_words_are_pronounced_by_the_voice_that_fills_in_alone(tmp_path: Path) -> None:
    save(tmp_path / "mine", "roll-your-psoas.wav", tone(500))
    manner = Manner(pronounce={"psoas": "so-ass"}, fill=VoiceSpec("builtin"))
    voice = open_voice(f"recordings:{tmp_path / 'mine'}", "en", manner)
    assert voice.key_of("Roll your psoas.")["engine"] == "recordings"
    assert voice.key_of("Rest your psoas.")["text"] == "Rest your so-ass."


def test_a_voice_that_speaks_everything_needs_nobody_to_fill_in(folder: Path) -> None:
    assert open_voice("builtin", "en", Manner(fill=VoiceSpec("gtts"))).name == "builtin:heart"
    routine = load_routine(folder / "routines" / "lean.yaml")
    assert plan(routine, voice="builtin", overrides={"fill": "gtts"}).timeline.voice == "builtin:heart"


def test_where_the_words_went_is_reported_though_a_routine_names_a_voice_to_fill_in(
    folder: Path, google: FakeGoogle
) -> None:
    routine = load_routine(folder / "routines" / "lean.yaml")
    for name, fill, sent in (("gtts", "builtin", True), (None, "gtts", False)):
        rendered = render(routine, folder / "lean.mp3", voice=name, overrides={"fill": fill})
        assert (rendered.sent_to is not None) == sent
    asked = len(google.asked)
    (folder / "my-voice" / "lean.wav").unlink()
    save(folder / "my-voice", "stand-by-a-wall.wav", tone(700))
    google.asked.clear()
    rendered = render(routine, folder / "lean.mp3", overrides={"fill": "gtts"})
    assert (rendered.filled, google.asked, asked > 5) == (("Lean.",), [], True)  # Google has said it before


def test_recordings_cannot_fill_in_for_recordings(tmp_path: Path) -> None:
    save(tmp_path / "mine", "halfway.wav", tone(440))
    with pytest.raises(VoiceError) as caught:
        open_voice(f"recordings:{tmp_path / 'mine'}", "en", Manner(fill=VoiceSpec("recordings", "other")))
    assert caught.value.problems == (Problem("voices.recordings-fill", subject="recordings:other"),)


def test_an_announcement_is_joined_of_its_number_and_the_name(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    save(folder, "two-of-seven.wav", tone(440, seconds=1.0))
    save(folder, "double-v.wav", tone(660, seconds=0.5))
    voice, text = Recordings(folder), "Two of seven: Double V."
    assert voice.delivery(text).parts == ("Two of seven", "Double V.")
    assert voice.missing([text, "Three of seven: Double V."]) == ("Three of seven: Double V.",)
    assert abs(len(clip_of(voice, text, tmp_path)) / 48 - 1950) < 60
    save(folder, "two-of-seven-double-v.wav", tone(440, seconds=2.0))
    assert Recordings(folder).delivery(text).parts == (text,)


def test_recordings_are_stretched_at_their_pitch(tmp_path: Path) -> None:
    save(tmp_path / "mine", "halfway.wav", tone(440, seconds=1.0))
    slow = clip_of(Recordings(tmp_path / "mine", speed=0.8), "Halfway.", tmp_path)
    fast = clip_of(Recordings(tmp_path / "mine", speed=1.25), "Halfway.", tmp_path)
    assert abs(len(slow) / 48 - 1250) < 100  # the edges of a bare tone get softer
    assert abs(len(fast) / 48 - 800) < 100
    assert abs(pitch_of(slow) - 440) < 5
    assert abs(pitch_of(fast) - 440) < 5


def test_m4a_without_ffmpeg_is_refused_before_anything_is_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "halfway.m4a").write_bytes(b"never read")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(VoiceError) as caught:
        Recordings(tmp_path / "mine").require(["Halfway."])
    (problem,) = caught.value.problems
    assert (problem.code, problem.remedies) == ("audio.no-ffmpeg", (Remedy("install-ffmpeg"),))
    assert problem.subject.endswith("halfway.m4a")


@pytest.mark.parametrize("name", ["halfway.wav", pytest.param("halfway.m4a", marks=needs("ffmpeg"))])
def test_a_file_that_is_not_sound_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("not a sound")
    with pytest.raises(VoiceError) as caught:
        Recordings(tmp_path / "mine").speak("Halfway.")
    (problem,) = caught.value.problems
    assert (problem.code, problem.subject) == ("voices.recording", str(tmp_path / "mine" / name))
    assert problem.found
    assert "object at" not in problem.found


def test_two_files_for_a_line_are_refused(tmp_path: Path) -> None:
    for name in ("halfway.wav", "Halfway.flac"):
        save(tmp_path / "mine", name, tone(440))
    with pytest.raises(VoiceError) as caught:
        Recordings(tmp_path / "mine")
    assert caught.value.problems[0].code == "voices.recorded-twice"


@pytest.mark.parametrize(
    ("spec", "code", "folder"),
    [("recordings", "recordings-unnamed", ""), ("recordings:nowhere", "recordings-missing", "nowhere")],
)
def test_a_folder_that_is_not_there_is_an_error(spec: str, code: str, folder: str) -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice(spec, "en")
    (problem,) = caught.value.problems
    assert (problem.code, problem.subject) == (f"voices.{code}", folder)


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("Three of seven.", "three-of-seven"),
        ("REST,  please!", "rest-please"),
        ("Drück die Füße in den Boden.", "drück-die-füsse-in-den-boden"),
        ("तरफ़ बदलें।", "तरफ़-बदलें"),
        ("左右を替えます。", "左右を替えます"),
        ("a/b\\c:d*?.wav", "a-b-c-d-wav"),
    ],
)
def test_a_files_name_is_its_words(text: str, stem: str) -> None:
    assert file_stem(text) == stem
    assert file_stem(stem) == stem


def test_a_long_text_gets_a_short_name_of_its_own() -> None:
    long = "Close your eyes and breathe wide between your shoulder blades, "
    names = {file_stem(long + end) for end in ("then rest.", "then move.")}
    assert len(names) == 2
    assert all(len(name) <= 60 and name.startswith("close-your-eyes-and-breathe-wide") for name in names)
    assert len(file_stem("あ" * 300).encode()) < 200
    assert file_stem("!!") == file_stem("?") != ""


def test_a_name_that_a_file_system_took_apart_is_found(tmp_path: Path) -> None:
    save(tmp_path / "mine", "dru\u0308ck.wav", tone(440))  # u and its dots, as macOS stores it
    assert Recordings(tmp_path / "mine").missing(["Drück."]) == ()


def test_a_callers_own_voice_needs_only_what_every_voice_has(folder: Path) -> None:
    rendered = render(load_routine(folder / "routines" / "lean.yaml"), folder / "lean.mp3", voice=ToneVoice())
    assert rendered.filled == ()
