"""What belongs inside holds; `repetitions` and `rests` have what belongs inside those.

    Exercise + place -> Work

Every text is filled in already or is filled by `Lines`; moments count from the start of the work. What does not fit is
for `timeline.conflicts` to decide, once it is known how long the words take.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from audiogen.routine.amounts import amount_on
from audiogen.routine.model import Exercise
from audiogen.routine.values import Side
from audiogen.script.cues import written_cues
from audiogen.script.lines import Lines
from audiogen.script.steps import Ask, Place, Say, Tone, Work

SHORTEST_HOLD_MS = 5000  # when a length stretches holds and the routine sets no bounds of its own
LONGEST_HOLD_MS = 300_000

SETTLED_MS = 5000  # before this, nobody asks how much is left
SAME_MOMENT_MS = 3000  # "Halfway" says how much is left to cues this near to it


def sides_of(exercise: Exercise) -> tuple[Side | None, ...]:
    """The sides that are worked one after the other; alternating work has its sides in its repetitions."""
    return exercise.sides if exercise.sides and not exercise.alternate else (None,)


def pieces_of(exercise: Exercise, place: Place) -> tuple[Place, ...]:
    """The places of all pieces of work of an exercise, in order: its sets on each side, or holds that change the side.

    A piece of repetitions that change the side has both.
    """
    sides, numbers = sides_of(exercise), range(1, exercise.sets + 1)
    if exercise.holds_alternate:
        right_left: tuple[Side, Side] = ("right", "left")
        return tuple(replace(place, side=right_left[n % 2], rep=n + 1) for n in range(exercise.pieces))
    pairs = product(sides, numbers) if exercise.order == "sides" else ((side, n) for n in numbers for side in sides)
    return tuple(replace(place, side=side, set=n if exercise.sets > 1 else None) for side, n in pairs)


# -- holds


def hold(lines: Lines, exercise: Exercise, place: Place) -> Work:
    """A hold, or repetitions at one's own pace, with the written cues, the countdown and the standard cues."""
    length_ms = exercise.work_ms(place.side, place.set or 1)
    amount = None if exercise.hold_ms is not None else str(amount_on(exercise.reps, place.side, place.set or 1))
    stretches = lines.routine.stretch == "holds" and not exercise.fixed and amount is None
    limits = hold_limits(exercise, length_ms) if stretches else None
    return Work(
        kind="hold" if amount is None else "pace",
        amount=amount,
        length_ms=length_ms,
        tone=lines.tone("start", place),
        place=place,
        cues=written_cues(lines, exercise, length_ms, place),
        countdown=tuple(_countdown(lines, lines.countdown(exercise), place)),
        tick=next(iter(lines.tones("tick", place)), None),
        asks=(*_halfway(lines, exercise, length_ms, place), *_remaining(lines, exercise, length_ms, place)),
        least_ms=limits[0] if limits else None,
        most_ms=limits[1] if limits else None,
        waits=lines.routine.speed < 1,
    )


def _countdown(lines: Lines, numbers: int, place: Place) -> Iterator[Say | Tone]:
    for number in range(numbers, 0, -1):
        if lines.speaks:
            yield Say(lines.phrases.counted(number), "countdown", place)
        else:
            yield from lines.tones("tick", place)


def hold_limits(exercise: Exercise, length_ms: int) -> tuple[int, int]:
    """The shortest and the longest that a hold of this length may become, in ms."""
    least_ms = min(length_ms, SHORTEST_HOLD_MS) if exercise.min_ms is None else exercise.min_ms
    most_ms = max(2 * length_ms, LONGEST_HOLD_MS) if exercise.max_ms is None else exercise.max_ms
    return min(least_ms, length_ms), max(most_ms, length_ms)


def _halfway(lines: Lines, exercise: Exercise, length_ms: int, place: Place) -> Iterator[Ask]:
    if lines.says_halfway(exercise, length_ms):
        words = (Say(lines.phrases.say("work", "halfway"), "halfway", place),) if lines.speaks else ()
        yield from _asked(length_ms // 2, (*words, *lines.tones("cue", place)))


def _remaining(lines: Lines, exercise: Exercise, length_ms: int, place: Place) -> Iterator[Ask]:
    """The time left in a hold of twice that and more, but not where "Halfway" or the countdown says it already."""
    every_ms = lines.remaining_ms(exercise)
    countdown_ms = 1000 * (lines.countdown(exercise) + 2)
    halves_ms = [length_ms // 2] if lines.says_halfway(exercise, length_ms) else []
    for left_ms in range(every_ms, length_ms, every_ms) if 0 < every_ms <= length_ms // 2 else ():
        at_ms = length_ms - left_ms
        if left_ms <= countdown_ms or at_ms < SETTLED_MS or any(abs(at_ms - h) < SAME_MOMENT_MS for h in halves_ms):
            continue
        texts = (
            lines.phrases.say("work", "remaining", duration=lines.phrases.duration(left_ms)),
            lines.phrases.counted(left_ms // 1000),
        )
        words = tuple(Say(text, "remaining", place) for text in texts) if lines.speaks else ()
        yield from _asked(at_ms, (*words, *lines.tones("cue", place)))


def _asked(at_ms: int, options: tuple[Say | Tone, ...]) -> Iterator[Ask]:
    if options:
        yield Ask(at_ms, options)
