"""Help texts and sentences of errors are in plain, standard English, without the house words of earlier versions."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import audiogen.errors
from audiogen.cli import commands
from audiogen.errors.sentences import catalogue
from audiogen.routine.settings import SETTINGS
from tests.each import each

HOUSE_WORDS = {
    r"usual(ly)?": "default",
    r"told|tells?": "print, report, show",
    r"wish(ed|es)?": "requested",
    r"beside": "next to",
    r"shall": "should, will",
    r"whoever|whatever": "name who or what",
    r"lacking": "missing",
    r"(?<!there )(is|are) no": "is not a",
    r"as (it|they) (is|are)": "unchanged",
    r"at hand": "available",
    r"in vain": "for nothing",
    r"gives way": "is ducked",
    r"goes? by": "is named by",
    r"goes with": "needs",
    r"so many times": "this many times",
    r"a (question|row|line) an? \w+": "one … per …",
}
DOCS = Path(__file__).parents[1] / "docs"
CATALOGUES = sorted(path.stem for path in Path(audiogen.errors.__file__).with_name("catalogue").glob("*.toml"))
COMMANDS = [module.name for module in pkgutil.iter_modules(commands.__path__)]


def house_words(text: str) -> list[str]:
    plain = " ".join(text.split())
    return [word for word in HOUSE_WORDS if re.search(rf"\b({word})\b", plain, re.IGNORECASE)]


@each("name", COMMANDS)
def test_help_has_no_house_words(name: str) -> None:
    command = getattr(import_module(f"{commands.__name__}.{name}"), name).built()
    texts = [command.help, *(parameter.help for parameter in command.params)]
    assert {text: found for text in texts if (found := house_words(text or ""))} == {}


@each("name", SETTINGS)
def test_a_settings_description_has_no_house_words_and_begins_with_a_verb(name: str) -> None:
    text = SETTINGS[name].help
    assert house_words(text) == []
    assert re.match(r"[A-Z][a-z]+ ", text)
    assert text.split()[0] not in {"A", "An", "The", "How", "What", "Which", "Who", "Whether", "Only"}


@each("page", ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in DOCS.glob("*.md"))])
def test_a_page_has_no_house_words(page: str) -> None:
    text = (DOCS.parent / page).read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    assert {line: found for line in re.split(r"(?<=[.:;])\s", prose) if (found := house_words(line))} == {}


@each("name", CATALOGUES)
def test_sentences_of_errors_have_no_house_words(name: str) -> None:
    assert {code: found for code, text in catalogue(name).items() if (found := house_words(text))} == {}
