"""What is said and sounded, in order, before anybody knows how long the words take.

    Routine + Wording -> Script

A script is a flat row of steps (`steps`), what happens inside exact stretches of time included (`work`). Nothing here
adds up time across steps; that is `timeline`'s.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Literal

from audiogen.phrases import Phrases, load_phrases
from audiogen.routine.model import Announce, Exercise, Routine
from audiogen.routine.pauses import LIMITS, Pause
from audiogen.routine.values import Sided, Text
from audiogen.script.frame import Frame, Wording
from audiogen.script.repetitions import reps
from audiogen.script.steps import APART_MS, TONE_MS, Ask, Cued, Option, Place, Rep, Say, Silence, Step, Tone, Work
from audiogen.script.work import Lines, dose_on, hold, hold_limits, rest, sides_of

__all__ = [
    "APART_MS",
    "TONE_MS",
    "Ask",
    "Cued",
    "Option",
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
    phrases = load_phrases(routine.language).with_own(routine.phrases)
    lines = Lines(routine, phrases, own_ms or {})
    writer = _Writer(routine, phrases, lines, wording, Frame(lines, wording, exercises))
    name = routine.source.stem if routine.source else routine.title
    return Script(
        name=name,
        title=routine.title,
        language=routine.language,
        length_ms=routine.length_ms,
        exercises=exercises,
        steps=tuple(map(_heard, writer.session())),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    routine: Routine
    phrases: Phrases
    lines: Lines
    wording: Wording
    frame: Frame

    # -- the parts of a session, top down

    def session(self) -> Iterator[Step]:
        yield self._silence("lead-in", Place())
        opening = list(self._opening())
        yield from opening
        previous, done = Place(), None
        for exercise, place, rounds, announce in self._visits():
            if done or opening:
                yield self._silence("transition" if done else "gap", previous, done)
            begins = place.round if place.round != previous.round else None
            said = self.frame.round(begins, rounds, announce) if begins else ()
            yield from self._exercise(exercise, place, [Say(line, "round", place) for line in said])
            previous, done = place, exercise
        yield from self._closing()

    def _visits(self) -> Iterator[tuple[Exercise, Place, int, Announce]]:
        """Every exercise as often as it comes up, with its place, how many rounds there are and how these are
        announced."""
        for whole in range(1, self.routine.rounds + 1):
            number = 0
            for group in self.routine.groups:
                announce = self.routine.announcing(group) if group.rounds > 1 else self.routine.announce
                left = [one for one in group.exercises if isinstance(one, Exercise) and not one.skip]
                rounds = max(group.rounds, self.routine.rounds)
                for turn in range(1, group.rounds + 1):
                    for offset, exercise in enumerate(left, start=1):
                        place = Place(number + offset, round=max(turn, whole) if rounds > 1 else None)
                        yield exercise, place, rounds, announce
                number += len(left)

    def _opening(self) -> Iterator[Step]:
        """The opening words, or the tones to learn where nobody speaks."""
        if self.lines.speaks:
            yield from self._spaced([Say(line, "opening", Place()) for line in self.frame.opening()])
        elif self.routine.opening == "full":
            start, end = (self.lines.tone(role, Place()) for role in ("start", "end"))
            yield start
            if start.length_ms and end.length_ms:
                yield self._silence("gap", Place())
            yield end

    def _exercise(self, exercise: Exercise, place: Place, first: Sequence[Say]) -> Iterator[Step]:
        """All of an exercise, from what is said `first`."""
        sides = sides_of(exercise)
        announced = [Say(line, "announcement", place) for line in self.frame.announcement(exercise, place)]
        place = replace(place, side=sides[0])
        setup = [Say(line, "setup", place) for line in self._setup(exercise, place)]
        yield from self._spaced([*first, *announced, *setup], exercise)
        for turn, side in enumerate(sides):
            place = replace(place, side=side)
            if turn:
                yield from self._switch(exercise, place)
            yield from self._settle(exercise, place, "switch" if turn else "settle")
            yield from self._sets(exercise, place)
        for line in exercise.release if self.lines.instructs else ():
            yield from self._then(exercise, self.lines.line(line, sides[-1]), "release", place)

    def _setup(self, exercise: Exercise, place: Place) -> Iterator[str]:
        """The way into the position, in the first round; of brief guidance, the side to begin with."""
        if self.lines.instructs:
            if place.round in (None, 1):
                yield from (self.lines.line(line, place.side) for line in exercise.setup)
        elif self.lines.speaks and place.side and len(exercise.sides) > 1:
            yield self.phrases.say("between", "side", side=self.phrases.side(place.side))

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
        sounds: list[Say | Tone] = [Say(line, "closing", place) for line in self.frame.closing() if line]
        finish = self.lines.tone("finish", place)
        if finish.length_ms and (self.routine.closing == "full" or "finish" in self.lines.sounds.files):
            sounds.append(finish)
        sounds += (Say(line, "closing", place) for line in self.frame.after())
        for sound in sounds:
            yield self._silence("gap", place)
            yield sound
        yield self._silence("tail", place)

    # -- lines and silences

    def _spaced(self, lines: Sequence[Say], exercise: Exercise | None = None) -> Iterator[Step]:
        """Lines with a gap before each but the first; what is to stay unsaid is left out."""
        for index, line in enumerate(line for line in lines if line.text):
            if index:
                yield self._silence("gap", line.place, exercise)
            yield line

    def _then(self, exercise: Exercise, line: str, role: str, place: Place) -> Iterator[Step]:
        """A gap and a line; nothing where nobody speaks, or where it is to stay unsaid."""
        if self.lines.speaks and line:
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


def _heard(step: Step) -> Step:
    """A step without the phrases that are to stay unsaid; nothing is asked in place of one."""
    if not isinstance(step, Work):
        return step
    asks = tuple(
        replace(ask, options=tuple(option for option in ask.options if not _is_unsaid(option)))
        for ask in step.asks
        if not _is_unsaid(ask.options[0])
    )
    return replace(step, asks=asks, countdown=tuple(one for one in step.countdown if not _is_unsaid(one)))


def _is_unsaid(sound: Option) -> bool:
    return isinstance(sound, Say) and not sound.text


def _says(step: Step) -> Iterator[Say]:
    match step:
        case Say():
            yield step
        case Work():
            cued = ((cue.at_ms, (cue.sound,)) for cue in step.cues)
            asked = ((ask.at_ms, tuple(_alone(ask.options))) for ask in step.asks)
            inside = (sound for _, sounds in sorted((*cued, *asked), key=itemgetter(0)) for sound in sounds)
            yield from (sound for sound in (*inside, *step.countdown) if isinstance(sound, Say))


def _alone(options: Sequence[Option]) -> Iterator[Say | Tone]:
    """The sounds of options, those of a pair one by one."""
    for option in options:
        yield from option if isinstance(option, tuple) else (option,)


def _names_a_side(text: Text) -> bool:
    return isinstance(text, Sided) or "{side}" in text or "{other_side}" in text
