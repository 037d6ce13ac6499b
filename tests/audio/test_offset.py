"""What is too low to be heard: at single places, and in all of a sound."""

import numpy as np
import pytest

from audiogen.audio.offset import offset_at, without_offset


@pytest.mark.parametrize("rate", [8000, 24_000, 44_100])
@pytest.mark.parametrize("length_s", [0.02, 2.0])
def test_an_offset_at_a_place_is_what_is_removed_there(rate: int, length_s: float) -> None:
    random = np.random.default_rng(7)
    drift = np.cumsum(random.normal(0, 1, int(length_s * rate)))
    sound = (drift / np.abs(drift).max() + random.normal(0, 0.1, len(drift))).astype(np.float32)
    removed = sound - without_offset(sound, rate)
    for place in (0, 9, len(sound) // 2, len(sound) - 1):
        assert offset_at(sound, rate, place) == pytest.approx(removed[place], rel=1e-3, abs=1e-5)
