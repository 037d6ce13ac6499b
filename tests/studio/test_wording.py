"""What the pages say: no flags, commands or kinds of files, whatever goes wrong."""

import pkgutil
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import audiogen.studio
from audiogen.cli import commands
from audiogen.errors import Problem, Remedy
from audiogen.errors.sentences import catalogue
from audiogen.studio.problems import button, sentence, wording

ELSEWHERE = {"agents", "cli", "runs", "verification", "remedies"}  # what no page comes to
PUBLISHING = {  # nor to these
    *("bad-address", "bad-email", "folder-left-out", "foreign-file", "link-in-site", "not-published", "offline")
}
EXAMPLES = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parents[1] / "sentences").glob("*.toml"))
}
TEMPLATES = Path(audiogen.studio.__file__).with_name("templates")
COMMANDS = "|".join(module.name.strip("_") for module in pkgutil.iter_modules(commands.__path__))
OF_THE_COMMAND_LINE = re.compile(
    rf"--[a-z]|(^| )-[a-z]\b|`|\baudiogen ({COMMANDS})\b|\b(pip|apt|brew|winget) |stdout|[Ss]tandard output"
    r"|ordinary file|\bflags?\b|--force|Ctrl"
)


def problems(area: str) -> list[tuple[str, Problem]]:
    found = []
    for code, written in EXAMPLES[area].items():
        for example in written if isinstance(written, list) else [written]:
            fields: dict[str, Any] = {
                key: value for key, value in example.items() if key not in ("sentence", "remedies")
            }
            remedies = tuple(Remedy(**remedy) for remedy in example.get("remedies", ()))
            found.append((code, Problem(f"{area}.{code}", remedies=remedies, **fields)))
    return found


@pytest.mark.parametrize("area", sorted(EXAMPLES.keys() - ELSEWHERE))
def test_no_sentence_on_a_page_speaks_of_the_command_line(area: str) -> None:
    told = {code: sentence(problem) for code, problem in problems(area) if area != "share" or code not in PUBLISHING}
    assert {code: text for code, text in told.items() if OF_THE_COMMAND_LINE.search(text)} == {}
    assert {code: text for code, text in told.items() if not re.search(r"[.?:]$", text)} == {}


@pytest.mark.parametrize("code", catalogue("remedies"))
def test_a_remedy_that_sets_something_is_a_button_and_any_other_is_said_without_commands(code: str) -> None:
    written = EXAMPLES["remedies"][code]
    for example in written if isinstance(written, list) else [written]:
        remedy = Remedy(code, **{key: value for key, value in example.items() if key != "sentence"})
        words = button(remedy)
        assert bool(words) == bool(remedy.setting and remedy.value and "FOLDER" not in remedy.value)
        text = sentence(Problem("runs.nothing-grows", remedies=(remedy,)))
        assert (words.lower() in text.lower()) is not bool(words)
        assert not OF_THE_COMMAND_LINE.search(words + text)


def test_the_page_words_only_what_there_is() -> None:
    known = {f"{area}.{code}" for area in EXAMPLES for code in catalogue(area)}
    assert wording("sentences").keys() <= known
    assert wording("remedies").keys() | wording("buttons").keys() <= catalogue("remedies").keys()


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_page_speaks_of_the_command_line(template: Path) -> None:
    words = re.sub(r"{[{%].*?[}%]}|<[^>]*>", " ", template.read_text("utf-8"))
    assert not OF_THE_COMMAND_LINE.search(words.replace("· audiogen studio", ""))  # its name
