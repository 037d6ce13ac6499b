"""The words of the shipped routines: fit for somebody on the floor with closed eyes.

Everything here needs only the files and the script. How long a voice takes is guessed on the slow side.
"""

import functools
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pytest

from audiogen.routine.load import load_routine
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.parts import words
from audiogen.routine.values import Side, Sided, Text
from audiogen.script import Say, Wording, write_script
from tests import shipped
from tests.each import each

SLOW_WORD_MS = 520  # 150 words a minute, and a voice that takes 1.3 times as long
AFTER_START_MS = 800  # a cue at 0s waits for the start tone
APART_MS = 200
RESTING = ("embryo-s-pose", "lying-butterfly", "wide-child-s-pose")
LIMB = r"(arm|elbow|forearm|hand|palm|shoulder(?! blades| height)|cheek|ear|hip|thigh|leg|knee|ankle|foot)"


class Line(NamedTuple):
    """A spoken line of an exercise as one hears it, with its side."""

    role: str
    text: str
    side: Side | None


def lines(exercise: Exercise) -> Iterator[Line]:
    """Everything the file says in an exercise, on each of its sides."""
    spoken: list[tuple[str, Text]] = [
        *(("setup", text) for text in exercise.setup),
        *(("switch", text) for text in exercise.switch),
        *(("release", text) for text in exercise.release),
        *(("cue", cue.say) for cue in exercise.cues if cue.say is not None),
        *(("phase", text) for phase in exercise.tempo for text in (phase.say, phase.short_words) if text is not None),
    ]
    for side in exercise.sides or (None,):
        yield from (Line(role, heard(text, side), side) for role, text in spoken)


def heard(text: Text, side: Side | None) -> str:
    line = words(text, side)
    if side:
        other = "left" if side == "right" else "right"
        line = line.replace("{side}", side).replace("{other_side}", other)
    return line


def all_lines(routine: Routine) -> list[str]:
    """Every line of a file that is spoken, the opening and the closing too."""
    inside = (line.text for exercise in routine.flat for line in lines(exercise))
    return [*routine.before, *routine.caution, *inside, *routine.after]


def found(pattern: str, routine: Routine) -> list[str]:
    return [line for line in all_lines(routine) if re.search(pattern, line, re.IGNORECASE)]


def cue_spans(exercise: Exercise, side: Side | None) -> list[tuple[int, int]]:
    """[start, end) in ms of each cue in a hold, spoken slowly, in order."""
    assert isinstance(exercise.hold_ms, int)
    spans: list[tuple[int, int]] = []
    for cue in exercise.cues:
        words_ms = SLOW_WORD_MS * len(heard(cue.say, side).split()) if cue.say is not None else 0
        starts = (at_ms or AFTER_START_MS for at_ms in cue.moments_ms(exercise.hold_ms))
        spans += ((start_ms, start_ms + words_ms) for start_ms in starts)
    return sorted(spans)


@functools.cache
def routines() -> dict[str, Routine]:
    return {name: load_routine(path) for name, path in shipped.EXERCISES.items()}


def exercises() -> list[Exercise]:
    return [exercise for routine in routines().values() for exercise in routine.flat]


def holds() -> list[tuple[Exercise, Side | None]]:
    timed = [exercise for exercise in exercises() if isinstance(exercise.hold_ms, int)]
    return [(exercise, side) for exercise in timed for side in exercise.sides or (None,)]


every_routine = each("routine", lambda: routines().values())
every_exercise = each("exercise", exercises)
every_hold = each(("exercise", "side"), holds)


def test_six_routines_ship() -> None:
    assert sorted(routines()) == [
        "box-breathing",
        "desk-reset",
        "four-seven-eight",
        "hip-release",
        "knee-strength",
        "upper-back",
    ]


@every_routine
def test_a_sentence_has_at_most_ten_words(routine: Routine) -> None:
    sentences = [part for line in all_lines(routine) for part in re.split(r"(?<=[.!?]) ", line)]
    assert [sentence for sentence in sentences if len(sentence.split()) > 10] == []


@every_routine
def test_a_line_has_at_most_two_sentences(routine: Routine) -> None:
    assert [line for line in all_lines(routine) if len(re.findall(r"[.!?](?: |$)", line)) > 2] == []


