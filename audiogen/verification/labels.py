"""Check the chapters and lyrics in a track's tag against its timeline.

Timeline + what was read from the tag -> Checks
"""

from collections.abc import Iterator, Sequence

from audiogen.script import Place
from audiogen.timeline.model import Timeline
from audiogen.verification.report import Check, Finding, shortened
from audiogen.views.chapters import Chapter, chapters_of
from audiogen.views.lyrics import lines_of, spoken_of


def check_chapters(timeline: Timeline, chapters: Sequence[Chapter]) -> Check:
    """Check that chapters are contiguous, and that each planned one has its time and its exercise's name.

    The other words of a title may differ between versions.
    """
    off: list[Finding] = []
    at_ms = 0
    for chapter in chapters:
        if chapter.start_ms != at_ms or chapter.end_ms <= at_ms:
            what = f"the chapter “{chapter.title}” does not begin where the one before it ends, {at_ms} ms"
            off.append(Finding(chapter.start_ms, "tag", what))
        at_ms = chapter.end_ms
    if at_ms != timeline.length_ms:
        off.append(Finding(at_ms, "tag", f"the chapters end here, the timeline at {timeline.length_ms} ms"))
    planned = chapters_of(timeline)
    titles = {chapter.start_ms: chapter.title for chapter in chapters}
    for wanted in planned:
        is_closing = not wanted.exercise and not wanted.passage and wanted.start_ms
        place = Place(None if is_closing else wanted.exercise or 0, passage=wanted.passage)
        name = timeline.passages[wanted.passage - 1].name if wanted.passage else ""
        name = timeline.exercises[wanted.exercise - 1].name if wanted.exercise else name
        where = timeline.name_of(place)
        title = titles.get(wanted.start_ms)
        if title is None:
            off.append(Finding(wanted.start_ms, where, f"the chapter “{wanted.title}” does not begin here"))
        elif name not in title:
            off.append(Finding(wanted.start_ms, where, f"the chapter here is “{title}”, not “{wanted.title}”"))
    if not off and len(chapters) != len(planned):
        off.append(Finding(None, "tag", f"{len(chapters)} chapters; the timeline has {len(planned)}"))
    return Check("chapters", len(chapters), "in time order, without a gap" if not off else "", tuple(off))


def check_lyrics(timeline: Timeline, text: str | None, lines: Sequence[tuple[int, str]] | None) -> Check:
    """Check that every spoken cue is in the timed lines at its time, and in the text in its order.

    `lines` is None in formats that have no timed lines; then only the text is compared.
    """
    planned = [(line.start_ms, line.text) for line in spoken_of(timeline)]
    shown, off = set(planned), list(_missing(timeline, text, planned))
    if lines is not None:
        tones = {(line.start_ms, line.text) for line in lines_of(timeline)} - shown  # not in earlier versions
        lines = tuple(line for line in lines if line not in tones)
        shown &= set(lines)
        off = [*_mistimed(timeline, planned, lines), *off]
    elif off:
        shown = {cue for cue in planned if off[0].at_ms is not None and cue[0] < off[0].at_ms}
    if not off and lines is not None and lines != tuple(planned):
        off.append(Finding(None, "tag", "lines are shown twice or out of order"))
    measured = "each in its order" if lines is None else "each at its cue"
    return Check("lyrics", len(shown), measured if planned else "no speech", tuple(off))


def _mistimed(
    timeline: Timeline, planned: Sequence[tuple[int, str]], lines: Sequence[tuple[int, str]]
) -> Iterator[Finding]:
    where = _places(timeline)
    for at_ms, words in sorted(set(planned) - set(lines)):
        yield Finding(at_ms, where[at_ms], f"no line “{shortened(words)}” is shown here")
    for at_ms, words in sorted(set(lines) - set(planned)):
        yield Finding(at_ms, "tag", f"the line “{shortened(words)}” is shown here, but not spoken")


def _missing(timeline: Timeline, text: str | None, planned: Sequence[tuple[int, str]]) -> Iterator[Finding]:
    """Find the first cue that is not in the text, or else extra words; titles of chapters are not compared."""
    said = _words("\n".join(line for part in (text or "").split("\n\n") for line in part.split("\n")[1:]))
    read = 0
    for at_ms, words in planned:
        found = said.find(_words(words), read)
        if found < 0:
            yield Finding(at_ms, _places(timeline)[at_ms], f"“{shortened(words)}” is not in the text of the tag")
            return
        read = found + len(_words(words))
    if said != _words(" ".join(words for _, words in planned)):
        yield Finding(None, "tag", "the text of the tag has words that are not spoken")


def _places(timeline: Timeline) -> dict[int, str]:
    said = (event for event in timeline.events if event.kind == "say")
    return {event.start_ms: timeline.name_of(event.place) for event in said}


def _words(text: str) -> str:
    return " ".join(text.split())
