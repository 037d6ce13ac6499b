"""How a text is delivered: its sentences, its pace, and a speed that is exactly what was asked for."""

from pathlib import Path

import pytest

from audiogen.clips import record
from audiogen.spoken.sentences import sentences
from audiogen.storage.cache import Cache
from audiogen.voices import Manner, Voice, estimate_ms, kept_up, open_voice
from audiogen.voices.delivery import LEAST_PACE, PAUSE_MS, Delivery, by_sentences
from audiogen.voices.piper import PiperVoice
from audiogen.voices.pronouncing import Pronouncing
from tests.decode import needs
from tests.each import each

from ..fakes.tone_voice import ToneVoice

LINES = (
    "Switch sides.",
    "Halfway.",
    "Hips down. Sit up.",
    "Sit with the roller behind you, across the mat.",
    "Close your eyes. Breathe wide between your shoulder blades.",
    "At a tense spot, stop. Breathe there for twenty seconds, then roll on.",
)


@each(
    ("text", "parts"),
    [
        ("Halfway.", ["Halfway."]),
        ("Hips down. Sit up.", ["Hips down.", "Sit up."]),
        ("Tingling fingers? Ease off!", ["Tingling fingers?", "Ease off!"]),
        ("Lift approx. 10 cm. Hold.", ["Lift approx. 10 cm.", "Hold."]),
        ("No. 3 of Dr. Young, e. g. Squats.", ["No. 3 of Dr. Young, e. g. Squats."]),
        ("Die 3. Übung. Dann Ruhe.", ["Die 3. Übung.", "Dann Ruhe."]),
        ("Breathe in … and out. Rest.", ["Breathe in … and out.", "Rest."]),
        ("“Stop.” Rest.", ["“Stop.”", "Rest."]),
        ("Rest. … Go on.", ["Rest.", "… Go on."]),
        ("右腕を上げます。下ろします。", ["右腕を上げます。", "下ろします。"]),
        ("दाईं ओर। बाईं ओर।", ["दाईं ओर।", "बाईं ओर।"]),
        ("...", ["..."]),
        ("", [""]),
    ],
)
def test_a_text_is_spoken_sentence_by_sentence(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts


def test_a_pace_brings_speech_to_that_of_a_coach_and_a_speed_changes_it() -> None:
    assert Delivery(("x",), pace=0.8, speed=1.2).factor(1000) == pytest.approx(0.96)


def test_a_text_of_many_short_words_is_slowed_further_but_not_too_far() -> None:
    text = by_sentences("Sit on it as if it were low.", 0.8)
    assert 60_000 * text.words / (2000 / text.factor(2000)) == pytest.approx(148)
    assert text.factor(1000) == pytest.approx(0.8 * LEAST_PACE)
    assert text.factor(9000) == 0.8


@each(("slower", "lasts"), [(0.8, 0.8), (1.0, 1.0), (1.1, 1.02), (1.2, 1.02), (1.5, 1.2)])
@each("text", LINES)
def test_a_slow_voice_is_sped_up_so_that_a_session_keeps_its_length(text: str, slower: float, lasts: float) -> None:
    delivery = kept_up(Delivery((text,)), text, "en")
    spoken_ms = slower * estimate_ms(text, "en")
    assert spoken_ms / delivery.factor(spoken_ms) == pytest.approx(lasts * estimate_ms(text, "en"), abs=1)
    in_parts = kept_up(by_sentences(text, 1.0), text, "en")
    pauses_ms = PAUSE_MS * (len(in_parts.parts) - 1)
    spoken_ms = 1.15 * estimate_ms(text, "en") - pauses_ms
    assert spoken_ms / in_parts.factor(spoken_ms) + pauses_ms == pytest.approx(1.02 * estimate_ms(text, "en"), abs=1)


def test_voices_whose_pace_others_choose_are_held_to_it() -> None:
    for voice in (open_voice("gtts", "de"), PiperVoice(Path("voice.onnx"), 1.0, "de")):
        assert voice.delivery(LINES[0]).most_ms == round(1.02 * estimate_ms(LINES[0], "de"))


def test_a_slow_voice_keeps_its_pace_where_no_estimate_was_measured() -> None:
    assert kept_up(Delivery(("x",)), "x", "ja") == Delivery(("x",))


# A voice that can speed up by itself, one that is only stretched, and a program.
@pytest.mark.parametrize(
    ("voice", "speeds"),
    [
        ("builtin", (0.7, 1.3)),
        ("tones", (0.8, 1.3)),
        pytest.param("espeak", (0.9,), marks=needs("espeak-ng")),
        *(
            pytest.param(voice, (0.7, 0.8, 0.9, 1.1, 1.3), marks=[needs("espeak-ng"), pytest.mark.thorough])
            for voice in ("builtin", "tones", "espeak")
        ),
    ],
)
def test_a_speed_is_what_was_asked_for_within_one_percent(
    voice: str, speeds: tuple[float, ...], tmp_path: Path
) -> None:
    cache, tones = Cache(tmp_path), ToneVoice()

    def opened(speed: float) -> Voice:
        return Pronouncing(tones, {}, "en", speed) if voice == "tones" else open_voice(voice, "en", Manner(speed))

    normal = record(cache, opened(1.0), LINES)
    assert normal.spoken == len(LINES)
    for speed in speeds:
        other = record(cache, opened(speed), LINES)
        assert other.spoken == 0
        assert sum(other.lengths_ms.values()) * speed == pytest.approx(sum(normal.lengths_ms.values()), rel=0.01)


def test_an_estimate_changes_with_the_speed() -> None:
    for line in LINES:
        assert estimate_ms(line, "en", 0.7) * 0.7 == pytest.approx(estimate_ms(line, "en"), abs=1)


def test_two_sentences_are_as_long_as_each_alone_and_the_pause(tmp_path: Path) -> None:
    class Joining(ToneVoice):
        def delivery(self, text: str) -> Delivery:
            return Delivery(tuple(sentences(text)))

    one, two, both = "Hips down.", "Sit up slowly.", "Hips down. Sit up slowly."
    lengths_ms = record(Cache(tmp_path), Joining(), [one, two, both]).lengths_ms
    assert lengths_ms[both] == pytest.approx(lengths_ms[one] + lengths_ms[two] + PAUSE_MS, abs=40)
