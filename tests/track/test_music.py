"""Music below a session: softer than every word, never in the way of a tone's time, without a click or an end."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from audiogen import load_routine, plan, render
from audiogen.audio.ffmpeg import find_ffmpeg, rate_of
from audiogen.audio.meter import lufs_of, weighted
from audiogen.errors import AudiogenError, CustomiseError, MusicError, Notice, OutputError, RoutineError
from audiogen.export import formats
from audiogen.export.id3 import tag_bytes
from audiogen.routine.load import parse_routine
from audiogen.routine.music import Music
from audiogen.routine.overrides import customise
from audiogen.routine.settings import AMBIENCES
from audiogen.script.steps import VOWEL_MS
from audiogen.session import Rendered
from audiogen.storage.cache import Cache
from audiogen.timeline.events import Event
from audiogen.timeline.model import ATTACHMENT
from audiogen.track import mp3
from audiogen.track.music import CROSSFADE_MS, LUFS, Heard, open_music, with_power
from audiogen.track.music.ambience import Ambience
from audiogen.track.music.mix import mixed
from audiogen.track.tones import tone
from audiogen.verification import verify
from audiogen.verification.likeness import at_pitches, place_of
from tests.command import run
from tests.decode import needs, onset
from tests.fakes.tone_voice import ToneVoice, tone_wav

SESSION = """
title: With music
silence: digital
opening: title
closing: none
settle: 3s
switching: 5s
transition: 1s
tail: 1s
exercises:
  - name: Lean
    hold: 12s
  - name: Shrug
    reps: 1
    tempo: [{say: Up, for: 2s}, {say: Down, for: 2s}]
