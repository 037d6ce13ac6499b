"""Inputs in many layouts, each with what a careful reader finds in it."""

from pathlib import Path

import pytest

from tests.importing.expectations import failures

INPUTS = sorted(path for path in Path(__file__).with_name("inputs").iterdir() if not path.name.endswith(".expect.json"))


@pytest.mark.parametrize("source", INPUTS, ids=lambda path: path.name)
def test_an_input_is_read_as_a_careful_reader_would(source: Path) -> None:
    checked, failed = failures(source)
    assert checked >= 7
    assert failed == []


def test_there_are_inputs_in_many_layouts() -> None:
    assert len(INPUTS) >= 16
    assert len({path.suffix for path in INPUTS}) >= 7
