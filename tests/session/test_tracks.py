"""The shipped routines as finished tracks: decoded by programs that did not make them, and measured.

What a track must hold is read from its routine file or written here as a number. Nothing of `verify` is used, so that
the two check one another.
"""

import functools
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from ruamel.yaml import YAML

from audiogen import load_routine, parse_routine, plan, render
from audiogen.audio.loudness import Levelled
from audiogen.audio.vowel import vowel_ms
from audiogen.clips import make, record
from audiogen.routine.model import Routine
from audiogen.script.steps import VOWEL_MS
from audiogen.session import Rendered
from audiogen.storage.cache import Cache, key_of
from audiogen.timeline.compose import Plan, Spoken, compose, draft
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.track.blocks import decays
from audiogen.track.noise_floor import PEAK
from audiogen.track.tones import tone
from audiogen.voices import estimate_ms, kept_up, open_voice
from audiogen.voices.delivery import Delivery
from tests import meters
from tests.decode import Decoder, Samples, every_decoder, libsndfile, mp3val_complaints, needs, onset
from tests.fakes.tone_voice import SILENCE_MS, ToneVoice
from tests.shipped import RENDERED, ROUTINES, TRANSLATIONS, WITHOUT_A_LENGTH, ShippedTracks
from tests.short import SHORT

SAMPLES_PER_MS = 48
FRAME_MS = 24
WAV_HEADER = 44
rendered_routines = [pytest.param(name, marks=[] if name in RENDERED else [pytest.mark.thorough]) for name in ROUTINES]
every_track = pytest.mark.parametrize("name", rendered_routines)
# Where libsndfile, which decodes every track below, would find what other decoders find: one by default.
one_routine = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "desk-reset" else [pytest.mark.thorough]) for name in ROUTINES]
)


class Track(NamedTuple):
    """A finished track as libsndfile decodes it, and its routine file as it is written."""

    rendered: Rendered
    written: dict[str, Any]
    samples: Samples

    @property
    def timeline(self) -> Timeline:
        return self.rendered.timeline

    def sound(self, tile: Event, before_ms: int = 0, inside_ms: int = 0) -> Samples:
        """The samples of a tile, from `before_ms` before it, or without `inside_ms` at both of its ends."""
        first, last = tile.start_ms - before_ms + inside_ms, tile.end_ms - inside_ms
        return self.samples[first * SAMPLES_PER_MS : last * SAMPLES_PER_MS]


class Soft(ToneVoice):
    """Its tones begin and end as softly as speech does."""

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        wav = super().speak(text, cancel)
        sound = np.frombuffer(wav, "<i2", offset=WAV_HEADER)
        from_edge = np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / SAMPLES_PER_MS - SILENCE_MS
        return wav[:WAV_HEADER] + (sound * np.clip(from_edge / 20, 0, 1)).astype("<i2").tobytes()


@pytest.fixture(scope="module", params=[*rendered_routines, "ten minutes"])
def track(request: pytest.FixtureRequest, tracks: ShippedTracks, tmp_path_factory: pytest.TempPathFactory) -> Track:
    """A shipped routine as it is spoken; and all ten minutes of upper-back, with few words, in tones, to be quick."""
    if request.param == "ten minutes":
        name, out = "upper-back", tmp_path_factory.mktemp("ten") / "minutes.mp3"
        brief = {"guidance": "brief", "length": written(name)["length"]}
        rendered = render(load_routine(ROUTINES[name]), out, voice=Soft(), cache=Cache(out.parent), overrides=brief)
    else:
        name, rendered = request.param, tracks[request.param]
    return Track(rendered, written(name), libsndfile(rendered.path).samples)


@needs("ffmpeg")
@pytest.mark.thorough
@pytest.mark.parametrize("name", ["box-breathing", "upper-back"])
def test_a_whole_track_is_as_loud_as_it_shall_be(tracks: ShippedTracks, name: str) -> None:
    assert tracks[name].timeline.mix.lufs == -18
    loud_and_even(tracks[name])


@needs("ffmpeg")
def test_a_track_is_as_loud_as_it_shall_be(short_track: Rendered) -> None:
    """Its integrated loudness and true peak by ffmpeg's meter, and each of its cues by pyloudnorm."""
    assert short_track.timeline.mix.lufs == -18
    loud_and_even(short_track)


@needs("ffmpeg")
def test_a_louder_track_is_as_loud_and_speaks_nothing_again(
    short_track: Rendered, tracks: ShippedTracks, tmp_path: Path
) -> None:
    out, overrides = tmp_path / "louder.mp3", {"loudness": "-16"}
    rendered = render(parse_routine(SHORT), out, voice="builtin", cache=tracks.cache, overrides=overrides)
    assert rendered.spoken == 0
    assert (short_track.timeline.mix.lufs, rendered.timeline.mix.lufs) == (-18, -16)
    loud_and_even(rendered)


