"""Measure a finished track: what its timeline promises against what a decoder returns.

    file -> timeline, frames, chapters, lyrics    `container`, `labels`
    file -> samples -> onsets and levels          `decoded`, `sound`, `track`

The decoder is not the library that encoded: libsndfile for MP3, ffmpeg (if installed) for the rest. The track is
decoded once, in pieces of a few seconds. What cannot be measured is listed, never counted as passed.

**How to add a check:** return one more `Check` from `check_container` (bytes), or from the end of `verify` (samples).
"""

import os
from pathlib import Path

from audiogen.errors import Problem
from audiogen.timeline.model import EDITION, Timeline
from audiogen.verification.report import Check, Finding, Report

__all__ = ["Check", "Finding", "Report", "verify"]


def verify(path: str | os.PathLike[str]) -> Report:
    """Measure a track against the timeline in its tag.

    Raises:
        TrackError: the file is not a track, is cut short, or has no timeline.
    """
    from audiogen.audio.meter import Meter
    from audiogen.export.formats import sound_of
    from audiogen.verification.container import check_container
    from audiogen.verification.decoded import decode
    from audiogen.verification.sound import Listener
    from audiogen.verification.track import check_decoding, check_length, check_loudness, check_peak, check_spread

    path = Path(path)
    with sound_of(path) as sound:
        kind, timeline, frames, labels = check_container(sound)
        channels = 2 if timeline.mix.music else 1
        meter = Meter(channels)
        with decode(sound, kind, channels) as decoded:
            decoded.heard = meter.hear
            listener = Listener(timeline, decoded, kind.suffix)
            for tile in timeline.tiles():
                listener.hear(tile)
            decoded.finish()
    return Report(
        path,
        timeline,
        (
            frames or check_decoding(decoded, kind),
            check_length(timeline, decoded, kind),
            *labels,
            listener.holds(),
            *listener.checks(),
            check_spread(timeline, listener.cues),
            check_loudness(timeline, listener.cues, meter),
            check_peak(meter),
        ),
        within_ms=listener.within_ms,
        notices=(_of_another_edition(timeline, listener.within_ms),) if listener.others else (),
    )


def _of_another_edition(timeline: Timeline, within_ms: int) -> Problem:
    if timeline.mix.edition < EDITION:
        return Problem("verification.earlier-tones", expected=f"{within_ms} ms")
    return Problem("verification.later-tones", expected=f"{within_ms} ms")
