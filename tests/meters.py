"""Loudness and peaks, by meters that have nothing to do with ours: ffmpeg's for files, pyloudnorm for cues."""

import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogen.timeline.model import Timeline

if TYPE_CHECKING:
    import pyloudnorm

RATE = 48_000
SILENCE_MS, SHORTEST_MS = 600, 400  # round a cue; a shorter one is measured as if it were said again at once


class Loudness(NamedTuple):
    lufs: float
    dbtp: float


def of_file(path: Path) -> Loudness:
    """The integrated loudness and the true peak of a sound file, by ffmpeg (EBU R 128)."""
    lufs, dbtp = _summary(
        path, "ebur128=framelog=verbose:peak=true", r"I:\s+(-?[\d.]+) LUFS", r"Peak:\s+(-?[\d.]+) dBFS"
    )
    return Loudness(lufs, dbtp)


def lufs_of_file(path: Path) -> float:
    """The integrated loudness alone, in half the time."""
    (lufs,) = _summary(path, "ebur128=framelog=verbose", r"I:\s+(-?[\d.]+) LUFS")
    return lufs


def _summary(path: Path, meter: str, *patterns: str) -> list[float]:
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-i", str(path), "-af", meter, "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = said[said.rindex("Summary:") :]
    found = [re.search(pattern, summary) for pattern in patterns]
    assert all(found), summary
    return [float(match[1]) for match in found if match]


def of_cue(samples: NDArray[Any]) -> float:
    """The loudness of a cue (floats, 48 kHz) by itself, by pyloudnorm."""
    again = np.tile(samples, -(-SHORTEST_MS * RATE // 1000 // len(samples)))
    return float(meter().integrated_loudness(np.pad(again.astype(np.float64), SILENCE_MS * RATE // 1000)))


@functools.cache
def meter() -> "pyloudnorm.Meter":
    """The meter of pyloudnorm, for sounds of 48 kHz."""
    if sys.modules.get("scipy", ...) is None:  # a command in this process has hidden it
        del sys.modules["scipy"]
    import pyloudnorm  # with all of scipy: for the few files of tests that measure by it

    return pyloudnorm.Meter(RATE)


def cues(samples: NDArray[np.int16], timeline: Timeline) -> Iterator[tuple[str, NDArray[Any]]]:
    """Each different cue of a decoded track, by its text, as floats, but for the softer numbers of countdowns."""
    seen = set()
    for event in timeline.events:
        if event.kind == "say" and event.role != "countdown" and event.text and event.text not in seen:
            seen.add(event.text)
            yield event.text, samples[event.start_ms * 48 : event.end_ms * 48] / 32768
