"""The program pico2wave as a voice: where it is installed by itself, elsewhere by a program that takes its options."""

import io
import os
import shutil
import sys
from pathlib import Path

import pytest
import soundfile

from audiogen.errors import VoiceError
from audiogen.voices import Manner, open_voice
from audiogen.voices.pico import PicoVoice

# Speaks a tone of 50 ms for each letter, and notes what it was given.
STAND_IN = """#!{python}
import sys, wave
given = sys.argv[1:]
options, words = given[: given.index("--")], given[given.index("--") + 1 :]
language, out = options[options.index("-l") + 1], options[options.index("-w") + 1]
assert len(words) == 1 and out.endswith(".wav")
if language not in ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT"):
    sys.exit(f"Unknown language: {{language}}")
open("{notes}", "a").write(f"{{language}} {{words[0]}}\\n")
with wave.open(out, "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(16000)
    file.writeframes(b"\\x00\\x20\\x00\\xe0" * 400 * len(words[0]))
"""


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the stand-in was given; it is first on the path."""
    program, notes = tmp_path / "pico2wave", tmp_path / "notes.txt"
    program.write_text(STAND_IN.format(python=sys.executable, notes=notes))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return notes


@pytest.mark.thorough  # not every system has it among what may be installed by anybody
@pytest.mark.skipif(shutil.which("pico2wave") is None, reason="needs the program pico2wave (libttspico-utils)")
def test_the_program_speaks_german_and_obeys_nothing_in_a_text() -> None:
    voice = open_voice("pico", "de")
    plain, rate = soundfile.read(io.BytesIO(voice.speak("Rücken gerade.")))
    assert 0.5 < len(plain) / rate < 3
    slow, _ = soundfile.read(io.BytesIO(PicoVoice(str(shutil.which("pico2wave")), "de").speak('<speed level="20">Ja.')))
    assert len(slow) / rate > 1.5  # the words of the command are said


@pytest.mark.parametrize(
    ("spec", "language", "code"),
    [("pico", "de", "de-DE"), ("pico", "en", "en-US"), ("pico:en-gb", "en", "en-GB"), ("pico", "es-MX", "es-ES")],
)
def test_it_speaks_the_language_of_the_routine(spec: str, language: str, code: str, notes: Path) -> None:
    voice = open_voice(spec, language, Manner(speed=1.1))
    samples, rate = soundfile.read(io.BytesIO(voice.speak("-w Halt.")))
    assert notes.read_text() == f"{code} -w Halt.\n"
    assert len(samples) / rate > 0.3
    assert voice.sends_to is None
    assert voice.key_of("Halt.")["language"] == code


def test_a_long_text_is_spoken_in_parts(notes: Path) -> None:
    sentence = "Einatmen, und ganz langsam wieder ausatmen. "
    open_voice("pico", "de").speak(sentence * 20)
    said = notes.read_text().splitlines()
    assert max(map(len, said)) <= 406
    assert "".join(said).count("langsam") == 20


@pytest.mark.parametrize(
    ("spec", "language", "code", "offered"),
    [
        ("pico", "nl", "pico-language", []),
        ("pico:dee", "de", "pico-language", ["pico:de"]),
        ("pico:de", "en", "other-language", ["pico"]),
        ("pico:de", "nl", "other-language", []),
    ],
)
@pytest.mark.usefixtures("notes")
def test_a_wrong_spec_is_an_error_that_helps(spec: str, language: str, code: str, offered: list[str]) -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice(spec, language)
    (problem,) = caught.value.problems
    assert problem.code == f"voices.{code}"
    assert [remedy.value for remedy in problem.remedies] == offered


def test_a_program_that_writes_nothing_is_an_error_that_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "pico2wave"
    broken.write_text("#!/bin/sh\necho Cannot open output wave file >&2\n")
    broken.chmod(0o755)
    with pytest.raises(VoiceError) as caught:
        PicoVoice(str(broken), "de").speak("Halt.")
    assert (caught.value.problems[0].code, caught.value.problems[0].found) == (
        "voices.failed",
        "Cannot open output wave file",
    )
