"""Rows of the plan: they name what the timeline holds and add nothing."""

from itertools import pairwise
from typing import Any

from hypothesis import given

from audiogen.routine.load import parse_routine
from audiogen.routine.model import Routine
from audiogen.timeline.compose import Plan, Spoken, compose, draft
from audiogen.views.rows import Row, change_lines, event_rows, rows
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


def timed(routine: Routine, **overrides: Any) -> Plan:
    def speak(texts: Any) -> Spoken:
        return Spoken({text: 200 + 60 * len(text) for text in texts}, False)

    return compose(draft(routine, overrides), "test", speak)


def inner(plan: Plan) -> list[Row]:
    return [row for row in rows(plan) if row.part != "exercise"]


@given(documents())
def test_rows_cover_the_session_without_gap_or_overlap(document: dict[str, Any]) -> None:
    plan = timed(read(document))
    found = inner(plan)
    assert (found[0].start_ms, found[-1].end_ms) == (0, plan.length_ms)
    assert all(before.end_ms == after.start_ms for before, after in pairwise(found))


@given(documents())
def test_every_row_begins_and_ends_with_an_event(document: dict[str, Any]) -> None:
    plan = timed(read(document))
    starts = {event.start_ms for event in plan.timeline.events}
    ends = {event.end_ms for event in plan.timeline.events}
    assert all(row.start_ms in starts and row.end_ms in ends for row in rows(plan))


@given(documents())
def test_every_hold_and_every_repetition_is_in_the_rows(document: dict[str, Any]) -> None:
    plan = timed(read(document))
    found = rows(plan)
    holds = [(event.start_ms, event.end_ms, event.place.side) for event in plan.timeline.events if event.kind == "hold"]
    assert [(row.start_ms, row.end_ms, row.side) for row in found if row.part == "hold"] == holds
    reps_ms = sum(event.length_ms for event in plan.timeline.events if event.kind in ("rep", "pace"))
    assert sum(row.length_ms for row in found if row.part == "reps") == reps_ms


@given(documents())
def test_a_heading_stands_over_each_visit_to_an_exercise(document: dict[str, Any]) -> None:
    plan = timed(read(document))
    visits = {(event.place.exercise, event.place.round) for event in plan.timeline.events if event.place.exercise}
    headings = [row for row in rows(plan) if row.part == "exercise"]
    assert len(headings) == len(visits)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(headings))


@given(documents())
def test_event_rows_hold_every_event_and_the_same_headings(document: dict[str, Any]) -> None:
    plan = timed(read(document))
    found = event_rows(plan)
    spans = [(row.start_ms, row.end_ms) for row in found if row.part != "exercise"]
    assert sorted(spans) == sorted((event.start_ms, event.end_ms) for event in plan.timeline.events)
    assert [row.start_ms for row in found] == sorted(row.start_ms for row in found)
    assert [row for row in found if row.part == "exercise"] == [row for row in rows(plan) if row.part == "exercise"]


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
        "4 repetitions, alternating sides",
        "1. Step, round 2",
        "4 repetitions, alternating sides",
    ]


def test_verbose_rows_quote_the_words() -> None:
    words = [row.what for row in event_rows(timed(parse_routine(TWO_SIDES)))]
    assert '"Lie down."' in words
    assert "start tone" in words
    assert "settle (silence)" in words


# -- what overrides changed


def overridden(**overrides: Any) -> Plan:
    return timed(parse_routine(TWO_SIDES), **overrides)


def marked(plan: Plan) -> list[tuple[str, tuple[str, ...]]]:
    return [(row.what, row.changes) for row in rows(plan) if row.changes]


def test_without_overrides_nothing_is_marked() -> None:
    plan = overridden()
    assert marked(plan) == []
    assert change_lines(plan) == ()


def test_a_changed_hold_tells_what_it_was_on_each_of_its_rows() -> None:
    assert marked(overridden(hold="double-v=45s")) == [
        (f"hold, {side} side, set {number}", ("was 30s",)) for side in ("right", "left") for number in (1, 2)
    ]


def test_a_hold_changed_on_one_side_is_marked_on_that_side_alone() -> None:
    assert marked(overridden(hold="double-v.left=45s")) == [
        ("hold, left side, set 1", ("was 30s",)),
        ("hold, left side, set 2", ("was 30s",)),
    ]


def test_changes_stand_on_the_rows_that_they_concern() -> None:
    changed = overridden(reps="angels=8", tempo="angels=2x", settle="double-v=9s", rest="double-v=30s")
    assert marked(changed) == [
        ("settle", ("9s, was default",)),
        ("rest", ("was 20s",)),
        ("rest", ("was 20s",)),
        ("8 repetitions", ("was 4", "tempo 6s + 6s, was 3s + 3s")),
    ]


def test_what_has_no_row_of_its_own_stands_in_the_heading() -> None:
    assert marked(overridden(sets="double-v=3", halfway_from="double-v=20s", transition="angels=2s")) == [
        ("1. Double V", ("sets 3, was 2", "halfway-from 20s, was default")),
        ("2. Angels", ("transition 2s, was default",)),
    ]


def test_verbose_rows_mark_the_hold_and_leave_each_repetition_alone() -> None:
    found = event_rows(overridden(hold="double-v.right=40s", reps="angels=8"))
    assert [(row.what, row.changes) for row in found if row.changes] == [
        ("hold", ("was 30s",)),
        ("hold", ("was 30s",)),
        ("2. Angels", ("reps 8, was 4",)),
    ]


def test_what_changed_in_the_whole_session_is_told_in_lines() -> None:
    assert change_lines(overridden(guidance="brief", pauses="1.5x", rounds="2", breath="4s/6s")) == (
        "changed: pauses 1.5x (was 1x)",
        "changed: breath 4s/6s (was none)",
        "changed: rounds 2 (was 1)",
        "changed: guidance brief (was full)",
    )


def test_where_a_selection_changes_the_numbers_names_stand_beside_them() -> None:
    plan = overridden(only="2", reps="2=6")
    assert [row.what for row in rows(plan) if row.part == "exercise"] == ["1. Angels [angels]"]
    assert marked(plan) == [("6 repetitions", ("was 4",))]
    assert change_lines(plan) == (
        "left out: double-v",
        "numbers differ from the file's: address an exercise by the name in brackets (--skip angels)",
    )


def test_numbers_that_are_those_of_the_file_need_no_names() -> None:
    plan = overridden(skip="2")
    assert [row.what for row in rows(plan) if row.part == "exercise"] == ["1. Double V"]
    assert change_lines(plan) == ("left out: angels",)


def test_an_exercise_that_the_file_skips_is_taken_in() -> None:
    routine = parse_routine("{title: R, exercises: [{name: A, hold: 9s}, {name: B, hold: 9s, skip: true}]}")
    assert change_lines(timed(routine, only="b"))[:2] == ("left out: a", "included: b")
