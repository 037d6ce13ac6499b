"""The plan as text: a table for eyes, sentences for ears.

    Plan -> lines

Written by hand: a table by rich would double the time of `audiogen plan`.
"""

from audiogen.cli.output import colours_wanted, columns, unicode_possible
from audiogen.durations import format_clock, format_duration, format_exact_clock, format_nearest_clock
from audiogen.text import visible
from audiogen.timeline.compose import Plan
from audiogen.views.rows import Row, change_lines, event_rows, rows

_BOLD, _DIM, _CYAN, _YELLOW, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[33m", "\x1b[0m"
_EXACT = ("hold", "reps", "rest")
_HEADINGS = ("exercise", "passage")


def shown(plan: Plan, *, plain: bool, every_event: bool = False) -> str:
    """A plan for the terminal: a table and a picture, with colours, or sentences."""
    from audiogen.views.picture.terminal import lane
    from audiogen.views.picture.words import sentences

    if plain:
        lines = plan_sentences(plan, every_event=every_event)
        return visible("\n".join([*lines, sentences(plan.timeline), f"In all {total_line(plan)}."]))
    colours = colours_wanted(plain)
    lines = plan_table(plan, every_event=every_event, colours=colours)
    drawn = lane(plan.timeline, columns(), color=colours, unicode=unicode_possible())
    return "\n".join([*lines, "", drawn, "", visible(total_line(plan))])


def plan_table(plan: Plan, *, every_event: bool = False, colours: bool = False) -> list[str]:
    """The plan in columns: when, how long, what; what overrides changed has a `*`, and says what it was.

    `every_event` shows each word and silence, with tenths of a second.
    """
    found = event_rows(plan) if every_event else rows(plan)
    times = [_fine_clock(row.start_ms) if every_event else format_clock(row.start_ms) for row in found]
    wide = max(len(time) for time in (*times, "time"))
    lines = [visible(plan.timeline.title), "", f"  {'time':>{wide}}  {'length':>8}  what"]
    for time, row in zip(times, found, strict=True):
        mark, indent = "*" if row.changes else " ", "  " if _is_inside(row) else ""
        changes = f"  ({'; '.join(row.changes)})" if row.changes else ""
        line = f"{mark} {time:>{wide}}  {_length(row):>8}  {indent}{row.what}{changes}"
        lines.append(_coloured(visible(line), row, colours))
    changed = list(map(visible, change_lines(plan)))
    return [*lines, "", *changed] if changed else lines


def plan_sentences(plan: Plan, *, every_event: bool = False) -> list[str]:
    """The plan as a sentence a row."""
    found = event_rows(plan) if every_event else rows(plan)
    lines = [f"{plan.timeline.title}."]
    for row in found:
        time = _fine_clock(row.start_ms) if every_event else format_clock(row.start_ms)
        what = ", ".join((row.what, _length(row), *row.changes))
        lines.append(f"At {time}: {f'{row.part} ' if row.part in _HEADINGS else ''}{what}.")
    lines += [f"{line[:1].upper()}{line[1:]}." for line in change_lines(plan)]
    return lines


def chapter_lines(plan: Plan) -> list[str]:
    """When each exercise and passage begins."""
    return [f"  {format_clock(row.start_ms):>5}  {row.what}" for row in rows(plan) if row.part in _HEADINGS]


def total_line(plan: Plan) -> str:
    """How long the session is, and how sure that is."""
    voice = f" with {plan.timeline.voice}" if plan.timeline.voice else ""
    if plan.exact:
        return f"{format_exact_clock(plan.length_ms)} exact{voice}"
    return f"about {format_nearest_clock(plan.length_ms)}{voice}; speech lengths are estimated until the first render"


def _fine_clock(ms: int) -> str:
    return f"{format_clock(ms)}.{ms % 1000 // 100}"


def _length(row: Row) -> str:
    """Work to the millisecond, headings to the second, all else from one shown tenth of a second to the next."""
    if row.part in _EXACT:
        return format_duration(row.length_ms)
    if row.part in _HEADINGS:
        return format_duration(round(row.length_ms, -3))
    return format_duration(((row.start_ms + row.length_ms) // 100 - row.start_ms // 100) * 100)


def _is_inside(row: Row) -> bool:
    return row.part not in (*_HEADINGS, "opening", "closing")


def _coloured(line: str, row: Row, colours: bool) -> str:
    if not colours or (row.part in ("opening", "closing", "instructions") and not row.changes):
        return line
    style = _BOLD if row.part in _HEADINGS else _CYAN if row.part in _EXACT else _DIM
    if row.changes:
        style = _YELLOW if row.part not in _HEADINGS else _BOLD + _YELLOW
    return f"{style}{line}{_RESET}"
