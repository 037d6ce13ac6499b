"""The session as one lane of characters, to scale.

Timeline -> lines of at most `width` characters

  ┌1       ┌2        ┌3
▒▒▒▒▒██████▒▒▌▌▌▌▌▌▌▌▒▒▒███·███▒
                        R   L
└0:00   └1:00   └2:00       3:30┘
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from audiogen.durations import format_clock
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.timeline.visits import Set, Visit
from audiogen.views.picture.palette import colour_of
from audiogen.views.picture.scale import scale_step_ms

MARGIN = 2  # on both sides; narrow terminals do without
NARROW = 48

BOLD = "\x1b[1m"
RESET = "\x1b[0m"


class Glyphs(NamedTuple):
    """What is drawn with what; `begin` and `end` lead from a number or a time to the lane."""

    hold: str
    reps: str
    speech: str
    silence: str
    number: str
    begin: str
    end: str


UNICODE = Glyphs(hold="█", reps="▌", speech="▒", silence="·", number="┌", begin="└", end="┘")
ASCII = Glyphs(hold="#", reps="=", speech=":", silence=".", number="|", begin="|", end="|")


class _Row:
    """A line in the making: a character and a style for each of its cells."""

    def __init__(self, cells: int) -> None:
        self.characters = [" "] * cells
        self.styles = [""] * cells

    def put(self, at: int, text: str, style: str = "") -> None:
        """Write `text` from cell `at` on; what lies outside the row is lost."""
        for cell, character in enumerate(text, start=at):
            if 0 <= cell < len(self.characters):
                self.characters[cell] = character
                self.styles[cell] = style

    def line(self, *, color: bool) -> str:
        text = "".join(self.characters).rstrip()
        if not color:
            return text
        painted = ""
        for style, cells in groupby(zip(text, self.styles, strict=False), key=lambda cell: cell[1]):
            run = "".join(character for character, _ in cells)
            painted += f"{style}{run}{RESET}" if style else run
        return painted


def lane(timeline: Timeline, width: int, *, color: bool, unicode: bool) -> str:
    """The session in `width` columns: exercise numbers, the lane itself, sides, a scale and a legend.

    Every edge is within a cell of its place, and every hold has a cell of its own while there are cells enough.
    """
    glyphs = UNICODE if unicode else ASCII
    margin = MARGIN if width >= NARROW else 0
    cells = max(1, width - 2 * margin)
    works = list(_placed(timeline.sets, timeline.length_ms, cells))
    rows = [
        _numbers(timeline.visits, timeline.length_ms, cells, glyphs),
        _lane(timeline, works, cells, glyphs),
        _sides(works, cells),
        _scale(timeline.length_ms, cells, glyphs),
        *_legend(timeline.sets, cells, glyphs),
    ]
    lines = [row.line(color=color) for row in rows if row]
    return "\n".join(" " * margin + line if line else line for line in lines)


class _Placed(NamedTuple):
    """Work on the cells [first, end)."""

    first: int
    end: int
    work: Set


def _cell(at_ms: int, length_ms: int, cells: int) -> int:
    """The edge between cells that is nearest to a time; halves go up, so that nothing a cell long can vanish."""
    return (2 * at_ms * cells + length_ms) // (2 * length_ms)


def _placed(works: Sequence[Set], length_ms: int, cells: int) -> Iterator[_Placed]:
    """Work on its cells: at least one each, none shared, and equal lengths as equal as there is room for.

    Where they are too many, short works push each other right, and at the edge left.
    """
    found: list[_Placed] = []
    for work in works:
        many = max(1, _cell(work.length_ms, length_ms, cells))
        first = ((work.start_ms + work.end_ms) * cells - (many - 1) * length_ms) // (2 * length_ms)  # around its middle
        free = max(first, found[-1].end if found else 0)
        found.append(_Placed(free, max(free + 1, first + many), work))
    edge = cells
    for index in reversed(range(len(found))):
        end = min(found[index].end, edge)
        edge = min(found[index].first, end - 1)
        found[index] = _Placed(edge, end, found[index].work)
    return (one for one in found if one.first >= 0)


def _lane(timeline: Timeline, works: Sequence[_Placed], cells: int, glyphs: Glyphs) -> _Row:
    """Speech where it fills the better part of what a cell has left of work, silence elsewhere; then the work."""
    row = _Row(cells)
    row.put(0, glyphs.silence * cells)
    left_ms = [timeline.length_ms / cells] * cells
    spoken_ms = [0.0] * cells
    speakers: list[int | None] = [None] * cells
    for work in timeline.sets:
        for cell, share_ms in _shares(work, timeline.length_ms, cells):
            left_ms[cell] -= share_ms
    for sound in timeline.sounds():
        for cell, share_ms in _shares(sound, timeline.length_ms, cells):
            spoken_ms[cell] += share_ms
            speakers[cell] = sound.place.exercise
    for cell in range(cells):
        if spoken_ms[cell] * 2 > left_ms[cell]:
            row.put(cell, glyphs.speech, _style(speakers[cell]))
    for first, end, work in works:
        row.put(first, (glyphs.hold if work.is_hold else glyphs.reps) * (end - first), _style(work.place.exercise))
    return row


def _shares(one: Set | Event, length_ms: int, cells: int) -> Iterator[tuple[int, float]]:
    """The cells that a stretch lies on, and how many milliseconds of it lie on each."""
    cell_ms = length_ms / cells
    for cell in range(int(one.start_ms / cell_ms), min(cells, int(one.end_ms / cell_ms) + 1)):
        share_ms = min(one.end_ms, (cell + 1) * cell_ms) - max(one.start_ms, cell * cell_ms)
        if share_ms > 0:
            yield cell, share_ms


def _numbers(turns: Sequence[Visit], length_ms: int, cells: int, glyphs: Glyphs) -> _Row:
    """Where each exercise begins; its number where there is room before the next."""
    row = _Row(cells)
    starts = [min(cells - 1, _cell(turn.start_ms, length_ms, cells)) for turn in turns]
    for turn, at, following in zip(turns, starts, [*starts, cells][1:], strict=True):
        if at == following:
            continue
        row.put(at, glyphs.number, _style(turn.exercise.number))
        number = str(turn.exercise.number)
        if at + 1 + len(number) <= following:
            row.put(at + 1, number, BOLD)
    return row


def _sides(works: Sequence[_Placed], cells: int) -> _Row | None:
    """R and L in the middle of what is done on a side; None where nothing is."""
    row = _Row(cells)
    for first, end, work in works:
        letters = "".join(side[0].upper() for side in work.sides)
        if len(letters) <= end - first:
            row.put((first + end - len(letters)) // 2, letters)
    return row if any(work.sides for _, _, work in works) else None


def _scale(length_ms: int, cells: int, glyphs: Glyphs) -> _Row:
    """Times under the lane; the last one is the end, and what would touch it is left out."""
    row = _Row(cells)
    last = format_clock(length_ms)
    step_ms = scale_step_ms(length_ms, cells / (len(last) + 3))
    free = cells - len(last) - 2
    for at_ms in range(0, length_ms, step_ms):
        mark = glyphs.begin + format_clock(at_ms)
        at = _cell(at_ms, length_ms, cells)
        if at + len(mark) <= free:
            row.put(at, mark)
    row.put(cells - len(last) - 1, last + glyphs.end)
    return row


def _legend(works: Sequence[Set], cells: int, glyphs: Glyphs) -> list[_Row]:
    """What the characters mean, those that occur, in as many lines as it takes."""
    sides = {side for work in works for side in work.sides}
    entries = [f"{glyphs.hold * 2} hold"] if any(work.is_hold for work in works) else []
    entries += [f"{glyphs.reps * 2} repetitions"] if not all(work.is_hold for work in works) else []
    entries += [f"{glyphs.speech * 2} speech", f"{glyphs.silence * 2} silence"]
    entries += [f"{side[0].upper()} {side}" for side in sorted(sides, reverse=True)]
    lines = [""]
    for entry in entries:
        if lines[-1] and len(lines[-1]) + 3 + len(entry) > cells:
            lines.append("")
        lines[-1] += ("   " if lines[-1] else "") + entry
    rows = []
    for line in lines:
        row = _Row(cells)
        row.put(0, line)
        rows.append(row)
    return rows


def _style(exercise: int | None) -> str:
    return f"\x1b[38;5;{colour_of(exercise).code}m" if exercise else ""
