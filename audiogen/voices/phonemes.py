"""The sounds of a word, as a dictionary writes them -> as an engine takes them.

    "/ˈsoʊəs/" -> "sˈOəs" for the built-in voice;   "/sˈOəs/" -> "sˈoʊəs" for Piper

The built-in voice has an alphabet of its own, in which a capital is a diphthong and a stress stands before its vowel.
"""

import re

_DIPHTHONGS = {"A": "eɪ", "I": "aɪ", "O": "oʊ", "W": "aʊ", "Y": "ɔɪ", "Q": "əʊ"}
_AS_BUILTIN = {
    **{ipa: letter for letter, ipa in _DIPHTHONGS.items()},
    "əʊ": "O",
    "tʃ": "ʧ",
    "dʒ": "ʤ",
    "ɜː": "ɜɹ",
    "ɝ": "ɜɹ",
    "ɚ": "əɹ",
    "ɒ": "ɑ",
    "e": "ɛ",
    "o": "O",
    "a": "ɑ",
    "r": "ɹ",
    "g": "ɡ",
    "ɾ": "T",
    "ɫ": "l",
    "ʔ": "t",
    "'": "ˈ",
}
_SILENT = "ː.‿ʰ\u0361\u035c\u0329\u032f"  # length, syllables, ties: not told apart by the built-in voice
_VOWELS = "AOIWYaiuæɑɐɔəɛɪʊʌɜᵊᵻ"
_KNOWN = frozenset(f"{_VOWELS}Tbdfhjklmnpstvwzðŋɡɹʃʒʤʧθˈˌ ")


def phonemes_in(sound: str) -> str | None:
    """What stands between the slashes of a pronunciation; None where it is written in letters, such as "so-us"."""
    inner = sound.strip()[1:-1].strip()
    return inner if sound.strip() == f"/{sound.strip()[1:-1]}/" and inner else None


def as_builtin(phonemes: str) -> str:
    """Phonemes in the alphabet of the built-in voice, American.

    >>> as_builtin("ˈsoʊəs")
    'sˈOəs'
    """
    longest_first = sorted(_AS_BUILTIN, key=len, reverse=True)
    bare = re.sub("ɜː[rɹ]", "ɜː", phonemes)
    written = re.sub("|".join(longest_first), lambda match: _AS_BUILTIN[match[0]], bare)
    plain = "".join(letter for letter in written if letter not in _SILENT)
    return re.sub(rf"([ˈˌ])([^{_VOWELS}ˈˌ ]*)(?=[{_VOWELS}])", r"\2\1", plain)


def unknown_to_builtin(phonemes: str) -> str:
    """The signs of phonemes in its alphabet that the built-in voice has no sound for; empty where there are none."""
    return "".join(dict.fromkeys(sign for sign in phonemes if sign not in _KNOWN))


def british(phonemes: str) -> str:
    """Phonemes of the built-in voice in its British alphabet: "sˈOəs" -> "sˈQəs"."""
    return phonemes.replace("O", "Q").replace("T", "t")


def as_ipa(phonemes: str) -> str:
    """Phonemes with diphthongs in place of capitals, as espeak-ng writes English and Piper takes it.

    >>> as_ipa("sˈOəs")
    'sˈoʊəs'
    """
    letters = {**_DIPHTHONGS, "T": "ɾ", "ʧ": "tʃ", "ʤ": "dʒ", "ᵊ": "ə", "ᵻ": "ɪ"}
    return "".join(letters.get(letter, letter) for letter in phonemes)
