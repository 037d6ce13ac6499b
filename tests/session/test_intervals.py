"""Exact rests between different exercises, and the pauses of a text, on the decoded track."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from audiogen import parse_routine, plan, render
from audiogen.errors import Problem, TimelineError
from audiogen.session import Rendered
from audiogen.storage.cache import Cache
from audiogen.timeline.compose import Spoken, compose, draft
from audiogen.timeline.events import Event
from audiogen.track.tones import tone
from audiogen.verification import verify
from tests.decode import Samples, libsndfile, onset
from tests.verification.test_verify import Pieces, off

SAMPLES_PER_MS = 48
NAMES = ("Squats", "Push-ups", "Lunges", "Plank jacks")
TABATA = f"""
title: Tabata
silence: digital
opening: none
closing: none
countdown: off
exercises:
  - work: 20s
    rest: 10s
    exercises: [{", ".join(NAMES)}]
"""
SCAN = """
title: Body scan
silence: digital
opening: none
closing: none
say: |
  Close your eyes.

  Let your feet go soft. [4s] Let your legs go soft. [5-15s] [bell]
  Stay here. [6s]
"""


@pytest.fixture(scope="module")
def tabata(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    path = tmp_path_factory.mktemp("tracks") / "tabata.mp3"
    return render(parse_routine(TABATA), path, voice="builtin", cache=Cache(cache))


@pytest.fixture(scope="module")
def scan(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    path = tmp_path_factory.mktemp("tracks") / "scan.mp3"
    return render(parse_routine(SCAN), path, voice="builtin", cache=Cache(cache))


def onsets_ms(samples: Samples, rendered: Rendered, role: str) -> list[float]:
    wanted = np.frombuffer(tone(role).raw_data, "<i2")
    tones = [event for event in rendered.timeline.events if event.kind == "tone" and event.role == role]
    return [onset(samples, wanted, event.start_ms * SAMPLES_PER_MS) / SAMPLES_PER_MS for event in tones]


def test_a_tabata_of_different_exercises_keeps_time_to_the_millisecond(tabata: Rendered) -> None:
    samples = libsndfile(tabata.path).samples
    starts, ends = (onsets_ms(samples, tabata, role) for role in ("start", "end"))
    assert len(starts) == len(ends) == 4
    assert [end - start for start, end in zip(starts, ends, strict=True)] == pytest.approx([20_000] * 4, abs=1)
    assert [start - end for end, start in zip(ends, starts[1:], strict=False)] == pytest.approx([10_000] * 3, abs=1)


def test_the_name_of_each_exercise_is_said_inside_the_rest_before_it(tabata: Rendered) -> None:
    said = [event for event in tabata.timeline.events if event.kind == "say"]
    rests = [event for event in tabata.timeline.events if event.kind == "rest"]
    for name, rest in zip(NAMES[1:], rests, strict=True):
        (named,) = (event for event in said if event.text and event.text.endswith(f" of four: {name}."))
        assert rest.start_ms + 1100 <= named.start_ms
        assert named.end_ms <= rest.end_ms - 1000


def test_a_track_with_rests_and_one_with_pauses_pass(tabata: Rendered, scan: Rendered) -> None:
    assert verify(tabata.path).ok
    assert verify(scan.path).ok


def shortened(rendered: Rendered, quiet: Event, by_ms: int, folder: Path) -> Path:
    """The track with some of a silence cut out; all behind it comes earlier."""
    pieces = Pieces(rendered.path)
    first = (quiet.start_ms + quiet.end_ms) // 2 * SAMPLES_PER_MS
    samples = pieces.samples
    pieces.encode(np.concatenate([samples[:first], samples[first + by_ms * SAMPLES_PER_MS :]]))
    return pieces.write(folder)


def test_a_rest_shortened_by_20_ms_is_found(cache: Path, tmp_path: Path) -> None:
    text = TABATA.replace(", ".join(NAMES), "Squats, Lunges").replace("20s", "5s").replace("10s", "6s")
    pair = render(parse_routine(text), tmp_path / "whole.mp3", voice="builtin", cache=Cache(cache))
    (rest,) = (event for event in pair.timeline.events if event.kind == "rest")
    waits = (one for one in pair.timeline.tiles() if one.kind == "wait" and rest.start_ms < one.start_ms < rest.end_ms)
    report = verify(shortened(pair, max(waits, key=lambda one: one.length_ms), 20, tmp_path))
    (finding, *_) = next(one.off for one in report.checks if one.name == "holds and repetitions")
    assert (finding.at_ms, finding.what) == (rest.start_ms, "the rest of 6s lasts 5.980 s, 20.00 ms too short")


def test_a_pause_shortened_by_50_ms_is_found(scan: Rendered, tmp_path: Path) -> None:
    pause = next(event for event in scan.timeline.events if event.role == "pause")
    report = verify(shortened(scan, pause, 50, tmp_path))
    assert "cues" in off(report)


def test_a_removed_bell_is_found(scan: Rendered, tmp_path: Path) -> None:
    pieces = Pieces(scan.path)
    pieces.silence(pieces.event(kind="tone", role="bell"))
    report = verify(pieces.write(tmp_path))
    assert any("bell" in one.what for check in report.checks for one in check.off)


def test_a_text_is_all_that_is_heard_of_it(scan: Rendered) -> None:
    heard = [(event.kind, event.role) for event in scan.timeline.events if event.kind != "wait"]
    assert heard == [("say", "passage")] * 3 + [("tone", "bell"), ("say", "passage")]


def test_a_written_pause_lasts_from_the_end_of_the_words_to_the_next_sound(scan: Rendered) -> None:
    sounding = [event for event in scan.timeline.tiles() if event.kind != "wait"]
    pauses = [after.start_ms - before.end_ms for before, after in pairwise(sounding)]
    assert pauses[1] == 4000
    assert pauses[2] == pytest.approx(10_000, abs=12)  # to the frame, like all that is flexible
    assert pauses[3] == 0
    assert scan.timeline.length_ms - sounding[-1].end_ms > 6000


def spoken(texts: Sequence[str]) -> Spoken:
    return Spoken({text: 60 * len(text) for text in texts}, exact=True)


def test_what_does_not_fit_into_a_rest_names_the_exercise_and_the_missing_time() -> None:
    long = "A name of an exercise that nobody could say in so short a rest as this one is"
    text = TABATA.replace("Lunges", long).replace("rest: 10s", "rest: 5s")
    with pytest.raises(TimelineError) as caught:
        compose(draft(parse_routine(text)), "tones", spoken)
    (problem,) = caught.value.problems
    assert problem.subject == long
    assert str(problem) == (
        f"2 Push-ups: the rest of 5s before {long} is 1.78s too short for the words that must be said in it. "
        "Lengthen the rest, or shorten the name or the set-up."
    )
    compose(draft(parse_routine(text.replace("rest: 5s", "rest: 6.78s"))), "tones", spoken)


@pytest.mark.parametrize("length", ["20m", "18m", "22m30s"])
def test_flexible_pauses_meet_a_length(length: str) -> None:
    lines = "\n\n".join(f"  Now feel your {word}. [20-60s] Let it go. [30s]" for word in ["foot", "knee"] * 8)
    text = f"title: Scan\nopening: none\nclosing: none\nlength: {length}\nsay: |\n{lines}\n"
    planned = plan(parse_routine(text), voice="builtin")
    assert planned.notices == ()
    minutes, _, seconds = length.removesuffix("s").partition("m")
    assert planned.length_ms == int(minutes) * 60_000 + int(seconds or 0) * 1000
    sounding = [event for event in planned.timeline.tiles() if event.kind == "say"]
    exact = [after.start_ms - before.end_ms for before, after in pairwise(sounding)][1::2]
    assert exact == [30_000] * 15


def test_a_length_beyond_the_pauses_names_the_range() -> None:
    text = "title: Scan\nopening: none\nclosing: none\nlength: 10m\nsay: Feel your foot. [20-60s]\n"
    (notice,) = plan(parse_routine(text), voice="builtin").notices
    assert isinstance(notice, Problem)
    assert notice.code == "timeline.length-unmet"
    assert notice.expected.startswith("0:2")
