"""A track passes as it was made; each way to spoil it is found, in its place, with its words."""

import contextlib
import functools
import io
import itertools
import json
import os
import re
import subprocess
import threading
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import lameenc
import numpy as np
import pytest
import soundfile

from audiogen import load_routine, parse_routine, plan, render
from audiogen.cli.output import Talk
from audiogen.cli.verified import prove
from audiogen.durations import format_clock
from audiogen.errors import AudiogenError, Problem, TrackError
from audiogen.export import id3
from audiogen.script import Place
from audiogen.session import Rendered
from audiogen.storage.cache import Cache
from audiogen.timeline.document import read_timeline
from audiogen.timeline.events import Event, Exercised
from audiogen.timeline.model import Timeline
from audiogen.track import mp3
from audiogen.track.blocks import FRAME_SAMPLES, decays
from audiogen.verification import Check, Report, verify
from audiogen.verification.container import Contents, check_container
from audiogen.verification.report import clock
from audiogen.verification.track import check_spread
from audiogen.views.chapters import chapters_of
from audiogen.views.lyrics import lines_of, whole_text
from tests import command
from tests.decode import Samples, libsndfile, needs
from tests.each import each
from tests.fakes.tone_voice import ToneVoice
from tests.shipped import ROUTINES, ShippedTracks

FRAME_MS = 24
QUIET = 7  # frames of silence, in the middle of which a track may be taken apart
SAMPLES_PER_MS = 48
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043") + bytes(2000)


HOLDS = 3 + 5


class Pieces:
    """A track taken apart: its tag, its Info frame and its audio frames, to be spoilt and put together again."""

    def __init__(self, path: Path) -> None:
        whole = path.read_bytes()
        start, size = id3.tag_bytes(whole), mp3.frame_bytes()
        self.tag = whole[:start]
        self.info, *self.frames = (whole[at : at + size] for at in range(start, len(whole), size))
        document = id3.read_attachment(whole, "audiogen timeline")
        assert document
        self.timeline = read_timeline(document)
        self.chapters = id3.read_chapters(whole)
        self._path = path

    @functools.cached_property
    def samples(self) -> Samples:
        return libsndfile(self._path).samples

    def event(self, **wanted: object) -> Event:
        """The first event of which all this is true."""
        return next(
            event
            for event in self.timeline.events
            if all(
                getattr(event if hasattr(event, name) else event.place, name) == value for name, value in wanted.items()
            )
        )

    def quiet_frame(self, hold: Event) -> int:
        """A frame in the longest silence of a hold."""
        silences = [
            event
            for event in self.timeline.events
            if event.role == "hold" and event.kind == "wait" and hold.start_ms <= event.start_ms < hold.end_ms
        ]
        longest = max(silences, key=lambda event: event.length_ms)
        return (longest.start_ms + longest.end_ms) // 2 // FRAME_MS

    def silence(self, event: Event) -> None:
        """Put silent frames where an event sounds, and rings on."""
        end_ms = event.end_ms + decays(self.timeline).get(event.start_ms, 0)
        first, last = event.start_ms // FRAME_MS, end_ms // FRAME_MS + 2
        self.frames[first:last] = [mp3.silent_frame()] * (last - first)

    def encode(self, samples: Samples) -> None:
        """Put other samples in the place of the frames, in each stretch between silences that is no longer the same."""
        heard, others = (self.whole_frames(one) for one in (self.samples, samples))
        changed = (heard != others).any(axis=1)
        quiet = ~changed & np.array([frame == mp3.silent_frame() for frame in self.frames])
        cuts = np.flatnonzero(np.convolve(quiet, np.ones(QUIET), "same") == QUIET)
        for first, last in itertools.pairwise((0, *cuts, len(changed))):
            if changed[first:last].any():
                self.frames[first:last] = frames_of(others[first:last])

    def whole_frames(self, samples: Samples) -> Samples:
        padded = np.pad(samples, (0, len(self.frames) * FRAME_SAMPLES - len(samples)))
        padded[-2 * FRAME_SAMPLES :] = 0
        return padded.astype("<i2").reshape(-1, FRAME_SAMPLES)

    def retag(self, timeline: Timeline, chapters: Iterable[id3.Chapter] | None = None, **other: Any) -> None:
        """Put another tag in front; what it says of the session is as it was, but for what is given."""
        document = json.dumps(timeline.to_json()).encode()
        lines = [(one.start_ms, one.text) for one in lines_of(self.timeline)]
        lyrics: dict[str, Any] = {"lyrics": whole_text(self.timeline), "lines": lines}
        self.tag = id3.id3(
            id3.Tag(
                title=timeline.title,
                language="en",
                length_ms=timeline.length_ms,
                chapters=tuple(self.chapters if chapters is None else chapters),
                attachments=[id3.Attachment("application/json", "timeline.json", "audiogen timeline", document)],
                **{**lyrics, **other},
            )
        )

    def write(self, folder: Path) -> Path:
        path = folder / "track.mp3"
        path.write_bytes(b"".join([self.tag, self.info, *self.frames]))
        return path


