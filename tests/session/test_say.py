"""`audiogen say`: one line to a file, decoded and measured; and `audiogen voices`, which tells what works."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from audiogen.cli.app import app
from audiogen.errors import AudiogenError
from audiogen.storage.config import config_file
from tests.decode import libsndfile, needs
from tests.fakes.google import FakeGoogle


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def length_s(path: Path) -> float:
    samples, rate = libsndfile(path)
    assert rate == 48_000
    return len(samples) / rate


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["line.wav", "line.mp3"])
def test_a_line_is_spoken_to_a_file_trimmed_and_levelled(name: str) -> None:
    result = run("say", "Breathe out, and let go.", "--voice", "builtin", "-o", name)
    assert result.stdout == f"{name}\n"
    assert "by builtin:heart. Nothing was sent to the internet" in result.stderr
    samples, rate = libsndfile(Path(name))
    assert 1.0 < len(samples) / rate < 2.5
    loud = np.flatnonzero(np.abs(samples.astype(float)) > 0.01 * np.abs(samples.astype(float)).max())
    assert loud[0] / rate < 0.02
    assert 0.1 < np.abs(samples.astype(float)).max() / 32768 < 0.85


def test_without_a_file_it_is_say_wav() -> None:
    assert run("say", "Halfway.", "--voice", "builtin").stdout == "say.wav\n"
    assert length_s(Path("say.wav")) < 1


@pytest.mark.parametrize("voice", ["builtin", pytest.param("espeak", marks=needs("espeak-ng")), "gtts"])
def test_a_speed_is_how_fast_it_is_spoken(voice: str, google: FakeGoogle) -> None:
    line = "Turn the roller lengthwise and lie along it."
    for speed in ("0.8", "1.3"):
        run("say", line, "--voice", voice, "--speed", speed, "-o", f"{speed}.wav")
    assert 1.3 < length_s(Path("0.8.wav")) / length_s(Path("1.3.wav")) < 1.9
    assert voice != "gtts" or len(google.asked) == 1  # the other pace is made of the same speech


def test_the_language_is_that_of_the_voice(google: FakeGoogle) -> None:
    assert "Google Translate" in run("say", "Seite wechseln.", "--voice", "gtts:de").stderr
    assert len(google.asked) == 1


@needs("espeak-ng")
def test_a_voice_of_many_languages_is_told_which() -> None:
    assert "by espeak:de." in run("say", "Seite wechseln.", "--voice", "espeak", "--language", "de").stderr


def test_words_are_said_as_the_config_file_has_it(google: FakeGoogle) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text('[pronounce]\npsoas = "so-ass"\n', "utf-8")
    run("say", "Psoas.", "--voice", "gtts:en")
    assert google.asked == ["so-ass."]


def test_words_are_shown_without_being_spoken(google: FakeGoogle) -> None:
    shown = run("say", "3x30s, R side. Wind down.", "--spoken", "--voice", "gtts")
    assert shown.stdout == "three times thirty seconds, right side. Wind down.\n"
    assert run("say", "30s", "--spoken", "--voice", "gtts:de").stdout == "dreißig Sekunden\n"
    assert "[Wind](/wˈInd/) down" in run("say", "Wind down.", "--spoken", "--voice", "builtin").stdout
    assert google.asked == []
    assert not Path("say.wav").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Halfway.", "--speed", "2"), "from 0.7 to 1.3"),
        (("Halfway.", "-o", "line.ogg"), "must end in .wav or .mp3"),
        (("…", "--voice", "builtin"), "nothing to speak"),
        (("Halfway.", "--voice", "builtni"), "There is no voice 'builtni'"),
    ],
)
def test_what_cannot_be_said_is_an_error_and_no_file(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(AudiogenError, match=message):
        run("say", *arguments)
    assert [path for path in Path().iterdir() if not path.name.startswith(".")] == []


def test_the_voices_listed_say_what_works_and_what_leaves_the_machine(google: FakeGoogle) -> None:
    listed = run("voices").stdout
    assert "gtts, for example: --voice gtts:en:co.uk" in listed
    assert "works if it can be reached (to check: audiogen voices --check)" in listed
    assert all(name in listed for name in ("builtin", "espeak", "piper", "recordings"))
    assert google.asked == []


@pytest.mark.usefixtures("google")
def test_google_is_asked_only_with_check(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "works where" not in run("voices", "--check").stdout
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    found = json.loads(run("voices", "--check", "--json").stdout)
    assert "reach" in next(engine["missing"] for engine in found if engine["name"] == "gtts")
