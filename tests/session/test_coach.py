"""What the coach finds: each rule once, at its line, and nothing in what is well said."""

import json
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from audiogen.errors import Place
from audiogen.phrases import languages
from audiogen.routine.load import load_located, parse_routine
from audiogen.routine.shelf import find_ready
from audiogen.session import plan
from audiogen.session.check import check
from audiogen.session.coach import RULES, Hint, hints
from audiogen.session.coach.timing import changes_have_time
from audiogen.session.coach.vocabulary import vocabulary
from audiogen.storage.cache import Cache

HERE = Path(__file__).parents[1]
BAD = sorted((HERE / "routines" / "coached").glob("*.yaml"))
SHIPPED = sorted((HERE.parent / "routines").glob("*.yaml"))
SENTENCES: dict[str, Any] = tomllib.loads((HERE / "session" / "coaching.toml").read_text("utf-8"))


def found(text: str, folder: Path) -> list[Hint]:
    """The hints for a text; speech is estimated."""
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    located = load_located(path)
    return [*hints(located.routine, plan(located.routine, voice="builtin", cache=Cache(folder)), located)]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_each_rule_finds_its_mistake_once_at_its_line(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    (hint,) = found(text, tmp_path)
    assert isinstance(hint.notice.place, Place)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.endswith("# found here")]
    assert (hint.rule, [hint.notice.place.line]) == (int(path.stem[:2]), lines)


def test_there_is_a_bad_file_for_each_rule() -> None:
    assert [int(path.stem[:2]) for path in BAD] == [number for number, _ in enumerate(RULES, 1)] == [*range(1, 12)]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_comment_silences_its_line(path: Path, tmp_path: Path) -> None:
    assert found(path.read_text("utf-8").replace("# found here", "# coach: off"), tmp_path) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nothing_is_found_in_a_shipped_routine(path: Path) -> None:
    assert [str(hint) for hint in check(path).hints()] == []


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_nothing_is_found_in_a_ready_exercise(language: str, tmp_path: Path) -> None:
    """All are done one after the other, so the ways between them are not theirs."""
    names = [ready.name for ready in find_ready() if ready.language == language]
    uses = "".join(f"  - use: {name}\n" for name in names)
    routine = parse_routine(f"title: All\nlanguage: {language}\nexercises:\n{uses}")
    found = hints(routine, plan(routine, cache=Cache(tmp_path)))
    assert [str(one) for one in found if RULES[one.rule - 1] is not changes_have_time] == []
    assert len(names) > 20


ABOUT_WORDS = {1, 2, 3, 4, 5, 11}


def rules_broken(sentences: Sequence[str], folder: Path) -> dict[str, set[int]]:
    """The rules about words that each sentence breaks, as the set-up of an exercise of its own."""
    exercises = [
        {"name": f"N{n}", "sides": ["right", "left"], "hold": "20s", "setup": [one]} for n, one in enumerate(sentences)
    ]
    routine = parse_routine(json.dumps({"title": "T", "exercises": exercises}))
    found = hints(routine, plan(routine, voice="builtin", cache=Cache(folder)))
    return {
        one: {hint.rule for hint in found if hint.notice.slug == f"n{n}"} & ABOUT_WORDS
        for n, one in enumerate(sentences)
    }


def test_what_is_well_said_is_let_pass(tmp_path: Path) -> None:
    assert {one: broken for one, broken in rules_broken(SENTENCES["good"], tmp_path).items() if broken} == {}
    assert len(SENTENCES["good"]) >= 60


def test_what_is_badly_said_breaks_its_rule_and_no_other(tmp_path: Path) -> None:
    bad = {one: {group["rule"]} for group in SENTENCES["bad"] for one in group["sentences"]}
    assert rules_broken([*bad], tmp_path) == bad
    assert len(bad) >= 40


# -- what needs no grammar holds in every language


