"""Holds that stretch to a length: every length that can be met is met, and no other is offered."""

import pytest

from audiogen import plan
from audiogen.routine.load import parse_routine
from audiogen.storage.cache import Cache
from audiogen.timeline.compose import Plan
from tests.fakes.tone_voice import ToneVoice

PERCENT = """
title: Percent
stretch: holds
exercises:
  - name: Sit
    hold: 60s
    cues: [{at: 10s, say: Breathe in.}, {at: 25%, say: Breathe out.}]
"""


def planned(text: str, tmp_path: object, **overrides: str) -> Plan:
    voice = ToneVoice(length_ms=lambda _: 1_500)
    return plan(parse_routine(text), overrides=overrides, voice=voice, cache=Cache(str(tmp_path)))


def codes(found: Plan) -> list[str]:
    return [notice.code for notice in found.notices]


def held_ms(found: Plan) -> int:
    return next(event.length_ms for event in found.timeline.events if event.kind == "hold")


def test_every_length_within_reach_is_met_though_cues_meet_in_some_holds(tmp_path: object) -> None:
    least_ms, most_ms = planned(PERCENT, tmp_path, length="90s").reach_ms
    holds = set()
    for seconds in range(-(-least_ms // 1000), min(most_ms // 1000, 130)):
        found = planned(PERCENT, tmp_path, length=f"{seconds}s")
        assert codes(found) == [], seconds
        assert found.length_ms == 1000 * seconds
        holds.add(held_ms(found))
    assert not [hold_ms for hold_ms in holds if abs(hold_ms * 0.25 - 10_000) < 1_000]
    assert min(holds) < 34_000 < 47_000 < max(holds)  # shorter ones with the cues in the other order, and longer ones


def test_a_cue_late_in_a_hold_does_not_keep_it_from_growing_shorter(tmp_path: object) -> None:
    text = PERCENT.replace("25%", "80%")
    least_ms, _ = planned(text, tmp_path, length="90s").reach_ms
    found = planned(text, tmp_path, length=f"{-(-least_ms // 1000)}s")
    assert "timeline.length-unmet" not in codes(found)
    assert held_ms(found) < 30_000


@pytest.mark.parametrize("hold", ["5m", "6m", "12m"])
def test_a_long_hold_grows_to_twice_its_length_and_no_further(hold: str, tmp_path: object) -> None:
    text = f"title: Long\nstretch: holds\nexercises: [{{name: Sit, hold: {hold}}}]\n"
    written_ms = 60_000 * int(hold[:-1])
    longer = planned(text, tmp_path, length=f"{int(hold[:-1]) * 2}m")
    assert codes(longer) == []
    assert held_ms(longer) > 1.9 * written_ms
    too_long = planned(text, tmp_path, length="40m")
    assert codes(too_long) == ["timeline.length-unmet"]
    assert held_ms(too_long) == 2 * written_ms
    assert too_long.reach_ms[1] == too_long.length_ms


@pytest.mark.parametrize(
    "exercise", ["{name: Squats, reps: 3, tempo: [{for: 2s}, {for: 2s}]}", "{name: Sit, hold: 30s, fixed: true}"]
)
def test_the_flag_never_makes_the_upper_end_lower(exercise: str, tmp_path: object) -> None:
    text = f"title: One\nexercises: [{exercise}]\n"
    plain = planned(text, tmp_path, length="50m")
    assert planned(text, tmp_path, length="50m", stretch="holds").reach_ms[1] >= plain.reach_ms[1]


@pytest.mark.parametrize("length", ["10s", "50m"])
def test_no_hold_is_to_be_changed_where_there_is_none(length: str, tmp_path: object) -> None:
    text = "title: One\nexercises: [{name: Squats, reps: 3, tempo: [{for: 2s}, {for: 2s}]}]\n"
    (problem,) = planned(text, tmp_path, length=length).notices
    assert [remedy.code for remedy in problem.remedies] == ["other-repetitions", "no-length"]
