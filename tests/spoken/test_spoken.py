"""What is written -> what is spoken: a table per language, `written => spoken`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.routine.load import load_routine
from audiogen.spoken import _rules, amounts, spoken
from audiogen.spoken.doubts import doubts
from audiogen.spoken.pack import languages
from audiogen.spoken.rules import _compiled
from audiogen.timeline.compose import draft
from tests.strategies import any_text

HERE = Path(__file__).parent


def rows(language: str) -> Iterator[tuple[str, str]]:
    for line in HERE.joinpath(f"{language}.txt").read_text("utf-8").splitlines():
        written, arrow, said = line.partition(" => ")
        if arrow and not line.startswith("# "):
            yield written, said


def test_the_tables_are_whole() -> None:
    counts = {language: len(list(rows(language))) for language in languages()}
    assert counts.pop("en") >= 220
    assert min(counts.values()) >= 25


@pytest.mark.parametrize("language", languages())
def test_a_text_is_spoken_as_meant(language: str) -> None:
    table = dict(rows(language))
    assert {written: spoken(written, language) for written in table} == table


@pytest.mark.parametrize("language", languages())
def test_what_is_spoken_is_spoken_as_it_is(language: str) -> None:
    for written, said in rows(language):
        assert spoken(said, language) == said
        assert said == written or not any(map(str.isdigit, said))


@given(any_text(max_size=60), st.sampled_from([*languages(), "ja"]))
def test_any_text_is_spoken_somehow(text: str, language: str) -> None:
    said = spoken(text, language)
    assert any(map(str.isalnum, said)) or not any(map(str.isalnum, text))


@pytest.mark.parametrize("language", ["ja", "pl", "nl", "xx"])
def test_a_language_without_words_is_spoken_as_written(language: str) -> None:
    assert spoken("3x30s & 90/90", language) == "3x30s & 90/90"
    assert list(doubts("3x30s & 90/90 QUAD", language)) == []


def test_a_region_is_spoken_as_its_language() -> None:
    assert spoken("30s", "en-GB") == "thirty seconds"


@pytest.mark.parametrize("path", sorted((HERE.parents[1] / "routines").glob("*.yaml")), ids=lambda path: path.name)
def test_shipped_routines_are_written_as_they_are_spoken(path: Path) -> None:
    routine = load_routine(path)
    changed = {text for text in draft(routine).script.texts() if spoken(text, routine.language) != text}
    assert changed <= {"1 minuto."}  # read as "uno minuto" by espeak-ng


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tap the QUAD.", [("capitals", "QUAD")]),
        ("Do NOT lift. ALL of it. RPE 8, TFL, C7, Warrior II.", []),
        ("BREATHE OUT AND LET GO.", []),
        ("AMRAP, EMOM, HIIT, IT band", []),
        ("Slowly ^ down", [("sign", "^")]),
        ("Press (softly) – “so” — and: rest; now…", []),
        ("Rest 10m, then 400m, then 1m30s.", [("meters", "10m")]),
        ("Turn {side} [now]", [("sign", "["), ("sign", "]")]),
    ],
)
def test_doubtful_parts_are_found_once(text: str, found: list[tuple[str, str]]) -> None:
    assert list(doubts(text, "en")) == found


@pytest.mark.parametrize("language", languages())
def test_a_text_without_what_a_rule_needs_does_not_match_it(language: str) -> None:
    texts = [amounts.tidied(written) for written, _ in rows(language)]
    for one in _rules(language):
        assert not any(one.needs and one.needs.isdisjoint(text) and one.pattern.search(text) for text in texts), one


def test_only_rules_that_a_text_needs_are_compiled() -> None:
    _compiled.cache_clear()
    spoken.__wrapped__("Three of seven: Double V.", "en")
    assert _compiled.cache_info().currsize < len(_rules("en")) / 3
