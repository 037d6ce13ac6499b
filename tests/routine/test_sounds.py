"""What `sounds:` and `--sounds` may say, and how it is kept."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen import load_routine, parse_routine
from audiogen.errors import CustomiseError, Notice, RoutineError
from audiogen.routine.dump import routine_text
from audiogen.routine.overrides import customise
from audiogen.routine.sounds import LONGEST_MS, SETS, read_sounds
from audiogen.routine.variant import save_variant
from audiogen.script import TONE_MS
from audiogen.timeline.compose import Plan, Spoken, compose, draft
from audiogen.timeline.document import read_timeline
from audiogen.timeline.model import Timeline
from tests.each import each

PLANK = "title: Plank\nsounds: {sounds}\nexercises: [{{name: Plank, hold: 50s}}]\n"
PULSES = """
title: Pulses
sounds: none
exercises: [{name: Squats, reps: 5, tempo: [{say: "Down, slowly", for: 4s}, {say: Up, for: 4s}]}]
"""


def planned(text: str) -> Plan:
    return compose(draft(parse_routine(text)), "test", lambda texts: Spoken(dict.fromkeys(texts, 900), True))


def composed(text: str) -> Timeline:
    return planned(text).timeline


@each(
    ("written", "kept"),
    [
        ("wood", "wood"),
        ("{}", "bells"),
        ("{set: beeps}", "beeps"),
        ("{start: gong.wav}", "bells,start=gong.wav"),
        ("{end: b.wav, set: wood, start: a, b.wav}".replace("a, b", '"a, b').replace(".wav}", '.wav"}'), None),
        ('"wood, end = bell.mp3"', "wood,end=bell.mp3"),
        ('"start=a,b.wav,wake=off"', "bells,start=a,b.wav,wake=off"),
        ("{wake: off}", "bells,wake=off"),
        ("{set: none, end: bell.wav}", "none,end=bell.wav"),
        ("{wake: off, start: off, bell: bowl.wav}", "bells,bell=bowl.wav,start=off,wake=off"),
    ],
)
def test_sounds_are_a_set_or_files_by_role(written: str, kept: str | None) -> None:
    routine = parse_routine(PLANK.format(sounds=written), "/of/mine/plank.yaml")
    text = (kept or "wood,start=a, b.wav,end=b.wav").replace("=", "=/of/mine/").replace("/of/mine/off", "off")
    assert str(routine.sounds) == text


@each(
    ("written", "told"),
    [
        ("harps", "sounds must be bells, wood, beeps, breath, none, or files by role such as"),
        ("[wood]", "sounds must be bells, wood, beeps, breath, none, or files by role such as"),
        ("{begin: gong.wav}", "sounds must be a map with the keys set, start, end, finish, tick"),
        ("{start: [a.wav]}", "sounds must be a map of roles to files"),
        ("{set: harps}", "found 'set=harps'"),
        ('"start="', "found 'start='"),
        ("", "sounds is empty"),
    ],
)
def test_what_is_no_sounds_is_told(written: str, told: str) -> None:
    with pytest.raises(RoutineError) as caught:
        parse_routine(PLANK.format(sounds=written))
    assert told in str(caught.value)
    assert str(caught.value).startswith("<text>:2:")


def test_a_flag_is_read_like_the_key_and_its_files_are_taken_from_where_one_stands() -> None:
    routine = parse_routine(PLANK.format(sounds="bells"))
    changed = customise(routine, {"sounds": "wood,start=gong.wav"}).routine
    assert str(changed.sounds) == f"wood,start={Path.cwd() / 'gong.wav'}"
    with pytest.raises(CustomiseError, match="--sounds must be bells, wood"):
        customise(routine, {"sounds": "harps"})


@given(
    st.sampled_from(SETS),
    st.dictionaries(st.sampled_from(sorted(LONGEST_MS)), st.sampled_from(["a.wav", "b, c.wav", "d=e.mp3", "é 猫.ogg"])),
)
def test_a_text_of_sounds_means_the_same_when_it_is_read_again(chosen: str, files: dict[str, str]) -> None:
    sounds = read_sounds({"set": chosen, **files})
    assert (sounds.set, sounds.files) == (chosen, files)
    assert read_sounds(str(sounds)) == read_sounds(sounds) == sounds
    once = sounds.anchored(Path("/a"))
    assert once.anchored(Path("/b")) == once
    assert once.portable() == sounds


def test_a_saved_variant_keeps_its_sounds(tmp_path: Path) -> None:
    routine = load_routine("desk-reset")
    changed = customise(routine, {"sounds": "beeps,end=bell.wav"}).routine
    save_variant(routine, changed, tmp_path / "mine.yaml")
    assert load_routine(tmp_path / "mine.yaml").sounds == changed.sounds


# -- levels


def test_levels_are_decibels_by_role_in_a_file_and_as_a_flag(tmp_path: Path) -> None:
    routine = parse_routine(PLANK.format(sounds="bells") + "levels: {tick: -6dB, bell: -3, start: +2 dB}\n")
    assert routine.levels == {"start": 2, "tick": -6, "bell": -3}
    assert customise(routine, {"levels": "tick=-6dB, bell=-3,start=2"}).routine == routine
    (tmp_path / "plank.yaml").write_text(PLANK.format(sounds="bells"))
    written = load_routine(tmp_path / "plank.yaml")
    changed = customise(written, {"levels": "tick=-20"}).routine
    save_variant(written, changed, tmp_path / "mine.yaml")
    assert "levels:\n  tick: -20dB\n" in (tmp_path / "mine.yaml").read_text()
    assert load_routine(tmp_path / "mine.yaml").levels == {"tick": -20}
    assert parse_routine(routine_text(routine)) == routine


@pytest.mark.parametrize(
    ("written", "code", "found"),
    [
        ("-6dB", "routine.not-levels", "'-6dB'"),
        ("[tick]", "routine.not-levels", "a list"),
        ("{gong: 2dB}", "routine.levels-role", "'gong'"),
        ("{tick: 7dB}", "routine.level-range", "'7dB'"),
        ("{tick: loud}", "routine.level-range", "'loud'"),
        ("{tick: {right: 2}}", "routine.level-range", "a map"),
    ],
)
def test_what_is_no_levels_is_a_mistake(written: str, code: str, found: str) -> None:
    with pytest.raises(RoutineError) as caught:
        parse_routine(PLANK.format(sounds="bells") + f"levels: {written}\n")
    (problem,) = caught.value.problems
    assert (problem.code, problem.subject, problem.found) == (code, "levels", found)


def test_a_mix_has_levels_only_where_there_are_some() -> None:
    assert "levels" not in composed(PLANK.format(sounds="bells")).to_json()["mix"]
    timeline = composed(PLANK.format(sounds="bells") + "levels: {tick: 2}\n")
    assert timeline.to_json()["mix"]["levels"] == {"tick": 2}
    assert read_timeline(json.dumps(timeline.to_json()).encode()) == timeline


# -- off


@pytest.mark.parametrize("role", ["start", "end", "finish", "tick"])
def test_a_tone_that_is_off_needs_no_time(role: str) -> None:
    timeline = composed(PLANK.format(sounds=f"{{{role}: off}}"))
    tiles = list(timeline.tiles())
    assert role not in {tile.role for tile in tiles if tile.kind == "tone"}
    assert all(tile.length_ms > 0 for tile in tiles)
    assert [tile.end_ms for tile in tiles] == [*(tile.start_ms for tile in tiles[1:]), timeline.length_ms]
    holds = [event for event in timeline.events if event.kind == "hold"]
    assert [hold.length_ms for hold in holds] == [50_000]
    # Without start or end the opening has no words about them; without a finish, there is no gap before it.
    fewer_ms = {"start": 1700, "end": 2600, "finish": 3200, "tick": 0}[role]
    longer_ms = composed(PLANK.format(sounds="bells")).length_ms - timeline.length_ms
    assert abs(longer_ms - fewer_ms) <= 3 * 24


def test_tones_that_are_all_off_leave_nothing_to_hear() -> None:
    off = ", ".join(f"{role}: off" for role in LONGEST_MS)
    with pytest.raises(RoutineError) as caught:
        parse_routine(PLANK.format(sounds=f"{{{off}}}") + "guidance: tones\n")
    assert [problem.code for problem in caught.value.problems] == ["routine.nothing-to-hear"]


# -- none


def test_none_leaves_the_time_of_the_tones_and_their_sound_out() -> None:
    silent, sounding = composed(PLANK.format(sounds="none")), composed(PLANK.format(sounds="bells"))
    assert not [event for event in silent.events if event.kind == "tone"]
    holds = [[event.length_ms for event in one.events if event.kind == "hold"] for one in (silent, sounding)]
    assert holds == [[50_000], [50_000]]
    told = [event.text for event in sounding.events if event.kind == "say"]
    assert [event.text for event in silent.events if event.kind == "say"] == [
        text for text in told if text != "A rising tone starts the work, a low bell ends it."
    ]
    hold = next(event for event in silent.events if event.kind == "hold")
    first = next(event for event in silent.tiles() if event.start_ms == hold.start_ms)
    assert (first.kind, first.length_ms) == ("wait", TONE_MS["start"])


def test_the_opening_tells_of_a_bell_only_where_there_is_one() -> None:
    texts = [event.text for event in composed(PLANK.format(sounds="wood")).events]
    assert "One sound starts the work, another ends it." in texts
    assert "A rising tone starts the work, a low bell ends it." not in texts


def test_without_tones_the_words_of_a_phase_go_on() -> None:
    """In repetitions 4 and 5, too, where else the tones alone tell up from down."""
    said = [event.text for event in composed(PULSES).events if event.kind == "say"]
    assert said.count("Down, slowly") == 2
    assert said.count("Down") == 3  # in the last one, too, which says so before
    assert said[said.index("Last one.") + 1] == "Down"
    assert said.count("Up") == 5


def test_a_countdown_that_does_not_fit_is_left_out_with_a_notice_where_there_are_no_ticks() -> None:
    text = PLANK.format(sounds="none").replace("50s", "50s, cues: [{at: -2500ms, say: Breathe}]")
    assert Notice("timeline.countdown-left-out", "1 Plank", slug="plank") in planned(text).notices


def test_tones_alone_without_tones_is_refused() -> None:
    text = PLANK.format(sounds="none") + "guidance: tones\n"
    with pytest.raises(RoutineError, match="sounds: none leaves nothing to hear"):
        parse_routine(text)
    routine = parse_routine(PLANK.format(sounds="bells"))
    with pytest.raises(CustomiseError, match="leaves nothing to hear"):
        customise(routine, {"sounds": "none", "guidance": "tones"})
