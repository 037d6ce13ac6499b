"""What a routine file means, once it is read."""

import pytest

from audiogen.errors import Problem, RoutineError
from audiogen.routine.load import parse_routine
from audiogen.routine.model import Exercise, Group, Routine
from audiogen.routine.parts import Cue, Phase, words
from audiogen.routine.slugs import find_in
from audiogen.routine.values import At, Sided


def routine_of(*exercises: str, top: str = "") -> Routine:
    """A routine of these exercises, each given as the keys of a flow map."""
    items = "".join(f"  - {{{exercise}}}\n" for exercise in exercises)
    return parse_routine(f"title: Test\n{top}\nexercises:\n{items}")


def exercise_of(keys: str) -> Exercise:
    return routine_of(keys).flat[0]


def test_what_is_not_written_has_its_default() -> None:
    routine = routine_of("name: Plank, hold: 20s")
    assert (routine.language, routine.length_ms, routine.voice, routine.date) == ("en", None, None, None)
    assert (routine.countdown, routine.halfway, routine.halfway_from_ms, routine.remaining_ms) == (
        3,
        True,
        45_000,
        None,
    )
    assert (routine.equipment, routine.before, routine.caution, routine.after) == ((), (), (), ())
    plank = routine.flat[0]
    assert (plank.sides, plank.alternate, plank.sets, plank.rest_ms, plank.reps) == ((), False, 1, None, None)
    assert (plank.countdown, plank.halfway, plank.remaining_ms, plank.settle_ms) == (None, None, None, None)


def test_lengths_are_milliseconds() -> None:
    routine = routine_of("name: Plank, hold: 1m30s, settle: 3.5, min: 1:00", top="length: 10m\ngap: 900ms")
    assert (routine.length_ms, routine.gap_ms) == (600_000, 900)
    assert (routine.flat[0].hold_ms, routine.flat[0].settle_ms, routine.flat[0].min_ms) == (90_000, 3_500, 60_000)


def test_a_single_line_is_a_list_of_one() -> None:
    routine = routine_of("name: Plank, hold: 20s, setup: Lie down., release: Get up.", top="before: Warm up.")
    assert (routine.before, routine.flat[0].setup, routine.flat[0].release) == (
        ("Warm up.",),
        ("Lie down.",),
        ("Get up.",),
    )


def test_a_text_over_several_lines_is_one_line() -> None:
    routine = parse_routine("title: Test\ncaution: >\n  Stop\n  if it hurts.\nexercises: [{name: Plank, hold: 9}]")
    assert routine.caution == ("Stop if it hurts.",)


def test_a_value_for_each_side_is_told_apart() -> None:
    lunge = exercise_of(
        "name: Lunge, sides: [left, right], hold: {right: 30s, left: 45s}, switch: {right: Right., left: Left.}"
    )
    assert lunge.sides == ("left", "right")
    assert lunge.hold_ms == Sided(right=30_000, left=45_000)
    assert lunge.hold_ms.on("left") == 45_000
    assert [words(line, "left") for line in lunge.switch] == ["Left."]
    assert words("Your {side} leg.", "left") == "Your {side} leg."


@pytest.mark.parametrize(
    ("written", "sides"), [("left", ("left",)), ("[left]", ("left",)), ("[right, left]", ("right", "left"))]
)
def test_sides_are_kept_in_their_order(written: str, sides: tuple[str, ...]) -> None:
    assert exercise_of(f"name: Lunge, hold: 30s, sides: {written}").sides == sides


def test_alternating_sides_begin_on_the_right() -> None:
    step = exercise_of('name: Step, reps: 8, sides: alternate, tempo: [{say: "{side} foot up", for: 2s}]')
    assert (step.alternate, step.sides) == (True, ("right", "left"))


@pytest.mark.parametrize(
    ("written", "at", "within_30s_ms"),
    [
        ("20s", At("start", 20_000), 20_000),
        ("0s", At("start", 0), 0),
        ("1.5", At("start", 1_500), 1_500),
        ("-10s", At("end", 10_000), 20_000),
        ("-30s", At("end", 30_000), 0),
        ("50%", At("share", 0.5), 15_000),
        ("12.5 %", At("share", 0.125), 3_750),
    ],
)
def test_a_cue_is_at_a_time_from_the_start_the_end_or_at_a_share(written: str, at: At, within_30s_ms: int) -> None:
    (cue,) = exercise_of(f"name: Plank, hold: 30s, cues: [{{at: {written}, say: Breathe.}}]").cues
    assert cue == Cue(at=at, say="Breathe.")
    assert cue.moments_ms(30_000) == (within_30s_ms,)


def test_short_words_are_those_before_the_comma() -> None:
    (phase,) = exercise_of('name: Rolls, reps: 5, tempo: [{say: "Inhale, lift", for: 3s, tone: falling}]').tempo
    assert (phase.for_ms, phase.tone, phase.short_words) == (3_000, "falling", "Inhale")


