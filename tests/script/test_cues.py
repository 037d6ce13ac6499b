"""When the cues of an exercise come: at a time, after another, every so often; in which sets and rounds; with what."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from audiogen import plan, render
from audiogen.errors import RoutineError, TimelineError
from audiogen.export.sidecars.page import page
from audiogen.routine.dump import routine_text
from audiogen.routine.load import load_routine, parse_routine
from audiogen.script import TONE_MS
from audiogen.storage.cache import Cache
from audiogen.timeline.compose import Plan, Spoken, compose, draft
from audiogen.timeline.document import read_timeline
from audiogen.verification import verify
from tests.each import each
from tests.fakes.tone_voice import ToneVoice

SPOKEN_MS = 1000


def planned(cues: str, more: str = "hold: 60s", top: str = "", **overrides: Any) -> Plan:
    """A session with one exercise, in which each text takes a second to say."""
    text = f"title: A\n{top}exercises:\n- {{name: Sit, {more}, cues: [{cues}]}}\n"

    def speak(texts: Iterable[str]) -> Spoken:
        return Spoken(dict.fromkeys(texts, SPOKEN_MS), True)

    return compose(draft(parse_routine(text), overrides), "test", speak)


def heard(found: Plan, *, role: str = "cue") -> list[tuple[int, str]]:
    """When each cue comes, from the start of its work, in seconds, and what it is."""
    works = found.timeline.sets
    return [
        ((event.start_ms - work.start_ms) // 1000, event.text or event.role)
        for work in works
        for event in found.timeline.tiles()
        if work.start_ms <= event.start_ms < work.end_ms and (event.role == role or event.role in ("bell", "gong.wav"))
    ]


def codes(cues: str, more: str = "hold: 60s", top: str = "") -> list[str]:
    with pytest.raises((RoutineError, TimelineError)) as caught:
        planned(cues, more, top)
    return [problem.code for problem in caught.value.problems]


def test_a_cue_comes_after_the_end_of_the_one_before_it() -> None:
    cues = "{after: 10s, say: A}, {after: 5s, say: B}, {at: 30s, say: C}, {after: 2s, say: D}"
    found = planned(cues)
    first_ms = TONE_MS["start"] + 10_000
    starts = [event.start_ms for event in found.timeline.events if event.role == "cue"]
    hold = found.timeline.sets[0]
    assert [start - hold.start_ms for start in starts] == [first_ms, first_ms + 6000, 30_000, 33_000]


def test_a_line_that_is_put_in_moves_those_after_it() -> None:
    (before,) = [at for at, text in heard(planned("{at: 5s, say: A}, {after: 5s, say: C}")) if text == "C"]
    (after,) = [
        at for at, text in heard(planned("{at: 5s, say: A}, {after: 3s, say: B}, {after: 5s, say: C}")) if text == "C"
    ]
    assert (before, after) == (11, 15)


def test_every_sounds_at_each_multiple_but_the_start_and_the_end() -> None:
    found = planned("{every: 20s, sound: bell}", "hold: 60s, countdown: 0")
    assert heard(found) == [(20, "bell"), (40, "bell")]
    assert [at for at, _ in heard(planned("{every: 9s, say: On}", "reps: 5, tempo: [{for: 4s}]"))] == [9, 18]


def test_cues_come_only_in_their_sets_and_rounds() -> None:
    cues = (
        "{at: 1s, say: A, sets: first}, {at: 3s, say: B, sets: last}, {at: 5s, say: C, sets: 2},"
        " {at: 7s, say: D, sets: 2 to 3}, {at: 9s, say: E, rounds: last}"
    )
    found = planned(cues, "hold: 15s, sets: 3, rest: 10s, countdown: 0", "rounds: 2\n")
    texts = [(event.place.round, event.place.set, event.text) for event in found.timeline.events if event.role == "cue"]
    once = [(1, "A"), (2, "C"), (2, "D"), (3, "B"), (3, "D")]
    assert texts[:5] == [(1, *one) for one in once]
    assert texts[5:] == [
        (2, 1, "A"),
        (2, 1, "E"),
        (2, 2, "C"),
        (2, 2, "D"),
        (2, 2, "E"),
        (2, 3, "B"),
        (2, 3, "D"),
        (2, 3, "E"),
    ]


def test_after_counts_from_the_nearest_cue_that_sounds_in_this_set() -> None:
    found = planned("{at: 10s, say: A, sets: first}, {after: 5s, say: B}", "hold: 30s, sets: 2, rest: 10s")
    assert heard(found) == [(10, "A"), (16, "B"), (5, "B")]


def test_placeholders_are_the_numbers_of_set_round_and_repetition() -> None:
    said = "Set {set} of {sets}, round {round} of {rounds}"
    found = planned(f'{{at: 2s, say: "{said}"}}', "hold: 10s, sets: 2, rest: 10s, countdown: 0", "rounds: 2\n")
    assert heard(found)[0][1] == "Set one of two, round one of two"
    assert heard(found)[-1][1] == "Set two of two, round two of two"
    reps = planned('{at: 9s, say: "Rep {rep}"}', "reps: 4, tempo: [{for: 4s}]")
    assert heard(reps) == [(9, "Rep three")]


def test_a_bell_is_heard_with_any_guidance_and_words_only_in_full() -> None:
    cues = "{at: 10s, sound: bell}, {at: 30s, say: Soften}"
    assert heard(planned(cues)) == [(10, "bell"), (30, "Soften")]
    assert heard(planned(cues, guidance="brief")) == [(10, "bell")]
    assert heard(planned(cues, guidance="tones")) == [(10, "bell"), (30, "cue")]


def test_a_bell_of_sounds_none_takes_its_time_in_silence_and_one_that_is_off_none() -> None:
    cues = "{at: 10s, sound: bell}, {after: 5s, say: Soften}"
    assert heard(planned(cues, sounds="none")) == [(21, "Soften")]
    assert heard(planned(cues, sounds="bell=off")) == [(5, "Soften")]


@each(
    ("cues", "more", "code"),
    [
        ("{at: 1s, after: 2s, say: A}", "hold: 60s", "routine.cue-both"),
        ("{say: A}", "hold: 60s", "routine.cue-without"),
        ("{at: 1s}", "hold: 60s", "routine.cue-without"),
        ("{at: 1s, say: A, sound: bell}", "hold: 60s", "routine.cue-both"),
        ("{at: 1s, sound: gong}", "hold: 60s", "routine.not-a-sound"),
        ("{every: 0s, say: A}", "hold: 60s", "routine.zero-length"),
        ("{every: 60s, say: A}", "hold: 60s", "routine.cue-every-too-long"),
        ("{after: 1m, say: A}", "hold: 60s", "routine.cue-after-too-long"),
        ("{at: 1s, say: A, sets: 3}", "hold: 60s, sets: 2, rest: 5s", "routine.cue-in-no-set"),
        ("{at: 1s, say: A, sets: some}", "hold: 60s", "routine.not-which"),
        ("{at: 1s, say: A, sets: 0}", "hold: 60s", "routine.not-which"),
        ("{at: 1s, say: A, rounds: 2}", "hold: 60s", "routine.cue-in-no-round"),
        ('{at: 1s, say: "Set {set}"}', "hold: 60s", "routine.number-of-none"),
        ('{at: 1s, say: "Round {round}"}', "hold: 60s", "routine.number-of-none"),
        ('{at: 1s, say: "Rep {rep}"}', "hold: 60s", "routine.number-of-none"),
        ('{after: 1s, say: "Rep {rep}"}', "reps: 4, tempo: [{for: 4s}]", "routine.number-of-none"),
        ('{at: 1s, say: "Set {sett}"}', "hold: 60s", "routine.misspelt-placeholder"),
        ("{at: 50s, sound: bell}, {after: 10s, say: A}", "hold: 60s", "timeline.cue-too-late"),
        ("{at: 50s, sound: bell}, {at: 52s, say: A}", "hold: 60s", "timeline.cue-overlaps"),
    ],
)
def test_a_cue_that_cannot_be_is_a_mistake(cues: str, more: str, code: str) -> None:
    assert codes(cues, more) == [code]


def test_a_cue_is_written_as_it_was_read() -> None:
    text = (
        "title: A\nrounds: 2\nexercises:\n- name: Sit\n  hold: 60s\n  sets: 3\n  rest: 0s\n"
        "  note: 'Left knee: only 90°.'\n"
        "  cues: [{after: 5s, say: A, sets: 2 to 3}, {every: 20s, sound: bell, rounds: last}, "
        "{at: 50%, sound: /a/gong.wav}]\n"
    )
    assert parse_routine(routine_text(parse_routine(text))) == parse_routine(text)


def test_a_note_is_on_the_sheet_and_never_spoken() -> None:
    found = planned("", "hold: 60s, note: Mind your left knee")
    assert read_timeline(json.dumps(found.timeline.to_json()).encode()) == found.timeline
    assert "Mind your left knee" in page(found.timeline)
    assert "Mind your left knee" not in {event.text for event in found.timeline.events}
    assert "note" not in planned("").timeline.to_json()["exercises"][0]


@pytest.fixture(scope="module")
def belled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A track with a bell and a gong of the user's own as cues."""
    folder = tmp_path_factory.mktemp("belled")
    t = np.arange(48_000) / 48_000
    soundfile.write(folder / "gong.wav", 0.3 * np.sin(2 * np.pi * 600 * t) * np.exp(-3 * t), 48_000)
    (folder / "sit.yaml").write_text(
        "title: Sit\nsilence: digital\nexercises:\n"
        "- {name: Sit, hold: 24s, countdown: 0, cues: [{at: 4s, sound: bell}, {after: 2s, sound: gong.wav}]}\n"
    )
    render(load_routine(folder / "sit.yaml"), folder / "sit.mp3", voice=ToneVoice(), cache=Cache(folder / "cache"))
    return folder


