"""A text -> the phonemes that Kokoro reads: by espeak-ng, English by the word lists of the built-in voice.

    "Gira, y respira." -> "xˈiɾa, i respˈiɾa." -> 66 156 51 …

The program espeak-ng is run where it is installed; nothing of it is linked or brought along.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from audiogen.voices.phonemes import as_builtin

Phonemes = Callable[[str], str]

# Signs that the model reads itself, and espeak-ng leaves out.
_SIGNS = re.compile(r'([;:,.!?—…"()“”]+)')
_AS_READ = str.maketrans({"«": "“", "»": "”", "„": "“", "‚": ",", "–": "—", "¿": " ", "¡": " "})
_GIVEN = re.compile(r"\[[^\]]*\]\(/([^/)]*)/\)")  # what `marked` makes of a word and its sounds


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks a language, and the language of espeak-ng whose phonemes are taken; none for English."""

    voice: str
    espeak: str = ""
    pace: float = 0.86  # of the speech: fitted on lines of upper-back in Spanish
    words: tuple[tuple[str, str], ...] = ()  # as espeak-ng reads them right


@dataclass(frozen=True, slots=True)
class Tables:
    """What `kokoro.toml` holds."""

    languages: Mapping[str, Speaker]
    files: Mapping[str, str]  # by SHA-256
    sounds: Mapping[str, str]
    numbers: Mapping[str, int]


@cache
def tables() -> Tables:
    found = tomllib.loads(Path(__file__).with_name("kokoro.toml").read_text("utf-8"))
    languages = {
        code: Speaker(**{**entry, "words": tuple(entry.get("words", {}).items())})
        for code, entry in found["languages"].items()
    }
    numbers = {sign: int(first) + at for first, signs in found["alphabet"].items() for at, sign in enumerate(signs)}
    return Tables(languages, found["files"], found["sounds"], numbers)


def speaker_of(language: str) -> Speaker | None:
    """Who speaks a language such as "es" or "es-MX"; None where nobody does."""
    code = language.replace("_", "-").lower()
    languages = tables().languages
    return languages.get(code) or languages.get(code.partition("-")[0])


def marked(word: str, phonemes: str) -> str:
    """A word in a text with its sounds: "[psoas](/sˈoas/)"."""
    return f"[{word.strip('[]')}](/{phonemes}/)"


def own_sounds(phonemes: str, english: bool) -> str:
    """Phonemes as a user has written them, in this alphabet."""
    return as_builtin(phonemes) if english else from_espeak(phonemes.replace("g", "ɡ"))


def from_espeak(written: str) -> str:
    """What espeak-ng writes, in this alphabet.

    >>> from_espeak("le-z jˈø t^ʃˈao (^e^n)rˈʌn(^i^t)")
    'lez jˈø ʧˈao rˈʌn'
    """
    sounds, own = tables().sounds, _FOREIGN.sub("", written)
    return re.sub("|".join(map(re.escape, sounds)), lambda match: sounds[match[0]], own).translate(_DROPPED)


_FOREIGN = re.compile(r"\([\w^-]+\)")  # around words that it says in another language
_DROPPED = str.maketrans("", "", "^-\u0361\u200d")  # ties, and what joins words


def phonemes_of(text: str, spoken: Phonemes) -> str:
    """The phonemes of a text: `spoken` gives those of its words, its punctuation and given sounds stay."""
    found = []
    for at, piece in enumerate(_GIVEN.split(text.translate(_AS_READ))):
        found.append(piece if at % 2 else _between_signs(piece, spoken))
    return re.sub(r" (?=[;:,.!?…])", "", " ".join(" ".join(found).split()))


def _between_signs(text: str, spoken: Phonemes) -> str:
    return "".join(
        piece
        if at % 2 or not any(map(str.isalnum, piece))
        else f"{_space(piece[0])}{from_espeak(spoken(piece))}{_space(piece[-1])}"
        for at, piece in enumerate(_SIGNS.split(text))
    )


def _space(sign: str) -> str:
    return " " if sign.isspace() else ""


def numbers_of(phonemes: str) -> list[int]:
    """The numbers of phonemes, without signs that have none."""
    numbers = tables().numbers
    return [numbers[sign] for sign in phonemes if sign in numbers]


def unknown(phonemes: str) -> str:
    """The signs that have no number; empty where all have one."""
    return "".join(dict.fromkeys(sign for sign in phonemes if sign not in tables().numbers))
