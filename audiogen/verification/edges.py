"""Decoded samples of one sound -> where it is first and last heard, in milliseconds.

A decay has no end that could be measured: it sinks into what is below it, and goes on there as it did until then.
"""

import numpy as np
from numpy.typing import NDArray

from audiogen.audio.offset import without_offset
from audiogen.audio.pcm import RATE, SAMPLES_PER_MS
from audiogen.track.noise_floor import RMS_DBFS
from audiogen.verification.report import dbfs

Samples = NDArray[np.floating]

WINDOW_MS = 20
BELOW_DBFS = {"digital": -84.0, "bed": RMS_DBFS + 5.0}  # the loudest 20 ms of the bed measure 3 dB above its level
DECAY_DB = 12.0  # a decay is measured from so far above that …
DECAYED_DB = -58.0  # … and over so far below the sound's peak: `clips` trims at -45 dB of peaks, 9 dB of them limited
EDGE_MS = 2  # the fade at a sound's edge, and what a coder makes of it
OWN_DB = -40.0  # below its peak: where an own sound is first heard


def audible_part(heard: Samples) -> Samples:
    """Remove what is too low to be heard, which moves so slowly that the mean of each row, a millisecond, shows it."""
    means = np.einsum("ij->i", heard) / SAMPLES_PER_MS
    audible: Samples = heard - (means - without_offset(means, 1000))[:, np.newaxis]
    return audible


def unheard_ms(heard: Samples, below_dbfs: float) -> float:
    """Measure how long before its end a sound is last heard, less what its decay may go on for unheard.

    `heard` has a row of samples for each millisecond; what is below `below_dbfs` is not told from the bed.
    """
    power = np.convolve(np.square(heard).mean(axis=1), np.full(WINDOW_MS, 1 / WINDOW_MS), "same")

    def last_over(level_dbfs: float) -> int:
        over = np.flatnonzero(power > 10 ** (level_dbfs / 10))
        return int(over[-1]) if len(over) else 0

    last = last_over(below_dbfs)
    ms_per_db = (last - last_over(below_dbfs + DECAY_DB)) / DECAY_DB
    unheard_db = max(0.0, below_dbfs - (dbfs(float(np.abs(heard).max())) + DECAYED_DB))
    return len(power) - 1 - last - ms_per_db * unheard_db


def heard_after_ms(samples: Samples, silent: float) -> float:
    """Measure how long after its first sample a sound is first heard, whatever inaudible comes before."""
    audible = np.abs(without_offset(samples[EDGE_MS * SAMPLES_PER_MS :], RATE))
    return int(np.argmax(audible > max(float(audible.max()) * 10 ** (OWN_DB / 20), silent))) / SAMPLES_PER_MS