def frames_of(samples: Samples) -> list[bytes]:
    """Encode rows of samples, of a frame each, that begin and end in silence."""
    encoded, size = mp3.encode_block(samples.tobytes()), mp3.frame_bytes()
    return [encoded[at : at + size] for at in range(0, len(encoded), size)]


@pytest.fixture(scope="session")
def made(short_track: Rendered) -> Path:
    """A short session, spoken by the built-in voice."""
    return short_track.path


@pytest.fixture
def pieces(made: Path) -> Pieces:
    return Pieces(made)


def checks(report: Report | Contents) -> list[Check]:
    """The checks of a report, or those alone that are made before anything is decoded."""
    if isinstance(report, Report):
        return list(report.checks)
    return [*filter(None, [report.frames]), *report.labels]


def check(report: Report | Contents, name: str) -> Check:
    return next(one for one in checks(report) if one.name == name)


def off(report: Report | Contents) -> list[str]:
    """The names of the checks that something is off in."""
    return [one.name for one in checks(report) if one.off]


def findings(report: Report | Contents, name: str) -> list[tuple[int | None, str, str]]:
    return [(one.at_ms, one.place, one.what) for one in check(report, name).off]


# -- as made


# By default one: tests/session/test_tracks.py measures all of them by other means.
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name == "box-breathing" else [pytest.mark.thorough]) for name in ROUTINES],
)
def test_every_shipped_routine_passes(name: str, tracks: ShippedTracks) -> None:
    rendered = tracks[name]
    report = verify(rendered.path)
    events = rendered.timeline.events
    holds = sum(event.kind in ("hold", "rep") for event in events)
    assert report.ok
    assert report.verdict == f"{holds} of {holds} holds and repetitions within 1 ms"
    assert {one.name: one.passed for one in report.checks} == {
        "frames": mp3.frames_needed(rendered.timeline.length_ms),
        "length": 1,
        "chapters": len(chapters_of(rendered.timeline)),
        "lyrics": sum(event.kind == "say" for event in events),
        "holds and repetitions": holds,
        "tones": sum(event.kind == "tone" for event in events),
        "cues": sum(event.kind == "say" for event in events),
        "silences": sum(event.kind == "wait" for event in events),
        "even cues": 1,
        "loudness": 1,
        "peak": 1,
    }


def test_a_track_taken_apart_and_put_together_passes(pieces: Pieces, tmp_path: Path) -> None:
    pieces.retag(pieces.timeline)
    assert verify(pieces.write(tmp_path)).ok


def test_a_track_that_is_encoded_again_at_its_places_passes(pieces: Pieces, tmp_path: Path) -> None:
    pieces.frames = frames_of(pieces.whole_frames(pieces.samples))
    assert verify(pieces.write(tmp_path)).ok


# -- frames and samples that are gone, doubled or moved


def test_a_missing_frame_is_found_in_its_hold(pieces: Pieces, tmp_path: Path) -> None:
    hold = pieces.event(kind="hold", exercise=1, side="left")
    whole = len(pieces.frames)
    del pieces.frames[pieces.quiet_frame(hold)]
    report = verify(pieces.write(tmp_path))
    assert findings(report, "holds and repetitions") == [
        (hold.start_ms, "1 Neck stretch, left side", "the hold of 10s lasts 9.976 s, 24.00 ms too short")
    ]
    assert findings(report, "frames") == [
        (None, "file", f"{whole - 1} frames follow the Info frame, which declares {whole}")
    ]
    assert report.verdict.startswith("7 of 8 holds and repetitions within 1 ms; off: frames, ")


def test_a_doubled_frame_is_found_in_its_hold(pieces: Pieces, tmp_path: Path) -> None:
    hold = pieces.event(kind="hold", exercise=3)
    at, whole = pieces.quiet_frame(hold), len(pieces.frames)
    pieces.frames.insert(at, pieces.frames[at])
    report = verify(pieces.write(tmp_path))
    assert findings(report, "holds and repetitions") == [
        (hold.start_ms, "3 Chest opener", "the hold of 12s lasts 12.024 s, 24.00 ms too long")
    ]
    assert findings(report, "frames") == [
        (None, "file", f"{whole + 1} frames follow the Info frame, which declares {whole}")
    ]


@pytest.mark.parametrize("change", ["removed", "doubled"])
def test_a_frame_outside_all_work_is_found_by_what_it_moves(change: str, pieces: Pieces, tmp_path: Path) -> None:
    cue = pieces.event(role="opening", text="Neck and chest.")
    at = cue.end_ms // FRAME_MS + 15
    pieces.frames[at : at + 1] = [pieces.frames[at]] * (2 if change == "doubled" else 0)
    report = verify(pieces.write(tmp_path))
    assert check(report, "holds and repetitions").off == ()
    assert len(check(report, "tones").off) == check(report, "tones").total
    direction = "early" if change == "removed" else "late"
    first = check(report, "tones").off[0]
    assert (first.place, first.what) == ("1 Neck stretch, right side", f"the start tone comes 24 ms {direction}")


