"""What keeps speech and music together from being too loud: without it, loud music clips where a word begins."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audiogen.track.music.mix import EDGE_MS, _giving_way

CEILING = 10 ** (-3.0 / 20)  # what codecs add, 1.5 dB at most, leaves the peak that a track promises
PEAKS = st.lists(st.tuples(st.floats(0, CEILING), st.floats(0, 1)), min_size=1, max_size=80)


@given(PEAKS)
def test_speech_and_music_together_stay_below_the_ceiling(peaks: list[tuple[float, float]]) -> None:
    voice, sound = np.array(peaks).T
    assert (voice + sound * _giving_way(voice, sound)).max() <= CEILING + 1e-9


def test_music_gives_way_only_near_what_is_too_loud() -> None:
    voice, sound = np.zeros(101), np.full(101, 0.5)
    voice[50] = CEILING
    gain = _giving_way(voice, sound)
    assert gain[50] == 0
    assert (gain[: 50 - EDGE_MS] == 1).all()
    assert (gain[50 + EDGE_MS + 1 :] == 1).all()
