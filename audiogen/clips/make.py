"""Speech as an engine or a coach gave it -> a clip: trimmed, at its pace and loudness, its edges faded.

    audio files -> takes -> clip

A take is what was recorded of a sentence or a text, decoded and found good. A clip is 16-bit mono PCM at 48 kHz of
whole milliseconds; its sound begins within 10 ms.

Only what makes clips imports this: it is of no use without numpy, soundfile and soxr, which are loaded when needed.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from audiogen.audio.downmix import downmix
from audiogen.audio.libsndfile import is_longer, low_rate, reason_of
from audiogen.audio.loudness import LEVELLING, Levelled, clamped, levelled, sample_peaks
from audiogen.audio.offset import offset_at, without_offset
from audiogen.audio.pcm import RATE, SAMPLES_PER_MS, ratio
from audiogen.audio.stretch import changed_pace
from audiogen.durations import format_duration
from audiogen.errors import Problem, VoiceError
from audiogen.storage.cache import version_of
from audiogen.voices.delivery import Delivery

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

TRIMMING = 8  # part of the clips' keys: one more whenever the same take is trimmed or faded in another way

LONGEST_S = 600  # of one line
SPEECH_RATE = RATE // 2  # most voices have no higher one: they are stretched at this, in half the time
SILENT_DBFS = -55.0  # a take whose peak is below this has nothing in it
FLOOR_DBFS = -66.0  # quieter than this is never sound
OFFSET_DB = -50.0  # below the take's peak: an offset above this is taken out
START_DB = -40.0  # below the take's peak: where its sound begins …
END_DB = -45.0  # … and where its decay is over
BEFORE_MS = 5  # kept before the sound
AFTER_MS = 12  # kept after it, and faded out
FADE_IN_MS = 5

# Cues are a little louder than their track is to be: the edges of words and the tones bring its loudness down by about
# as much, and LAME gives an MP3 at 128 kbit/s or less back 0.445 dB quieter than it went in.
OVER_LU = 0.8
CEILING_DBTP = -1.7  # decoders give back peaks of up to -1.8 in an MP3 at 96 kbit/s
LOUD_LUFS = -18  # above this most clips have to be limited
YIELDING_LU = 0.6  # up to there: a clip with sharp peaks may be quieter by this, so that less is taken from them
LOUD_CEILING_DBTP = -2.6  # above it: the harder a clip is limited, the more its peaks grow in an encoder


class Take(NamedTuple):
    """Mono samples at a rate of any kind."""

    samples: "Samples"
    rate: int

    @property
    def length_ms(self) -> int:
        return round(len(self.samples) / self.rate * 1000)


def decoded(speech: bytes, text: str) -> Take:
    """A whole audio file.

    Raises: VoiceError where it is none, or where there is nothing to hear in it.
    """
    import numpy as np
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(speech)) as file:
            if problem := low_rate(file, f"The sound of '{text}'"):
                raise VoiceError(problem)
            if is_longer(file, LONGEST_S):
                raise VoiceError(Problem("clips.too-long", subject=text, expected=format_duration(LONGEST_S * 1000)))
            samples, rate = file.read(dtype="float32", always_2d=True), int(file.samplerate)
    except soundfile.SoundFileError as error:
        raise VoiceError(Problem("clips.unreadable", subject=text, found=reason_of(error))) from error
    mono = downmix(np.nan_to_num(samples, posinf=0.0, neginf=0.0))  # a float WAV may hold values that are not numbers
    if len(mono):
        mono = _level(mono, rate)
    if np.abs(mono).max(initial=0.0) < ratio(SILENT_DBFS):
        raise VoiceError(Problem("clips.silent", subject=text))
    return Take(mono, rate)


def _level(mono: "Samples", rate: int) -> "Samples":
    """The samples without the constant that cheap sound cards add, also where it is there for a while only."""
    import numpy as np

    mono -= mono.mean()
    edges = max(abs(offset_at(mono, rate, at)) for at in (0, len(mono) - 1))
    loudest = int(np.abs(mono).argmax())
    if edges < ratio(OFFSET_DB) * abs(mono[loudest] - offset_at(mono, rate, loudest)):
        return mono  # as nearly every take: three places show it
    heard = without_offset(mono, rate)
    return heard if edges > ratio(OFFSET_DB) * np.abs(heard).max() else mono


def clip_of(takes: Sequence[Take], delivery: Delivery, lufs: float) -> bytes:
    """The clip of a text's takes, at its pace and a loudness."""
    import numpy as np

    clip = _faded(made(takes, delivery, lufs).samples)
    padded = np.pad(clip, (0, -len(clip) % SAMPLES_PER_MS))
    return np.rint(padded * 32767).astype("<i2").tobytes()


