"""The session as an SVG file: the whole lane, and under it a row for each exercise on a larger scale; or only the lane.

    Timeline -> SVG

The drawing is one column 400 units wide, so narrow that its smallest text is readable on a phone (at 360 pixels it is
12 pixels high), and plain enough to be a poster. It stands alone: no script, no font, no link; fonts of the reader's
system, colours by the reader's light or dark scheme. Since those fonts are not known here, text is laid out by glyph
widths that are rather too large (`glyphs`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

from audiogen.durations import format_clock
from audiogen.text import legible
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.timeline.visits import Set, Visit
from audiogen.views.picture.palette import COLOURS, DARK, INK_ON_COLOUR, LIGHT, Scheme, colour_of
from audiogen.views.picture.scale import scale_step_ms
from audiogen.views.picture.sheet import Scale, Sheet, number
from audiogen.views.picture.text_width import fold, text_width
from audiogen.views.picture.words import contents, label, name, sentences, short_length, total

WIDTH = 400.0
STRIP_WIDTH = 900.0  # of the lane alone
EDGE = 14.0  # left and right of everything
BAR = 22.0  # the height of work
VOICE = 8.0  # the height of speech
TITLE, NAME, SMALL = 21.0, 16.0, 13.5  # text sizes; SMALL is 12.15 pixels at 360


def svg(timeline: Timeline) -> str:
    """The session as an SVG document, the same for the same timeline."""
    title, language = legible(timeline.title), legible(timeline.language)
    sheet = Sheet()
    _head(sheet, title, language, _summary(timeline))
    _overview(sheet, timeline)
    _rows(sheet, timeline.visits, language)
    _legend(sheet, timeline.sets)
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
    _overview(sheet, timeline, STRIP_WIDTH)
    size = f"{number(STRIP_WIDTH)} {number(sheet.y)}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" class="audiogen" aria-hidden="true">',
        f"<style>\n{escape(_plain_style(), quote=False)}\n</style>",
        *sheet.elements,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _summary(timeline: Timeline) -> str:
    return f"{total(timeline)} · {contents(timeline)}"


def _head(sheet: Sheet, title: str, language: str, summary: str) -> None:
    sheet.y = 12
    for line in fold(title, TITLE, WIDTH - 2 * EDGE, lines=2, bold=True):
        sheet.y += TITLE * 1.2
        sheet.text(EDGE, sheet.y, line, "title", language=language)
    sheet.y += 22
    sheet.text(EDGE, sheet.y, summary, "small")
    sheet.y += 16


def _overview(sheet: Sheet, timeline: Timeline, width: float = WIDTH) -> None:
    """The whole session as one lane: exercise numbers above, clock below."""
    scale = Scale(EDGE, 0, timeline.length_ms / (width - 2 * EDGE))
    sheet.y += SMALL
    taken = 0.0
    for turn in timeline.visits:
        middle, mark = (scale.at(turn.start_ms) + scale.at(turn.end_ms)) / 2, str(turn.exercise.number)
        half = text_width(mark, SMALL, bold=True) / 2
        if middle - half >= taken:
            sheet.text(middle, sheet.y, mark, "number", anchor="middle")
            taken = middle + half + 2
    sheet.y += 5
    _lane(sheet, timeline.sounds(), timeline.sets, scale, timeline.length_ms)
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
    in_line = all(_fits_in_line(turn, left) for turn in turns)
    for turn in turns:
        sheet.y += 14
        _label(sheet, turn, left, language, in_line=in_line)
        sheet.y += 7
        sheet.text(EDGE, sheet.y + BAR / 2 + SMALL * 0.36, format_clock(turn.start_ms), "small")
        own = replace(scale, start_ms=turn.start_ms)
        _lane(sheet, turn.sounds, turn.sets, own, turn.end_ms)
        _side_labels(sheet, turn.sets, own)
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
    return max(22.0, text_width(str(turn.exercise.number), SMALL, bold=True) + 8)


def _fits_in_line(turn: Visit, left: float) -> bool:
    """Whether the dose fits into the line of the name."""
    both = text_width(name(turn), NAME, bold=True) + 12 + text_width(label(turn), SMALL)
    return both <= WIDTH - EDGE - left


def _label(sheet: Sheet, turn: Visit, left: float, language: str, *, in_line: bool) -> None:
    """The number on its colour, the name, and the dose next to it or below."""
    wide = _badge_width(turn)
    sheet.rect(EDGE, sheet.y, wide, 20, f"x{_colour(turn.exercise.number)}", 5)
    sheet.text(EDGE + wide / 2, sheet.y + 15, str(turn.exercise.number), "badge", anchor="middle")
    room = WIDTH - EDGE - left
    for line in fold(name(turn), NAME, room, lines=2, bold=True):
        sheet.text(left, sheet.y + NAME, line, "name", language=language)
        sheet.y += NAME + 4
    if in_line:
        sheet.text(WIDTH - EDGE, sheet.y - 4, label(turn), "small", anchor="end")
        return
    for line in fold(label(turn), SMALL, room, lines=4):
        sheet.text(left, sheet.y + SMALL, line, "small")
        sheet.y += SMALL + 3


def _lane(sheet: Sheet, sounds: Iterable[Event], works: Sequence[Set], scale: Scale, end_ms: int) -> None:
    """Silence as a line, speech as low bars upon it, holds as full ones, repetitions as a bar each."""
    middle = sheet.y + BAR / 2
    sheet.rect(scale.at(scale.start_ms), middle - 0.75, (end_ms - scale.start_ms) / scale.unit_ms, 1.5, "quiet")
    for sound in _joined(sounds, scale.unit_ms):
        width = max(sound.length_ms / scale.unit_ms, 0.5)
        sheet.rect(scale.at(sound.start_ms), middle - VOICE / 2, width, VOICE, _style_of(sound.place.exercise))
    for work in works:
        x, width, css = scale.at(work.start_ms), work.length_ms / scale.unit_ms, _style_of(work.place.exercise)
        if work.is_hold:
            sheet.rect(x, sheet.y, max(width, 1.0), BAR, css, 3)
            continue
        sheet.rect(x, sheet.y, width, BAR, "paper")
        for rep in work.events:
            wide = rep.length_ms / scale.unit_ms
            sheet.rect(scale.at(rep.start_ms), sheet.y, wide - min(1.5, wide * 0.3), BAR, css)


def _joined(sounds: Iterable[Event], unit_ms: float) -> list[Event]:
    """The same sounds, joined over pauses too short to be seen."""
    found: list[Event] = []
    for one in sounds:
        last = found[-1] if found else None
        if last and last.place.exercise == one.place.exercise and one.start_ms - last.end_ms < unit_ms:
            found[-1] = replace(last, end_ms=one.end_ms)
        else:
            found.append(one)
    return found


def _side_labels(sheet: Sheet, works: Sequence[Set], scale: Scale) -> None:
    """The side as a word or a letter, where there is room: inside the hold, or inside the first repetition.

    Where the sides alternate, the dose says so.
    """
    for work in works:
        if (side := work.side) is None:
            continue
        end_ms = work.events[0].end_ms
        room = (end_ms - work.start_ms) / scale.unit_ms - 4
        label = next((text for text in (side, side[0].upper()) if text_width(text, SMALL, bold=True) <= room), "")
        middle = scale.at((work.start_ms + end_ms) // 2)
        sheet.text(middle, sheet.y + BAR / 2 + SMALL * 0.36, label, "badge", anchor="middle")


def _legend(sheet: Sheet, works: Sequence[Set]) -> None:
    """What the forms mean, those that occur."""
    kinds = {work.is_hold for work in works}
    entries = [form for form, is_hold in (("hold", True), ("repetitions", False)) if is_hold in kinds]
    sheet.y += 16
    sheet.rect(EDGE, sheet.y, WIDTH - 2 * EDGE, 1, "grid")
    sheet.y += 12
    x = EDGE
    for form in (*entries, "speech", "silence"):
        _swatch(sheet, x, form)
        sheet.text(x + 32, sheet.y + 12, form, "small")
        x += 32 + text_width(form, SMALL) + 12
    sheet.y += 30


def _swatch(sheet: Sheet, x: float, form: str) -> None:
    middle = sheet.y + 7
    if form == "hold":
        sheet.rect(x, middle - 8, 26, 16, "lesser", 3)
    elif form == "repetitions":
        for bar in range(3):
            sheet.rect(x + 9 * bar, middle - 8, 7.5, 16, "lesser")
    else:
        sheet.rect(x, middle - 0.75, 26, 1.5, "quiet")
        if form == "speech":
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


def _style_of(exercise: int | None) -> str:
    return f"x{_colour(exercise)}" if exercise else "lesser"


def _colour(exercise: int) -> int:
    return COLOURS.index(colour_of(exercise))
