"""What rings on from a tone into the silence behind it: the tone as it was found -> what is heard there besides it.

The ring is known to the sample, and how loud it is as well, from the tone before it; so it can be taken away.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogen.audio.pcm import SAMPLE_BYTES, SAMPLES_PER_MS
from audiogen.timeline.events import Event
from audiogen.track.blocks import Sound
from audiogen.track.stitch import rung
from audiogen.track.tones import Tones
from audiogen.verification.decoded import Decoded

Wave = NDArray[np.float64]

BESIDE = 0.25  # of a ring's loudest sample: what is heard besides it; a coder leaves less than half of that


class Ring(NamedTuple):
    """A ring in [start_ms, end_ms) of the timeline, which is heard at sample `at`."""

    start_ms: int
    end_ms: int
    at: int
    samples: Wave

    def over(self, tile: Event) -> int:
        """For how many milliseconds of a tile it is heard."""
        return max(0, min(self.end_ms, tile.end_ms) - max(self.start_ms, tile.start_ms))

    def is_alone(self, decoded: Decoded, tile: Event, silent: float) -> bool:
        """Whether nothing else is heard in a tile as long as it rings there."""
        first = (max(self.start_ms, tile.start_ms) - self.start_ms) * SAMPLES_PER_MS
        wanted = self.samples[first : first + self.over(tile) * SAMPLES_PER_MS]
        heard = decoded.between(self.at + first, self.at + first + len(wanted))
        beside = float(np.abs(heard - wanted).max(initial=0.0))
        return beside <= max(silent, BESIDE * float(np.abs(self.samples).max(initial=0.0)))


def planned(tones: Tones, role: str, length_ms: int, decay_ms: int | None, *, goes_on: bool) -> Wave:
    """A tone and its ring as they were to be heard, full scale 1; raises SoundError as `Tones` does.

    Of one that goes on below what follows it, only what is heard before that.
    """
    if goes_on:
        return np.frombuffer(tones.pcm(role)[: length_ms * SAMPLES_PER_MS * SAMPLE_BYTES], "<i2") / 32768
    sound = Sound(0, length_ms, "tone", role, decay_ms=decay_ms)
    return np.frombuffer(rung(tones.segment(role), sound).raw_data, "<i2") / 32768


def ring_of(tile: Event, heard: Wave, decoded: Decoded, found: int) -> Ring:
    """The ring of a tone that begins at sample `found`; `heard` is both as planned."""
    count = tile.length_ms * SAMPLES_PER_MS
    tone = heard[:count]
    # By `einsum`, as the loudness: a product of matrices wakes up a thread on each core, for a sum this short.
    as_loud = np.einsum("i,i->", decoded.between(found, found + count), tone)
    gain = float(as_loud / max(np.einsum("i,i->", tone, tone), 1e-12))
    decays_ms = (len(heard) - count) // SAMPLES_PER_MS
    return Ring(tile.end_ms, tile.end_ms + decays_ms, found + count, gain * heard[count:])
