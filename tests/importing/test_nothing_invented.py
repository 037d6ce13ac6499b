"""Nothing is invented and nothing vanishes: words and numbers of a routine stand in its source, guesses say so at their
line, and every line of the source is used or listed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogen.durations import parse_duration
from audiogen.importing import Imported, import_routine
from audiogen.importing.grammar import read_dose
from audiogen.importing.pauses import pause_alone
from audiogen.importing.vocabulary import vocabulary
from audiogen.phrases import load_phrases

INPUTS = sorted(
    path for path in Path(__file__).with_name("inputs").iterdir() if path.suffix in (".md", ".txt", ".csv", ".tsv")
)
NUMBERS = ("hold", "reps", "sets", "rest", "work", "round_rest", "rounds", "for", "length", "after", "at", "every")


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower().replace("’", "'")))


def invented_words(source: str, found: Imported) -> set[str]:
    """Words that are spoken and do not stand in the source, but for the program's own."""
    own = words_of(" ".join(vocabulary(found.routine.language).program.values()))
    naming = load_phrases(found.routine.language).cues["naming"]
    sides = words_of("side other_side " + " ".join((*naming["right"], *naming["left"])))
    return words_of("\n".join(_values(found.text))) - words_of(source) - own - sides - _title_of(found)


def _title_of(found: Imported) -> set[str]:
    """The words of a title that is a guess."""
    return words_of(found.routine.title) if any(one.key == "title" for one in found.guesses) else set()


def _values(text: str) -> Iterator[str]:
    """The values of a routine file that are words."""
    for line in text.splitlines():
        bare = re.sub(r"\s*# guess: .*|\[(?:bell|[\d.ms]+)\]", "", line).strip().removeprefix("- ")
        key, colon, value = bare.partition(":")
        if colon and key in ("title", "name", "passage", "say", "right", "left", "setup", "note"):
            yield value
        elif not re.match(r"[a-z_]+:", bare):
            yield bare


def unexplained_numbers(source: str, found: Imported) -> list[str]:
    """Numbers of a routine that neither stand in the source nor have a guess."""
    given_ms = set(_lengths(source))
    in_words = vocabulary(found.routine.language).numbers
    counts = {int(one) for one in re.findall(r"\d+", source)} | {in_words.get(word, 0) for word in words_of(source)}
    lines = found.text.splitlines()
    missing = list[str]()
    for at, line in enumerate(lines):
        match = re.match(r"\s*(?:- )?([a-z_]+): (\d[\w.]*)(.*)$", line)
        if not match or match[1] not in NUMBERS:
            continue
        key, value, comment = match.groups()
        is_guess = "# guess" in comment or "# guess" in lines[at - 1] or _guessed_above(lines, at)
        is_default = (key, value) in {("at", "0s"), ("after", "2s")}  # where cues stand is no statement of the source
        ms = parse_duration(value)
        if not (is_guess or is_default or ms in given_ms or (value.isdigit() and int(value) in counts)):
            missing.append(line.strip())
    return missing


def _guessed_above(lines: list[str], at: int) -> bool:
    """Whether a phase belongs to a tempo that is a guess."""
    above = next((line for line in reversed(lines[:at]) if line.strip().startswith("tempo:")), "")
    return "# guess" in above and lines[at].strip().removeprefix("- ").startswith("for:")


def _lengths(source: str) -> Iterator[int]:
    for number, in_seconds in re.findall(r"(\d+(?:[.,]\d+)?)(?=\D|$)()", source):
        value = float(number.replace(",", "."))
        yield from (round(value * 1000), round(value * 60_000))
        assert in_seconds == ""
    for minutes, seconds in re.findall(r"(\d+):(\d\d)", source):
        yield (int(minutes) * 60 + int(seconds)) * 1000


def lost_lines(source: str, found: Imported) -> list[str]:
    """Lines that are neither used nor listed."""
    listed = {one.spot.line for one in found.left_out} | {one.spot.line for one in found.guesses}
    used = words_of(found.text)
    lost = list[str]()
    for number, line in enumerate(source.splitlines(), 1):
        words = words_of(line)
        is_dose = read_dose(line, vocabulary(found.routine.language)).says
        is_pause = pause_alone(line, vocabulary(found.routine.language)) is not None
        if words and not is_dose and not is_pause and number not in listed and not words & used:
            lost.append(line)
    return lost


def wrong_comments(source: str, found: Imported) -> list[str]:
    """Guesses without their comment, or with a line that the source does not have."""
    lines = len(source.splitlines())
    return [
        one.reason
        for one in found.guesses
        if f"# guess: {one.reason}, line {one.spot.line}\n" not in found.text or not 1 <= one.spot.line <= max(lines, 1)
    ]


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_an_input_gives_only_what_it_has(path: Path) -> None:
    source = path.read_text("utf-8")
    found = import_routine(path)
    assert invented_words(source, found) == set()
    assert unexplained_numbers(source, found) == []
    assert lost_lines(source, found) == []
    assert wrong_comments(source, found) == []


# -- generated articles

NAMES = ["Plank", "Glute bridge", "Low lunge", "Cat-cow", "Hamstring stretch", "Dead bug", "Wall sit", "Neck release"]
STEPS = [
    "Lie on your back with your knees bent.",
    "Kneel on the mat.",
    "Keep your ribs down; don't arch.",
    "Step your right foot forward and lower your left knee.",
    "Breathe into the belly (see photo).",
    "Press the floor away.",
    "Come up slowly.",
]
DOSES = [
    "45 sec per side",
    "30-60 seconds",
    "3 x 10",
    "12 reps",
    "2 sets of 8 each leg, rest 40s",
    "1:30",
    "5 breaths",
    "hold 5 sec x 10",
    "1 min",
]
ASIDES = ["Subscribe to our newsletter!", "Photo: Jane", "Why it works: hips like to move.", "I love this one.", "© Me"]
LAYOUTS = [
    "## {name} - {dose}\n\n{steps}\n",
    "{n}. **{name}** ({dose})\n   {steps}\n",
    "- {name}, {dose}. {steps}\n",
    "{name}\n{dose}\n{steps}\n\n",
]


@st.composite
def articles(draw: st.DrawFn) -> str:
    layout = draw(st.sampled_from(LAYOUTS))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    parts = ["# Evening stretch\n\n"] if draw(st.booleans()) else ["Evening stretch\n\n"]
    parts += [f"{aside}\n\n" for aside in draw(st.lists(st.sampled_from(ASIDES), max_size=2, unique=True))]
    for n, name in enumerate(names, 1):
        steps = " ".join(draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=4, unique=True)))
        parts.append(layout.format(n=n, name=name, dose=draw(st.sampled_from(DOSES)), steps=steps))
    parts += [f"\n{aside}\n" for aside in draw(st.lists(st.sampled_from(ASIDES), max_size=2, unique=True))]
    return "".join(parts)


@settings(max_examples=25, deadline=None)
@given(articles())
def test_an_article_gives_only_what_it_has(source: str) -> None:
    found = import_routine(source)
    assert invented_words(source, found) == set()
    assert unexplained_numbers(source, found) == []
    assert lost_lines(source, found) == []
    assert wrong_comments(source, found) == []


def test_the_checks_find_what_is_invented() -> None:
    source = "Plank\n30 sec\nKeep your back long.\n\nAn aside that is left.\n\nSquats\n3 x 10\n"
    found = import_routine(source)
    assert invented_words(source.replace("long", ""), found) == {"long"}
    assert unexplained_numbers(source.replace("30", "40"), found) != []
