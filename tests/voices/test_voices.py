"""What holds for all voices: specs, estimates, the list of engines."""

from pathlib import Path

import pytest

from audiogen.clips import record
from audiogen.errors import Problem, VoiceError
from audiogen.storage.cache import Cache
from audiogen.voices import engines, estimate_ms, open_voice

# A sixth of the lines that the estimate was fitted on.
LINES = """
Not warm yet? Pause here, and warm your upper back with a heating pad or a brisk walk.
Lay the roller across the mat and sit in front of it.
Below the shoulders, turn back.
One.
Knees bent, feet flat. Draw your belly in.
Halfway, six to go.
Thirty seconds each side.
Switch sides.
Reach your right arm to the sky.
Five of seven.
Elbows at shoulder height, pressed forward.
Twenty seconds.
Embryo's pose.
Last set.
Now the left side.
Hold
Shake out your legs.
""".strip().splitlines()


def test_the_estimate_is_close_on_a_session_and_fair_on_each_line(tmp_path: Path) -> None:
    lengths_ms = record(Cache(tmp_path), open_voice("builtin", "en"), LINES).lengths_ms
    estimates_ms = {line: estimate_ms(line, "en") for line in LINES}
    assert sum(estimates_ms.values()) == pytest.approx(sum(lengths_ms.values()), rel=0.03)
    assert all(estimates_ms[line] == pytest.approx(lengths_ms[line], rel=0.27) for line in LINES)


@pytest.mark.parametrize(
    ("shorter", "longer", "language"),
    [
        ("Hips down, sit up.", "Hips down. Sit up.", "en"),
        ("Alternating shoulders.", "Alternating, shoulders.", "en"),  # of short words, the number sets the length
        ("Rest, ten seconds.", "Rest, 4500 seconds.", "en"),
        ("息を吸う", "息を吸う。息を吐く。", "ja"),
        ("", "Rest.", "en"),
    ],
)
def test_more_to_say_is_estimated_longer(shorter: str, longer: str, language: str) -> None:
    assert 0 < estimate_ms(shorter, language) < estimate_ms(longer, language)


def test_a_syllable_script_lasts_longer_for_each_letter() -> None:
    assert estimate_ms("息を吸って腕を上げる", "ja") > 2 * estimate_ms("abcdefghij", "en") * 0.8


@pytest.mark.parametrize("spec", ["", "auto", "festival:de", "Gtts", "builtins", "gtts /etc"])
def test_an_unknown_engine_is_an_error(spec: str) -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice(spec, "en")
    assert caught.value.problems == (Problem("voices.unknown", subject=spec),)


def test_the_engines_listed_can_be_opened_by_their_examples() -> None:
    for engine in engines():
        assert engine.missing is None or engine.name == "pico"
        if engine.name not in ("pico", "piper", "kokoro", "recordings"):  # the last three need files of the user's
            assert open_voice(engine.example, engine.languages[0] if engine.name == "builtin" else "en").name


@pytest.mark.parametrize(("name", "language"), [("espeak", "en"), ("pico", "de")])
def test_without_its_program_a_voice_says_what_to_install(
    name: str, language: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VoiceError) as caught:
        open_voice(name, language)
    missing = next(engine.missing for engine in engines() if engine.name == name)
    assert missing is not None
    for problem in (caught.value.problems[0], missing):
        assert (problem.code, problem.remedies[0].code) == (f"voices.no-{name}", f"install-{name}")
