"""Routine files as cases: valid ones are read, invalid ones give exactly the mistakes in the file next to them.

A new case is a new file in tests/routines/valid, or a pair of files in tests/routines/invalid. There a line has the
fields of a problem: "PLACE CODE: SUBJECT; expected EXPECTED; found FOUND".
"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from audiogen.errors import Place, Problem, RoutineError
from audiogen.routine.json_schema import schema
from audiogen.routine.keys import EXERCISE_KEYS, ROUTINE_KEYS
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.templates import TEMPLATES, template
from audiogen.routine.yaml import tree
from tests.each import each

HERE = Path(__file__).parents[1] / "routines"
VALID = sorted((HERE / "valid").glob("*.yaml"))
INVALID = sorted((HERE / "invalid").glob("*.yaml"))
SHIPPED = sorted((HERE.parents[1] / "routines").glob("*.yaml"))


def fields(problem: Problem) -> str:
    """The fields of a problem in one line, as the files of expected mistakes have them."""
    parts = [f"expected {problem.expected}"] * bool(problem.expected) + [f"found {problem.found}"] * bool(problem.found)
    said = "; ".join(([problem.subject] if problem.subject else []) + parts)
    return f"{problem.place} {problem.code}{': ' if said else ''}{said}"


def problem_of(text: str) -> Problem:
    """The only problem of a text."""
    with pytest.raises(RoutineError) as caught:
        parse_routine(text)
    (problem,) = caught.value.problems
    return problem


def typed(text: str) -> Any:
    """The document as an editor sees it: with YAML's own types, dates as text."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text.removeprefix("\ufeff")), default=str))


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


@pytest.mark.parametrize("path", [*VALID, *SHIPPED], ids=lambda path: path.stem)
def test_a_valid_file_is_read_and_fits_the_schema(path: Path, validator: Draft202012Validator) -> None:
    assert load_routine(path).source == path
    validator.validate(typed(path.read_text("utf-8")))


@each("path", INVALID)
def test_an_invalid_file_gives_all_its_mistakes_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    with pytest.raises(RoutineError) as caught:
        load_routine(path.name)
    expected = path.with_suffix(".expected").read_text("utf-8")
    for word, keys in (("EVERY_KEY", ROUTINE_KEYS), ("EVERY_EXERCISE_KEY", EXERCISE_KEYS)):
        expected = expected.replace(word, ", ".join(sorted(keys)))
    assert "".join(f"{fields(problem)}\n" for problem in caught.value.problems) == expected
    assert str(caught.value).count("\n") == expected.count("\n") - 1


def test_there_are_enough_invalid_files() -> None:
    assert len(INVALID) >= 50


@pytest.mark.parametrize(
    "name",
    [
        *("misspelt-key", "many-mistakes", "reader-keys", "missing-keys", "exercises-map", "null-without-parent"),
        *("extends-changes", "extends-list", "no-exercises", "wrong-kinds", "comma-in-braces", "sets-and-rest"),
    ],
)
def test_an_editor_with_the_schema_finds_wrong_keys(name: str, validator: Draft202012Validator) -> None:
    assert not validator.is_valid(typed((HERE / "invalid" / f"{name}.yaml").read_text("utf-8")))


def test_the_schema_is_one_and_explains_every_key() -> None:
    Draft202012Validator.check_schema(schema())
    document: Any = schema()
    described = [document, *(document["$defs"][name] for name in ("Exercise", "Passage", "Group", "Cue", "Phase"))]
    keys = [(key, about) for part in described for key, about in part["properties"].items()]
    assert len(keys) > 50
    assert all(about["description"] for key, about in keys if key != "exercises")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_valid_and_explains_itself(name: str, validator: Draft202012Validator) -> None:
    text = template(name)
    routine = parse_routine(text)
    validator.validate(typed(text))
    assert routine.inside
    assert text.count("#") > 15
    assert max(len(line) for line in text.splitlines()) <= 120


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_text("title: Hips\nexercises:\n" + "  - {name: Pigeon, hold: 30s}\n" * 40_000)
    with pytest.raises(RoutineError) as caught:
        load_routine(path)
    assert caught.value.problems == (Problem("routine.too-large", Place(str(path))),)


def test_a_huge_text_is_refused_unread() -> None:
    assert problem_of("# " + "x" * 1_000_000) == Problem("routine.too-large", Place("<text>"))


def test_too_many_values_are_refused_even_without_aliases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MOST_NODES", 500)
    problem = problem_of("title: Hips\nexercises: []\nbefore: [" + "x, " * 501 + "x]\n")
    assert problem.code == "routine.too-many-values"
    assert str(problem.place).startswith("<text>:3:")


def test_values_nested_too_deeply_are_refused() -> None:
    assert problem_of("title: " + "[" * 5000) == Problem("routine.too-deep", Place("<text>", 1, 28), expected="20")


def test_a_file_full_of_traps_is_not_read_for_ever() -> None:
    trap = "  - {name: Pigeon, hold: 30s}\n  - name: Now: come up\n    hold: 30s\n"
    with pytest.raises(RoutineError) as caught:
        parse_routine("title: Hips\nexercises:\n" + trap * 100)
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["routine.colon-in-text"] * 25 + ["routine.too-many-mistakes"]


@pytest.mark.parametrize("title", ["title: A\ntitle: B", "title: a: b", "title: !x A"], ids=["twice", "trap", "tag"])
def test_a_text_that_is_read_again_tells_its_mistakes_again(title: str) -> None:
    text = f"{title}\nexercises: [{{name: X, hold: soon}}]\n"
    first, again = ([*map(fields, problems_of(text))] for _ in range(2))
    assert len(first) == 2
    assert again == first


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(RoutineError) as caught:
        parse_routine(text)
    return caught.value.problems
