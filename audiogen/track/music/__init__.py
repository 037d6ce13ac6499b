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
from typing import TYPE_CHECKING, NamedTuple, Protocol

from audiogen.audio.ffmpeg import FfmpegError, decoding, require_ffmpeg
from audiogen.audio.meter import BLOCK_MS, gated, weighted
from audiogen.audio.pcm import RATE, SAMPLES_PER_MS, ratio
from audiogen.errors import MusicError, OutputError, Problem
from audiogen.routine.music import Music
from audiogen.storage.cache import Cache, key_of, version_of
from audiogen.track.music.ambience import Ambience

if TYPE_CHECKING:
    import numpy as np
    import soundfile
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

MUSIC_VERSION = 1  # part of the keys: one more whenever a file is heard in another way
LUFS = -28.0  # of the music where nothing else sounds; speech in both channels of a stereo file reads -15
SHORTEST_MS = 3000
SILENT_LUFS = -60.0  # a file below this has nothing in it
CROSSFADE_MS = 4000  # at the loop, or a quarter of a short file
AT_ONCE = 96_000  # samples
WARM_MS = 100  # in which the meter's filters settle


class Source(Protocol):
    """Where samples come from, without an end."""

    def read(self, count: int) -> "Samples":
        """The next `count` samples, [count, 2]."""


class Heard(NamedTuple):
    """What is known of music once it was heard: samples at 48 kHz, and its loudness."""

    samples: int
    lufs: float


class MusicStream:
    """A source at its loudness."""

    def __init__(self, source: Source, lufs: float) -> None:
        self._source = source
        self._gain = ratio(LUFS - lufs)

    def read(self, count: int) -> "Samples":
        """The next `count` samples, [count, 2], full scale 1."""
        return self._source.read(count) * self._gain


def find_music(music: Music, out: Path, cache: Cache) -> None:
    """Make sure that there is such music, that it can be read, and that the track is not to take its place.

    Raises: MusicError, FfmpegError, OutputError.
    """
    if music.file is None:
        return
    _heard_file(music.file, cache)
    if out.exists() and out.samefile(music.file):
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
        yield MusicStream(looped, heard.lufs)


# -- what is known of it


def _heard_ambience(name: str, cache: Cache) -> float:
    key = key_of(ambience=name, version=MUSIC_VERSION, numpy=version_of("numpy"))

    def listen() -> Heard:
        ambience = Ambience(name)
        return _hear(ambience.read(AT_ONCE) for _ in range(30))  # a minute

    return _kept(cache, key, listen).lufs


def _heard_file(path: Path, cache: Cache) -> Heard:
    key = key_of(
        music=_digest(path), version=MUSIC_VERSION, decoder=version_of("soundfile"), resampler=version_of("soxr")
    )
    heard = _kept(cache, key, lambda: _hear(_decoded(path)))
    if heard.samples < SHORTEST_MS * SAMPLES_PER_MS:
        least, lasts = f"{SHORTEST_MS // 1000} s", f"{heard.samples / RATE:.1f} s"
        raise MusicError(Problem("track.music-too-short", subject=str(path), expected=least, found=lasts))
    if heard.lufs < SILENT_LUFS:
        raise MusicError(Problem("track.music-silent", subject=str(path)))
    return heard


def _kept(cache: Cache, key: str, listen: Callable[[], Heard]) -> Heard:
    entry = cache.get("clips", key)
    if entry is not None:
        with contextlib.suppress(ValueError, TypeError):
            return Heard(**json.loads(entry.body))
    heard = listen()
    cache.put("clips", key, json.dumps(heard._asdict()).encode(), heard.samples // SAMPLES_PER_MS)
    return heard


def _hear(pieces: "Iterator[Samples]") -> Heard:
    """Length and loudness of samples, in constant memory but for a number for each tenth of a second."""
    import numpy as np

    samples, tenths = 0, [np.zeros(0)]
    for piece, power in with_power(pieces):
        samples += len(piece)
        tenths.append(power[: len(power) // 100 * 100].reshape(-1, 100).mean(axis=1))
    joined = np.concatenate(tenths)
    block = BLOCK_MS // 100
    if len(joined) < block:
        return Heard(samples, SILENT_LUFS - 1)
    return Heard(samples, gated(np.convolve(joined, np.full(block, 1 / block), "valid")))


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
            for piece in _decoded(path):
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


def _decoded(path: Path) -> "Iterator[Samples]":
    """Pieces [samples, 2] at 48 kHz, of whole milliseconds but for the last."""
    import soundfile

    try:
        file = soundfile.SoundFile(path)
    except soundfile.SoundFileError as error:
        yield from _decoded_by_ffmpeg(path, str(error))
        return
    with file:
        try:
            yield from _of_whole_ms(_resampled(file))
        except soundfile.SoundFileError as error:
            raise MusicError(Problem("track.music-damaged", subject=str(path), found=str(error))) from error


def _resampled(file: "soundfile.SoundFile") -> "Iterator[Samples]":
    import numpy as np
    import soxr

    resampler = None if file.samplerate == RATE else soxr.ResampleStream(file.samplerate, RATE, 2, dtype="float32")
    ended = False
    while not ended:
        piece = file.read(AT_ONCE, dtype="float32", always_2d=True)
        ended = len(piece) < AT_ONCE
        stereo = _stereo(np.nan_to_num(piece, posinf=0.0, neginf=0.0))
        yield resampler.resample_chunk(stereo, last=ended) if resampler else stereo


def _stereo(piece: "Samples") -> "Samples":
    """One channel on both sides; of more than two, every other one on each."""
    import numpy as np

    channels = piece.shape[1]
    if channels == 2:
        return piece
    sides = [piece[:, side % channels :: 2].mean(axis=1) for side in (0, 1)]
    return np.ascontiguousarray(np.stack(sides, axis=1))


def _decoded_by_ffmpeg(path: Path, why_not: str) -> "Iterator[Samples]":
    import numpy as np

    program = require_ffmpeg(f"Reading the music {path} ({why_not})")
    size = AT_ONCE * 2 * 4
    try:
        with decoding(program, path, channels=2, rate=RATE) as read:
            while data := read(size):
                piece = np.frombuffer(data[: len(data) // 8 * 8], "<f4").reshape(-1, 2)
                yield np.nan_to_num(piece, posinf=0.0, neginf=0.0)
                if len(data) < size:
                    return
    except FfmpegError as error:
        raise MusicError(Problem("track.music-unreadable", subject=str(path), found=str(error))) from error


def _of_whole_ms(pieces: "Iterator[Samples]") -> "Iterator[Samples]":
    import numpy as np

    rest = np.zeros((0, 2), np.float32)
    for piece in pieces:
        joined = np.concatenate([rest, piece])
        whole = len(joined) // SAMPLES_PER_MS * SAMPLES_PER_MS
        rest = joined[whole:]
        if whole:
            yield joined[:whole]
    if len(rest):
        yield rest
