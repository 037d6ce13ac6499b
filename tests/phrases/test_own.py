"""A user's own phrases stand in place of the standard ones: in their words, in turns, or not at all."""

import functools
import re

from audiogen import parse_routine
from audiogen.phrases import load_phrases
from audiogen.phrases.own import fields_of, named
from audiogen.routine.dump import routine_text
from audiogen.routine.model import Routine
from audiogen.script import Work
from audiogen.script.spoken import says
from audiogen.timeline.compose import draft
from tests.each import each

KINDS = """
title: Xa
equipment: [xo, xu]
after: Xz.
countdown: 3
remaining: 10s
progress: halfway, 5m
phrases: {phrases}
exercises:
  - {{name: Xb, hold: 60s, sides: [right, left], setup: xc, settle: 12s}}
  - {{name: Xd, hold: {{right: 30s, left: 90s}}, sides: [right, left]}}
  - {{name: Xe, hold: 1m, sides: [left], optional: on}}
  - {{name: Xf, hold: 150s, sets: 3, rest: 45s}}
  - {{name: Xg, reps: 12, tempo: [{{for: 3s}}, {{for: 3s}}]}}
  - {{name: Xh, reps: 8, sides: alternate, count: true, tempo: [{{for: 4s}}]}}
  - {{name: Xj, reps: 2, sides: alternate, hold: 5s, rest: 3s}}
  - {{rounds: 2, exercises: [{{name: Xi, hold: 20s}}]}}
"""


@functools.cache
def kinds() -> Routine:
    return parse_routine(KINDS.format(phrases="{}"))


def said(phrases: str) -> list[str]:
    """All that may be said, in order."""
    own = parse_routine(f"title: Xa\nphrases: {phrases}\nexercises: [{{name: Xb, hold: 60s}}]").phrases
    script = draft(kinds().model_copy(update={"phrases": own})).script
    return [*(say.text for step in script.steps for say in says(step)), *(mark.text for mark in script.marks)]


def test_a_phrase_of_ones_own_is_said_in_place_of_the_standard_one() -> None:
    texts = said('{switch: now the other side, counts.sets: {one: one go, other: "{n} goes"}, sides.left: strong}')
    assert "Switch sides." not in texts
    assert "Now the other side" in texts
    assert "Three goes." in texts
    assert "One minute, strong side." in texts


def test_variants_take_turns_in_the_same_order_each_time() -> None:
    once = said('{set: ["Set {n}.", "{n} now.", none], last_set: [A., B.], switch: [S., T., U.]}')
    assert [text for text in once if text in ("Set two.", "S.", "T.", "U.")] == ["S.", "T.", "Set two."]
    assert once == said('{set: ["Set {n}.", "{n} now.", none], last_set: [A., B.], switch: [S., T., U.]}')


def test_each_number_of_a_countdown_is_a_turn() -> None:
    texts = said('{number: ["{n}!", none]}')
    assert [text for text in texts if text in ("Three!", "Two!", "One!")][:4] == ["Three!", "One!", "Two!", "Three!"]


NAMES = [name for name in named(load_phrases("en").cues) if "." not in name]


@each("name", NAMES)
def test_every_phrase_can_be_silenced(name: str) -> None:
    assert f"Heard {name}." in all_heard() or name in NOT_HERE
    silenced = all_heard(without=name)
    assert f"Heard {name}." not in " ".join(silenced)
    assert others(silenced) <= others(all_heard())  # and so it is not the standard one that is said
    assert "" not in silenced


@functools.cache
def all_heard(without: str = "") -> list[str]:
    phrases = (f"{name}: {'none' if name == without else f'Heard {name}.'}" for name in NAMES)
    return said("{" + ", ".join(phrases) + "}")


def others(texts: list[str]) -> set[str]:
    """The words that are neither of these phrases nor names of exercises."""
    return set(re.sub(r"Heard \w+\.|X[a-z]\.", "", " ".join(texts)).split())


# What this session has no occasion for.
NOT_HERE = {"own_pace", "other_tones", "length", "length_about", "summary"}


def test_every_phrase_can_have_all_of_its_placeholders() -> None:
    phrases = named(load_phrases("en").cues)
    texts = {name: " ".join(["x", *(f"{{{field}}}" for field in one.placeholders)]) for name, one in phrases.items()}
    written = ", ".join(
        f'{name}: {{other: "{texts[name]}"}}' if not isinstance(one.text, str) else f'{name}: "{texts[name]}"'
        for name, one in phrases.items()
    )
    for text in said(f"{{{written}}}"):
        assert "{" not in text


def test_sets_may_name_their_dose() -> None:
    assert "Three sets of two minutes thirty seconds." in said('{dose: none, sets: "{sets} of {dose}."}')


def test_a_silenced_phrase_has_no_tone_in_its_place() -> None:
    script = draft(parse_routine(KINDS.format(phrases="{halfway: none, remaining: none}"))).script
    first = next(step for step in script.steps if isinstance(step, Work))
    assert first.asks == ()


def test_own_phrases_are_written_back() -> None:
    phrases = '{switch: none, more: ["{n} left.", none], counts.sets: {one: one go, other: "{n} goes"}}'
    routine = parse_routine(KINDS.format(phrases=phrases))
    assert parse_routine(routine_text(routine)).phrases == routine.phrases
    assert routine.phrases["more"] == ("{n} left.", "")


def test_the_placeholders_are_those_of_the_language() -> None:
    assert named(load_phrases("ja").cues).keys() == named(load_phrases("en").cues).keys()
    assert fields_of({"one": "one", "other": "{n} things"}) == ("n",)
