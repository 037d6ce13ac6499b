"""Tracks -> short WAV files, each of one thing, to lay side by side with those of another checkout."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile

from audiogen.timeline.events import Event
from benchmarks.listening.figures import PER_MS, RATE, Track


def write_excerpts(paths: Sequence[Path], folder: Path) -> None:
    for path in paths:
        track = Track(path)
        hold = next(track.events("hold", "hold"), None)
        if hold:
            _write(track, folder / f"{path.stem}-first-hold.wav", hold.end_ms - 5000, hold.end_ms + 4000)
        _write(track, folder / f"{path.stem}-finish.wav", track.timeline.length_ms - 9000, track.timeline.length_ms)
        reps = next((event for event in track.timeline.events if event.kind == "rep"), None)
        if reps:
            _write(track, folder / f"{path.stem}-repetitions.wav", reps.start_ms - 500, reps.start_ms + 30_000)


def write_cues(track: Track, folder: Path) -> list[tuple[Path, str]]:
    """Each different cue of a track as a file, with its text."""
    folder.mkdir(parents=True, exist_ok=True)
    cues, seen = [], set()
    for first_ms, last_ms, text in _spoken(track):
        if text not in seen:
            seen.add(text)
            path = folder / f"{track.path.stem}-{len(seen):03}.wav"
            _write(track, path, first_ms, last_ms)
            cues.append((path, text))
    return cues


def _spoken(track: Track) -> Iterator[tuple[int, int, str]]:
    """Each cue, and the numbers of a countdown as one: predictors make little of a word of half a second."""
    rows: list[list[Event]] = []
    for event in track.timeline.events:
        if event.kind == "say" and event.text:
            before = rows[-1][-1] if rows and event.role == "countdown" else None
            if before and before.role == "countdown" and event.start_ms == before.start_ms + 1000:
                rows[-1].append(event)
            else:
                rows.append([event])
    return ((row[0].start_ms, row[-1].end_ms, " ".join(event.text or "" for event in row)) for row in rows)


def _write(track: Track, path: Path, first_ms: int, last_ms: int) -> None:
    samples = np.clip(track.mono[first_ms * PER_MS : last_ms * PER_MS], -1, 1)
    soundfile.write(path, samples, RATE, subtype="PCM_16")
