"""A chapter for the opening, each exercise and side, and the closing, from 0 to the end, with the work in its title."""

from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from audiogen import load_routine, parse_routine, plan
from audiogen.phrases import languages, load_phrases
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.views.chapters import chapters_of

from ..shipped import ROUTINES, TRANSLATIONS, planned
from ..strategies import documents, read

SETS = """
title: Sets
language: {language}
exercises:
  - rounds: 2
    exercises:
      - name: Lunge
        sides: [right, left]
        hold: {right: 30s, left: 1m30s}
        sets: 2
        rest: 15s
  - name: Curl
    sides: alternate
    reps: 4
    tempo: [{for: 2s}, {for: 2s}]
  - name: Push
    sets: 3
    rest: 10s
    reps: 1
    tempo: [{for: 3.25s}]
"""


def sets(language: str = "en") -> Timeline:
    return plan(parse_routine(SETS.replace("{language}", language)), overrides={"guidance": "tones"}).timeline


def titles(timeline: Timeline) -> list[str]:
    return [chapter.title for chapter in chapters_of(timeline)]


def test_the_upper_back_has_a_chapter_a_side_with_the_work_in_its_title() -> None:
    assert titles(plan(load_routine("upper-back"), voice="builtin").timeline) == [
        "Opening",
        "1 Horizontal foam roller, 1 min",
        "2 Foam roller snow angels, 12 repetitions",
        "3 Double V, right side, 30 s",
        "3 Double V, left side, 30 s",
        "4 Thread the needle, right side, 30 s",
        "4 Thread the needle, left side, 30 s",
        "5 Eagle arm circles, right side, 5 repetitions",
        "5 Eagle arm circles, left side, 5 repetitions",
        "6 Cat stretch, 20 s",
        "7 Embryo's pose, 1 min",
        "Closing",
    ]


def test_sets_and_rounds_and_changing_sides_are_told() -> None:
    assert titles(sets()) == [
        "Opening",
        "1 Lunge, round 1, right side, 2 × 30 s",
        "1 Lunge, round 1, left side, 2 × 1 min 30 s",
        "1 Lunge, round 2, right side, 2 × 30 s",
        "1 Lunge, round 2, left side, 2 × 1 min 30 s",
        "2 Curl, 4 repetitions, changing sides",
        "3 Push, 3 × 1 repetition",
        "Closing",
    ]


@pytest.mark.parametrize(
    ("language", "lunge", "curl"),
    [
        ("es", "1 Lunge, ronda 1, lado izquierdo, 2 × 1 min 30 s", "2 Curl, 4 repeticiones, alternando lados"),
        ("de", "1 Lunge, Runde 1, links, 2 × 1 min 30 s", "2 Curl, 4 Wiederholungen, die Seiten im Wechsel"),
        ("pl", "1 Lunge, runda 1, lewa strona, 2 × 1 min 30 s", "2 Curl, 4 powtórzenia, strony na zmianę"),
        ("ja", "1 Lunge、ラウンド1、左側、2 × 1分 30秒", "2 Curl、4回、左右交互"),
    ],
)
def test_titles_are_in_the_language_of_the_session(language: str, lunge: str, curl: str) -> None:
    found = titles(sets(language))
    assert (found[2], found[5]) == (lunge, curl)


@pytest.mark.parametrize("language", sorted({*languages()} - {"en"}))
def test_no_english_word_is_left_in_another_language(language: str) -> None:
    english = {word for title in titles(sets()) for word in title.replace(",", "").split() if word.isalpha()}
    found = {word for title in titles(sets(language)) for word in title.replace("、", ", ").replace(",", "").split()}
    assert english & found <= {"Lunge", "Curl", "Push", "min", "s"}


def test_the_length_of_work_is_told_to_the_millisecond() -> None:
    assert load_phrases("de").written_length(3_250) == "3,25 s"
    assert load_phrases("en").written_length(3_660_000) == "1 h 1 min"
    assert load_phrases("en").written_length(1) == "0.001 s"


