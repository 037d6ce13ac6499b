"""What each override changes, and that all else stays the same."""

import contextlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.errors import AudiogenError, CustomiseError, Notice, Remedy, TimelineError
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.model import Exercise, Group, Routine
from audiogen.routine.overrides import customise
from audiogen.routine.settings import SETTINGS
from audiogen.timeline.compose import Plan, Spoken, compose, draft
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from tests.each import each
from tests.strategies import any_text, documents, read

TEN_MINUTES = 600_000


@pytest.fixture(scope="module")
def upper_back() -> Routine:
    return load_routine("upper-back")


def plan_of(routine: Routine, factor: float = 1.0, /, *, exact: bool = True, **overrides: Any) -> Plan:
    """The plan of a routine by a voice of 55 ms a letter; every length counts as measured."""

    def speak(texts: Any) -> Spoken:
        return Spoken({text: round((150 + 55 * len(text)) * factor) for text in texts}, exact)

    return compose(draft(routine, overrides), "test", speak)


def timeline_of(routine: Routine, factor: float = 1.0, /, *, exact: bool = True, **overrides: Any) -> Timeline:
    return plan_of(routine, factor, exact=exact, **overrides).timeline


def works(timeline: Timeline) -> list[tuple[str, str | None, int]]:
    """Slug, side and length of every hold and repetition, in order."""
    names = {one.number: one.slug for one in timeline.exercises}
    return [
        (names[event.place.exercise or 0], event.place.side, event.length_ms)
        for event in timeline.events
        if event.kind in ("hold", "rep")
    ]


def lines(timeline: Timeline, *roles: str) -> list[str]:
    return [event.text or "" for event in timeline.events if event.kind == "say" and event.role in roles]


def waits(timeline: Timeline, role: str) -> list[Event]:
    return [event for event in timeline.events if event.kind == "wait" and event.role == role]


# -- doses


def test_the_order_of_sides_changes_and_nothing_else(upper_back: Routine) -> None:
    before, after = works(timeline_of(upper_back)), works(timeline_of(upper_back, sides="double-v=left,right"))
    assert [one for one in after if one[0] == "double-v"] == [
        ("double-v", "left", 30_000),
        ("double-v", "right", 30_000),
    ]
    assert [one for one in after if one[0] != "double-v"] == [one for one in before if one[0] != "double-v"]


def test_one_side_alone_shortens_the_session_by_the_other(upper_back: Routine) -> None:
    timeline = timeline_of(upper_back, sides="double-v=left")
    assert [one for one in works(timeline) if one[0] == "double-v"] == [("double-v", "left", 30_000)]
    assert timeline.length_ms == TEN_MINUTES - 30_000


def test_an_order_for_all_concerns_those_with_both_sides(upper_back: Routine) -> None:
    sides = [side for _, side, _ in works(timeline_of(upper_back, sides="left,right")) if side]
    assert sides[0] == "left"
    assert sides[-1] == "right"


def test_a_longer_hold_changes_exactly_its_two_sides_and_moves_the_length_by_what_it_adds(upper_back: Routine) -> None:
    before, planned = timeline_of(upper_back), plan_of(upper_back, hold="double-v=45s")
    after = planned.timeline
    changed = [(old, new) for old, new in zip(works(before), works(after), strict=True) if old != new]
    assert changed == [
        (("double-v", "right", 30_000), ("double-v", "right", 45_000)),
        (("double-v", "left", 30_000), ("double-v", "left", 45_000)),
    ]
    assert after.length_ms == 630_000
    keep = Remedy("keep-length", "length", "10m")
    assert planned.notices == (Notice("overrides.longer", None, "10m30s", "10m", "30s", (keep,)),)
    (shorter,) = plan_of(upper_back, hold="double-v=20s").notices
    assert shorter == Notice("overrides.shorter", None, "9m40s", "10m", "20s", (keep,))


