"""What is said and sounded, in order, before anybody knows how long the words take.

    Routine + Wording -> Script

A script is a flat row of steps (`steps`), what happens inside exact stretches of time included (`work`). Nothing here
adds up time across steps; that is `timeline`'s.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from audiogen.phrases import Phrases, load_phrases
from audiogen.routine.model import Exercise, Passage, Routine
from audiogen.routine.pauses import SETTLING, Limits, Way, settling
from audiogen.routine.values import Sided, Text
from audiogen.script.course import Turn, every_rest_ms, turns_of
from audiogen.script.frame import DOSE, Frame, Wording
from audiogen.script.limits import within_limits
from audiogen.script.lines import Lines
from audiogen.script.passages import passage_steps, with_written_pauses
from audiogen.script.positions import ways_of
from audiogen.script.repetitions import reps
from audiogen.script.rests import SET, rest_between, rest_of_sets
from audiogen.script.spoken import heard, says
from audiogen.script.steps import (
    APART_MS,
    TONE_MS,
    Ask,
    Cued,
    Line,
    Mark,
    Option,
    Place,
    Rep,
    Say,
    Silence,
    Step,
    Tone,
    Work,
)
from audiogen.script.work import hold, hold_limits, pieces_of, sides_of

__all__ = [
    "APART_MS",
    "TONE_MS",
    "Ask",
    "Cued",
    "Line",
    "Mark",
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
    passages: tuple[Passage, ...]
    steps: tuple[Step, ...]
    marks: tuple[Mark, ...] = ()
    speed: float = 1.0  # of the words

    def texts(self) -> tuple[str, ...]:
        """Every distinct text that may be spoken, in the order in which it is first needed."""
        said = (say.text for step in self.steps for say in says(step))
        return tuple(dict.fromkeys((*said, *(mark.text for mark in self.marks))))


def write_script(routine: Routine, wording: Wording, own_ms: Mapping[str, int] | None = None) -> Script:
    """Write out a routine as the steps of a session; `own_ms` are the lengths of a user's own tones by role.

    Raises:
        TimelineError: the session is too long or has too many sounds.
    """
    exercises = tuple(exercise for exercise in routine.flat if not exercise.skip)
    phrases = load_phrases(routine.language).with_own(routine.phrases)
    lines = Lines(routine, phrases, own_ms or {})
    frame = Frame(lines, wording, exercises)
    turns = turns_of(routine)
    writer = _Writer(routine, turns, phrases, lines, wording, frame, ways_of(turns, routine.language))
    name = routine.source.stem if routine.source else routine.title
    return Script(
        name=name,
        title=routine.title,
        language=routine.language,
        length_ms=routine.length_ms,
        speed=routine.speed,
        exercises=exercises,
        passages=tuple(one for one in routine.inside if isinstance(one, Passage) and not one.skip),
        steps=tuple(within_limits(with_written_pauses(map(heard, writer.session())), name)),
        marks=tuple(frame.marks()),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    routine: Routine
    turns: tuple[Turn, ...]
    phrases: Phrases
    lines: Lines
    wording: Wording
    frame: Frame
    ways: Mapping[Place, Way]

    # -- the parts of a session, top down

    def session(self) -> Iterator[Step]:
        yield self.lines.silence("lead-in", Place())
        opening = list(self._opening())
        yield from opening
        before: Turn | None = None
        turns = self.turns
        for turn, following in zip(turns, (*turns[1:], None), strict=True):
            if before or opening:
                yield from self._towards(before, turn)
            if isinstance(turn.item, Passage):
                yield from self._passage(turn, turn.item)
            else:
                if before is None or before.rest_ms is None or isinstance(before.item, Passage):
                    yield from self._arrival(turn, turn.item)
                yield from self._work(turn, turn.item, following)
            before = turn
        yield from self._closing()

    def _opening(self) -> Iterator[Step]:
        """The opening words, or the tones to learn where nobody speaks."""
        if self.lines.speaks:
            yield from self._spaced([Say(line, "opening", Place()) for line in self.frame.opening()])
        elif self.routine.opening == "full":
            start, end = (self.lines.tone(role, Place()) for role in ("start", "end"))
            yield start
            if start.length_ms and end.length_ms:
                yield self.lines.silence("gap", Place())
            yield end

    def _towards(self, before: Turn | None, turn: Turn) -> Iterator[Step]:
        """The silence between two turns; none where an exact rest lies there."""
        if before is None:
            yield self.lines.silence("gap", Place())
        elif isinstance(before.item, Passage):
            yield self.lines.silence("paragraph" if isinstance(turn.item, Passage) else "gap", before.place)
        elif before.rest_ms is None:
            yield self.lines.silence("transition", before.place, before.item)

    def _passage(self, turn: Turn, passage: Passage) -> Iterator[Step]:
        for line in self._round(turn):
            yield line
            yield self.lines.silence("gap", turn.place)
        yield from passage_steps(
            self.lines, passage, turn.place, turn.rounds, self.lines.silence("paragraph", turn.place)
        )

    def _arrival(self, turn: Turn, exercise: Exercise) -> Iterator[Step]:
        """What leads to an exercise where no exact rest does."""
        lines = [line for line in self._leading(turn, exercise) if line.options[0].text]
        yield from self._spaced([line.options[0] for line in lines], exercise)
        limits = settling(self.ways[turn.place], dose_lines=sum(line.gives_way == DOSE for line in lines))
        yield from self._settle(exercise, replace(turn.place, side=sides_of(exercise)[0]), "settle", limits)

    def _leading(self, turn: Turn, exercise: Exercise) -> Iterator[Line]:
        """The words that lead to an exercise: round, announcement, set-up, side and dose."""
        yield from (Line((say,)) for say in self._round(turn))
        for forms in self.frame.announcement(exercise, turn.place):
            yield Line(tuple(Say(text, "announcement", turn.place) for text in forms))
        place = replace(turn.place, side=sides_of(exercise)[0])
        setup = exercise.setup if self.lines.instructs and place.round in (None, 1) else ()
        texts = [*(self.lines.line_at(line, exercise, place) for line in setup), *self.frame.side(exercise, setup)]
        yield from (Line((Say(text, "setup", place),)) for text in texts)
        yield from (Line((Say(text, "announcement", place),), DOSE) for text in self.frame.dose(exercise))

    def _round(self, turn: Turn) -> Iterator[Say]:
        if turn.begins:
            for line in self.frame.round(turn.place.round or 0, turn.rounds, turn.announce):
                if line:
                    yield Say(line, "round", turn.place)

    def _work(self, turn: Turn, exercise: Exercise, following: Turn | None) -> Iterator[Step]:
        """All work of an exercise, and what leads out of it."""
        places = pieces_of(exercise, turn.place)
        for place, after in zip(places, (*places[1:], None), strict=True):
            yield reps(self.lines, exercise, place) if exercise.tempo else hold(self.lines, exercise, place)
            if after is not None:
                yield from self._between(turn, exercise, place, after)
        ended = places[-1]
        place = replace(turn.place, side=sides_of(exercise)[-1])
        words = exercise.release if self.lines.instructs else ()
        release = [Say(self.lines.line_at(line, exercise, place), "release", place) for line in words]
        if following is None or turn.rest_ms is None or (isinstance(following.item, Passage) and not turn.rest_ms):
            yield self.lines.tone("end", ended)
            for say in release:
                yield self.lines.silence("gap", place, exercise)
                yield say
        elif turn.rest_ms:
            coming = following.item if isinstance(following.item, Exercise) else None
            leading = list(self._leading(following, coming)) if coming else []
            rest = rest_between(self.lines, turn.rest_ms, ended, release, leading, coming.name if coming else None)
            yield replace(rest, settling_ms=SETTLING[self.ways[following.place]].floor_ms) if coming else rest

    def _between(self, turn: Turn, exercise: Exercise, place: Place, after: Place) -> Iterator[Step]:
        """What lies between two pieces of work: a switch, a rest, or a rest in which the side changes back."""
        group = turn.group
        rest_ms = group.rest_ms if exercise.rest_ms is None else exercise.rest_ms
        if group.every_ms is not None:
            rest_ms = every_rest_ms(group, exercise, place.side, place.set or 1)
        turns = place.side != after.side and not exercise.alternate
        if turns and (place.set == after.set or exercise.order == "sides"):
            other = replace(after, set=None) if exercise.order == "sides" else after
            yield from self._switch(exercise, place, other, rest_ms if group.every_ms is not None else None)
        elif turns and rest_ms:
            lines = [Line((say,)) for say in self._switch_lines(exercise, after)]
            coming = Line((self._coming(exercise, after),), gives_way=SET)
            yield rest_between(self.lines, rest_ms, place, (), [coming, *lines], exercise.name)
        elif rest_ms:
            yield rest_of_sets(self.lines, rest_ms, place, self._coming(exercise, after))

    def _switch(self, exercise: Exercise, place: Place, other: Place, rest_ms: int | None) -> Iterator[Step]:
        """Words that lead to the other side; in an interval, they lie in its rest."""
        lines = self._switch_lines(exercise, other)
        if rest_ms is not None:
            yield rest_between(self.lines, rest_ms, place, (), [Line((say,)) for say in lines], exercise.name)
            return
        yield self.lines.tone("end", place)
        for say in lines:
            yield self.lines.silence("gap", other, exercise)
            yield say
        yield from self._settle(exercise, other, "switch")

    def _switch_lines(self, exercise: Exercise, place: Place) -> list[Say]:
        """Without lines of its own, the set-up lines that name a side serve."""
        if not self.lines.speaks:
            return []
        lines = exercise.switch or tuple(line for line in exercise.setup if _names_a_side(line))
        own = [self.lines.line_at(line, exercise, place) for line in lines if self.lines.instructs]
        return [Say(text, "switch", place) for text in (self.phrases.say("between", "switch"), *own) if text]

    def _settle(
        self, exercise: Exercise, place: Place, kind: Literal["settle", "switch"], limits: Limits | None = None
    ) -> Iterator[Step]:
        if self.lines.instructs and place in self.wording.long_settles and self.lines.sounds.plays("start"):
            yield from self._then(exercise, self.phrases.say("work", "settle"), "settle", place)
        yield self.lines.silence(kind, place, exercise, limits)

    def _coming(self, exercise: Exercise, place: Place) -> Say:
        """The words that announce a set, or the side of a hold where holds change it."""
        number = place.set or 0
        if exercise.holds_alternate:
            text = self.phrases.say("between", "side", side=self.phrases.side(place.side or "right"))
        elif number == exercise.sets:
            text = self.phrases.say("between", "last_set")
        else:
            text = self.phrases.say("between", "set", n=number, count=exercise.sets)
        return Say(text, "rest", place)

    def _closing(self) -> Iterator[Step]:
        place = Place(exercise=None)
        sounds: list[Say | Tone] = [Say(line, "closing", place) for line in self.frame.closing() if line]
        finish = self.lines.tone("finish", place)
        if finish.length_ms and (self.routine.closing == "full" or "finish" in self.lines.sounds.files):
            sounds.append(finish)
        sounds += (Say(line, "closing", place) for line in self.frame.after())
        for sound in sounds:
            yield self.lines.silence("gap", place)
            yield sound
        yield self.lines.silence("tail", place)

    # -- lines and silences

    def _spaced(self, lines: Sequence[Say], exercise: Exercise | None = None) -> Iterator[Step]:
        """Lines with a gap before each but the first; what is to stay unsaid is left out."""
        for index, line in enumerate(line for line in lines if line.text):
            if index:
                yield self.lines.silence("gap", line.place, exercise)
            yield line

    def _then(self, exercise: Exercise, line: str, role: str, place: Place) -> Iterator[Step]:
        """A gap and a line; nothing where nobody speaks, or where it is to stay unsaid."""
        if self.lines.speaks and line:
            yield self.lines.silence("gap", place, exercise)
            yield Say(line, role, place)


def _names_a_side(text: Text) -> bool:
    return isinstance(text, Sided) or "{side}" in text or "{other_side}" in text
