"""Check every hold and repetition, and rests between exercises: the onsets of tones, as found -> a check."""

from collections.abc import Mapping

from audiogen.audio.pcm import SAMPLES_PER_MS
from audiogen.durations import format_duration
from audiogen.timeline.model import Timeline
from audiogen.verification.report import HOLDS, Check, Finding

_NAMED = {"hold": "the hold", "pace": "the time for repetitions", "rep": "the repetition", "rest": "the rest"}


def check_holds(timeline: Timeline, onsets: Mapping[int, int | None], within_ms: float) -> Check:
    """Check from the onset of a tone to that of the next.

    `onsets` has each by its place in ms: None where it is missing, nothing where it was not measured.
    """
    passed, off, unmeasured, worst_ms = 0, [], [], 0.0
    for event in timeline.events:
        if event.is_tile:
            continue
        what, where = _NAMED[event.kind], timeline.name_of(event.place)
        ends = [onsets.get(at_ms, "none") for at_ms in (event.start_ms, event.end_ms)]
        if "none" in ends:
            unmeasured.append(Finding(event.start_ms, where, f"no tone marks both ends of {what}"))
            continue
        start, end = ends
        if start is None or end is None:
            reason = f"{what} has no tone at its {'start' if start is None else 'end'}"
            off.append(Finding(event.start_ms, where, reason))
            continue
        length_ms = (int(end) - int(start)) / SAMPLES_PER_MS
        over_ms = length_ms - event.length_ms
        if abs(over_ms) <= within_ms:
            passed += 1
            worst_ms = max(worst_ms, abs(over_ms))
        else:
            planned = format_duration(event.length_ms)
            by = f"{abs(over_ms):.2f} ms too {'long' if over_ms > 0 else 'short'}"
            reason = f"{what} of {planned} lasts {length_ms / 1000:.3f} s, {by}"
            off.append(Finding(event.start_ms, where, reason))
    return Check(HOLDS, passed, f"at most {worst_ms:.2f} ms off", tuple(off), tuple(unmeasured))
