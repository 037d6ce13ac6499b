"""Tracks in other formats and with music: what is promised is measured there, too, and what cannot be is said."""

import functools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from audiogen import parse_routine, render
from audiogen.audio.pcm import SAMPLES_PER_MS
from audiogen.errors import TrackError
from audiogen.export import formats, id3
from audiogen.export.metadata import label_of
from audiogen.session import Rendered
from audiogen.storage.cache import Cache
from audiogen.timeline.events import Event
from audiogen.verification import Check, Report, verify
from audiogen.verification.container import check_container
from audiogen.verification.decoded import decode
from audiogen.views.chapters import chapters_of
from audiogen.views.lyrics import spoken_of, whole_text
from tests.decode import needs
from tests.fakes.tone_voice import ToneVoice

SESSION = """\
title: Shoulders
opening: title
announce: name
closing: none
settle: 2s
switching: 3s
transition: 1s
tail: 1s
exercises:
  - name: Doorway stretch
    sides: [right, left]
    hold: 6s
  - name: Shrugs
    reps: 3
    tempo: [{say: Up, for: 2s}, {say: Down, for: 2s}]
"""
HOLDS = 2 + 3

Samples = NDArray[np.int16]

every_suffix = pytest.mark.parametrize(
    "suffix", [pytest.param(".m4a", marks=needs("ffmpeg")), ".opus", ".ogg", ".flac", ".wav"]
)


