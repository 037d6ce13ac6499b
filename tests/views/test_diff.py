"""What differs between two plans: lengths that add up, doses in words, cues that are new."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from audiogen.cli.diff import difference_sentences, difference_table, print_differences
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.model import Routine
from audiogen.timeline.compose import Spoken, compose, draft
from audiogen.timeline.model import Timeline
from audiogen.views.diff import Differences, compare
from tests.strategies import documents, read

PAIR = """
title: Pair
exercises:
  - {name: Lean, sides: [right, left], hold: 30s}
  - {name: Angels, reps: 4, tempo: [{for: 3s}, {for: 3s}]}
"""


def timed(routine: Routine, /, exact: bool = True, **overrides: Any) -> Timeline:
    def speak(texts: Any) -> Spoken:
        return Spoken({text: 150 + 55 * len(text) for text in texts}, exact)

    return compose(draft(routine, overrides), "test", speak).timeline


def differences(**overrides: Any) -> Differences:
    routine = load_routine("upper-back")
    return compare(timed(routine), timed(routine, **overrides))


def doses(**overrides: Any) -> list[tuple[str | None, str | None]]:
    """Of each exercise of the pair, what its dose was and is."""
    routine = parse_routine(PAIR)
    found = compare(timed(routine), timed(routine, **overrides))
    return [(one.before_dose, one.after_dose) for one in found.parts if one.before_dose != one.after_dose]


def test_a_longer_hold_is_the_only_difference_beside_what_is_said_of_it() -> None:
    found = differences(hold="double-v=45s")
    assert found.added_ms == 30_000
    (one,) = found.parts
    assert (one.slug, one.name) == ("double-v", "Double V")
    assert (one.before_dose, one.after_dose) == ("30s per side", "45s per side")
    assert abs(one.added_ms - 30_000) < 1000
    assert found.words_added == ("Seven exercises, about ten minutes.", "Forty-five seconds each side.")
    assert found.words_removed == ("Seven exercises, ten minutes.",)


@pytest.mark.parametrize(
    ("overrides", "before", "after"),
    [
        ({"hold": "lean.left=45s"}, "30s per side", "30s on the right and 45s on the left"),
        ({"sets": "lean=3", "rest": "lean=20s"}, "30s per side", "3 sets of 30s per side, 20s rest in between"),
        ({"reps": "angels=1"}, "4 repetitions of 6s", "1 repetition of 6s"),
        ({"tempo": "angels=1.5x"}, "4 repetitions of 6s", "4 repetitions of 9s"),
        (
            {"sets": "angels=2", "rest": "angels=8s"},
            "4 repetitions of 6s",
            "2 sets of 4 repetitions of 6s, 8s rest in between",
        ),
    ],
)
def test_a_changed_dose_is_told_in_words(overrides: dict[str, str], before: str, after: str) -> None:
    assert doses(**overrides) == [(before, after)]


def test_rounds_are_part_of_the_dose() -> None:
    assert doses(rounds="2") == [
        ("30s per side", "2 rounds of 30s per side"),
        ("4 repetitions of 6s", "2 rounds of 4 repetitions of 6s"),
    ]


def test_one_side_alone_is_named() -> None:
    before = parse_routine("{title: R, exercises: [{name: A, sides: [left], hold: 20s}]}")
    (one,) = compare(timed(before), timed(before, hold="30s")).parts
    assert (one.before_dose, one.after_dose) == ("20s on the left", "30s on the left")


def test_exercises_that_are_new_or_gone_have_a_length_on_one_side_alone() -> None:
    before, after = timed(load_routine("upper-back")), timed(load_routine("desk-reset"))
    found = compare(before, after)
    added = [one.slug for one in found.parts if one.slug and one.before_ms is None]
    gone = [one.slug for one in found.parts if one.slug and one.after_ms is None]
    assert added == [one.slug for one in after.exercises]
    assert gone == [one.slug for one in before.exercises]
    assert "Desk reset." in found.words_added
    assert "Upper-back release." in found.words_removed
    assert "Session complete." not in (*found.words_added, *found.words_removed)


def test_another_order_is_told() -> None:
    turned = PAIR.splitlines()
    turned[3:5] = turned[4:2:-1]
    before, after = timed(parse_routine(PAIR)), timed(parse_routine("\n".join(turned)))
    assert compare(before, after).reordered
    assert "The exercises are in another order." in difference_table(compare(before, after), "A", "B")
    assert not compare(before, before).reordered


@given(documents(), documents())
def test_the_parts_of_two_sessions_add_up_to_the_whole(one: dict[str, Any], other: dict[str, Any]) -> None:
    before, after = timed(read(one), exact=False), timed(read(other), exact=False)
    found = compare(before, after)
    left_out_at_most_ms = 500 * (len(before.exercises) + 2)
    assert abs(found.added_ms - sum(part.added_ms for part in found.parts)) <= left_out_at_most_ms
    assert {*found.words_added} | {event.text for event in before.events if event.text} >= {
        event.text for event in after.events if event.text
    }


@given(documents())
def test_a_session_does_not_differ_from_itself(document: dict[str, Any]) -> None:
    timeline = timed(read(document), exact=False)
    assert not compare(timeline, timeline)
    assert difference_table(compare(timeline, timeline), "A", "B") == ["A, against B: nothing differs."]
    assert difference_sentences(compare(timeline, timeline), "A", "B") == ["A, against B: nothing differs."]


# -- as text


def test_the_table_has_the_whole_first_then_the_parts_then_the_words() -> None:
    assert difference_table(differences(hold="double-v=45s"), "upper-back --hold 3=45s", "upper-back") == [
        "upper-back --hold 3=45s, against upper-back",
        "",
        "    was     is  differs  what",
        "  10:00  10:30     +30s  the whole session",
        "  1m29s  1m59s     +30s  Double V: 45s per side, was 30s per side",
        "",
        "2 cues newly spoken:",
        '  "Seven exercises, about ten minutes."',
        '  "Forty-five seconds each side."',
        "",
        "1 cue no longer spoken:",
        '  "Seven exercises, ten minutes."',
    ]


def test_sentences_say_the_same() -> None:
    assert difference_sentences(differences(hold="double-v=45s"), "A", "B") == [
        "A, against B: 10:30, was 10:00, 30s longer.",
        "Double V: 45s per side, was 30s per side, 30s longer.",
        '2 cues newly spoken: "Seven exercises, about ten minutes.", "Forty-five seconds each side."',
        '1 cue no longer spoken: "Seven exercises, ten minutes."',
    ]


def test_an_exercise_left_out_has_a_dash_for_its_length() -> None:
    found = differences(skip="cat", length="10m")
    (line,) = [line for line in difference_table(found, "A", "B") if "left out" in line]
    assert line.split()[1:3] == ["-", "-33s"]
    assert line.endswith("left out: Cat stretch, 20s")
    assert any(line.startswith("Left out: Cat stretch, 20s, ") for line in difference_sentences(found, "A", "B"))
    assert found.added_ms == 0
    assert "as long as before" in difference_sentences(found, "A", "B")[0]


def test_many_cues_are_shown_only_where_all_are_asked_for() -> None:
    found = compare(timed(load_routine("upper-back")), timed(load_routine("desk-reset")))
    short, whole = difference_table(found, "A", "B"), difference_table(found, "A", "B", every_word=True)
    assert any(line.startswith("  and ") and line.endswith("more (to show them: --verbose)") for line in short)
    assert len([line for line in short if line.startswith('  "')]) == 20
    shown = [line for line in whole if line.startswith('  "')]
    assert len(shown) == len(found.words_added) + len(found.words_removed)


def test_estimates_are_called_so() -> None:
    routine = parse_routine(PAIR)
    found = compare(timed(routine), timed(routine, exact=False, hold="50s"))
    assert not found.exact
    assert difference_table(found, "A", "B")[-1] == "Speech lengths are estimated until the first render."


def test_the_json_document_holds_every_difference(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "pair.yaml").write_text(PAIR)
    timeline = replace(timed(parse_routine(PAIR), hold="lean=40s"), voice="builtin:heart")
    print_differences(timeline, "A", str(tmp_path / "pair.yaml"), "builtin", json=True, plain=False, every_word=False)
    document = json.loads(capsys.readouterr().out)
    assert document["exact"] is False
    assert document["after"] == {"title": "Pair", "length_ms": timeline.length_ms}
    assert [part["after_dose"] for part in document["parts"] if part["slug"] == "lean"] == ["40s per side"]
    assert "Forty seconds each side." in document["words_added"]