@needs("ffmpeg")
@needs("espeak-ng")
def test_a_track_of_another_voice_is_as_loud(tracks: ShippedTracks, tmp_path: Path) -> None:
    loud_and_even(render(parse_routine(SHORT), tmp_path / "espeak.mp3", voice="espeak", cache=tracks.cache))


def loud_and_even(rendered: Rendered) -> None:
    whole = meters.of_file(rendered.path)
    # The tones of phases and the numbers of countdowns are softer than words, and there are many of them here.
    assert -1.0 <= whole.lufs - rendered.timeline.mix.lufs <= 0.7
    assert whole.dbtp <= -1.5
    cues = [meters.of_cue(cue) for _, cue in meters.cues(libsndfile(rendered.path).samples, rendered.timeline)]
    assert len(cues) > 10
    near = sum(cue > max(cues) - 1.0 for cue in cues)
    # At -16 one cue in ten may stay softer: no sharp peak is turned down by more than 9 dB.
    assert near == len(cues) if rendered.timeline.mix.lufs <= -18 else near >= 0.9 * len(cues)


@pytest.mark.parametrize(
    ("name", "step"), [("desk-reset", 2), pytest.param("upper-back", 1, marks=pytest.mark.thorough)]
)
def test_the_limiter_works_little(name: str, step: int, tracks: ShippedTracks) -> None:
    """At most 6 dB on nine cues of ten, and 9 dB on any."""
    timeline, voice = tracks[name].timeline, open_voice("builtin", "en")
    texts = {event.text for event in timeline.events if event.kind == "say" and event.text}
    deliveries = [voice.delivery(text) for text in sorted(texts)[::step]]

    def take(part: str) -> make.Take:
        entry = tracks.cache.get("speech", key_of(**voice.key_of(part)))
        assert entry
        return make.decoded(entry.body, part)

    works_little([make.made([*map(take, one.parts)], one, timeline.mix.lufs) for one in deliveries])


@needs("espeak-ng")
@pytest.mark.parametrize("step", [2, pytest.param(1, marks=pytest.mark.thorough)])
def test_the_limiter_works_little_on_a_voice_with_sharp_peaks(step: int) -> None:
    routine, voice = load_routine(TRANSLATIONS["upper-back.es"]), open_voice("espeak", "es")
    texts = {event.text for event in plan(routine, voice=voice).timeline.events if event.kind == "say" and event.text}
    works_little(
        [
            make.made([make.decoded(voice.speak(part), part) for part in one.parts], one, -18)
            for one in map(voice.delivery, sorted(texts)[::step])
        ]
    )


def works_little(clips: list[Levelled]) -> None:
    limited = [clip.limited_db for clip in clips]
    assert len(limited) > 20
    assert np.percentile(limited, 90) <= 6.05  # of the clips; between two of them it is interpolated
    assert max(limited) <= 9.001


@functools.cache
def written(name: str) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe").load(ROUTINES[name])
    return document


def ms(duration: str) -> int:
    """A duration of the routine file, such as 10m, 30s or 12.5s."""
    return round(float(duration[:-1]) * {"s": 1000, "m": 60_000}[duration[-1]])


def doses_ms(routine: dict[str, Any]) -> Iterator[int]:
    """The length of every hold and repetition that a routine file asks for, in their order."""
    for exercise in routine["exercises"]:
        assert not {"sets", "rounds", "skip", "alternate"} & exercise.keys(), "this reader does not know these yet"
        for _ in exercise.get("sides", ["both"]):
            if "hold" in exercise:
                yield ms(exercise["hold"])
            else:
                yield from [sum(ms(phase["for"]) for phase in exercise["tempo"])] * exercise["reps"]


def first_sound(samples: Samples, dbfs: float = -45.0) -> int:
    """The first sample that is louder than that."""
    loud = np.abs(samples.astype(int)) > 10 ** (dbfs / 20) * 32768
    assert loud.any(), "silence"
    return int(loud.argmax())


def tone_onset(track: Track, tile: Event) -> int:
    wanted = np.frombuffer(tone(tile.role).raw_data, "<i2")
    return onset(track.samples, wanted, around=tile.start_ms * SAMPLES_PER_MS)


# -- length


@every_decoder
@one_routine
def test_every_decoder_returns_exactly_the_samples_that_the_file_asks_for(
    name: str, decode: Decoder, tracks: ShippedTracks
) -> None:
    samples, rate = decode(tracks[name].path)
    assert (len(samples), rate) == (ms(written(name)["length"]) * SAMPLES_PER_MS, 48_000)


