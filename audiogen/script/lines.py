"""What a routine's texts and settings come to in an exercise.

Routine + Phrases -> lines, tones and settings by exercise
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from audiogen.phrases import Phrases
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.parts import words
from audiogen.routine.pauses import LIMITS, Limits, Pause
from audiogen.routine.sounds import Sounds
from audiogen.routine.values import Side, Text, Words
from audiogen.script.steps import Place, Silence, Tone

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lines:
    """What a routine's texts and settings come to in an exercise; `own_ms` are the lengths of a user's own tones.

    `sounds` tells which tones sound.
    """

    routine: Routine
    phrases: Phrases
    own_ms: Mapping[str, int] = field(default_factory=dict)
    sounds: Sounds = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sounds", self.routine.all_sounds)  # once: it goes through the whole routine

    @property
    def speaks(self) -> bool:
        """Whether there is a voice at all."""
        return self.routine.guidance != "tones"

    @property
    def instructs(self) -> bool:
        """Whether the routine's own words are spoken, and not only names, sides and times."""
        return self.routine.guidance == "full"

    def tone(self, role: str, place: Place) -> Tone:
        """The tone of a role as this session has it; one that is off lasts no time."""
        own_ms = 0 if role in self.sounds.off else self.own_ms.get(role)
        return Tone(role, place, own_ms, not self.sounds.plays(role))

    def tones(self, role: str, place: Place) -> tuple[Tone, ...]:
        """The tone of a role where it is only there to be heard: none where it is silent."""
        return (self.tone(role, place),) if self.sounds.plays(role) else ()

    def silence(
        self, kind: Pause, place: Place, exercise: Exercise | None = None, limits: Limits | None = None
    ) -> Silence:
        """A silence within limits, by default those of its kind; an exercise or the routine may set its length."""
        key = f"{'switching' if kind == 'switch' else kind}_ms"
        limits = limits or LIMITS[kind]
        for source in (self.routine, exercise):
            if (own_ms := getattr(source, key, None)) is not None:
                limits = limits.with_default(own_ms)
        if kind in ("settle", "switch", "transition"):
            limits = limits.with_default(round(limits.default_ms * self.routine.pauses))
        return Silence(kind, limits, place)

    def line(self, text: Text, side: Side | None) -> str:
        """A line for a side, its {side} and {other_side} filled; alternating work begins on the right."""
        here: Side = side or "right"
        other: Side = "left" if here == "right" else "right"
        sides = {"{side}": self.phrases.side(here), "{other_side}": self.phrases.side(other)}
        return re.sub(r"\{(?:other_)?side\}", lambda match: sides[match[0]], words(text, here))

    def line_at(self, text: Text, exercise: Exercise, place: Place) -> str:
        """A line for a place in an exercise: for its side, and with the numbers of set, round and repetition."""
        numbers = {"set": place.set or 1, "sets": exercise.sets, "round": place.round or 1, "rep": place.rep or 1}

        def number(match: re.Match[str]) -> str:
            return self.phrases.in_sentence(self.rounds_of(exercise) if match[1] == "rounds" else numbers[match[1]])

        return re.sub(r"\{(sets?|rounds?|rep)\}", number, self.line(text, place.side))

    def rounds_of(self, exercise: Exercise) -> int:
        """How many times an exercise comes up."""
        inner = (
            group.rounds for group in self.routine.groups if any(one.slug == exercise.slug for one in group.exercises)
        )
        return max(self.routine.rounds, *inner, 1)

    def role_of(self, sound: str) -> str:
        """What the timeline calls a sound of a cue or passage: its role, or the name of its file."""
        return self.routine.sound_names.get(sound, sound)

    def countdown(self, exercise: Exercise) -> int:
        """How many of a hold's last seconds are counted."""
        return _own(exercise.countdown, self.routine.countdown)

    def says_halfway(self, exercise: Exercise, length_ms: int) -> bool:
        """Whether a hold of this length is long enough for its halfway point to be announced."""
        return self.wants_halfway(exercise) and length_ms >= _own(
            exercise.halfway_from_ms, self.routine.halfway_from_ms
        )

    def wants_halfway(self, exercise: Exercise) -> bool:
        """Whether halfway is announced at all."""
        return _own(exercise.halfway, self.routine.halfway)

    def words_of(self, exercise: Exercise) -> Words:
        """For how long the words of phases are spoken."""
        return _own(exercise.words, self.routine.words)

    def remaining_ms(self, exercise: Exercise) -> int:
        """Every how many ms the time left is announced; 0 for never."""
        return _own(exercise.remaining_ms, self.routine.remaining_ms) or 0


def _own(own: T | None, default: T) -> T:
    """An exercise's own setting, or the routine's."""
    return default if own is None else own