def test_all_else_stays_as_it_was_but_for_two_frames_in_a_silence(upper_back: Routine) -> None:
    before, after = timeline_of(upper_back), timeline_of(upper_back, hold="thread=40s")

    def elsewhere(timeline: Timeline) -> list[Event]:
        return [event for event in timeline.tiles() if event.place.exercise not in (0, 4)]

    for old, new in zip(elsewhere(before), elsewhere(after), strict=True):
        assert (old.kind, old.role, old.text) == (new.kind, new.role, new.text)
        assert abs(old.length_ms - new.length_ms) <= (48 if old.kind == "wait" else 0)  # the opening says "about" now


def test_a_length_fits_the_longer_holds_into_it_again(upper_back: Routine) -> None:
    planned = plan_of(upper_back, hold="double-v=45s", length="10m")
    after = planned.timeline
    assert after.length_ms == TEN_MINUTES
    assert ("double-v", "left", 45_000) in works(after)
    assert not planned.notices


def test_a_hold_for_one_side_changes_that_side(upper_back: Routine) -> None:
    after = timeline_of(upper_back, hold="double-v.left=45s")
    assert [work for work in works(after) if work[0] == "double-v"] == [
        ("double-v", "right", 30_000),
        ("double-v", "left", 45_000),
    ]
    assert after.length_ms == 615_000


def test_a_hold_for_all_leaves_repetitions_alone(upper_back: Routine) -> None:
    before, after = works(timeline_of(upper_back)), works(timeline_of(upper_back, hold="62s"))
    for old, new in zip(before, after, strict=True):
        assert new[2] == (old[2] if old[2] == 6000 else 62_000)


def test_a_factor_keeps_whole_seconds(upper_back: Routine) -> None:
    holds = [length_ms for _, _, length_ms in works(timeline_of(upper_back, hold="1.33x")) if length_ms != 6000]
    assert holds == [80_000, 40_000, 40_000, 40_000, 40_000, 27_000, 80_000]


def test_of_two_overrides_for_the_same_hold_the_later_one_wins(upper_back: Routine) -> None:
    def double_v(*holds: str) -> int:
        return next(work[2] for work in works(timeline_of(upper_back, hold=holds)) if work[0] == "double-v")

    assert double_v("double-v=45s", "3=50s") == 50_000
    assert double_v("3=50s", "64s") == 64_000
    assert double_v("1.2x", "double-v=1.5x") == 45_000
    assert double_v("double-v=1.5x", "1.2x") == 36_000


def test_factors_come_after_values_whatever_the_order(upper_back: Routine) -> None:
    for holds in (["3=40s", "3=1.5x"], ["3=1.5x", "3=40s"]):
        assert ("double-v", "right", 60_000) in works(timeline_of(upper_back, hold=holds))


def test_fewer_repetitions_take_their_time_off_the_length(upper_back: Routine) -> None:
    after = timeline_of(upper_back, reps="snow=8")
    assert len([work for work in works(after) if work[0] == "foam-roller-snow-angels"]) == 8
    assert after.length_ms == TEN_MINUTES - 4 * 6000


def test_a_slower_tempo_stretches_every_repetition(upper_back: Routine) -> None:
    after = timeline_of(upper_back, tempo="eagle=1.5x")
    assert {work[2] for work in works(after) if work[0] == "eagle-arm-circles"} == {9000}
    assert {work[2] for work in works(after) if work[0] == "foam-roller-snow-angels"} == {6000}
    assert after.length_ms == TEN_MINUTES + 10 * 3000


def test_sets_and_their_rest_add_up(upper_back: Routine) -> None:
    after = timeline_of(upper_back, sets="cat=3", rest="cat=20s")
    assert [work[2] for work in works(after) if work[0] == "cat-stretch"] == [20_000] * 3
    assert after.length_ms == TEN_MINUTES + 2 * 20_000 + 2 * 20_000