@needs("mp3val")
@every_track
def test_mp3val_finds_nothing(name: str, tracks: ShippedTracks) -> None:
    assert mp3val_complaints(tracks[name].path) == []


@every_track
def test_a_shipped_routine_renders_without_a_notice(name: str, tracks: ShippedTracks) -> None:
    assert tracks[name].notices == ()


@pytest.mark.thorough
@pytest.mark.parametrize("name", WITHOUT_A_LENGTH)
def test_a_shipped_routine_without_a_length_is_as_long_as_its_timeline(name: str, tracks: ShippedTracks) -> None:
    assert tracks[name].notices == ()
    assert len(libsndfile(tracks[name].path).samples) == tracks[name].timeline.length_ms * SAMPLES_PER_MS


# -- what sounds when


def test_a_track_has_exactly_the_samples_that_the_file_asks_for(track: Track) -> None:
    assert len(track.samples) == ms(track.written["length"]) * SAMPLES_PER_MS
    assert track.written["length"] != "10m" or len(track.samples) == 28_800_000


def test_every_hold_and_repetition_is_as_long_as_written(track: Track) -> None:
    tones = {event.start_ms: event for event in track.timeline.events if event.kind == "tone"}
    measured_ms = [
        (tone_onset(track, tones[event.end_ms]) - tone_onset(track, tones[event.start_ms])) / SAMPLES_PER_MS
        for event in track.timeline.events
        if event.kind in ("hold", "rep")
    ]
    assert measured_ms == pytest.approx(list(doses_ms(track.written)), abs=1.0)


def test_every_tone_begins_at_its_sample(track: Track) -> None:
    tones = [event for event in track.timeline.events if event.kind == "tone"]
    assert len(tones) > 2
    assert [tone_onset(track, event) for event in tones] == [event.start_ms * SAMPLES_PER_MS for event in tones]


def test_every_cue_begins_where_the_timeline_says_and_lasts_to_its_end(track: Track) -> None:
    """A number of a countdown where its vowel begins, in a place of its own length."""
    for event in track.timeline.events:
        if event.role == "countdown" and event.kind == "say":
            assert abs(vowel_ms(track.sound(event).astype(np.float32)) - VOWEL_MS) <= 15, event
        elif event.kind == "say":
            begins = first_sound(track.sound(event, before_ms=50)) / SAMPLES_PER_MS - 50
            assert -2 <= begins <= 15, event
            assert first_sound(track.sound(event)[::-1]) / SAMPLES_PER_MS <= 70, event  # a soft last syllable
            assert np.sqrt(np.mean(track.sound(event).astype(float) ** 2)) > 0.02 * 32768, event


def test_every_wait_is_silent_but_for_the_bed(track: Track) -> None:
    """An MP3's windows are a frame long: within one of a sound its noise may be heard, beyond that the bed alone is.

    What rings on from a bell has rung out by then.
    """
    rung_ms, ringing_ms = 0, decays(track.timeline)
    for event in track.timeline.tiles():
        rung_ms = max(rung_ms, event.end_ms + ringing_ms[event.start_ms]) if event.start_ms in ringing_ms else rung_ms
        if event.kind == "wait" and rung_ms < event.end_ms:
            event = replace(event, start_ms=max(event.start_ms, rung_ms))
            assert np.abs(track.sound(event)).max() <= 10 ** (-56 / 20) * 32768, event
            if event.length_ms > 2 * FRAME_MS:
                assert np.abs(track.sound(event, inside_ms=FRAME_MS)).max() <= 1.5 * PEAK, event


def test_the_doses_of_upper_back_are_those_it_was_made_for() -> None:
    document = plan(load_routine(ROUTINES["upper-back"]), voice="builtin").timeline.to_json()
    assert document["length_ms"] == 600_000
    done: dict[tuple[str, str | None], list[int]] = {}
    for event in document["events"]:
        if event["kind"] in ("hold", "rep"):
            name = document["exercises"][event["exercise"] - 1]["slug"]
            done.setdefault((name, event["side"]), []).append(event["end_ms"] - event["start_ms"])
    assert list(done.items()) == [
        (("horizontal-foam-roller", None), [60_000]),
        (("foam-roller-snow-angels", None), [6_000] * 12),
        (("double-v", "right"), [30_000]),
        (("double-v", "left"), [30_000]),
        (("thread-the-needle", "right"), [30_000]),
        (("thread-the-needle", "left"), [30_000]),
        (("eagle-arm-circles", "right"), [6_000] * 5),
        (("eagle-arm-circles", "left"), [6_000] * 5),
        (("cat-stretch", None), [20_000]),
        (("embryo-s-pose", None), [60_000]),
    ]


# -- the same again


