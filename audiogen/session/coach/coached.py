"""A session as the rules see it: its texts, its plan, and the words of its language.

Routine + Plan -> Coached
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from audiogen.errors import Notice
from audiogen.phrases import Phrases, load_phrases
from audiogen.phrases.positions import Position, position_of
from audiogen.routine.model import Exercise, Routine
from audiogen.routine.parts import words
from audiogen.routine.values import Side, Text
from audiogen.script.lines import Lines
from audiogen.session.coach.lines import Keys, Line, lines_of
from audiogen.session.coach.vocabulary import Vocabulary, vocabulary
from audiogen.timeline.compose import Plan
from audiogen.timeline.events import Event


class Finding(NamedTuple):
    """What a rule found: under which keys, at which words of the text there, and the notice that says so."""

    keys: Keys
    at: str
    notice: Notice


@dataclass(frozen=True)  # without slots, since what is read is cached
class Coached:
    """A routine and its plan."""

    routine: Routine
    plan: Plan

    @cached_property
    def phrases(self) -> Phrases:
        return load_phrases(self.routine.language)

    @cached_property
    def words(self) -> Vocabulary:
        return vocabulary(self.routine.language)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return lines_of(self.routine)

    @cached_property
    def filling(self) -> Lines:
        """What fills in placeholders as the session does."""
        return Lines(self.plan.routine, self.phrases)

    @cached_property
    def settles(self) -> Mapping[int, Event]:
        """The times to get into position, by their ends."""
        return {event.end_ms: event for event in self.plan.timeline.events if event.role == "settle"}

    def position_of(self, text: str) -> Position | None:
        return position_of(text, self.routine.language)

    def position_in(self, texts: tuple[Text, ...], side: Side | None = None) -> Position | None:
        """The last position that these lines name."""
        named = [position for text in texts if (position := self.position_of(words(text, side)))]
        return named[-1] if named else None

    def position_after(self, exercise: Exercise) -> Position | None:
        """The position in which an exercise leaves its listener, as far as its lines say; None if they do not."""
        released = self.position_in(exercise.release)
        if released or not exercise.release:
            return released or self.position_in(exercise.setup)
        stays = self.words.expressions("up") and not any(
            self.words.find("up", words(text, None)) for text in exercise.release
        )
        return self.position_in(exercise.setup) if stays else None
