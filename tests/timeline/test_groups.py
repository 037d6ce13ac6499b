"""Groups, passages and doses of every kind in time, by a voice that takes 700 ms for any text."""

import re
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from audiogen.errors import RoutineError, TimelineError
from audiogen.export.sidecars.page import page
from audiogen.routine.load import parse_routine
from audiogen.session.check import check
from audiogen.timeline.compose import Plan, Spoken, compose, draft
from audiogen.views.doses import dose_of_visit

DOSES = """
title: Doses
exercises:
  - {name: Bridge, hold: [10s, 20s], rest: 15s}
  - {name: Rows, reps: 8 to 12, for: 40s}
  - {name: Raises, hold: 5s, reps: 4, rest: 3s, sides: alternate}
  - {name: Plank, hold: {right: 30s, left: 45s}, sides: [right, left]}
  - {name: Breathing, reps: 3, tempo: [{say: Inhale, for: 4s}, {say: Hold, for: 7s}, {say: Exhale, for: 8s}]}
"""


def planned(text: str, each_ms: int = 700) -> Plan:
    def speak(texts: Iterable[str]) -> Spoken:
        return Spoken(dict.fromkeys(texts, each_ms), True)

    return compose(draft(parse_routine(text)), "test", speak)


def test_on_the_minute_each_piece_of_work_begins_on_it_over_all_rounds_sides_and_sets() -> None:
    plan = planned("""
title: A
exercises:
- rounds: 2
  work: 30s
  every: 1m
  exercises: [Squats, {name: Plank, sides: [right, left]}, {name: Rows, hold: [20s, 25s]}]
""")
    works = plan.timeline.sets
    assert [one.length_ms for one in works] == [30_000, 30_000, 30_000, 20_000, 25_000] * 2
    assert {after.start_ms - before.start_ms for before, after in pairwise(works)} == {60_000}


def test_a_release_that_does_not_fit_before_a_passage_is_an_error_with_the_missing_time() -> None:
    text = """
title: A
exercises:
- rest: 1.5s
  exercises:
  - {name: Squats, hold: 20s, release: Stand up.}
  - {passage: Water, say: Drink.}
"""
    with pytest.raises(TimelineError) as caught:
        planned(text)
    (problem,) = caught.value.problems
    assert (problem.code, problem.found) == ("timeline.release-too-long", "0.5s")


def test_a_passage_knows_its_round() -> None:
    text = "title: A\nexercises:\n- rounds: 2\n  exercises:\n  - {passage: P, say: 'Round {round} of {rounds}.'}\n"
    text += "  - {name: Squats, hold: 20s}\n"
    said = [event.text for event in planned(text).timeline.events if event.role == "passage"]
    assert said == ["Round one of two.", "Round two of two."]


def calls(passages: int) -> int:
    """How many functions are called to read and plan so many passages, none of which was read before."""
    items = "".join(f"- passage: P{passages} {n}\n  say: Word. [3s] Word.\n" for n in range(passages))
    done = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal done
        done += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        plan = planned(f"title: A\nexercises:\n{items}")
    finally:
        sys.setprofile(None)
    assert len(plan.timeline.passages) == passages
    return done


@pytest.mark.parametrize("passages", [30, pytest.param(500, marks=pytest.mark.thorough)])
def test_a_plan_of_four_times_as_many_passages_takes_about_four_times_as_long(passages: int) -> None:
    calls(1)  # what is made once for all: rules, tables
    assert 0 < calls(4 * passages) < 5 * calls(passages)


def test_each_dose_has_a_short_form_for_a_cell() -> None:
    cells = [dose_of_visit(visit).brief() for visit in planned(DOSES).timeline.visits]
    assert cells == ["10s,20s", "8-12", "4x5s", "30s/45s", "3"]


def test_the_sheet_has_the_tempo_and_the_rests() -> None:
    text = re.sub("<[^>]+>", " ", page(planned(DOSES).timeline)).replace("&nbsp;", " ")
    for expected in ("Rest 15 s", "Rest 3 s", "4–7–8 s", "4 × 5 s, changing sides", "8–12 repetitions"):
        assert expected in text


def test_a_cue_that_does_not_fit_is_reported_at_its_own_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    cues = "- {at: 5s, say: Breathe.}\n  - {at: 5100ms, say: Squeeze.}\n"
    file.write_text(f"title: A\nexercises:\n- name: Squats\n  hold: 20s\n  cues:\n  {cues}")
    with pytest.raises(RoutineError, match=r"a.yaml:7:5: 1 Squats: The cue “Squeeze.” at 5.1s overlaps"):
        check(file)
