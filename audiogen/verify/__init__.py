"""A finished track -> Report: what it promises, measured on what a decoder makes of it.

    MP3 -> timeline, frames, chapters      `container`
    MP3 -> samples -> onsets and levels    `decoded`, `sound`

The decoder is libsndfile's, which did not make the file. The track is heard once, in pieces of some seconds. What
cannot be measured is listed, never counted as right.

**How to add a check:** return one more `Check` from `check_container` (bytes) or `check_sound` (samples).
"""

from pathlib import Path

from audiogen.verify.report import Check, Finding, Report

__all__ = ["Check", "Finding", "Report", "verify"]


def verify(path: str | Path) -> Report:
    """Measure a track against the timeline that it carries.

    Raises:
        TrackError: the file is no MP3, is cut short, or carries no timeline.
    """
    from audiogen.verify.container import check_container
    from audiogen.verify.decoded import Decoded
    from audiogen.verify.sound import check_sound

    path = Path(path)
    timeline, frames, chapters = check_container(path)
    with Decoded(path) as decoded:
        length, holds, *sounds = check_sound(timeline, decoded)
    return Report(path, timeline, (frames, length, chapters, holds, *sounds))
