"""Clips, decoded and measured: where the sound begins, how it ends, how loud it is, and what is made again."""

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from audiogen import clips
from audiogen.clips import Clips, clip_key, is_recorded, make, record, recorded_lengths
from audiogen.errors import CacheError, Cancelled, VoiceError
from audiogen.storage.cache import Cache, key_of
from audiogen.voices import open_voice
from audiogen.voices.delivery import Delivery

from .. import meters
from ..fakes.tone_voice import ToneVoice, tone_wav

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float64]

LINES = ["Switch sides.", "Halfway.", "Three.", "Hips down. Sit up."]


class Speaks:
    """A voice that answers every text with the same bytes."""

    name = "speaks"
    sends_to = None
    workers = 1

    def __init__(self, speech: bytes) -> None:
        self.speech = speech
        self.spoken: list[str] = []

    def key_of(self, text: str) -> dict[str, str]:
        return {"engine": "speaks", "speech": key_of(speech=self.speech.hex()), "text": text}

    def delivery(self, text: str) -> Delivery:
        return Delivery((text,))

    def speak(self, text: str, _cancel: threading.Event | None = None) -> bytes:
        self.spoken.append(text)
        return self.speech


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "clips-cache")


def samples_of(recorded: Clips, text: str) -> "Samples":
    return np.frombuffer(recorded.pcm(text), "<i2") / 32768


def clip_of(cache: Cache, speech: bytes) -> "Samples":
    return samples_of(record(cache, Speaks(speech), ["x"]), "x")


def written(samples: Any, rate: int, **options: str) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, samples, rate, **{"format": "WAV", "subtype": "FLOAT", **options})
    return out.getvalue()


