"""Whatever a file holds, reading it gives a routine, or a `RoutineError` whose problems have places."""

import re
from contextlib import chdir
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from audiogen.errors import Place, RoutineError
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.templates import TEMPLATES, template

from ..strategies import any_text

FOLDER = Path(__file__).parents[1] / "routines" / "valid"
VALID = [path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yaml"))]
SNIPPETS = ["{", "}", "[", "]", ": ", "- ", "#", " #", "'", '"', "\t", "\n", "  ", "&a ", "*a", "!t ", "|", ">", "null"]
SNIPPETS += [
    "{side}",
    "{side} ",
    "---\n",
    "...\n",
    "%",
    "@",
    "`",
    "\\",
    "? ",
    "<<: ",
    "~",
    "-1",
    "é",
    "猫",
    "\x85",
    "\ufeff",
    "%YAML 1.3\n---\n",
    '"\\U00110000"',
    "-name",
    "hold = ",
    "hold 30s",
    "– ",
    "\u00a0",
    "“",
    "x 3 each side",
]


def read(text: str) -> None:
    try:
        parse_routine(text)
    except RoutineError as error:
        lines = len(re.split(r"\r\n|[\r\n\x85\u2028\u2029]", text))
        for problem, said in zip(error.problems, str(error).splitlines(), strict=True):
            assert isinstance(problem.place, Place)
            assert problem.place.line >= 1
            assert problem.place.line <= lines or problem.place.file != "<text>"  # a parent may be at fault too
            assert problem.place.column >= 1
            assert said == str(problem)


@given(any_text())
@example("\ud800")
@example("%YAML 9.9\n---\na: b")
@example("%YAML 1.3\n---\na: b")
@example('a: "\\U00110000"')
@example("%TAG ! x\n---\n!a b")
@example("a: &\n")
@example("? ")
@example("\x00")
@example('title: T\npronounce: {"a\\nb": []}\nextends: "a\\nb.yaml"')
@example('a: "\\x"')
def test_any_text_is_a_routine_or_an_error_with_places(text: str) -> None:
    read(text)


@given(
    st.lists(st.sampled_from([*SNIPPETS, "title", "exercises", "name", "hold", "30s", "setup", "cues"]), max_size=30)
)
def test_any_mixture_of_yaml_is_a_routine_or_an_error_with_places(parts: list[str]) -> None:
    read("".join(parts))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from([*map(template, TEMPLATES), *VALID]))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(start + 12, len(text))))
        text = text[:start] + draw(st.sampled_from(["", *SNIPPETS])) + text[end:]
    return text


@settings(max_examples=4 * settings().max_examples)
@given(mutated())
def test_a_damaged_routine_is_a_routine_or_an_error_with_places(text: str) -> None:
    with chdir(FOLDER):
        read(text)


@given(st.binary())
def test_any_bytes_are_a_routine_or_an_error(tmp_path_factory: object, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "any.yaml"  # type: ignore[attr-defined]
    path.write_bytes(content)
    try:
        load_routine(path)
    except RoutineError:
        return