class Tracks:
    """The session by what is added to the routine and the end of the file's name; each is made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cache = Cache(folder / "cache")
        self._made: dict[tuple[str, str], Rendered] = {}

    def __call__(self, suffix: str, more: str = "") -> Rendered:
        if (suffix, more) not in self._made:
            out = self._folder / f"{len(self._made)}{suffix}"
            routine = parse_routine(SESSION + more)
            self._made[suffix, more] = render(routine, out, voice=ToneVoice(), cache=self._cache)
        return self._made[suffix, more]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Tracks:
    return Tracks(tmp_path_factory.mktemp("formats"))


def heard(rendered: Rendered, channels: int = 1) -> Samples:
    """The samples of a track, [samples, channels]."""
    return _decoded(rendered.path, rendered.timeline.length_ms, channels).copy()


@functools.lru_cache(maxsize=2)
def _decoded(path: Path, length_ms: int, channels: int) -> Samples:
    with decode(path, formats.format_of(path), channels) as decoded:
        pieces: list[NDArray[np.float32]] = []
        decoded.heard = pieces.append
        decoded.finish()
    whole = np.concatenate(pieces)[: length_ms * SAMPLES_PER_MS]
    return np.clip(np.rint(whole * 32768), -32768, 32767).astype("<i2")


def written(samples: Samples, rendered: Rendered, folder: Path, **other: Any) -> Path:
    """Other samples under the tag of a track, in its format; what the tag says is the same, but for what is given."""
    suffix, channels = rendered.path.suffix, samples.shape[1]
    tag = replace(label_of(parse_routine(SESSION), rendered.timeline, voice=None), **other)
    bitrate = next(iter(formats.FORMATS[suffix].bitrates_kbps or ()), None)
    recording = formats.Recording(suffix, channels, rendered.timeline.length_ms, tag, bitrate)
    path = folder / f"track{suffix}"
    with path.open("w+b") as target:
        formats.write(target, iter(np.array_split(samples, 50)), recording)
    return path


def silence_of(rendered: Rendered) -> Samples:
    """Samples as long as those of a track, for what is told without hearing them."""
    return np.zeros((rendered.timeline.length_ms * SAMPLES_PER_MS, 1), np.int16)


def check(report: Report, name: str) -> Check:
    return next(one for one in report.checks if one.name == name)


def off(report: Report) -> set[str]:
    return {one.name for one in report.checks if one.off}


def hold_of(rendered: Rendered) -> Event:
    return next(event for event in rendered.timeline.events if event.kind == "hold" and event.place.side == "left")


def without_two_seconds(samples: Samples, hold: Event) -> Iterator[Samples]:
    """Cut out of the middle of a hold, and silence put at the end for them."""
    middle, two = (hold.start_ms + 2000) * SAMPLES_PER_MS, 2000 * SAMPLES_PER_MS
    yield from (samples[:middle], samples[middle + two :], np.zeros((two, samples.shape[1]), samples.dtype))


# -- other formats


@pytest.mark.parametrize(
    ("suffix", "more"),
    [
        pytest.param(suffix, more, id=f"{suffix}-{kind}", marks=[*needed, *rare])
        for suffix, needed in ((".m4a", [needs("ffmpeg")]), (".opus", []), (".ogg", []), (".flac", []), (".wav", []))
        for kind, more, rare in (
            ("bed", "", []),
            ("digital", "silence: digital\n", [] if suffix == ".opus" else [pytest.mark.thorough]),
        )
    ],
)
def test_a_track_of_any_format_passes(suffix: str, more: str, made: Tracks) -> None:
    rendered = made(suffix, more)
    assert rendered.timeline.mix.silence == ("digital" if more else "bed")
    report = verify(rendered.path)
    assert report.ok, report.checks
    assert report.verdict == f"{HOLDS} of {HOLDS} holds and repetitions within 1 ms"
    assert [one.name for one in report.checks if one.unmeasured] == []
    assert check(report, "chapters").passed == len(chapters_of(rendered.timeline))
    assert check(report, "cues").passed == check(report, "lyrics").passed == len(spoken_of(rendered.timeline))


@pytest.mark.parametrize("suffix", [".opus", pytest.param(".ogg", marks=pytest.mark.thorough)])
def test_a_sound_in_a_silence_of_fifty_milliseconds_is_not_passed(suffix: str, made: Tracks, tmp_path: Path) -> None:
    """Such coders spread a sound as far; so it may be theirs, and the silence is told as not measured."""
    rendered = made(suffix)
    brief = next(tile for tile in rendered.timeline.tiles() if tile.kind == "wait" and tile.length_ms == 50)
    samples = heard(rendered)
    middle = (brief.start_ms + 15) * SAMPLES_PER_MS
    samples[middle : middle + 20 * SAMPLES_PER_MS] += np.int16(2000)
    report = verify(written(samples, rendered, tmp_path))
    unmeasured = check(report, "silences").unmeasured
    assert [(one.at_ms, one.what) for one in unmeasured] == [
        (brief.start_ms, "50 ms are too short to measure between their edges")
    ]


@pytest.mark.parametrize("suffix", [".ogg", ".flac"])
def test_two_seconds_that_are_gone_are_told_in_any_format(suffix: str, made: Tracks, tmp_path: Path) -> None:
    rendered = made(suffix)
    hold, samples = hold_of(rendered), heard(rendered)
    report = verify(written(np.concatenate(list(without_two_seconds(samples, hold))), rendered, tmp_path))
    (finding,) = check(report, "holds and repetitions").off
    assert (finding.at_ms, finding.place) == (hold.start_ms, "1 Doorway stretch, left side")
    assert finding.what == "the hold of 6s lasts 4.000 s, 2000.00 ms too short"


@every_suffix
def test_a_file_of_any_format_that_was_cut_short_fails(suffix: str, made: Tracks, tmp_path: Path) -> None:
    whole = made(suffix).path.read_bytes()
    path = tmp_path / f"track{suffix}"
    path.write_bytes(whole[: len(whole) * 3 // 4])
    try:
        found = off(verify(path))
    except TrackError:
        found = {"length"}
    assert found & {"length", "frames"}


@pytest.mark.parametrize("suffix", [".opus", ".ogg", ".flac"])
def test_a_file_of_any_format_with_a_damaged_page_fails(suffix: str, made: Tracks, tmp_path: Path) -> None:
    whole = bytearray(made(suffix).path.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 400] = bytes(400)
    path = tmp_path / f"track{suffix}"
    path.write_bytes(whole)
    assert off(verify(path))


def test_chapters_of_another_format_are_compared_too(made: Tracks, tmp_path: Path) -> None:
    rendered = made(".flac")
    path = tmp_path / "track.flac"
    path.write_bytes(rendered.path.read_bytes().replace(b"CHAPTER001=00:00:", b"CHAPTER001=00:01:"))
    assert off(verify(path)) == {"chapters"}


@every_suffix
def test_changed_lyrics_are_told_in_any_format(suffix: str, made: Tracks, tmp_path: Path) -> None:
    lyrics_that_differ(made(suffix), "Last time.", "“Last one.” is not in the text of the tag", tmp_path)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("Last one.\nWell done.", "the text of the tag has words that are not spoken"),
        (None, " is not in the text of the tag"),
    ],
)
def test_words_that_are_added_and_lyrics_that_are_gone_are_told(
    changed: str | None, told: str, made: Tracks, tmp_path: Path
) -> None:
    lyrics_that_differ(made(".flac"), changed, told, tmp_path)


def lyrics_that_differ(rendered: Rendered, changed: str | None, told: str, tmp_path: Path) -> None:
    text = whole_text(rendered.timeline)
    lyrics = None if changed is None else text.replace("Last one.", changed)
    assert lyrics != text
    labels = check_container(written(silence_of(rendered), rendered, tmp_path, lyrics=lyrics)).labels
    assert [one.name for one in labels if one.off] == ["lyrics"]
    assert any(finding.what.endswith(told) for one in labels for finding in one.off)


def test_the_times_of_lines_in_a_wav_are_compared_too(made: Tracks, tmp_path: Path) -> None:
    rendered = made(".wav")
    lines = tuple((one.start_ms + 20, one.text) for one in spoken_of(rendered.timeline))
    chapters, lyrics = check_container(written(silence_of(rendered), rendered, tmp_path, lines=lines)).labels
    assert (bool(chapters.off), bool(lyrics.off), lyrics.passed) == (False, True, 0)


# -- music


@pytest.fixture(scope="module")
def with_music(made: Tracks) -> Rendered:
    return made(".mp3", "music: rain\n")


def test_below_music_the_holds_are_measured_and_what_cannot_be_is_said(with_music: Rendered) -> None:
    report = verify(with_music.path)
    assert report.ok, report.checks
    told = f"{HOLDS} of {HOLDS} holds and repetitions within 1 ms; not measured in full: cues, silences"
    assert report.verdict.startswith(told)
    events = list(with_music.timeline.tiles())
    assert check(report, "tones").passed == sum(event.kind == "tone" for event in events)
    for name, kind in (("cues", "say"), ("silences", "wait")):
        found = check(report, name)
        assert (found.passed, len(found.unmeasured)) == (0, sum(event.kind == kind for event in events))
    assert check(report, "silences").unmeasured[0].what == "music is playing"


def test_a_cue_and_a_tone_that_are_gone_from_music_are_told(with_music: Rendered, tmp_path: Path) -> None:
    samples, hold = heard(with_music, 2), hold_of(with_music)
    for gone in with_music.timeline.events:
        if gone.role == "count" or (gone.kind == "tone" and gone.start_ms == hold.end_ms):
            samples[gone.start_ms * SAMPLES_PER_MS : gone.end_ms * SAMPLES_PER_MS] //= 16
    report = verify(written(samples, with_music, tmp_path))
    assert off(report) == {"cues", "tones", "holds and repetitions"}
    told = {name: [one.what for one in check(report, name).off] for name in off(report)}
    assert told == {
        "cues": ["the count cue “Last one.” is silent"],
        "tones": ["the end tone is missing"],
        "holds and repetitions": ["the hold has no tone at its end"],
    }


def test_two_seconds_that_are_gone_are_told_below_music_too(with_music: Rendered, tmp_path: Path) -> None:
    hold = hold_of(with_music)
    samples = np.concatenate(list(without_two_seconds(heard(with_music, 2), hold)))
    (finding,) = check(verify(written(samples, with_music, tmp_path)), "holds and repetitions").off
    assert finding.what == "the hold of 6s lasts 4.000 s, 2000.00 ms too short"


def test_a_track_without_its_second_channel_was_encoded_again(with_music: Rendered, tmp_path: Path) -> None:
    path = written(silence_of(with_music), with_music, tmp_path)
    with pytest.raises(TrackError) as refused:
        verify(path)
    (problem,) = refused.value.problems
    assert problem.code == "verification.encoded-again"
    assert (problem.found, problem.expected) == ("48000 Hz with 1 channel", "48000 Hz with 2")
    assert id3.read_attachment(path.read_bytes(), "audiogen timeline")