@every_routine
def test_no_line_needs_open_eyes_or_a_screen(routine: Routine) -> None:
    assert (
        found(r"\b(look|see|watch|gaze|screen|phone|display|picture|video|mirror|tap|swipe|pause here)\b", routine)
        == []
    )


@every_routine
def test_only_the_program_counts_and_announces_time(routine: Routine) -> None:
    left = r"\b(seconds?|minutes?|breaths?|times) (left|more|to go|remain)|\b(half ?way|countdown|repetitions?|reps)\b"
    assert found(left, routine) == []
    assert found(r"\d|\b(three|five),? (two|four)\b", routine) == []


@every_routine
def test_no_line_repeats_the_announced_dose(routine: Routine) -> None:
    for exercise in routine.flat:
        doses = {"thirty seconds", "forty seconds", "sixty seconds", "one minute", "a minute", "twelve", "five times"}
        assert [line.text for line in lines(exercise) if any(dose in line.text.lower() for dose in doses)] == []


@every_routine
def test_nothing_is_promised(routine: Routine) -> None:
    promises = r"\b(heal|cure|fix|relieve|treat|therap|detox|guarantee|pain-?free|medical|perfect)"
    assert found(promises, routine) == []


@every_routine
def test_the_opening_says_when_to_stop_or_rest(routine: Routine) -> None:
    assert any(re.search(r"\bstop\b|\brest\b", line) for line in routine.caution)


@every_exercise
def test_there_is_a_way_into_every_position(exercise: Exercise) -> None:
    assert exercise.setup


@every_exercise
def test_an_exercise_for_two_sides_has_words_for_the_switch(exercise: Exercise) -> None:
    if len(exercise.sides) == 2 and not exercise.alternate:
        assert exercise.switch


@every_exercise
def test_what_differs_by_side_names_its_side_and_mirrors_the_other(exercise: Exercise) -> None:
    cues = [cue.say for cue in exercise.cues]
    phases = [text for phase in exercise.tempo for text in (phase.say, phase.short) if text is not None]
    for text in (*exercise.setup, *exercise.switch, *exercise.release, *cues, *phases):
        if isinstance(text, Sided):
            assert re.search(r"\bright\b", text.right, re.IGNORECASE)
            assert mirrored(text.right) == text.left


def mirrored(line: str) -> str:
    swap = {"right": "left", "left": "right", "Right": "Left", "Left": "Right"}
    return re.sub(r"\b([Rr]ight|[Ll]eft)\b", lambda match: swap[match[0]], line)


@every_exercise
def test_a_line_that_is_the_same_on_both_sides_names_neither(exercise: Exercise) -> None:
    if len(exercise.sides) > 1:
        right, left = ([line.text for line in lines(exercise) if line.side == side] for side in ("right", "left"))
        same = [one for one, other in zip(right, left, strict=True) if one == other]
        assert [line for line in same if re.search(r"\b(right|left)\b", line, re.IGNORECASE)] == []


@every_exercise
def test_the_side_comes_before_the_limb(exercise: Exercise) -> None:
    limb = re.compile(rf"\b{LIMB}\b", re.IGNORECASE)
    for line in lines(exercise):
        assert not re.search(r"\b(this|that|other) (one|side|" + LIMB + ")", line.text, re.IGNORECASE)
        for match in limb.finditer(line.text) if line.side else ():
            before = line.text[: match.start()].lower().split()[-3:]
            assert {"right", "left"} & {word.strip(",.;") for word in before}, line.text


@every_exercise
def test_the_words_of_a_phase_fit_it(exercise: Exercise) -> None:
    """Five words in three seconds; in the very first phase the start tone leaves room for four."""
    for index, phase in enumerate(exercise.tempo):
        room = 5 * phase.for_ms // 3000
        for side in exercise.sides or (None,):
            if phase.say is not None and phase.short_words is not None:
                assert len(heard(phase.say, side).split()) <= (room - 1 if index == 0 else room)
                assert len(heard(phase.short_words, side).split()) <= room


@every_exercise
def test_repetitions_speak_their_phases_and_nothing_else(exercise: Exercise) -> None:
    if exercise.reps is not None:
        assert exercise.cues == ()


