"""Why a length cannot be met, and the ways out.

Script + the lengths that it can have -> Problem
"""

import math
from collections.abc import Iterator, Mapping

from audiogen.durations import format_clock
from audiogen.errors import Problem, Remedy
from audiogen.routine.values import FASTEST
from audiogen.script import Say, Script, Silence, Work
from audiogen.script.work import LONGEST_HOLD_MS

_MINUTES_BELOW = 60  # seconds; more would not be written as a bare number
_MOST_REPS = 500
_MOST_FASTER = 1.2  # words that are sped up by more sound hurried


def unmet(
    script: Script,
    lengths_ms: Mapping[str, int],
    wanted_ms: int,
    reach_ms: tuple[int, int],
    default_ms: int,
    *,
    stretches: bool,
) -> Problem:
    """Explain a length outside of `reach_ms`; by default the session lasts `default_ms`, and its texts `lengths_ms`.

    `stretches` says that holds are stretched already, as far as they may.
    """
    least_ms, most_ms = reach_ms
    too_short = wanted_ms < least_ms
    return Problem(
        "timeline.length-unmet",
        subject=script.name,
        expected=f"{format_clock(least_ms + 999)} to {format_clock(most_ms)}",
        found=format_clock(wanted_ms),
        remedies=(
            *_faster(script, lengths_ms, wanted_ms, default_ms),
            *_ways(script, wanted_ms, default_ms, too_short=too_short, stretches=stretches),
        ),
    )


def _faster(script: Script, lengths_ms: Mapping[str, int], wanted_ms: int, default_ms: int) -> Iterator[Remedy]:
    """The speed at which the words would leave the session its length, where a little more of it is enough."""
    silences = [step.limits for step in script.steps if isinstance(step, Silence)]
    least_ms = default_ms - sum(limits.default_ms - limits.floor_ms for limits in silences)
    words_ms = sum(lengths_ms[step.text] for step in script.steps if isinstance(step, Say))
    if 0 < least_ms - wanted_ms < words_ms * (1 - 1 / _MOST_FASTER):
        speed = math.ceil(100 * script.speed * words_ms / (words_ms - least_ms + wanted_ms)) / 100
        if speed <= FASTEST:
            yield Remedy("faster-words", "speed", f"{speed:g}")


def _ways(script: Script, wanted_ms: int, default_ms: int, *, too_short: bool, stretches: bool) -> Iterator[Remedy]:
    works = [step for step in script.steps if isinstance(step, Work) and step.kind != "rest"]
    holds = [work for work in works if work.kind == "hold"]
    seconds, odd_ms = divmod(wanted_ms, 1000)
    meant_ms = 60 * wanted_ms
    if too_short and seconds < _MINUTES_BELOW and not odd_ms and default_ms <= 3 * meant_ms <= 9 * default_ms:
        yield Remedy("minutes-meant", "length", f"{seconds}m")
    if holds:
        setting = () if stretches else ("stretch", "holds")
        yield Remedy("shorten-holds" if too_short else "lengthen-holds", *setting)
        if not too_short and any(_stays(hold) for hold in holds):
            yield Remedy("raise-max")
    elif works and (reps := _nearest_reps(works, wanted_ms - default_ms)):
        yield Remedy("other-repetitions", "reps", str(reps))
    if too_short and len(script.exercises) > 1:
        half = len(script.exercises) // 2
        yield Remedy("leave-some-out", "only", "1" if half == 1 else f"1-{half}")
    yield Remedy("no-length", "length", "none")


def _stays(hold: Work) -> bool:
    """Whether a hold is so long that it does not grow, unless it says how far it may."""
    return hold.length_ms >= LONGEST_HOLD_MS and hold.most_ms in (None, hold.length_ms)


def _nearest_reps(works: list[Work], missing_ms: int) -> int | None:
    """How many repetitions everywhere come nearest to a session that is so much longer; None: as many as now."""
    each_ms = sum(work.length_ms // len(work.reps) for work in works if work.reps)
    now_ms = sum(work.length_ms for work in works if work.reps)
    if not each_ms:
        return None
    reps = min(max(1, round((now_ms + missing_ms) / each_ms)), _MOST_REPS)
    return None if all(len(work.reps) == reps for work in works) else reps