"""

PER_MS = 48
Samples = NDArray[np.float64]


# -- sounds to lay below a session


def song(seconds: float, rate: int = 48_000, channels: int = 2) -> Samples:
    """Chords and drums: soft stretches, and strokes that are a lot louder than the whole."""
    t = np.arange(round(seconds * rate)) / rate
    chord = sum(np.sin(2 * np.pi * hz * t) for hz in (220.0, 277.2, 329.6)) * (
        0.06 + 0.05 * np.sin(2 * np.pi * 0.2 * t)
    )
    turns = np.random.default_rng(3)
    beat = np.exp(-(t % 0.5) / 0.04) * (np.floor(t / 4) % 2)
    sides = [
        chord + beat * (0.4 * np.sin(2 * np.pi * 70 * t) + 0.2 * turns.standard_normal(len(t))) for _ in range(channels)
    ]
    loudest = max(float(np.abs(side).max()) for side in sides)
    return np.stack(sides, axis=1) / loudest


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("music")


@pytest.fixture(scope="module")
def song_file(folder: Path) -> Path:
    path = folder / "song.flac"
    soundfile.write(path, song(9.5, 44_100), 44_100)
    return path


class Renders:
    """The session with this or that music, each made once."""

    def __init__(self, folder: Path) -> None:
        self.cache = Cache(folder / "cache")
        self._folder = folder
        self._made: dict[str, Rendered] = {}

    def __call__(self, music: str | Path = "none", suffix: str = ".wav") -> Rendered:
        return self._once(f"with-{Path(music).stem}{suffix}", music=str(music))

    def loudest(self, music: Path, suffix: str) -> Rendered:
        """With the music as loud as it may be, which is the hardest case for all that is promised of a file."""
        return self._once(f"loud-{music.stem}{suffix}", music=str(music), music_level="6")

    def _once(self, name: str, **overrides: str) -> Rendered:
        if name not in self._made:
            self._made[name] = self.made(self._folder / name, **overrides)
        return self._made[name]

    def made(self, out: Path, **overrides: str) -> Rendered:
        return render(parse_routine(SESSION), out, overrides=overrides, voice=ToneVoice(), cache=self.cache)

    def music_alone(self, music: str | Path) -> Samples:
        """What a render has more than the one without music: the music, as it was ducked."""
        plain, _ = soundfile.read(self().path)
        both, _ = soundfile.read(self(music).path)
        return np.asarray(both - plain[:, np.newaxis])


@pytest.fixture(scope="module")
def renders(folder: Path) -> Renders:
    return Renders(folder)


def lufs(sound: Samples) -> float:
    """Of a stretch as a whole, without a gate; both channels together."""
    power = sum(float(weighted(sound[:, side].astype(np.float32)).mean()) for side in (0, 1))
    return lufs_of(power)


def stretch(sound: Samples, event: Event) -> Samples:
    return sound[event.start_ms * PER_MS : event.end_ms * PER_MS]


# -- under words and tones


# In the scope of a module, so that all tests of an ambience come after one another, and its loops are made once.
every_ambience = pytest.mark.parametrize("name", AMBIENCES, scope="module")


# By default the first: they all have one loudness, which a test below measures.
@pytest.mark.parametrize(
    "name",
    [*AMBIENCES[:1], *(pytest.param(name, marks=pytest.mark.thorough) for name in AMBIENCES[1:]), "a song"],
    scope="module",
)
def test_every_word_is_at_least_12_lu_above_the_music_and_every_tone_is_heard(
    renders: Renders, name: str, song_file: Path
) -> None:
    """A number of a countdown where it is spoken in its place."""
    music = song_file if name == "a song" else name
    plain, _ = soundfile.read(renders().path)
    alone = renders.music_alone(music)
    events = renders(music).timeline.events
    both_sides = np.repeat(plain[:, np.newaxis], 2, axis=1)

    def above(event: Event) -> float:
        if event.role == "countdown":
            event = replace(event, start_ms=event.start_ms + VOWEL_MS, end_ms=event.start_ms + VOWEL_MS + 300)
        return float(lufs(stretch(both_sides, event)) - lufs(stretch(alone, event)))

    words, tones = ([above(event) for event in events if event.kind == kind] for kind in ("say", "tone"))
    assert (len(words), len(tones)) == (10, 5)
    assert min(words) >= 12
    assert min(tones) >= 6


class _NoClips:
    def pcm(self, text: str, /) -> bytes:
        raise AssertionError(f"'{text}' is not in the session")


def test_music_does_not_pump_under_a_row_of_tones(renders: Renders) -> None:
    """It goes down a little for them, and does not come back between two that are near."""
    tones = [Event(at_ms, at_ms + 240, "tone", "rising") for at_ms in range(6000, 27_000, 3000)]
    timeline = replace(renders().timeline, length_ms=40_000, events=tuple(tones))

    def level_db(events: tuple[Event, ...]) -> NDArray[np.float64]:
        """The music's gain in each tenth of a second, against the music without a session."""
        silence = (np.zeros((48_000, 1), np.int16) for _ in range(40))
        with open_music(Music("brown"), renders.cache) as music:
            pieces = list(mixed(silence, replace(timeline, events=events), music, _NoClips()))
        power = (np.concatenate(pieces)[:, 0].astype(float) ** 2).reshape(400, 4800).mean(axis=1)
        return np.asarray(10 * np.log10(np.maximum(power, 1e-9)))

    gain_db = level_db(timeline.events) - level_db(())
    stretch = gain_db[60:250]
    assert np.percentile(stretch, 90) - np.percentile(stretch, 10) < 0.5
    assert stretch.min() == pytest.approx(-3, abs=0.2)
    assert abs(gain_db[[50, 300]]).max() < 0.1


def test_music_needs_no_sound_that_wakes_earbuds(renders: Renders) -> None:
    routine = parse_routine(SESSION.replace("hold: 12s", "hold: 25s\n    countdown: 0"))

    def wakes(**overrides: str) -> int:
        timeline = plan(routine, overrides=overrides, voice=ToneVoice(), cache=renders.cache).timeline
        return sum(event.role == "wake" for event in timeline.events)

    assert wakes() > 0
    assert wakes(music="rain") == 0