@pytest.mark.parametrize("names", [("sets", "rest"), ("rest", "sets")])
def test_a_rest_for_all_lies_between_the_sets_of_all_in_whatever_order_they_are_asked_for(
    upper_back: Routine, names: tuple[str, str]
) -> None:
    wanted = {"sets": "3", "rest": "45s"}
    routine = customise(upper_back, {name: wanted[name] for name in names}).routine
    assert [(one.sets, one.rest_ms) for one in routine.flat] == [(3, 45_000)] * len(routine.flat)
    one_set = customise(routine, {"sets": ["1", "cat=2"], "rest": "30s"}).routine
    assert [one.rest_ms for one in one_set.flat] == [None] * 5 + [30_000] + [None] * (len(routine.flat) - 6)
    some = customise(upper_back, {name: {"sets": "cat=2", "rest": "45s"}[name] for name in names}).routine
    assert [one.rest_ms for one in some.flat] == [None] * 5 + [45_000] + [None] * (len(routine.flat) - 6)


def test_a_rest_of_its_own_stays_below_one_for_all(upper_back: Routine) -> None:
    routine = customise(upper_back, {"rest": ["45s", "cat=20s"], "sets": "2"}).routine
    assert [one.rest_ms for one in routine.flat if one.slug == "cat-stretch"] == [20_000]


def test_a_rest_for_all_where_no_exercise_has_sets_is_told_to_do_nothing(upper_back: Routine) -> None:
    (notice,) = customise(upper_back, {"rest": "45s"}).notices
    assert (notice.code, notice.remedies) == ("overrides.idle-rest", (Remedy("add-sets", "sets", "3"),))
    assert all(one.code != notice.code for one in customise(upper_back, {"rest": "45s", "sets": "2"}).notices)


def test_one_set_needs_no_rest_any_more(upper_back: Routine) -> None:
    three = customise(upper_back, {"sets": "cat=3", "rest": "cat=20s"}).routine
    assert customise(three, {"sets": "cat=1"}).routine.flat[5].rest_ms is None


def test_holds_end_on_a_whole_breath_and_the_plan_tells_what_they_were(upper_back: Routine) -> None:
    planned = plan_of(upper_back, breath="5s/6s")
    after = planned.timeline
    holds = [work[2] for work in works(after) if work[2] != 6000]
    assert holds == [55_000, 33_000, 33_000, 33_000, 33_000, 22_000, 55_000]
    assert ("horizontal-foam-roller", "hold", None, "1m", "55s") in [
        (change.slug, change.key, change.side, change.before, change.after) for change in planned.changes
    ]


# -- selection


def test_only_skip_and_from_choose_exercises(upper_back: Routine) -> None:
    def slugs(**overrides: Any) -> list[int]:
        return [one.number for one in customise(upper_back, overrides).routine.flat if not one.skip]

    assert slugs(only="2-4,cat") == [2, 3, 4, 6]
    assert slugs(skip=["cat", "1"]) == slugs(skip="cat, 1, ") == [2, 3, 4, 5, 7]
    assert slugs(**{"from": "eagle"}) == [5, 6, 7]
    assert slugs(only="3-6", skip="4") == [3, 5, 6]


def test_a_slower_speed_releases_the_length_and_a_faster_one_keeps_it(upper_back: Routine) -> None:
    (notice, *_) = plan_of(upper_back, speed="0.7").notices
    assert (notice.code, notice.subject) == ("overrides.length-dropped", "--speed")
    assert plan_of(upper_back, speed="0.7").timeline.length_ms > 600_000
    assert plan_of(upper_back, speed="1.3").timeline.length_ms == 600_000


def test_a_selection_releases_the_length_and_says_so(upper_back: Routine) -> None:
    planned = plan_of(upper_back, only="3")
    after = planned.timeline
    assert 90_000 < after.length_ms < 150_000
    keep = Remedy("keep-length", "length", "10m")
    assert planned.notices == (Notice("overrides.length-dropped", None, "--only", "", "10m", (keep,)),)
    (both,) = plan_of(upper_back, only="3-6", skip="4").notices
    assert isinstance(both, Notice)
    assert (both.code, both.subject) == ("overrides.length-dropped-by-several", "--only and --skip")
    assert lines(after, "announcement")[0] == "Double V."


def test_numbers_are_the_files_whatever_is_skipped(upper_back: Routine) -> None:
    after = timeline_of(upper_back, skip="1,2", hold="3=50s")
    assert works(after)[0] == ("double-v", "right", 50_000)


