"""The page of keys in docs says what the models say."""

from ruamel.yaml import YAML

from audiogen.routine.reference import PAGE, page
from tests.each import each

ROWS = [line.split(" | ") for line in page().splitlines() if line.startswith("| `")]


def test_the_page_of_keys_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it again: python -m audiogen.routine.reference"


@each("row", ROWS)
def test_each_key_has_a_description_its_values_and_an_example(row: list[str]) -> None:
    key, what, values, _, example = (cell.strip("| ") for cell in row)
    assert what
    assert values
    assert YAML(typ="safe", pure=True).load(example.strip("`").replace("\\|", "|")).keys() == {key.strip("`")}
    assert "…" not in example
