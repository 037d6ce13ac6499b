"""Rows of the plan: they name what the timeline holds and add nothing."""

from itertools import pairwise
from typing import Any

from hypothesis import given, settings

from audiogen.captions import Row, event_rows, rows
from audiogen.routine import parse_routine
from audiogen.script import Wording, write_script
from audiogen.timeline import Timeline, build_timeline
from tests.strategies import documents, read

TWO_SIDES = """
title: Two
exercises:
  - name: Double V
    sides: [right, left]
    hold: 30s
    sets: 2
    rest: 20s
    setup: Lie down.
    release: Sit up.
  - name: Angels
    reps: 4
    tempo: [{for: 3s}, {for: 3s}]
"""


def timed(routine: Any) -> Timeline:
    script = write_script(routine, Wording(total_ms=600_000))
    lengths_ms = {text: 200 + 60 * len(text) for text in script.texts()}
    return build_timeline(script, lengths_ms, voice="test", exact=False)


def inner(timeline: Timeline) -> list[Row]:
    return [row for row in rows(timeline) if row.part != "exercise"]


@settings(max_examples=30)
@given(documents())
def test_rows_cover_the_session_without_gap_or_overlap(document: dict[str, Any]) -> None:
    timeline = timed(read(document))
    found = inner(timeline)
    assert (found[0].start_ms, found[-1].end_ms) == (0, timeline.length_ms)
    assert all(before.end_ms == after.start_ms for before, after in pairwise(found))


@settings(max_examples=30)
@given(documents())
def test_every_row_begins_and_ends_with_an_event(document: dict[str, Any]) -> None:
    timeline = timed(read(document))
    starts = {event.start_ms for event in timeline.events}
    ends = {event.end_ms for event in timeline.events}
    assert all(row.start_ms in starts and row.end_ms in ends for row in rows(timeline))


@settings(max_examples=30)
@given(documents())
def test_every_hold_and_every_repetition_is_in_the_rows(document: dict[str, Any]) -> None:
    timeline = timed(read(document))
    found = rows(timeline)
    holds = [(event.start_ms, event.end_ms, event.side) for event in timeline.events if event.kind == "hold"]
    assert [(row.start_ms, row.end_ms, row.side) for row in found if row.part == "hold"] == holds
    reps_ms = sum(event.length_ms for event in timeline.events if event.kind == "rep")
    assert sum(row.length_ms for row in found if row.part == "reps") == reps_ms


@settings(max_examples=30)
@given(documents())
def test_a_heading_stands_over_each_visit_to_an_exercise(document: dict[str, Any]) -> None:
    timeline = timed(read(document))
    visits = {(event.exercise, event.round) for event in timeline.events if event.exercise}
    headings = [row for row in rows(timeline) if row.part == "exercise"]
    assert len(headings) == len(visits)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(headings))


@settings(max_examples=30)
@given(documents())
def test_event_rows_hold_every_event_and_the_same_headings(document: dict[str, Any]) -> None:
    timeline = timed(read(document))
    found = event_rows(timeline)
    spans = [(row.start_ms, row.end_ms) for row in found if row.part != "exercise"]
    assert spans == [(event.start_ms, event.end_ms) for event in timeline.events]
    assert [row for row in found if row.part == "exercise"] == [row for row in rows(timeline) if row.part == "exercise"]


def test_sides_sets_and_rests_are_named() -> None:
    assert [(row.part, row.what) for row in rows(timed(parse_routine(TWO_SIDES)))] == [
        ("opening", "opening"),
        ("exercise", "1. Double V"),
        ("instructions", "instructions"),
        ("settle", "settle"),
        ("hold", "hold, right side, set 1"),
        ("rest", "rest"),
        ("hold", "hold, right side, set 2"),
        ("switch", "switch to the left"),
        ("hold", "hold, left side, set 1"),
        ("rest", "rest"),
        ("hold", "hold, left side, set 2"),
        ("release", "release"),
        ("transition", "transition"),
        ("exercise", "2. Angels"),
        ("instructions", "instructions"),
        ("settle", "settle"),
        ("reps", "4 repetitions"),
        ("closing", "closing"),
    ]


def test_a_rest_is_as_long_as_written() -> None:
    rests = [row for row in rows(timed(parse_routine(TWO_SIDES))) if row.part == "rest"]
    assert [row.length_ms for row in rests] == [20_000, 20_000]


def test_rounds_and_sides_in_turn_are_named() -> None:
    routine = parse_routine(
        "{title: R, exercises: [{rounds: 2, exercises: [{name: Step, sides: alternate, reps: 4, tempo: [{for: 2s}]}]}]}"
    )
    named = [row.what for row in rows(timed(routine)) if row.part in ("exercise", "reps")]
    assert named == [
        "1. Step, round 1",
        "4 repetitions, sides in turn",
        "1. Step, round 2",
        "4 repetitions, sides in turn",
    ]


def test_verbose_rows_quote_the_words() -> None:
    words = [row.what for row in event_rows(timed(parse_routine(TWO_SIDES)))]
    assert '"Lie down."' in words
    assert "start tone" in words
    assert "settle (silence)" in words
