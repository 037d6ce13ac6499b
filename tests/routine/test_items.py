"""What the items of a routine are: exercises, passages and groups, and how each is addressed."""

from pathlib import Path

import pytest

from audiogen.routine.dump import routine_text
from audiogen.routine.load import parse_routine
from audiogen.routine.model import Exercise, Group, Passage, Routine
from audiogen.routine.overrides import customise
from audiogen.routine.pauses import Limits
from audiogen.routine.prose import Paragraph, Pause, Sounded

VALID = Path(__file__).parents[1] / "routines" / "valid"


def routine_of(name: str) -> Routine:
    return parse_routine((VALID / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def routine() -> Routine:
    return routine_of("items.yaml")


def test_items_are_addressed_by_slugs_and_only_exercises_have_numbers(routine: Routine) -> None:
    numbered = [(one.slug, one.number if isinstance(one, Exercise) else None) for one in routine.items]
    assert numbered == [
        ("arriving", None),
        ("push-ups", 1),
        ("side-plank", 2),
        ("words", None),
        ("group-1", None),
        ("squats", 3),
        ("lunges", 4),
        ("minutes", None),
        ("plank", 5),
        ("bridge", 6),
    ]


def test_a_list_and_a_text_have_the_same_parts(routine: Routine) -> None:
    arriving, words = (one.say for one in routine.inside if isinstance(one, Passage))
    exact, flexible = Pause(Limits(10_000, 10_000, 10_000)), Pause(Limits(20_000, 30_000, 40_000))
    assert arriving == (
        "Lie down on your back.",
        exact,
        "Feel the weight of your heels.",
        flexible,
        Sounded("bell"),
        "Let your jaw go soft.",
    )
    twenty = Pause(Limits(20_000, 20_000, 20_000))
    assert words == ("Well done. That is half of it.", twenty, "Now [again].", flexible, Sounded("bell"))


def test_a_bare_name_does_the_work_of_its_group_which_no_length_stretches(routine: Routine) -> None:
    push_ups, plank = routine.flat[:2]
    assert (push_ups.hold_ms, push_ups.fixed) == (40_000, True)
    assert (plank.hold_ms, plank.fixed) == (30_000, False)
    assert all(one.fixed for one in routine.flat[2:4])  # every: each start is on time


def test_a_routine_may_be_a_title_and_a_text() -> None:
    (passage,) = routine_of("text.yaml").exercises
    assert isinstance(passage, Passage)
    assert (passage.name, passage.slug) == ("Body scan", "body-scan")
    assert passage.say[:2] == ("Close your eyes.", Paragraph())


@pytest.mark.parametrize("name", ["items.yaml", "text.yaml"])
def test_a_routine_with_items_is_written_and_read_back_as_it_was(name: str) -> None:
    routine = routine_of(name)
    assert parse_routine(routine_text(routine)) == routine


def test_a_group_is_changed_by_its_slug(routine: Routine) -> None:
    overrides = {"rest": "group-1=30s", "work": "45s", "round_rest": "2x", "every": "minutes=90s"}
    changed = customise(routine, overrides).routine
    circuit, minutes = (item for item in changed.exercises if isinstance(item, Group))
    assert (circuit.rest_ms, circuit.work_ms, circuit.round_rest_ms) == (30_000, 45_000, 120_000)
    assert minutes.every_ms == 90_000
    assert [one.hold_ms for one in changed.flat[:2]] == [45_000, 30_000]


@pytest.mark.parametrize(
    ("overrides", "done"),
    [
        ({"skip": ["arriving"]}, "push-ups side-plank words squats lunges plank bridge"),
        ({"from": ["2"]}, "side-plank words squats lunges plank bridge"),
        ({"only": ["2-3"]}, "side-plank words squats"),
        ({"only": ["2,3"]}, "side-plank squats"),
        ({"only": ["group-1"], "skip": ["words"]}, "push-ups side-plank"),
    ],
)
def test_a_selection_takes_slugs_of_passages_and_groups(routine: Routine, overrides: dict[str, str], done: str) -> None:
    left = [one.slug for one in customise(routine, overrides).routine.inside if not one.skip]
    assert " ".join(left) == done


VARIANT = """
extends: {path}
exercises:
  group-1: {{rest: 30s, round_rest: null}}
  arriving: {{skip: true}}
  words: {{say: "Stay here. [10s]"}}
"""


def test_a_variant_changes_groups_and_passages_by_slug() -> None:
    changed = parse_routine(VARIANT.format(path=VALID / "items.yaml"))
    arriving, group = changed.exercises[:2]
    assert isinstance(arriving, Passage)
    assert isinstance(group, Group)
    assert arriving.skip
    assert (group.rest_ms, group.round_rest_ms) == (30_000, None)
    assert group.exercises[-1].say == ("Stay here.", Pause(Limits(10_000, 10_000, 10_000)))  # type: ignore[union-attr]
