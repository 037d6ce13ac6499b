"""Holds that change sides one by one, and sets that do: in files, as overrides, in words, and in time."""

import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from audiogen.errors import CustomiseError, Problem, RoutineError, TimelineError
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.overrides import customise
from audiogen.routine.variant import save_variant
from audiogen.timeline.compose import Plan, Spoken, compose, draft
from audiogen.timeline.document import read_timeline
from audiogen.verification.labels import check_chapters
from audiogen.views.chapters import chapters_of
from audiogen.views.doses import dose_of_exercise, dose_of_visit
from audiogen.views.rows import rows
from tests.each import each

RAISES = "hold: 5s, reps: 5, sides: alternate, rest: 3s"
PLANK = "hold: 20s, sets: 2, rest: 15s, sides: [right, left], order: sets"


def text_of(keys: str, top: str = "") -> str:
    return f"title: A\n{top}exercises:\n- {{name: Bridge, {keys}}}\n"


def planned(text: str, **overrides: Any) -> Plan:
    def speak(texts: Iterable[str]) -> Spoken:
        return Spoken(dict.fromkeys(texts, 700), True)

    return compose(draft(parse_routine(text), overrides), "test", speak)


def planned_problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(TimelineError) as caught:
        planned(text)
    return caught.value.problems


def course(plan: Plan) -> list[tuple[str, str | None]]:
    """The end tones, words and kinds of silence between the start tones, without those inside work."""
    return [
        (tile.text or tile.role, tile.place.side)
        for tile in plan.timeline.tiles()
        if tile.place.exercise == 1 and (tile.text or tile.role not in ("hold", "rest", "tick", "gap"))
    ]


def codes(text: str) -> list[str]:
    with pytest.raises(RoutineError) as caught:
        parse_routine(text)
    return [problem.code for problem in caught.value.problems]


def test_each_hold_is_on_the_other_side_with_an_exact_rest_before_it() -> None:
    plan = planned(text_of(RAISES, "countdown: off\n"))
    works = plan.timeline.sets
    assert [(one.side, one.length_ms, one.place.rep) for one in works] == [
        ("right", 5000, 1),
        ("left", 5000, 2),
        ("right", 5000, 3),
        ("left", 5000, 4),
        ("right", 5000, 5),
    ]
    assert {after.start_ms - one.end_ms for one, after in pairwise(works)} == {3000}
    between = [text for text, _ in course(plan)]
    first = between.index("start")
    assert between[first - 4 : first + 5] == [
        "Bridge.",
        "Right side first.",
        "Five holds of five seconds, changing sides.",
        "settle",
        "start",
        "end",
        "Left side.",
        "start",
        "end",
    ]
    assert not plan.notices


def test_a_side_that_does_not_fit_into_a_rest_is_left_out_with_one_notice_for_each() -> None:
    plan = planned(text_of(RAISES.replace("rest: 3s", "rest: 1.5s")))
    assert "Left side." not in [event.text for event in plan.timeline.events]
    noticed = [str(one) for one in plan.notices if one.code == "timeline.rest-line-left-out"]
    assert [text[:9] for text in noticed] == ["1 Bridge:", "1 Bridge:"]


def test_with_no_rest_a_start_tone_follows_each_hold() -> None:
    plan = planned(text_of(RAISES.replace("3s", "0s"), "countdown: off\n"))
    tones = [tile.role for tile in plan.timeline.tiles() if tile.kind == "tone" and tile.place.exercise == 1]
    assert tones == ["start"] * 5 + ["end"]
    assert {after.start_ms - one.start_ms for one, after in pairwise(plan.timeline.sets)} == {5000}


def test_cues_know_the_side_and_the_number_of_their_hold() -> None:
    cues = 'cues: [{at: 2s, say: "The {side} leg, {rep}."}]'
    plan = planned(text_of(f"{RAISES}, countdown: off, {cues}"))
    said = [event.text for event in plan.timeline.events if event.role == "cue"]
    assert said == [
        "The right leg, one.",
        "The left leg, two.",
        "The right leg, three.",
        "The left leg, four.",
        "The right leg, five.",
    ]


def test_holds_that_change_sides_have_one_chapter_and_one_dose() -> None:
    plan = planned(text_of(RAISES))
    timeline = plan.timeline
    assert read_timeline(json.dumps(timeline.to_json()).encode()) == timeline
    assert [one.title for one in chapters_of(timeline)] == ["Opening", "1 Bridge, 5 × 5 s, changing sides", "Closing"]
    assert not check_chapters(timeline, chapters_of(timeline)).off
    words = "5 holds of 5s, alternating sides, 3s rest in between"
    assert dose_of_visit(timeline.visits[0]).words() == words
    assert dose_of_exercise(plan.routine.flat[0]).words() == words
    held = [row.what for row in rows(plan) if row.part in ("hold", "rest")]
    assert held[:3] == ["hold 1, right side", "rest", "hold 2, left side"]


def test_in_a_group_they_take_its_rest_or_its_interval() -> None:
    inside = "exercises: [{name: Bridge, hold: 5s, reps: 3, sides: alternate}, {name: Squat, hold: 5s}]"
    rested = planned(f"title: A\nexercises:\n- {{rest: 6s, {inside}}}\n").timeline.sets
    assert [after.start_ms - one.end_ms for one, after in pairwise(rested)] == [6000] * 3
    timed = planned(f"title: A\nexercises:\n- {{every: 15s, {inside}}}\n").timeline.sets
    assert [after.start_ms - one.start_ms for one, after in pairwise(timed)] == [15_000] * 3