def hold_of(rendered: Rendered) -> tuple[int, int]:
    """The longest silence, in which the music is alone: from where it has come back to where it goes down again."""
    wait = max((event for event in rendered.timeline.events if event.kind == "wait"), key=lambda event: event.length_ms)
    assert wait.length_ms > 6000
    return (wait.start_ms + 2000) * PER_MS, (wait.end_ms - 1000) * PER_MS


@every_ambience
def test_every_ambience_has_one_loudness(renders: Renders, name: str) -> None:
    """A wave of the sea and a beat of the drone, too, change what is heard more than how loud it is."""
    with open_music(Music(name), renders.cache) as music:
        minute = np.concatenate([music.read(48_000) for _ in range(60)]).astype(np.float64)
    assert lufs(minute) == pytest.approx(LUFS, abs=1)
    tenths_db = 10 * np.log10(np.square(minute).mean(axis=1).reshape(6, 100, 4800).mean(axis=2))
    low_db, high_db = np.percentile(tenths_db, (10, 90), axis=1)
    assert (high_db - low_db).max() < 3


def test_a_song_is_at_its_level_where_nothing_else_sounds(renders: Renders, song_file: Path) -> None:
    first, last = hold_of(renders(song_file))
    assert lufs(renders.music_alone(song_file)[first:last]) == pytest.approx(LUFS, abs=3)


def test_the_music_comes_and_goes_smoothly(renders: Renders) -> None:
    """Brown noise from one tenth of a second to the next: its own ups and downs, and no jump of the gain on top."""
    alone = renders.music_alone("drone")
    power = weighted(alone[:, 0].astype(np.float32))
    tenths = power[: len(power) // 100 * 100].reshape(-1, 100).mean(axis=1)
    steps = np.abs(np.diff(10 * np.log10(tenths[5:-25])))
    assert steps.max() < 3.5


def test_the_music_fades_in_and_is_gone_at_the_end(renders: Renders) -> None:
    alone = renders.music_alone("brown")
    assert np.abs(alone[:PER_MS]).max() < 1e-3
    assert np.abs(alone[-PER_MS:]).max() < 1e-3
    assert np.abs(alone[-8000 * PER_MS : -6000 * PER_MS]).max() > 1e-3


def test_a_quieter_music_is_quieter_by_what_was_asked(renders: Renders, tmp_path: Path) -> None:
    plain, _ = soundfile.read(renders().path)
    rendered = renders.made(tmp_path / "a.wav", music="brown", music_level="-6 dB")
    quieter = np.asarray(soundfile.read(rendered.path)[0]) - plain[:, np.newaxis]
    first, last = hold_of(rendered)
    default = renders.music_alone("brown")
    assert lufs(quieter[first:last]) == pytest.approx(lufs(default[first:last]) - 6, abs=0.1)
    assert rendered.timeline.mix.music_level == -6


def test_stereo_is_kept_and_mono_is_on_both_sides(renders: Renders, folder: Path) -> None:
    left = song(4)
    left[:, 1] = 0
    soundfile.write(folder / "left.wav", left, 48_000)
    soundfile.write(folder / "mono.wav", song(4, channels=1), 48_000)
    sides = np.abs(renders.music_alone(folder / "left.wav")).max(axis=0)
    assert sides[0] > 0.01
    assert sides[1] == 0
    both = renders.music_alone(folder / "mono.wav")
    assert np.array_equal(both[:, 0], both[:, 1])


# -- as exact with music as without


@pytest.mark.parametrize("suffix", [".mp3", ".opus", ".wav"])
def test_tones_and_length_are_as_exact_as_without_music(renders: Renders, song_file: Path, suffix: str) -> None:
    rendered = renders.loudest(song_file, suffix)
    samples, _ = soundfile.read(rendered.path, dtype="int16")
    assert samples.shape == (rendered.timeline.length_ms * PER_MS, 2)
    assert rendered.timeline.events == renders().timeline.events
    mono = samples.mean(axis=1).astype(np.int16)
    for event in rendered.timeline.events:
        if event.kind == "tone":
            wanted = np.frombuffer(tone(event.role).raw_data, "<i2")
            assert abs(onset(mono, wanted, event.start_ms * PER_MS) - event.start_ms * PER_MS) <= 1


@needs("ffmpeg")
@pytest.mark.parametrize("suffix", [".mp3", ".m4a"])
def test_ffmpeg_decodes_the_planned_samples_in_stereo(renders: Renders, song_file: Path, suffix: str) -> None:
    rendered = renders.loudest(song_file, suffix)
    command = ["ffmpeg", "-v", "error", "-xerror", "-i", str(rendered.path), "-f", "s16le", "-"]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=True)
    assert done.stderr == b""
    over = len(done.stdout) // 4 - rendered.timeline.length_ms * PER_MS
    # Up to version 5, ffmpeg plays the last frame of AAC to its end, although the edit list ends inside it.
    assert 0 <= over < 1024 if suffix == ".m4a" else over == 0


