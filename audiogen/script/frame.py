"""What the program itself says around the work: the opening, and how rounds and exercises are announced.

Routine + Phrases + Wording -> lines
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from audiogen.errors import Notice
from audiogen.phrases import Phrases
from audiogen.routine.amounts import Range, amounts_of, sets_listed
from audiogen.routine.model import Announce, Exercise, Routine
from audiogen.routine.values import Side, Sided, Text
from audiogen.script.lines import Lines
from audiogen.script.steps import Mark, Place
from audiogen.script.work import sides_of
from audiogen.spoken import spoken
from audiogen.text import listed

DOSE = 2  # gives way in a rest, behind "Rest." itself and the announcement of a set


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words say about lengths that only a timeline knows: settled by a first pass, then frozen.

    `total_ms` is what the opening announces; `long_settles` are the places of those settling times over 10 s, in
    which the voice adds that the tone will start.
    """

    total_ms: int
    long_settles: frozenset[Place] = frozenset()

    @property
    def announced_ms(self) -> int:
        """The length as the opening names it: in whole minutes from 45 s on."""
        return max(1, round(self.total_ms / 60_000)) * 60_000 if self.total_ms >= 45_000 else self.total_ms

    @property
    def is_about(self) -> bool:
        """Whether the session is a second or more off the length that is named."""
        return abs(self.total_ms - self.announced_ms) >= 1000

    @property
    def words(self) -> tuple[object, ...]:
        """All that the words depend on: where it is the same, so is the script."""
        return self.announced_ms, self.is_about, self.long_settles