@pytest.mark.parametrize("path", [*ROUTINES.values(), *TRANSLATIONS.values()], ids=lambda path: path.stem)
def test_a_second_side_begins_right_before_the_words_that_lead_to_it(path: Path) -> None:
    timeline = planned(path)
    tiles = list(timeline.tiles())
    seconds = [
        before.start_ms
        for before, tile in pairwise(tiles)
        if tile.kind == "say" and tile.role == "switch"
        if before.start_ms == ends_of_work(timeline).get(tile.place.exercise)
    ]
    begins = [chapter.start_ms for chapter in chapters_of(timeline)]
    assert begins == sorted({*begins, *seconds})
    assert len(seconds) == len(begins) - 2 - len(timeline.exercises)


def ends_of_work(timeline: Timeline) -> dict[int | None, int]:
    """Where the bell has ended that closes the work on the first side, by exercise."""
    ends: dict[int | None, int] = {}
    for event in timeline.events:
        if event.kind == "tone" and event.role == "end":
            ends.setdefault(event.place.exercise, event.end_ms)
    return ends


LONG = """
title: Long
exercises:
  - rounds: 20
    exercises:
      - {name: Lunge, sides: [right, left], hold: {right: 5s, left: 7s}, sets: 2, rest: 5s, switch: Turn round.}
      - {name: Plank, hold: 10s, sets: 3, rest: 5s, release: Sit up.}
      - {name: Curl, sides: alternate, reps: 4, tempo: [{for: 2s}, {for: 2s}]}
  - {name: Push, sides: [left, right], reps: 2, tempo: [{say: Down, for: 3s}, {say: Up, for: 3s}]}
"""
ALTERNATING = 3


def test_each_chapter_of_a_long_session_begins_where_the_words_that_lead_to_its_work_do() -> None:
    timeline = plan(parse_routine(LONG), voice="builtin").timeline
    tiles = list(timeline.tiles())
    begins, done_ms, visit = [0], 0, None
    works = (event for event in timeline.events if event.kind in ("hold", "rep"))
    for key, work in groupby(works, key=lambda one: (one.place.exercise, one.place.round, side_worked(one))):
        *now, side = key
        begins.append(
            next(
                tile.start_ms
                for tile in tiles
                if tile.start_ms >= done_ms
                and [tile.place.exercise, tile.place.round] == now
                and (now != visit or tile.place.side == side)
            )
        )
        done_ms, visit = [one.end_ms for one in work][-1], now
    begins.append(next(tile.start_ms for tile in tiles if tile.place.exercise is None))
    assert [chapter.start_ms for chapter in chapters_of(timeline)] == begins
    assert len(begins) == 1 + 20 * (2 + 1 + 1) + 2 + 1


def side_worked(event: Event) -> str | None:
    return None if event.place.exercise == ALTERNATING else event.place.side


@given(documents())
def test_chapters_follow_one_another_from_zero_to_the_end(document: dict[str, Any]) -> None:
    timeline = plan(read(document), voice="builtin").timeline
    chapters = chapters_of(timeline)
    assert [chapter.start_ms for chapter in chapters] == [0, *(chapter.end_ms for chapter in chapters[:-1])]
    assert chapters[-1].end_ms == timeline.length_ms
    assert all(chapter.start_ms < chapter.end_ms for chapter in chapters)
    works = [event for event in timeline.events if event.is_work]
    for chapter in chapters:
        inside = [work for work in works if chapter.start_ms <= work.start_ms and work.end_ms <= chapter.end_ms]
        assert {work.place.exercise for work in inside} == ({chapter.exercise} if chapter.exercise else set())
        assert len({work.place.round for work in inside}) == bool(chapter.exercise)
        sides = {work.place.side for work in inside}
        assert len(sides) == bool(chapter.exercise) or chapter.dose.endswith("changing sides")
