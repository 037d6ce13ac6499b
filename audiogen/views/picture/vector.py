"""The session as an SVG file: the whole lane, and under it a row for each exercise on a larger scale; or only the lane.

    Timeline -> SVG

The drawing is one column 400 units wide, so narrow that its smallest text is readable on a phone (at 360 pixels it is
12 pixels high), and plain enough to be a poster. It stands alone: no script, no font, no link; fonts of the reader's
system, colours by the reader's light or dark scheme. Since those fonts are not known here, text is laid out by glyph
widths that are rather too large (`glyphs`).
"""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from audiogen.durations import format_clock
from audiogen.text import legible
from audiogen.timeline.model import Timeline
from audiogen.timeline.visits import Stretch, Visit, scale_step_ms, stretches, visits
from audiogen.views.picture.palette import COLOURS, DARK, INK_ON_COLOUR, LIGHT, Scheme, colour_of
from audiogen.views.picture.sheet import Scale, Sheet, number
from audiogen.views.picture.text_width import fold, text_width
from audiogen.views.picture.words import dose, sentences, short_length, total

__all__ = ["strip", "svg"]

WIDTH = 400.0
STRIP_WIDTH = 900.0  # of the lane alone
EDGE = 14.0  # left and right of everything
BAR = 22.0  # the height of work
VOICE = 8.0  # the height of speech
TITLE, NAME, SMALL = 21.0, 16.0, 13.5  # text sizes; SMALL is 12.15 pixels at 360


def svg(timeline: Timeline) -> str:
    """The session as an SVG document, the same for the same timeline."""
    turns = visits(timeline)
    title, language = legible(timeline.title), legible(timeline.language)
    sheet = Sheet()
    _head(sheet, title, language, _summary(timeline))
    _overview(sheet, timeline, turns)
    _rows(sheet, turns, language)
    _legend(sheet, turns)
    size = f"{number(WIDTH)} {number(sheet.y)}"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" preserveAspectRatio="xMidYMin meet" '
        'class="audiogen" role="img">',
        f"<title>{escape(title, quote=False)}</title>",
        f"<desc>{escape(sentences(timeline), quote=False)}</desc>",
        f"<style>\n{_style()}\n</style>",
        f'<rect class="paper" width="{number(WIDTH)}" height="{number(sheet.y)}"/>',
        *sheet.elements,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def strip(timeline: Timeline) -> str:
    """The whole lane alone, wide and without words, as a part of an HTML page with light paper."""
    sheet = Sheet()
    _overview(sheet, timeline, visits(timeline), STRIP_WIDTH)
    size = f"{number(STRIP_WIDTH)} {number(sheet.y)}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" class="audiogen" aria-hidden="true">',
        f"<style>\n{escape(_plain_style(), quote=False)}\n</style>",
        *sheet.elements,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _summary(timeline: Timeline) -> str:
    count = len(timeline.exercises)
    return f"{total(timeline)} · {count} exercise{'s' if count != 1 else ''}"


def _head(sheet: Sheet, title: str, language: str, summary: str) -> None:
    sheet.y = 12
    for line in fold(title, TITLE, WIDTH - 2 * EDGE, lines=2, bold=True):
        sheet.y += TITLE * 1.2
        sheet.text(EDGE, sheet.y, line, "title", language=language)
    sheet.y += 22
    sheet.text(EDGE, sheet.y, summary, "small")
    sheet.y += 16


def _overview(sheet: Sheet, timeline: Timeline, turns: Sequence[Visit], width: float = WIDTH) -> None:
    """The whole session as one lane: exercise numbers above, clock below."""
    scale = Scale(EDGE, 0, timeline.length_ms / (width - 2 * EDGE))
    sheet.y += SMALL
    taken = 0.0
    for turn in turns:
        middle = (scale.at(turn.start_ms) + scale.at(turn.end_ms)) / 2
        half = text_width(str(turn.number), SMALL, bold=True) / 2
        if middle - half >= taken:
            sheet.text(middle, sheet.y, str(turn.number), "number", anchor="middle")
            taken = middle + half + 2
    sheet.y += 5
    _lane(sheet, stretches(timeline), scale, timeline.length_ms)
    sheet.y += BAR + SMALL + 5
    _clock_marks(sheet, timeline.length_ms, scale, width)
    sheet.y += 14


