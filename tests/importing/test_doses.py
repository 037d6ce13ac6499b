"""The grammar of doses in every language: a line as people write it, and what it says about how much."""

from collections.abc import Iterator
from pathlib import Path

from audiogen.importing.dose import Amount, Dose
from audiogen.importing.grammar import read_dose
from audiogen.importing.vocabulary import LANGUAGES, vocabulary
from audiogen.phrases import languages
from tests.each import each

FOLDER = Path(__file__).with_name("doses")
LINES = [
    (path.stem, *line.rsplit("=", 1))
    for path in sorted(FOLDER.glob("*.txt"))
    for line in path.read_text("utf-8").splitlines()
]


def said(dose: Dose) -> Iterator[str]:
    """A dose in the words of the tables, whatever order it was found in."""
    for name in ("hold", "on", "off", "rest", "round_rest"):
        amount = getattr(dose, name)
        if amount is not None:
            yield f"{name} {_seconds(amount.least)}" + (f"-{_seconds(amount.most)}" if amount.is_range else "")
    for name in ("reps", "sets", "rounds", "breaths"):
        amount = getattr(dose, name)
        if isinstance(amount, Amount):
            yield f"{name} {amount.least}" + (f"-{amount.most}" if amount.is_range else "")
    if dose.sides:
        yield dose.sides
    if dose.tempo:
        yield f"tempo {' '.join(_seconds(beat.length_ms) for beat in dose.tempo)}"


def _seconds(ms: int) -> str:
    return f"{ms / 1000:g}"


@each(("language", "line", "expected"), LINES)
def test_a_dose_is_read_as_it_is_meant(language: str, line: str, expected: str) -> None:
    found = set(said(read_dose(line.strip(), vocabulary(language))))
    assert found == {one.strip() for one in expected.split(",") if one.strip()}


def test_every_language_has_words_and_a_table_of_at_least_twenty_lines() -> None:
    assert set(LANGUAGES) == set(languages())
    for language in LANGUAGES:
        assert len([one for one in LINES if one[0] == language]) >= 20
