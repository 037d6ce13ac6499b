"""Captions (.srt) and lyrics (.lrc) of an earlier track -> a passage with the silences between its lines."""

import re
from collections.abc import Iterator, Sequence

from audiogen.importing.dose import Amount
from audiogen.importing.draft import Draft, Guess, Said, Script, Silence
from audiogen.importing.line import Spot
from audiogen.importing.sentences import as_sentence
from audiogen.voices import estimate_ms

SHORTEST_MS = 1500  # of a silence that is written

_TIMES = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})")
_LYRIC = re.compile(r"\[(\d{1,3}):(\d{2})(?:[.:](\d{1,3}))?\]")
_TAG = re.compile(r"<[^<>]{0,80}>|\{\\[^{}]{0,80}\}")
_TITLE = re.compile(r"\[ti:([^\]]*)\]", re.IGNORECASE)

Spoken = tuple[int, int, str, int]  # start and end in ms, words, line


def is_captions(text: str) -> bool:
    """Whether a text is captions or lyrics."""
    return bool(_TIMES.search(text[:2000])) or len(_LYRIC.findall(text[:4000])) >= 2


def read(text: str, draft: Draft) -> Draft:
    """Read captions as one passage."""
    found = list(_captions(text) if _TIMES.search(text[:2000]) else _lyrics(text, draft.language))
    if title := _TITLE.search(text):
        draft.title = title[1].strip()
    script = Script("", Spot(found[0][3]) if found else Spot(1))
    for at, (_start, end, words, line) in enumerate(found):
        script.parts.append(Said(as_sentence(words), Spot(line)))
        if at + 1 < len(found) and found[at + 1][0] - end >= SHORTEST_MS:
            silence = round((found[at + 1][0] - end) / 500) * 500
            script.parts.append(Silence(Amount(silence, silence), Spot(found[at + 1][3])))
    if found and not _TIMES.search(text[:2000]):
        script.guesses.append(
            Guess("pauses by how long the words take, as lyrics have no ends", script.spot, "", "say")
        )
    draft.items.append(script)
    return draft


def _ms(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, ms = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def _captions(text: str) -> Iterator[Spoken]:
    current: tuple[int, int, int] | None = None
    words = list[str]()
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if times := _TIMES.search(line):
            current = _ms(times.groups()[:4]), _ms(times.groups()[4:]), number + 1
        elif current and line.strip():
            words.append(_TAG.sub("", line).strip())
        elif current:
            if joined := " ".join(filter(None, words)).strip("♪ "):
                yield current[0], current[1], joined, current[2]
            current, words = None, []


def _lyrics(text: str, language: str) -> Iterator[Spoken]:
    for number, line in enumerate(text.split("\n"), 1):
        times = _LYRIC.match(line)
        words = _LYRIC.sub("", line).strip()
        if times and words:
            fraction = (times[3] or "0").ljust(3, "0")
            start = (int(times[1]) * 60 + int(times[2])) * 1000 + int(fraction)
            yield start, start + estimate_ms(words, language, 1.0), words, number
