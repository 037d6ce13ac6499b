"""What a session may hold, and what planning it costs."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen import AudiogenError, parse_routine, plan
from audiogen.routine.limits import MOST_CUES, MOST_PHASES
from audiogen.script import APART_MS, Ask, Cued, Place, Say, Tone, Work
from audiogen.timeline.conflicts import _Taken, fill
from tests import command

LETTERS = "abcdefghijklmnopqrst"
CUES = ", ".join(f"{{at: {n}ms, say: word}}" for n in range(MOST_CUES + 1))
PHASES = ", ".join(["{for: 1s}"] * (MOST_PHASES + 1))
SETS = ", ".join(
    f"{{name: One, id: one-{first}{second}, hold: 5s, sets: 20, rest: 5s}}" for first in LETTERS for second in LETTERS
)


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        (f"exercises: [{{name: One, hold: 30s, cues: [{CUES}]}}]", "routine.too-many"),
        (f"exercises: [{{name: One, reps: 2, tempo: [{PHASES}]}}]", "routine.too-many"),
        ("rounds: 20\nexercises: [{name: One, hold: 20h, sets: 20, rest: 5s}]", "script.too-long"),
        ("exercises: [{name: One, hold: 1s, gap: 24h, setup: [a, b, c]}]", "script.too-long"),
        ("exercises: [{name: One, hold: 14h, remaining: 5s}]", "script.too-many-sounds"),
        (
            "rounds: 20\nexercises: [{name: One, reps: 500, sides: [right, left], tempo: [{for: 1s}]}]",
            "script.too-many-sounds",
        ),
        (f"rounds: 20\nexercises: [{SETS}]", "script.too-many-sounds"),
    ],
    ids=["cues", "phases", "length", "silences", "announcements", "repetitions", "rounds"],
)
def test_a_session_beyond_a_limit_is_refused(keys: str, code: str) -> None:
    with pytest.raises(AudiogenError) as caught:
        plan(parse_routine(f"title: Long\n{keys}\n"), voice="builtin")
    assert caught.value.problems[0].code == code


def test_check_reports_it(tmp_path: Path) -> None:
    (tmp_path / "long.yaml").write_text("title: T\nrounds: 20\nexercises: [{name: One, hold: 20h}]\n")
    done = command.run("check", "long.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "long would last more than 24 hours" in done.stdout


# -- planning is linear in what sounds


class Counting(int):
    """A number that counts what is done with it."""

    done = 0

    def _counted(self, result: Any) -> Any:
        Counting.done += 1
        return Counting(result) if type(result) is int else result

    def __add__(self, other: int) -> Any:
        return self._counted(int(self) + int(other))

    def __sub__(self, other: int) -> Any:
        return self._counted(int(self) - int(other))

    def __lt__(self, other: int) -> Any:
        return self._counted(int(self) < int(other))

    def __le__(self, other: int) -> Any:
        return self._counted(int(self) <= int(other))

    def __gt__(self, other: int) -> Any:
        return self._counted(int(self) > int(other))

    def __ge__(self, other: int) -> Any:
        return self._counted(int(self) >= int(other))


def effort(asks: int) -> int:
    """How many operations it takes to place so many standard cues, with a written one before each."""
    place = Place()
    apart = 2 * (500 + APART_MS)
    work = Work(
        kind="hold",
        length_ms=Counting((asks + 1) * apart),
        tone=Tone("start", place),
        place=place,
        cues=tuple(Cued(Counting(n * apart), Say("word", "cue", place)) for n in range(1, asks + 1)),
        asks=tuple(Ask(Counting(n * apart + apart // 2), (Say("word", "remaining", place),)) for n in range(1, asks)),
    )
    Counting.done = 0
    content = fill(work, {"word": 500})
    assert not content.problems
    assert len(content.placed) == 2 * asks
    return Counting.done


def test_planning_ten_times_as_much_takes_little_more_than_ten_times_as_long() -> None:
    assert effort(2000) < 20 * effort(200)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=12), st.integers(0, 60), st.integers(1, 9))
def test_what_is_taken_is_what_any_stretch_takes(stretches: list[tuple[int, int]], after: int, length: int) -> None:
    taken = _Taken()
    for start, long in stretches:
        taken.add(start, start + long)
    before = after + length
    assert taken.meets(after, before) == any(s < before and s + long > after for s, long in stretches)
