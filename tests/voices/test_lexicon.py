"""The built-in voice's lexicon and phonemes, checked by its own rules of pronunciation."""

import functools
from collections.abc import Callable

import pytest

from audiogen.errors import VoiceError
from audiogen.voices import open_voice
from audiogen.voices.lean import _rules
from audiogen.voices.lexicon import builtin_lexicon
from audiogen.voices.phonemes import as_builtin, as_ipa, phonemes_in, unknown_to_builtin
from audiogen.voices.pronouncing import Pronouncing
from tests.each import each
from tests.spoken.test_spoken import rows

Phonemes = Callable[[str], str]
VOICE = open_voice("builtin", "en")
SPELLED = ("slˈæʃ", "tˈɪldə", "hˈæʃ", "ˈæstəɹˌɪsk", "kˈɛɹət")


@pytest.fixture(scope="module")
def phonemes() -> Phonemes:
    """What the built-in voice makes of a written text."""
    rules = _rules(british=False)
    assert isinstance(VOICE, Pronouncing)
    spoken = VOICE.spoken
    return functools.cache(lambda text: str(rules(spoken(text))))


def test_each_row_of_the_table_sounds_as_its_words_do(phonemes: Phonemes) -> None:
    spelled_alike = [row for row in rows("en") if "IT band" not in row[0]]  # in the lexicon as one word
    for written, said in spelled_alike:
        assert phonemes(written) == phonemes(said), written
        assert not any(sign in phonemes(written) for sign in SPELLED), written


def test_each_word_of_the_lexicon_has_its_sounds_in_any_place(phonemes: Phonemes) -> None:
    for word, sounds in builtin_lexicon().words.items():
        assert as_builtin(sounds) == sounds
        assert not unknown_to_builtin(sounds)
        assert phonemes(f"Then {word}, slowly.") == f"ðˈɛn {sounds}, slˈOli."
        if word == word.lower():
            assert phonemes(f"{word.capitalize()}.") == f"{sounds}."


@each(
    ("text", "sounds"),
    [
        ("Wind down slowly.", "wˈInd dˌWn"),
        ("Rest and wind down.", "wˈInd dˌWn"),
        ("The wind-down begins.", "wˈInddˌWn"),
        ("A cold wind.", "wˈɪnd"),
        ("Bow forward.", "bˈW fˈɔɹwəɹd"),
        ("Bow from the hips.", "bˈW fɹʌm"),
        ("Inhale, bow.", "bˈW."),
        ("Take a bow.", "bˈW."),
        ("Bow pose.", "bˈO pˈOz"),
        ("Bow and arrow.", "bˈO ænd"),
        ("Let your eyes close.", "klˈOz."),
        ("Close your eyes.", "klˈOz jʊɹ"),
        ("Keep your elbows close to your body.", "klˈOs tə"),
        ("Alternate sides.", "ˈɔltəɹnˌAt sˈIdz"),
        ("On alternate sides.", "ˈɔltəɹnət sˈIdz"),
        ("Contract your glutes.", "kəntɹˈækt jʊɹ"),
        ("Elbows in, then compress.", "kəmpɹˈɛs."),
        ("Transfer your weight.", "tɹænsfˈɜɹ jʊɹ"),
        ("Make minute adjustments.", "mInˈut əʤˈʌstmᵊnts"),
        ("Five minute changes.", "mˈɪnət ʧ"),
        ("Progress slowly.", "pɹəɡɹˈɛs slˈOli"),
        ("Slow progress.", "pɹˈɑɡɹəs."),
        ("Put both hands to use.", "jˈus."),
        ("Use your hands.", "jˈuz"),
        ("Lead with your heel.", "lˈid wɪð"),
        ("Heavy as lead.", "lˈɛd."),
        ("A lead weight.", "lˈɛd wˈAt"),
        ("Feel content.", "kəntˈɛnt."),
        ("Separate and lift.", "sˈɛpəɹˌAt ænd"),
        ("Live in the moment.", "lˈɪv ɪn"),
        ("A muscle tear.", "tˈɪɹ."),
        ("IT band. It bands.", "ˌItˈi bˈænd. ˌɪt bˈændz."),
    ],
)
def test_a_word_of_two_sounds_has_the_one_that_is_meant(text: str, sounds: str, phonemes: Phonemes) -> None:
    assert sounds in phonemes(text)


@pytest.mark.parametrize(
    ("written", "builtin", "ipa"),
    [
        ("ˈsoʊəs", "sˈOəs", "sˈoʊəs"),
        ("sˈOəs", "sˈOəs", "sˈoʊəs"),
        ("ˈtʃæk.rə", "ʧˈækɹə", "tʃˈækɹə"),
        ("ˈvɜːrtɪbreɪ", "vˈɜɹtɪbɹA", "vˈɜɹtɪbɹeɪ"),
        ("ʃəˈvɑːsənə", "ʃəvˈɑsənə", "ʃəvˈɑsənə"),
    ],
)
def test_phonemes_of_a_dictionary_are_those_of_an_engine(written: str, builtin: str, ipa: str) -> None:
    assert as_builtin(written) == builtin
    assert as_ipa(as_builtin(written)) == ipa


@pytest.mark.parametrize(
    ("sound", "found"),
    [("/sˈOəs/", "sˈOəs"), ("so-us", None), ("//", None), ("/", None), ("a/b", None), (" /a/ ", "a")],
)
def test_phonemes_stand_between_slashes(sound: str, found: str | None) -> None:
    assert phonemes_in(sound) == found


def test_signs_without_a_sound_are_an_error() -> None:
    from audiogen.voices import Manner

    with pytest.raises(VoiceError) as error:
        open_voice("builtin", "en", Manner(pronounce={"psoas": "/sʙəs/"}))
    (problem,) = error.value.problems
    assert (problem.code, problem.subject, problem.found) == ("voices.phonemes", "psoas", "ʙ")
