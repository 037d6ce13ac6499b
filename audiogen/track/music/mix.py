"""Speech over music: one stream of mono and one of stereo become one of stereo, in which every word is understood.

    Pieces of a session [samples, 1] + its timeline + music -> pieces [samples, 2]

The session's own samples stay as they are, at the sample where they were, the same in both channels. All that changes
is the music's gain, once a millisecond:

- Below every word it goes down, by `DUCK_DB` or as much more as is needed to be `BELOW_LU` softer than that very word
  in its loudest moment. It is down when the word begins, and comes back slowly.
- Below a tone, which is heard through music, it goes down a little and quickly. What is near stays as one: music that
  goes up and down with every repetition pumps.
- Where both together would be too loud it gives way for some milliseconds, so nothing is ever clipped.
- It fades in at the start, and is gone at the last sample.
"""

import functools
import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from audiogen.audio.meter import lufs_of, weighted
from audiogen.audio.pcm import SAMPLES_PER_MS, ratio
from audiogen.timeline.events import Event
from audiogen.timeline.model import Timeline
from audiogen.track.blocks import manners
from audiogen.track.countdown import counted
from audiogen.track.music import WARM_MS, MusicStream
from audiogen.track.stitch import Spoken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pieces = NDArray[np.int16]
    Samples = NDArray[np.float32]
    PerMs = NDArray[np.float64]

DUCK_DB = -8.0
TONE_DUCK_DB = -3.0
BELOW_LU = 14.0  # the music's loudest 100 ms against the whole of what sounds over it
BOTH_SIDES_LU = 3.01  # the same sound in two channels is louder by this

EARLY_MS = 50  # before a sound, the music is down
# Between two sounds that are nearer, 2.5 s without the slopes of tones, it stays as the less lowered one has it.
NEAR_MS = 2900

FADE_IN_MS = 2000
FADE_OUT_MS = 6000  # or a quarter of a short session

CEILING_DBFS = -3.0  # for speech and music together; codecs and the way between samples may add 1.5 dB to it
LOOK_MS = 5  # around a millisecond, over which the gain is the least that any needs …
SMOOTH_MS = 4  # … and how far to both sides it is evened out
EDGE_MS = LOOK_MS + SMOOTH_MS

CHUNK_MS = 1000
MUSIC_AT_ONCE_MS = 4000


def mixed(
    session: "Iterable[Pieces]",
    timeline: Timeline,
    music: MusicStream,
    clips: Spoken,
    *,
    level_db: float = 0.0,
) -> "Iterator[Pieces]":
    """The whole session, [samples, 2]; `level_db` makes the music louder or softer where nothing else sounds."""
    import numpy as np

    ducking = _Ducking(timeline, clips, level_db)
    speech = _Ahead(_floats(piece[:, 0]) for piece in session)
    below = _Ahead(music.read(MUSIC_AT_ONCE_MS * SAMPLES_PER_MS) for _ in itertools.count())
    for first_ms in range(0, timeline.length_ms, CHUNK_MS):
        last_ms = min(first_ms + CHUNK_MS, timeline.length_ms)
        begin_ms, end_ms = max(0, first_ms - EDGE_MS), min(last_ms + EDGE_MS, timeline.length_ms)
        voice = speech.between(begin_ms, end_ms)
        gain = ducking.gain(begin_ms, end_ms + 1, below)
        sound = below.between(begin_ms, end_ms) * _per_sample(gain)[:, np.newaxis]
        gap = _giving_way(_peaks(voice), _peaks(np.maximum(*np.abs(sound.T))))
        whole = voice[:, np.newaxis] + sound * _per_sample(np.append(gap, gap[-1]))[:, np.newaxis]
        whole = whole[(first_ms - begin_ms) * SAMPLES_PER_MS :][: (last_ms - first_ms) * SAMPLES_PER_MS]
        yield np.clip(np.rint(whole * 32768), -32768, 32767).astype(np.int16)
        speech.forget(last_ms - EDGE_MS)
        below.forget(last_ms - EDGE_MS)


# -- how far the music goes down


class _Dip(NamedTuple):
    """The music goes down by `depth_db` within `attack_ms`, is down in [start_ms, end_ms), and comes back."""

    start_ms: int
    end_ms: int
    depth_db: float
    attack_ms: int
    release_ms: int

    def share(self, at_ms: "PerMs") -> "PerMs":
        """0 where the music is free of it, 1 where it is down for it."""
        import numpy as np

        falling = np.clip((at_ms - (self.start_ms - self.attack_ms)) / self.attack_ms, 0, 1)
        rising = np.clip((self.end_ms + self.release_ms - at_ms) / self.release_ms, 0, 1)
        return np.asarray(_eased(falling) * _eased(rising))


def _word_dip(event: Event, depth_db: float) -> _Dip:
    return _Dip(event.start_ms - EARLY_MS, event.end_ms + 200, depth_db, attack_ms=600, release_ms=1600)


def _tone_dip(event: Event) -> _Dip:
    return _Dip(event.start_ms - EARLY_MS, event.over_ms, TONE_DUCK_DB, attack_ms=100, release_ms=300)


