"""What is said and sounded, in order, before anybody knows how long the words take.

    Routine + Wording -> Script

A script is a flat row of steps (`steps`), what happens inside exact stretches of time included (`work`). Nothing here
adds up time across steps; that is `timeline`'s.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Literal

from audiogen.phrases import Phrases, load_phrases
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.pauses import LIMITS, Pause
from audiogen.routine.values import Side, Sided, Text
from audiogen.script.steps import APART_MS, TONE_MS, Ask, Cued, Place, Rep, Say, Silence, Step, Tone, Work
from audiogen.script.work import Lines, dose_on, hold, hold_limits, reps, rest, sides_of

__all__ = [
    "APART_MS",
    "TONE_MS",
    "Ask",
    "Cued",
    "Place",
    "Rep",
    "Say",
    "Script",
    "Silence",
    "Step",
    "Tone",
    "Wording",
    "Work",
    "hold_limits",
    "write_script",
]


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


@dataclass(frozen=True, slots=True)
class Script:
    """The whole session in order. `name` is how messages call it; `length_ms` what it must last, or None."""

    name: str
    title: str
    language: str
    length_ms: int | None
    exercises: tuple[Exercise, ...]
    steps: tuple[Step, ...]

    def texts(self) -> tuple[str, ...]:
        """Every distinct text that may be spoken, in the order in which it is first needed."""
        return tuple(dict.fromkeys(say.text for step in self.steps for say in _says(step)))


def write_script(routine: Routine, wording: Wording, own_ms: Mapping[str, int] | None = None) -> Script:
    """Write out a routine as the steps of a session; `own_ms` are the lengths of a user's own tones by role."""
    exercises = tuple(exercise for exercise in routine.flat if not exercise.skip)
    phrases = load_phrases(routine.language)
    writer = _Writer(routine, phrases, Lines(routine, phrases, own_ms or {}), wording, exercises)
    name = routine.source.stem if routine.source else routine.title
    return Script(
        name=name,
        title=routine.title,
        language=routine.language,
        length_ms=routine.length_ms,
        exercises=exercises,
        steps=tuple(writer.session()),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    routine: Routine
    phrases: Phrases
    lines: Lines
    wording: Wording
    exercises: tuple[Exercise, ...]

    # -- the parts of a session, top down

    def session(self) -> Iterator[Step]:
        yield self._silence("lead-in", Place())
        yield from self._opening()
        previous, done = Place(), None
        for exercise, place, rounds in self._visits():
            yield self._silence("transition" if done else "gap", previous, done)
            if place.round != previous.round and place.round and self.lines.speaks:
                yield Say(self.phrases.say("announcement", "round", n=place.round, count=rounds), "round", place)
                yield self._silence("gap", place, exercise)
            yield from self._exercise(exercise, place)
            previous, done = place, exercise
        yield from self._closing()

    def _visits(self) -> Iterator[tuple[Exercise, Place, int]]:
        """Every exercise as often as it comes up, with its place and how many rounds there are."""
        for whole in range(1, self.routine.rounds + 1):
            number = 0
            for group, inner in self.routine.groups:
                left = [exercise for exercise in group if not exercise.skip]
                rounds = max(inner, self.routine.rounds)
                for turn in range(1, inner + 1):
                    for offset, exercise in enumerate(left, start=1):
                        place = Place(number + offset, round=max(turn, whole) if rounds > 1 else None)
                        yield exercise, place, rounds
                number += len(left)

    def _opening(self) -> Iterator[Step]:
        """The opening words, or the tones to learn where nobody speaks."""
        if self.lines.speaks:
            yield from self._lines(self._opening_lines(), "opening", Place())
        else:
            start, end = (self.lines.tone(role, Place()) for role in ("start", "end"))
            yield start
            if start.length_ms and end.length_ms:
                yield self._silence("gap", Place())
            yield end

    def _opening_lines(self) -> Iterator[str]:
        routine, phrases = self.routine, self.phrases
        yield phrases.ended(routine.title)
        yield phrases.say(
            "opening",
            "summary_about" if self.wording.is_about else "summary",
            exercises=phrases.count("exercises", len(self.exercises)),
            length=phrases.duration(self.wording.announced_ms),
        )
        if self.lines.instructs:
            if routine.equipment:
                yield phrases.say("opening", "equipment", items=phrases.listing(routine.equipment))
            yield from routine.before
            yield from routine.caution
        sounds = self.lines.sounds
        if sounds.plays("start") and sounds.plays("end"):
            yield phrases.say("opening", "tones" if sounds.taught else "other_tones")

    def _exercise(self, exercise: Exercise, place: Place) -> Iterator[Step]:
        sides = sides_of(exercise)
        if self.lines.speaks:
            yield from self._lines(self._announcement(exercise, place), "announcement", place, exercise)
        place = replace(place, side=sides[0])
        for instruction in self._setup(exercise, place):
            yield from self._then(exercise, instruction, "setup", place)
        for turn, side in enumerate(sides):
            place = replace(place, side=side)
            if turn:
                yield from self._switch(exercise, place)
            yield from self._settle(exercise, place, "switch" if turn else "settle")
            yield from self._sets(exercise, place)
        for line in exercise.release if self.lines.instructs else ():
            yield from self._then(exercise, self.lines.line(line, sides[-1]), "release", place)

    def _announcement(self, exercise: Exercise, place: Place) -> Iterator[str]:
        phrases = self.phrases
        if self.lines.instructs and place.round in (None, 1) and len(self.exercises) > 1:
            yield phrases.say("announcement", "position", n=place.exercise or 0, count=len(self.exercises))
        yield phrases.ended(exercise.name)
        yield self._dose(exercise)
        if exercise.sets > 1:
            yield phrases.say("announcement", "sets", sets=phrases.count("sets", exercise.sets))

    def _setup(self, exercise: Exercise, place: Place) -> Iterator[str]:
        """The way into the position, in the first round; of brief guidance, the side to begin with."""
        if self.lines.instructs:
            if place.round in (None, 1):
                yield from (self.lines.line(line, place.side) for line in exercise.setup)
        elif place.side and len(exercise.sides) > 1:
            yield self.phrases.say("between", "side", side=self.phrases.side(place.side))

    def _dose(self, exercise: Exercise) -> str:
        phrases, sides = self.phrases, exercise.sides
        doses = [self._dose_on(exercise, side) for side in sides_of(exercise)]
        first, last = doses[0], doses[-1]
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
        if exercise.hold_ms is not None:
            return self.phrases.duration(dose_on(exercise.hold_ms, side))
        return self.phrases.count("repetitions", dose_on(exercise.reps or 0, side))

    def _switch(self, exercise: Exercise, place: Place) -> Iterator[Step]:
        """Words that lead to the other side; without lines of its own, the setup lines that name a side serve."""
        yield from self._then(exercise, self.phrases.say("between", "switch"), "switch", place)
        lines = exercise.switch or tuple(line for line in exercise.setup if _names_a_side(line))
        for line in lines if self.lines.instructs else ():
            yield from self._then(exercise, self.lines.line(line, place.side), "switch", place)

    def _settle(self, exercise: Exercise, place: Place, kind: Literal["settle", "switch"]) -> Iterator[Step]:
        if place in self.wording.long_settles and self.lines.sounds.plays("start"):
            yield from self._then(exercise, self.phrases.say("work", "settle"), "settle", place)
        yield self._silence(kind, place, exercise)

    def _sets(self, exercise: Exercise, place: Place) -> Iterator[Step]:
        for number in range(1, exercise.sets + 1):
            place = replace(place, set=number if exercise.sets > 1 else None)
            if exercise.hold_ms is not None:
                yield hold(self.lines, exercise, dose_on(exercise.hold_ms, place.side), place)
            else:
                yield reps(self.lines, exercise, dose_on(exercise.reps or 0, place.side), place)
            if number < exercise.sets:
                yield rest(self.lines, exercise, exercise.rest_ms or 0, place)
        yield self.lines.tone("end", place)

    def _closing(self) -> Iterator[Step]:
        place = Place(exercise=None)
        if self.lines.speaks:
            yield self._silence("gap", place)
            yield Say(self.phrases.say("closing", "complete"), "closing", place)
        if (finish := self.lines.tone("finish", place)).length_ms:
            yield self._silence("gap", place)
            yield finish
        for line in self.routine.after if self.lines.instructs else ():
            yield self._silence("gap", place)
            yield Say(line, "closing", place)
        yield self._silence("tail", place)

    # -- lines and silences

    def _lines(self, lines: Iterator[str], role: str, place: Place, exercise: Exercise | None = None) -> Iterator[Step]:
        """Lines with a gap between each two."""
        for index, line in enumerate(lines):
            if index:
                yield self._silence("gap", place, exercise)
            yield Say(line, role, place)

    def _then(self, exercise: Exercise, line: str, role: str, place: Place) -> Iterator[Step]:
        """A gap and a line; nothing where nobody speaks."""
        if self.lines.speaks:
            yield self._silence("gap", place, exercise)
            yield Say(line, role, place)

    def _silence(self, kind: Pause, place: Place, exercise: Exercise | None = None) -> Silence:
        key = f"{'switching' if kind == 'switch' else kind}_ms"
        limits = LIMITS[kind]
        for source in (self.routine, exercise):
            if (own_ms := getattr(source, key, None)) is not None:
                limits = limits.with_default(own_ms)
        if kind in ("settle", "switch", "transition"):
            limits = limits.with_default(round(limits.default_ms * self.routine.pauses))
        return Silence(kind, limits, place)


def _says(step: Step) -> Iterator[Say]:
    match step:
        case Say():
            yield step
        case Work():
            cued = ((cue.at_ms, (cue.sound,)) for cue in step.cues)
            asked = ((ask.at_ms, ask.options) for ask in step.asks)
            inside = (sound for _, sounds in sorted((*cued, *asked), key=itemgetter(0)) for sound in sounds)
            yield from (sound for sound in (*inside, *step.countdown) if isinstance(sound, Say))


def _names_a_side(text: Text) -> bool:
    return isinstance(text, Sided) or "{side}" in text or "{other_side}" in text