RANGES = """
title: Ranges
exercises:
  - {name: One, hold: 10s}
  - {name: 90/90, hold: 10s}
  - {name: Three, id: 1-3, hold: 10s}
  - {name: 90/90 reach, hold: 10s}
"""


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        ("90/90", ["90-90"]),
        ("90-90", ["90-90"]),
        ("1-3", ["1-3"]),
        ("1-2", ["one", "90-90"]),
        ("2 - 4", ["90-90", "1-3", "90-90-reach"]),
        ("90-90,1-3", ["90-90", "1-3"]),
    ],
)
def test_the_exact_slug_of_an_exercise_comes_before_a_range(text: str, skipped: list[str]) -> None:
    routine = customise(parse_routine(RANGES), {"skip": text}).routine
    assert [one.slug for one in routine.flat if one.skip] == skipped
    kept = customise(parse_routine(RANGES), {"only": [text]}).routine
    assert [one.slug for one in kept.flat if not one.skip] == skipped


def test_an_exercise_is_named_by_its_exact_name_though_others_contain_it() -> None:
    routine = customise(parse_routine(RANGES), {"hold": ["90/90=20s"]}).routine
    assert [one.hold_ms for one in routine.flat] == [10_000, 20_000, 10_000, 10_000]


def test_only_does_what_the_file_skips() -> None:
    routine = parse_routine(THREE.replace("name: Second", "name: Second\n    skip: true"))
    assert [one.skip for one in customise(routine, {"only": "second"}).routine.flat] == [True, False, True]


# -- pauses


def test_pauses_stretch_settling_switching_and_transitions_together(upper_back: Routine) -> None:
    before = timeline_of(upper_back, length="none")
    after = timeline_of(upper_back, length="none", pauses="1.2x")
    for role, factor in (("settle", 1.2), ("switch", 1.2), ("transition", 1.2), ("gap", 1.0)):
        for old, new in zip(waits(before, role), waits(after, role), strict=True):
            assert abs(new.length_ms - old.length_ms * factor) <= 48
    assert works(before) == works(after)


@pytest.mark.parametrize(
    ("setting", "role"),
    [("settle", "settle"), ("switching", "switch"), ("transition", "transition"), ("gap", "gap"), ("tail", "tail")],
)
def test_each_pause_can_be_set_and_scaled_by_itself(upper_back: Routine, setting: str, role: str) -> None:
    roles = ("settle", "switch", "transition", "gap", "tail")
    before = timeline_of(upper_back, length="none")
    usual = {other: waits(before, other) for other in roles}
    for value, own_ms in (("6s", 6000), ("1.5x", None)):
        overrides: dict[str, Any] = {"length": "none", setting: value}
        after = timeline_of(upper_back, **overrides)
        for other in roles:
            for old, new in zip(usual[other], waits(after, other), strict=True):
                scaled_ms = 7500 if setting == "settle" else old.length_ms * 1.5  # settling has one default in flags
                wanted_ms = (own_ms or scaled_ms) if other == role else old.length_ms
                assert abs(new.length_ms - wanted_ms) <= 48, (other, old, new)


def test_a_pause_of_one_exercise_is_its_own(upper_back: Routine) -> None:
    after = timeline_of(upper_back, length="none", settle="cat=9s")
    settles = {event.place.exercise: event.length_ms for event in waits(after, "settle")}
    assert abs(settles[6] - 9000) <= 24
    assert abs(settles[7] - 2800) <= 24  # kneeling already, and its dose is said meanwhile


# -- the whole session


def test_twelve_minutes_are_twelve_minutes_with_the_same_holds(upper_back: Routine) -> None:
    after = timeline_of(upper_back, length="12m")
    assert after.length_ms == 720_000
    assert works(after) == works(timeline_of(upper_back))


def test_three_minutes_are_refused_with_the_range_that_can_be_met(upper_back: Routine) -> None:
    with pytest.raises(TimelineError, match=r"^upper-back cannot last 3:00; it can last 9:\d\d to 13:\d\d\. "):
        timeline_of(upper_back, length="3m")


