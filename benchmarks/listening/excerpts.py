"""Tracks -> short WAV files, each of one thing, to lay side by side with those of another checkout."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.listening.figures import PER_MS, RATE, Track


def write_excerpts(paths: Sequence[Path], folder: Path) -> None:
    for path in paths:
        track = Track(path)
        _write(track, folder / f"{path.stem}-first-hold.wav", *_end_of_hold(track))
        _write(track, folder / f"{path.stem}-finish.wav", track.timeline.length_ms - 9000, track.timeline.length_ms)
        reps = next((event for event in track.timeline.events if event.kind == "rep"), None)
        if reps:
            _write(track, folder / f"{path.stem}-repetitions.wav", reps.start_ms - 500, reps.start_ms + 30_000)


def write_cues(track: Track, folder: Path) -> list[tuple[Path, str]]:
    """Each different cue of a track as a file, with its text."""
    folder.mkdir(parents=True, exist_ok=True)
    cues, seen = [], set()
    for event in track.timeline.events:
        if event.kind == "say" and event.text and event.text not in seen:
            seen.add(event.text)
            path = folder / f"{track.path.stem}-{len(seen):03}.wav"
            _write(track, path, event.start_ms, event.end_ms)
            cues.append((path, event.text))
    return cues


def _end_of_hold(track: Track) -> tuple[int, int]:
    hold = next(track.events("hold", "hold"))
    return hold.end_ms - 5000, hold.end_ms + 4000


def _write(track: Track, path: Path, first_ms: int, last_ms: int) -> None:
    samples = np.clip(track.mono[first_ms * PER_MS : last_ms * PER_MS], -1, 1)
    soundfile.write(path, samples, RATE, subtype="PCM_16")
