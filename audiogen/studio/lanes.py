"""The session to scale, as the page draws it: one lane as wide as the page, and one for each exercise.

    Timeline -> SVG elements

Places are percentages, so the drawing fits any width without a script; colours are classes of the style sheet. Each
visit of an exercise is drawn on its own, from 0 to 100 %, and set into both lanes: where others become longer, its
drawing stays the same and moves.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from audiogen.durations import format_clock
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.timeline.visits import Set, Visit
from audiogen.views.picture.palette import COLOURS
from audiogen.views.picture.scale import scale_step_ms

HOLD_Y, HOLD_HIGH = 22, 36
SPEECH_HIGH = 10
TONE_Y = HOLD_HIGH + 6  # below the top of a hold
MOST_MARKS = 6  # their times do not touch on a phone, either
NUMBER_SHARE = 0.02  # of the width: two numbers nearer than this would touch


def lane_of_session(timeline: Timeline) -> str:
    """The whole session: exercise numbers, the lane, its tones, and a clock."""
    scale = _Scale(0, timeline.length_ms)
    visits = zip(timeline.visits, visits_drawn(timeline), strict=True)
    return (
        f'<svg class="lane" height="98" aria-hidden="true" focusable="false"><g>{frame(timeline)}</g><g>'
        + "".join(_placed(drawn, scale.at(visit.start_ms), scale.wide(visit.length_ms)) for visit, drawn in visits)
        + "</g></svg>"
    )


def lane_of_exercises(timeline: Timeline) -> dict[str, str]:
    """For each exercise by slug the lane of its first visit; all have one scale, that of the longest."""
    longest = _Scale(0, max((visit.length_ms for visit in timeline.visits), default=1))
    lanes: dict[str, str] = {}
    for visit, drawn in zip(timeline.visits, visits_drawn(timeline), strict=True):
        placed = _placed(drawn, "0", longest.wide(visit.length_ms), y=0)
        lane = f'<svg class="lane" height="{HOLD_HIGH}" aria-hidden="true" focusable="false">{placed}</svg>'
        lanes.setdefault(visit.exercise.slug, lane)
    return lanes


def visits_drawn(timeline: Timeline) -> list[str]:
    """Each visit from its start to its end: words, work, and tones below."""
    tones = defaultdict(list)
    for event in timeline.events:
        if event.kind == "tone":
            tones[event.place.exercise, event.place.round].append(event)
    return [_visit(visit, tones[visit.exercise.number, visit.round]) for visit in timeline.visits]


def frame(timeline: Timeline) -> str:
    """What lies around the visits: their numbers, a line through all, what sounds outside them, and a clock."""
    scale = _Scale(0, timeline.length_ms)
    outside = [event for event in timeline.events if not event.place.exercise]
    sounds = (event for event in timeline.sounds() if not event.place.exercise)
    parts = [*_numbers(timeline.visits, scale), *_lane(sounds, (), scale, y=HOLD_Y)]
    parts += _tones((event for event in outside if event.kind == "tone"), scale, y=HOLD_Y)
    step_ms = scale_step_ms(timeline.length_ms, MOST_MARKS)
    for at_ms in range(0, timeline.length_ms, step_ms):
        if at_ms + step_ms // 2 <= timeline.length_ms:
            anchor = "" if at_ms else ' class="first"'
            parts.append(f'<text{anchor} x="{scale.at(at_ms)}" y="92">{format_clock(at_ms)}</text>')
    return "".join(parts)


def _placed(drawn: str, x: str, wide: str, y: int = HOLD_Y) -> str:
    return f'<svg x="{x}" y="{y}" width="{wide}" height="{HOLD_HIGH}" overflow="visible">{drawn}</svg>'


def _visit(visit: Visit, tones: Iterable[Event]) -> str:
    scale = _Scale(visit.start_ms, visit.length_ms, digits=1)
    lane = "".join(_lane(visit.sounds, visit.sets, scale, y=0))
    return f'{lane}<g class="tones">{"".join(_tones(tones, scale, y=0))}</g>'


def _tones(events: Iterable[Event], scale: "_Scale", *, y: int) -> list[str]:
    return [
        f'<rect class="tone" x="{scale.at(event.start_ms)}" y="{y + TONE_Y}" width="2" height="6"/>' for event in events
    ]


class _Scale:
    """From times to percentages of the width."""

    def __init__(self, start_ms: int, length_ms: int, digits: int = 2) -> None:
        self.start_ms = start_ms
        self._digits = digits
        self._length_ms = max(length_ms, 1)

    def at(self, ms: int) -> str:
        return self.wide(ms - self.start_ms)

    def wide(self, ms: float) -> str:
        return f"{100 * ms / self._length_ms:.{self._digits}f}".rstrip("0").rstrip(".") + "%"

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


def _lane(sounds: Iterable[Event], works: Sequence[Set], scale: _Scale, *, y: int) -> list[str]:
    """Silence as a line, speech as low bars upon it, holds as full ones, repetitions as a bar each."""
    middle = y + HOLD_HIGH / 2
    parts = [f'<rect class="silence" x="0" y="{middle - 1}" width="100%" height="2"/>']
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
