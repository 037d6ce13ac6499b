"""Every sentence about a problem, asserted in full and only here: an example for each code of a catalogue.

The examples of an area are in tests/sentences/AREA.toml: the fields of a problem, and its sentence. A code with several
examples is an array of tables; the examples of remedies are worded as flags.
"""

import tomllib
from pathlib import Path
from typing import Any

import audiogen
from audiogen.errors import Problem, Remedy
from audiogen.errors.sentences import as_flag, catalogue
from tests.each import each

CATALOGUES = sorted(path.stem for path in (Path(audiogen.__file__).parent / "errors" / "catalogue").glob("*.toml"))
EXAMPLES = {
    path.stem: tomllib.loads(path.read_text("utf-8")) for path in Path(__file__).parent.glob("sentences/*.toml")
}


@each("area", CATALOGUES)
def test_every_code_has_an_example(area: str) -> None:
    assert EXAMPLES.get(area, {}).keys() == catalogue(area).keys()


@each(
    ("area", "code", "example"),
    [
        (area, code, example)
        for area, codes in sorted(EXAMPLES.items())
        for code, written in codes.items()
        for example in (written if isinstance(written, list) else [written])
    ],
)
def test_a_problem_has_this_sentence(area: str, code: str, example: dict[str, Any]) -> None:
    fields = {key: value for key, value in example.items() if key not in ("sentence", "remedies")}
    if area == "remedies":
        assert as_flag(Remedy(code, **fields)) == example["sentence"]
    else:
        remedies = tuple(Remedy(**remedy) for remedy in example.get("remedies", ()))
        assert str(Problem(f"{area}.{code}", remedies=remedies, **fields)) == example["sentence"]
