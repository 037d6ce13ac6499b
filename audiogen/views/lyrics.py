"""What is said in a session, as text to read along.

Timeline -> Lines;   Timeline -> the whole text
"""

from collections.abc import Iterator
from dataclasses import dataclass

from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.views.chapters import chapters_of


@dataclass(frozen=True, slots=True)
class Line:
    """Words that are spoken in [start_ms, end_ms)."""

    start_ms: int
    end_ms: int
    text: str


def lines_of(timeline: Timeline) -> tuple[Line, ...]:
    """Every cue that is spoken, in time order."""
    return tuple(Line(event.start_ms, event.end_ms, event.text or "") for event in _said(timeline))


def whole_text(timeline: Timeline) -> str:
    """All that is said, a line for each cue, under the titles of the chapters; a countdown stands in one line."""
    parts = []
    said = list(_said(timeline))
    for chapter in chapters_of(timeline):
        inside = [event for event in said if chapter.start_ms <= event.start_ms < chapter.end_ms]
        parts.append("\n".join([chapter.title, *_paragraph(inside)]))
    return "\n\n".join(parts)


def _said(timeline: Timeline) -> Iterator[Event]:
    return (event for event in timeline.events if event.kind == "say")


def _paragraph(said: list[Event]) -> list[str]:
    lines: list[str] = []
    before = None
    for event in said:
        text = event.text or ""
        if before and before.role == event.role == "countdown":
            lines[-1] += f" {text}"
        else:
            lines.append(text)
        before = event
    return lines
