"""What is done in a session, as a tree.

Events -> Visits: exercise -> side -> set -> holds or repetitions
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from audiogen.routine.values import Side
from audiogen.script import Place
from audiogen.timeline.events import Event, Exercised


class _Span:
    """What lasts from the first of its events to the last."""

    __slots__ = ()
    events: tuple[Event, ...]

    @property
    def start_ms(self) -> int:
        return self.events[0].start_ms

    @property
    def end_ms(self) -> int:
        return self.events[-1].end_ms

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Set(_Span):
    """A hold, or repetitions that follow one another without a break."""

    events: tuple[Event, ...]

    @property
    def place(self) -> Place:
        """The place of the hold or the first repetition."""
        return self.events[0].place

    @property
    def is_hold(self) -> bool:
        return self.events[0].kind == "hold"

    @property
    def repetitions(self) -> str | None:
        """How many repetitions it has, such as "12" or "8 to 12"; None of a hold."""
        return None if self.is_hold else self.events[0].amount or str(len(self.events))

    @property
    def is_paced(self) -> bool:
        """Whether its repetitions are done at one's own pace."""
        return self.events[0].kind == "pace"

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that it is done on, in order; two where each repetition changes them."""
        return tuple(dict.fromkeys(event.place.side for event in self.events if event.place.side))

    @property
    def side(self) -> Side | None:
        """The one side that it is done on."""
        return self.sides[0] if len(self.sides) == 1 else None

    @property
    def alternates(self) -> bool:
        """Whether its exercise changes the side with each repetition, or with each hold."""
        return len(self.sides) > 1 or (self.is_hold and self.place.rep is not None)


@dataclass(frozen=True, slots=True)
class SideWork:
    """Sets that follow one another on one side, on none, or alternating; `start_ms` is where their words begin."""

    start_ms: int
    sets: tuple[Set, ...]

    @property
    def side(self) -> Side | None:
        return None if self.alternates else self.sets[0].side

    @property
    def alternates(self) -> bool:
        """Whether each repetition or hold changes the side."""
        return self.sets[0].alternates


@dataclass(frozen=True, slots=True)
class Visit:
    """One turn of an exercise, from its announcement to its last word; a round visits each exercise again.

    The transition after it is not part of it. `sounds` are its words and tones outside the work.
    """

    exercise: Exercised
    round: int | None
    start_ms: int
    end_ms: int
    sides: tuple[SideWork, ...]
    sounds: tuple[Event, ...]

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def sets(self) -> tuple[Set, ...]:
        return tuple(one for side in self.sides for one in side.sets)


@dataclass(frozen=True, slots=True)
class Reading(_Span):
    """One turn of a passage, from its first word, sound or pause to its last; a round reads each passage again."""

    passage: Exercised
    round: int | None
    events: tuple[Event, ...]


def readings_of(events: Iterable[Event], passages: Sequence[Exercised]) -> Iterator[Reading]:
    """The turns of all passages, in time order."""
    for (number, turn), found in groupby(events, key=lambda event: (event.place.passage, event.place.round)):
        if number:
            yield Reading(passages[number - 1], turn, tuple(found))


def visits_of(events: Iterable[Event], exercises: Sequence[Exercised]) -> Iterator[Visit]:
    """The turns of all exercises, in time order."""
    for (number, turn), found in groupby(events, key=lambda event: (event.place.exercise, event.place.round)):
        inside = tuple(found)
        ends_ms = [event.end_ms for event in inside if event.is_tile and not _is_over(event)]
        if number and ends_ms:
            sides = tuple(_sides(inside))
            sounds = tuple(outside_work(inside, [one for side in sides for one in side.sets]))
            yield Visit(exercises[number - 1], turn, inside[0].start_ms, ends_ms[-1], sides, sounds)


def _is_over(event: Event) -> bool:
    """Whether an exercise is over by now, if nothing of it follows: between two exercises, or waking earbuds."""
    return event.role in ("transition", "wake", "progress") or (event.kind, event.role) == ("wait", "rest")


def outside_work(events: Iterable[Event], sets: Iterable[Set]) -> Iterator[Event]:
    """Words and tones that do not sound inside one of these sets; what wakes earbuds is left out."""
    coming = iter(sets)
    now = next(coming, None)
    for event in events:
        while now and event.start_ms >= now.end_ms:
            now = next(coming, None)
        sounds = event.kind in ("say", "tone") and event.role != "wake"
        if sounds and not (now and event.start_ms >= now.start_ms):
            yield event


def _sides(events: Sequence[Event]) -> Iterator[SideWork]:
    start_ms, end_ms = events[0].start_ms, 0
    tiles = (event for event in events if event.is_tile)  # each is looked at once, for all sides together
    for _, found in groupby(_sets(events), key=lambda one: () if one.alternates else one.sides):
        sets = tuple(found)
        if end_ms:
            start_ms = _lead_ms(tiles, end_ms, sets[0])
        yield SideWork(start_ms, sets)
        end_ms = sets[-1].end_ms


def _lead_ms(tiles: Iterator[Event], after_ms: int, work: Set) -> int:
    """Where the words that lead to some work on its side begin, behind what was done before."""
    for tile in tiles:
        if tile.start_ms >= work.start_ms:
            break
        if tile.start_ms >= after_ms and tile.place.side == work.side:
            return tile.start_ms
    return work.start_ms


def _sets(events: Iterable[Event]) -> Iterator[Set]:
    run: list[Event] = []
    for event in events:
        if not event.is_work:
            continue
        if run and not _follows(event, run[-1]):
            yield Set(tuple(run))
            run = []
        run.append(event)
    if run:
        yield Set(tuple(run))


def _follows(event: Event, last: Event) -> bool:
    """Whether a repetition follows the one before it in the same set."""
    return event.kind == "rep" and event.start_ms == last.end_ms and event.place.set == last.place.set
