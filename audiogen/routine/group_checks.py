"""What the rests and intervals of a routine leave no room for: a routine or group -> keys that do not go together.

Only what no length of speech could change; the timeline finds out whether words fit into their rests.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from audiogen.durations import format_duration
from audiogen.errors import Problem
from audiogen.routine.clash import Clash
from audiogen.routine.model import Exercise, Group, Passage, Routine
from audiogen.routine.pauses import SHORTEST_REST_MS
from audiogen.routine.prose import Paragraph, Pause, Sounded
from audiogen.routine.validation import Steps
from audiogen.text import shown

_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_ROUNDS = ("{round}", "{rounds}")


def of_group(group: Group, *, rounds_broken: bool = False) -> Iterator[Clash]:
    """Check the keys of a group."""
    if group.every_ms is not None:
        for key, other in (("rest", group.rest_ms), ("round_rest", group.round_rest_ms)):
            if other is not None:
                yield Clash((("every",), (key,)), Problem("routine.every-and-rest", subject=key))
        if any(isinstance(one, Passage) for one in group.exercises):
            yield Clash((("every",),), Problem("routine.every-with-passage"))
        for problem in over_interval(group):
            yield Clash((("every",),), problem)
    if any(_turns_back(one) for one in group.exercises) and group.rest_ms == 0:
        yield Clash((("rest",),), Problem("routine.order-in-no-rest"))
    if group.round_rest_ms is not None and group.rounds == 1 and not rounds_broken:
        yield Clash((("round_rest",),), Problem("routine.round-rest-without-rounds"))


def _turns_back(one: Exercise | Passage) -> bool:
    """Whether an exercise changes back to its first side in the rest of its group."""
    return isinstance(one, Exercise) and not one.skip and one.order == "sets" and one.sets > 1 and one.rest_ms is None


def over_interval(group: Group) -> Iterator[Problem]:
    """What leaves no rest in the interval of its group."""
    for one in group.exercises:
        if isinstance(one, Exercise) and not one.skip and group.every_ms is not None:
            sides = (None,) if one.alternate or not one.sides else one.sides
            longest_ms = max(one.work_ms(side, number) for side in sides for number in range(1, one.sets + 1))
            over_ms = longest_ms + SHORTEST_REST_MS - group.every_ms
            if over_ms > 0:
                every, missing = format_duration(group.every_ms), format_duration(over_ms)
                yield Problem("routine.every-too-short", subject=one.name, expected=every, found=missing)


def of_exercise(exercise: Exercise, *, rests: bool) -> Iterator[Clash]:
    """Check for a transition where an exact rest lies; `rests` says that its group has one for all."""
    if exercise.transition_ms is not None and (rests or (exercise.rest_ms is not None and exercise.pieces == 1)):
        yield Clash((("transition",), ("rest",)), Problem("routine.transition-and-rest"))


def of_passages(routine: Routine) -> Iterator[Clash]:
    """Check the braces of passages' words; a round can be counted only where there are rounds."""
    for path, passage in _passages(routine):
        item = routine.exercises[int(path[1])]
        rounds = max(routine.rounds, item.rounds if isinstance(item, Group) else 1)
        yield from _passage(passage, path, rounds=rounds)


def _passage(passage: Passage, path: tuple[str | int, ...], *, rounds: int) -> Iterator[Clash]:
    for part in passage.say:
        for match in _BRACES.finditer(part) if isinstance(part, str) else ():
            if match[0] not in _ROUNDS:
                yield Clash(((*path, "say"),), Problem("routine.braces-in-passage", found=shown(match[0])))
            elif rounds == 1:
                yield Clash(((*path, "say"),), Problem("routine.passage-without-rounds", subject=match[0]))


def of_tones(routine: Routine) -> Iterator[Clash]:
    """Check that there is something to hear where nobody speaks: of each passage, and at all."""
    if routine.guidance != "tones":
        return
    passages = [(path, one) for path, one in _passages(routine) if not one.skip]
    for path, passage in passages:
        if all(isinstance(part, str | Paragraph) for part in passage.say):
            yield Clash(((*path, "say"), ("guidance",)), Problem("routine.wordless-passage"))
    exercises = any(not one.skip for one in routine.flat)
    sounds = any(isinstance(part, Sounded) for _, passage in passages for part in passage.say)
    if passages and not exercises and not sounds and any(Pause in map(type, one.say) for _, one in passages):
        yield Clash((("guidance",),), Problem("routine.nothing-sounds"))


def _passages(routine: Routine) -> Iterator[tuple[tuple[str | int, ...], Passage]]:
    for at, item in enumerate(routine.exercises):
        for n, one in enumerate(item.exercises) if isinstance(item, Group) else [(None, item)]:
            if isinstance(one, Passage):
                yield ("exercises", at) if n is None else ("exercises", at, "exercises", n), one


def of_rests(routine: Routine) -> Iterator[Clash]:
    """Check the rests of 0s: nothing can be said in one."""
    for above, one, following, rest_ms, is_next_round in _neighbours(routine):
        if rest_ms != 0:
            continue
        if one.item.release:
            yield Clash(((*above, *one.path, "release"),), Problem("routine.unsaid-in-no-rest", subject="release"))
        if following.item.setup and not is_next_round:
            yield Clash(((*above, *following.path, "setup"),), Problem("routine.unsaid-in-no-rest", subject="setup"))


@dataclass(frozen=True, slots=True)
class _At:
    """An exercise and its path."""

    path: Steps
    item: Exercise


def _neighbours(routine: Routine) -> Iterator[tuple[Steps, _At, _At, int | None, bool]]:
    """Each two exercises that follow one another, and the rest between them as far as it is written."""
    before: tuple[Steps, Exercise] | None = None
    for at, item in enumerate(routine.exercises):
        inside = item.exercises if isinstance(item, Group) else (item,)
        paths: list[Steps] = [("exercises", n) for n in range(len(inside))] if isinstance(item, Group) else [()]
        left = [(path, one) for path, one in zip(paths, inside, strict=True) if not one.skip]
        whole = [_At(path, one) for path, one in left if isinstance(one, Exercise)]
        if before and left and isinstance(left[0][1], Exercise):
            path, one = before
            yield (), _At(path, one), _At(("exercises", at, *left[0][0]), left[0][1]), _own_ms(one), False
        if isinstance(item, Group) and len(whole) == len(left):
            yield from _in_group(item, ("exercises", at), whole)
        last = left[-1] if left else None
        before = (("exercises", at, *last[0]), last[1]) if last and isinstance(last[1], Exercise) else None


def _in_group(group: Group, above: Steps, whole: list[_At]) -> Iterator[tuple[Steps, _At, _At, int | None, bool]]:
    for one, following in pairwise(whole):
        yield above, one, following, _between_ms(group, one.item), False
    if group.rounds > 1 and whole:
        rest_ms = _between_ms(group, whole[-1].item) if group.round_rest_ms is None else group.round_rest_ms
        yield above, whole[-1], whole[0], rest_ms, True


def _between_ms(group: Group, exercise: Exercise) -> int | None:
    own_ms = _own_ms(exercise)
    return group.rest_ms if own_ms is None else own_ms


def _own_ms(exercise: Exercise) -> int | None:
    return exercise.rest_ms if exercise.pieces == 1 else None
