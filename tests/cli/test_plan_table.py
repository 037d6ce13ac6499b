"""The plan as a table and as sentences: what overrides changed is marked in both."""

from typing import Any

from audiogen.cli.plan_table import plan_sentences, plan_table
from audiogen.durations import parse_duration
from audiogen.routine.load import load_routine
from audiogen.timeline.compose import Plan, Spoken, compose, draft


def overridden(**overrides: Any) -> Plan:
    def speak(texts: Any) -> Spoken:
        return Spoken({text: 150 + 55 * len(text) for text in texts}, True)

    return compose(draft(load_routine("upper-back"), overrides), "test", speak)


def marked(lines: list[str]) -> list[str]:
    return [line.split(maxsplit=2)[2] for line in lines if line.startswith("* ")]


def test_overridden_rows_have_a_mark_and_the_old_value() -> None:
    assert marked(plan_table(overridden(hold="3=45s"))) == [
        "45s    hold, right side  (was 30s)",
        "45s    hold, left side  (was 30s)",
    ]


def test_the_mark_is_there_with_colours_too_and_has_one_of_its_own() -> None:
    lines = plan_table(overridden(hold="cat=30s"), colours=True)
    (line,) = [line for line in lines if "(was 20s)" in line]
    assert line.startswith("\x1b[33m* ")
    assert line.endswith("(was 20s)\x1b[0m")


def test_columns_stay_where_they_are_whether_rows_are_marked_or_not() -> None:
    plain, changed = plan_table(overridden()), plan_table(overridden(countdown="cat=0"))
    assert [line.replace("*", " ").partition("  (")[0] for line in changed[: len(plain)]] == plain


def test_each_event_begins_where_the_one_before_it_ends_to_the_shown_tenth() -> None:
    lines = plan_table(overridden(), every_event=True)[3:]
    shown = [line.split()[:2] for line in lines if line.endswith(("(silence)", '"', "tone"))]
    tenths = [
        (int(time[0]) * 600 + round(float(time[2:]) * 10), parse_duration(length) // 100) for time, length in shown
    ]
    assert len(tenths) > 200
    assert [begin + length for begin, length in tenths[:-1]] == [begin for begin, _ in tenths[1:]]


def test_changes_of_the_whole_session_end_the_table() -> None:
    assert plan_table(overridden(hold="3=45s"))[-2:] == ["", "changed: length 10m30s (was 10m)"]
    assert plan_table(overridden(hold="3=45s"), every_event=True)[-1] == "changed: length 10m30s (was 10m)"


def test_sentences_say_what_the_mark_shows() -> None:
    lines = plan_sentences(overridden(hold="3.right=45s", skip="7"))
    assert [line.partition(": ")[2] for line in lines if ", was " in line] == ["hold, right side, 45s, was 30s."]
    assert lines[-2:] == ["Changed: length none (was 10m).", "Left out: embryo-s-pose."]
