"""A language that comes without phrases is written by its user, and then works like any other."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from audiogen import parse_routine, plan
from audiogen.cli.app import app
from audiogen.errors import AudiogenError, Place, Problem, Remedy, RoutineError
from audiogen.phrases import load_phrases
from audiogen.phrases.files import own_file, to_fill_in
from audiogen.storage.config import config_file
from audiogen.timeline.compose import draft
from audiogen.views.chapters import chapters_of
from tests.fakes.tone_voice import ToneVoice

SWEDISH = """\
title: Rygg
language: sv
exercises:
  - {name: Planka, hold: 45s, sides: [right, left]}
  - {name: Knäböj, reps: 8, tempo: [{for: 2s}]}
"""


def write(language: str, text: str) -> Path:
    file = own_file(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def filled(language: str) -> str:
    """The file to fill in, filled in: each phrase is its English text in capitals."""
    lines = to_fill_in(language).splitlines()
    for index, line in enumerate(lines[1:], start=1):
        english = re.sub(r"\w+: ", "", lines[index - 1].removeprefix("# ").split(", other: ")[-1])
        capitals = re.sub(r"\{\w+\}|[^{]+", lambda part: part[0] if part[0][0] == "{" else part[0].upper(), english)
        lines[index] = re.sub(r'= ""', f'= "{capitals}"', line)
    return "\n".join(lines)


def test_a_language_without_phrases_is_refused_where_it_is_written() -> None:
    with pytest.raises(RoutineError) as caught:
        parse_routine(SWEDISH)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place) == ("phrases.no-language", Place("<text>", 2, 11))
    assert problem.remedies == (Remedy("write-phrases", command="audiogen phrases --language sv --new"),)


def test_a_file_to_fill_in_has_what_is_known_of_the_language() -> None:
    text = to_fill_in("sv")
    assert 'second = { one = "{n} sekund", other = "{n} sekunder" }' in text
    assert 'decimal = ","' in text
    assert "Swedish" in text
    assert '# Switch sides.\nswitch = ""' in text
    assert "few = " in to_fill_in("uk")  # the forms are those of the language
    assert '{ one = ""' not in to_fill_in("zz")  # of which nothing is known


def test_what_a_file_lacks_is_listed_with_its_lines() -> None:
    file = write("sv", to_fill_in("sv"))
    with pytest.raises(RoutineError) as caught:
        parse_routine(SWEDISH)
    problems = {problem.subject: problem for problem in caught.value.problems}
    line = file.read_text("utf-8").splitlines().index('switch = ""') + 1
    assert problems["between.switch"] == Problem(
        "phrases.missing", Place(str(file), line), "between.switch", "Switch sides."
    )
    assert problems["counts.sets (one and other)"].expected == "{n} sets"
    assert "units.second" not in problems


def test_what_is_wrong_in_a_file_is_reported_with_its_line() -> None:
    text = filled("sv").replace("switch =", "swich =").replace('"{n} MORE."', '"{m} MORE."')
    write("sv", text.replace('numbers = "digits"', 'numbers = "letters"'))
    with pytest.raises(RoutineError) as caught:
        load_phrases("sv")
    found = {(problem.code, problem.subject) for problem in caught.value.problems}
    assert found == {
        ("phrases.missing", "between.switch"),
        ("phrases.misspelt-name", "'between.swich'"),
        ("phrases.unknown-placeholder", "work.more"),
        ("phrases.numbers", "numbers"),
    }


def test_a_complete_file_makes_its_language_one_like_any_other() -> None:
    write("sv", filled("sv"))
    planned = plan(parse_routine(SWEDISH), voice=ToneVoice())
    texts = [event.text for event in planned.timeline.events if event.kind == "say"]
    assert "45 sekunder EACH SIDE." in texts
    assert "SWITCH SIDES." in texts
    assert "Tre." in texts  # num2words
    assert chapters_of(planned.timeline)[1].title == "1 Planka, RIGHT SIDE, 45 s"


def test_a_region_has_phrases_of_its_own_where_there_is_a_file() -> None:
    write("es-mx", filled("es-mx"))
    assert load_phrases("es-MX").say("between", "switch") == "SWITCH SIDES."
    assert load_phrases("es-AR").say("between", "switch") == "Cambia de lado."


def test_a_language_that_nobody_knows_has_plain_numbers_and_lists() -> None:
    write("zz", filled("zz"))
    phrases = load_phrases("zz")
    assert phrases.counted(3) == "3."
    assert phrases.listing(["a", "b", "c"]) == "a, b, c"


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["phrases", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit | AudiogenError)
    return result


def test_the_command_lists_phrases_and_writes_a_file_once() -> None:
    listed = run("--language", "es").stdout
    assert re.search(r"^switch +Cambia de lado\.$", listed, re.MULTILINE)
    assert re.search(r"^sets .*\(also \{dose\}\)$", listed, re.MULTILINE)
    assert json.loads(run("--json").stdout)[0] == {
        "name": "summary",
        "text": "{exercises}, {length}.",
        "placeholders": ["exercises", "length"],
    }
    assert run("--language", "sv", "--new").stdout == f"{own_file('sv')}\n"
    assert own_file("sv").read_text("utf-8") == to_fill_in("sv")
    for language in ("sv", "es", "Swedish"):
        assert run("--language", language, "--new").exit_code == 1


# -- the config file


def configure(text: str) -> None:
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text(text)


def texts_of(language: str, more: str = "") -> tuple[str, ...]:
    routine = SWEDISH.replace("language: sv", f"language: {language}\n{more}")
    return draft(parse_routine(routine)).script.texts()


def test_the_config_file_has_phrases_for_every_routine_and_for_those_in_a_language() -> None:
    configure("""
[phrases]
switch = "Swap."
counts.repetitions = { one = "one go", other = "{n} goes" }
[phrases.es]
switch = "Otro lado."
last = "none"
""")
    assert {"Swap.", "Eight goes.", "Last one."} <= {*texts_of("en")}
    assert "Otro lado." in texts_of("es")
    assert not {"Swap.", "La última."} & {*texts_of("es")}
    assert "Mine." in texts_of("en", "phrases: {switch: Mine.}")  # a routine's own go before


def test_a_mistake_in_the_config_file_has_its_line() -> None:
    configure('[phrases]\nswitch = "Swap."\nswich = "Swap."\nmore = "{m} more."\nlast = 3\nround = []\n')
    with pytest.raises(AudiogenError) as caught:
        texts_of("en")
    places = {(problem.code, str(problem.place).rsplit(":", 2)[1]) for problem in caught.value.problems}
    assert places == {
        ("phrases.not-a-phrase", "6"),
        ("phrases.misspelt-name", "3"),
        ("phrases.unknown-placeholder", "4"),
    }
    configure("phrases = 3")
    with pytest.raises(AudiogenError, match="phrases must be a map"):
        texts_of("en")
