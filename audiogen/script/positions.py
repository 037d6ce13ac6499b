"""How far somebody has to move to get into each exercise, by the words of the routine or its `position`.

Turns -> the way before each exercise
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from audiogen.phrases.positions import Position, level_of, position_of
from audiogen.routine.model import Exercise, Passage
from audiogen.routine.parts import words
from audiogen.routine.pauses import Way
from audiogen.routine.values import Text
from audiogen.script.course import Turn
from audiogen.script.steps import Place

AT_FIRST: Position = "standing"  # whoever pressed play
_WRITTEN: Mapping[Literal["lying", "seated", "kneeling", "standing"], Position] = {
    "lying": "lying",
    "seated": "sitting",
    "kneeling": "kneeling",
    "standing": "standing",
}


def ways_of(turns: Sequence[Turn], language: str) -> dict[Place, Way]:
    """The way into each turn of an exercise, by its place."""
    found: dict[Place, Way] = {}
    before: Position | None = AT_FIRST
    for turn in turns:
        if isinstance(turn.item, Passage):
            before = None
            continue
        into = _into(turn.item, language)
        found[turn.place] = _way(before, into)
        known = before if len(found) > 1 else None
        before = _last(turn.item.release, language) or into or known
    return found


def _way(before: Position | None, into: Position | None) -> Way:
    """Whether somebody has to get up or down; from or to a seat too, since it may be the floor."""
    if before is None or into is None:
        return "unknown"
    return "short" if level_of(before) == level_of(into) else "long"


def _into(exercise: Exercise, language: str) -> Position | None:
    return _WRITTEN[exercise.position] if exercise.position else _last(exercise.setup, language)


def _last(lines: Sequence[Text], language: str) -> Position | None:
    """The position that the last of these lines leads to that names one."""
    named = (position_of(words(line, "right"), language) for line in reversed(lines))
    return next((position for position in named if position), None)
