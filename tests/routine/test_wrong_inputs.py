"""What is said of wrong files, word for word, with line and column: a new case is a table in wrong-inputs.toml."""

import tomllib
from pathlib import Path

import pytest

from audiogen.errors import RoutineError
from audiogen.routine.load import parse_routine
from tests.each import each

CASES = tomllib.loads(Path(__file__).with_name("wrong-inputs.toml").read_text("utf-8"))


@each("name", CASES)
def test_a_wrong_file_is_answered_word_for_word(name: str) -> None:
    with pytest.raises(RoutineError) as caught:
        parse_routine(CASES[name]["text"], "a.yaml")
    assert list(map(str, caught.value.problems)) == CASES[name]["said"]