def test_a_render_says_what_music_costs(renders: Renders, song_file: Path) -> None:
    assert Notice("export.music-encodes-all") in renders.loudest(song_file, ".mp3").notices
    assert renders().notices == ()


def test_an_mp3_with_music_is_joint_stereo_at_a_constant_128_kbits(renders: Renders, song_file: Path) -> None:
    rendered = renders.loudest(song_file, ".mp3")
    track = rendered.path.read_bytes()
    start = tag_bytes(track)
    info = mp3.read_info(track, start)
    assert info is not None
    assert (info.bitrate_kbps, info.channels, info.intact) == (128, 2, True)
    frames = list(mp3.walk(track, 128, start + mp3.frame_bytes(128), channels=2))
    assert len(frames) == info.frames == mp3.frames_needed(rendered.timeline.length_ms)


def test_a_bit_rate_that_is_named_stands_with_music(renders: Renders, tmp_path: Path) -> None:
    rendered = renders.made(tmp_path / "a.mp3", music="brown", bitrate="96")
    info = mp3.read_info(rendered.path.read_bytes(), tag_bytes(rendered.path.read_bytes()))
    assert info is not None
    assert (info.bitrate_kbps, info.channels) == (96, 2)


@needs("ffmpeg")
@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".opus"])
def test_the_loudest_music_clips_nothing_by_an_independent_meter(
    renders: Renders, song_file: Path, suffix: str
) -> None:
    rendered = renders.loudest(song_file, suffix)
    command = ["ffmpeg", "-nostdin", "-i", str(rendered.path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    peak = float(done.stderr.rpartition("Peak:")[2].split()[0])
    assert peak <= -1.5


def test_the_same_session_with_music_is_the_same_file(renders: Renders, song_file: Path, tmp_path: Path) -> None:
    again = renders.made(tmp_path / "a.mp3", music=str(song_file), music_level="6")
    assert again.path.read_bytes() == renders.loudest(song_file, ".mp3").path.read_bytes()


# -- the loop


def most_sudden(sound: Samples) -> float:
    """The largest jump of the slope from sample to sample: a click is one, a wave of some hundred hertz is not."""
    return float(np.abs(np.diff(sound, 2, axis=0)).max())


LOOPED = 3.3  # seconds of a wave that ends in the middle of a swing
WAVE_HZ = 200.3


@pytest.fixture
def wave_file(tmp_path: Path) -> Path:
    t = np.arange(round(LOOPED * 48_000)) / 48_000
    path = tmp_path / "wave.wav"
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * WAVE_HZ * t), 48_000, subtype="FLOAT")
    return path


def looped(path: Path, crossfade_ms: int, cache: Cache) -> Samples:
    with open_music(Music(str(path)), cache, crossfade_ms=crossfade_ms) as music:
        return np.concatenate([music.read(24_000) for _ in range(30)]).astype(np.float64)


