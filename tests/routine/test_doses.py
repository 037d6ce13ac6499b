"""Doses: lists for sets, own pace, ranges; in files, as overrides, in words, and in time."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from audiogen.errors import CustomiseError, RoutineError
from audiogen.routine.amounts import Range
from audiogen.routine.dump import routine_text
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.model import Exercise
from audiogen.routine.overrides import customise
from audiogen.routine.values import Sided
from audiogen.routine.variant import save_variant
from audiogen.timeline.compose import Plan, Spoken, compose, draft
from audiogen.timeline.document import read_timeline
from audiogen.views.chapters import chapters_of
from audiogen.views.diff import compare
from audiogen.views.doses import dose_of_exercise, dose_of_visit
from audiogen.views.rows import rows
from tests.each import each

LIST = "hold: [10s, 20s, 30s], rest: 15s"
PACED = "reps: 12, for: 40s, sets: 2, rest: 30s"


def text_of(keys: str, top: str = "") -> str:
    return f"title: A\n{top}exercises:\n- {{name: Squat, {keys}}}\n"


def exercise(keys: str) -> Exercise:
    return parse_routine(text_of(keys)).flat[0]


def planned(keys: str, top: str = "", **overrides: Any) -> Plan:
    def speak(texts: Iterable[str]) -> Spoken:
        return Spoken(dict.fromkeys(texts, 700), True)

    return compose(draft(parse_routine(text_of(keys, top)), overrides), "test", speak)


def works(plan: Plan) -> list[int]:
    return [one.length_ms for one in plan.timeline.sets]


def said(plan: Plan, role: str = "announcement") -> list[str]:
    return [event.text or "" for event in plan.timeline.events if event.kind == "say" and event.role == role]


def codes(keys: str) -> list[str]:
    with pytest.raises(RoutineError) as caught:
        parse_routine(text_of(keys))
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (LIST, [10_000, 20_000, 30_000]),
        ("reps: [3, 2], tempo: [{for: 4s}], rest: 0s", [12_000, 8_000]),
        ("reps: 12, for: 40s", [40_000]),
        (PACED, [40_000, 40_000]),
        ("hold: [20s], rest: 5s", [20_000]),
        (
            "hold: {right: [10s, 20s], left: [15s, 25s]}, sides: [right, left], rest: 5s",
            [10_000, 20_000, 15_000, 25_000],
        ),
    ],
)
def test_each_set_is_as_long_as_written(keys: str, wanted: list[int]) -> None:
    assert works(planned(keys)) == wanted


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        (LIST, ["Squat.", "Ten seconds, twenty seconds, and thirty seconds."]),
        ("reps: [12, 10, 8], tempo: [{for: 4s}], rest: 0s", ["Squat.", "Twelve, ten, and eight repetitions."]),
        ("reps: 12, for: 40s", ["Squat.", "Twelve repetitions.", "In your own time."]),
        ("reps: 8 to 12, for: 40s", ["Squat.", "Eight to twelve repetitions.", "In your own time."]),
        (PACED, ["Squat.", "Twelve repetitions.", "In your own time.", "Two sets."]),
    ],
)
def test_a_dose_is_announced(keys: str, lines: list[str]) -> None:
    assert said(planned(keys)) == lines


@pytest.mark.parametrize(
    ("keys", "words", "chapter"),
    [
        (LIST, "10s, 20s and 30s, 15s rest in between", "10 s, 20 s, 30 s"),
        (
            "reps: [12, 10, 8], tempo: [{for: 4s}], rest: 5s",
            "12, 10 and 8 repetitions of 4s, 5s rest in between",
            "12 repetitions, 10 repetitions, 8 repetitions",
        ),
        (PACED, "2 sets of 12 repetitions in 40s, 30s rest in between", "2 × 12 repetitions"),
        ("reps: 8 to 12, for: 40s", "8 to 12 repetitions in 40s", "8–12 repetitions"),
    ],
)
def test_a_dose_in_words(keys: str, words: str, chapter: str) -> None:
    plan = planned(keys)
    assert dose_of_exercise(exercise(keys)).words() == words
    assert dose_of_visit(plan.timeline.visits[0]).words() == words
    assert chapters_of(plan.timeline)[1].dose == chapter


def test_own_pace_is_in_the_plan_and_its_document() -> None:
    plan = planned("reps: 8 to 12, for: 40s")
    assert [(row.part, row.what) for row in rows(plan) if row.part == "reps"] == [("reps", "8 to 12 repetitions")]
    assert read_timeline(json.dumps(plan.timeline.to_json()).encode()) == plan.timeline
    assert "amount" not in str(planned(LIST).timeline.to_json())
    assert said(plan, "countdown") == ["Three.", "Two.", "One."]


def test_two_plans_differ_in_their_doses() -> None:
    parts = compare(planned(LIST).timeline, planned("hold: [10s, 20s, 40s], rest: 15s").timeline).parts
    assert [(part.before_dose, part.after_dose) for part in parts if part.slug] == [
        ("10s, 20s and 30s, 15s rest in between", "10s, 20s and 40s, 15s rest in between")
    ]


@pytest.mark.parametrize(
    "keys", [LIST, PACED, "reps: [8 to 12, 6 to 8], for: 40s, rest: 0s", "hold: [5s, 6s], rest: 2s"]
)
def test_a_dose_is_written_as_it_was_read(keys: str) -> None:
    routine = parse_routine(text_of(keys))
    assert parse_routine(routine_text(routine)) == routine


def test_in_a_group_repetitions_have_its_work_for_their_time() -> None:
    text = "title: A\nexercises:\n- {rounds: 2, work: 40s, rest: 20s, exercises: [{name: Squat, reps: 12}]}\n"
    routine = parse_routine(text)
    assert routine.flat[0].for_ms == 40_000
    assert parse_routine(routine_text(routine)) == routine


@each(
    ("keys", "code"),
    [
        ("hold: [10s, 20s]", "routine.sets-without-rest"),
        ("hold: [10s, 20s], sets: 3, rest: 5s", "routine.sets-of-list"),
        ("hold: [], rest: 5s", "routine.sets-listed"),
        ("hold: [10s, long], rest: 5s", "durations.unreadable"),
        ("hold: {right: [10s, 20s], left: [5s]}, sides: [right, left], rest: 5s", "routine.sided-lists"),
        ("reps: 8 to 12, tempo: [{for: 4s}]", "routine.range-without-for"),
        ("reps: 12 to 8, for: 40s", "routine.written-otherwise"),
        ("reps: 12, for: 40s, tempo: [{for: 4s}]", "routine.for-and-tempo"),
        ("hold: 30s, for: 40s", "routine.for-without-reps"),
        ("reps: 12, for: 40s, count: true", "routine.count-at-own-pace"),
        ("reps: 12", "routine.reps-without-tempo"),
        ("reps: 12, for: 0s", "routine.zero-length"),
        ("reps: 0, for: 40s", "routine.count-range"),
    ],
)
def test_a_dose_that_cannot_be_is_a_mistake(keys: str, code: str) -> None:
    found = codes(keys)
    assert found == [code]


@pytest.mark.parametrize(
    ("keys", "override", "hold"),
    [
        (LIST, "squat=45s", 45_000),
        (LIST, "squat=5s,6s,7s", (5_000, 6_000, 7_000)),
        (LIST, "2x", (20_000, 40_000, 60_000)),
        ("hold: 30s", "squat=10s,20s", (10_000, 20_000)),
        ("hold: 30s, sides: [right, left]", "squat=30s/20s", Sided(30_000, 20_000)),
        (
            "hold: 30s, sides: [right, left], sets: 2, rest: 5s",
            "squat.left=5s,6s",
            Sided((30_000, 30_000), (5_000, 6_000)),
        ),
    ],
)
def test_an_override_of_a_hold_may_be_a_list(keys: str, override: str, hold: object) -> None:
    sets = customise(parse_routine(text_of(keys)), {"hold": [override], "rest": "5s"}).routine.flat[0]
    assert sets.hold_ms == hold
    assert sets.sets == {45_000: 3, (10_000, 20_000): 2}.get(hold, sets.sets)


@pytest.mark.parametrize(
    ("keys", "overrides", "code"),
    [
        (LIST, {"sets": "squat=2"}, "overrides.sets-listed"),
        ("hold: 30s", {"for": "squat=40s"}, "overrides.no-pace"),
        ("reps: 12, tempo: [{for: 4s}]", {"reps": "squat=8 to 12"}, "overrides.range-without-pace"),
        ("hold: 30s", {"hold": "squat=10s/20s"}, "overrides.no-sides"),
        (LIST, {"hold": "squat=10s,2x,30s"}, "routine.not-a-choice"),
        ("hold: 30s", {"hold": "squat=10s,20s"}, "overrides.sets-without-rest"),
    ],
)
def test_an_override_that_does_not_fit_is_refused(keys: str, overrides: dict[str, str], code: str) -> None:
    with pytest.raises(CustomiseError) as caught:
        customise(parse_routine(text_of(keys)), overrides)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize(
    ("keys", "overrides"),
    [
        (LIST, {"hold": "squat=45s"}),
        (LIST, {"hold": "squat=5s,6s"}),
        ("hold: 30s, sets: 2, rest: 5s", {"hold": "squat=5s,6s,7s"}),
        (PACED, {"for": "squat=50s", "reps": "squat=8 to 12"}),
        ("reps: 5, tempo: [{for: 4s}]", {"words": "squat=always"}),
    ],
)
def test_a_saved_variant_says_the_same(keys: str, overrides: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text_of(keys))
    written = load_routine(tmp_path / "a.yaml")
    changed = customise(written, overrides).routine
    save_variant(written, changed, tmp_path / "mine.yaml")
    assert load_routine(tmp_path / "mine.yaml") == changed


def test_in_a_variant_tempo_and_for_replace_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text_of("reps: 5, tempo: [{say: Up, for: 4s}]"))
    (tmp_path / "b.yaml").write_text("extends: a.yaml\nexercises: {squat: {for: 40s, reps: 8 to 12}}\n")
    (tmp_path / "c.yaml").write_text("extends: b.yaml\nexercises: {squat: {hold: [5s, 6s], rest: 0s}}\n")
    paced, held = (load_routine(tmp_path / name).flat[0] for name in ("b.yaml", "c.yaml"))
    assert (paced.reps, paced.for_ms, paced.tempo) == (Range(8, 12), 40_000, ())
    assert (held.hold_ms, held.sets, held.reps, held.for_ms) == ((5_000, 6_000), 2, None, None)