def making_key(delivery: Delivery, lufs: float) -> dict[str, str | int | float]:
    """All that changes the clip made of takes."""
    return {
        "trimming": TRIMMING,
        "levelling": LEVELLING,
        "lufs": lufs + OVER_LU,
        "ceiling_dbtp": _ceiling_dbtp(lufs),
        "decoder": version_of("soundfile"),
        "resampler": version_of("soxr"),
        "delivery": delivery.key,
        "stretcher": version_of("python-stretch"),
    }


def made(takes: Sequence[Take], delivery: Delivery, lufs: float) -> Levelled:
    """The takes at 48 kHz, at their pace and loudness, without the silence around each; the edges are as they are."""
    import soxr

    rate = SPEECH_RATE if all(take.rate <= SPEECH_RATE for take in takes) else RATE
    per_ms = rate // 1000
    resampled = [soxr.resample(take.samples, take.rate, rate, "VHQ") for take in takes]
    sentences = [_trimmed(clamped(sentence, per_ms), per_ms) for sentence in resampled]
    factor = delivery.factor(sum(map(len, sentences)) / per_ms)
    sound = _joined([_paced(sentence, factor, per_ms) for sentence in sentences], delivery.pause_ms, per_ms)
    sound = soxr.resample(sound, rate, RATE, "VHQ")
    return levelled(sound, lufs + OVER_LU, _ceiling_dbtp(lufs), YIELDING_LU if lufs <= LOUD_LUFS else 0.0)


def _paced(sentence: "Samples", factor: float, per_ms: int) -> "Samples":
    """A trimmed sentence `factor` times as fast, to the millisecond."""
    import numpy as np

    if factor == 1:
        return sentence
    length = round(len(sentence) / factor / per_ms) * per_ms
    stretched = _trimmed(clamped(changed_pace(sentence, factor, per_ms), per_ms), per_ms)[:length]
    return np.pad(stretched, (0, length - len(stretched)))


def _joined(sentences: "Sequence[Samples]", pause_ms: int, per_ms: int) -> "Samples":
    """The sentences, from the end of one to the beginning of the next the pause."""
    import numpy as np

    if len(sentences) == 1:
        return sentences[0]
    pause = np.zeros((pause_ms - BEFORE_MS - AFTER_MS) * per_ms, np.float32)
    pieces = [piece for sentence in sentences for piece in (_faded(sentence, per_ms), pause)]
    return np.concatenate(pieces[:-1])


def _ceiling_dbtp(lufs: float) -> float:
    return LOUD_CEILING_DBTP if lufs > LOUD_LUFS else CEILING_DBTP


def _trimmed(sound: "Samples", per_ms: int) -> "Samples":
    import numpy as np

    peaks = sample_peaks(sound, per_ms)
    loudest = peaks.max()
    floor = ratio(FLOOR_DBFS)
    first = int(np.argmax(peaks > max(loudest * ratio(START_DB), floor)))
    last = len(peaks) - 1 - int(np.argmax(peaks[::-1] > max(loudest * ratio(END_DB), floor)))
    return sound[max(0, first - BEFORE_MS) * per_ms : (last + 1 + AFTER_MS) * per_ms]


def _faded(sound: "Samples", per_ms: int = SAMPLES_PER_MS) -> "Samples":
    import numpy as np

    for edge, length_ms in ((sound, FADE_IN_MS), (sound[::-1], AFTER_MS)):
        ramp = np.sin(np.linspace(0.0, np.pi / 2, length_ms * per_ms, dtype=np.float32)) ** 2
        edge[: len(ramp)] *= ramp[: len(edge)]
    return sound
