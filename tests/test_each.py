"""A test of many cases tries each of them, and says which failed."""

from pathlib import Path

import pytest

from tests.each import each


@each("first", [1, 2])
@each(("second", "third"), lambda: [(3, 4), (5, 6)])
def test_a_case_has_its_values_and_a_test_its_fixtures(first: int, second: int, third: int, tmp_path: Path) -> None:
    (tmp_path / f"{first}{second}{third}").touch(exist_ok=False)


def test_every_case_that_fails_is_named_and_the_others_are_tried() -> None:
    tried = []

    @each("number", [1, 2, 3])
    def test(number: int) -> None:
        tried.append(number)
        assert number == 2

    with pytest.raises(ExceptionGroup, match="2 of 3 cases") as caught:
        test()
    assert tried == [1, 2, 3]
    assert [error.__notes__ for error in caught.value.exceptions] == [["with {'number': 1}"], ["with {'number': 3}"]]


def test_no_case_is_an_error() -> None:
    with pytest.raises(AssertionError, match="no case"):
        each("number", [])(lambda **_: None)()
