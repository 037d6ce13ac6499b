"""What is said and sounded, in order, before anybody knows how long the words take.

    Routine + Wording -> Script

A script is a flat row of steps. Most follow one another: words, tones, silences. A `Work` step is an exact stretch of
time with sounds inside it: some are fixed to its clock, others are wishes that give way (`Ask`). Nothing here adds
up time across steps; that is `timeline`'s.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from audiogen.phrases import Phrases, load_phrases
from audiogen.routine import Cue, Exercise, Phase, Rounds, Routine, Side, Sided, Text, words

__all__ = [
    "TONE_MS",
    "Ask",
    "Cued",
    "Limits",
    "Place",
    "Rep",
    "Say",
    "Script",
    "Silence",
    "Step",
    "Tone",
    "Wording",
    "Work",
    "write_script",
]

T = TypeVar("T")

# The length of each tone. Its sound is made in `sounds`; a hold's clock counts from onset to onset.
TONE_MS = {
    "start": 600,
    "end": 900,
    "finish": 2400,
    "tick": 60,
    "rising": 120,
    "falling": 120,
    "cue": 120,
}

APART_MS = 200  # between any two sounds inside work
PHASE_WORDS_MS = 150  # from the end of a phase's tone to its words
LEAD_IN_MS = 960  # 40 frames of silence that open every session
LONG_REST_MS = 15_000  # from here on a rest is announced, and its end again

HALFWAY_REPS_FROM = 8
TWO_MORE_FROM = 6
LAST_ONE_FROM = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the session a step belongs.

    `exercise` counts from 1 in the session's order; 0 before the first, None after the last. The others count from 1
    and are None where they do not apply.
    """

    exercise: int | None = 0
    side: Side | None = None
    rep: int | None = None
    set: int | None = None
    round: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a silence may be stretched, in ms; all three equal where it may not."""

    floor_ms: int
    usual_ms: int
    ceiling_ms: int

    def with_usual(self, usual_ms: int | None) -> "Limits":
        """The same limits around another usual length; what a user asks for is always within them."""
        if usual_ms is None:
            return self
        return Limits(min(self.floor_ms, usual_ms), usual_ms, max(self.ceiling_ms, usual_ms))


Pause = Literal["lead-in", "gap", "settle", "switch", "transition", "tail"]

LIMITS: dict[Pause, Limits] = {
    "lead-in": Limits(LEAD_IN_MS, LEAD_IN_MS, LEAD_IN_MS),
    "gap": Limits(500, 800, 1500),
    "settle": Limits(3000, 5000, 20_000),
    "switch": Limits(5000, 7000, 15_000),
    "transition": Limits(1000, 3000, 10_000),
    "tail": Limits(1000, 1500, 3000),
}


@dataclass(frozen=True, slots=True)
class Say:
    """Spoken words. `role` says what they are for: opening, announcement, setup, cue, halfway …"""

    text: str
    role: str
    place: Place


@dataclass(frozen=True, slots=True)
class Tone:
    """One of the tones of `TONE_MS`."""

    sound: str
    place: Place


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence between steps; its length is chosen within its limits when the session is fitted."""

    kind: Pause
    limits: Limits
    place: Place


@dataclass(frozen=True, slots=True)
class Cued:
    """A sound at a fixed moment of the work, `at_ms` after its start."""

    at_ms: int
    sound: Say | Tone


