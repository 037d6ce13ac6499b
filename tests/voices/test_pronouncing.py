"""How words are said: whole words, in any script, and nowhere but in what is spoken."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogen import load_routine, parse_routine, plan, render
from audiogen.cli.plan_table import plan_table
from audiogen.export.formats import read_attachment, read_lyrics
from audiogen.storage.cache import Cache
from audiogen.storage.config import config_file
from audiogen.timeline.compose import Plan
from audiogen.timeline.model import ATTACHMENT
from audiogen.voices import open_voice
from audiogen.voices.piper import PiperVoice
from audiogen.voices.pronouncing import said, unmarked
from tests.decode import needs
from tests.fakes.google import FakeGoogle
from tests.fakes.tone_voice import ToneVoice, tone_wav
from tests.spoken.test_spoken import rows
from tests.strategies import any_text

ROUTINE = """\
title: Psoas release
length: 40s
pronounce: {psoas: so-ass}
exercises:
  - name: Psoas
    hold: 10s
    setup:
      - Find your psoas, not your biceps.
      - R side, ~30s.
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


@given(any_text(), st.dictionaries(any_text(min_size=1), any_text(), max_size=4))
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
    assert "right side, about thirty seconds." in voice.spoken
    texts = {event.text for event in rendered.timeline.events}
    assert {"Psoas release.", "Find your psoas, not your biceps.", "R side, ~30s."} <= texts
    timeline, lyrics = read_attachment(rendered.path, ATTACHMENT), read_lyrics(rendered.path)
    assert timeline is not None
    assert b"psoas" in timeline
    assert b"so-ass" not in timeline
    assert lyrics is not None
    assert "psoas" in lyrics
    assert "so-ass" not in lyrics
    assert "R side, ~30s." in lyrics
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
        ('<speak>Lift <break time="9s"/> and <emphasis level="strong">lower</emphasis>.</speak>', "Lift and lower."),
        ("<table><tr><td>Lift</td></tr></table>", "Lift"),
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


def test_links_lead_to_no_sounds() -> None:
    assert unmarked("[Cat](/kˈW/) and [cow](https://cow.example)") == "Cat and cow"


ROUTINE_IN_SIGNS = """\
title: 90/90
voice: {voice}
pronounce: {{psoas: /ˈsoʊəs/, block: "20 cm box"}}
exercises:
  - name: Hips
    hold: 30s
    setup: [R leg in front., Breathe into the psoas 3x10s., Use a block.]
"""


def in_signs(voice: str) -> Plan:
    return plan(parse_routine(ROUTINE_IN_SIGNS.format(voice=voice)))


def test_a_plan_has_what_is_written_and_what_is_spoken() -> None:
    planned = in_signs("builtin")
    assert planned.spoken == {
        "90/90.": "ninety ninety.",
        "R leg in front.": "right leg in front.",
        "Breathe into the psoas 3x10s.": "Breathe into the [psoas](/sˈOəs/) three times ten seconds.",
        "Use a block.": "Use a 20 cm box.",  # the user's own words are said as they are
    }
    assert set(planned.spoken) <= {event.text for event in planned.timeline.events}
    assert planned.notices == ()
    lines = plan_table(planned, every_event=True)
    assert any('"R leg in front.", spoken: "right leg in front."' in line for line in lines)
    assert not any("spoken:" in line for line in plan_table(planned))


@needs("espeak-ng")
def test_a_voice_without_phonemes_says_the_word_as_written_and_a_notice_says_so() -> None:
    planned = in_signs("espeak")
    assert planned.spoken["Breathe into the psoas 3x10s."] == "Breathe into the psoas three times ten seconds."
    (notice,) = planned.notices
    assert (notice.code, notice.subject, notice.found) == ("session.phonemes-unused", "psoas", "espeak:en")


def test_piper_is_given_phonemes_in_brackets() -> None:
    assert PiperVoice(Path("voice.onnx"), 1.0, "en").phonetic("psoas", "sˈOəs") == "[[ sˈoʊəs ]]"


def test_google_is_sent_the_rows_of_the_tables_in_words(google: FakeGoogle) -> None:
    for language in ("en", "de"):
        voice = open_voice(f"gtts:{language}", language)
        table = {words: written for written, words in rows(language)}  # each text once
        assert [voice.key_of(written)["text"] for written in table.values()] == list(table)
        sent = list(table)[::8]
        google.asked.clear()
        for words in sent:
            voice.speak(table[words])
        assert google.asked == sent


@pytest.mark.linux(reason="its program is a shell script")
def test_espeak_is_given_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, program = tmp_path / "given", tmp_path / "espeak-ng"
    (tmp_path / "one.wav").write_bytes(tone_wav(200, 440))
    listed = "Pty Language\n 5 en-us\n 5 es\n"
    program.write_text(
        f"""#!/bin/sh
case "$*" in *--voices*) printf '{listed}'; exit;; *--version*) echo 1.51; exit;; esac
cat >> {given}; echo >> {given}
cat {tmp_path / "one.wav"}
"""
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    table = [(language, *row) for language in ("en", "es") for row in rows(language)]
    voices = {language: open_voice("espeak", language) for language in ("en", "es")}
    assert [voices[language].key_of(written)["text"] for language, written, _ in table] == [row[-1] for row in table]
    for language, written, _ in table[::12]:
        voices[language].speak(written)
    assert given.read_text("utf-8").splitlines() == [row[-1] for row in table[::12]]


def test_a_text_said_alike_keeps_its_key() -> None:
    for engine in ("builtin", "gtts"):
        voice = open_voice(engine, "en")
        assert voice.key_of("3x10 reps")["text"] == "three sets of ten reps"
        assert voice.key_of("3x10 reps") == voice.key_of("three sets of ten reps")
        for text in ("Breathe out, and let go.", "Rest 20 seconds, then 5 breaths."):
            assert voice.key_of(text)["text"] == text
