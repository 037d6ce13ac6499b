"""Words that an engine says wrong -> their sounds, by the word and by what stands around it.

    "Savasana. Wind down." -> "[Savasana](/ʃəvˈɑsənə/). [Wind](/wˈInd/) down."

The words are data: `lexicon.toml`, for the built-in voice.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Marking = Callable[[str, str], str]  # a word and its phonemes -> what the engine is to read in its place


@dataclass(frozen=True, slots=True)
class Homograph:
    """A word whose sounds are these where the text before it and after it matches."""

    word: str
    phonemes: str
    after: str = ""
    before: str = ""
    not_after: str = ""
    not_before: str = ""

    def stands(self, text: str, start: int, end: int) -> bool:
        earlier, later = text[:start], text[end:]
        return (
            _ends(earlier, self.after)
            and _begins(later, self.before)
            and not (self.not_after and _ends(earlier, self.not_after))
            and not (self.not_before and _begins(later, self.not_before))
        )


def _ends(text: str, pattern: str) -> bool:
    return not pattern or bool(re.search(rf"(?:{pattern})\Z", text, re.IGNORECASE))


def _begins(text: str, pattern: str) -> bool:
    return not pattern or bool(re.match(pattern, text, re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The sounds of words; keys in lower case stand for a word in any case, others for themselves."""

    words: Mapping[str, str]
    homographs: tuple[Homograph, ...]

    def marked(self, text: str, mark: Marking) -> str:
        """A text with the words of this lexicon as `mark` gives them."""

        def said(match: re.Match[str]) -> str:
            phonemes = self.words.get(match[0]) or self.words.get(match[0].lower())
            if phonemes is None:
                standing = (one for one in self.homographs if one.word == match[0].lower())
                phonemes = next((one.phonemes for one in standing if one.stands(text, *match.span())), None)
            return match[0] if phonemes is None else mark(match[0], phonemes)

        return _pattern((*self.words, *(one.word for one in self.homographs))).sub(said, text)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these as whole words."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


@cache
def builtin_lexicon() -> Lexicon:
    """The lexicon of the built-in voice."""
    found = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text("utf-8"))
    return Lexicon(found["words"], tuple(Homograph(**entry) for entry in found["homographs"]))
