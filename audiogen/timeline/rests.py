"""The words in an exact rest, and what gives way.

    Rest + spoken lengths -> where each line lies

What leads out of the work before follows the end tone. What leads to the work behind follows that in a short rest, and
lies near its end in a long one. Where there is no room, the lines move closer together; then those that have a shorter
form take it; then they are left out by their rank. A side or a set that goes unsaid is a
notice; nobody needs the words "Rest.", a number or a dose to go on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from audiogen.script import APART_MS, Line, Say, Work
from audiogen.script.rests import LONG_REST_MS, SET

GAPS_MS = (600, 400, APART_MS)  # between two lines, the first that has room
NEAR_END_MS = 6000  # before the end of a long rest, the words begin that lead to the work behind it


@dataclass(frozen=True, slots=True)
class Laid:
    """Each line that is said and where it begins, those that are missed, and how much time is missing."""

    said: tuple[tuple[int, Say], ...]
    missed: tuple[Say, ...]
    missing_ms: int


def lay(work: Work, lengths_ms: Mapping[str, int]) -> Laid:
    """Find room for the lines of a rest."""
    form = _Form(work.before, work.after)
    missed: list[Say] = []
    while True:
        over_ms = 0
        for gap_ms in GAPS_MS:
            said, over_ms = form.placed(work, gap_ms, lengths_ms)
            if over_ms <= 0:
                return Laid(said, tuple(missed), 0)
        shorter = form.shorter()
        if shorter is None:
            return Laid(tuple(_within(said, work, lengths_ms)), tuple(missed), over_ms)
        form, gone = shorter
        missed += [gone] if gone else []


@dataclass(frozen=True, slots=True)
class _Form:
    """The lines of a rest, as long as they are by now."""

    before: tuple[Line, ...]
    after: tuple[Line, ...]

    def placed(self, work: Work, gap_ms: int, lengths_ms: Mapping[str, int]) -> tuple[tuple[tuple[int, Say], ...], int]:
        """Where each line begins, with this gap between them, and by how much they run over."""
        head = _row(self.before, gap_ms, lengths_ms)
        tail = _row(self.after, gap_ms, lengths_ms)
        tone_ms = work.tone.length_ms
        begin_ms = tone_ms + APART_MS
        ends_ms = begin_ms + head.length_ms if self.before else tone_ms
        follows_ms = ends_ms + (gap_ms if self.before else APART_MS)
        over_ms = (follows_ms + tail.length_ms if self.after else ends_ms) + work.quiet_ms - work.length_ms
        if not self.before and not self.after:
            over_ms = tone_ms + APART_MS - work.length_ms
        at_ms = follows_ms
        if work.length_ms >= LONG_REST_MS:
            near_end_ms = max(NEAR_END_MS, tail.length_ms + work.settling_ms)
            at_ms = max(follows_ms, work.length_ms - near_end_ms)
        return (*head.after(begin_ms), *tail.after(at_ms)), over_ms

    def shorter(self) -> "tuple[_Form, Say | None] | None":
        """The same with one line shortened or left out, and what is missed then; None where all the rest must fit."""
        lines = [*self.before, *self.after]
        long = next((line for line in lines if len(line.options) > 1), None)
        if long is not None:
            return self._with(long, replace(long, options=long.options[1:])), None
        giving = [line for line in lines if line.gives_way is not None]
        if not giving:
            return None
        first = min(giving, key=lambda line: line.gives_way or 0)
        return self._with(first, None), first.options[0] if first.gives_way == SET else None

    def _with(self, line: Line, other: Line | None) -> "_Form":
        def changed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
            found = (other if one is line else one for one in lines)
            return tuple(one for one in found if one is not None)

        return _Form(changed(self.before), changed(self.after))


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines that follow one another, on a clock of their own."""

    said: tuple[tuple[int, Say], ...]
    length_ms: int

    def after(self, at_ms: int) -> Iterator[tuple[int, Say]]:
        return ((at_ms + start_ms, say) for start_ms, say in self.said)


def _row(lines: Sequence[Line], gap_ms: int, lengths_ms: Mapping[str, int]) -> _Row:
    said, at_ms = [], 0
    for line in lines:
        say = line.options[0]
        said.append((at_ms, say))
        at_ms += lengths_ms[say.text] + gap_ms
    return _Row(tuple(said), max(0, at_ms - gap_ms))


def _within(said: Sequence[tuple[int, Say]], work: Work, lengths_ms: Mapping[str, int]) -> Iterator[tuple[int, Say]]:
    """The lines that are over before the rest is: the timeline of an estimate stays whole."""
    return ((at_ms, say) for at_ms, say in said if at_ms + lengths_ms[say.text] <= work.length_ms)
