"""Blocks encoded one by one and spliced sound like one encode of the whole; no edge of a sound clicks."""

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import pytest
import soundfile

from audiogen.routine.sounds import Sounds
from audiogen.script import TONE_MS
from audiogen.storage.cache import Cache
from audiogen.timeline.events import FRAME_MS
from audiogen.timeline.model import Mix, Timeline
from audiogen.timeline.wake import woken
from audiogen.track import mp3
from audiogen.track.blocks import FRAME_SAMPLES, Block, Sound, cut
from audiogen.track.encode import BlockEncoder
from audiogen.track.noise_floor import LOOP_FRAMES, PEAK, bed_pcm
from audiogen.track.stitch import rung
from audiogen.track.stream import stream
from audiogen.track.tones import COMPUTED, Tones, own, synthesis, tone
from audiogen.track.tones.sets import RING_MS, decay_of, recipe
from tests.decode import Samples, libsndfile, onset, snr_db
from tests.track.test_encode import SESSION, Speechlike, timeline_of

pytestmark = pytest.mark.usefixtures("not_shared")

Silence = Literal["bed", "digital"]

SILENCES: tuple[Silence, ...] = ("bed", "digital")
STEP = 64  # from one sample to the next where a sound begins or ends, of 32767: -54 dBFS; the bed alone makes 20 of it


class Both(NamedTuple):
    """The same session before encoding, spliced, and encoded in one pass; all of one length."""

    timeline: Timeline
    blocks: tuple[Block, ...]
    original: Samples
    spliced: Samples
    one_pass: Samples


@pytest.fixture(scope="module", params=SILENCES)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """A session with two long silences in it, so that the bed begins anew inside one of them."""
    folder, mix = tmp_path_factory.mktemp("both"), Mix(silence=request.param)
    store = Cache(folder / "cache")
    timeline = woken(timeline_of(SESSION.replace("30s", "22s").replace("3m", "none")))
    blocks, clips = cut(timeline), Speechlike(timeline)
    bed = bed_pcm(store) if mix.silence == "bed" else b""
    frames = mp3.frames_needed(timeline.length_ms)
    whole_ms = frames * FRAME_SAMPLES // 48
    original = np.concatenate(list(stream(blocks, clips, whole_ms, tones=Tones(mix, store).segment, bed=bed)))[:, 0]
    one_pass = mp3.encode_block(original.astype("<i2").tobytes(), quiet=PEAK)
    encoder = BlockEncoder(blocks, clips, store, mix=mix)
    with (folder / "spliced.mp3").open("wb") as target:
        mp3.write_mp3(target, b"", encoder.frames(), timeline.length_ms, silence=encoder.silence())
    with (folder / "one.mp3").open("wb") as target:
        mp3.write_mp3(target, b"", [(0, one_pass)], timeline.length_ms)
    decoded = [libsndfile(folder / f"{name}.mp3").samples for name in ("spliced", "one")]
    return Both(timeline, blocks, original[: timeline.length_ms * 48], *decoded)


def test_spliced_and_whole_are_the_same_length_with_the_same_lag(both: Both) -> None:
    assert len(both.spliced) == len(both.one_pass) == len(both.original) == both.timeline.length_ms * 48
    tones = [event for event in both.timeline.tiles() if event.kind == "tone"]
    assert len(tones) > 10
    for event in tones:
        wanted, at = np.frombuffer(tone(event.role).raw_data, "<i2"), event.start_ms * 48
        assert onset(both.spliced, wanted, at, 240) == onset(both.one_pass, wanted, at, 240) == at


def test_splicing_costs_no_signal_to_noise(both: Both) -> None:
    assert snr_db(both.original, both.spliced) == pytest.approx(snr_db(both.original, both.one_pass), abs=0.1)


def test_no_step_at_a_splice_is_above_the_joins_elsewhere(both: Both) -> None:
    """Where a block begins and ends, and where the bed begins again; a step is at most what the one pass has there."""
    assert len(_splices(both)) > 20
    spliced, one_pass = (
        max(int(np.abs(np.diff(decoded[at - 1100 : at + 600].astype(int))).max()) for at in _splices(both))
        for decoded in (both.spliced, both.one_pass)
    )
    assert spliced <= max(2, one_pass)


