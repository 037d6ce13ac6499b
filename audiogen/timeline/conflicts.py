"""What sounds inside an exact stretch of work, and what gives way.

    Work + spoken lengths -> Content

Sounds keep 200 ms apart. In falling priority: tones, written cues, the countdown, then the standard cues in the order
in which the script asks for them. Tones and written cues never move, and two that overlap are a problem; but at a speed
below 1.0, a cue waits until the one before it is over. A standard cue becomes its next option, then nothing, with a
notice unless that tells as much.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass, replace

from audiogen.durations import format_duration
from audiogen.errors import Notice, Problem
from audiogen.script import APART_MS, Ask, Option, Say, Tone, Work
from audiogen.script.steps import COUNTED_MS, VOWEL_MS
from audiogen.text import counted
from audiogen.timeline.rests import lay

NUMBER_MS = 1000 - APART_MS  # the longest countdown number that leaves the next second free
BEFORE_NUMBER_MS = 100  # its place begins with silence, except before the longest of consonants
REPLACES_WITHIN_MS = 3000  # a written cue this near to a standard cue's moment stands in its place


@dataclass(frozen=True, slots=True)
class Placed:
    """A sound at [start_ms, end_ms) on the clock of its work."""

    start_ms: int
    end_ms: int
    what: Say | Tone

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Content:
    """What sounds inside a work, in time order; `problems` and `notices` do not have their place yet."""

    placed: tuple[Placed, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...]


def fill(work: Work, lengths_ms: Mapping[str, int]) -> Content:
    """Decide what sounds when inside `work`, given how long each text takes to say."""
    desk = _Desk(work, lengths_ms)
    desk.place_tones()
    desk.place_cues()
    desk.place_countdown()
    for ask in work.asks:
        desk.place_ask(ask)
    if work.kind == "rest":
        desk.place_lines()
    placed = sorted(desk.placed, key=lambda one: one.start_ms)
    return Content(tuple(placed), tuple(desk.problems), tuple(desk.notices))


class _Desk:
    """The work being filled, most important sounds first."""

    def __init__(self, work: Work, lengths_ms: Mapping[str, int]) -> None:
        self.work = work
        self.lengths_ms = lengths_ms
        self.placed: list[Placed] = []
        self.taken = _Taken()
        self.written_ms: list[int] = []  # when written cues begin, in order
        self.problems: list[Problem] = []
        self.notices: list[Notice] = []
        self.noticed: set[str | None] = set()  # topics of which something gave way

    def place_tones(self) -> None:
        self._place(self._at(0, self.work.tone))
        for cued in self.work.phases:
            self._place(self._at(cued.at_ms, cued.sound))
        ends_ms = [*(tone.start_ms for tone in self.placed[1:]), self.work.length_ms]
        for tone, end_ms in zip(self.placed, ends_ms, strict=True):
            if tone.end_ms > end_ms:
                lasts, free = format_duration(tone.length_ms), format_duration(end_ms - tone.start_ms)
                self.problems.append(
                    Problem("timeline.tone-too-long", subject=_quoted(tone), expected=free, found=lasts)
                )
                return

    def place_cues(self) -> None:
        before = self.placed[0]
        for cued in self.work.cues:
            at_ms = before.end_ms + max(cued.at_ms, APART_MS) if cued.after else cued.at_ms
            cue = self._at(at_ms, cued.sound)
            if self.work.waits and not cued.from_end and before.start_ms <= at_ms < before.end_ms + APART_MS:
                cue = self._at(before.end_ms + APART_MS, cued.sound)
                self.notices.append(Notice("timeline.cue-later", subject=_quoted(cue), found=_moment(cue.start_ms)))
            before = cue
            if problem := self._problem(cue):
                self.problems.append(replace(problem, path=("cues", cued.number)))
            insort(self.written_ms, cue.start_ms)
            self._place(cue)

    def place_countdown(self) -> None:
        """All numbers as words, or all as ticks if there are any; a tick that still meets something is left out."""
        numbers = self.work.countdown
        moments = range(self.work.length_ms - 1000 * len(numbers), self.work.length_ms, 1000)
        spoken = [self._counted(at_ms, number) for at_ms, number in zip(moments, numbers, strict=True)]
        short = all(_length_ms(number, self.lengths_ms) <= NUMBER_MS for number in numbers)
        if short and all(self._free(number, BEFORE_NUMBER_MS) for number in spoken):
            for number in spoken:
                self._place(number)
            return
        if self.work.tick is None:
            self.notices.append(Notice("timeline.countdown-left-out"))
            return
        ticks = [self._at(at_ms, self.work.tick) for at_ms in moments]
        fitting = [tick for tick in ticks if self._free(tick)]
        for tick in fitting:
            self._place(tick)
        if not fitting:
            self.notices.append(Notice("timeline.countdown-left-out"))
        elif len(fitting) == len(ticks):
            self.notices.append(Notice("timeline.countdown-ticks"))
        else:
            self.notices.append(Notice("timeline.countdown-some-ticks", found=counted(len(fitting), "tick")))

    def _counted(self, at_ms: int, number: Say | Tone) -> Placed:
        """A number whose vowel begins at its second, or a tone at its second."""
        if isinstance(number, Tone):
            return self._at(at_ms, number)
        return Placed(at_ms - VOWEL_MS, at_ms - VOWEL_MS + COUNTED_MS, number)

    def place_ask(self, ask: Ask) -> None:
        options = [self._option(ask.at_ms, option) for option in ask.options]
        chosen = next((option for option in options if self._fits(option, ask.after_ms)), ())
        for sound in chosen:
            self._place(sound)
        if _told(chosen) == _told(options[0]) or ask.topic in self.noticed or (not chosen and self._is_replaced(ask)):
            return
        if ask.topic:
            self.noticed.add(ask.topic)
        subject, at = _together(options[0]), format_duration(options[0][0].start_ms)
        if not chosen:
            self.notices.append(Notice("timeline.cue-left-out", subject=subject, found=at))
        else:
            instead = "a tone" if isinstance(chosen[0].what, Tone) else _together(chosen)
            self.notices.append(Notice("timeline.cue-replaced", subject=subject, expected=instead, found=at))

    def _option(self, at_ms: int, option: Option) -> tuple[Placed, ...]:
        """The sounds of an option: one, or two that follow one another."""
        if not isinstance(option, tuple):
            return (self._at(at_ms, option),)
        first = self._at(at_ms, option[0])
        return first, self._at(first.end_ms + APART_MS, option[1])

    def _fits(self, option: tuple[Placed, ...], after_ms: int) -> bool:
        return self._free(Placed(option[0].start_ms, option[-1].end_ms, option[0].what), after_ms)

    def place_lines(self) -> None:
        """The words of a rest; what must fit and does not is a problem."""
        laid = lay(self.work, self.lengths_ms)
        for at_ms, say in laid.said:
            self._place(self._at(at_ms, say))
        for say in laid.missed:
            self.notices.append(Notice("timeline.rest-line-left-out", subject=f"\u201c{say.text}\u201d"))
        if laid.missing_ms > 0 and not self.problems:
            length, missing = format_duration(self.work.length_ms), format_duration(laid.missing_ms)
            if following := self.work.leads_to:
                self.problems.append(Problem("timeline.rest-too-short", None, following, length, missing))
            else:
                self.problems.append(Problem("timeline.release-too-long", expected=length, found=missing))

    def _at(self, at_ms: int, sound: Say | Tone) -> Placed:
        return Placed(at_ms, at_ms + _length_ms(sound, self.lengths_ms), sound)

    def _place(self, sound: Placed) -> None:
        self.placed.append(sound)
        self.taken.add(sound.start_ms, sound.end_ms)

    def _free(self, sound: Placed, after_ms: int = APART_MS) -> bool:
        """Whether a sound keeps its distance from all others and from the end."""
        return (
            sound.start_ms >= 0
            and sound.end_ms + APART_MS <= self.work.length_ms
            and not self.taken.meets(sound.start_ms - after_ms, sound.end_ms + APART_MS)
        )

    def _problem(self, cue: Placed) -> Problem | None:
        """What is wrong with a written cue."""
        subject = f"The cue {_quoted(cue)} at {_moment(cue.start_ms)}"
        kind = {"hold": "hold", "pace": "repetitions", "rep": "repetitions", "rest": "rest"}[self.work.kind]
        work = f"the {kind} of {format_duration(self.work.length_ms)}"
        if cue.start_ms < 0:
            return Problem("timeline.cue-too-early", subject=subject, expected=work)
        over_ms = cue.end_ms + APART_MS - self.work.length_ms
        if over_ms > 0:
            return Problem("timeline.cue-too-late", subject=subject, expected=work, found=format_duration(over_ms))
        if not self.taken.meets(cue.start_ms - APART_MS, cue.end_ms + APART_MS):
            return None
        for other in self.placed:
            if cue.end_ms + APART_MS > other.start_ms and other.end_ms + APART_MS > cue.start_ms:
                between = f"{format_duration(other.start_ms)} to {format_duration(other.end_ms)}"
                return Problem("timeline.cue-overlaps", subject=subject, found=f"{_named(other)} ({between})")
        return None

    def _is_replaced(self, ask: Ask) -> bool:
        index = bisect_left(self.written_ms, ask.at_ms - REPLACES_WITHIN_MS)
        return index < len(self.written_ms) and self.written_ms[index] <= ask.at_ms + REPLACES_WITHIN_MS


class _Taken:
    """The stretches in which something sounds, joined where they meet, in order: thousands are looked up at once."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start_ms: int, end_ms: int) -> None:
        """Add the stretch [start_ms, end_ms)."""
        first, behind = bisect_left(self._ends, start_ms), bisect_right(self._starts, end_ms)
        if first < behind:
            start_ms, end_ms = min(start_ms, self._starts[first]), max(end_ms, self._ends[behind - 1])
        self._starts[first:behind] = [start_ms]
        self._ends[first:behind] = [end_ms]

    def meets(self, after_ms: int, before_ms: int) -> bool:
        """Whether a stretch ends after the one time and begins before the other."""
        index = bisect_right(self._ends, after_ms)
        return index < len(self._starts) and self._starts[index] < before_ms


def _length_ms(sound: Say | Tone, lengths_ms: Mapping[str, int]) -> int:
    return lengths_ms[sound.text] if isinstance(sound, Say) else sound.length_ms


def _quoted(sound: Placed) -> str:
    return f"\u201c{sound.what.text}\u201d" if isinstance(sound.what, Say) else f"the {sound.what.sound} tone"


def _told(option: tuple[Placed, ...]) -> list[Say | Tone | str]:
    """What an option tells, whichever form of a count it has: "Halfway." tells as much as "Halfway, four to go."."""
    said = [one.what for one in option]
    return [what.role if isinstance(what, Say) and what.role == "count" else what for what in said]


def _together(sounds: tuple[Placed, ...]) -> str:
    """Quote what is said of one ask as one."""
    said = " ".join(sound.what.text for sound in sounds if isinstance(sound.what, Say))
    return f"\u201c{said}\u201d" if said else _quoted(sounds[0])


def _moment(at_ms: int) -> str:
    return format_duration(at_ms) if at_ms >= 0 else f"-{format_duration(-at_ms)}"


def _named(sound: Placed) -> str:
    return f"the cue {_quoted(sound)}" if isinstance(sound.what, Say) else _quoted(sound)
