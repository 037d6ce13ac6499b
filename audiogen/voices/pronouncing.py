"""A voice + how certain words are said, how fast -> the same voice, which speaks what is meant, and obeys no markup.

    written -> without markup -> words as the user has them -> the voice's own lexicon -> numbers and signs in words

Captions, titles and the timeline show the words as written: only what is spoken changes, and that keys the cache.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from audiogen.errors import Notice
from audiogen.spoken import spoken
from audiogen.voices import Phonetic, Remarked, Voice, Worded
from audiogen.voices.delivery import Delivery, words_in
from audiogen.voices.phonemes import phonemes_in

# In these scripts nothing separates words, so a word may begin and end anywhere.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")

# Stand for words that are settled already, while the others are written out.
_FIRST_SETTLED, _LAST_SETTLED = 0xE000, 0xF8FF
_PRIVATE = re.compile(f"[{chr(_FIRST_SETTLED)}-{chr(_LAST_SETTLED)}]")


class Pronouncing:
    """Speak by a voice, at a speed, with some words said differently than they are written, and without markup."""

    def __init__(self, voice: Voice, words: Mapping[str, str], language: str, speed: float = 1.0) -> None:
        """Raises: VoiceError on phonemes that the voice has no sounds for."""
        self.name = voice.name
        self.workers = voice.workers
        self.sends_to = voice.sends_to
        self._voice = voice
        self._language = language
        self._speed = speed
        self._spoken: dict[str, str] = {}
        self._phonemes = {word: found for word, sound in words.items() if (found := phonemes_in(sound))}
        self._words = {word: sound for word, sound in words.items() if word not in self._phonemes}
        self._phonetic = voice if isinstance(voice, Phonetic) else None
        if self._phonetic:
            marked = {word: self._phonetic.phonetic(word, found) for word, found in self._phonemes.items()}
            self._words = {word: marked.get(word) or self._words[word] for word in words}

    def key_of(self, text: str) -> Mapping[str, str]:
        return self._voice.key_of(self.spoken(text))

    def delivery(self, text: str) -> Delivery:
        own = self._voice.delivery(text)
        words = words_in(unmarked(self.spoken(text))) if own.words else 0
        return replace(own, speed=own.speed * self._speed, words=words)

    def speak(self, text: str, cancel: threading.Event | None = None) -> bytes:
        return self._voice.speak(self.spoken(text), cancel)

    def spoken(self, text: str) -> str:
        """What the engine is given for a text."""
        if text not in self._spoken:
            self._spoken[text] = self._worded(text)
        return self._spoken[text]

    def unused(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The words in these texts whose phonemes this voice cannot take, so that it says them as written."""
        words = () if self._phonetic else tuple(self._phonemes)
        return tuple(word for word in words if any(said(text, {word: ""}) != text for text in texts))

    def remarks(self) -> tuple[Notice, ...]:
        return self._voice.remarks() if isinstance(self._voice, Remarked) else ()

    def _worded(self, text: str) -> str:
        settled: list[str] = []

        def settle(sound: str) -> str:
            if _FIRST_SETTLED + len(settled) > _LAST_SETTLED:
                return sound
            settled.append(sound)
            return chr(_FIRST_SETTLED + len(settled) - 1)

        worded = said(_PRIVATE.sub("", unmarked(text)), self._words, settle)
        if self._phonetic and self._phonetic.lexicon:
            phonetic = self._phonetic.phonetic
            worded = self._phonetic.lexicon.marked(worded, lambda word, found: settle(phonetic(word, found)))
        worded = spoken(worded, self._language)
        return _PRIVATE.sub(lambda sign: settled[ord(sign[0]) - _FIRST_SETTLED], worded)


def spoken_by(voice: Voice, texts: Sequence[str]) -> dict[str, str]:
    """What a voice is given for those texts that it does not speak as they are written."""
    found = {text: voice.spoken(text) for text in texts} if isinstance(voice, Worded) else {}
    return {text: worded for text, worded in found.items() if worded != text}


def unused_phonemes(voice: Voice, texts: Sequence[str]) -> tuple[str, ...]:
    """The words in these texts whose phonemes a voice cannot take."""
    return voice.unused(texts) if isinstance(voice, Worded) else ()


# What a text that was copied from a page may hold: tags inside a line, and such that end one. Other angle brackets are
# signs of the text.
_INSIDE = re.compile(
    r"</?(?:a|abbr|audio|b|code|del|em|emphasis|font|i|ins|kbd|lang|mark|phoneme|prosody|q|s|say-as|small|span|speak"
    r"|strong|sub|sup|time|u|voice)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAKS = re.compile(
    r"</?(?:article|blockquote|br|break|center|dd|div|dl|dt|footer|h[1-6]|header|hr|img|li|ol|p|pre|section|table|td|th"
    r"|tr|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITIES = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_PHONEMES = re.compile(r"\[\[|\]\]")  # espeak-ng and Piper read what is between them as codes of sounds
_LINKS = re.compile(r"\[([^\]]+)\]\([^)]*\)")  # and the built-in voice what is in the second pair of brackets


def unmarked(text: str) -> str:
    """Take out what an engine would obey or spell, and keep the words.

    >>> unmarked("[[Cat stretch]]:<br>lift&nbsp;&amp; lower")
    'Cat stretch: lift & lower'
    """
    bare = _LINKS.sub(r"\1", _PHONEMES.sub("", _INSIDE.sub("", _BREAKS.sub(" ", text))))
    plain = _ENTITIES.sub(_character, bare)
    return text if plain == text else " ".join(plain.split())


def _character(entity: re.Match[str]) -> str:
    from html import unescape  # its table is large, and hardly a text needs it

    return unescape(entity[0])


def said(text: str, words: Mapping[str, str], settle: Callable[[str], str] = str) -> str:
    """Replace words by how they are said: whole words only, in capitals or not, the longest first.

    `settle` returns what to put for a sound into the text.

    >>> said("Marichi. Twist in Marichi!", {"marichi": "mah-ree-chee"})
    'mah-ree-chee. Twist in mah-ree-chee!'
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
                parts += [written[done:at], settle(sound)]
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