def in_language(language: str) -> Iterator[tuple[int, str]]:
    """A rule, and an exercise that breaks it."""
    resting = vocabulary(language).expressions("resting")[0].strip("-")
    yield 7, f"{{name: '{resting.replace(chr(39), chr(39) * 2)}', hold: 60s, cues: [{{at: -15s, say: Aa.}}]}}"
    yield 8, "{name: Bb, hold: 40s, cues: [{at: -11s, say: Aa.}]}"
    yield 9, "{name: Bb, reps: 3, tempo: [{say: Aaaaaaaaa bbbbbbbb ccccccccc dddddddd, for: 2s}, {for: 2s}]}"
    if language != "ja":  # no spaces between words
        yield 2, "{name: Bb, hold: 20s, setup: Aa bb cc dd ee ff gg hh ii jj kk.}"


@pytest.mark.parametrize("language", languages())
def test_times_and_lengths_are_judged_in_every_language(language: str, tmp_path: Path) -> None:
    for rule, exercise in in_language(language):
        routine = parse_routine(f"title: T\nlanguage: {language}\nexercises:\n  - {exercise}\n")
        assert [one.rule for one in hints(routine, plan(routine, voice="espeak", cache=Cache(tmp_path)))] == [rule]


# -- places


def test_a_hint_is_at_the_words_that_it_is_about(tmp_path: Path) -> None:
    text = "title: T\nexercises:\n  - name: N\n    hold: 20s\n    setup:\n      - {}\n"
    for written, column in (("Sit. Lift this arm.", 19), ('"Sit. Lift this arm."', 20)):
        (hint,) = found(text.format(written), tmp_path)
        assert hint.notice.place == Place(str(tmp_path / "x.yaml"), 6, column)


def test_a_hint_is_in_the_file_that_has_the_line(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    own = tmp_path / "exercises" / "wave.en.yaml"
    own.write_text("name: Wave\nhold: 20s\nsetup: Sit. Wave this arm.\n")
    (hint,) = found("title: T\nexercises: [{use: wave}]\n", tmp_path)
    assert hint.notice.place == Place(str(own), 3, 18)
    own.write_text(own.read_text().replace("arm.", "arm. # Coach: off, it waves"))
    assert found("title: T\nexercises: [{use: wave}]\n", tmp_path) == []


def test_each_sentence_of_a_passage_has_its_place(tmp_path: Path) -> None:
    text = "title: T\nsay: |\n  Lie down.\n  Watch the clock. [10s]\n  It will heal. Gaze at it.\n"
    assert [(hint.rule, hint.notice.place) for hint in found(text, tmp_path)] == [
        (5, Place(str(tmp_path / "x.yaml"), 4, 3)),
        (11, Place(str(tmp_path / "x.yaml"), 5, 11)),
        (5, Place(str(tmp_path / "x.yaml"), 5, 17)),
    ]
    assert found(text.replace("say: |", "say: | # coach: off"), tmp_path) == []


def test_a_cue_that_repeats_is_found_once(tmp_path: Path) -> None:
    hold = "{name: Plank, sets: 2, rest: 20s, sides: [right, left], hold: 60s, cues: [{every: 10s, say: Breathe.}]}"
    (hint,) = found(f"title: T\nexercises:\n  - {hold}\n", tmp_path)
    assert (hint.rule, hint.keys) == (8, ("plank", "cues", 0, "say"))


def test_without_a_file_the_exercise_is_the_place(tmp_path: Path) -> None:
    routine = parse_routine("title: T\ncaution: Look up.\nexercises: [{name: Nod, hold: 20s, setup: Look up.}]\n")
    assert [
        (one.rule, one.notice.place) for one in hints(routine, plan(routine, voice="builtin", cache=Cache(tmp_path)))
    ] == [(5, None), (5, "Nod")]


def test_a_hint_is_data(tmp_path: Path) -> None:
    (hint,) = found(BAD[2].read_text("utf-8"), tmp_path)
    data = hint.to_json()
    assert (data["rule"], data["code"], data["slug"]) == (3, "coach.this-limb", "arm-raise")
    assert (data["found"], data["expected"]) == ("'this arm'", "your right arm")
    assert (data["place"]["line"], data["keys"]) == (7, ["arm-raise", "setup", 1])
    assert data["message"] == str(hint)
