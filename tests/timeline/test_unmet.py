"""A length that cannot be met is refused with the ways out that lead somewhere."""

from collections.abc import Sequence

import pytest

from audiogen import load_routine, parse_routine, plan
from audiogen.errors import Problem, Remedy, TimelineError
from audiogen.routine.overrides import Overrides
from audiogen.timeline.compose import Spoken, compose, draft
from audiogen.voices import estimate_ms
from tests.fakes.tone_voice import ToneVoice
from tests.shipped import ROUTINES, TRANSLATIONS

SHIPPED = {**ROUTINES, **TRANSLATIONS}
REPS = """
title: Reps
exercises:
  - {name: Xa, reps: 10, tempo: [{for: 3s}], sides: [right, left]}
  - {name: Xb, reps: 12, tempo: [{for: 4s}]}
"""
LONG = """
title: Long
exercises:
  - {name: Xa, hold: 6m}
"""


def unmet(text: str, **overrides: str) -> Problem:
    (problem,) = plan(parse_routine(text), overrides=overrides, voice=ToneVoice()).notices
    assert problem.code == "timeline.length-unmet"
    return problem


def length_ms(text: str, overrides: Overrides) -> int:
    return plan(parse_routine(text), overrides=overrides, voice=ToneVoice()).length_ms


@pytest.mark.parametrize("name", ["upper-back", "upper-back.de", "upper-back.es"])
def test_to_somebody_who_records_slowly_the_speed_is_named_at_which_the_words_fit(name: str) -> None:
    routine = load_routine(SHIPPED[name])

    def at_speed(speed: str) -> int:
        begun = draft(routine, {"speed": speed})

        def recorded(texts: Sequence[str]) -> Spoken:
            slow = 1.13 / begun.routine.speed
            return Spoken({text: round(slow * estimate_ms(text, routine.language)) for text in texts}, True)

        return compose(begun, "recordings", recorded).length_ms

    with pytest.raises(TimelineError) as caught:
        at_speed("1")
    faster = caught.value.problems[0].remedies[0]
    assert (faster.code, faster.setting) == ("faster-words", "speed")
    assert at_speed(faster.value) == 600_000
    with pytest.raises(TimelineError):
        at_speed(f"{float(faster.value) - 0.02:.2f}")


def test_no_speed_is_named_that_would_hurry_the_words() -> None:
    assert "faster-words" not in {one.code for one in unmet(LONG, length="1m").remedies}


@pytest.mark.parametrize("length", ["1m", "8m"])
def test_where_only_repetitions_could_give_the_nearest_number_of_them_is_named(length: str) -> None:
    problem = unmet(REPS, length=length)
    assert not {"shorten-holds", "lengthen-holds"} & {one.code for one in problem.remedies}
    (reps,) = (int(one.value) for one in problem.remedies if one.setting == "reps")
    wanted_ms = 60_000 * int(length[0])
    off_ms = {n: abs(length_ms(REPS, {"reps": [str(n)]}) - wanted_ms) for n in (reps - 1, reps, reps + 1) if n}
    assert off_ms[reps] == min(off_ms.values())


def test_holds_of_five_minutes_and_more_grow_only_with_a_max_and_the_refusal_says_so() -> None:
    assert Remedy("raise-max") in unmet(LONG, length="20m", stretch="holds").remedies
    assert Remedy("raise-max") in unmet(LONG, length="20m").remedies
    assert Remedy("raise-max") not in unmet(LONG, length="2m").remedies
    raised = LONG.replace("hold: 6m", "hold: 6m, max: 30m")
    assert length_ms(raised, {"length": "20m", "stretch": "holds"}) == 1_200_000


def test_seconds_that_may_have_been_minutes_are_offered_as_minutes() -> None:
    assert unmet(LONG, length="12").remedies[0] == Remedy("minutes-meant", "length", "12m")
    assert unmet(LONG, length="3m").remedies[0].code != "minutes-meant"
    quiet = "opening: none\nclosing: none\nannounce: none\nsettle: 2s"
    short = f"title: T\nlength: 12\n{quiet}\nexercises: [{{name: X, hold: 7s}}]"
    assert plan(parse_routine(short), voice=ToneVoice()).notices == ()  # 12 s can be met
