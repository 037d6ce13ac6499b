"""The session to scale, as the page draws it: one lane as wide as the page, and one for each exercise.

    Timeline -> SVG elements

Places are percentages, so the drawing fits any width without a script; colours are classes of the style sheet.
"""

from collections.abc import Iterable, Sequence

from audiogen.durations import format_clock
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.timeline.visits import Set, Visit
from audiogen.views.picture.palette import COLOURS
from audiogen.views.picture.scale import scale_step_ms

HOLD_Y, HOLD_HIGH = 22, 36
SPEECH_HIGH = 10
TONE_Y = HOLD_Y + HOLD_HIGH + 6
MOST_MARKS = 8
NUMBER_SHARE = 0.02  # of the width: two numbers nearer than this would touch


def lane_of_session(timeline: Timeline) -> str:
    """The whole session: exercise numbers, the lane, its tones, and a clock."""
    scale = _Scale(0, timeline.length_ms)
    parts = [*_numbers(timeline.visits, scale), *_lane(timeline.sounds(), timeline.sets, scale)]
    parts += [
        f'<rect class="tone" x="{scale.at(event.start_ms)}" y="{TONE_Y}" width="2" height="6"/>'
        for event in timeline.events
        if event.kind == "tone"
    ]
    step_ms = scale_step_ms(timeline.length_ms, MOST_MARKS)
    for at_ms in range(0, timeline.length_ms, step_ms):
        if at_ms + step_ms // 2 <= timeline.length_ms:
            anchor = "" if at_ms else ' class="first"'
            parts.append(f'<text{anchor} x="{scale.at(at_ms)}" y="92">{format_clock(at_ms)}</text>')
    return f'<svg class="lane" height="98" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'


def lane_of_exercises(timeline: Timeline) -> dict[str, str]:
    """For each exercise by slug the lane of its first visit; all have one scale, that of the longest."""
    longest_ms = max((turn.length_ms for turn in timeline.visits), default=1)
    lanes: dict[str, str] = {}
    for turn in timeline.visits:
        scale = _Scale(turn.start_ms, longest_ms)
        drawn = "".join(_lane(turn.sounds, turn.sets, scale, end_ms=turn.end_ms, y=0))
        lane = f'<svg class="lane" height="{HOLD_HIGH}" aria-hidden="true" focusable="false">{drawn}</svg>'
        lanes.setdefault(turn.exercise.slug, lane)
    return lanes


class _Scale:
    """From times to percentages of the width."""

    def __init__(self, start_ms: int, length_ms: int) -> None:
        self.start_ms = start_ms
        self._length_ms = max(length_ms, 1)

    def at(self, ms: int) -> str:
        return self.wide(ms - self.start_ms)

    def wide(self, ms: float) -> str:
        return f"{100 * ms / self._length_ms:.3f}".rstrip("0").rstrip(".") + "%"

    def share(self, ms: int) -> float:
        return (ms - self.start_ms) / self._length_ms


def _numbers(turns: Iterable[Visit], scale: _Scale) -> list[str]:
    parts, taken = [], -1.0
    for turn in turns:
        at = scale.share(turn.start_ms)
        if at - taken >= NUMBER_SHARE:
            parts.append(f'<text class="number" x="{scale.at(turn.start_ms)}" y="13">{turn.exercise.number}</text>')
            taken = at
    return parts


def _lane(
    sounds: Iterable[Event], works: Sequence[Set], scale: _Scale, *, end_ms: int | None = None, y: int = HOLD_Y
) -> list[str]:
    """Silence as a line, speech as low bars upon it, holds as full ones, repetitions as a bar each."""
    middle = y + HOLD_HIGH / 2
    wide = "100%" if end_ms is None else scale.wide(end_ms - scale.start_ms)
    parts = [f'<rect class="silence" x="0" y="{middle - 1}" width="{wide}" height="2"/>']
    for sound in sounds:
        css = _style_of(sound.place.exercise)
        parts.append(_bar(css, scale, sound.start_ms, sound.length_ms, middle - SPEECH_HIGH / 2, SPEECH_HIGH))
    for work in works:
        css = _style_of(work.place.exercise)
        if work.is_hold:
            parts.append(_bar(f"{css} hold", scale, work.start_ms, work.length_ms, y, HOLD_HIGH, radius=4))
        else:
            parts += [_bar(css, scale, rep.start_ms, 0.8 * rep.length_ms, y, HOLD_HIGH) for rep in work.events]
    return parts


def _style_of(exercise: int | None) -> str:
    return f"x{(exercise - 1) % len(COLOURS)}" if exercise else "lesser"


def _bar(css: str, scale: _Scale, at_ms: int, length_ms: float, y: float, high: float, *, radius: int = 0) -> str:
    rounded = f' rx="{radius}"' if radius else ""
    return (
        f'<rect class="{css}" x="{scale.at(at_ms)}" y="{y:g}" width="{scale.wide(length_ms)}" height="{high:g}"'
        f"{rounded}/>"
    )