def test_a_cut_of_two_seconds_is_told_where_it_is_and_what_it_moved(pieces: Pieces, tmp_path: Path) -> None:
    hold = pieces.event(kind="hold", side="left")
    at = pieces.quiet_frame(hold) - 42
    del pieces.frames[at : at + 84]
    report = verify(pieces.write(tmp_path))
    assert findings(report, "holds and repetitions") == [
        (hold.start_ms, "1 Neck stretch, left side", "the hold of 10s lasts 7.984 s, 2016.00 ms too short")
    ]
    assert (hold.end_ms, "1 Neck stretch, left side", "the end tone comes 2016 ms early") in findings(report, "tones")
    assert all(finding.at_ms is not None and finding.at_ms >= hold.start_ms for finding in check(report, "cues").off)


def test_a_hold_that_was_shortened_by_50_ms_is_named(pieces: Pieces, tmp_path: Path) -> None:
    """The 50 ms are put back behind the work, so that the rest stays in its place."""
    hold = pieces.event(kind="hold", side="left")
    cut = pieces.quiet_frame(hold) * FRAME_SAMPLES
    back = (pieces.event(kind="wait", role="transition", exercise=1).start_ms + 500) * SAMPLES_PER_MS
    fifty = 50 * SAMPLES_PER_MS
    samples = pieces.samples
    silence = np.zeros(fifty, samples.dtype)
    pieces.encode(np.concatenate([samples[:cut], samples[cut + fifty : back], silence, samples[back:]]))
    report = verify(pieces.write(tmp_path))
    assert findings(report, "holds and repetitions") == [
        (hold.start_ms, "1 Neck stretch, left side", "the hold of 10s lasts 9.950 s, 50.00 ms too short")
    ]
    assert findings(report, "tones") == [(hold.end_ms, "1 Neck stretch, left side", "the end tone comes 50 ms early")]
    assert off(report)[0] == "holds and repetitions"


def test_a_repetition_that_was_shortened_by_2_ms_is_named(pieces: Pieces, tmp_path: Path) -> None:
    rep = pieces.event(kind="rep", rep=4)
    cut, two = (rep.start_ms + 1000) * SAMPLES_PER_MS, 2 * SAMPLES_PER_MS
    pieces.encode(np.concatenate([pieces.samples[:cut], pieces.samples[cut + two :], np.zeros(two, np.int16)]))
    report = verify(pieces.write(tmp_path))
    assert findings(report, "holds and repetitions") == [
        (
            rep.start_ms,
            "2 Shoulder rolls, repetition 4",
            "the repetition of 4s lasts 3.998 s, 2.00 ms too short",
        )
    ]


# -- sounds that are missing, or where none should be


def test_a_cue_that_was_silenced_is_quoted(pieces: Pieces, tmp_path: Path) -> None:
    cue = pieces.event(role="count")
    pieces.silence(cue)
    report = verify(pieces.write(tmp_path))
    assert findings(report, "cues") == [
        (cue.start_ms, "2 Shoulder rolls, repetition 5", "the count cue “Last one.” is silent")
    ]
    assert report.verdict == "8 of 8 holds and repetitions within 1 ms; off: cues"


def test_a_cue_whose_end_was_silenced_is_quoted(pieces: Pieces, tmp_path: Path) -> None:
    cue = pieces.event(role="cue", exercise=3)
    samples = pieces.samples.copy()
    samples[(cue.end_ms - 800) * SAMPLES_PER_MS : cue.end_ms * SAMPLES_PER_MS] = 0
    pieces.encode(samples)
    ((at_ms, _, what),) = findings(verify(pieces.write(tmp_path)), "cues")
    assert at_ms == cue.start_ms
    assert re.fullmatch(r"the cue “Draw your shoulders back. Lift your bre…” stops (79|80)\d ms before its end", what)


