"""Durations and factors as users write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.durations import LONGEST_MS, format_clock, format_duration, parse_duration, parse_factor
from audiogen.errors import DurationError, Place
from audiogen.phrases import languages, load_phrases
from tests.each import each
from tests.strategies import any_text

lengths_ms = st.integers(0, LONGEST_MS)


@each(
    ("written", "ms"),
    [
        (90, 90_000),
        (3.25, 3_250),
        ("90", 90_000),
        ("90s", 90_000),
        (" 90 s ", 90_000),
        ("30 sec", 30_000),
        ("1m30s", 90_000),
        ("1m 30s", 90_000),
        ("1:30", 90_000),
        ("0:05.5", 5_500),
        ("1:00:00", 3_600_000),
        ("1h", 3_600_000),
        ("1h30m", 5_400_000),
        ("10 min", 600_000),
        ("1.5m", 90_000),
        ("3.25S", 3_250),
        ("250ms", 250),
        ("45 seconds", 45_000),
        ("1 minute", 60_000),
        ("2 min", 120_000),
        ("2 mins", 120_000),
        ("30 secs", 30_000),
        ("1.5 hours", 5_400_000),
        ("1 minute 30 seconds", 90_000),
        ("45 Sekunden", 45_000),
        ("45秒", 45_000),
        ("0.001s", 1),
        ("0", 0),
        ("24h", LONGEST_MS),
    ],
)
def test_a_duration_is_read_as_whole_milliseconds(written: str | float, ms: int) -> None:
    assert parse_duration(written) == ms


@each("language", languages())
def test_the_units_of_every_language_are_read(language: str) -> None:
    units, written = (load_phrases(language).cues[section] for section in ("units", "written"))
    for unit, length_ms in (("second", 1000), ("minute", 60_000)):
        for spoken in [*units[unit].values(), written[unit]]:
            word = spoken.split()[-1] if " " in spoken else spoken.removeprefix("{n}")
            assert parse_duration(f"3 {word}") == 3 * length_ms


@each(
    ("written", "code", "found"),
    [
        *((text, "unreadable", f"'{text}'") for text in ("long", "", " ", "1m30", "30s1m", "1:75", "1e3", "٣s")),
        (True, "unreadable", "'true'"),
        (None, "unreadable", "nothing"),
        (["45s"], "unreadable", "a list"),
        (float("nan"), "unreadable", "'nan'"),
        (float("inf"), "unreadable", "'inf'"),
        ("-5s", "negative", "'-5s'"),
        (-5, "negative", "'-5'"),
        ("1.2345s", "too-fine", "'1.2345s'"),
        ("25h", "too-long", "'25h'"),
        ("9" * 5000, "too-long", "'" + "9" * 39 + "…'"),
    ],
)
def test_what_is_not_a_duration_is_refused_with_what_was_found(written: object, code: str, found: str) -> None:
    with pytest.raises(DurationError) as caught:
        parse_duration(written)
    (problem,) = caught.value.problems
    assert (problem.code, problem.found) == (f"durations.{code}", found)


def test_an_error_recommends_what_its_caller_needs_and_names_the_key_or_flag() -> None:
    with pytest.raises(DurationError) as caught:
        parse_duration("soon", such_as="10m, or none")
    problem = caught.value.about("length", Place("hips.yaml", 2, 9))
    assert (problem.subject, problem.expected) == ("length", "10m, or none")
    assert (str(caught.value).split()[0], str(problem).split()[:2]) == ("this", ["hips.yaml:2:9:", "length"])


@given(lengths_ms)
def test_a_written_duration_reads_back_to_the_same_milliseconds(ms: int) -> None:
    assert parse_duration(format_duration(ms)) == ms


@given(lengths_ms)
def test_a_clock_reads_back_to_the_second_it_lies_in(ms: int) -> None:
    assert parse_duration(format_clock(ms)) == ms // 1000 * 1000


@given(lengths_ms)
def test_seconds_written_with_a_fraction_are_exact(ms: int) -> None:
    assert parse_duration(f"{ms // 1000}.{ms % 1000:03}") == ms


@given(any_text() | st.floats() | st.integers())
def test_anything_else_is_a_duration_error(written: str | float) -> None:
    try:
        ms = parse_duration(written)
    except DurationError:
        return
    assert 0 <= ms <= LONGEST_MS


@each(
    ("ms", "text"),
    [(0, "0s"), (1, "0.001s"), (45_000, "45s"), (60_000, "1m"), (90_000, "1m30s"), (3_250, "3.25s"), (600_000, "10m")],
)
def test_a_duration_is_written_as_briefly_as_it_can_be(ms: int, text: str) -> None:
    assert format_duration(ms) == text


@pytest.mark.parametrize(("ms", "text"), [(0, "0:00"), (999, "0:00"), (83_400, "1:23"), (3_600_000, "1:00:00")])
def test_a_clock_shows_minutes_and_seconds(ms: int, text: str) -> None:
    assert format_clock(ms) == text


@pytest.mark.parametrize(("text", "factor"), [("1.5x", 1.5), (" 2 × ", 2.0), ("0.75X", 0.75), ("100x", 100.0)])
def test_a_factor_is_read(text: str, factor: float) -> None:
    assert parse_factor(text) == factor


@pytest.mark.parametrize("text", ["", "x", "45s", "1.5", "-2x", "twice"])
def test_what_is_not_a_factor_is_none(text: str) -> None:
    assert parse_factor(text) is None


@pytest.mark.parametrize("text", ["0x", "0.0x", "101x", "9" * 400 + "x"])
def test_a_factor_outside_its_limits_is_refused(text: str) -> None:
    with pytest.raises(DurationError) as caught:
        parse_factor(text)
    assert caught.value.problems[0].code == "durations.factor-out-of-range"
