"""Exact rests: between sets, between exercises and between rounds.

    Work that ends, work that follows -> a rest with the words in it

A rest begins with the end tone. What leads out of the work follows that; what leads to the next work comes later in a
long rest, so that it is fresh when the start tone sounds.
"""

from collections.abc import Sequence

from audiogen.phrases import Phrases
from audiogen.script.lines import Lines
from audiogen.script.steps import APART_MS, Line, Place, Say, Work

LONG_REST_MS = 15_000  # from here on the length of a rest is announced, and what follows it near its end
QUIET_MS = 1000  # before the start tone of another exercise
RESTING, SET = 0, 1  # what gives way, in this order; see `frame` for the others


def rest_of_sets(lines: Lines, length_ms: int, place: Place, coming: Say) -> Work:
    """The rest after the set at `place`; the next set is announced inside it."""
    before = (_resting(lines.phrases, length_ms, place),) if length_ms >= LONG_REST_MS else ()
    return _rest(lines, length_ms, place, before, (Line((coming,), gives_way=SET),), APART_MS)


def rest_between(
    lines: Lines, length_ms: int, place: Place, release: Sequence[Say], arrival: Sequence[Line], leads_to: str | None
) -> Work:
    """The rest after the work at `place`, in which all is said that leads to the next work, which is `leads_to`."""
    before = (*(Line((say,)) for say in release), _resting(lines.phrases, length_ms, place))
    return _rest(lines, length_ms, place, before, tuple(arrival), QUIET_MS if leads_to else APART_MS, leads_to)


def _resting(phrases: Phrases, length_ms: int, place: Place) -> Line:
    texts = [phrases.say("between", "resting")]
    if length_ms >= LONG_REST_MS:
        texts.insert(0, phrases.say("between", "rest", duration=phrases.duration(length_ms)))
    return Line(tuple(Say(text, "rest", place) for text in texts), gives_way=RESTING)


def _rest(
    lines: Lines,
    length_ms: int,
    place: Place,
    before: tuple[Line, ...],
    after: tuple[Line, ...],
    quiet_ms: int,
    leads_to: str | None = None,
) -> Work:
    if not lines.speaks:
        before = after = ()
    return Work(
        "rest",
        length_ms,
        lines.tone("end", place),
        place,
        before=before,
        after=after,
        quiet_ms=quiet_ms,
        leads_to=leads_to,
    )