@dataclass(frozen=True)  # without slots, since what it counts is cached
class Frame:
    """The frame of a session of these `exercises`, in its language; nothing where nobody speaks."""

    lines: Lines
    wording: Wording
    exercises: tuple[Exercise, ...]

    @property
    def routine(self) -> Routine:
        return self.lines.routine

    @property
    def phrases(self) -> Phrases:
        return self.lines.phrases

    def opening(self) -> Iterator[str]:
        """The lines of the opening."""
        routine, phrases = self.routine, self.phrases
        if not self.lines.speaks or routine.opening == "none":
            return
        yield phrases.ended(routine.title)
        if routine.opening == "title":
            return
        yield self._summary()
        if self.lines.instructs:
            if routine.equipment:
                yield phrases.say("opening", "equipment", items=phrases.listing(routine.equipment))
            yield from routine.before
            yield from routine.caution
        sounds = self.lines.sounds
        if self.exercises and sounds.plays("start") and sounds.plays("end"):
            yield phrases.say("opening", "tones" if sounds.taught else "other_tones")

    def _summary(self) -> str:
        """How many exercises are announced, and how long the session lasts."""
        key = "summary" if self._numbers else "length"
        return self.phrases.say(
            "opening",
            f"{key}_about" if self.wording.is_about else key,
            exercises=self.phrases.count("exercises", len(self._numbers)),
            length=self.phrases.duration(self.wording.announced_ms),
        )

    def closing(self) -> Iterator[str]:
        """The line that ends the session."""
        if self.lines.speaks and self.routine.closing == "full":
            yield self.phrases.say("closing", "complete")

    def after(self) -> Iterator[str]:
        """The routine's own lines behind the finish tone."""
        if self.lines.instructs and self.routine.closing == "full":
            yield from self.routine.after

    def marks(self) -> Iterator[Mark]:
        """How far the session is, at the moments that the routine names."""
        phrases = self.phrases
        for left in self.routine.progress if self.lines.speaks else ():
            if left == "halfway":
                mark = Mark(phrases.say("between", "session_half"), None)
            else:
                mark = Mark(phrases.say("between", "session_left", duration=phrases.duration(left)), left)
            if mark.text:
                yield mark

    def round(self, number: int, rounds: int, announce: Announce) -> Iterator[str]:
        """The round that begins, of how many."""
        if self.lines.speaks and announce != "none":
            yield self.phrases.say("announcement", "round", n=number, count=rounds)

    def announcement(self, exercise: Exercise, place: Place) -> Iterator[tuple[str, ...]]:
        """The lines that announce an exercise, each with its shorter forms: number and name in one breath, or none."""
        phrases, name = self.phrases, self.phrases.ended(exercise.name)
        if not self.lines.speaks or self._announced[exercise.slug] == "none":
            return
        number = self._numbers.get(exercise.slug)
        numbered = ""
        if self.lines.instructs and place.round in (None, 1) and number and len(self._numbers) > 1:
            numbered = phrases.say("announcement", "position", n=number, count=len(self._numbers), name=name)
        yield (numbered, name) if numbered else (name,)
        if exercise.optional:
            yield (phrases.say("announcement", "optional"),)

    def dose(self, exercise: Exercise) -> Iterator[str]:
        """What there is to do, said while one gets into position."""
        phrases, side = self.phrases, sides_of(exercise)[0]
        if not self.lines.speaks or self._announced[exercise.slug] != "full":
            return
        yield self._dose(exercise)
        if exercise.for_ms is not None:
            yield phrases.say("announcement", "own_pace")
        if exercise.sets > 1 and sets_listed(exercise.hold_ms or exercise.reps) is None:
            sets, dose = phrases.count("sets", exercise.sets), self._dose_on(exercise, side)
            yield phrases.say("announcement", "sets", sets=sets, dose=dose)

    def side(self, exercise: Exercise, setup: Sequence[Text]) -> Iterator[str]:
        """The side that begins, unless a line of the set-up that was said names it, or the dose of a single side."""
        phrases = self.phrases
        if not self.lines.speaks or not exercise.sides:
            return
        first, *others = exercise.sides
        if phrases.silences("side") or any(_names(phrases, line, first) for line in setup):
            return
        if others:
            yield phrases.say("between", "side_first", side=phrases.side(first))
        elif self._announced[exercise.slug] != "full" or phrases.silences("one_side"):
            yield phrases.say("between", "side", side=phrases.side(first))

    @cached_property
    def _announced(self) -> dict[str, Announce]:
        """How each exercise is announced, by its slug."""
        return self.routine.announced

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The numbers of those exercises that are announced in full, by their slugs: only these are counted."""
        full = (exercise.slug for exercise in self.exercises if self._announced[exercise.slug] == "full")
        return {slug: number for number, slug in enumerate(full, start=1)}

    def _dose(self, exercise: Exercise) -> str:
        phrases, sides = self.phrases, exercise.sides
        doses = [self._dose_on(exercise, side) for side in sides_of(exercise)]
        first, last = doses[0], doses[-1]
        if exercise.holds_alternate:
            holds = phrases.count("holds", exercise.pieces)
            return phrases.say("announcement", "holds", holds=holds, dose=first)
        if exercise.alternate:
            return phrases.say("announcement", "alternating", dose=first)
        if not sides:
            return phrases.say("announcement", "dose", dose=first)
        names = [phrases.side(side) for side in sides]
        if len(sides) == 1:
            return phrases.say("announcement", "one_side", dose=first, side=names[0])
        if first == last:
            return phrases.say("announcement", "each_side", dose=first)
        uneven = {"first_side": names[0], "first": first, "second_side": names[1], "second": last}
        return phrases.say("announcement", "uneven", **uneven)

    def _dose_on(self, exercise: Exercise, side: Side | None) -> str:
        dose = exercise.reps if exercise.hold_ms is None else exercise.hold_ms
        amounts = amounts_of(dose.on(side or "right") if isinstance(dose, Sided) else dose)
        if exercise.hold_ms is not None:
            return self.phrases.listing([self.phrases.duration(amount) for amount in amounts])
        return self.phrases.count_of(
            "repetitions", [(one.least, one.most) if isinstance(one, Range) else one for one in amounts]
        )


def _names(phrases: Phrases, line: Text, side: Side) -> bool:
    """Whether a line names a side: as a line for each, by its placeholder, or by a word of the language."""
    return isinstance(line, Sided) or "{side}" in line or phrases.names_side(spoken(line, phrases.language), side)


def unsaid(routine: Routine) -> Iterator[Notice]:
    """What a routine has to say in an opening or a closing that it leaves out."""
    if routine.guidance != "full":
        return
    for key, value, texts in (
        ("opening", routine.opening, ("equipment", "before", "caution")),
        ("closing", routine.closing, ("after",)),
    ):
        lost = [text for text in texts if getattr(routine, text)]
        if lost and value != "full":
            yield Notice("script.left-unsaid", subject=listed(lost), expected=key, found=value)
