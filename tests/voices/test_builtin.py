"""The built-in voice: the same bytes every time, English only, and offline.

That another process gives the same bytes, test_lean.py finds.
"""

import io
import threading
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audiogen.errors import Cancelled, Remedy, VoiceError
from audiogen.voices import lean, open_voice, speaking
from audiogen.voices.builtin import NAMES, BuiltinVoice, open_builtin

pytestmark = pytest.mark.usefixtures("not_shared")

LINES = [
    "Switch sides.",
    "Halfway.",
    "Hips down. Sit up.",
    "Close your eyes. Breathe between your shoulder blades.",
]


@pytest.fixture(scope="module")
def first() -> tuple[BuiltinVoice, list[bytes]]:
    """A voice, and what it spoke for four threads at once before it had spoken for anybody."""
    fresh = BuiltinVoice()
    with ThreadPoolExecutor(4) as threads:
        return fresh, list(threads.map(fresh.speak, ["Rest."] * 4))


@pytest.fixture(scope="module")
def voice(first: tuple[BuiltinVoice, list[bytes]]) -> BuiltinVoice:
    return first[0]


def test_it_speaks_wav(voice: BuiltinVoice) -> None:
    with wave.open(io.BytesIO(voice.speak("Switch sides."))) as speech:
        assert (speech.getframerate(), speech.getnchannels(), speech.getsampwidth()) == (24_000, 1, 2)
        assert 0.7 < speech.getnframes() / 24_000 < 2.0


def test_threads_give_the_same_bytes_as_one_after_another(voice: BuiltinVoice) -> None:
    one_by_one = [voice.speak(line) for line in LINES]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(voice.speak, LINES * 2)) == one_by_one * 2


def test_several_threads_may_be_the_first_to_speak(first: tuple[BuiltinVoice, list[bytes]]) -> None:
    voice, spoken = first
    assert set(spoken) == {voice.speak("Rest.")}


@pytest.mark.parametrize(("text", "code"), [("...", "wordless"), ("", "wordless"), ("息を吸う", "no-sound")])
def test_a_text_that_it_cannot_speak_is_refused(voice: BuiltinVoice, text: str, code: str) -> None:
    with pytest.raises(VoiceError) as caught:
        voice.speak(text)
    (problem,) = caught.value.problems
    assert (problem.code, problem.subject) == (f"voices.{code}", text)


@pytest.mark.parametrize(
    ("error", "short", "code"),
    [
        (ImportError("libonnxruntime.so: failed to map segment"), True, "too-little-memory"),
        (MemoryError(), False, "too-little-memory"),
        (RuntimeError("std::bad_alloc"), True, "too-little-memory"),
        (ImportError("No module named 'hibari'"), False, "builtin-not-loaded"),
        (RuntimeError("Protobuf parsing failed"), False, "builtin-not-loaded"),
    ],
)
def test_what_fails_as_the_engine_is_loaded_is_told_by_its_cause(
    error: Exception, short: bool, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(lean, "load", fail)
    monkeypatch.setattr(speaking, "is_short", lambda: short)
    with pytest.raises(VoiceError) as caught:
        BuiltinVoice().speak("Halfway.")
    assert [problem.code for problem in caught.value.problems] == [f"voices.{code}"]


def test_it_stops_when_cancelled(voice: BuiltinVoice) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        voice.speak("Rest.", cancel)


@pytest.mark.parametrize("spec", ["builtin", "builtin:heart", "builtin:"])
def test_a_spec_opens_it_without_loading_it(spec: str) -> None:
    voice = open_voice(spec, "en-GB")
    assert (voice.name, voice.sends_to) == ("builtin:heart", None)
    assert voice.key_of("Halfway.")["engine"] == "hibari"


def test_opening_it_again_gives_the_same_voice() -> None:
    assert open_builtin([], "en") is open_builtin(["heart"], "en-US")


@pytest.mark.parametrize(
    ("spec", "language", "code", "offered"),
    [
        ("builtin", "es", "builtin-english", ["gtts", "espeak", "pico", "kokoro:FOLDER"]),
        ("builtin:hart", "en", "builtin-unknown", ["builtin:heart"]),
        ("builtin:heart:slow", "en", "builtin-unknown", ["builtin:heart"]),
    ],
)
def test_a_wrong_spec_is_an_error_that_helps(spec: str, language: str, code: str, offered: list[str]) -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice(spec, language)
    (problem,) = caught.value.problems
    assert (problem.code, [remedy.value for remedy in problem.remedies]) == (f"voices.{code}", offered)


def test_a_voice_that_is_not_on_this_machine_is_refused_without_a_download() -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice("builtin:emma", "en").speak("Rest.")
    (problem,) = caught.value.problems
    assert (problem.code, problem.subject) == ("voices.builtin-uninstalled", "builtin:emma")
    assert "bf_emma" in problem.expected
    assert problem.remedies == (Remedy("builtin-voice", "voice", "builtin"),)


def test_a_voice_whose_model_was_put_in_place_is_loaded(
    voice: BuiltinVoice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model of the voice in the package stands in: the files are alike."""
    from hibari.voices import VOICES, voice_path

    (tmp_path / VOICES["kore"]["file"]).write_bytes(Path(voice_path("heart")).read_bytes())
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    kore = open_voice("builtin:kore", "en")
    assert kore.name == "builtin:kore"
    assert kore.speak("Rest.") == voice.speak("Rest.")


def test_the_names_are_those_of_hibari() -> None:
    from hibari.voices import VOICES

    assert set(NAMES) == set(VOICES)
