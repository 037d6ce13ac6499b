"""A text -> how its clip is made: the sentences that are spoken one by one, and the pace that they are brought to.

An engine always speaks at its own pace, so that nothing is spoken again for another speed. What it spoke is brought to
a coach's pace and to the speed that was asked for by stretching (`audio.stretch`), which is exact.
"""

import re
from dataclasses import dataclass

from audiogen.spoken.sentences import sentences

PAUSE_MS = 450  # between the sentences of a text, at speed 1.0
MOST_WORDS_A_MINUTE = 148  # of a text, its pauses counted, at speed 1.0 …
LEAST_PACE = 0.65  # … but no text is slowed below this part of its voice's pace
MOST_PACE = 1.25  # to which a slow voice is sped up, so that its texts last no longer than they may


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the clip of a text is made of what a voice speaks.

    The `parts` are spoken one by one and joined. `pace` is the factor that brings this voice to a coach's pace, `speed`
    the one that was asked for. Where `words` are counted, a text of many short ones is slowed further; one that
    would last longer than `most_ms` is sped up.
    """

    parts: tuple[str, ...]
    pace: float = 1.0
    speed: float = 1.0
    words: int = 0
    most_ms: int = 0

    @property
    def pause_ms(self) -> int:
        """The pause between two parts."""
        return round(PAUSE_MS / self.speed)

    @property
    def key(self) -> str:
        """All that the clip depends on, beside what is spoken."""
        slow = f" {self.most_ms} {MOST_PACE}" if self.most_ms else ""
        return f"{self.pace:g} {self.speed:g} {self.words} {MOST_WORDS_A_MINUTE} {LEAST_PACE} {PAUSE_MS}{slow}"

    def factor(self, spoken_ms: float) -> float:
        """By how much speech of this length, without its pauses, is to be sped up."""
        pauses_ms = PAUSE_MS * (len(self.parts) - 1)
        least_ms = self.words * 60_000 / MOST_WORDS_A_MINUTE - pauses_ms
        pace = self.pace
        if least_ms > 0:
            pace = min(pace, max(spoken_ms / least_ms, LEAST_PACE * pace))
        if self.most_ms > pauses_ms:
            pace = max(pace, min(spoken_ms / (self.most_ms - pauses_ms), MOST_PACE))
        return pace * self.speed


def by_sentences(text: str, pace: float) -> Delivery:
    """The delivery of a text by an engine that speaks one sentence after the other."""
    return Delivery(tuple(sentences(text)), pace, words=words_in(text))


def words_in(text: str) -> int:
    """How many words a text has."""
    return len([word for word in text.split() if _WORD.search(word)])


_WORD = re.compile(r"\w")