def _splices(both: Both) -> list[int]:
    """The samples at which one piece of the stream gives way to another, with silence on both sides."""
    found = []
    for one, following in itertools.pairwise(both.blocks):
        end, begin = one.first_frame + one.frames, following.first_frame
        if begin - end >= 2:
            found += [at * FRAME_SAMPLES for at in (*range(end, begin, LOOP_FRAMES), begin)]
    return found


def test_the_bed_begins_again_inside_a_silence_of_this_session(both: Both) -> None:
    """Else the tests above would not look at that joint."""
    gaps = [two.first_frame - one.first_frame - one.frames for one, two in itertools.pairwise(both.blocks)]
    assert max(gaps) > LOOP_FRAMES + 20


# -- where sounds begin and end


def steps_at_edges(pcm: Samples, sounds: Iterable[tuple[int, int]]) -> int:
    """The largest step within a millisecond of where each sound [start, end) begins and ends, in samples."""
    steps = np.abs(np.diff(np.pad(pcm, 100).astype(int)))
    edges = (edge + 100 for sound in sounds for edge in sound)
    return max(int(steps[edge - 6 : edge + 6].max()) for edge in edges)


def edges_of(sounds: Iterable[bytes]) -> int:
    pieces = [np.frombuffer(sound, "<i2") for sound in sounds]
    return max(steps_at_edges(pcm, [(0, len(pcm))]) for pcm in pieces)


@pytest.fixture
def cut_wave(tmp_path: Path) -> Path:
    """A file that begins and ends at the top of a wave."""
    wave = 0.5 * np.cos(2 * np.pi * 500 * np.arange(24_000) / 48_000)
    soundfile.write(tmp_path / "cut.wav", wave, 48_000)
    return tmp_path / "cut.wav"


@pytest.mark.parametrize("sound_set", COMPUTED)
def test_no_tone_clicks_where_it_begins_and_ends(sound_set: str, tmp_path: Path) -> None:
    """With its ring, which is part of its sound: its place ends while it rings."""
    tones = Tones(Mix(sound_set), Cache(tmp_path))
    assert edges_of(tones.segment(role).raw_data for role in TONE_MS) <= STEP


@pytest.mark.parametrize("sound_set", RING_MS)
def test_no_ring_clicks_wherever_it_is_damped(sound_set: str, tmp_path: Path) -> None:
    tones = Tones(Mix(sound_set), Cache(tmp_path))
    damped = (
        rung(tones.segment(role), Sound(0, TONE_MS[role], "tone", role, decay_ms=decay_ms)).raw_data
        for role in TONE_MS
        for decay_ms in range(0, decay_of(role, sound_set), 97)
    )
    assert edges_of(damped) <= STEP


def test_a_users_sound_does_not_click_where_it_was_cut(cut_wave: Path, tmp_path: Path) -> None:
    store = Cache(tmp_path / "cache")
    mix = Mix(own=own.own_sounds(store, Sounds("bells", {"start": str(cut_wave)})))
    pcm = np.frombuffer(Tones(mix, store).pcm("start"), "<i2")
    assert steps_at_edges(pcm, [(0, len(pcm))]) <= 6 * STEP  # it swells within a millisecond, for its onset's sake


def test_without_their_fades_they_would(cut_wave: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The bound is one that detects a click."""
    monkeypatch.setattr(synthesis, "edged", lambda sound, *_: sound)
    monkeypatch.setattr(own, "edged", lambda sound, *_: sound)
    store = Cache(tmp_path / "cache")
    unfaded = [recipe(role, "bells") for role in ("start", "end", "tick")]
    for sound, peak_dbfs in unfaded:
        pcm = sound / np.abs(sound).max() * 10 ** (peak_dbfs / 20) * 32767
        assert steps_at_edges(pcm, [(0, len(pcm))]) > 4 * STEP
    mix = Mix(own=own.own_sounds(store, Sounds("bells", {"start": str(cut_wave)})))
    pcm = np.frombuffer(Tones(mix, store).pcm("start"), "<i2")
    assert steps_at_edges(pcm, [(0, len(pcm))]) > 24 * STEP


def test_no_sound_of_a_session_clicks_where_it_begins_and_ends(both: Both) -> None:
    """Tones and clips over silence or over the bed; encoded, they still are far from a click."""
    sounding = [
        (at * 48, (at + sound.alone_ms) * 48)
        for block in both.blocks
        for sound in block.sounds
        for at in [block.first_frame * FRAME_MS + sound.offset_ms]
    ]
    assert steps_at_edges(both.original, sounding) <= STEP
    assert steps_at_edges(both.spliced, sounding) <= 4 * STEP
