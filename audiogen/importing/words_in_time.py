"""The words of an exercise -> its set-up, the cues inside its work, and its release, by how long they take to say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from audiogen.importing.draft import Said, Silence
from audiogen.importing.sentences import is_position, is_release
from audiogen.importing.vocabulary import Vocabulary, begins_with, found_in
from audiogen.voices import estimate_ms

AFTER_MS = 2000  # of silence between two cues
UNKNOWN_PAUSE_MS = 10_000  # for "(pause)"
PHASES_MS = (3000, 4000, 5000)  # of breathing, whichever its words fit into
TONE_MS = 1100  # at the start of a phase, and the silence at its end
QUIET_MS = 13_000  # before the end of a hold: ten seconds, and the countdown
SHORT_QUIET_MS = 4500  # the same for holds under half a minute


@dataclass(slots=True)
class Placed:
    """Where each line goes; `cues` have the silence before them."""

    setup: list[Said] = field(default_factory=list)
    cues: list[tuple[int, Said]] = field(default_factory=list)
    release: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    guesses: list[tuple[str, str]] = field(default_factory=list)


def placed(said: Sequence[Said | Silence], hold_ms: int, words: Vocabulary, *, cramped: bool = False) -> Placed:
    """Place the lines of an exercise.

    `hold_ms` is how long words may be said inside the work, 0 for repetitions. `cramped` says that it lies between
    exact rests, which have no room for a set-up.
    """
    lines = list(said)
    found = Placed()
    spoken = [one for one in lines if isinstance(one, Said)]
    pauses = [one for one in lines if isinstance(one, Silence)]
    if pauses and hold_ms and _with_pauses(found, lines, hold_ms, words):
        return found
    found.guesses += [("name", f"no room for '{one.words}'") for one in pauses]
    if len(spoken) > 1 and not cramped and is_release(spoken[-1].text, words):
        found.release = [spoken.pop()]
    first = _after_position(spoken, words) if hold_ms else len(spoken)
    if cramped:
        first = 0 if hold_ms else len(spoken)
    while first < len(spoken) and _time_of([(AFTER_MS, one) for one in spoken[first:]], words) > _room(hold_ms):
        if cramped:
            found.notes.insert(0, spoken.pop())
        else:
            first += 1
    found.setup = spoken[:first]
    found.cues = [(0 if n == 0 else AFTER_MS, one) for n, one in enumerate(spoken[first:])]
    return found


def _after_position(spoken: Sequence[Said], words: Vocabulary) -> int:
    """How many of the first lines lead into the position: at least one."""
    at = 0
    while at < len(spoken) and (at == 0 or is_position(spoken[at].text, words)):
        at += 1
    return at


def _room(hold_ms: int) -> int:
    return hold_ms - (QUIET_MS if hold_ms >= 30_000 else SHORT_QUIET_MS)


def _time_of(cues: Sequence[tuple[int, Said]], words: Vocabulary) -> int:
    return sum(before + round(1.15 * estimate_ms(one.text, words.language, 1.0)) for before, one in cues)


def _with_pauses(found: Placed, lines: list[Said | Silence], hold_ms: int, words: Vocabulary) -> bool:
    """Place lines around pauses inside the work, each pause as long as it is given."""
    first = next(at for at, one in enumerate(lines) if isinstance(one, Silence))
    start = max(first - 1, 0)
    cues, before_ms, guesses = list[tuple[int, Said]](), 0, list[tuple[str, str]]()
    for one in lines[start:]:
        if isinstance(one, Silence):
            before_ms += _pause_ms(one, guesses)
        else:
            cues.append((before_ms or (AFTER_MS if cues else 0), one))
            before_ms = 0
    release = (
        [cues.pop()[1]]
        if cues and not before_ms and is_release(cues[-1][1].text, words) and cues[-1][0] <= AFTER_MS
        else []
    )
    if _time_of(cues, words) + before_ms > hold_ms - SHORT_QUIET_MS // 2 - (0 if before_ms else 2000):
        return False
    found.setup = [one for one in lines[:start] if isinstance(one, Said)]
    found.cues, found.release = cues, release
    found.guesses += guesses
    return True


def _pause_ms(pause: Silence, guesses: list[tuple[str, str]]) -> int:
    if pause.amount is None:
        guesses.append(("cues", f"{UNKNOWN_PAUSE_MS // 1000}s for '{pause.words}', which names no length"))
        return UNKNOWN_PAUSE_MS
    if pause.amount.is_range:
        guesses.append(("cues", f"the low end of '{pause.words}'"))
    return pause.amount.least


class Breathing(NamedTuple):
    """The words of the source for in and out, and how long each of the two lasts."""

    first: str
    second: str
    each_ms: int


def breathing_of(said: Sequence[Said | Silence], words: Vocabulary) -> tuple[Breathing, int] | None:
    """What the source says to breathe in and out, where a line has both and each fits into a phase; and which line."""
    for at, one in enumerate(said):
        if not isinstance(one, Said):
            continue
        inhale, exhale = found_in(one.text, words.ear["inhale"]), found_in(one.text, words.ear["exhale"])
        if not (inhale and exhale and begins_with(one.text, (*words.ear["inhale"], *words.ear["exhale"]))):
            continue
        second = exhale if begins_with(one.text, words.ear["inhale"]) else inhale
        cut = re.search(rf"[,;.]?\s+(?:and |und |y |et |e |en |i )?(?={re.escape(second)})", one.text, re.IGNORECASE)
        if cut is None:
            continue
        parts = one.text[: cut.start()].strip(), one.text[cut.end() :].strip(" .")
        longest_ms = max(estimate_ms(part, words.language, 1.0) for part in parts)
        each_ms = next((ms for ms in PHASES_MS if longest_ms + TONE_MS < ms), None)
        if each_ms:
            return Breathing(*parts, each_ms), at
    return None