class _Ducking:
    """The music's gain for each millisecond of a session, as time goes on."""

    def __init__(self, timeline: Timeline, clips: Spoken, level_db: float) -> None:
        self._length_ms = timeline.length_ms
        self._level_db = level_db
        self._coming = iter(event for event in timeline.events if event.kind in ("say", "tone"))
        self._next = next(self._coming, None)
        self._last: _Dip | None = None
        self._near: deque[_Dip] = deque()
        self._manners = manners(timeline)
        self._lufs = functools.lru_cache(maxsize=256)(lambda text, manner: _sound_lufs(clips.pcm(text), manner))

    def gain(self, first_ms: int, last_ms: int, below: "_Ahead") -> "PerMs":
        """For [first_ms, last_ms), as a factor."""
        import numpy as np

        while self._next is not None and self._next.start_ms - NEAR_MS < last_ms:
            self._add(self._dip(self._next, below))
            self._next = next(self._coming, None)
        while self._near and self._near[0].end_ms + self._near[0].release_ms < first_ms:
            self._near.popleft()
        at_ms = np.arange(first_ms, last_ms, dtype=np.float64)
        down_db = np.zeros(len(at_ms))
        for dip in self._near:
            down_db = np.minimum(down_db, dip.depth_db * dip.share(at_ms))
        return np.asarray(10 ** ((down_db + self._level_db) / 20) * self._fades(at_ms))

    def _add(self, dip: _Dip) -> None:
        before, self._last = self._last, dip
        if before and dip.start_ms - before.end_ms < NEAR_MS:
            shallow = max(before, dip, key=lambda one: one.depth_db)
            self._near.append(shallow._replace(start_ms=before.start_ms, end_ms=dip.end_ms))
        self._near.append(dip)

    def _dip(self, event: Event, below: "_Ahead") -> _Dip:
        if event.kind == "tone" or not event.text:
            return _tone_dip(event)
        own = self._lufs(event.text, self._manners.get(event.start_ms, "")) + BOTH_SIDES_LU
        allowed = own - BELOW_LU - self._level_db - _loudest_lufs(below, event.start_ms, event.end_ms)
        return _word_dip(event, min(DUCK_DB, allowed))

    def _fades(self, at_ms: "PerMs") -> "PerMs":
        import numpy as np

        out_ms = min(FADE_OUT_MS, self._length_ms // 4)
        into = np.clip(at_ms / FADE_IN_MS, 0, 1)
        out = np.clip((self._length_ms - at_ms) / max(1, out_ms), 0, 1)
        return np.asarray(_eased(into) * _eased(out))


def _eased(share: "PerMs") -> "PerMs":
    """From 0 to 1 along half a cosine."""
    import numpy as np

    return np.asarray(0.5 - 0.5 * np.cos(np.pi * share))


def _sound_lufs(pcm: bytes, manner: str) -> float:
    """Of a clip, or of the number of a countdown that is made of it, without the silence around it."""
    import numpy as np

    sound = np.frombuffer(counted(pcm, manner) if manner else pcm, "<i2")
    return lufs_of(float(weighted(_floats(np.trim_zeros(sound) if manner else sound)).mean()))


def _floats(samples: "Pieces") -> "Samples":
    import numpy as np

    return samples.astype(np.float32) / np.float32(32768)


# -- how loud it may be


def _giving_way(voice: "PerMs", sound: "PerMs") -> "PerMs":
    """The gain of each millisecond that keeps both together below the ceiling; smooth, and never more than needed."""
    import numpy as np

    room = np.maximum(0.0, ratio(CEILING_DBFS) - voice)
    needed = np.minimum(1.0, room / np.maximum(sound, 1e-9))
    windows = np.lib.stride_tricks.sliding_window_view
    least = windows(np.pad(needed, LOOK_MS, mode="edge"), 2 * LOOK_MS + 1).min(axis=1)
    return np.asarray(windows(np.pad(least, SMOOTH_MS, mode="edge"), 2 * SMOOTH_MS + 1).mean(axis=1))


def _peaks(sound: "Samples") -> "PerMs":
    import numpy as np

    return np.asarray(np.abs(sound).reshape(-1, SAMPLES_PER_MS).max(axis=1), np.float64)


def _per_sample(gain: "PerMs") -> "Samples":
    """A gain at the beginning of each millisecond, and of the one behind the last, for each sample."""
    import numpy as np

    at = np.arange((len(gain) - 1) * SAMPLES_PER_MS) / SAMPLES_PER_MS
    return np.interp(at, np.arange(len(gain)), gain).astype(np.float32)


# -- samples that are looked at before and after their time


class _Ahead:
    """Pieces of whole milliseconds or not, read as far as is asked for, stored until they are dropped."""

    def __init__(self, pieces: "Iterator[Samples]") -> None:
        import numpy as np

        self._pieces = pieces
        self._kept = np.zeros(0, np.float32)
        self.first_ms = 0

    def between(self, first_ms: int, last_ms: int) -> "Samples":
        import numpy as np

        wanted = (last_ms - self.first_ms) * SAMPLES_PER_MS
        parts, have = [self._kept], len(self._kept)
        while have < wanted:
            parts.append(next(self._pieces))
            have += len(parts[-1])
        if len(parts) > 1:
            self._kept = np.concatenate(parts if len(self._kept) else parts[1:])
        return self._kept[(first_ms - self.first_ms) * SAMPLES_PER_MS : wanted]

    def forget(self, until_ms: int) -> None:
        if until_ms > self.first_ms:
            self._kept = self._kept[(until_ms - self.first_ms) * SAMPLES_PER_MS :]
            self.first_ms = until_ms


def _loudest_lufs(music: _Ahead, first_ms: int, last_ms: int) -> float:
    """Of the loudest tenth of a second of a stretch."""
    import numpy as np

    heard_ms = max(music.first_ms, first_ms - WARM_MS)
    both = music.between(heard_ms, last_ms)
    power = np.asarray(sum(weighted(side) for side in both.T))[first_ms - heard_ms :]
    return lufs_of(float(np.convolve(power, np.full(100, 0.01), "valid").max() if len(power) >= 100 else power.mean()))