@every_track
def test_a_second_render_speaks_nothing_and_gives_the_same_bytes(
    name: str, tracks: ShippedTracks, tmp_path: Path
) -> None:
    first = tracks[name]
    again = render(load_routine(ROUTINES[name]), tmp_path / "again.mp3", voice="builtin", cache=tracks.cache)
    assert again.spoken == 0
    assert again.path.read_bytes() == first.path.read_bytes()


def test_blocks_that_are_encoded_again_have_the_same_bytes(tracks: ShippedTracks, tmp_path: Path) -> None:
    first = tracks["box-breathing"]
    shutil.copytree(tracks.cache.root, tmp_path / "cache", ignore=shutil.ignore_patterns("blocks"))
    routine = load_routine(ROUTINES["box-breathing"])
    again = render(routine, tmp_path / "again.mp3", voice="builtin", cache=Cache(tmp_path / "cache"))
    assert again.spoken == 0
    assert again.path.read_bytes() == first.path.read_bytes()


# -- quicker and slower voices

LIMITS_MS = {
    "lead-in": (960, 960),
    "gap": (500, 1500),
    "settle": (1000, 20_000),  # after the last words, those of the dose too
    "switch": (3500, 15_000),
    "transition": (1000, 10_000),
    "tail": (1000, 3000),
}
MOVING_MS = 3000  # from the words that lead into a position to the start; the dose is said meanwhile


@pytest.fixture(scope="module")
def spoken_ms(tracks: ShippedTracks) -> Callable[[str], int]:
    """How long a text takes by the built-in voice."""
    voice = open_voice("builtin", "en")
    return functools.cache(lambda text: record(tracks.cache, voice, [text]).lengths_ms[text])


def spoken_at(name: str, factor: float, default_ms: Callable[[str], int]) -> Plan:
    """The plan of a routine whose every cue takes so many times as long as by the built-in voice."""

    def speak(texts: Sequence[str]) -> Spoken:
        return Spoken({text: round(factor * default_ms(text)) for text in texts}, True)

    return compose(draft(routine_of(name)), f"tones:{factor:g}", speak)


@functools.cache
def routine_of(name: str) -> Routine:
    return load_routine(ROUTINES[name])


def moving_ms(timeline: Timeline, settle: Event) -> int:
    """How long one has to get into a position, from the end of its set-up, or of its name where it has none."""
    here = [event for event in timeline.events if event.place.exercise == settle.place.exercise]
    said = [event for event in here if event.kind == "say" and event.end_ms <= settle.start_ms]
    leading = [event for event in said if event.role == "setup"] or said[:1]
    return settle.end_ms - leading[-1].end_ms


# The engines that are measured are within 5 % of one pace; the next test has a slow one. By default, the words of
# routines that are not rendered here are as long as estimated.
@pytest.mark.parametrize("factor", [0.8, 1.0, 1.05])
@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        *((name, name in RENDERED) for name in ROUTINES),
        *(pytest.param(name, True, marks=pytest.mark.thorough) for name in ROUTINES if name not in RENDERED),
    ],
)
def test_with_a_quicker_or_slower_voice_every_routine_keeps_its_length_and_limits(
    name: str, spoken: bool, factor: float, spoken_ms: Callable[[str], int]
) -> None:
    default_ms = spoken_ms if spoken else lambda text: round(estimate_ms(text, "en"))
    planned = spoken_at(name, factor, default_ms)
    timeline = planned.timeline
    for event in timeline.events:
        if event.kind == "say" and event.role != "countdown":
            assert event.text
            assert event.length_ms == pytest.approx(factor * default_ms(event.text), abs=1), event
        elif event.kind == "wait" and event.role in LIMITS_MS:
            least_ms, most_ms = LIMITS_MS[event.role]
            assert least_ms - FRAME_MS <= event.length_ms <= most_ms + FRAME_MS, event
            if event.role == "settle":
                assert moving_ms(timeline, event) >= MOVING_MS - FRAME_MS, event
    assert timeline.length_ms == ms(written(name)["length"])
    assert [event.length_ms for event in timeline.events if event.kind in ("hold", "rep")] == list(
        doses_ms(written(name))
    )
    assert planned.notices == ()


@pytest.mark.parametrize("name", ["upper-back", "upper-back.de", "upper-back.es", "hip-release"])
def test_a_voice_that_is_a_fifth_slower_keeps_the_length_of_a_session(name: str) -> None:
    routine = load_routine({**ROUTINES, **TRANSLATIONS}[name])

    def sped_up_ms(text: str) -> int:
        slow_ms = 1.2 * estimate_ms(text, routine.language)
        return round(slow_ms / kept_up(Delivery((text,)), text, routine.language).factor(slow_ms))

    planned = compose(draft(routine), "slow", lambda texts: Spoken({text: sped_up_ms(text) for text in texts}, True))
    assert (planned.timeline.length_ms, planned.notices) == (600_000, ())