def test_the_loop_has_no_click(wave_file: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    sound = looped(wave_file, CROSSFADE_MS, cache)
    level = np.abs(sound[:48_000]).max()
    # A pure wave's own slope changes by this much at most; two of them, fading, by less than twice that.
    bound = 2 * level * (2 * np.pi * WAVE_HZ / 48_000) ** 2
    assert most_sudden(sound) < bound
    assert most_sudden(looped(wave_file, 0, cache)) > 10 * bound  # where the file just begins again, it is heard


def test_the_loop_goes_on_as_long_as_it_takes(wave_file: Path, tmp_path: Path) -> None:
    sound = looped(wave_file, CROSSFADE_MS, Cache(tmp_path / "cache"))
    power = np.square(sound).reshape(-1, 4800, 2).mean(axis=(1, 2))
    assert power.min() > power.max() / 8  # where the two waves meet against each other, never silence


@every_ambience
def test_an_ambience_has_no_click_no_end_and_two_sides(name: str) -> None:
    ambience = Ambience(name)
    sound = np.concatenate([ambience.read(48_000) for _ in range(42)]).astype(np.float64)
    sudden: Samples = np.abs(np.diff(sound, 2, axis=0)).max(axis=1)
    seconds = sudden[: len(sudden) // 48_000 * 48_000].reshape(-1, 48_000).max(axis=1)
    assert seconds.max() < 4 * np.median(seconds)
    assert abs(float(np.asarray(np.corrcoef(sound.T))[0, 1])) < (0.3 if name == "drone" else 0.1)
    assert np.square(sound).reshape(-1, 48_000, 2).mean(axis=(1, 2)).min() > 0.01 * sound.var()
    assert abs(sound.mean()) < 0.01 * sound.std()
    again = Ambience(name)
    assert np.array_equal(again.read(1000), sound[:1000].astype(np.float32))


def test_the_loudness_of_a_file_does_not_depend_on_how_it_is_read() -> None:
    sound = song(7).astype(np.float32)

    def of(size: int) -> float:
        powers = [power for _, power in with_power(sound[at : at + size] for at in range(0, len(sound), size))]
        return lufs_of(float(np.concatenate(powers).mean()))

    assert of(48_000) == pytest.approx(of(4800), abs=0.02) == pytest.approx(lufs(sound.astype(np.float64)), abs=0.02)


def test_a_file_is_heard_once_and_again_where_its_content_changes(song_file: Path, tmp_path: Path) -> None:
    cache, path = Cache(tmp_path / "cache"), tmp_path / "song.flac"
    path.write_bytes(song_file.read_bytes())
    with open_music(Music(str(path)), cache) as music:
        first = music.read(48_000)
    assert cache.usage()["clips"].entries == 1
    soundfile.write(path, 0.25 * song(9.5, 44_100), 44_100)
    with open_music(Music(str(path)), cache) as music:
        softer = music.read(48_000)
    assert cache.usage()["clips"].entries == 2
    assert np.abs(first - softer).max() < 0.01 * np.abs(first).max()  # brought to the same loudness


# -- where the music comes from


@needs("ffmpeg")
@pytest.mark.parametrize("suffix", [".m4a", pytest.param(".mka", marks=pytest.mark.thorough)])
def test_what_libsndfile_cannot_read_is_read_by_ffmpeg(song_file: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"- a song{suffix}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", str(song_file), "-c:a", "aac", f"file:{path}"], check=True)
    with open_music(Music(str(path)), Cache(tmp_path / "cache")) as music:
        assert np.abs(music.read(48_000 * 12)).max() > 0.01  # it is begun again, after 9.5 s


def test_sides_in_opposite_phase_are_heard_on_a_single_speaker(tmp_path: Path) -> None:
    left = song(3.5, channels=1).reshape(-1)
    soundfile.write(tmp_path / "opposed.wav", np.column_stack((left, -left)), 48_000)
    with open_music(Music(str(tmp_path / "opposed.wav")), Cache(tmp_path / "cache")) as music:
        heard = music.read(48_000)
    assert np.abs(heard.mean(axis=1)).max() > 0.01
    assert np.abs(heard[:, 0] - heard[:, 1]).max() < 0.0001


def test_six_channels_become_two(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "six.wav", np.repeat(song(3.5, channels=2), 3, axis=1), 48_000)
    with open_music(Music(str(tmp_path / "six.wav")), Cache(tmp_path / "cache")) as music:
        assert music.read(1000).shape == (1000, 2)


def test_a_routine_names_its_music_from_its_own_folder(song_file: Path, tmp_path: Path) -> None:
    home = tmp_path / "routines"
    (home / "music").mkdir(parents=True)
    (home / "music" / "calm.flac").write_bytes(song_file.read_bytes())
    (home / "a.yaml").write_text(f"music: music/calm.flac\n{SESSION}", "utf-8")
    (tmp_path / "b.yaml").write_text("extends: routines/a.yaml\nmusic_level: -3\n", "utf-8")
    for path in (home / "a.yaml", tmp_path / "b.yaml"):
        assert load_routine(path).music == Music(str(home / "music" / "calm.flac"))
    assert plan(load_routine(tmp_path / "b.yaml"), voice=ToneVoice()).timeline.mix.music == "calm.flac"


def test_the_track_tells_the_name_of_its_music_and_never_where_it_lies(renders: Renders, song_file: Path) -> None:
    track = renders.loudest(song_file, ".mp3").path
    document = json.loads(formats.read_attachment(track, ATTACHMENT) or b"")
    assert document["mix"]["music"] == "song.flac"
    routine = (formats.read_attachment(track, "audiogen routine") or b"").decode()
    assert "music: song.flac" in routine
    assert str(song_file.parent) not in routine


def test_none_leaves_a_routines_music_out() -> None:
    routine = parse_routine(f"music: rain\n{SESSION}")
    assert routine.music == Music("rain")
    assert customise(routine, {"music": "none"}).routine.music is None


def test_a_saved_variant_finds_the_same_music(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, song_file: Path) -> None:
    from audiogen.routine.variant import save_variant

    monkeypatch.chdir(song_file.parent)
    (tmp_path / "a.yaml").write_text(SESSION, "utf-8")
    written = load_routine(tmp_path / "a.yaml")
    customised = customise(written, {"music": "song.flac", "music_level": "-3"}).routine
    save_variant(written, customised, tmp_path / "b.yaml")
    assert load_routine(tmp_path / "b.yaml").music == Music(str(song_file))
    assert load_routine(tmp_path / "b.yaml").music_level == -3


# -- what goes wrong


def broken_flac(path: Path) -> None:
    soundfile.write(path, song(20), 48_000, format="FLAC")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\0" * (len(whole) // 2))


def spoiled(path: Path) -> Iterator[tuple[str, str]]:
    """Files that cannot be music, by name, and what the error says of them."""
    yield "missing.mp3", r"There is no music file .*missing\.mp3; name a file, or one of rain, ocean, drone, brown\."
    (path / "folder").mkdir()
    yield "folder", "is not a file"
    soundfile.write(path / "short.wav", song(2.5), 48_000)
    yield "short.wav", r"lasts 2\.5 s; it must last at least 3 s"
    soundfile.write(path / "silent.wav", np.zeros((200_000, 2)), 48_000)
    yield "silent.wav", "is silent"
    broken_flac(path / "broken.flac")
    yield "broken.flac", "is damaged"
    (path / "text.mp3").write_text("not a sound at all\n" * 100)
    yield "text.mp3", "cannot be read"


def test_bad_music_is_an_error_before_anything_is_spoken(tmp_path: Path) -> None:
    voice = ToneVoice()
    for name, words in spoiled(tmp_path):
        out = tmp_path / "out.mp3"
        with pytest.raises(MusicError, match=words) as raised:
            render(
                parse_routine(SESSION),
                out,
                overrides={"music": str(tmp_path / name)},
                voice=voice,
                cache=Cache(tmp_path / "cache"),
            )
        assert "\n" not in str(raised.value)
        assert not out.exists()
    assert voice.spoken == []


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments, cwd=folder)


