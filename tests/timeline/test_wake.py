"""A wake sound before whatever follows a long silence; nothing else changes its place."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.routine.load import parse_routine
from audiogen.script import APART_MS, TONE_MS, Place, write_script
from audiogen.timeline.compose import Spoken, compose, draft
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.timeline.wake import LONG_SILENCE_MS, woken
from tests.strategies import documents, read
from tests.timeline.test_timeline import WORDING, fitted, timed

HOLD = """
title: Plank
exercises:
  - {name: Plank, hold: 60s, settle: 18s, halfway: off, countdown: 0, release: Rest.}
"""


def composed(text: str, **overrides: str) -> Timeline:
    return compose(
        draft(parse_routine(text), overrides), "test", lambda texts: Spoken(dict.fromkeys(texts, 700), True)
    ).timeline


def sounding(timeline: Timeline) -> list[Event]:
    return [event for event in timeline.tiles() if event.kind != "wait" and event.role != "wake"]


def wakes(timeline: Timeline) -> list[Event]:
    return [event for event in timeline.tiles() if event.role == "wake"]


@given(documents(), st.floats(0, 1))
def test_nothing_but_long_silences_changes(document: dict[str, Any], share: float) -> None:
    before = fitted(write_script(read(document), WORDING), share)[1]
    after = woken(before)
    overlays = [event for event in before.events if event.kind in ("hold", "rep")]
    assert [event for event in after.events if event.kind in ("hold", "rep")] == overlays
    assert sounding(after) == sounding(before)
    edges = [0, *(tile.end_ms for tile in after.tiles())]
    assert [tile.start_ms for tile in after.tiles()] == edges[:-1]
    assert edges[-1] == before.length_ms
    assert replace(after, events=()) == replace(before, events=())


@given(documents(), st.floats(0, 1))
def test_whatever_follows_more_than_15_s_of_silence_is_woken_for_and_nothing_else(
    document: dict[str, Any], share: float
) -> None:
    timeline = woken(fitted(write_script(read(document), WORDING), share)[1])
    due = [
        after.start_ms
        for before, after in pairwise([Event(0, 0, "tone", ""), *sounding(timeline)])
        if after.start_ms - before.end_ms > LONG_SILENCE_MS
    ]
    found = wakes(timeline)
    assert len(found) == len(due)
    for wake, at_ms in zip(found, due, strict=True):
        assert 600 <= at_ms - wake.start_ms <= 800
        assert at_ms - wake.end_ms >= APART_MS
        assert wake.length_ms == TONE_MS["wake"]


def test_in_a_hold_the_end_is_woken_for_and_after_a_long_settling_time_the_start() -> None:
    timeline = composed(HOLD)
    hold = next(event for event in timeline.events if event.kind == "hold")
    assert [wake.start_ms for wake in wakes(timeline)] == [hold.start_ms - 696, hold.end_ms - 696]
    assert {wake.place.exercise for wake in wakes(timeline)} == {1}


def test_tones_alone_are_woken_for_too() -> None:
    timeline = composed(HOLD, guidance="tones")
    hold = next(event for event in timeline.events if event.kind == "hold")
    assert [wake.start_ms for wake in wakes(timeline)] == [hold.start_ms - 696, hold.end_ms - 696]


@pytest.mark.parametrize("sounds", ["none", "wake=off", "wood,wake=off"])
def test_nobody_is_woken_who_does_not_want_to_be(sounds: str) -> None:
    assert wakes(composed(HOLD)) != []
    assert wakes(composed(HOLD, sounds=sounds)) == []


def test_fifteen_seconds_are_not_yet_long() -> None:
    timeline = timed(write_script(parse_routine(HOLD), WORDING))
    at_ms = next(tile.start_ms for tile in timeline.tiles() if tile.role == "settle" and tile.kind == "wait")

    def settling(length_ms: int) -> Timeline:
        events = (Event(0, 100, "tone", "start"), Event(100, 100 + length_ms, "wait", "settle"))
        last = Event(100 + length_ms, 200 + length_ms, "tone", "end")
        return replace(timeline, events=(*events, last), length_ms=200 + length_ms)

    assert at_ms > 0
    assert wakes(woken(settling(15_000))) == []
    assert len(wakes(woken(settling(15_001)))) == 1


def test_a_wake_sound_over_the_seam_of_two_silences_leaves_both_without_a_gap() -> None:
    timeline = replace(
        composed(HOLD),
        events=(
            Event(0, 20_000, "wait", "transition", place=Place(1)),
            Event(20_000, 20_500, "wait", "settle", place=Place(2)),
            Event(20_500, 21_000, "tone", "start", place=Place(2)),
        ),
    )
    assert [(one.start_ms, one.end_ms, one.role, one.place.exercise) for one in woken(timeline).events] == [
        (0, 19_804, "transition", 1),
        (19_804, 20_204, "wake", 1),
        (20_204, 20_500, "settle", 2),
        (20_500, 21_000, "start", 2),
    ]
