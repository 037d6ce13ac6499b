"""Durations and factors as users write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.durations import LONGEST_MS, format_clock, format_duration, parse_duration, parse_factor
from audiogen.errors import DurationError

lengths_ms = st.integers(0, LONGEST_MS)


@pytest.mark.parametrize(
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
        ("0.001s", 1),
        ("0", 0),
        ("24h", LONGEST_MS),
    ],
)
def test_a_duration_is_read_as_whole_milliseconds(written: str | float, ms: int) -> None:
    assert parse_duration(written) == ms


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("long", "must be a duration such as 45s or 1m30s, found 'long'"),
        ("", "must be a duration such as 45s or 1m30s, found ''"),
        (" ", "must be a duration such as 45s or 1m30s, found ' '"),
        ("1m30", "must be a duration such as 45s or 1m30s, found '1m30'"),
        ("30s1m", "must be a duration such as 45s or 1m30s, found '30s1m'"),
        ("1:75", "must be a duration such as 45s or 1m30s, found '1:75'"),
        ("1e3", "must be a duration such as 45s or 1m30s, found '1e3'"),
        ("٣s", "must be a duration such as 45s or 1m30s, found '٣s'"),
        (True, "must be a duration such as 45s or 1m30s, found True"),
        (float("nan"), "must be a duration such as 45s or 1m30s, found nan"),
        (float("inf"), "must be a duration such as 45s or 1m30s, found inf"),
        ("-5s", "must not be negative, found '-5s'"),
        (-5, "must not be negative, found -5"),
        ("1.2345s", "must be whole milliseconds, found '1.2345s'"),
        ("25h", "must be at most 24h, found '25h'"),
        ("9" * 5000, "must be at most 24h, found '" + "9" * 39 + "…'"),
    ],
)
def test_what_is_no_duration_is_refused_with_what_was_found(written: str | float, message: str) -> None:
    with pytest.raises(DurationError) as caught:
        parse_duration(written)
    assert str(caught.value).startswith(message)


@given(lengths_ms)
def test_a_written_duration_reads_back_to_the_same_milliseconds(ms: int) -> None:
    assert parse_duration(format_duration(ms)) == ms


@given(lengths_ms)
def test_a_clock_reads_back_to_the_second_it_lies_in(ms: int) -> None:
    assert parse_duration(format_clock(ms)) == ms // 1000 * 1000


@given(lengths_ms)
def test_seconds_written_with_a_fraction_are_exact(ms: int) -> None:
    assert parse_duration(f"{ms // 1000}.{ms % 1000:03}") == ms


@given(st.text() | st.floats() | st.integers())
def test_anything_else_is_a_duration_error(written: str | float) -> None:
    try:
        ms = parse_duration(written)
    except DurationError:
        return
    assert 0 <= ms <= LONGEST_MS


@pytest.mark.parametrize(
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
def test_what_is_no_factor_is_none(text: str) -> None:
    assert parse_factor(text) is None


@pytest.mark.parametrize("text", ["0x", "0.0x", "101x", "9" * 400 + "x"])
def test_a_factor_outside_its_limits_is_refused(text: str) -> None:
    with pytest.raises(DurationError, match="must be a factor above 0 and at most 100, found '"):
        parse_factor(text)
