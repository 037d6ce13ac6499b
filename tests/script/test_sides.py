"""The side that begins is always said, once, and by the author's own words where they name it."""

import pytest

from audiogen import parse_routine
from audiogen.phrases import load_phrases
from audiogen.script import Say
from audiogen.timeline.compose import draft
from tests.each import each

TWO = "{name: X, hold: 20s, sides: [right, left]%s}"


def said(exercise: str, more: str = "") -> list[str]:
    """What is said in the opening exercise from its announcement on, before its work begins."""
    script = draft(parse_routine(f"title: T\nopening: none\n{more}\nexercises: [{exercise}]")).script
    found: list[str] = []
    for step in script.steps:
        if isinstance(step, Say) and step.role in ("announcement", "setup", "round"):
            found.append(step.text)
    return found


@each(
    ("setup", "first"),
    [
        ("", ["Right side first."]),
        (", setup: Lie down.", ["Lie down.", "Right side first."]),
        (", setup: R leg in front.", ["R leg in front."]),
        (', setup: "Lift your {side} arm."', ["Lift your right arm."]),
        (", setup: {right: Strong arm up., left: Other arm up.}", ["Strong arm up."]),
        (', setup: "Slide your {other_side} arm under."', ["Slide your left arm under.", "Right side first."]),
        (", setup: Begin with the RIGHT leg.", ["Begin with the RIGHT leg."]),
        (", setup: Stand upright.", ["Stand upright.", "Right side first."]),
    ],
)
def test_a_line_that_names_the_side_stands_in_place_of_the_phrase(setup: str, first: list[str]) -> None:
    assert said(TWO % setup)[1:-1] == first


def test_the_order_of_the_sides_says_which_begins() -> None:
    assert said("{name: X, hold: 20s, sides: [left, right]}")[-2] == "Left side first."


def test_a_single_side_is_said_where_the_dose_does_not() -> None:
    one = "{name: X, hold: 20s, sides: [left]%s}"
    assert said(one % "") == ["X.", "Twenty seconds, left side."]
    assert said(one % ", announce: name") == ["X.", "Left side."]
    assert said(one % ", announce: none") == ["Left side."]
    assert said(one % ', announce: none, setup: "Lift your {side} arm."') == ["Lift your left arm."]
    assert said(one % "", "phrases: {one_side: none}") == ["X.", "Left side."]


def test_alternating_work_says_its_side_too() -> None:
    alternating = "{name: X, reps: 4, sides: alternate, tempo: [{for: 3s}]%s}"
    assert said(alternating % ", announce: none") == ["Right side first."]
    assert said(alternating % ", setup: Start with the right leg.")[-2] == "Start with the right leg."


def test_the_side_is_said_in_every_round() -> None:
    rounds = "{rounds: 2, exercises: [%s]}" % (TWO % ', setup: "Lift your {side} arm."')
    texts = said(rounds)
    assert [text for text in texts if "ight" in text] == ["Lift your right arm.", "Right side first."]
    assert texts[-2] == "Right side first."


@pytest.mark.parametrize("guidance", ["full", "brief"])
def test_it_is_said_without_announcements_and_can_be_silenced(guidance: str) -> None:
    assert said(TWO % "", f"announce: none\nguidance: {guidance}") == ["Right side first."]
    assert said(TWO % "", f"announce: none\nguidance: {guidance}\nphrases: {{side: none}}") == []
    own = "phrases: {side_first: 'Begin on the {side}.'}"
    assert said(TWO % "", f"announce: none\nguidance: {guidance}\n{own}") == ["Begin on the right."]


@each(
    ("language", "line", "side"),
    [
        ("de", "Setz den rechten Fuß auf.", "right"),
        ("de", "Linksherum drehen.", "left"),
        ("es", "Levanta la mano derecha.", "right"),
        ("fr", "Lève le bras gauche.", "left"),
        ("it", "Alza la gamba destra.", "right"),
        ("pt", "Levante a perna esquerda.", "left"),
        ("nl", "Til je linkerarm op.", "left"),
        ("pl", "Unieś prawą rękę.", "right"),
        ("hi", "दाएँ हाथ को उठाएँ।", "right"),
        ("ja", "次に左腕を上げます。", "left"),
    ],
)
def test_a_language_knows_its_sides_in_all_their_forms(language: str, line: str, side: str) -> None:
    phrases = load_phrases(language)
    assert phrases.names_side(line, side)
    assert not phrases.names_side(line, "left" if side == "right" else "right")


def test_upright_and_rechtop_name_no_side() -> None:
    assert not load_phrases("en").names_side("Sit upright.", "right")
    assert not load_phrases("nl").names_side("Ga rechtop zitten.", "right")


# -- brief guidance

BREATHING = """
title: T
guidance: brief
settle: 15s
exercises:
  - name: X
    reps: 4
    tempo: [{say: Inhale, for: 4s}, {say: "Exhale, and let go", for: 6s}]
    cues: [{at: 50%, say: Softly.}]
    setup: Sit.
"""


def test_brief_guidance_speaks_the_words_of_phases_and_leaves_the_rest_of_the_words_out() -> None:
    texts = draft(parse_routine(BREATHING)).script.texts()
    assert {"Inhale", "Exhale, and let go", "Exhale"} <= {*texts}
    assert not {"Softly.", "Sit.", "The tone will start you."} & {*texts}
    full = draft(parse_routine(BREATHING.replace("brief", "full"))).script.texts()
    assert {"Softly.", "Sit.", "The tone will start you."} <= {*full}