class Dying(ToneVoice):
    """A voice whose lines do not end at once: every other one dies away for seconds, the rest breathe softly."""

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        sound, rate = soundfile.read(io.BytesIO(super().speak(text, cancel)), dtype="float64")
        sound = sound[: -60 * SAMPLES_PER_MS]
        time_s = np.arange(3 * rate) / rate
        dying = 0.5 * np.sin(2 * np.pi * 300 * time_s) * 10 ** (-24 * time_s / 20)
        breath = np.random.default_rng(1).normal(0, 0.002, rate // 3)
        peak = np.abs(sound).max()
        tail = peak * (dying if len(self.spoken) % 2 else breath)
        out = io.BytesIO()
        soundfile.write(out, np.concatenate([sound, tail, np.zeros(rate // 10)]), rate, format="WAV", subtype="FLOAT")
        return out.getvalue()


NECK = """\
title: Neck
opening: title
closing: none
exercises:
  - {name: Neck stretch, hold: 15s, countdown: 0, cues: [{at: 0s, say: Sit tall.}]}
"""


@pytest.mark.parametrize("silence", ["bed", "digital"])
def test_words_that_die_away_or_end_in_a_breath_are_whole(silence: str, tmp_path: Path) -> None:
    routine, voice = parse_routine(NECK), Dying()
    rendered = render(routine, tmp_path / "a.mp3", overrides={"silence": silence}, voice=voice, cache=Cache(tmp_path))
    assert len(voice.spoken) >= 4
    assert findings(verify(rendered.path), "cues") == []


@pytest.mark.parametrize("quieter_db", [0, 12])
def test_a_cue_whose_end_is_gone_is_found_where_words_die_away(quieter_db: int, pieces: Pieces, tmp_path: Path) -> None:
    """Also where the last thing that is heard is soft."""
    cue = pieces.event(role="cue", exercise=3)
    samples = pieces.samples.astype(np.float64)
    first, last = ((cue.end_ms - before_ms) * SAMPLES_PER_MS for before_ms in (600, 400))
    samples[first:last] *= 10 ** (-quieter_db / 20)
    samples[last : cue.end_ms * SAMPLES_PER_MS] = 0
    pieces.encode(samples.astype(pieces.samples.dtype))
    ((at_ms, _, what),) = findings(verify(pieces.write(tmp_path)), "cues")
    assert at_ms == cue.start_ms
    assert " before its end" in what


def test_a_tone_that_was_silenced_leaves_its_hold_unproven(pieces: Pieces, tmp_path: Path) -> None:
    hold = pieces.event(kind="hold", exercise=3)
    pieces.silence(pieces.event(kind="tone", start_ms=hold.end_ms))
    report = verify(pieces.write(tmp_path))
    assert off(report) == ["holds and repetitions", "tones"]
    assert findings(report, "holds and repetitions") == [
        (hold.start_ms, "3 Chest opener", "the hold has no tone at its end")
    ]
    assert findings(report, "tones") == [(hold.end_ms, "3 Chest opener", "the end tone is missing")]


def test_a_number_of_a_countdown_that_is_not_on_its_beat_is_told_with_the_distance(
    pieces: Pieces, tmp_path: Path
) -> None:
    one = pieces.event(role="countdown", text="One.")
    samples = pieces.samples.copy()
    first, last = one.start_ms * SAMPLES_PER_MS, one.end_ms * SAMPLES_PER_MS
    samples[first:last] = np.roll(samples[first:last], 40 * SAMPLES_PER_MS)
    pieces.encode(samples)
    report = verify(pieces.write(tmp_path))
    ((_, _, what),) = findings(report, "cues")
    told = re.fullmatch(r"the countdown cue “One\.” has its vowel (\d+) ms late", what)
    assert told is not None, what
    assert abs(int(told[1]) - 40) <= 2  # speech differs a little from one processor to the next


def test_sound_in_the_ring_of_a_bell_is_found(pieces: Pieces, tmp_path: Path) -> None:
    hold = pieces.event(kind="hold", exercise=3)
    end = pieces.event(kind="tone", start_ms=hold.end_ms)
    samples = pieces.samples.copy()
    at = (end.end_ms + 150) * SAMPLES_PER_MS
    samples[at : at + 2400] += (3000 * np.sin(np.arange(2400) * 0.3)).astype(np.int16)
    pieces.encode(samples)
    report = verify(pieces.write(tmp_path))
    assert off(report) == ["silences"]
    assert "has more in it than the ring" in findings(report, "silences")[0][2]


def test_the_tone_of_another_phase_does_not_stand_in_for_a_missing_one(pieces: Pieces, tmp_path: Path) -> None:
    """Phases of 2 s with the same tone: it sounds again near enough to be mistaken for the one that is gone."""
    missing = pieces.event(kind="tone", role="rising", rep=4)
    pieces.silence(missing)
    report = verify(pieces.write(tmp_path))
    assert off(report) == ["holds and repetitions", "tones"]
    assert findings(report, "tones") == [
        (missing.start_ms, "2 Shoulder rolls, repetition 4", "the rising tone is missing")
    ]


def test_sound_in_a_silence_is_told_with_its_moment_and_level(pieces: Pieces, tmp_path: Path) -> None:
    wait = pieces.event(kind="wait", role="settle", exercise=2)
    samples = pieces.samples.copy()
    at = (wait.start_ms + 1500) * SAMPLES_PER_MS
    samples[at : at + 2400] = np.rint(300 * np.sin(np.arange(2400) / 10))
    pieces.encode(samples)
    ((at_ms, place, what),) = findings(verify(pieces.write(tmp_path)), "silences")
    assert (at_ms, place) == (wait.start_ms, "2 Shoulder rolls")
    assert what.startswith("the settle silence of ")
    assert "is not silent: sound from " in what
    assert float(what.split()[-2]) == pytest.approx(-41, abs=2)


def test_a_silence_without_its_bed_is_told(tmp_path: Path) -> None:
    pieces = Pieces(render(parse_routine(NECK), tmp_path / "bed.mp3", voice=ToneVoice(), cache=Cache(tmp_path)).path)
    wait = pieces.event(kind="wait", role="settle")
    samples = pieces.samples.copy()
    samples[(wait.start_ms + 24) * SAMPLES_PER_MS : (wait.end_ms - 24) * SAMPLES_PER_MS] = 0
    pieces.encode(samples)
    ((at_ms, _, what),) = findings(verify(pieces.write(tmp_path)), "silences")
    assert at_ms == wait.start_ms
    assert re.fullmatch(r"the bed of the settle silence of \S+ is at -\w+ dBFS, not at -72", what)


def test_too_loud_a_track_is_told_its_peak(pieces: Pieces, tmp_path: Path) -> None:
    pieces.encode(np.clip(pieces.samples.astype(int) * 2, -32768, 32767))
    report = verify(pieces.write(tmp_path))
    assert off(report) == ["loudness", "peak"]
    assert findings(report, "peak")[0][2].endswith("dBTP, louder than -1.5 dBTP")


def test_too_soft_a_track_is_told_its_loudness(pieces: Pieces, tmp_path: Path) -> None:
    pieces.encode((pieces.samples * 0.8).astype(np.int16))  # 1.9 dB
    report = verify(pieces.write(tmp_path))
    assert off(report) == ["loudness"]
    pattern = r"speech -\d+\.\d LUFS, -\d+\.\d LUFS in total, [12]\.\d LU softer than the requested -18"
    assert re.fullmatch(pattern, findings(report, "loudness")[0][2])


def test_a_cue_that_is_softer_than_the_others_is_quoted(pieces: Pieces, tmp_path: Path) -> None:
    cue, samples = pieces.event(role="count"), pieces.samples.copy()
    samples[cue.start_ms * SAMPLES_PER_MS : cue.end_ms * SAMPLES_PER_MS] //= 2
    pieces.encode(samples)
    report = verify(pieces.write(tmp_path))
    assert off(report) == ["even cues"]
    ((at_ms, place, what),) = findings(report, "even cues")
    assert (at_ms, place) == (cue.start_ms, "2 Shoulder rolls, repetition 5")
    assert re.fullmatch(r"the count cue “Last one.” is [67]\.\d LU softer than the .*cue “.*”", what)


@each(("lufs", "softer", "even"), [(-18, 0, 1), (-18, 1, 0), (-16, 1, 1), (-16, 3, 0)])
def test_above_minus_18_a_few_cues_may_be_softer(lufs: int, softer: int, even: int, pieces: Pieces) -> None:
    timeline = replace(pieces.timeline, mix=replace(pieces.timeline.mix, lufs=lufs))
    cue = pieces.event(kind="say")
    found = check_spread(timeline, [(lufs + 0.2, cue)] * (40 - softer) + [(lufs - 1.5, cue)] * softer)
    assert (found.passed, len(found.off)) == (even, 1 - even)


# -- another timeline


def test_the_timeline_of_another_session_of_the_same_length_is_found_wrong(
    tracks: ShippedTracks, tmp_path: Path
) -> None:
    pieces = Pieces(tracks["box-breathing"].path)
    pieces.timeline = plan(load_routine(ROUTINES["desk-reset"]), voice="builtin").timeline
    pieces.retag(pieces.timeline, chapters_of(pieces.timeline))
    report = verify(pieces.write(tmp_path))
    assert off(report) == ["holds and repetitions", "tones", "cues", "silences"]
    assert check(report, "holds and repetitions").passed == 0
    assert report.verdict.startswith("0 of 12 holds and repetitions within 1 ms; off: ")


def test_the_timeline_of_a_longer_session_is_found_wrong(pieces: Pieces, tracks: ShippedTracks, tmp_path: Path) -> None:
    pieces.tag = Pieces(tracks["box-breathing"].path).tag
    report = verify(pieces.write(tmp_path))
    short_ms = 300_000 - pieces.timeline.length_ms
    assert findings(report, "length") == [(None, "file", f"{short_ms}.00 ms too short for 5:00.000")]
    ends = f"is missing: the track ends at {clock(pieces.timeline.length_ms)}"
    assert ends in findings(report, "silences")[-1][2]
    assert {"frames", "length", "holds and repetitions", "tones", "cues", "silences"} <= set(off(report))


def test_what_cannot_be_measured_is_said(pieces: Pieces, tmp_path: Path) -> None:
    """A tone of a later version, and a silence too short to be told from the noise around it."""
    tone = pieces.event(kind="tone", role="start")
    wait = pieces.event(kind="wait", role="tail")
    edge = wait.end_ms - 40
    events = [replace(one, role="gong") if one is tone else one for one in pieces.timeline.events if one is not wait]
    events += [replace(wait, end_ms=edge), replace(wait, start_ms=edge)]
    changed = replace(pieces.timeline, events=tuple(events))
    pieces.retag(changed, lines=[(one.start_ms, one.text) for one in lines_of(changed)])
    report = verify(pieces.write(tmp_path))
    said = {one.name: [finding.what for finding in one.unmeasured] for one in report.checks if one.unmeasured}
    assert said == {
        "holds and repetitions": ["no tone marks both ends of the hold"],
        "tones": ["the tone “gong” is not known"],
        "silences": ["40 ms are too short to measure between their edges"],
    }
    assert report.verdict == (
        "7 of 8 holds and repetitions within 1 ms; not measured in full: holds and repetitions, tones, silences"
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"{", "Invalid JSON"),
        (b'{"version": 2}', "version 1"),
        (b"[]", ""),
    ],
)
def test_a_timeline_that_cannot_be_read_is_an_error(
    document: bytes, words: str, pieces: Pieces, tmp_path: Path
) -> None:
    attachment = id3.Attachment("application/json", "timeline.json", "audiogen timeline", document)
    pieces.tag = id3.id3(id3.Tag("Neck", "en", 118_000, attachments=[attachment]))
    problem = problem_of(pieces.write(tmp_path))
    assert problem.code == "verification.unreadable-timeline"
    assert words in problem.found


def test_a_timeline_with_a_gap_is_an_error(pieces: Pieces, tmp_path: Path) -> None:
    cue = pieces.event(kind="say")
    pieces.retag(replace(pieces.timeline, events=tuple(one for one in pieces.timeline.events if one is not cue)))
    assert problem_of(pieces.write(tmp_path)).code == "verification.unreadable-timeline"


# -- chapters


def test_a_chapter_in_the_wrong_place_is_named(pieces: Pieces, tmp_path: Path) -> None:
    first, second, third, *rest = pieces.chapters
    moved = [first, replace(second, end_ms=second.end_ms + 10), replace(third, start_ms=third.start_ms + 10), *rest]
    pieces.retag(pieces.timeline, moved)
    report = verify(pieces.write(tmp_path))
    assert off(report) == ["chapters"]
    assert findings(report, "chapters") == [
        (third.start_ms, "1 Neck stretch", f"the chapter “{third.title}” does not begin here")
    ]


def test_chapters_that_are_gone_are_missed(pieces: Pieces, tmp_path: Path) -> None:
    pieces.retag(pieces.timeline, [])
    found = findings(check_container(pieces.write(tmp_path)), "chapters")
    assert [at_ms for at_ms, _, _ in found] == [0, *(one.start_ms for one in pieces.chapters)]


def test_a_chapter_of_another_name_is_told(pieces: Pieces, tmp_path: Path) -> None:
    first, second, *rest = pieces.chapters
    pieces.retag(pieces.timeline, [first, replace(second, title="Overture"), *rest])
    contents = check_container(pieces.write(tmp_path))
    what = f"the chapter here is “Overture”, not “{second.title}”"
    assert findings(contents, "chapters") == [(second.start_ms, "1 Neck stretch", what)]


# -- lyrics


def test_a_line_that_is_shown_at_another_time_is_told(pieces: Pieces, tmp_path: Path) -> None:
    cue = pieces.event(role="count")
    lines = [(one.start_ms + 1000 * (one.start_ms == cue.start_ms), one.text) for one in lines_of(pieces.timeline)]
    pieces.retag(pieces.timeline, lines=lines)
    report = verify(pieces.write(tmp_path))
    assert off(report) == ["lyrics"]
    assert findings(report, "lyrics") == [
        (cue.start_ms, "2 Shoulder rolls, repetition 5", "no line “Last one.” is shown here"),
        (cue.start_ms + 1000, "tag", "the line “Last one.” is shown here, but not spoken"),
    ]


def test_words_that_the_text_of_the_tag_lacks_are_told(pieces: Pieces, tmp_path: Path) -> None:
    cue = pieces.event(role="count")
    pieces.retag(pieces.timeline, lyrics=whole_text(pieces.timeline).replace("Last one.", "One more."))
    assert findings(check_container(pieces.write(tmp_path)), "lyrics") == [
        (cue.start_ms, "2 Shoulder rolls, repetition 5", "“Last one.” is not in the text of the tag")
    ]


def test_lyrics_that_are_gone_are_missed(pieces: Pieces, tmp_path: Path) -> None:
    pieces.retag(pieces.timeline, lyrics=None, lines=[])
    contents = check_container(pieces.write(tmp_path))
    assert off(contents) == ["lyrics"]
    assert check(contents, "lyrics").passed == 0


# -- the file as a whole


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda info: info[:30] + bytes([info[30] ^ 1]) + info[31:], "the Info frame's own checksum is wrong"),
        (lambda _: mp3.info_frame(9_984), "the Info frame declares 417 frames; the timeline needs "),
        (lambda _: mp3.silent_frame(), "no Info frame of audiogen's"),
    ],
)
def test_a_wrong_info_frame_is_told(spoil: Any, words: str, pieces: Pieces, tmp_path: Path) -> None:
    pieces.info = spoil(pieces.info)
    found = findings(check_container(pieces.write(tmp_path)), "frames")
    assert any(what.startswith(words) for _, _, what in found)


