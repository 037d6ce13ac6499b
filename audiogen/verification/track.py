"""Check a decoded track as a whole: length, loudness, peak, and whether it decodes without an error.

Decoded, heard to its end -> Checks
"""

import math
from collections.abc import Sequence

from audiogen.audio.meter import Meter
from audiogen.audio.pcm import SAMPLES_PER_MS
from audiogen.export.formats import Format
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.track.peaks import PEAK_DBTP
from audiogen.verification.decoded import Decoded
from audiogen.verification.report import Check, Finding, clock, named

LOUDNESS_LU = 0.7  # how far the whole may be from the requested loudness
SPREAD_LU = 1.0  # between the softest cue and the loudest
# Above -18 LUFS a cue with a sharp peak stays softer, since no peak is turned down by more than 9 dB; few have one.
EVEN_UP_TO_LUFS, FEW = -18, 0.05
LAST_FRAME = 1024  # samples of AAC, which older decoders play to the end


def check_decoding(decoded: Decoded, kind: Format) -> Check:
    """Check that a format whose frames only its decoder knows decodes without an error."""
    if decoded.broken:
        found = Finding(round(decoded.length / SAMPLES_PER_MS), "file", f"{decoded.decoder}: {decoded.broken}")
        return Check("frames", 0, kind.name, (found,))
    return Check("frames", 1, f"{kind.name}, decoded by {decoded.decoder} without a gap")


def check_length(timeline: Timeline, decoded: Decoded, kind: Format) -> Check:
    planned = timeline.length_ms * SAMPLES_PER_MS
    measured = f"{clock(decoded.length / SAMPLES_PER_MS)}, {decoded.length:,} samples"
    allowed = LAST_FRAME if kind.name == "AAC" else 1
    if 0 <= decoded.length - planned < allowed:
        return Check("length", 1, measured)
    over_ms = (decoded.length - planned) / SAMPLES_PER_MS
    what = f"{abs(over_ms):.2f} ms too {'long' if over_ms > 0 else 'short'} for {clock(timeline.length_ms)}"
    return Check("length", 0, measured, (Finding(None, "file", what),))


def check_peak(meter: Meter) -> Check:
    """Check the true peak: the highest level, between samples too."""
    measured = f"{meter.peak_dbtp:.1f} dBTP at most"
    if meter.peak_dbtp <= PEAK_DBTP:
        return Check("peak", 1, measured)
    what = f"{meter.peak_dbtp:.1f} dBTP, louder than {PEAK_DBTP} dBTP"
    return Check("peak", 0, measured, (Finding(None, "file", what),))


def check_loudness(timeline: Timeline, cues: Sequence[tuple[float, Event]], meter: Meter) -> Check:
    """Check the loudness of the whole; with many tones it may be less, as long as the speech is loud enough.

    `cues` are those that were found, each with its own loudness.
    """
    whole, wanted = f"{meter.lufs:.1f} LUFS in total", timeline.mix.lufs
    reason = _no_speech(timeline) or ("" if cues else "no cue was found")
    if reason:
        return Check("loudness", 0, whole, unmeasured=(Finding(None, "file", reason),))
    spoken_ms = sum(cue.length_ms for _, cue in cues)
    speech = 10 * math.log10(sum(cue.length_ms * 10 ** (lufs / 10) for lufs, cue in cues) / spoken_ms)
    measured = f"speech {speech:.1f} LUFS, {whole}"
    off_lu = (meter.lufs if meter.lufs > wanted else min(wanted, max(meter.lufs, speech))) - wanted
    if abs(off_lu) <= LOUDNESS_LU:
        return Check("loudness", 1, measured)
    what = f"{measured}, {abs(off_lu):.1f} LU {'louder' if off_lu > 0 else 'softer'} than the requested {wanted}"
    return Check("loudness", 0, measured, (Finding(None, "file", what),))


def _no_speech(timeline: Timeline) -> str | None:
    """Say why the loudness of the whole track does not show that of its speech."""
    if timeline.mix.music:
        return "music is playing"
    if not any(event.kind == "say" for event in timeline.events):
        return "no speech"
    return None


def check_spread(timeline: Timeline, cues: Sequence[tuple[float, Event]]) -> Check:
    """Check that the loudest cue is not much louder than the softest; `cues` are those found, with their loudness."""
    if not cues:
        missing = _no_speech(timeline) or "no cue was found"
        return Check("even cues", 0, "", unmeasured=(Finding(None, "file", missing),))
    softest, loudest = (chosen(cues, key=lambda cue: cue[0]) for chosen in (min, max))
    spread_lu = loudest[0] - softest[0]
    measured = f"{softest[0]:.1f} to {loudest[0]:.1f} LUFS"
    softer = sum(lufs < loudest[0] - SPREAD_LU for lufs, _ in cues)
    if not softer:
        return Check("even cues", 1, measured)
    if timeline.mix.lufs > EVEN_UP_TO_LUFS and softer <= FEW * len(cues):
        return Check("even cues", 1, f"{measured}; {softer} of {len(cues)} softer because of a sharp peak")
    what = f"{named(softest[1])} is {spread_lu:.1f} LU softer than {named(loudest[1])}"
    finding = Finding(softest[1].start_ms, timeline.name_of(softest[1].place), what)
    return Check("even cues", 0, measured, (finding,))