@every_hold
def test_cues_leave_room_for_each_other_and_for_the_countdown(exercise: Exercise, side: Side | None) -> None:
    assert isinstance(exercise.hold_ms, int)
    spans = cue_spans(exercise, side)
    countdown = (exercise.hold_ms - 3000, exercise.hold_ms)
    for (_, end_ms), (start_ms, _) in pairwise([*spans, countdown]):
        assert start_ms - end_ms >= APART_MS


@every_hold
def test_halfway_stands_alone(exercise: Exercise, side: Side | None) -> None:
    assert isinstance(exercise.hold_ms, int)
    if exercise.hold_ms >= 45_000:
        half_ms = exercise.hold_ms // 2
        for start_ms, end_ms in cue_spans(exercise, side):
            assert end_ms <= half_ms - 3000 or start_ms >= half_ms + 3000


@every_hold
def test_a_long_hold_ends_in_ten_quiet_seconds_and_the_countdown(exercise: Exercise, side: Side | None) -> None:
    assert isinstance(exercise.hold_ms, int)
    if exercise.hold_ms >= 30_000:
        assert all(end_ms <= exercise.hold_ms - 13_000 for _, end_ms in cue_spans(exercise, side))


@every_hold
def test_rest_is_left_in_peace_for_its_last_25_seconds(exercise: Exercise, side: Side | None) -> None:
    assert isinstance(exercise.hold_ms, int)
    if exercise.slug in RESTING:
        quiet_from_ms = exercise.hold_ms - 25_000
        assert all(end_ms <= quiet_from_ms for _, end_ms in cue_spans(exercise, side))
        assert exercise.hold_ms // 2 + 2 * SLOW_WORD_MS <= quiet_from_ms  # "Halfway."


def test_the_resting_poses_are_in_the_routines() -> None:
    slugs = {exercise.slug for routine in routines().values() for exercise in routine.flat}
    assert set(RESTING) <= slugs


# -- the ten minutes for the upper back


def exercises_of_upper_back() -> dict[str, Exercise]:
    return {exercise.slug: exercise for exercise in routines()["upper-back"].flat}


def test_upper_back_has_its_doses() -> None:
    doses = [
        (exercise.slug, exercise.sides, exercise.hold_ms, exercise.reps, [phase.for_ms for phase in exercise.tempo])
        for exercise in routines()["upper-back"].flat
    ]
    both = ("right", "left")
    assert doses == [
        ("horizontal-foam-roller", (), 60_000, None, []),
        ("foam-roller-snow-angels", (), None, 12, [3000, 3000]),
        ("double-v", both, 30_000, None, []),
        ("thread-the-needle", both, 30_000, None, []),
        ("eagle-arm-circles", both, None, 5, [3000, 3000]),
        ("cat-stretch", (), 20_000, None, []),
        ("embryo-s-pose", (), 60_000, None, []),
    ]
    assert routines()["upper-back"].length_ms == 600_000


@pytest.mark.parametrize(
    ("slug", "warning"),
    [
        ("horizontal-foam-roller", r"never onto your neck"),
        ("horizontal-foam-roller", r"lowest ribs, not below"),
        ("foam-roller-snow-angels", r"roll off to one side"),
        ("double-v", r"tingling fingers\? ease off"),
        ("thread-the-needle", r"onto your \w+ shoulder, never onto your neck"),
        ("embryo-s-pose", r"come up slowly"),
    ],
)
def test_upper_back_says_how_to_stay_safe(slug: str, warning: str) -> None:
    assert any(re.search(warning, line.text, re.IGNORECASE) for line in lines(exercises_of_upper_back()[slug]))


def test_upper_back_circles_towards_the_arm_below() -> None:
    circles = exercises_of_upper_back()["eagle-arm-circles"]
    for side in circles.sides:
        other = "left" if side == "right" else "right"
        setup = " ".join(heard(text, side) for text in circles.setup).lower()
        switch = " ".join(heard(text, side) for text in circles.switch).lower()
        assert f"{side} arm under {other}" in setup
        assert f"{side} arm under the {other}, circle {side}" in switch
        assert any(phase.say is not None and f"circle {side}" in heard(phase.say, side) for phase in circles.tempo)


def test_upper_back_says_at_most_270_words_outside_the_work() -> None:
    routine = routines()["upper-back"]
    script = write_script(routine, Wording(total_ms=600_000))
    assert sum(len(step.text.split()) for step in script.steps if isinstance(step, Say)) <= 270
