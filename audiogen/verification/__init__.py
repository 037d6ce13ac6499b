"""A finished track -> Report: what it promises, measured on what a decoder makes of it.

    file -> timeline, frames, chapters, lyrics    `container`, `labels`
    file -> samples -> onsets and levels          `decoded`, `sound`, `whole`

The decoder did not make the file: libsndfile for MP3, ffmpeg for the rest where there is one. The track is heard once,
in pieces of some seconds. What cannot be measured is listed, never counted as right.

**How to add a check:** return one more `Check` from `check_container` (bytes), or from the end of `verify` (samples).
"""

from pathlib import Path

from audiogen.verification.report import Check, Finding, Report

__all__ = ["Check", "Finding", "Report", "verify"]


def verify(path: str | Path) -> Report:
    """Measure a track against the timeline that it carries.

    Raises:
        TrackError: the file is no MP3, is cut short, or carries no timeline.
    """
    from audiogen.audio.meter import Meter
    from audiogen.verification.container import check_container
    from audiogen.verification.decoded import decode
    from audiogen.verification.sound import Listener
    from audiogen.verification.track import check_decoding, check_length, check_loudness, check_peak, check_spread

    path = Path(path)
    kind, timeline, frames, labels = check_container(path)
    channels = 2 if timeline.mix.music else 1
    meter = Meter(channels)
    with decode(path, kind, channels) as decoded:
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
    )
