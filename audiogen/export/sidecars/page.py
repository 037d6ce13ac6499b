"""The session on one sheet of paper, to lay next to the mat: an HTML page that prints well on A4 and Letter.

    Timeline -> HTML

It stands alone, without script, font or link, and is light, since paper is. Each exercise is a row of one table: what
is done and when, and the words that say how; what is only said to keep time is left out. The more there is to read,
the smaller it is written, down to what can be read at arm's length.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from audiogen.durations import format_clock
from audiogen.phrases import Phrases, load_phrases
from audiogen.text import cells, legible
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.views.chapters import Chapter, chapters_of
from audiogen.views.doses import dose_of_visit
from audiogen.views.picture.palette import INK_ON_COLOUR, LIGHT, colour_of
from audiogen.views.picture.vector import strip
from audiogen.views.picture.words import sentences

_INSTRUCTING = (
    "opening",
    "setup",
    "switch",
    "cue",
    "phase",
    "release",
    "passage",
    "closing",
)  # roles of words that say how
_PHASE_TONES = ("start", "rising", "falling", "level")
_PHASES_IN_FULL = 2  # repetitions; the later ones use shorter words, or none
_SIZES_PT = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5)
_MM_OF_PT = 0.3528
_ROOM_MM = 212  # for the rows, on the shorter of the two papers
_NAME_MM, _WORDS_MM = 53, 120
_LINE, _PADDING = 1.32, 0.7  # of a row, in sizes
_BROAD = 0.56  # how wide a letter of a broad font is, in sizes


@dataclass(frozen=True, slots=True)
class _Row:
    """A part of the session: its number and name, the times and doses of its work, the words that say how."""

    number: int | None
    name: str
    doses: tuple[str, ...]
    words: str
    note: str = ""


def page(timeline: Timeline) -> str:
    """The page as a whole document, the same for the same timeline."""
    phrases = load_phrases(timeline.language)
    rows = list(_rows(timeline, phrases))
    title = escape(legible(timeline.title))
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(timeline.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light">',
        f"<title>{title}</title>",
        f"<style>\n{_style(_size_pt(rows))}\n</style>",
        "</head>",
        "<body>",
        "<header>",
        f'<h1 dir="auto">{title}</h1>',
        f"<p>{escape(_summary(timeline, phrases))}</p>",
        "</header>",
        f'<div role="img" aria-label="{escape(" ".join(sentences(timeline).split()))}">',
        strip(timeline).rstrip(),
        "</div>",
        "<table>",
        f"<thead><tr>{''.join(_headings(phrases))}</tr></thead>",
        "<tbody>",
        *map(_html, rows),
        "</tbody>",
        "</table>",
        f"<footer><p>{escape(phrases.written('comment', length=format_clock(timeline.length_ms)))}</p></footer>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _summary(timeline: Timeline, phrases: Phrases) -> str:
    counts = [phrases.count("exercises", len(timeline.exercises))] if timeline.exercises else []
    return " · ".join([format_clock(timeline.length_ms), *counts])


def _headings(phrases: Phrases) -> Iterator[str]:
    return (f'<th scope="col">{escape(phrases.written(key))}</th>' for key in ("exercise", "words"))


# -- rows


def _rows(timeline: Timeline, phrases: Phrases) -> Iterator[_Row]:
    """The opening, every exercise and passage once, however often it comes up, and the closing."""
    chapters: dict[tuple[int | None, int | None, bool], list[Chapter]] = {}
    for chapter in chapters_of(timeline):
        is_opening = chapter.exercise is chapter.passage is None and chapter.start_ms == 0
        chapters.setdefault((chapter.exercise, chapter.passage, is_opening), []).append(chapter)
    names = {one.number: one.name for one in timeline.exercises}
    optional = {one.number for one in timeline.exercises if one.optional}
    notes: dict[tuple[int | None, int | None], str] = {
        **{(one.number, None): one.note for one in timeline.exercises if one.note},
        **{(None, one.number): one.note for one in timeline.passages if one.note},
    }
    for (number, passage, _), found in chapters.items():
        said = [event for chapter in found for event in _telling(timeline, chapter)]
        words = " ".join(dict.fromkeys(phrases.ended(event.text or "") for event in said))
        name = names[number] if number else found[0].title
        doses = [phrases.written("optional")] * (number in optional) + [*_doses(found, phrases)]
        doses += _pace(timeline, number, phrases) if number else []
        yield _Row(number, name, tuple(doses), words, notes.get((number, passage), ""))


def _pace(timeline: Timeline, number: int, phrases: Phrases) -> list[str]:
    """The tempo of an exercise by the tones of its last repetition, and its rests: "4–7–8 s", "Rest 45 s, 1 min"."""
    visits = [visit for visit in timeline.visits if visit.exercise.number == number]
    last = visits[-1].sets[-1].events[-1]
    tones = [tile.start_ms for tile in timeline.tiles() if tile.kind == "tone" and tile.role in _PHASE_TONES]
    inside = [at_ms for at_ms in tones if last.start_ms <= at_ms < last.end_ms] if last.kind == "rep" else []
    phases_ms = [after_ms - at_ms for at_ms, after_ms in pairwise([*inside, last.end_ms])]
    seconds = phrases.written("second", n="–".join(f"{ms / 1000:g}" for ms in phases_ms))
    rests = [event for event in timeline.events if event.kind == "rest" and event.place.exercise == number]
    rests_ms = dict.fromkeys([dose_of_visit(visits[0]).rest_ms, *(event.length_ms for event in rests)])
    lengths = phrases.written("join").join(phrases.written_length(ms) for ms in rests_ms if ms)
    rest = f"{phrases.say('between', 'resting').rstrip('.!。।')} {lengths}" if lengths else ""
    return [line for line in (seconds if len(phases_ms) > 1 else "", rest) if line]


def _telling(timeline: Timeline, chapter: Chapter) -> Iterator[Event]:
    """What is said in a chapter to say how."""
    for event in timeline.events:
        inside = event.kind == "say" and chapter.start_ms <= event.start_ms < chapter.end_ms
        in_full = event.role != "phase" or (event.place.rep or 1) <= _PHASES_IN_FULL
        if inside and in_full and event.role in _INSTRUCTING:
            yield event


def _doses(chapters: Iterable[Chapter], phrases: Phrases) -> Iterator[str]:
    """When each work comes up: "3:20 · right side, 30 s", "0:15, 2:40 · 1 min"."""
    times: dict[str, list[str]] = {}
    for chapter in chapters:
        times.setdefault(chapter.dose, []).append(format_clock(chapter.start_ms))
    joined = ((phrases.written("join").join(found), dose) for dose, found in times.items())
    return (" · ".join(filter(None, parts)) for parts in joined)


def _html(row: _Row) -> str:
    badge = ""
    if row.number:
        badge = f'<b class="badge" style="background:{colour_of(row.number).css}">{row.number}</b> '
    # A number stays on the line of its unit.
    doses = "".join(f"<br><span>{re.sub('(?<=[0-9]) ', '&nbsp;', escape(dose))}</span>" for dose in row.doses)
    name = f'<th scope="row" dir="auto">{badge}{escape(legible(row.name))}{doses}</th>'
    note = f"<br><em>{escape(legible(row.note))}</em>" if row.note else ""
    return f'<tr>{name}<td dir="auto">{escape(legible(row.words))}{note}</td></tr>'


# -- sizes


def _size_pt(rows: Sequence[_Row]) -> float:
    """The largest text with which all rows fit on a sheet, or the smallest that can be read."""
    return next((size for size in _SIZES_PT if _height_mm(rows, size) <= _ROOM_MM), _SIZES_PT[-1])


def _height_mm(rows: Sequence[_Row], size_pt: float) -> float:
    em_mm = size_pt * _MM_OF_PT

    def lines(text: str, width_mm: float) -> int:
        return max(1, math.ceil(cells(text) * _BROAD * em_mm / width_mm))

    def height(row: _Row) -> float:
        names = lines(row.name, _NAME_MM - 2 * em_mm) + sum(lines(dose, _NAME_MM) for dose in row.doses)
        return _LINE * max(names, lines(row.words, _WORDS_MM) + bool(row.note) * lines(row.note, _WORDS_MM)) + _PADDING

    return sum(map(height, rows)) * em_mm


def _style(size_pt: float) -> str:
    fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'
    return f"""\