@each(
    ("keys", "wanted"),
    [
        ("hold: 5s, reps: 10, rest: 3s", ["routine.holds-as-reps"]),
        ("hold: 5s, reps: 40, rest: 3s", ["routine.hold-and-reps"]),
        ("hold: 5s, reps: 10, sides: alternate", ["routine.holds-without-rest"]),
        (f"{RAISES}, sets: 2", ["routine.alternate-sets"]),
        (f"{RAISES}, count: on", ["routine.next-to-holds"]),
        (f"{RAISES}, for: 40s", ["routine.next-to-holds"]),
        (f"{RAISES}, tempo: [{{for: 3s}}]", ["routine.next-to-holds"]),
        (RAISES.replace("5s", "[5s, 6s]"), ["routine.alternate-listed"]),
        (RAISES.replace("reps: 5", "reps: 8 to 12"), ["routine.alternate-range"]),
        (RAISES.replace("5s", "{right: 5s, left: 6s}"), ["routine.alternate-sided"]),
        ("hold: 20s, sets: 2, rest: 5s, order: sets", ["routine.order-without-sides"]),
        ("hold: 20s, sides: [right, left], order: sets", ["routine.order-without-sets"]),
        (PLANK.replace("15s", "0s"), ["routine.order-in-no-rest"]),
        (PLANK.replace("order: sets", "order: both"), ["routine.written-otherwise"]),
    ],
)
def test_what_does_not_go_together(keys: str, wanted: list[str]) -> None:
    assert codes(text_of(keys)) == wanted


def test_a_variant_keeps_holds_that_change_sides_as_they_are(tmp_path: Path) -> None:
    parent = tmp_path / "parent.yaml"
    parent.write_text(text_of(RAISES))

    def varied(keys: str) -> Any:
        file = tmp_path / "variant.yaml"
        file.write_text(f"extends: parent.yaml\nexercises: {{bridge: {{{keys}}}}}\n")
        return load_routine(file).flat[0]

    assert (varied("hold: 8s").hold_ms, varied("hold: 8s").pieces) == (8000, 5)
    assert (varied("reps: 8").hold_ms, varied("reps: 8").pieces) == (5000, 8)
    assert varied("reps: 8, tempo: [{for: 3s}], rest: null").hold_ms is None
    assert varied("hold: 30s, sides: [right, left], rest: null").reps is None


def test_overrides_change_their_length_their_number_and_their_rest(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text(text_of(RAISES))
    routine = load_routine(source)
    changed = customise(routine, {"hold": "8s", "reps": "4", "rest": "2s"}).routine
    assert dose_of_exercise(changed.flat[0]).words() == "4 holds of 8s, alternating sides, 2s rest in between"
    save_variant(routine, changed, tmp_path / "b.yaml")
    assert load_routine(tmp_path / "b.yaml").flat == changed.flat
    assert customise(routine, {"sets": "3"}).routine == routine
    for setting, value in (("sets", "bridge=3"), ("hold", "5s,6s"), ("hold", "5s/6s"), ("reps", "8 to 12")):
        with pytest.raises(CustomiseError):
            customise(routine, {setting: value})


def test_sets_in_order_are_done_on_both_sides_one_by_one() -> None:
    text = text_of(f"{PLANK}, switch: Roll over., countdown: off")
    plan = planned(text)
    works = plan.timeline.sets
    assert [(one.side, one.place.set) for one in works] == [("right", 1), ("left", 1), ("right", 2), ("left", 2)]
    assert works[2].start_ms - works[1].end_ms == 15_000
    found = [one for one in course(plan) if one[0] not in ("start", "wake")]
    assert found[found.index(("settle", "right")) :] == [
        ("settle", "right"),
        ("end", "right"),
        ("Switch sides.", "left"),
        ("Roll over.", "left"),
        ("switch", "left"),
        ("end", "left"),
        ("Rest, fifteen seconds.", "left"),
        ("Last set.", "right"),
        ("Switch sides.", "right"),
        ("Roll over.", "right"),
        ("end", "right"),
        ("Switch sides.", "left"),
        ("Roll over.", "left"),
        ("switch", "left"),
        ("end", "left"),
    ]
    assert dose_of_visit(plan.timeline.visits[0]).words() == "2 sets of 20s per side, 15s rest in between"


def test_a_switch_back_that_does_not_fit_into_the_rest_is_an_error_with_the_missing_time() -> None:
    text = text_of(f"{PLANK}, switch: Roll over.").replace("rest: 15s", "rest: 3s")
    assert [one.code for one in planned_problems(text)] == ["timeline.rest-too-short"]


def test_an_order_of_sets_goes_where_overrides_leave_one_set_or_one_side(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text(text_of(PLANK))
    routine = load_routine(source)
    for wanted in ({"sets": "1"}, {"sides": "left"}):
        changed = customise(routine, wanted).routine
        assert changed.flat[0].order == "sides"
        save_variant(routine, changed, tmp_path / "b.yaml")
        assert load_routine(tmp_path / "b.yaml").flat == changed.flat
    with pytest.raises(CustomiseError):
        customise(routine, {"rest": "0s"})