def _clock_marks(sheet: Sheet, length_ms: int, scale: Scale, width: float) -> None:
    """Times under the lane: the first to the right of its place, the last to the left, the others around it."""
    last = format_clock(length_ms)
    step_ms = scale_step_ms(length_ms, (width - 2 * EDGE) / (text_width(last, SMALL) + 10))
    sheet.text(scale.at(0), sheet.y, format_clock(0), "small")
    sheet.text(scale.at(length_ms), sheet.y, last, "small", anchor="end")
    free = scale.at(0) + text_width(format_clock(0), SMALL), scale.at(length_ms) - text_width(last, SMALL)
    for at_ms in range(step_ms, length_ms, step_ms):
        mark, x = format_clock(at_ms), scale.at(at_ms)
        half = text_width(mark, SMALL) / 2 + 5
        if free[0] <= x - half and x + half <= free[1]:
            _mark(sheet, x, mark)


def _rows(sheet: Sheet, turns: Sequence[Visit], language: str) -> None:
    """A row for each visit to an exercise: number, name, dose; the clock, and its lane. All rows share one scale."""
    clocks = [text_width(format_clock(turn.start_ms), SMALL) for turn in turns]
    left = EDGE + max([*clocks, *(_badge_width(turn) for turn in turns)], default=0.0) + 8
    longest_ms = max((turn.length_ms for turn in turns), default=1)
    scale = Scale(left, 0, longest_ms / (WIDTH - EDGE - left))
    beside = all(_fits_beside(turn, left) for turn in turns)
    for turn in turns:
        sheet.y += 14
        _label(sheet, turn, left, language, beside=beside)
        sheet.y += 7
        sheet.text(EDGE, sheet.y + BAR / 2 + SMALL * 0.36, format_clock(turn.start_ms), "small")
        own = replace(scale, start_ms=turn.start_ms)
        _lane(sheet, turn.stretches, own, turn.end_ms)
        _side_labels(sheet, turn.works, own)
        sheet.y += BAR
    sheet.y += SMALL + 10
    _length_marks(sheet, longest_ms, scale)


def _length_marks(sheet: Sheet, longest_ms: int, scale: Scale) -> None:
    """Lengths under the rows, for all of them."""
    step_ms = scale_step_ms(longest_ms, (WIDTH - EDGE - scale.x) / text_width("59 min 59 s", SMALL))
    sheet.text(scale.x, sheet.y, "0 s", "small")
    for at_ms in range(step_ms, longest_ms + 1, step_ms):
        mark, x = short_length(at_ms), scale.at(at_ms)
        if x + text_width(mark, SMALL) / 2 <= WIDTH - EDGE / 2:
            _mark(sheet, x, mark)


def _mark(sheet: Sheet, x: float, mark: str) -> None:
    sheet.rect(x - 0.5, sheet.y - SMALL - 3, 1, 4, "quiet")
    sheet.text(x, sheet.y, mark, "small", anchor="middle")


def _badge_width(turn: Visit) -> float:
    return max(22.0, text_width(str(turn.number), SMALL, bold=True) + 8)


def _fits_beside(turn: Visit, left: float) -> bool:
    """Whether the dose fits into the line of the name."""
    both = text_width(turn.name, NAME, bold=True) + 12 + text_width(dose(turn), SMALL)
    return both <= WIDTH - EDGE - left


def _label(sheet: Sheet, turn: Visit, left: float, language: str, *, beside: bool) -> None:
    """The number on its colour, the name, and the dose beside it or below."""
    wide = _badge_width(turn)
    sheet.rect(EDGE, sheet.y, wide, 20, f"x{_colour(turn.number)}", 5)
    sheet.text(EDGE + wide / 2, sheet.y + 15, str(turn.number), "badge", anchor="middle")
    room = WIDTH - EDGE - left
    for line in fold(turn.name, NAME, room, lines=2, bold=True):
        sheet.text(left, sheet.y + NAME, line, "name", language=language)
        sheet.y += NAME + 4
    if beside:
        sheet.text(WIDTH - EDGE, sheet.y - 4, dose(turn), "small", anchor="end")
        return
    for line in fold(dose(turn), SMALL, room, lines=4):
        sheet.text(left, sheet.y + SMALL, line, "small")
        sheet.y += SMALL + 3


def _lane(sheet: Sheet, drawn: Sequence[Stretch], scale: Scale, end_ms: int) -> None:
    """Silence as a line, speech as low bars upon it, holds as full ones, repetitions as a bar each."""
    middle = sheet.y + BAR / 2
    sheet.rect(scale.at(scale.start_ms), middle - 0.75, (end_ms - scale.start_ms) / scale.unit_ms, 1.5, "quiet")
    for one in _joined(drawn, scale.unit_ms):
        css = f"x{_colour(one.exercise)}" if one.exercise else "lesser"
        x, width = scale.at(one.start_ms), one.length_ms / scale.unit_ms
        if one.kind == "speech":
            sheet.rect(x, middle - VOICE / 2, max(width, 0.5), VOICE, css)
        elif one.kind == "hold":
            sheet.rect(x, sheet.y, max(width, 1.0), BAR, css, 3)
        else:
            sheet.rect(x, sheet.y, width, BAR, "paper")
            for start_ms, stop_ms in zip(one.reps_ms, (*one.reps_ms[1:], one.end_ms), strict=True):
                wide = (stop_ms - start_ms) / scale.unit_ms
                sheet.rect(scale.at(start_ms), sheet.y, wide - min(1.5, wide * 0.3), BAR, css)