def test_a_track_has_its_bells_on_time_and_proves_it(belled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", str(belled / "cache"))
    timeline = plan(load_routine(belled / "sit.yaml"), voice=ToneVoice(), cache=Cache(belled / "cache")).timeline
    start_ms = timeline.sets[0].start_ms
    tones = {event.role: event for event in timeline.tiles() if event.kind == "tone"}
    assert tones["bell"].start_ms - start_ms == 4000
    assert tones["gong.wav"].start_ms == tones["bell"].end_ms + 2000
    assert str(belled) not in str(timeline.to_json())
    report = verify(belled / "sit.mp3")
    assert report.ok
    assert not any(check.unmeasured for check in report.checks if check.name == "tones")


def test_a_bell_that_is_removed_is_found_missing(belled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.verification.test_verify import Pieces, off

    monkeypatch.setenv("AUDIOGEN_CACHE_DIR", str(belled / "cache"))
    pieces = Pieces(belled / "sit.mp3")
    pieces.silence(pieces.event(role="bell"))
    (belled / "spoilt").mkdir(exist_ok=True)
    assert off(verify(pieces.write(belled / "spoilt"))) == ["tones"]


def test_words_around_the_work_may_name_rounds_and_sets_too() -> None:
    text = """\
title: A
rounds: 2
exercises:
  - {name: Sit, hold: 9s, sets: 2, rest: 5s, sides: [right, left], setup: "{rounds} rounds, {side}",
     switch: "Round {round}, {side}", release: "{sets} sets done"}
"""

    def speak(texts: Iterable[str]) -> Spoken:
        return Spoken(dict.fromkeys(texts, SPOKEN_MS), True)

    said = [event.text for event in compose(draft(parse_routine(text)), "test", speak).timeline.events if event.text]
    assert not [line for line in said if "{" in line]
    assert {"two rounds, right", "Round one, left", "Round two, left", "two sets done"} <= set(said)