@dataclass(frozen=True, slots=True)
class Ask:
    """A standard cue that would like to sound at `at_ms`: the first option that fits does, or none.

    It keeps `after_ms` from the sound before it and 200 ms from the one behind it.
    """

    at_ms: int
    options: tuple[Say | Tone, ...]
    after_ms: int = APART_MS


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition, [start_ms, end_ms) on the clock of its work."""

    start_ms: int
    end_ms: int
    place: Place


@dataclass(frozen=True, slots=True)
class Work:
    """An exact stretch of `length_ms`: a hold, repetitions, or a rest, from the onset of its first tone to the next step's.

    `countdown` holds the numbers spoken at each full second before the end, highest first. `asks` stand in
    falling priority.
    """

    kind: Literal["hold", "rep", "rest"]
    length_ms: int
    tone: Tone
    place: Place
    phases: tuple[Cued, ...] = ()
    cues: tuple[Cued, ...] = ()
    countdown: tuple[Say, ...] = ()
    asks: tuple[Ask, ...] = ()
    reps: tuple[Rep, ...] = ()


Step = Say | Tone | Silence | Work


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words say about lengths that only a timeline knows: settled by a first pass, then frozen.

    `total_ms` is what the opening announces; `long_settles` are the places of those settling times over 10 s, in
    which the voice adds that the tone will start.
    """

    total_ms: int
    long_settles: frozenset[Place] = frozenset()


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

    def title_at(self, place: Place) -> str:
        """A place as messages name it: "3 Double V, right side, set 2"."""
        if not place.exercise:
            return "The opening" if place.exercise == 0 else "The closing"
        parts = [f"{place.exercise} {self.exercises[place.exercise - 1].name}"]
        if place.side:
            parts.append(f"{place.side} side")
        for what, number in (("set", place.set), ("round", place.round), ("repetition", place.rep)):
            if number:
                parts.append(f"{what} {number}")
        return ", ".join(parts)


