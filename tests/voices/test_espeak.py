"""The espeak-ng program as a voice, where it is installed, and where it is not."""

import io
import shutil
from pathlib import Path

import pytest
import soundfile

from audiogen.errors import VoiceError
from audiogen.voices import engines, open_voice
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
def test_another_variety_is_another_sound_and_another_key() -> None:
    american, british = open_voice("espeak:en-us", "en"), open_voice("espeak:en-gb", "en")
    assert american.key_of("Halfway.") != british.key_of("Halfway.")
    assert american.speak("Halfway.") != british.speak("Halfway.")


@installed
def test_a_text_that_begins_with_a_dash_is_no_option() -> None:
    assert len(open_voice("espeak", "en").speak("--help is what I said.")) > 10_000


@installed
@pytest.mark.parametrize(
    ("spec", "language", "message"),
    [
        ("espeak:xx", "en", "espeak-ng speaks no 'xx'"),
        ("espeak:dee", "de", "Did you mean espeak:de?"),
        ("espeak:de:at", "de", "espeak-ng speaks no 'de:at'"),
        ("espeak:de", "en", "espeak:de does not speak 'en', the routine's language"),
    ],
)
def test_a_wrong_spec_is_an_error_that_helps(spec: str, language: str, message: str) -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice(spec, language)
    assert message in str(caught.value)


@installed
def test_a_text_with_nothing_to_speak_is_refused() -> None:
    with pytest.raises(VoiceError, match="nothing to speak"):
        open_voice("espeak", "en").speak("…")


def test_without_the_program_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VoiceError, match="apt install espeak-ng"):
        open_voice("espeak", "en")
    assert "not installed" in str(next(engine.missing for engine in engines() if engine.name == "espeak"))


def test_a_program_that_fails_is_an_error_that_names_the_text(tmp_path: Path) -> None:
    broken = tmp_path / "espeak-ng"
    broken.write_text("#!/bin/sh\necho no voice data >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(VoiceError, match=r"espeak-ng failed on 'Halfway.': no voice data"):
        EspeakVoice(str(broken), "en").speak("Halfway.")
