"""The time to get into position: by the words of the routine, or by its `position`."""

import pytest

from audiogen import load_routine, parse_routine, plan
from audiogen.routine.pauses import SETTLING, settling
from audiogen.script.course import turns_of
from audiogen.script.positions import ways_of
from audiogen.session import Plan
from audiogen.timeline.model import Timeline
from tests.shipped import ALL

CHANGE_MS = 8000


def ways(*exercises: str) -> list[str]:
    """The ways into exercises, each given by its keys."""
    written = ", ".join(f"{{name: X{number}, hold: 20s, {keys}}}" for number, keys in enumerate(exercises))
    routine = parse_routine(f"title: T\nexercises: [{written}]")
    return list(ways_of(turns_of(routine), routine.language).values())


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("setup: Lie on your back.", "setup: Come onto hands and knees.", "long"),
        ("setup: Lie on your back.", "setup: Roll onto your belly.", "short"),
        ("setup: Kneel on a cushion.", "setup: Come onto hands and knees.", "short"),
        ("setup: Sit tall.", "setup: Lie on your back.", "long"),
        ("setup: 'Lie on your back.', release: Come up to standing.", "setup: Stand tall.", "short"),
        ("setup: Lie on your back.", "setup: Arms wide.", "unknown"),
        ("position: lying", "position: seated", "long"),
        ("position: kneeling, setup: Lie on your back.", "position: kneeling", "short"),
        ("setup: Arms wide.", "setup: Lie on your back.", "unknown"),
    ],
)
def test_a_way_is_as_long_as_the_change_of_position(before: str, after: str, way: str) -> None:
    assert ways(before, after)[1] == way


def test_an_exercise_that_names_no_position_is_done_in_that_of_the_one_before_it() -> None:
    assert ways("setup: Lie on your back.", "setup: Arms wide.", "setup: Roll onto your belly.") == [
        "long",
        "unknown",
        "short",
    ]


def test_whoever_begins_stands() -> None:
    assert [ways(setup) for setup in ("setup: Stand tall.", "setup: Lie down.", "setup: Arms wide.")] == [
        ["short"],
        ["long"],
        ["unknown"],
    ]


@pytest.mark.parametrize(("lines", "floor_ms"), [(0, 8000), (1, 6800), (3, 4400), (9, 1000)])
def test_what_is_said_of_the_dose_belongs_to_the_settling(lines: int, floor_ms: int) -> None:
    assert settling("long", dose_lines=lines).floor_ms == floor_ms
    assert settling("long", dose_lines=lines).ceiling_ms == SETTLING["long"].ceiling_ms


def changes(planned: Plan) -> list[tuple[int, int]]:
    """From the last word of each set-up that leads to another position to the start tone, by exercise."""
    ways = ways_of(turns_of(planned.routine), planned.routine.language)
    long = {(place.exercise, place.round) for place, way in ways.items() if way == "long"}
    found: dict[int, int] = {}
    timeline: Timeline = planned.timeline
    for work in timeline.sets:
        where = (work.place.exercise, work.place.round)
        setups = [
            event
            for event in timeline.events
            if event.role == "setup" and (event.place.exercise, event.place.round) == where
        ]
        if where in long and setups:
            found.setdefault(where[0] or 0, work.start_ms - setups[-1].end_ms)
    return list(found.items())


@pytest.mark.parametrize("path", ALL, ids=[path.stem for path in ALL])
def test_no_shipped_routine_asks_for_another_position_in_less_than_eight_seconds(path: object) -> None:
    routine = load_routine(str(path))
    found = changes(plan(routine, voice="builtin" if routine.language == "en" else "gtts"))
    assert [(exercise, ms) for exercise, ms in found if ms < CHANGE_MS] == []


def test_upper_back_has_long_ways() -> None:
    assert [exercise for exercise, _ in changes(plan(load_routine("upper-back"), voice="builtin"))] == [1, 2, 4]