def tone(length_ms: int, rate: int, hertz: float = 440.0) -> "Samples":
    wave: Samples = 0.3 * np.cos(2 * np.pi * hertz / rate * np.arange(length_ms * rate // 1000))
    return wave


def decibels(ratio: float) -> float:
    return 20 * float(np.log10(ratio))


# -- what a clip is


@pytest.mark.parametrize("text", LINES)
def test_a_clip_of_the_built_in_voice_begins_at_once_and_ends_in_silence(cache: Cache, text: str) -> None:
    recorded = record(cache, open_voice("builtin", "en"), [text])
    sound = samples_of(recorded, text)
    assert len(sound) == recorded.lengths_ms[text] * 48
    loud = np.abs(sound) > np.abs(sound).max() * 10 ** (-40 / 20)
    assert np.argmax(loud) <= 10 * 48
    assert np.abs(sound[:24]).max() < 0.001
    assert np.abs(sound[-48:]).max() < 0.001
    assert np.abs(np.diff(sound))[[0, -1]].max() < 0.001
    after_ms = np.argmax(loud[::-1]) / 48
    assert after_ms < 60


@pytest.mark.parametrize("text", ["Three.", "Two.", "One."])
def test_the_countdown_fits_its_seconds(cache: Cache, text: str) -> None:
    assert 300 < record(cache, open_voice("builtin", "en"), [text]).lengths_ms[text] < 700


@pytest.mark.parametrize(
    ("rate", "channels", "options"),
    [
        (48_000, 1, {}),
        (44_100, 2, {"subtype": "PCM_16"}),
        (24_000, 1, {"subtype": "PCM_16"}),
        (16_000, 1, {"format": "FLAC", "subtype": "PCM_16"}),
        (24_000, 1, {"format": "MP3", "subtype": "MPEG_LAYER_III"}),
        (22_050, 2, {"format": "OGG", "subtype": "VORBIS"}),
    ],
)
def test_any_rate_and_format_becomes_the_same_clip(
    cache: Cache, rate: int, channels: int, options: dict[str, str]
) -> None:
    padded = np.pad(tone(700, rate), rate // 5)
    sound = clip_of(cache, written(np.column_stack([padded] * channels), rate, **options))
    assert len(sound) / 48 == pytest.approx(700 + make.BEFORE_MS + make.AFTER_MS, abs=30)  # Vorbis smears
    assert np.argmax(np.abs(sound) > 0.01) <= 10 * 48
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    assert np.argmax(spectrum) * 48_000 / len(sound) == pytest.approx(440, abs=2)


def test_edges_are_faded(cache: Cache) -> None:
    """A tone that starts and stops at full level, with nothing before or after it, does not click."""
    sound = clip_of(cache, tone_wav(500, silence_ms=0))
    start, end = np.abs(sound[: 5 * 48]), np.abs(sound[-12 * 48 :])
    peak = np.abs(sound).max()
    assert start[:24].max() < 0.03 * peak
    assert end[-48:].max() < 0.03 * peak
    assert np.abs(np.diff(sound)).max() < 1.1 * peak * 2 * np.pi * 440 / 48_000


def test_a_decay_is_kept_until_it_cannot_be_heard(cache: Cache) -> None:
    rate, half_ms = 48_000, 1000
    ringing = tone(half_ms, rate) * 10 ** (-60 / 20 * np.arange(half_ms * 48) / (half_ms * 48))
    sound = clip_of(cache, written(np.pad(ringing, rate // 10), rate))
    assert len(sound) / 48 == pytest.approx(-make.END_DB / 60 * half_ms + make.BEFORE_MS + make.AFTER_MS, abs=15)


@given(length_ms=st.integers(20, 900), silence_ms=st.integers(0, 300), peak=st.floats(0.003, 1.0))
def test_every_clip_is_whole_milliseconds_and_below_the_ceiling(length_ms: int, silence_ms: int, peak: float) -> None:
    take = make.decoded(tone_wav(length_ms, silence_ms=silence_ms, peak=peak), "x")
    sound = np.frombuffer(make.clip_of([take], Delivery(("x",)), -18), "<i2") / 32767
    assert len(sound) % 48 == 0
    assert decibels(np.abs(sound).max()) <= make.CEILING_DBTP + 0.01


@pytest.mark.parametrize("gain_db", [-40, -20, -6, 0, 9])
def test_the_level_does_not_depend_on_how_loud_the_voice_was(cache: Cache, gain_db: int) -> None:
    noise = np.random.default_rng(1).standard_normal(48_000) * 0.05
    modulated = noise * (1.2 + np.sin(np.arange(48_000) / 48_000 * 2 * np.pi * 4))
    sound = clip_of(cache, written(modulated * 10 ** (gain_db / 20), 48_000))
    assert meters.of_cue(sound) == pytest.approx(-18 + make.OVER_LU, abs=0.1)


def test_loud_moments_are_turned_down_smoothly(cache: Cache) -> None:
    """Between a peak and what is quiet around it, the limiter's gain takes milliseconds, not samples."""
    steady = tone(1000, 48_000, hertz=1000) / 3
    steady[20_000:20_480] *= 8
    sound = clip_of(cache, written(steady, 48_000))
    assert decibels(np.abs(sound).max()) <= make.CEILING_DBTP + 0.01
    envelope = np.abs(sound).reshape(-1, 48).max(axis=1)
    quiet = float(np.median(envelope))
    assert envelope[20_000 // 48 - 20] == pytest.approx(quiet, rel=0.05)
    assert envelope[20_480 // 48 + 30] == pytest.approx(quiet, rel=0.05)


@pytest.mark.parametrize(
    ("speech", "message"),
    [
        (written(np.zeros(24_000), 24_000), "only silence for 'x'"),
        (written(np.full(24_000, 0.0005), 24_000), "only silence for 'x'"),
        (written(np.zeros(0), 24_000), "only silence for 'x'"),
        (written(np.full(24_000, np.nan), 24_000), "only silence for 'x'"),
        (b"", "no readable audio for 'x'"),
        (b"<html>", "no readable audio for 'x'"),
    ],
    ids=["zeros", "next to nothing", "no samples", "no numbers", "no bytes", "no audio"],
)
def test_speech_without_sound_is_an_error_and_is_not_kept(cache: Cache, speech: bytes, message: str) -> None:
    with pytest.raises(VoiceError, match=message):
        record(cache, Speaks(speech), ["x"])
    assert all(usage.entries == 0 for usage in cache.usage().values())


# -- what is spoken, and what is kept


def test_each_distinct_text_is_spoken_once_in_order(cache: Cache) -> None:
    voice = ToneVoice(workers=1)
    recorded = record(cache, voice, ["b", "a", "b", "c", "a"])
    assert voice.spoken == ["b", "a", "c"]
    assert recorded.spoken == 3
    assert recorded.lengths_ms.keys() == {"a", "b", "c"}


def test_the_second_run_speaks_nothing_and_gives_the_same(cache: Cache) -> None:
    first = record(cache, ToneVoice(), LINES)
    voice = ToneVoice()
    again = record(cache, voice, LINES)
    assert (again.spoken, voice.spoken) == (0, [])
    assert again.lengths_ms == first.lengths_ms == recorded_lengths(cache, voice, LINES)
    assert [again.pcm(text) for text in LINES] == [first.pcm(text) for text in LINES]


def test_what_is_recorded_is_known_without_loading_numpy(cache: Cache) -> None:
    record(cache, open_voice("builtin", "en"), ["Halfway."])
    program = """
import sys
from pathlib import Path
from audiogen import clips
from audiogen.clips import make
from audiogen.storage.cache import Cache
from audiogen.voices import open_voice
found = clips.recorded_lengths(Cache(Path(sys.argv[1])), open_voice("builtin", "en"), ["Halfway.", "Never."])
assert list(found) == ["Halfway."], found
print({"numpy", "soundfile", "soxr", "requests", "hibari"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", program, cache.root], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_voices_do_not_share_clips(cache: Cache) -> None:
    record(cache, ToneVoice(1.0), LINES)
    assert recorded_lengths(cache, ToneVoice(1.3), LINES) == {}


def test_a_new_way_of_levelling_does_not_speak_again(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    record(cache, ToneVoice(), LINES)
    monkeypatch.setattr(make, "OVER_LU", -2.0)
    voice = ToneVoice()
    recorded = record(cache, voice, LINES)
    assert (voice.spoken, recorded.spoken) == ([], 0)
    assert cache.usage()["clips"].entries == 2 * len(LINES)


def test_another_loudness_takes_what_was_spoken_and_has_the_same_lengths(cache: Cache) -> None:
    usual = record(cache, ToneVoice(), LINES)
    voice = ToneVoice()
    assert recorded_lengths(cache, voice, LINES) == usual.lengths_ms  # whatever the loudness
    louder = record(cache, voice, LINES, earlier=Clips(cache, voice, {}, -16))
    assert (voice.spoken, louder.spoken) == ([], 0)
    assert louder.lengths_ms == usual.lengths_ms
    for text in LINES:
        change = meters.of_cue(samples_of(louder, text)) - meters.of_cue(samples_of(usual, text))
        assert change == pytest.approx(2.0, abs=0.1)
        assert louder.digest(text) != usual.digest(text)


def test_what_was_spoken_is_recorded_even_without_its_clip(cache: Cache) -> None:
    voice = ToneVoice()
    assert not is_recorded(cache, voice, LINES)
    record(cache, voice, LINES)
    cache.clear("clips")
    assert is_recorded(cache, voice, LINES)
    assert not is_recorded(cache, voice, [*LINES, "Never said."])


def test_several_texts_are_spoken_at_once(cache: Cache) -> None:
    class Together(ToneVoice):
        meeting = threading.Barrier(3, timeout=60)

        def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
            self.meeting.wait()  # only three at once get past
            return super().speak(text, cancel)

    assert record(cache, Together(workers=3), ["a", "b", "c"]).spoken == 3


def test_no_more_texts_are_spoken_at_once_than_the_voice_can_and_clips_are_made_meanwhile(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaking = most = 0
    lock, next_is_spoken = threading.Lock(), threading.Event()
    makes = make.clip_of

    class Counted(ToneVoice):
        sends_to = "a service on the network"  # which leaves time for the clips

        def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
            nonlocal speaking, most
            with lock:
                speaking += 1
                most = max(most, speaking)
            time.sleep(0.01)
            if text == LINES[-1]:
                next_is_spoken.set()
            with lock:
                speaking -= 1
            return super().speak(text, cancel)

    def waits_for_the_last(takes: Sequence[make.Take], delivery: Delivery, lufs: float) -> bytes:
        if not next_is_spoken.wait(60):
            raise AssertionError("the next text waits until this clip is made")
        return makes(takes, delivery, lufs)

    monkeypatch.setattr(clips, "clip_of", waits_for_the_last)
    record(cache, Counted(workers=1), LINES[-2:])
    assert most == 1
    monkeypatch.undo()
    record(cache, Counted(1.1, workers=2), [f"line {number}" for number in range(12)])
    assert most == 2


def test_renders_side_by_side_speak_each_text_once_between_them(cache: Cache) -> None:
    voice = ToneVoice(delay_s=0.02)
    threads = [threading.Thread(target=record, args=(Cache(cache.root), voice, LINES)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(voice.spoken) == sorted(LINES)


def test_progress_counts_what_is_missing_in_the_calling_thread(cache: Cache) -> None:
    record(cache, ToneVoice(), LINES[:1])
    seen: list[tuple[int, int]] = []
    threads: set[int] = set()

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        threads.add(threading.get_ident())

    record(cache, ToneVoice(), LINES, progress)
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert threads == {threading.get_ident()}
    seen.clear()
    record(cache, ToneVoice(), LINES, progress)
    assert seen == []


def test_the_first_failure_stops_the_rest_and_keeps_what_was_recorded(cache: Cache) -> None:
    texts = [f"line {number}" for number in range(10)]
    voice = ToneVoice(workers=1, failing=frozenset({"line 4"}))
    with pytest.raises(VoiceError, match="'line 4'"):
        record(cache, voice, texts)
    assert voice.spoken == texts[:5]
    working = ToneVoice()
    assert record(cache, working, texts).spoken == 6
    assert sorted(working.spoken) == texts[4:]


def test_cancelling_stops_soon_and_keeps_what_was_recorded(cache: Cache) -> None:
    cancel = threading.Event()
    voice = ToneVoice(delay_s=0.1)
    with pytest.raises(Cancelled):
        record(cache, voice, [str(n) for n in range(50)], lambda done, _: cancel.set() if done else None, cancel)
    assert 1 <= cache.usage()["speech"].entries <= 10


def test_a_voice_that_hangs_does_not_hold_up_cancelling(cache: Cache) -> None:
    class Hanging(ToneVoice):
        sends_to = "somebody"

        def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
            time.sleep(8)  # as a name look-up may, which nothing can interrupt
            return super().speak(text, cancel)

    cancel = threading.Event()
    threading.Timer(0.1, cancel.set).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        record(cache, Hanging(), ["a"], cancel=cancel)
    assert time.monotonic() - start < 4


@pytest.mark.parametrize("sends_to", [None, "somebody"])
def test_a_program_that_ends_waits_for_an_engine_of_this_machine_alone(cache: Cache, sends_to: str | None) -> None:
    """A thread in an engine's C++ that comes back to a Python which is taken apart aborts the whole process."""
    daemons: list[bool] = []

    class Noting(ToneVoice):
        def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
            daemons.append(threading.current_thread().daemon)
            return super().speak(text, cancel)

    voice = Noting()
    voice.sends_to = sends_to
    record(cache, voice, LINES)
    assert set(daemons) == {sends_to is not None}


KILLED_AT_EACH_RUN = """
import os, signal, sys
from pathlib import Path
from audiogen.storage.cache import Cache
from audiogen.clips import record
from tests.fakes.tone_voice import ToneVoice

class Mortal(ToneVoice):
    def speak(self, text, cancel=None):
        with open(sys.argv[2], "a") as log:
            log.write(text + "\\n")
        if len(self.spoken) >= int(sys.argv[3]):  # two threads speak, so that a number may be passed over
            os.kill(os.getpid(), signal.SIGKILL)
        return super().speak(text, cancel)

record(Cache(Path(sys.argv[1])), Mortal(), [f"line {number}" for number in range(20)])
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_recording_that_is_killed_again_and_again_goes_on_each_time(cache: Cache, tmp_path: Path) -> None:
    log = tmp_path / "log"
    killed = 0
    for lasts in (1, 5, 99):
        command = [sys.executable, "-c", KILLED_AT_EACH_RUN, str(cache.root), str(log), str(lasts)]
        killed += subprocess.run(command, cwd=Path(__file__).parents[2], check=False).returncode == -9
    texts = [f"line {number}" for number in range(20)]
    assert killed == 2
    assert recorded_lengths(cache, ToneVoice(), texts).keys() == set(texts)
    assert len(log.read_text().splitlines()) <= 20 + 2 * killed  # two were in flight at each end
    assert not list(cache.root.rglob("*.part"))


# -- when the cache is damaged or cannot be used


def damage(cache: Cache, layer: str) -> None:
    for path in (cache.root / layer).glob("??/*"):
        content = path.read_bytes()
        path.write_bytes(content[:-100] + bytes([content[-100] ^ 1]) + content[-99:])


def test_a_damaged_clip_is_made_again_from_its_speech(cache: Cache) -> None:
    pcm = record(cache, ToneVoice(), ["Halfway."]).pcm("Halfway.")
    damage(cache, "clips")
    voice = ToneVoice()
    assert record(cache, voice, ["Halfway."]).pcm("Halfway.") == pcm
    assert voice.spoken == []
    assert cache.get("clips", clip_key(voice, "Halfway.")) is not None


def test_damaged_speech_is_spoken_again(cache: Cache) -> None:
    pcm = record(cache, ToneVoice(), ["Halfway."]).pcm("Halfway.")
    damage(cache, "clips")
    damage(cache, "speech")
    voice = ToneVoice()
    assert record(cache, voice, ["Halfway."]).pcm("Halfway.") == pcm
    assert voice.spoken == ["Halfway."]


def test_a_cache_that_is_cleared_in_the_middle_is_filled_again(cache: Cache) -> None:
    recorded = record(cache, ToneVoice(), LINES)
    pcm = [recorded.pcm(text) for text in LINES]
    cache.clear()
    assert [recorded.pcm(text) for text in LINES] == pcm
    assert cache.usage()["clips"].entries == len(LINES)


def test_a_recording_that_changed_its_length_meanwhile_is_an_error(cache: Cache) -> None:
    lengths = iter([500, 600])
    recorded = record(cache, ToneVoice(length_ms=lambda _: next(lengths)), ["Halfway."])
    cache.clear()
    with pytest.raises(CacheError, match=r"The recording of 'Halfway\.' changed while it was in use\. Run the same"):
        recorded.pcm("Halfway.")


def test_without_a_usable_cache_the_clips_stay_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = Cache(tmp_path / "file")
    voice = ToneVoice()
    recorded = record(cache, voice, LINES)
    assert all(len(recorded.pcm(text)) == 96 * recorded.lengths_ms[text] for text in LINES)
    assert len(voice.spoken) == len(LINES)
    assert cache.warning is not None


def test_speech_that_cannot_be_read_any_more_is_spoken_again(cache: Cache) -> None:
    voice = ToneVoice()
    record(cache, voice, ["Halfway."])
    cache.clear("clips")
    cache.put("speech", key_of(**voice.key_of("Halfway.")), b"an old format", 500)
    assert record(cache, voice, ["Halfway."]).spoken == 1