def write_script(routine: Routine, wording: Wording) -> Script:
    """Write out a routine as the steps of a session."""
    exercises = tuple(exercise for exercise in routine.flat if not exercise.skip)
    writer = _Writer(routine, load_phrases(routine.language), wording, exercises)
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
    wording: Wording
    exercises: tuple[Exercise, ...]

    # -- the parts of a session, top down

    def session(self) -> Iterator[Step]:
        yield self._silence("lead-in", Place())
        yield from self._opening()
        previous = Place()
        for exercise, place, rounds in self._visits():
            yield self._silence("transition" if previous.exercise else "gap", place, exercise)
            if place.round and rounds > 1 and place.round != previous.round:
                yield Say(self.phrases.say("announcement", "round", n=place.round, count=rounds), "round", place)
                yield self._silence("gap", place, exercise)
            yield from self._exercise(exercise, place)
            previous = place
        yield from self._closing()

    def _visits(self) -> Iterator[tuple[Exercise, Place, int]]:
        """Every exercise as often as it comes up, with its place and how many rounds there are."""
        number = 0
        for item in self.routine.exercises:
            group = item.exercises if isinstance(item, Rounds) else (item,)
            left = [exercise for exercise in group if not exercise.skip]
            turns = range(1, item.rounds + 1) if isinstance(item, Rounds) else (None,)
            for turn in turns:
                for offset, exercise in enumerate(left, start=1):
                    yield exercise, Place(exercise=number + offset, round=turn), len(turns)
            number += len(left)

    def _opening(self) -> Iterator[Step]:
        yield from self._lines(self._opening_lines(), "opening", Place())

    def _opening_lines(self) -> Iterator[str]:
        routine, phrases = self.routine, self.phrases
        yield _ended(routine.title)
        total_ms = self.wording.total_ms
        whole_ms = max(1, round(total_ms / 60_000)) * 60_000 if total_ms >= 45_000 else total_ms
        yield phrases.say(
            "opening",
            "summary" if abs(total_ms - whole_ms) < 1000 else "summary_about",
            exercises=phrases.count("exercises", len(self.exercises)),
            length=phrases.duration(whole_ms),
        )
        if routine.equipment:
            yield phrases.say("opening", "equipment", items=phrases.listing(routine.equipment))
        yield from routine.before
        yield from routine.caution
        yield phrases.say("opening", "tones")

    def _exercise(self, exercise: Exercise, place: Place) -> Iterator[Step]:
        yield from self._lines(self._announcement(exercise, place), "announcement", place, exercise)
        sides = exercise.sides or (None,)
        setup = exercise.setup if place.round in (None, 1) else ()
        place = replace(place, side=sides[0])
        for line in setup:
            yield from self._then(exercise, self._line(line, sides[0]), "setup", place)
        for turn, side in enumerate(sides):
            place = replace(place, side=side)
            if turn:
                yield from self._switch(exercise, place)
            yield from self._settle(exercise, place, "switch" if turn else "settle")
            yield from self._sets(exercise, place)
        for line in exercise.release:
            yield from self._then(exercise, self._line(line, sides[-1]), "release", place)

    def _announcement(self, exercise: Exercise, place: Place) -> Iterator[str]:
        phrases = self.phrases
        if place.round in (None, 1):
            yield phrases.say("announcement", "position", n=place.exercise or 0, count=len(self.exercises))
        yield _ended(exercise.name)
        yield self._dose(exercise)
        if exercise.sets > 1:
            yield phrases.say("announcement", "sets", sets=phrases.count("sets", exercise.sets))

    def _dose(self, exercise: Exercise) -> str:
        phrases, sides = self.phrases, exercise.sides
        doses = [self._dose_on(exercise, side) for side in sides or (None,)]
        if exercise.alternate:
            return phrases.say("announcement", "alternating", dose=doses[0])
        if not sides:
            return phrases.say("announcement", "dose", dose=doses[0])
        if len(sides) == 1:
            return phrases.say("announcement", "one_side", dose=doses[0], side=phrases.side(sides[0]))
        if doses[0] == doses[1]:
            return phrases.say("announcement", "each_side", dose=doses[0])
        return phrases.say(
            "announcement",
            "uneven",
            first_side=phrases.side(sides[0]),
            first=doses[0],
            second_side=phrases.side(sides[1]),
            second=doses[1],
        )

    def _dose_on(self, exercise: Exercise, side: Side | None) -> str:
        if exercise.hold_ms is not None:
            return self.phrases.duration(_on(exercise.hold_ms, side))
        return self.phrases.count("repetitions", _on(exercise.reps or 0, side))

    def _switch(self, exercise: Exercise, place: Place) -> Iterator[Step]:
        """Words that lead to the other side; without lines of its own, the setup lines that name a side serve."""
        lines = exercise.switch or tuple(line for line in exercise.setup if _names_a_side(line))
        yield from self._then(exercise, self.phrases.say("between", "switch"), "switch", place)
        for line in lines:
            yield from self._then(exercise, self._line(line, place.side), "switch", place)

    def _settle(self, exercise: Exercise, place: Place, kind: Literal["settle", "switch"]) -> Iterator[Step]:
        if place in self.wording.long_settles:
            yield from self._then(exercise, self.phrases.say("work", "settle"), "settle", place)
        yield self._silence(kind, place, exercise)

    def _sets(self, exercise: Exercise, place: Place) -> Iterator[Step]:
        for number in range(1, exercise.sets + 1):
            here = replace(place, set=number if exercise.sets > 1 else None)
            yield self._hold(exercise, here) if exercise.hold_ms is not None else self._reps(exercise, here)
            if number < exercise.sets:
                yield self._rest(exercise, here)
        yield Tone("end", place if exercise.sets == 1 else replace(place, set=exercise.sets))

    def _closing(self) -> Iterator[Step]:
        place = Place(exercise=None)
        yield self._silence("gap", place)
        yield Say(self.phrases.say("closing", "complete"), "closing", place)
        yield self._silence("gap", place)
        yield Tone("finish", place)
        for line in self.routine.after:
            yield self._silence("gap", place)
            yield Say(line, "closing", place)
        yield self._silence("tail", place)

    # -- work

    def _hold(self, exercise: Exercise, place: Place) -> Work:
        assert exercise.hold_ms is not None  # noqa: S101 - the reader lets nothing else through
        length_ms = _on(exercise.hold_ms, place.side)
        countdown = _own(exercise.countdown, self.routine.countdown)
        return Work(
            kind="hold",
            length_ms=length_ms,
            tone=Tone("start", place),
            place=place,
            cues=tuple(
                Cued(_moment(cue, length_ms), Say(self._line(cue.say, place.side), "cue", place))
                for cue in exercise.cues
            ),
            countdown=tuple(
                Say(self.phrases.say("work", "number", n=number), "countdown", place)
                for number in range(countdown, 0, -1)
            ),
            asks=(*self._halfway(exercise, length_ms, place), *self._remaining(exercise, length_ms, place)),
        )

    def _halfway(self, exercise: Exercise, length_ms: int, place: Place) -> Iterator[Ask]:
        wanted = _own(exercise.halfway, self.routine.halfway)
        if wanted and length_ms >= _own(exercise.halfway_from_ms, self.routine.halfway_from_ms):
            yield Ask(length_ms // 2, (Say(self.phrases.say("work", "halfway"), "halfway", place), Tone("cue", place)))

    def _remaining(self, exercise: Exercise, length_ms: int, place: Place) -> Iterator[Ask]:
        every_ms = _own(exercise.remaining_ms, self.routine.remaining_ms)
        if not every_ms:
            return
        halfway_ms = [ask.at_ms for ask in self._halfway(exercise, length_ms, place)]
        countdown_ms = 1000 * (_own(exercise.countdown, self.routine.countdown) + 2)
        for left_ms in range(every_ms, length_ms, every_ms):
            at_ms = length_ms - left_ms
            # "Halfway" and the first words of a hold already tell how much is left.
            if left_ms <= countdown_ms or at_ms < 5000 or any(abs(at_ms - half) < 3000 for half in halfway_ms):
                continue
            duration = self.phrases.duration(left_ms)
            yield Ask(
                at_ms,
                (
                    Say(self.phrases.say("work", "remaining", duration=duration), "remaining", place),
                    Say(self.phrases.say("work", "remaining_short", n=left_ms // 1000), "remaining", place),
                    Tone("cue", place),
                ),
            )

    def _reps(self, exercise: Exercise, place: Place) -> Work:
        total = _on(exercise.reps or 0, place.side)
        cycle_ms = sum(phase.for_ms for phase in exercise.tempo)
        reps = tuple(
            Rep(number * cycle_ms, (number + 1) * cycle_ms, self._rep_place(exercise, place, number + 1))
            for number in range(total)
        )
        phases = [(rep, *phase) for rep in reps for phase in _phases(rep, exercise.tempo)]
        return Work(
            kind="rep",
            length_ms=total * cycle_ms,
            tone=Tone("start", place),
            place=place,
            # The very first phase begins with the start tone itself.
            phases=tuple(Cued(at_ms, Tone(tone, rep.place)) for rep, _, _, at_ms, tone in phases[1:]),
            cues=tuple(
                Cued(_moment(cue, total * cycle_ms), Say(self._line(cue.say, place.side), "cue", place))
                for cue in exercise.cues
            ),
            asks=tuple(
                Ask(at_ms + TONE_MS[tone if at_ms else "start"] + PHASE_WORDS_MS, options, PHASE_WORDS_MS)
                for rep, index, phase, at_ms, tone in phases
                if (options := self._phase_words(exercise, rep, index, phase, total))
            ),
            reps=reps,
        )

    def _rep_place(self, exercise: Exercise, place: Place, number: int) -> Place:
        if not exercise.alternate:
            return replace(place, rep=number)
        return replace(place, rep=number, side="right" if number % 2 else "left")

    def _phase_words(
        self, exercise: Exercise, rep: Rep, index: int, phase: Phase, total: int
    ) -> tuple[Say, ...]:
        """What is said in one phase, the longest first; nothing from the fourth repetition on."""
        number, place = rep.place.rep or 0, rep.place
        if index == 0 and (special := self._rep_words(number, total)):
            return tuple(Say(text, "count", place) for text in special)
        full, short = (
            self._line(text, place.side) if text is not None else None for text in (phase.say, phase.short_words)
        )
        texts = [text for text in ((full, short) if number <= 2 else (short,) if number == 3 else ()) if text]
        if index == 0 and exercise.count:
            counted = self.phrases.say("work", "number", n=number)
            texts = [*(f"{counted} {text}" for text in texts), counted]
        role = "count" if index == 0 and exercise.count else "phase"
        return tuple(Say(text, role, place) for text in dict.fromkeys(texts))

    def _rep_words(self, number: int, total: int) -> tuple[str, ...]:
        if total >= LAST_ONE_FROM and number == total:
            return (self.phrases.say("work", "last"),)
        if total >= TWO_MORE_FROM and number == total - 1:
            return (self.phrases.say("work", "more", n=2),)
        if total >= HALFWAY_REPS_FROM and number == total // 2 + 1:
            left = total - total // 2
            return (self.phrases.say("work", "halfway_more", n=left), self.phrases.say("work", "halfway"))
        return ()

    def _rest(self, exercise: Exercise, place: Place) -> Work:
        assert exercise.rest_ms is not None and place.set is not None  # noqa: S101 - sets need a rest
        following = place.set + 1
        last = following == exercise.sets
        phrases = self.phrases
        coming = Say(
            phrases.say("between", "last_set")
            if last
            else phrases.say("between", "set", n=following, count=exercise.sets),
            "rest",
            replace(place, set=following),
        )
        after_bell_ms = TONE_MS["end"] + APART_MS
        if exercise.rest_ms < LONG_REST_MS:
            asks = [Ask(after_bell_ms, (coming,))]
        else:
            rest = Say(phrases.say("between", "rest", duration=phrases.duration(exercise.rest_ms)), "rest", place)
            asks = [Ask(exercise.rest_ms - 6000, (coming,)), Ask(after_bell_ms, (rest,))]
        return Work("rest", exercise.rest_ms, Tone("end", place), place, asks=tuple(asks))

    # -- lines and silences

    def _lines(
        self, lines: Iterator[str], role: str, place: Place, exercise: Exercise | None = None
    ) -> Iterator[Step]:
        """Lines with a gap between each two."""
        for index, line in enumerate(lines):
            if index:
                yield self._silence("gap", place, exercise)
            yield Say(line, role, place)

    def _then(self, exercise: Exercise, line: str, role: str, place: Place) -> Iterator[Step]:
        """A gap and a line."""
        yield self._silence("gap", place, exercise)
        yield Say(line, role, place)

    def _line(self, text: Text, side: Side | None) -> str:
        """A line for a side, its {side} and {other_side} filled."""
        side = side or "right"  # alternating work begins on the right
        other: Side = "left" if side == "right" else "right"
        line = words(text, side)
        return line.replace("{side}", self.phrases.side(side)).replace("{other_side}", self.phrases.side(other))

    def _silence(self, kind: Pause, place: Place, exercise: Exercise | None = None) -> Silence:
        limits = LIMITS[kind]
        key = f"{'switching' if kind == 'switch' else kind}_ms"
        for source in (self.routine, exercise):
            limits = limits.with_usual(getattr(source, key, None))
        return Silence(kind, limits, place)


def _says(step: Step) -> Iterator[Say]:
    match step:
        case Say():
            yield step
        case Work():
            inside: list[tuple[int, Sequence[Say | Tone]]] = [
                *((cued.at_ms, (cued.sound,)) for cued in step.cues),
                *((ask.at_ms, ask.options) for ask in step.asks),
            ]
            for _, sounds in sorted(inside, key=lambda timed: timed[0]):
                yield from (sound for sound in sounds if isinstance(sound, Say))
            yield from step.countdown


def _phases(rep: Rep, tempo: Sequence[Phase]) -> Iterator[tuple[int, Phase, int, str]]:
    """The phases of a repetition: index, phase, its start on the work's clock in ms, its tone."""
    at_ms = rep.start_ms
    for index, phase in enumerate(tempo):
        yield index, phase, at_ms, phase.tone or ("falling" if index % 2 else "rising")
        at_ms += phase.for_ms


def _moment(cue: Cue, length_ms: int) -> int:
    """When a written cue sounds, in ms from the start of its work; 0 means right after the start tone."""
    match cue.at.kind:
        case "start":
            at_ms = int(cue.at.value)
        case "end":
            at_ms = length_ms - int(cue.at.value)
        case "share":
            at_ms = round(length_ms * cue.at.value)
    return at_ms or TONE_MS["start"] + APART_MS


def _on(value: "int | Sided[int]", side: Side | None) -> int:
    """A dose for a side; an even dose is the same for both."""
    return value if isinstance(value, int) else value.on(side or "right")


def _own(own: T | None, usual: T) -> T:
    """An exercise's own setting, or the routine's."""
    return usual if own is None else own


def _names_a_side(text: Text) -> bool:
    return isinstance(text, Sided) or bool(re.search(r"\{(other_)?side\}", text))


def _ended(text: str) -> str:
    """A title or name as a sentence, so that the voice lets it fall."""
    return text if text[-1:] in ".!?…。！？" else f"{text}."
