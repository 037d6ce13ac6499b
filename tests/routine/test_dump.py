"""A routine is written as one file that says all of it, and is read back as the same."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen.errors import CustomiseError
from audiogen.routine.dump import routine_text
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.model import Routine
from audiogen.routine.overrides import customise
from audiogen.text import is_obeyed

from ..shipped import ALL
from ..strategies import any_text, documents, read, wishes


def slugs(routine: Routine) -> list[tuple[int, str]]:
    return [(one.number, one.slug) for one in routine.flat]


def without_ids(routine: Routine) -> str:
    """The routine without the ids that only keep a slug."""
    return routine_text(routine).replace("id:", "#")


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_shipped_routine_is_read_back_as_it_was(path: Path) -> None:
    routine = load_routine(path)
    assert parse_routine(routine_text(routine)) == routine


@given(documents().flatmap(lambda one: st.tuples(st.just(one), wishes(read(one)))))
def test_any_customised_routine_is_read_back_as_it_was(drawn: tuple[dict[str, Any], dict[str, Any]]) -> None:
    document, overrides = drawn
    routine = read(document)
    assert parse_routine(json.dumps(document)) == routine  # JSON is YAML too
    with contextlib.suppress(CustomiseError):
        routine = customise(routine, overrides).routine
    text = routine_text(routine)
    again = parse_routine(text)
    assert again == routine
    assert slugs(again) == slugs(routine)
    assert routine_text(again) == text


AROUND = ["{}", "a{}", "a {}", "{}:", "- {}", "a: {}", "a #{}", "'{}", '"{}', "on{}", "1{}", "{}\\n"]


@given(st.sampled_from(AROUND), any_text(min_size=1, max_size=30))
def test_any_text_is_read_back_as_it_was(around: str, text: str) -> None:
    line = " ".join(f"{around.replace('{}', text)}x".split())
    # Neither braces nor what a terminal would obey: a routine with these is refused.
    line = "".join(letter for letter in line if letter not in "{}" and not is_obeyed(letter)) or "x"
    line = " ".join(line.split())
    routine = parse_routine("title: t\nexercises: [{name: n, hold: 9s}]")
    changed = routine.model_copy(update={"title": line, "before": (line, line), "pronounce": {line: line}})
    assert parse_routine(routine_text(changed)) == changed


EVERYTHING = """\
title: "Everything: all # of it"
language: pt-BR
length: none
description: true
equipment: [a mat, "a towel, folded"]
before: [One.]
caution: "90"
after: [Two.]
voice: gtts:pt
speed: 0.85
loudness: -16
fill: espeak
pronounce: {psoas: so-ass, "no": know}
date: 2026-03-01
artist: Ann
album: null-album
gap: 1s
settle: 4.5s
switching: 0s
transition: 2s
tail: 3s
pauses: 1.1x
breath: 4s/5.5s
rounds: 2
stretch: holds
guidance: brief
countdown: 5
halfway: off
halfway_from: 1m
remaining: 30s
exercises:
  - name: Same
    sides: [left, right]
    hold: {right: 30s, left: 1:00.5}
    setup: [{right: Right., left: "Left: yes."}, "Your {side} arm."]
    sets: 2
    rest: 20s
    cues: [{at: 0s, say: Now.}, {at: -12.5s, say: Later.}, {at: 33.3%, say: {right: R., left: L.}}]
    switch: Turn.
    release: [Up.]
    gap: 0s
    settle: 3s
    switching: 4s
    transition: 5s
    countdown: 0
    halfway: on
    halfway_from: 40s
    remaining: off
    fixed: on
    min: 10s
    max: 2m
  - name: Same
    skip: true
    hold: 10s
  - rounds: 1
    exercises:
      - name: Curl
        id: biceps
        sides: alternate
        reps: 4
        count: on
        tempo: [{say: "Up, up", short: Up, for: 2s, tone: falling}, {for: 1.5s}]
"""


def test_every_key_is_written() -> None:
    routine = parse_routine(EVERYTHING)
    assert parse_routine(routine_text(routine)) == routine


def test_the_text_of_a_routine_reads_as_one_would_write_it() -> None:
    routine = parse_routine(EVERYTHING)
    text = routine_text(routine, ["From a track."])
    assert text.startswith('# From a track.\ntitle: "Everything: all # of it"\nlanguage: pt-BR\n')
    assert "speed: 0.85x\n" in text
    assert "    hold:\n      right: 30s\n      left: 1m0.5s\n" in text
    assert "    sides: [left, right]\n" in text
    assert "      - at: 33.3%\n        say:\n          right: R.\n          left: L.\n" in text
    assert '  "no": know\n' in text
    assert "        sides: alternate\n" in text


def test_an_exercise_keeps_its_slug_under_a_new_name_and_in_a_new_order(tmp_path: Path) -> None:
    parent = tmp_path / "parent.yaml"
    parent.write_text(
        "title: P\nexercises: [{name: Bend, hold: 9s}, {name: Bend, hold: 10s}, {name: बैठें, hold: 11s}]", "utf-8"
    )
    child = tmp_path / "child.yaml"
    child.write_text(
        "extends: ./parent.yaml\norder: [bend-2]\nexercises: {बैठें: {name: Sit}, bend: {name: Bow}}", "utf-8"
    )
    routine = load_routine(child)
    again = parse_routine(routine_text(routine))
    assert slugs(again) == slugs(routine) == [(1, "bend-2"), (2, "bend"), (3, "बैठें")]
