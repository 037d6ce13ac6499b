"""A user's own files as tones: role -> file -> sound that begins at once and is as loud as a tone.

They are read once; what is made of them is cached under the digest of their bytes, so that a plan knows their lengths
without decoding anything, and a file that changes is another sound.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiogen.audio.downmix import downmix
from audiogen.audio.libsndfile import is_longer, low_rate, reason_of
from audiogen.audio.offset import without_offset
from audiogen.audio.pcm import RATE, SAMPLE_BYTES, SAMPLES_PER_MS, ratio
from audiogen.durations import format_duration
from audiogen.errors import Problem, SoundError
from audiogen.routine.sounds import LONGEST_MS, Sounds
from audiogen.storage.cache import Cache, key_of, version_of
from audiogen.storage.files import exists, reading
from audiogen.timeline.model import OwnSound
from audiogen.track.tones.synthesis import edged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float64]

OWN_VERSION = 3  # part of the keys: one more whenever something else is made of the same file
MOST_BYTES = 50_000_000
MOST_S = 120.0  # decoded at all

LOUD_DBFS = -16.0  # RMS of the loudest tenth of a second, near that of the computed tones …
PEAK_DBFS = -9.0  # … unless a peak would be above this
BEGINS_DBFS = -50.0  # the first sample above this is the onset
OVER_DBFS = -60.0  # the last above this is the end
FADE_IN_MS = 1  # a file may begin in the middle of a wave
FADE_OUT_MS = 10
SILENT_DBFS = -60.0  # of the file as it is: nothing is to be heard in it


def own_sounds(cache: Cache, sounds: Sounds) -> tuple[OwnSound, ...]:
    """What stands in the place of tones, with its lengths.

    Raises:
        SoundError: files that are missing, unreadable, silent or too long; all of them, a line each.
    """
    heard = list(_each(cache, sounds))
    unusable = [(role, one) for role, one in heard if isinstance(one, SoundError)]
    if unusable:
        raise SoundError(*(replace(it, place=f"sounds: {role}") for role, one in unusable for it in one.problems))
    return tuple(one for _, one in heard if isinstance(one, OwnSound))


def unusable(cache: Cache, sounds: Sounds) -> Iterator[tuple[str, Problem]]:
    """Yield the roles whose files cannot be used, with each reason."""
    for role, one in _each(cache, sounds):
        if isinstance(one, SoundError):
            yield from ((role, problem) for problem in one.problems)


def _each(cache: Cache, sounds: Sounds) -> Iterator[tuple[str, OwnSound | SoundError]]:
    for role, file in sounds.files.items():
        try:
            yield role, _own_sound(cache, role, Path(file))
        except SoundError as error:
            yield role, error


def _own_sound(cache: Cache, role: str, path: Path) -> OwnSound:
    body = _bytes_of(path)
    sha256 = hashlib.sha256(body).hexdigest()
    length_ms = cache.length_ms("clips", own_key(sha256))
    if length_ms is None:
        pcm = prepared(body, path)
        length_ms = len(pcm) // (SAMPLE_BYTES * SAMPLES_PER_MS)
        cache.put("clips", own_key(sha256), pcm, length_ms)
    longest_ms = LONGEST_MS.get(role, LONGEST_MS["bell"])  # a cue's own file may be as long as a bell
    if length_ms > longest_ms:
        longest, found = format_duration(longest_ms), format_duration(length_ms)
        raise SoundError(Problem("track.sound-too-long", subject=str(path), expected=longest, found=found))
    return OwnSound(role, path.name, sha256, length_ms, path)


def _bytes_of(path: Path) -> bytes:
    if not exists(path):
        raise SoundError(Problem("track.no-sound-file", subject=str(path)))
    with reading(path, SoundError, "a sound file") as file:
        body = file.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise SoundError(Problem("track.sound-too-large", subject=str(path), expected=f"{MOST_BYTES // 1_000_000} MB"))
    return body


def own_key(sha256: str) -> str:
    """The key of what is made of a file with these bytes."""
    versions = {"decoder": version_of("soundfile"), "resampler": version_of("soxr"), "numpy": version_of("numpy")}
    return key_of(own_sound=sha256, version=OWN_VERSION, **versions)


def prepared(body: bytes, path: Path) -> bytes:
    """A sound file as a tone: mono, 16 bit, 48 kHz, levelled, without the silence around it, of whole milliseconds.

    Raises:
        SoundError: no sound file, nothing to hear in it, or far too long.
    """
    import numpy as np
    import soxr

    mono, rate = _decoded(body, path)
    audible = without_offset(mono.astype(np.float64), rate)  # an offset before the onset would pass for sound
    if np.abs(audible).max(initial=0.0) < ratio(SILENT_DBFS):
        raise SoundError(Problem("track.sound-silent", subject=str(path)))
    sound = _levelled(np.asarray(soxr.resample(audible, rate, RATE, "VHQ"), dtype=np.float64))
    loud = np.abs(sound)
    first = int(np.argmax(loud > ratio(BEGINS_DBFS)))
    last = len(loud) - int(np.argmax(loud[::-1] > ratio(OVER_DBFS)))
    sound = sound[first:last]
    sound = np.pad(sound, (0, -len(sound) % SAMPLES_PER_MS))
    sound = edged(sound, min(FADE_IN_MS, len(sound) // SAMPLES_PER_MS), min(FADE_OUT_MS, len(sound) // SAMPLES_PER_MS))
    pcm = np.rint(sound * 32767).astype("<i2")
    if np.abs(pcm).max(initial=0) < ratio(BEGINS_DBFS) * 32767:  # a single sample of a damaged file, faded in
        raise SoundError(Problem("track.sound-silent", subject=str(path)))
    return pcm.tobytes()


def _decoded(body: bytes, path: Path) -> tuple["Samples", int]:
    import numpy as np
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(body)) as file:
            if problem := low_rate(file, str(path)):
                raise SoundError(problem)
            if is_longer(file, MOST_S):
                lasts = format_duration(round(file.frames / file.samplerate) * 1000)
                raise SoundError(Problem("track.sound-not-short", subject=str(path), found=lasts))
            samples = file.read(dtype="float64", always_2d=True)
            rate = int(file.samplerate)
    except soundfile.SoundFileError as error:
        raise SoundError(Problem("track.sound-unreadable", subject=str(path), found=reason_of(error))) from error
    return downmix(np.nan_to_num(samples, posinf=0.0, neginf=0.0)), rate  # as a float WAV may hold


def _levelled(sound: "Samples") -> "Samples":
    """As loud as a tone, by its loudest tenth of a second."""
    import numpy as np

    window = 100 * SAMPLES_PER_MS
    sums = np.concatenate([[0.0], np.cumsum(np.pad(sound, (0, window)) ** 2)])
    loudest = float(np.sqrt((sums[window:] - sums[:-window]).max() / window))
    return sound * min(ratio(LOUD_DBFS) / loudest, ratio(PEAK_DBFS) / float(np.abs(sound).max()))