:root {{ color-scheme: light; }}
@page {{ margin: 11mm 12mm; }}
body {{ margin: 0 auto; padding: 1em; max-width: 190mm; background: {LIGHT.paper}; color: {LIGHT.ink};
  font: {size_pt}pt/1.32 {fonts}; -webkit-print-color-adjust: exact; print-color-adjust: exact; }}
header {{ display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 1.5em; }}
h1 {{ margin: 0; font-size: 2em; line-height: 1.2; overflow-wrap: anywhere; }}
header p, footer p {{ margin: 0; color: {LIGHT.lesser}; }}
svg {{ display: block; width: 100%; margin: 0.3em 0 0.5em; }}
table {{ width: 100%; border-collapse: collapse; }}
th, td {{ padding: 0.32em 0.5em; border-top: 1px solid {LIGHT.quiet}; text-align: start; vertical-align: top; }}
thead th {{ border-top: 0; color: {LIGHT.lesser}; font-weight: 600; }}
tbody th {{ width: 31%; font-weight: 600; overflow-wrap: anywhere; }}
tbody th span {{ color: {LIGHT.lesser}; font-weight: 400; font-variant-numeric: tabular-nums; word-break: keep-all; }}
tr {{ break-inside: avoid; }}
.badge {{ display: inline-block; min-width: 1.25em; padding: 0 0.15em; border-radius: 0.3em; text-align: center;
  color: {INK_ON_COLOUR}; }}
footer {{ margin-top: 0.6em; }}
@media print {{ body {{ padding: 0; max-width: none; }} }}"""
