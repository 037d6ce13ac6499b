"""Steps as they are written -> the same steps, up to what one session may hold (`routine.limits`)."""

from collections.abc import Iterator

from audiogen.errors import Problem, TimelineError
from audiogen.routine.limits import LONGEST_SESSION_MS, MOST_SOUNDS
from audiogen.script.steps import Silence, Step, Work
from audiogen.text import counted


def within_limits(steps: Iterator[Step], name: str) -> Iterator[Step]:
    """Pass the steps of a session on; no more is written once there are too many.

    Raises:
        TimelineError: the session is too long or has too many sounds.
    """
    sounds = length_ms = 0
    for step in steps:
        sounds += _sounds(step)
        length_ms += step.length_ms if isinstance(step, Work) else 0
        length_ms += step.limits.default_ms if isinstance(step, Silence) else 0
        if sounds > MOST_SOUNDS:
            raise TimelineError(Problem("script.too-many-sounds", subject=name, expected=f"{MOST_SOUNDS:,}"))
        if length_ms > LONGEST_SESSION_MS:
            longest = counted(LONGEST_SESSION_MS // 3_600_000, "hour")
            raise TimelineError(Problem("script.too-long", subject=name, expected=longest))
        yield step


def _sounds(step: Step) -> int:
    """How many lines, tones and silences a step has, with those that may stand in for others."""
    if not isinstance(step, Work):
        return 1
    certain = len(step.phases) + len(step.cues) + len(step.countdown) + len(step.before) + len(step.after)
    return 1 + certain + sum(len(ask.options) for ask in step.asks)
