"""What a track's tag says about the session, against the timeline: chapters and lyrics.

Timeline + what was read from the tag -> Checks
"""

from collections.abc import Sequence

from audiogen.chapters import Chapter, chapters_of
from audiogen.lyrics import lines_of
from audiogen.timeline import Event, Timeline
from audiogen.verify.report import Check, Finding, place, shortened

__all__ = ["check_chapters", "check_lyrics"]


def check_chapters(timeline: Timeline, chapters: Sequence[Chapter]) -> Check:
    """Contiguous, and each of those that the timeline asks for at its time and with its exercise's name.

    The rest of a title is words that another version may choose in another way.
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
        name = timeline.exercises[wanted.exercise - 1].name if wanted.exercise else ""
        exercise = wanted.exercise if wanted.exercise or wanted.start_ms else 0  # none: the closing
        where = place(timeline, Event(wanted.start_ms, wanted.end_ms, "wait", "", exercise=exercise))
        title = titles.get(wanted.start_ms)
        if title is None:
            off.append(Finding(wanted.start_ms, where, f"the chapter “{wanted.title}” does not begin here"))
        elif name not in title:
            off.append(Finding(wanted.start_ms, where, f"the chapter here is “{title}”, not “{wanted.title}”"))
    if not off and len(chapters) != len(planned):
        off.append(Finding(None, "tag", f"{len(chapters)} chapters; the timeline has {len(planned)}"))
    return Check("chapters", len(chapters), "in time order, without a gap" if not off else "", tuple(off))


def check_lyrics(timeline: Timeline, text: str | None, lines: Sequence[tuple[int, str]]) -> Check:
    """Every cue that is spoken stands in the timed lines at its time, and in the whole text in its order."""
    planned = [(line.start_ms, line.text) for line in lines_of(timeline)]
    where = {event.start_ms: place(timeline, event) for event in timeline.events if event.kind == "say"}
    off = [
        Finding(at_ms, where[at_ms], f"no line “{shortened(words)}” is shown here")
        for at_ms, words in sorted(set(planned) - set(lines))
    ]
    off += [
        Finding(at_ms, "tag", f"the line “{shortened(words)}” is shown here, which nobody says then")
        for at_ms, words in sorted(set(lines) - set(planned))
    ]
    read = 0
    for at_ms, words in planned:
        found = (text or "").find(words, read)
        if found < 0:
            off.append(Finding(at_ms, where[at_ms], f"“{shortened(words)}” is not in the text of the tag"))
            break
        read = found + len(words)
    if not off and lines != tuple(planned):
        off.append(Finding(None, "tag", "lines are shown twice or out of order"))
    return Check(
        "lyrics", len(set(planned) & set(lines)), "each at its cue" if planned else "nobody speaks", tuple(off)
    )