def test_what_was_written_behind_the_last_frame_is_told(pieces: Pieces, tmp_path: Path) -> None:
    pieces.frames.append(b"JUNK".ljust(128, b"\0"))
    report = verify(pieces.write(tmp_path))
    assert off(report) == ["frames"]
    assert findings(report, "frames")[0][2].startswith(f"frame {len(pieces.frames) - 1}, byte ")


def test_a_file_cut_inside_a_frame_is_an_error_that_says_where(pieces: Pieces, tmp_path: Path) -> None:
    whole = format_clock(len(pieces.frames) * FRAME_MS)
    pieces.frames[2500:] = [pieces.frames[2500][:100]]
    problem = problem_of(pieces.write(tmp_path))
    assert (problem.code, problem.found, problem.expected) == ("verification.cut-short", "1:00", whole)


def test_a_file_cut_between_two_frames_misses_all_that_follows(pieces: Pieces, tmp_path: Path) -> None:
    whole = len(pieces.frames)
    del pieces.frames[2500:]
    report = verify(pieces.write(tmp_path))
    assert findings(report, "frames") == [(None, "file", f"2500 frames follow the Info frame, which declares {whole}")]
    behind = sum(event.start_ms > 60_000 for event in pieces.timeline.events if event.kind == "say")
    assert 0 < behind <= sum("is missing: the track ends at 0:59." in what for _, _, what in findings(report, "cues"))