def test_stretched_holds_widen_the_range_and_leave_pinned_ones_alone(upper_back: Routine) -> None:
    after = timeline_of(upper_back, length="15m", stretch="holds", hold="double-v=40s")
    assert after.length_ms == 900_000
    holds = {slug: length_ms for slug, _, length_ms in works(after)}
    assert holds["double-v"] == 40_000
    assert holds["cat-stretch"] > 30_000
    assert all(length_ms % 1000 == 0 for length_ms in holds.values())
    with pytest.raises(TimelineError) as caught:
        timeline_of(upper_back, length="3m", stretch="holds")
    assert caught.value.problems[0].code == "timeline.length-unmet"
    assert caught.value.problems[0].expected.startswith("7:")


def test_stretched_holds_keep_room_for_their_cues(upper_back: Routine) -> None:
    after = timeline_of(upper_back, length="8m", stretch="holds")
    assert after.length_ms == 480_000
    assert lines(after, "cue") == lines(timeline_of(upper_back), "cue")


def test_stretching_keeps_to_the_bounds_of_a_hold() -> None:
    text = THREE.replace("hold: 40s", "hold: 40s\n    max: 50s").replace("hold: 30s", "hold: 30s\n    fixed: true")
    after = timeline_of(parse_routine(text), length="3m", stretch="holds")
    assert works(after)[0][2] == 30_000
    assert works(after)[1][2] == 50_000
    assert after.length_ms == 180_000


def test_two_rounds_are_announced_and_instructed_once(upper_back: Routine) -> None:
    after = timeline_of(upper_back, rounds=2)
    assert lines(after, "round") == ["Round one of two.", "Round two of two."]
    assert works(after) == works(timeline_of(upper_back)) * 2
    assert lines(after, "setup") == [*lines(timeline_of(upper_back), "setup"), *3 * ["Right side first."]]


def test_brief_guidance_keeps_names_sides_and_every_hold(upper_back: Routine) -> None:
    after = timeline_of(upper_back, guidance="brief")
    assert works(after) == works(timeline_of(upper_back))
    assert lines(after, "cue", "release") == []
    assert lines(after, "phase") == lines(timeline_of(upper_back), "phase")
    assert lines(after, "setup") == ["Right side first."] * 3
    assert "Double V." in lines(after, "announcement")


def test_tones_alone_need_no_voice_and_keep_every_hold_and_cue(upper_back: Routine) -> None:
    full, after = timeline_of(upper_back), timeline_of(upper_back, guidance="tones")
    assert after.voice is None
    assert works(after) == works(full)
    assert not [event for event in after.events if event.kind == "say"]
    tones = [event.role for event in after.events if event.kind == "tone"]
    assert tones.count("cue") == len(lines(full, "cue", "halfway"))
    assert tones.count("tick") == 3 * 7


@pytest.mark.parametrize("seconds", [0, 3, 5, 10])
def test_the_countdown_has_as_many_numbers_as_wished(upper_back: Routine, seconds: int) -> None:
    after = timeline_of(upper_back, countdown=str(seconds), hold="embryo=70s", only="embryo")
    assert len(lines(after, "countdown")) == seconds


def test_halfway_and_the_time_left_can_be_chosen(upper_back: Routine) -> None:
    assert len(lines(timeline_of(upper_back), "halfway")) == 2
    assert lines(timeline_of(upper_back, halfway="off"), "halfway") == []
    assert len(lines(timeline_of(upper_back, halfway_from="61s"), "halfway")) == 0
    assert len(lines(timeline_of(upper_back, halfway="embryo=off"), "halfway")) == 1
    left = lines(timeline_of(upper_back, remaining="20s", only="embryo", hold="embryo=90s"), "remaining")
    assert left == ["One minute left.", "Forty seconds left.", "Twenty seconds left."]


# -- what is refused


CAT, SNOW, V = "6 cat-stretch", "2 foam-roller-snow-angels", "3 double-v"


