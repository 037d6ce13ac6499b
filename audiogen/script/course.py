"""A session's exercises and passages in the order in which they come up, and the exact rests between them.

Routine -> Turns
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from audiogen.routine.model import Announce, Exercise, Group, Passage, Routine
from audiogen.routine.values import Side
from audiogen.script.steps import Place


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of an exercise or passage.

    `begins` says that a round of `rounds` begins with it; `rest_ms` is the exact rest between its work and the next
    turn, None where there is none.
    """

    item: Exercise | Passage
    place: Place
    group: Group
    rounds: int
    begins: bool
    announce: Announce
    rest_ms: int | None = None


def turns_of(routine: Routine) -> tuple[Turn, ...]:
    """Every exercise and passage as often as it comes up."""
    turns = list(_turns(routine))
    return tuple(
        replace(turn, rest_ms=_rest_ms(turn, following) if following else None)
        for turn, following in zip(turns, (*turns[1:], None), strict=True)
    )


def _turns(routine: Routine) -> Iterator[Turn]:
    previous: int | None = None
    for whole in range(1, routine.rounds + 1):
        exercises = passages = 0
        for group in routine.groups:
            left = [one for one in group.exercises if not one.skip]
            rounds = max(group.rounds, routine.rounds)
            announce = routine.announcing(group) if group.rounds > 1 else routine.announce
            places = _places(left, exercises, passages)
            for turn in range(1, group.rounds + 1):
                number = max(turn, whole) if rounds > 1 else None
                for one, place in zip(left, places, strict=True):
                    begins = number is not None and number != previous
                    yield Turn(one, replace(place, round=number), group, rounds, begins, announce)
                    previous = number
            done = sum(isinstance(one, Exercise) for one in left)
            exercises, passages = exercises + done, passages + len(left) - done


def _places(left: list[Exercise | Passage], exercises: int, passages: int) -> list[Place]:
    places = []
    for one in left:
        if isinstance(one, Exercise):
            exercises += 1
            places.append(Place(exercises))
        else:
            passages += 1
            places.append(Place(passage=passages))
    return places


def _rest_ms(turn: Turn, following: Turn) -> int | None:
    """The exact rest between two turns: an exercise's own goes before its group's, between rounds the rounds' own."""
    one, group = turn.item, turn.group
    if isinstance(one, Passage):
        return None
    own_ms = one.rest_ms if one.pieces == 1 else None
    if following.group is not group or (group.rounds == 1 and turn.place.round != following.place.round):
        return own_ms
    if group.every_ms is not None:
        return every_rest_ms(group, one, one.sides[-1] if one.sides and not one.alternate else None, one.sets)
    between_ms = group.rest_ms if own_ms is None else own_ms
    is_next_round = turn.place.round != following.place.round
    return group.round_rest_ms if is_next_round and group.round_rest_ms is not None else between_ms


def every_rest_ms(group: Group, exercise: Exercise, side: Side | None, number: int) -> int:
    """What a group's interval leaves after a piece of work: set `number` on a side."""
    return max(0, (group.every_ms or 0) - exercise.work_ms(side, number))