@needs("ffmpeg")
def test_a_track_that_ffmpeg_encoded_again_has_lost_its_timeline(made: Path, tmp_path: Path) -> None:
    assert problem_of(encoded_again(made, tmp_path, "-t", "20")).code == "verification.no-timeline"


@needs("ffmpeg")
def test_a_variable_bit_rate_under_our_tag_is_told(pieces: Pieces, made: Path, tmp_path: Path) -> None:
    foreign = encoded_again(made, tmp_path, "-q:a", "0").read_bytes()
    path = tmp_path / "vbr.mp3"
    path.write_bytes(pieces.tag + foreign[id3.tag_bytes(foreign) :])
    report = verify(path)
    assert off(report) == ["frames"]
    assert findings(report, "frames")[0][2].startswith("no Info frame of audiogen's: encoded again")
    assert check(report, "holds and repetitions").passed == HOLDS


@needs("ffmpeg")
def test_another_sample_rate_is_an_error(pieces: Pieces, made: Path, tmp_path: Path) -> None:
    foreign = encoded_again(made, tmp_path, "-ar", "44100", "-t", "20").read_bytes()
    path = tmp_path / "44.mp3"
    path.write_bytes(pieces.tag + foreign[id3.tag_bytes(foreign) :])
    problem = problem_of(path)
    assert (problem.code, problem.found) == ("verification.encoded-again", "44100 Hz with 1 channel")


