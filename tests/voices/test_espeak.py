"""The espeak-ng program as a voice, where it is installed, and where it is not."""

import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
import soundfile

from audiogen.errors import Problem, VoiceError
from audiogen.voices import espeak, open_voice
from audiogen.voices.espeak import EspeakVoice

installed = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="needs the program espeak-ng (Debian: espeak-ng)"
)


@installed
@pytest.mark.parametrize(("language", "text"), [("en", "Switch sides."), ("de", "Seite wechseln."), ("hi", "तरफ़ बदलें।")])
def test_it_speaks_in_the_language_of_the_routine(language: str, text: str) -> None:
    voice = open_voice("espeak", language)
    samples, rate = soundfile.read(io.BytesIO(voice.speak(text)))
    assert voice.name == f"espeak:{language}"
    assert 0.5 < len(samples) / rate < 4
    assert abs(samples).max() > 0.05


@installed
def test_the_same_text_gives_the_same_bytes() -> None:
    assert open_voice("espeak:en-gb", "en").speak("Halfway.") == open_voice("espeak:en-gb", "en").speak("Halfway.")


@installed
def test_a_long_text_is_spoken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    run = espeak._run

    def noted(command: Sequence[str], text: str = "") -> "subprocess.CompletedProcess[bytes]":
        said.append(text)
        return run(command, text)

    voice = open_voice("espeak", "en")
    sentence = "Breathe in, and breathe out again, as slowly as you can. "
    monkeypatch.setattr(espeak, "_run", noted)
    one, _ = soundfile.read(io.BytesIO(voice.speak(sentence)))
    many, rate = soundfile.read(io.BytesIO(voice.speak(sentence * 40)))
    assert rate == 22_050
    assert len(many) == pytest.approx(40 * len(one), rel=0.1)
    assert max(map(len, said)) <= 400
    assert "".join(said[1:]).count("slowly") == 40
    assert voice.key_of(sentence * 40)["packing"]
    assert "packing" not in voice.key_of(sentence)


@installed
def test_another_variety_is_another_sound_and_another_key() -> None:
    american, british = open_voice("espeak:en-us", "en"), open_voice("espeak:en-gb", "en")
    assert american.key_of("Halfway.") != british.key_of("Halfway.")
    assert american.speak("Halfway.") != british.speak("Halfway.")


@installed
def test_a_text_that_begins_with_a_dash_is_not_an_option() -> None:
    assert len(open_voice("espeak", "en").speak("--help is what I said.")) > 10_000


@installed
@pytest.mark.parametrize(
    ("spec", "language", "code", "subject", "offered"),
    [
        ("espeak:xx", "en", "espeak-language", "xx", []),
        ("espeak:dee", "de", "espeak-language", "dee", ["espeak:de"]),
        ("espeak:de:at", "de", "espeak-language", "de:at", ["espeak:de"]),
        ("espeak:de", "en", "other-language", "espeak:de", ["espeak"]),
    ],
)
def test_a_wrong_spec_is_an_error_that_helps(
    spec: str, language: str, code: str, subject: str, offered: list[str]
) -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice(spec, language)
    (problem,) = caught.value.problems
    assert (problem.code, problem.subject) == (f"voices.{code}", subject)
    assert [remedy.value for remedy in problem.remedies] == offered


@installed
def test_a_text_with_nothing_to_speak_is_refused() -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice("espeak", "en").speak("…")
    assert caught.value.problems[0].code == "voices.wordless"


def test_a_program_that_fails_is_an_error_that_names_the_text(tmp_path: Path) -> None:
    broken = tmp_path / "espeak-ng"
    broken.write_text("#!/bin/sh\necho no voice data >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(VoiceError) as caught:
        EspeakVoice(str(broken), "en").speak("Halfway.")
    assert caught.value.problems == (Problem("voices.failed", subject="Halfway.", found="no voice data"),)
