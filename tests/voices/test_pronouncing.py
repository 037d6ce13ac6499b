"""How words are said: whole words, in any script, and nowhere but in what is spoken."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen import load_routine, render
from audiogen.export.formats import read_attachment, read_lyrics
from audiogen.storage.cache import Cache
from audiogen.storage.config import config_file
from audiogen.timeline.model import ATTACHMENT
from audiogen.voices import open_voice
from audiogen.voices.pronouncing import said, unmarked
from tests.fakes.tone_voice import ToneVoice

ROUTINE = """\
title: Psoas release
length: 40s
pronounce: {psoas: so-ass}
exercises:
  - name: Psoas
    hold: 10s
    setup: Find your psoas, not your biceps.
"""


@pytest.mark.parametrize(
    ("text", "words", "spoken"),
    [
        ("Psoas. Your psoas, PSOAS-deep.", {"psoas": "so-ass"}, "so-ass. Your so-ass, so-ass-deep."),
        ("Psoases stay, and psoas1.", {"psoas": "so-ass"}, "Psoases stay, and psoas1."),
        ("Cat cow and cat", {"cat": "dog", "cat cow": "marjari"}, "marjari and dog"),
        ("one two", {"one": "two", "two": "three"}, "two three"),
        ("Drücke, drück", {"drück": "x"}, "Drücke, x"),
        ("Dru\u0308ck", {"drück": "x"}, "x"),
        ("तर तरफ़", {"तर": "x"}, "x तरफ़"),  # a mark on its last letter makes it another word
        ("今日はヨガです", {"ヨガ": "よーが"}, "今日はよーがです"),
        ("שלום עולם", {"שלום": "shalom"}, "shalom עולם"),
        ("C++ and .NET", {"C++": "see plus plus", ".net": "dot net"}, "see plus plus and dot net"),
    ],
)
def test_whole_words_are_said_otherwise(text: str, words: dict[str, str], spoken: str) -> None:
    assert said(text, words) == spoken


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text(), max_size=4))
def test_any_text_survives(text: str, words: dict[str, str]) -> None:
    spoken = said(text, words)
    if not any(word.casefold() in text.casefold() for word in words):
        assert len(spoken) <= 4 * len(text)
    assert said(text, {}) == text


def test_only_what_is_spoken_changes(tmp_path: Path) -> None:
    file = tmp_path / "psoas.yaml"
    file.write_text(ROUTINE, "utf-8")
    config_file().parent.mkdir(parents=True)
    config_file().write_text('[pronounce]\nbiceps = "bye-seps"\nPsoas = "never so"\n', "utf-8")
    voice = ToneVoice()
    rendered = render(load_routine(file), tmp_path / "psoas.mp3", voice=voice, cache=Cache(tmp_path / "cache"))
    assert "Find your so-ass, not your bye-seps." in voice.spoken
    assert not any("psoas" in text.lower() for text in voice.spoken)
    texts = {event.text for event in rendered.timeline.events}
    assert {"Psoas release.", "Find your psoas, not your biceps."} <= texts
    timeline, lyrics = read_attachment(rendered.path, ATTACHMENT), read_lyrics(rendered.path)
    assert timeline is not None
    assert b"psoas" in timeline
    assert b"so-ass" not in timeline
    assert lyrics is not None
    assert "psoas" in lyrics
    assert "so-ass" not in lyrics
    assert [one.name for one in rendered.timeline.exercises] == ["Psoas"]


def test_another_pronunciation_speaks_only_the_lines_that_have_the_word(tmp_path: Path) -> None:
    file, cache = tmp_path / "psoas.yaml", Cache(tmp_path / "cache")
    file.write_text(ROUTINE, "utf-8")
    render(load_routine(file), tmp_path / "a.mp3", voice=ToneVoice(), cache=cache)
    file.write_text(ROUTINE.replace("so-ass", "soh-us"), "utf-8")
    voice = ToneVoice()
    render(load_routine(file), tmp_path / "b.mp3", voice=voice, cache=cache)
    assert sorted(voice.spoken) == ["Find your soh-us, not your biceps.", "soh-us release.", "soh-us."]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("[[Cat stretch]], then rest.", "Cat stretch, then rest."),
        ("Lift<br>and lower.<br/>Rest.", "Lift and lower. Rest."),
        ('Breathe <b class="x">slowly</b>.', "Breathe slowly."),
        ("Lift&nbsp;&amp;&#32;lower.", "Lift & lower."),
        ("If 3 < 4 and 5 > 2, rest & wait; AT&T too.", "If 3 < 4 and 5 > 2, rest & wait; AT&T too."),
    ],
)
def test_markup_is_neither_obeyed_nor_spelled(text: str, spoken: str) -> None:
    assert unmarked(text) == spoken


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs the program espeak-ng (Debian: espeak-ng)")
def test_double_brackets_are_no_codes_of_sounds() -> None:
    voice = open_voice("espeak", "en")
    assert voice.speak("[[Cat stretch]]") == voice.speak("Cat stretch")
    assert voice.key_of("[[Cat stretch]]") == voice.key_of("Cat stretch")
