"""Problems have fields; the catalogue has their sentences, and nothing that nobody uses."""

import ast
import pickle
import re
import string
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import audiogen
from audiogen.errors import AudiogenError, Cancelled, Notice, OutputError, Place, Problem, Remedy
from audiogen.errors.sentences import catalogue
from tests.each import each

PACKAGE = Path(audiogen.__file__).parent
CATALOGUES = sorted(path.stem for path in (PACKAGE / "errors" / "catalogue").glob("*.toml"))
FIELDS = {"subject", "expected", "found", "remedies"}


def used() -> dict[str, set[str]]:
    """The codes that the program's source has, as the first argument of problems, notices and remedies."""
    codes: dict[str, set[str]] = defaultdict(set)
    texts = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    for text in filter(re.compile(r"\b(?:Problem|Notice|Remedy)\(").search, texts):
        for code, kind in _codes(ast.parse(text)):
            name, _, rest = code.rpartition(".") if kind != "Remedy" else ("remedies", "", code)
            codes[name].add(rest)
    return codes


def _codes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("Problem" | "Notice" | "Remedy" as kind), args=[first, *_]):
                inside = [one.value for one in ast.walk(first) if isinstance(one, ast.Constant)]
                yield from ((code, kind) for code in inside if isinstance(code, str))


def test_every_code_has_its_sentence_and_every_sentence_its_use() -> None:
    codes = used()
    assert {name: set(catalogue(name)) for name in CATALOGUES if catalogue(name)} == dict(codes)


@each("name", CATALOGUES)
def test_a_sentence_has_only_the_fields_of_a_problem(name: str) -> None:
    for code, sentence in catalogue(name).items():
        fields = {field for _, field, _, _ in string.Formatter().parse(sentence) if field is not None}
        assert fields <= FIELDS, code
        assert name != "remedies" or not fields, code


def test_a_problem_becomes_its_sentence_at_its_place() -> None:
    assert str(Problem("session.cancelled")) == "Cancelled."
    assert str(Problem("session.cancelled", Place("a.yaml", 3, 7))) == "a.yaml:3:7: Cancelled."
    assert str(Notice("session.cancelled", "3 Double V")) == "3 Double V: Cancelled."
    assert Notice("session.cancelled") != Problem("session.cancelled")


def test_an_error_has_a_line_for_each_problem() -> None:
    error = OutputError(Problem("session.cancelled"), Problem("session.cancelled", "b"))
    assert str(error) == "Cancelled.\nb: Cancelled."
    assert [problem.place for problem in error.problems] == [None, "b"]


@pytest.mark.parametrize("error", [Cancelled(), OutputError(Problem("session.cancelled", remedies=(Remedy("x"),)))])
def test_an_error_goes_from_one_process_to_another(error: AudiogenError) -> None:
    there = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(there), there.problems) == (type(error), error.problems)