@each(
    ("overrides", "place", "code", "subject", "remedies"),
    [
        ({"hold": "x=3s"}, "--hold x", "routine.unknown-exercise", None, []),
        ({"hold": "foam=3s"}, "--hold foam", "routine.ambiguous-exercise", None, []),
        ({"hold": "snow=30s"}, "--hold snow", "overrides.no-hold", SNOW, [("reps", ""), ("tempo", "")]),
        ({"reps": "3=4"}, "--reps 3", "overrides.no-repetitions", V, [("hold", "")]),
        ({"tempo": "cat=2x"}, "--tempo cat-stretch", "overrides.no-repetitions", CAT, [("hold", "")]),
        ({"hold": "cat.left=30s"}, "--hold cat.left", "overrides.no-sides", CAT, []),
        ({"sides": "cat-stretch=left"}, "--sides cat-stretch", "overrides.no-sides", CAT, []),
        ({"sets": "cat=3"}, "--sets", "overrides.sets-without-rest", CAT, [("rest", "cat-stretch=45s")]),
        ({"sets": "3"}, "--sets", "overrides.sets-without-rests", "7 exercises", [("rest", "45s")]),
        ({"rest": "cat=2x"}, "--rest cat-stretch", "overrides.no-rest-to-scale", CAT, []),
        ({"hold": "3=long"}, None, "durations.unreadable", "--hold", []),
        ({"hold": "-5s"}, None, "durations.negative", "--hold", []),
        ({"hold": "=5s"}, None, "routine.not-a-choice", "--hold", []),
        ({"reps": "2=0"}, None, "routine.count-range", "--reps", []),
        ({"pauses": "5s"}, None, "routine.not-a-factor", "--pauses", []),
        ({"tempo": "5s"}, None, "routine.not-a-factor", "--tempo", []),
        ({"sides": "double-v=up"}, None, "routine.not-sides", "--sides", []),
        ({"only": "4-2"}, None, "overrides.range-backwards", "--only", []),
        ({"skip": ","}, "--skip ", "routine.unknown-exercise", None, []),
        ({"only": "8"}, "--only 8", "routine.unknown-exercise", None, []),
        ({"skip": "1-7"}, None, "overrides.excludes-all", "--skip", []),
        ({"only": "3", "skip": "3"}, None, "overrides.together-exclude-all", "--only and --skip", []),
        ({"breath": "4s"}, None, "routine.not-a-breath", "--breath", []),
        ({"guidance": "loud"}, None, "routine.not-a-choice", "--guidance", []),
        ({"countdown": "4"}, None, "routine.not-a-choice", "--countdown", []),
        ({"guidance": "tones", "sounds": "none"}, None, "overrides.nothing-to-hear", "", []),
        ({"title": "Both {side}s"}, None, "overrides.title-with-braces", "--title", []),
        ({"holt": "4s"}, None, "overrides.misspelt-setting", "holt", []),
        ({"xylophone": "4s"}, None, "overrides.unknown-setting", "xylophone", []),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_way_out(
    upper_back: Routine,
    overrides: dict[str, str],
    place: str | None,
    code: str,
    subject: str | None,
    remedies: list[tuple[str, str]],
) -> None:
    with pytest.raises(CustomiseError) as caught:
        customise(upper_back, overrides)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place) == (code, place)
    assert subject is None or problem.subject == subject
    assert [(one.setting, one.value) for one in problem.remedies] == remedies


def test_a_count_for_one_of_two_alternating_sides_is_refused() -> None:
    routine = parse_routine(THREE.replace("reps: 5", "reps: 5\n    sides: alternate"))
    with pytest.raises(CustomiseError) as caught:
        customise(routine, {"reps": ["third.left=3"], "sides": ["third=left"]})
    codes = [problem.code for problem in caught.value.problems]
    assert sorted(codes) == ["overrides.alternating-dose", "overrides.alternating-order"]


def test_every_mistake_is_told_at_once(upper_back: Routine) -> None:
    with pytest.raises(CustomiseError) as caught:
        customise(upper_back, {"hold": ["9=45s", "snow=30s"], "only": "0"})
    assert len(caught.value.problems) == 3


def test_rounds_of_rounds_are_refused() -> None:
    routine = parse_routine(THREE + "  - rounds: 2\n    exercises:\n      - {name: Fourth, hold: 20s}\n")
    with pytest.raises(CustomiseError) as caught:
        customise(routine, {"rounds": 2})
    assert [problem.code for problem in caught.value.problems] == ["overrides.rounds-of-rounds"]


def test_a_cue_that_no_longer_fits_its_hold_is_an_error_that_names_it(upper_back: Routine) -> None:
    with pytest.raises(TimelineError) as caught:
        timeline_of(upper_back, hold="double-v=10s")
    first = caught.value.problems[0]
    assert (first.code, first.place) == ("timeline.cue-too-late", "3 Double V, right side")


# -- all of them

THREE = """
title: Three
length: 5m
exercises:
  - name: First
    hold: 30s
  - name: Second
    hold: 40s
  - name: Third
    reps: 5
    tempo: [{for: 3s}]
"""


@st.composite
def wishes(draw: st.DrawFn, routine: Routine) -> dict[str, list[str]]:
    """Overrides of doses that fit a routine."""
    found: dict[str, list[str]] = {}
    for exercise in routine.flat:
        if not draw(st.booleans()):
            continue
        if exercise.hold_ms is not None:
            found.setdefault("hold", []).append(f"{exercise.slug}={draw(st.integers(12, 90))}s")
        else:
            found.setdefault("reps", []).append(f"{exercise.slug}={draw(st.integers(1, 12))}")
    return found


@given(documents(), st.data())
def test_a_dose_override_changes_what_it_names_and_nothing_else(document: dict[str, Any], data: st.DataObject) -> None:
    routine = read(document)
    overrides = data.draw(wishes(routine))
    named = {wish.rpartition("=")[0] for wishes in overrides.values() for wish in wishes}
    before, after = (timeline_of(routine, exact=False, **some) for some in ({}, overrides))

    def others(timeline: Timeline) -> list[Any]:
        names = {one.number: one.slug for one in timeline.exercises}
        return [
            replace(event, start_ms=0, end_ms=0 if event.kind == "wait" else event.length_ms)
            for event in timeline.events
            if event.place.exercise and names[event.place.exercise] not in named
        ]

    assert others(before) == others(after)
    written = {exercise.slug: exercise for exercise in customise(routine, overrides).routine.flat}
    for wish in overrides.get("hold", []):
        slug, _, length = wish.rpartition("=")
        assert written[slug].hold_ms == int(length[:-1]) * 1000


@given(documents())
def test_no_override_is_no_change(document: dict[str, Any]) -> None:
    routine = read(document)
    assert customise(routine).routine == routine
    assert customise(routine).changes == ()


@given(documents(), st.sampled_from(sorted(SETTINGS)), any_text(max_size=12))
def test_any_text_as_a_value_is_read_or_refused_in_words(document: dict[str, Any], name: str, value: str) -> None:
    with contextlib.suppress(AudiogenError):
        customise(read(document), {name: value})


def test_every_setting_but_the_selection_is_a_key_of_the_routine_file() -> None:
    keys = {field.alias or name for model in (Routine, Exercise, Group) for name, field in model.model_fields.items()}
    assert {name for name in SETTINGS if name not in keys} == {"only", "from"}


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("hold", "30s per side", "--hold 30s"),
        ("hold", "double-v=2 x 30s", "--sets double-v=2 and --hold double-v=30s"),
        ("hold", "30-45s", "--hold 30s, or --hold 30s,45s for two sets"),
        ("reps", "12 reps", "--reps 12"),
        ("reps", "cat=3x10", "--sets cat=3 and --reps cat=10"),
        ("rest", "none", "--rest 0s"),
    ],
)
def test_a_slip_in_a_flag_is_answered_with_flags(setting: str, value: str, expected: str) -> None:
    with pytest.raises(CustomiseError) as caught:
        customise(load_routine("upper-back"), {setting: [value]})
    (problem,) = caught.value.problems
    assert (problem.subject, problem.expected) == (f"--{setting}", expected)