def _joined(drawn: Sequence[Stretch], unit_ms: float) -> list[Stretch]:
    """The same stretches, with speech joined over pauses too short to be seen."""
    found: list[Stretch] = []
    for one in drawn:
        last = found[-1] if found else None
        same = last and last.kind == one.kind == "speech" and last.exercise == one.exercise
        if last and same and one.start_ms - last.end_ms < unit_ms:
            found[-1] = replace(last, end_ms=one.end_ms)
        else:
            found.append(one)
    return found


def _side_labels(sheet: Sheet, works: Sequence[Stretch], scale: Scale) -> None:
    """The side as a word or a letter, where there is room: inside the hold, or inside the first repetition.

    Where the sides take turns, the dose says so.
    """
    for work in works:
        if len(work.sides) != 1:
            continue
        side, end_ms = work.sides[0], (*work.reps_ms[1:2], work.end_ms)[0]
        room = (end_ms - work.start_ms) / scale.unit_ms - 4
        label = next((text for text in (side, side[0].upper()) if text_width(text, SMALL, bold=True) <= room), "")
        middle = scale.at((work.start_ms + end_ms) // 2)
        sheet.text(middle, sheet.y + BAR / 2 + SMALL * 0.36, label, "badge", anchor="middle")


def _legend(sheet: Sheet, turns: Sequence[Visit]) -> None:
    """What the forms mean, those that occur."""
    kinds = {one.kind for turn in turns for one in turn.stretches}
    entries = [name for name, kind in (("hold", "hold"), ("repetitions", "reps")) if kind in kinds]
    sheet.y += 16
    sheet.rect(EDGE, sheet.y, WIDTH - 2 * EDGE, 1, "grid")
    sheet.y += 12
    x = EDGE
    for name in (*entries, "speech", "silence"):
        _swatch(sheet, x, name)
        sheet.text(x + 32, sheet.y + 12, name, "small")
        x += 32 + text_width(name, SMALL) + 12
    sheet.y += 30


def _swatch(sheet: Sheet, x: float, name: str) -> None:
    middle = sheet.y + 7
    if name == "hold":
        sheet.rect(x, middle - 8, 26, 16, "lesser", 3)
    elif name == "repetitions":
        for bar in range(3):
            sheet.rect(x + 9 * bar, middle - 8, 7.5, 16, "lesser")
    else:
        sheet.rect(x, middle - 0.75, 26, 1.5, "quiet")
        if name == "speech":
            sheet.rect(x + 2, middle - 3, 9, 6, "lesser")
            sheet.rect(x + 13, middle - 3, 11, 6, "lesser")


def _style() -> str:
    lines = [_plain_style(), "@media (prefers-color-scheme: dark) {", *_scheme(DARK), "}"]
    return escape("\n".join(lines), quote=False)


def _plain_style() -> str:
    """Fonts and colours on light paper."""
    fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'
    lines = [
        f".audiogen text {{ font-family: {fonts}; font-size: {SMALL}px; unicode-bidi: plaintext; }}",
        f".audiogen .title {{ font-size: {TITLE}px; font-weight: 700; }}",
        f".audiogen .name {{ font-size: {NAME}px; font-weight: 600; }}",
        ".audiogen .number, .audiogen .badge { font-weight: 700; }",
        f".audiogen .badge {{ fill: {INK_ON_COLOUR}; }}",
        *(f".audiogen .x{index} {{ fill: {colour.css}; }}" for index, colour in enumerate(COLOURS)),
        *_scheme(LIGHT),
    ]
    return "\n".join(lines)


def _scheme(scheme: Scheme) -> list[str]:
    return [
        f".audiogen {{ background: {scheme.paper}; }}",
        f".audiogen .paper {{ fill: {scheme.paper}; }}",
        f".audiogen .title, .audiogen .name, .audiogen .number {{ fill: {scheme.ink}; }}",
        f".audiogen .small, .audiogen .lesser {{ fill: {scheme.lesser}; }}",
        f".audiogen .quiet {{ fill: {scheme.quiet}; }}",
        f".audiogen .grid {{ fill: {scheme.quiet}; fill-opacity: 0.4; }}",
    ]


def _colour(exercise: int) -> int:
    return COLOURS.index(colour_of(exercise))
