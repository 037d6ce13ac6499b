"""`plan --against`: what differs between two plans, as a short table for eyes or sentences for ears.

Timeline + another routine -> Differences -> lines
"""

from collections.abc import Iterator

from audiogen.cli.output import print_data, print_json
from audiogen.durations import format_duration, format_exact_clock
from audiogen.text import counted
from audiogen.timeline.model import Timeline
from audiogen.views.diff import Differences, PartDifference, compare

_SHOWN = 10  # cues of a kind, unless all are asked for
_ESTIMATED = "Speech lengths are estimated until the first render."
_REORDERED = "The exercises are in another order."


def print_differences(
    timeline: Timeline, named: str, against: str, voice: str | None, *, json: bool, plain: bool, every_word: bool
) -> None:
    """Print what differs in a plan from that of another routine as written.

    The same voice speaks both where it can, so that only the routines differ.
    """
    from audiogen import session
    from audiogen.routine.load import load_routine

    other = load_routine(against)
    same_voice = timeline.voice if timeline.language == other.language else None
    differences = compare(session.plan(other, voice=same_voice or voice).timeline, timeline)
    if json:
        print_json(differences.to_json())
    else:
        lines = difference_sentences if plain else difference_table
        print_data("\n".join(lines(differences, named, against, every_word=every_word)))


def difference_table(differences: Differences, after: str, before: str, *, every_word: bool = False) -> list[str]:
    """The differences in columns; `after` and `before` are what the two sessions are called."""
    if not differences:
        return [_nothing(after, before)]
    total = (*_totals(differences), _signed(differences.added_ms))
    cells = [("was", "is", "differs", "what"), (*total, "the whole session")]
    for one in differences.parts:
        cells.append((_length(one.before_ms), _length(one.after_ms), _signed(one.added_ms), _what(one)))
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    lines = [f"{after}, against {before}", ""]
    for *numbers, what in cells:
        lines.append("".join(f"  {cell:>{wide}}" for cell, wide in zip(numbers, widths, strict=True)) + f"  {what}")
    if differences.reordered:
        lines += ["", _REORDERED]
    for heading, texts, more in _words(differences, every_word):
        lines += ["", f"{heading}:", *(f"  {text}" for text in (*texts, *more))]
    return lines if differences.exact else [*lines, "", _ESTIMATED]


def difference_sentences(differences: Differences, after: str, before: str, *, every_word: bool = False) -> list[str]:
    """The differences as sentences."""
    if not differences:
        return [_nothing(after, before)]
    was, now = _totals(differences)
    head = f"{after}, against {before}: {now}, was {was}, {_compared(differences.added_ms)}."
    return [head, *changed_sentences(differences, every_word=every_word)]


def changed_sentences(differences: Differences, *, every_word: bool = False) -> list[str]:
    """The differences in exercises and words, one sentence each, without the length of the whole session."""
    lines: list[str] = []
    for one in differences.parts:
        if one.before_ms is None or one.after_ms is None:
            length = _length(one.after_ms if one.before_ms is None else one.before_ms)
        else:
            length = _compared(one.added_ms)
        what = _what(one)
        lines.append(f"{what[:1].upper()}{what[1:]}, {length}.")
    if differences.reordered:
        lines.append(_REORDERED)
    for heading, texts, more in _words(differences, every_word):
        lines.append(f"{heading}: {', '.join((*texts, *more))}")
    return lines if differences.exact else [*lines, _ESTIMATED]


def _totals(differences: Differences) -> tuple[str, str]:
    return format_exact_clock(differences.before.length_ms), format_exact_clock(differences.after.length_ms)


def _nothing(after: str, before: str) -> str:
    return f"{after}, against {before}: nothing differs."


def _words(differences: Differences, every_word: bool) -> Iterator[tuple[str, list[str], list[str]]]:
    """What changed about cues, the cues, and how many are not shown."""
    for state, texts in (("newly spoken", differences.words_added), ("no longer spoken", differences.words_removed)):
        if texts:
            shown = [f'"{text}"' for text in (texts if every_word else texts[:_SHOWN])]
            left = len(texts) - len(shown)
            more = [f"and {left} more (to show them: --verbose)"] if left else []
            yield f"{counted(len(texts), 'cue')} {state}", shown, more


def _what(one: PartDifference) -> str:
    """ "Double V: 45s a side (30s per side, was 20s)", "added: Cat stretch, 20s"…"""
    if one.before_ms is None:
        return f"added: {one.name}, {one.after_dose}"
    if one.after_ms is None:
        return f"left out: {one.name}, {one.before_dose}"
    return one.name if one.before_dose == one.after_dose else f"{one.name}: {one.after_dose}, was {one.before_dose}"


def _length(ms: int | None) -> str:
    return "-" if ms is None else format_duration(round(ms, -3))


def _signed(ms: int) -> str:
    """ "+30s", "-0.6s", "same"; lengths of less than ten seconds to the tenth, since frames move them by some ms."""
    rounded_ms = _rounded(ms)
    return f"{'-' if rounded_ms < 0 else '+'}{format_duration(abs(rounded_ms))}" if rounded_ms else "same"


def _compared(ms: int) -> str:
    rounded_ms = _rounded(ms)
    if not rounded_ms:
        return "as long as before"
    return f"{format_duration(abs(rounded_ms))} {'longer' if rounded_ms > 0 else 'shorter'}"


def _rounded(ms: int) -> int:
    return round(ms, -3 if abs(ms) >= 10_000 else -2)