def test_check_tells_of_missing_music_and_sounds_at_their_line_with_all_other_mistakes(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("not a sound at all\n")
    tones = "sounds:\n  set: wood\n  start: text.wav\n  end: bell.mp3\n"
    (tmp_path / "a.yaml").write_text(f"music: rian\n{tones}breath: 4\n{SESSION}")
    done = command(tmp_path, "check", "a.yaml")
    places, printed = zip(*(line.replace(": ", "\n", 1).split("\n") for line in done.stdout.splitlines()), strict=True)
    assert (done.returncode, places) == (1, ("a.yaml:1:8", "a.yaml:4:10", "a.yaml:5:8", "a.yaml:6:9")), done.stderr
    assert printed[0] == "There is no music file rian; did you mean rain?"
    assert "text.wav must be a WAV, FLAC, OGG or MP3 file" in printed[1]
    assert "bell.mp3 does not exist. Correct the name, or remove it." in printed[2]
    (tmp_path / "b.yaml").write_text("extends: c.yaml\ntitle: B\n")
    (tmp_path / "c.yaml").write_text(f"{SESSION}music: .\n")
    line = len(SESSION.splitlines()) + 1
    printed_of_b = command(tmp_path, "check", "b.yaml").stdout
    assert printed_of_b == f"c.yaml:{line}:8: The music . is not a file; name a sound file.\n"


def test_plan_refuses_missing_music_in_the_words_of_render(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{SESSION}music: nowhere.mp3\n")
    planned, rendered = command(tmp_path, "plan", "a.yaml"), command(tmp_path, "render", "a.yaml")
    wanted = "There is no music file nowhere.mp3; name a file, or one of rain, ocean, drone, brown.\n"
    assert [(one.returncode, one.stdout, one.stderr) for one in (planned, rendered)] == [(1, "", wanted)] * 2
    assert command(tmp_path, "plan", "a.yaml", "--music", "none").returncode == 0


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_music_of_an_impossible_name_is_an_error_like_any_other(name: str, tmp_path: Path) -> None:
    with pytest.raises(MusicError, match=r"There is no music|cannot be read: "):  # which, depends on the system
        Music(str(tmp_path / name)).require()


@needs("ffmpeg")
@pytest.mark.parametrize(
    "script",
    [
        "ffconcat version 1.0\nfile hum.wav\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhum.wav\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/hum.wav\n#EXT-X-ENDLIST\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
    ],
    ids=["concat", "playlist", "address", "session"],
)
def test_a_script_that_names_other_files_is_not_music(tmp_path: Path, script: str) -> None:
    (tmp_path / "hum.wav").write_bytes(tone_wav(5000))
    (tmp_path / "a.m4a").write_text(script)
    with pytest.raises(MusicError), open_music(Music(str(tmp_path / "a.m4a")), Cache(tmp_path / "cache")):
        pass


def test_without_ffmpeg_a_file_that_takes_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x1cftypM4A " * 100)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with (
        pytest.raises(AudiogenError, match=r"Reading the music .* needs ffmpeg, which is not installed"),
        open_music(Music(str(tmp_path / "a.m4a")), Cache(tmp_path / "cache")),
    ):
        pass


def test_a_file_that_changes_while_it_sounds_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, cache = tmp_path / "a.wav", Cache(tmp_path / "cache")
    soundfile.write(path, song(5), 48_000)
    monkeypatch.setattr("audiogen.track.music._heard_file", lambda *_: Heard(6 * 48_000, -20.0))
    with open_music(Music(str(path)), cache) as music, pytest.raises(MusicError, match="changed during the render"):
        music.read(48_000 * 60)


def test_a_track_never_takes_the_place_of_its_own_music(tmp_path: Path, song_file: Path) -> None:
    path = tmp_path / "song.flac"
    path.write_bytes(song_file.read_bytes())
    with pytest.raises(OutputError, match="is the music itself"):
        render(parse_routine(SESSION), path, overrides={"music": str(path)}, voice=ToneVoice())
    assert path.read_bytes() == song_file.read_bytes()


@pytest.mark.parametrize(("level", "found"), [("7", "'7'"), ("-21", "'-21'"), ("loud", "'loud'"), ("1.5", "'1.5'")])
def test_a_level_beyond_its_limits_is_an_error(level: str, found: str) -> None:
    words = f"must be whole decibels from -20 to 6, such as -6, found {found}"
    with pytest.raises(CustomiseError, match=words):
        customise(parse_routine(SESSION), {"music_level": level})
    with pytest.raises(RoutineError, match="music_level must be whole decibels"):
        parse_routine(f"music_level: {level}\n{SESSION}")


@pytest.mark.skipif(not find_ffmpeg(), reason="needs ffmpeg")
def test_music_of_few_samples_a_second_is_refused_where_ffmpeg_reads_it(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "slow.wav", np.ones((40_000, 2), np.int16), 2000)
    program, slow = str(find_ffmpeg()), tmp_path / "slow.mka"
    subprocess.run([program, "-v", "error", "-i", str(tmp_path / "slow.wav"), "-c", "copy", str(slow)], check=True)
    assert rate_of(program, slow) == 2000
    assert rate_of(program, Path(__file__)) is None
    with pytest.raises(MusicError) as caught, open_music(Music(str(slow)), Cache(tmp_path / "cache")):
        pass
    assert [(one.code, one.found) for one in caught.value.problems] == [("audio.low-rate", "2000")]


def test_music_of_few_samples_a_second_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "slow.wav", np.ones((2000, 2), np.int16), 20)
    with pytest.raises(MusicError) as caught, open_music(Music(str(tmp_path / "slow.wav")), Cache(tmp_path / "cache")):
        pass
    assert caught.value.problems[0].code == "audio.low-rate"


