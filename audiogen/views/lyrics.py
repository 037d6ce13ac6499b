"""What is said in a session, and what its tones say, as text to read along.

Timeline -> Lines;   Timeline -> the whole text
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import PurePath

from audiogen.phrases import Phrases, load_phrases
from audiogen.routine.sounds import LONGEST_MS
from audiogen.routine.values import Side
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.views.chapters import chapters_of

_PHASES = ("rising", "falling", "level")


@dataclass(frozen=True, slots=True)
class Line:
    """Words that are spoken in [start_ms, end_ms); in brackets, what is not spoken but sounds there."""

    start_ms: int
    end_ms: int
    text: str


def lines_of(timeline: Timeline) -> tuple[Line, ...]:
    """Every cue that is spoken, and every tone in brackets, in time order.

    A tone that begins a phase has the words by which the phase was learnt; where words follow it at once, it has no
    line of its own.
    """
    return tuple(_lines(timeline, load_phrases(timeline.language)))


def spoken_of(timeline: Timeline) -> tuple[Line, ...]:
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


# -- tones


def _lines(timeline: Timeline, phrases: Phrases) -> Iterator[Line]:
    """The lines of all words and tones, in time order."""
    sounds = [event for event in timeline.tiles() if event.kind in ("say", "tone")]
    reps = iter([event for event in timeline.events if event.kind == "rep"])
    rep = next(reps, None)
    learnt: dict[tuple[int | None, Side | None, int], str] = {}  # words of phases by when they begin in a repetition
    for sound, after in zip_longest(sounds, sounds[1:]):
        if sound.kind == "say":
            yield Line(sound.start_ms, sound.end_ms, sound.text or "")
            continue
        while rep and sound.start_ms >= rep.end_ms:
            rep = next(reps, None)
        words = _named(timeline, phrases, sound.role)
        if rep and sound.start_ms >= rep.start_ms and sound.role in ("start", *_PHASES):
            phase = sound.place.exercise, rep.place.side, sound.start_ms - rep.start_ms
            is_said = after is not None and after.kind == "say" and after.start_ms < rep.end_ms
            if after and is_said and after.role == "phase":
                learnt[phase] = (after.text or "").rstrip(".!。।")
            if sound.role in _PHASES:
                words = "" if is_said else learnt.get(phase, words)
        if words:
            yield Line(sound.start_ms, sound.end_ms, f"[{words}]")


def _named(timeline: Timeline, phrases: Phrases, role: str) -> str:
    """What a tone is called; the sound that wakes earbuds says nothing."""
    if role not in LONGEST_MS:
        return PurePath(role).stem
    is_bell = role == "end" and timeline.mix.sounds == "bells" and all(one.role != "end" for one in timeline.mix.own)
    return "" if role == "wake" else phrases.written("end_bell" if is_bell else f"{role}_tone")