@pytest.mark.parametrize(
    ("keys", "short"),
    [
        ("for: 3s", None),
        ('for: 3s, say: "Lift!"', "Lift"),
        ("for: 3s, say: Lift, short: Up", "Up"),
        ('for: 3s, say: {right: "Right, up", left: "Left, up"}', Sided("Right", "Left")),
    ],
)
def test_short_words_of_a_phase(keys: str, short: object) -> None:
    (phase,) = exercise_of(f"name: Rolls, sides: [right, left], reps: 5, tempo: [{{{keys}}}]").tempo
    assert isinstance(phase, Phase)
    assert phase.short_words == short


@pytest.mark.parametrize(
    ("written", "meant"), [("off", False), ("on", True), ("no", False), ("yes", True), ("false", False), ("True", True)]
)
def test_on_and_off_are_words_in_yaml_and_settings_here(written: str, meant: bool) -> None:
    routine = routine_of(f"name: Plank, hold: 20s, halfway: {written}", top=f"halfway: {written}")
    assert (routine.halfway, routine.flat[0].halfway) == (meant, meant)


def test_a_cue_that_is_off_for_one_exercise_is_not_the_routines() -> None:
    routine = routine_of("name: Plank, hold: 20s, remaining: off, countdown: off", top="remaining: 30s\ncountdown: 5")
    assert (routine.remaining_ms, routine.countdown) == (30_000, 5)
    assert (routine.flat[0].remaining_ms, routine.flat[0].countdown) == (0, 0)


def test_numbers_count_all_exercises_skipped_ones_and_those_in_rounds_too() -> None:
    routine = parse_routine(
        """
title: Test
exercises:
  - {name: First, hold: 20s, skip: yes}
  - rounds: 3
    exercises:
      - {name: Second, hold: 20s}
      - {name: Third, hold: 20s}
  - {name: Fourth, hold: 20s}
"""
    )
    assert [(exercise.number, exercise.slug, exercise.skip) for exercise in routine.flat] == [
        (1, "first", True),
        (2, "second", False),
        (3, "third", False),
        (4, "fourth", False),
    ]
    group = routine.exercises[1]
    assert isinstance(group, Group)
    assert (group.rounds, len(group.exercises)) == (3, 2)


def test_an_exercise_repeated_by_alias_is_an_exercise_of_its_own() -> None:
    routine = parse_routine("title: T\nexercises:\n  - &plank {name: Plank, hold: 9}\n  - *plank\n")
    assert [(exercise.number, exercise.slug) for exercise in routine.flat] == [(1, "plank"), (2, "plank-2")]


def test_routines_that_say_the_same_are_equal_wherever_they_come_from() -> None:
    one = parse_routine("title: T\nexercises: [{name: Plank, hold: 20}]", "one.yaml")
    other = parse_routine("title: 'T'\nexercises:\n- hold: 20s\n  name: Plank\n", "other.yaml")
    assert one == other
    assert hash(one) == hash(other)
    assert one != parse_routine("title: T\nexercises: [{name: Plank, hold: 21}]")
    assert one != "T"


def test_a_routine_cannot_be_changed() -> None:
    routine = routine_of("name: Plank, hold: 20s")
    with pytest.raises(ValueError, match="frozen"):
        routine.title = "Other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("double-v", "double-v"),
        (" 2 ", "double-v"),
        ("Double V", "double-v"),
        ("DOUBLE", "double-v"),
        ("stretch", "cat-stretch"),
        ("cat", "cat"),
    ],
)
def test_an_exercise_is_found_by_slug_number_or_part_of_its_name(text: str, slug: str) -> None:
    routine = routine_of("name: Cat stretch, hold: 20s", "name: Double V, hold: 20s", "name: Cat, hold: 20s")
    assert find_in(routine.flat, text).slug == slug


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("ca", "routine.ambiguous-exercise", "1 cat-stretch, 3 cat"),
        *((text, "routine.unknown-exercise", "1 cat-stretch, 2 double-v, 3 cat") for text in ("dog", "4", "?", "")),
    ],
)
def test_an_exercise_that_is_not_found_lists_the_candidates(text: str, code: str, found: str) -> None:
    routine = routine_of("name: Cat stretch, hold: 20s", "name: Double V, hold: 20s", "name: Cat, hold: 20s")
    with pytest.raises(RoutineError) as caught:
        find_in(routine.flat, text)
    assert caught.value.problems == (Problem(code, subject=f"'{text}'", found=found),)


@pytest.mark.parametrize(("text", "slug"), [("doubel-v", "double-v"), ("Cat Strech", "cat-stretch"), ("kat", "cat")])
def test_a_misspelt_exercise_comes_with_the_nearest(text: str, slug: str) -> None:
    routine = routine_of("name: Cat stretch, hold: 20s", "name: Double V, hold: 20s", "name: Cat, hold: 20s")
    with pytest.raises(RoutineError) as caught:
        find_in(routine.flat, text)
    (problem,) = caught.value.problems
    assert (problem.code, problem.expected) == ("routine.misspelt-exercise", slug)
