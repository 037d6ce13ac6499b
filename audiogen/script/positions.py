"""How far somebody has to move to get into each exercise, by the words of the routine or its `position`.

Turns -> the way before each exercise
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from audiogen.phrases.positions import Position, is_long_way, level_of, position_of
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
        before = _last(turn.item.release, language) or into or before
    return found


def _way(before: Position | None, into: Position | None) -> Way:
    levels = {level_of(one) for one in (before, into) if one}
    if is_long_way(before, into) or levels == {"seat", "down"}:
        return "long"
    return "short" if before and into and len(levels) == 1 else "unknown"


def _into(exercise: Exercise, language: str) -> Position | None:
    return _WRITTEN[exercise.position] if exercise.position else _last(exercise.setup, language)


def _last(lines: Sequence[Text], language: str) -> Position | None:
    """The position that the last of these lines leads to that names one."""
    named = (position_of(words(line, "right"), language) for line in reversed(lines))
    return next((position for position in named if position), None)