def problem_of(path: Path) -> Problem:
    with pytest.raises(TrackError) as refused:
        verify(path)
    return refused.value.problems[0]


def encoded_again(path: Path, folder: Path, *options: str) -> Path:
    again = folder / "again.mp3"
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-c:a", "libmp3lame", *options, str(again)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return again


def foreign_mp3() -> bytes:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(48_000)
    encoder.set_bit_rate(96)
    return bytes(encoder.encode(bytes(2 * 48_000)) + encoder.flush())


UNUSABLE = [
    (foreign_mp3(), "no-timeline"),
    (id3.id3(id3.Tag("Song", "en", 1000)) + foreign_mp3(), "no-timeline"),
    (JPEG, "not-an-mp3"),
    (b"\xff", "not-an-mp3"),
    (id3.id3(id3.Tag("Song", "en", 1000))[:30], "cut-in-tag"),
    (id3.id3(id3.Tag("Song", "en", 1000)) + JPEG, "not-an-mp3"),
    (b"ID3\x03", "cut-in-tag"),
    (id3.id3(id3.Tag("Song", "en", 1000)) + b"ID3\x03", "cut-in-tag"),
]


@each(("content", "code"), UNUSABLE)
def test_a_file_that_is_not_our_track_is_refused(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "file.mp3"
    path.write_bytes(content)
    problem = problem_of(path)
    assert (problem.code, problem.subject) == (f"verification.{code}", str(path))


def test_a_file_without_a_byte_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "file.mp3"
    path.touch()
    assert problem_of(path).code == "export.empty"


def test_a_text_that_is_called_mp3_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.mp3"
    path.write_bytes(b"title: Upper back\n")
    with pytest.raises(TrackError):
        verify(path)


def test_tags_that_were_stripped_are_an_error(pieces: Pieces, tmp_path: Path) -> None:
    pieces.tag = b""
    assert problem_of(pieces.write(tmp_path)).code == "verification.no-timeline"


def test_a_missing_file_a_folder_and_a_device_are_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.mp3", str(tmp_path), os.devnull):
        with pytest.raises(TrackError):
            verify(path)


@pytest.mark.parametrize("at", [0, 5, 40, 5000, 500_000])
def test_a_damaged_byte_never_ends_in_a_crash(at: int, pieces: Pieces, tmp_path: Path) -> None:
    path = pieces.write(tmp_path)
    whole = bytearray(path.read_bytes())
    whole[at] ^= 0xFF
    path.write_bytes(whole)
    with contextlib.suppress(AudiogenError):
        assert verify(path).verdict


@pytest.mark.parametrize(
    "change",
    [
        {"end_ms": "1"},
        {"end_ms": 0.5},
        {"start_ms": None},
        {"place": Place(9)},
        {"place": Place("1")},  # type: ignore[arg-type]  # as a tampered document may have it
        {"kind": 3},
    ],
)
@pytest.mark.parametrize("kind", ["say", "hold"])
def test_a_tampered_event_is_refused(kind: str, change: dict[str, Any], pieces: Pieces, tmp_path: Path) -> None:
    event = pieces.event(kind=kind)
    events = tuple(replace(one, **change) if one is event else one for one in pieces.timeline.events)
    pieces.retag(replace(pieces.timeline, events=events))
    assert problem_of(pieces.write(tmp_path)).code == "verification.unreadable-timeline"


def test_memory_does_not_grow_with_the_track(tmp_path: Path) -> None:
    def peak_of(minutes: int) -> int:
        length_ms = minutes * 60_000
        tile = Event(0, length_ms, "wait", "tail", place=Place(0))
        timeline = Timeline("Quiet", "en", None, length_ms, True, (Exercised(1, "quiet", "Quiet"),), (tile,))
        document = json.dumps(timeline.to_json()).encode()
        attachment = id3.Attachment("application/json", "timeline.json", "audiogen timeline", document)
        chapter = id3.Chapter(0, length_ms, "Opening")
        path = tmp_path / f"{minutes}.mp3"
        with path.open("wb") as target:
            tag = id3.id3(id3.Tag("Quiet", "en", length_ms, chapters=[chapter], attachments=[attachment]))
            mp3.write_mp3(target, tag, [], length_ms)
        tracemalloc.start()
        try:
            assert verify(path).ok
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak_of(1)  # imports, and what is computed once
    assert peak_of(2) < 1.01 * peak_of(1)  # from one run to the next they differ by less than a thousandth


# -- the command


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return command.run("verify", *arguments, env={**os.environ, **environment})


def test_the_command_prints_a_table_and_one_verdict(made: Path) -> None:
    done = run(str(made))
    assert (done.returncode, done.stderr) == (0, "")
    heading, *rows, verdict = done.stdout.splitlines()
    assert re.search(r"neck\.mp3: Neck and chest, 1:2\d\.\d{3}, spoken by builtin:heart$", heading)
    assert "  holds and repetitions        8 of 8  fine  at most 0.00 ms off" in rows
    assert "Not measured: which words are spoken." in rows
    assert verdict == "8 of 8 holds and repetitions within 1 ms"


def test_the_command_names_what_is_off_and_exits_1(pieces: Pieces, tmp_path: Path) -> None:
    pieces.silence(pieces.event(role="count"))
    path = pieces.write(tmp_path)
    done = run(str(path))
    assert (done.returncode, done.stderr) == (1, "")
    assert "2 Shoulder rolls, repetition 5: the count cue “Last one.” is silent\n" in done.stdout
    quiet = run(str(path), "-q")
    assert (quiet.returncode, quiet.stdout) == (1, "8 of 8 holds and repetitions within 1 ms; off: cues\n")


def test_the_command_shows_five_findings_of_a_kind_unless_told_to_show_all(pieces: Pieces, tmp_path: Path) -> None:
    del pieces.frames[1000:]
    path = str(pieces.write(tmp_path))
    short, long = run(path).stdout, run(path, "--verbose").stdout
    assert "more (to show them: --verbose)" in short
    assert "more (to show them: --verbose)" not in long
    assert len(long.splitlines()) > len(short.splitlines()) + 20


def test_plain_is_sentences(made: Path) -> None:
    for done in (run(str(made), "--plain"), run(str(made), TERM="dumb")):
        assert all(line.endswith(".") for line in done.stdout.splitlines())
        assert "Holds and repetitions: 8 of 8, fine, at most 0.00 ms off.\n" in done.stdout


def test_json_is_the_whole_report(pieces: Pieces, tmp_path: Path) -> None:
    cue = pieces.event(role="count")
    pieces.silence(cue)
    done = run(str(pieces.write(tmp_path)), "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert (document["ok"], document["length_ms"]) == (False, pieces.timeline.length_ms)
    assert document["voice"] == "builtin:heart"
    (cues,) = (one for one in document["checks"] if one["name"] == "cues")
    assert cues["total"] == cues["passed"] + 1
    assert cues["off"][0]["at_ms"] == cue.start_ms


def test_the_command_refuses_a_picture_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "cover.mp3").write_bytes(JPEG)
    done = run(str(tmp_path / "cover.mp3"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path / 'cover.mp3'} is not an MP3.\n"


def test_a_fresh_track_is_proved_in_a_line_and_a_spoilt_one_with_all_that_is_off(
    made: Path, pieces: Pieces, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prove(made, Talk())
    assert capsys.readouterr() == ("", "Verified: 8 of 8 holds and repetitions within 1 ms.\n")
    pieces.silence(pieces.event(role="count"))
    assert not prove(pieces.write(tmp_path), Talk(quiet=True))
    said = capsys.readouterr()
    assert said.out == ""
    assert "the count cue “Last one.” is silent" in said.err
    assert said.err.endswith("8 of 8 holds and repetitions within 1 ms; off: cues\n")
