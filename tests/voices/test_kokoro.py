"""Kokoro's files, loaded and run as they are, with a model that says the numbers of its phonemes."""

from pathlib import Path

import pytest

from audiogen import parse_routine, plan
from audiogen.errors import VoiceError
from audiogen.storage.cache import Cache
from audiogen.voices import Manner, kokoro, open_voice
from audiogen.voices.kokoro_phonemes import numbers_of, phonemes_of, speaker_of, tables
from tests.decode import needs

from ..fakes.kokoro_files import heard, write_files

espeak = needs("espeak-ng")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_files(tmp_path_factory.mktemp("kokoro"))


@pytest.mark.parametrize(
    ("language", "text", "phonemes"),
    [
        pytest.param("es", "Gira, y respira. ¿Lista?", "xˈiɾa, i respˈiɾa. lˈista?", marks=espeak),
        pytest.param("fr", "Le dos, les yeux.", "lə dˈo, lez jˈø.", marks=espeak),
        pytest.param("it", "Faccia (in giù).", "fˈaʧːa (in ʤˈu).", marks=espeak),
        ("en", "Lie on your back.", "lˈI ˌɔn jʊɹ bˈæk."),
    ],
)
def test_it_says_the_phonemes_of_a_language(language: str, text: str, phonemes: str, files: Path) -> None:
    assert heard(open_voice(f"kokoro:{files}", language).speak(text)) == numbers_of(phonemes)


def test_the_alphabet_is_that_of_the_model() -> None:
    numbers = tables().numbers
    assert len(numbers) == len(set(numbers.values())) == 114
    assert [numbers[sign] for sign in ";…Aaæʒˈːᵻ"] == [1, 10, 24, 43, 72, 147, 156, 158, 177]


def test_signs_stay_where_they_were_and_what_is_in_another_language_is_marked_no_more() -> None:
    said = phonemes_of("Uno… «dos» (tres), ¡ya!", lambda text: f"(^e^n){text.strip().lower()}(^e^s)")
    assert said == "uno… “dos” (tres), ya!"


@espeak
def test_sounds_between_slashes_are_said_in_place_of_the_word(files: Path) -> None:
    voice = open_voice(f"kokoro:{files}", "es", Manner(pronounce={"psoas": "/ˈsoas/"}))
    assert heard(voice.speak("El psoas.")) == numbers_of("ˈel ˈsoas.")
    with pytest.raises(VoiceError) as caught:
        open_voice(f"kokoro:{files}", "es", Manner(pronounce={"psoas": "/ʘas/"}))
    assert (caught.value.problems[0].code, caught.value.problems[0].found) == ("voices.phonemes", "ʘ")


def test_english_has_the_lexicon_of_the_built_in_voice_and_a_british_voice(files: Path) -> None:
    said = heard(open_voice(f"kokoro:{files}", "en").speak("Savasana."))
    assert said == numbers_of("ʃəvˈɑsənə.")
    assert speaker_of("en-GB") != speaker_of("en")
    with pytest.raises(VoiceError) as caught:
        open_voice(f"kokoro:{files}", "en-GB").speak("Rest.")
    assert (caught.value.problems[0].code, caught.value.problems[0].expected) == ("voices.kokoro-voiceless", "bf_emma")


def test_a_long_text_is_said_in_parts_of_what_the_model_reads_at_once(files: Path) -> None:
    sentence = "Breathe in, and breathe out again, as slowly as you can. "
    voice = open_voice(f"kokoro:{files}", "en")
    assert voice.key_of(sentence * 12)["packing"]
    said = heard(voice.speak(sentence * 12))
    assert said.count(numbers_of(".")[0]) == 12
    assert len(said) > kokoro.LONGEST


def test_another_speed_or_cue_is_no_other_speech(files: Path) -> None:
    slow, fast = (open_voice(f"kokoro:{files}", "en", Manner(speed)) for speed in (0.7, 1.3))
    assert slow.key_of("Halfway.") == fast.key_of("Halfway.")
    assert fast.delivery("Halfway.").speed / slow.delivery("Halfway.").speed == pytest.approx(1.3 / 0.7)


def test_another_name_of_the_model_and_of_its_input_are_taken(tmp_path: Path) -> None:
    folder = write_files(tmp_path, model="model.onnx", numbers="input_ids")
    assert heard(open_voice(f"kokoro:{folder}", "en").speak("Rest.")) == numbers_of("ɹˈɛst.")


def test_a_file_that_is_not_known_is_noted_in_the_plan_and_changes_the_key(tmp_path: Path) -> None:
    write_files(tmp_path)
    voice = f"kokoro:{tmp_path}"
    before = open_voice(voice, "en").key_of("Rest.")
    planned = plan(
        parse_routine("title: Core\nexercises: [{name: Plank, hold: 20s}]"), voice=voice, cache=Cache(tmp_path / "c")
    )
    noted = [notice for notice in planned.notices if notice.code == "voices.kokoro-unknown"]
    assert [Path(one.subject).name for one in noted] == ["kokoro-v1.0.onnx", "voices-v1.0.bin"]
    write_files(tmp_path, voices=["af_heart"])
    after = open_voice(voice, "en").key_of("Rest.")
    assert before["model"] == after["model"]
    assert before["voices"] != after["voices"]


def test_a_damaged_file_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    for name in ("kokoro-v1.0.onnx", "voices-v1.0.bin"):
        folder = write_files(tmp_path / name)
        (folder / name).write_bytes(b"cut off")
        with pytest.raises(VoiceError) as caught:
            open_voice(f"kokoro:{folder}", "en").speak("Rest.")
        assert (caught.value.problems[0].code, caught.value.problems[0].subject) == (
            "voices.kokoro-not-loaded",
            str(folder),
        )


@pytest.mark.parametrize(
    ("language", "code"),
    [("es", "kokoro-missing"), ("de", "kokoro-language"), ("ja", "kokoro-japanese")],
)
def test_what_is_missing_is_named(language: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(VoiceError) as caught:
        open_voice(f"kokoro:{tmp_path}", language)
    assert caught.value.problems[0].code == f"voices.{code}"
    with pytest.raises(VoiceError) as unnamed:
        open_voice("kokoro", language)
    assert unnamed.value.problems[0].code == "voices.kokoro-unnamed"


def test_without_espeak_the_error_says_what_to_install(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(files))
    kokoro._opened.cache_clear()
    with pytest.raises(VoiceError) as caught:
        open_voice(f"kokoro:{files}", "it")
    assert [remedy.code for remedy in caught.value.problems[0].remedies] == ["install-espeak"]
    assert open_voice(f"kokoro:{files}", "en").speak("Rest.")
