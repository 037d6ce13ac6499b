"""Checks of a decoded track as a whole: its length, its peak, and whether its decoder went through it.

Decoded, heard to its end -> Checks
"""

from audiogen.blocks import SAMPLES_PER_MS
from audiogen.formats import Format
from audiogen.meter import Meter
from audiogen.timeline import Timeline
from audiogen.verify.decoded import Decoded
from audiogen.verify.report import Check, Finding, clock

__all__ = ["check_decoding", "check_length", "check_peak"]

PEAK_DBTP = -1.5
LAST_FRAME = 1024  # samples of AAC, of which older decoders play the last ones to their end


def check_decoding(decoded: Decoded, kind: Format) -> Check:
    """Whether a decoder finds nothing broken, for formats whose frames nobody but it can tell."""
    if decoded.broken:
        found = Finding(round(decoded.length / SAMPLES_PER_MS), "file", f"{decoded.decoder}: {decoded.broken}")
        return Check("frames", 0, kind.name, (found,))
    return Check("frames", 1, f"{kind.name}, without a gap for {decoded.decoder}")


def check_length(timeline: Timeline, decoded: Decoded, kind: Format) -> Check:
    planned = timeline.length_ms * SAMPLES_PER_MS
    measured = f"{clock(decoded.length / SAMPLES_PER_MS)}, {decoded.length:,} samples"
    allowed = LAST_FRAME if kind.module == "m4a" else 1
    if 0 <= decoded.length - planned < allowed:
        return Check("length", 1, measured)
    over_ms = (decoded.length - planned) / SAMPLES_PER_MS
    what = f"{abs(over_ms):.2f} ms too {'long' if over_ms > 0 else 'short'} for {clock(timeline.length_ms)}"
    return Check("length", 0, measured, (Finding(None, "file", what),))


def check_peak(meter: Meter) -> Check:
    """The loudest that the track gets, between its samples, too, where decoders and converters pass."""
    measured = f"{meter.peak_dbtp:.1f} dBTP at most"
    if meter.peak_dbtp <= PEAK_DBTP:
        return Check("peak", 1, measured)
    what = f"{meter.peak_dbtp:.1f} dBTP, louder than {PEAK_DBTP} dBTP"
    return Check("peak", 0, measured, (Finding(None, "file", what),))
