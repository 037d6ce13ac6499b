"""What sounds below a session: an ambience by name or a file of the user's, for as long as it lasts.

    "rain", or a path -> MusicStream: stereo samples without an end, at one loudness

A file is read by libsndfile or, where that cannot, by ffmpeg; heard once for its length and its loudness, which are
cached by its content; and then looped: its end fades into its beginning. It is read anew for each pass, so a long one
needs no more memory than a short one. A file that is missing, broken, silent or too short is an error before anything
is spoken.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, Protocol

from pydantic import Field, TypeAdapter

from audiogen.audio.downmix import CANCELLED
from audiogen.audio.meter import BLOCK_MS, gated, weighted
from audiogen.audio.pcm import RATE, SAMPLES_PER_MS, ratio
from audiogen.errors import MusicError, OutputError, Problem
from audiogen.routine.music import Music
from audiogen.storage.cache import Cache, key_of, version_of
from audiogen.storage.files import exists
from audiogen.track.music.ambience import Ambience
from audiogen.track.music.decoded import AT_ONCE, samples_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

MUSIC_VERSION = 3  # part of the keys: one more whenever a file is heard in another way
LUFS = -28.0  # of the music where nothing else sounds; speech in both channels of a stereo file reads -15
SHORTEST_MS = 3000
SILENT_LUFS = -60.0  # a file below this has nothing in it
CROSSFADE_MS = 4000  # at the loop, or a quarter of a short file
WARM_MS = 100  # in which the meter's filters settle


class Source(Protocol):
    """Where samples come from, without an end."""

    def read(self, count: int) -> "Samples":
        """The next `count` samples, [count, 2]."""


class Heard(NamedTuple):
    """What is known of music once it was heard: samples at 48 kHz, its loudness, whether its sides are opposed.

    Opposed sides cancel each other on a speaker that plays both, as those of phones do.
    """

    samples: Annotated[int, Field(ge=0)]
    lufs: Annotated[float, Field(allow_inf_nan=False)]
    opposed: bool = False


class MusicStream:
    """A source at its loudness."""

    def __init__(self, source: Source, heard: Heard) -> None:
        import numpy as np

        self._source = source
        gain = ratio(LUFS - heard.lufs)
        self._gains = np.array([gain, -gain if heard.opposed else gain], np.float32)

    def read(self, count: int) -> "Samples":
        """The next `count` samples, [count, 2], full scale 1."""
        return self._source.read(count) * self._gains


def find_music(music: Music, out: Path, cache: Cache) -> None:
    """Make sure that there is such music, that it can be read, and that the track is not to take its place.

    Raises: MusicError, FfmpegError, OutputError.
    """
    if music.file is None:
        return
    _heard_file(music.file, cache)
    if exists(out) and out.samefile(music.file):
        raise OutputError(Problem("track.output-is-music", subject=str(out)))


@contextlib.contextmanager
def open_music(music: Music, cache: Cache, *, crossfade_ms: int = CROSSFADE_MS) -> Iterator[MusicStream]:
    """The music, from its beginning.

    Raises: MusicError, FfmpegError: the file cannot be read, or changed while it was in use.
    """
    path = music.file
    if path is None:
        yield MusicStream(Ambience(music.name), _heard_ambience(music.name, cache))
        return
    heard = _heard_file(path, cache)
    looped = _Looped(path, heard.samples, min(crossfade_ms * SAMPLES_PER_MS, heard.samples // 4))
    with contextlib.closing(looped):
        yield MusicStream(looped, heard)


# -- what is known of it


def _heard_ambience(name: str, cache: Cache) -> Heard:
    key = key_of(ambience=name, version=MUSIC_VERSION, numpy=version_of("numpy"))

    def listen() -> Heard:
        ambience = Ambience(name)
        return _hear(ambience.read(AT_ONCE) for _ in range(30))  # a minute

    return _kept(cache, key, listen)


def _heard_file(path: Path, cache: Cache) -> Heard:
    key = key_of(
        music=_digest(path), version=MUSIC_VERSION, decoder=version_of("soundfile"), resampler=version_of("soxr")
    )
    heard = _kept(cache, key, lambda: _hear(samples_of(path)))
    if heard.samples < SHORTEST_MS * SAMPLES_PER_MS:
        least, lasts = f"{SHORTEST_MS // 1000} s", f"{heard.samples / RATE:.1f} s"
        raise MusicError(Problem("track.music-too-short", subject=str(path), expected=least, found=lasts))
    if heard.lufs < SILENT_LUFS:
        raise MusicError(Problem("track.music-silent", subject=str(path)))
    return heard


def _kept(cache: Cache, key: str, listen: Callable[[], Heard]) -> Heard:
    entry = cache.get("clips", key)
    if entry is not None:
        with contextlib.suppress(ValueError):
            return TypeAdapter(Heard).validate_json(entry.body, strict=True)
    heard = listen()
    cache.put("clips", key, json.dumps(heard._asdict()).encode(), heard.samples // SAMPLES_PER_MS)
    return heard


def _hear(pieces: "Iterator[Samples]") -> Heard:
    """Listen to samples, in constant memory but for a number for each tenth of a second."""
    import numpy as np

    samples, tenths = 0, [np.zeros(0)]
    middle = sides = 0.0
    for piece, power in with_power(pieces):
        samples += len(piece)
        middle += float(np.square(piece.sum(axis=1) / 2).sum())
        sides += float(np.square(piece).sum() / 2)
        tenths.append(power[: len(power) // 100 * 100].reshape(-1, 100).mean(axis=1))
    joined = np.concatenate(tenths)
    block = BLOCK_MS // 100
    if len(joined) < block:
        return Heard(samples, SILENT_LUFS - 1)
    lufs = gated(np.convolve(joined, np.full(block, 1 / block), "valid"))
    return Heard(samples, lufs, opposed=middle < CANCELLED * sides)


def with_power(pieces: "Iterator[Samples]") -> "Iterator[tuple[Samples, NDArray[np.float64]]]":
    """Each piece with the K-weighted power of its milliseconds, both channels together."""
    import numpy as np

    before = np.zeros((WARM_MS * SAMPLES_PER_MS, 2), np.float32)
    for piece in pieces:
        both = np.concatenate([before, piece])
        length_ms = len(piece) // SAMPLES_PER_MS
        power = sum(weighted(both[:, channel])[WARM_MS : WARM_MS + length_ms] for channel in (0, 1))
        yield piece, np.asarray(power)
        before = both[-len(before) :]


def _digest(path: Path) -> str:
    Music(str(path)).require()
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except OSError as error:
        raise MusicError(
            Problem("track.music-unreadable", subject=str(path), found=error.strerror or str(error))
        ) from error
    return digest.hexdigest()


# -- its samples


class _Looped:
    """A file over and over; the end of each pass fades into the beginning of the next."""

    def __init__(self, path: Path, samples: int, crossfade: int) -> None:
        import numpy as np

        self._pieces = self._endless(path, samples, crossfade)
        self._waiting = np.zeros((0, 2), np.float32)

    def read(self, count: int) -> "Samples":
        import numpy as np

        parts, have = [self._waiting], len(self._waiting)
        while have < count:
            parts.append(next(self._pieces))
            have += len(parts[-1])
        joined = np.concatenate(parts)
        self._waiting = joined[count:]
        return joined[:count]

    def close(self) -> None:
        self._pieces.close()

    @staticmethod
    def _endless(path: Path, samples: int, crossfade: int) -> "Generator[Samples]":
        import numpy as np

        # The two are strangers to each other, so their powers add up to one.
        turn = np.linspace(0, np.pi / 2, crossfade, dtype=np.float32)[:, np.newaxis]
        rising, falling = np.sin(turn), np.cos(turn)
        ending = None
        while True:
            at = 0
            held = np.zeros((0, 2), np.float32)
            for piece in samples_of(path):
                if ending is not None and at < crossfade:
                    count = min(len(piece), crossfade - at)
                    span = slice(at, at + count)
                    piece[:count] = piece[:count] * rising[span] + ending[span] * falling[span]
                at += len(piece)
                held = np.concatenate([held, piece])
                ready = len(held) - crossfade
                if ready > 0:
                    yield held[:ready]
                    held = held[ready:]
            if at != samples:
                raise MusicError(Problem("track.music-changed", subject=str(path)))
            ending = held
