"""Chapters, labels and the timeline as files that other programs read.

Timeline -> .chapters.json, .labels.txt, .json
"""

import json
from collections.abc import Iterator

from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.views.chapters import chapters_of


def chapters_json(timeline: Timeline) -> str:
    """Chapters as podcasts have them (podcast:chapters, version 1.2.0), in seconds."""
    document = {
        "version": "1.2.0",
        "title": timeline.title,
        "chapters": [
            {"startTime": one.start_ms / 1000, "endTime": one.end_ms / 1000, "title": one.title}
            for one in chapters_of(timeline)
        ],
    }
    return _json(document)


def labels(timeline: Timeline) -> str:
    """Labels for Audacity: chapters, words, tones and work, each with its start and end in seconds."""
    found = [(one.start_ms, one.end_ms, one.title) for one in chapters_of(timeline)]
    found += [(event.start_ms, event.end_ms, _label(event)) for event in timeline.events if event.kind != "wait"]
    found.sort(key=lambda label: (label[0], -label[1]))
    return "".join(f"{start_ms / 1000:.6f}\t{end_ms / 1000:.6f}\t{text}\n" for start_ms, end_ms, text in found)


def timeline_json(timeline: Timeline) -> str:
    """The same document as `plan --json` and the track have."""
    return _json(timeline.to_json())


def _label(event: Event) -> str:
    match event.kind:
        case "say":
            return event.text or ""
        case "tone":
            return f"({event.role} tone)"
        case _:
            return f"({', '.join(_work(event))})"


def _work(event: Event) -> Iterator[str]:
    place = event.place
    yield event.kind if place.rep is None else f"{event.kind} {place.rep}"
    if place.side:
        yield place.side
    if place.set:
        yield f"set {place.set}"


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