BREATHS = """\
title: Breaths
opening: title
closing: none
exercises:
  - {name: Breathe, reps: 5, tempo: [{say: In, for: 3s}, {say: Out, for: 3s}]}
"""


@pytest.mark.parametrize("name", ["ocean", *(pytest.param(name, marks=pytest.mark.thorough) for name in AMBIENCES)])
def test_verify_finds_each_soft_tone_below_the_loudest_music_and_none_where_there_is_none(
    name: str, tmp_path: Path
) -> None:
    def made(file: str, **overrides: str) -> Rendered:
        cache = Cache(tmp_path / "cache")
        return render(parse_routine(BREATHS), tmp_path / file, overrides=overrides, voice=ToneVoice(), cache=cache)

    # Louder than this, the steady pitches of the drone move the best place of a bell by some of its periods.
    plain, both = made("plain.wav"), made("both.wav", music=name, music_level="3" if name == "drone" else "6")
    assert [(check.name, check.off) for check in verify(both.path).checks if check.off] == []
    alone, heard = (soundfile.read(one.path, always_2d=True)[0].mean(axis=1) for one in (plain, both))
    phases = [event for event in plain.timeline.events if event.role in ("rising", "falling")]
    assert len(phases) == 9
    around = 100 * 48
    for event in phases:
        wanted = alone[event.start_ms * 48 : event.end_ms * 48]
        for away_ms, there in ((0, True), (1500, False)):
            at = (event.start_ms + away_ms) * 48
            stretch = heard[at - around : at + around + len(wanted)]
            assert (place_of(*at_pitches(wanted, stretch), around) is not None) is there
