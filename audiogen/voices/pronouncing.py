"""A voice + how certain words are said -> the same voice with this pronunciation, to which markup is no command.

Captions, titles and the timeline show the words as written: only what is spoken changes.
"""

import re
import threading
import unicodedata
from collections.abc import Mapping

from audiogen.voices import Voice

# In these scripts nothing separates words, so a word may begin and end anywhere.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


class Pronouncing:
    """Speak by a voice that pronounces some words differently than they are written, and leaves out markup."""

    def __init__(self, voice: Voice, words: Mapping[str, str]) -> None:
        self.name = voice.name
        self.workers = voice.workers
        self.sends_to = voice.sends_to
        self.stretch = voice.stretch
        self._voice = voice
        self._words = words

    def key_of(self, text: str) -> Mapping[str, str]:
        return self._voice.key_of(said(unmarked(text), self._words))

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        return self._voice.speak(said(unmarked(text), self._words), cancel)


# What a text that was copied from a page may hold: tags inside a line, and such that end one. Other angle brackets are
# signs of the text.
_INSIDE = re.compile(r"</?(?:a|b|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>", re.IGNORECASE)
_BREAKS = re.compile(r"</?(?:br|blockquote|center|div|h[1-6]|hr|li|ol|p|pre|ul)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITIES = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_PHONEMES = re.compile(r"\[\[|\]\]")  # espeak-ng and Piper read what is between them as codes of sounds


def unmarked(text: str) -> str:
    """Take out what an engine would obey or spell, and keep the words.

    >>> unmarked("[[Cat stretch]]:<br>lift&nbsp;&amp; lower")
    'Cat stretch: lift & lower'
    """
    bare = _PHONEMES.sub("", _INSIDE.sub("", _BREAKS.sub(" ", text)))
    plain = _ENTITIES.sub(_character, bare)
    return text if plain == text else " ".join(plain.split())


def _character(entity: re.Match[str]) -> str:
    from html import unescape  # its table is large, and hardly a text needs it

    return unescape(entity[0])


def said(text: str, words: Mapping[str, str]) -> str:
    """Replace words by how they are said: whole words only, in capitals or not, the longest first.

    >>> said("Psoas work. Release the psoas!", {"psoas": "so-ass"})
    'so-ass work. Release the so-ass!'
    """
    written = unicodedata.normalize("NFC", text)
    keys = sorted((unicodedata.normalize("NFC", word) for word in words), key=len, reverse=True)
    sounds = {unicodedata.normalize("NFC", word): sound for word, sound in words.items()}
    parts: list[str] = []
    at = done = 0
    patterns = [(re.compile(re.escape(key), re.IGNORECASE), sounds[key]) for key in keys]
    while at < len(written):
        for pattern, sound in patterns:
            match = pattern.match(written, at)
            if match and _is_whole(written, *match.span()):
                parts += [written[done:at], sound]
                at = done = match.end()
                break
        else:
            at += 1
    return "".join([*parts, written[done:]]) if parts else text


def _is_whole(text: str, start: int, end: int) -> bool:
    return _is_edge(text, start) and _is_edge(text, end)


def _is_edge(text: str, at: int) -> bool:
    """Whether a word may begin or end between these two characters."""
    if at in (0, len(text)):
        return True
    return not (_belongs(text[at - 1]) and _belongs(text[at]))


def _belongs(character: str) -> bool:
    """Whether a character joins its neighbour into one word: a letter, a mark on one, a digit."""
    return unicodedata.category(character)[0] in "LMN" and not unicodedata.name(character, "").startswith(_UNSPACED)
