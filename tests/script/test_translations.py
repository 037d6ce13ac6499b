"""Routines in other languages: whole, in their own words, as exact as the original."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from audiogen.clips import record
from audiogen.phrases import languages, load_phrases
from audiogen.routine.load import load_routine, parse_routine
from audiogen.routine.model import Routine
from audiogen.session import plan, render
from audiogen.timeline.compose import Spoken, compose, draft
from audiogen.timeline.model import Timeline
from audiogen.verification import verify
from audiogen.voices import open_voice
from tests.shipped import ROUTINES, TRANSLATIONS, ShippedTracks

needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng (Debian: espeak-ng)")
every_translation = pytest.mark.parametrize("name", TRANSLATIONS)
# Spoken as a whole: one by default, since the words of each are looked at above.
every_spoken = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.thorough] if at else []) for at, name in enumerate(TRANSLATIONS)]
)

# Words of English that no sentence of another language here has.
ENGLISH = {
    *("the", "and", "of", "you", "your", "side", "sides", "switch", "seconds", "second"),
    *("halfway", "last", "more", "left", "right", "seven", "three", "two", "one", "repetitions", "exercise"),
    *("exercises", "need", "rest", "session", "complete", "hold", "round", "about", "tone", "bell"),
}

# One exercise of every kind, its own words in no language at all.
KINDS = """
title: Xa
language: {language}
length: none
equipment: [xo, xu]
countdown: 10
remaining: 10s
exercises:
  - {{name: Xb, hold: 60s, sides: [right, left], setup: xc, settle: 12s}}
  - {{name: Xd, hold: {{right: 30s, left: 90s}}, sides: [right, left]}}
  - {{name: Xe, hold: 1m, sides: [left]}}
  - {{name: Xf, hold: 150s, sets: 3, rest: 45s}}
  - {{name: Xg, reps: 12, tempo: [{{for: 3s}}, {{for: 3s}}]}}
  - {{name: Xh, reps: 8, sides: alternate, count: true, tempo: [{{for: 4s}}]}}
  - {{rounds: 2, exercises: [{{name: Xi, hold: 20s}}]}}
"""


def words(timeline_texts: tuple[str, ...]) -> set[str]:
    return {word for text in timeline_texts for word in re.findall(r"[^\W\d_]+", text.lower())}


def doses(timeline: Timeline) -> list[tuple[int | None, str | None, int]]:
    works = (event for event in timeline.events if event.kind in ("hold", "rep"))
    return [(event.place.exercise, event.place.side, event.length_ms) for event in works]


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_no_english_stock_phrase_is_left_in_a_script(language: str) -> None:
    texts = draft(parse_routine(KINDS.format(language=language))).script.texts()
    assert len(texts) > 40
    assert words(texts) & ENGLISH == set()


@pytest.mark.parametrize("language", languages())
def test_every_kind_of_cue_is_said_without_an_open_field(language: str) -> None:
    for text in draft(parse_routine(KINDS.format(language=language))).script.texts():
        assert not re.search(r"[{}]", text)
        assert text[:1] == text[:1].upper() or text.startswith("x")  # the routine's own words stay as they are


@every_translation
def test_a_translation_has_the_doses_sides_and_cues_of_its_original(name: str) -> None:
    translated, original = load_routine(TRANSLATIONS[name]), load_routine(ROUTINES[name.partition(".")[0]])

    def shape(routine: Routine) -> list[object]:
        return [
            (one.hold_ms, one.reps, one.sides, [phase.for_ms for phase in one.tempo], [cue.at for cue in one.cues])
            for one in routine.flat
        ]

    assert translated.language == name.partition(".")[2]
    assert translated.length_ms == original.length_ms
    assert shape(translated) == shape(original)


@every_translation
def test_a_translation_speaks_one_language(name: str) -> None:
    script = draft(load_routine(TRANSLATIONS[name])).script
    assert words(script.texts()) & (ENGLISH - {"rest"}) == set()


@every_translation
def test_a_line_that_names_a_side_names_the_right_one(name: str) -> None:
    routine = load_routine(TRANSLATIONS[name])
    phrases = load_phrases(routine.language)
    stems = {side: phrases.side(side)[:4] for side in ("right", "left")}
    planned = plan(routine, voice="espeak" if shutil.which("espeak-ng") else "gtts").timeline
    said = [event for event in planned.events if event.kind == "say" and event.place.side]
    switched = [event for event in said if event.role == "switch"]
    named = [event for event in switched if any(stem in (event.text or "").lower() for stem in stems.values())]
    assert len(named) >= 3
    for event in named:
        first = min(stems.values(), key=lambda stem: ((event.text or "").lower() + stem).index(stem))
        assert first == stems[event.place.side or ""], event.text


@needs_espeak
@every_spoken
def test_a_translation_is_spoken_at_its_length_without_a_notice(name: str, tracks: ShippedTracks) -> None:
    routine, voice = load_routine(TRANSLATIONS[name]), open_voice("espeak", name.partition(".")[2])

    def speak(texts: Sequence[str]) -> Spoken:
        return Spoken(record(tracks.cache, voice, texts).lengths_ms, True)

    spoken = compose(draft(routine), voice.name, speak)
    assert spoken.timeline.length_ms == 600_000
    assert spoken.notices == ()
    assert doses(spoken.timeline) == doses(plan(load_routine("upper-back"), voice="builtin").timeline)


@needs_espeak
@pytest.mark.parametrize(
    ("name", "only"),
    [
        ("upper-back.de", ("doppel-v",)),
        *(pytest.param(name, (), marks=pytest.mark.thorough) for name in TRANSLATIONS),
    ],
)
def test_a_translation_proves_itself(name: str, only: tuple[str, ...], tracks: ShippedTracks, tmp_path: Path) -> None:
    overrides = {"only": only, "length": "none"} if only else {}
    routine, out = load_routine(TRANSLATIONS[name]), tmp_path / "track.mp3"
    report = verify(render(routine, out, voice="espeak", cache=tracks.cache, overrides=overrides).path)
    assert report.ok, report.verdict
