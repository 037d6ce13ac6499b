"""PCM of a block -> frames that no decoder turns into a peak above the limit of a track.

Coding adds noise, and where much of it meets a peak that was limited to just below the limit, the peak grows: by 0.2 dB
at most in nearly all blocks, but by 0.7 in the burst of a "t" that is coded with 12 dB of signal to noise. So what was
encoded is decoded and measured, between the samples too, and a block that is too loud is encoded again, turned down
around its peaks.

numpy is loaded only for blocks that may be too loud.
"""

import io
from typing import TYPE_CHECKING

from audiogen.audio.pcm import ratio
from audiogen.timeline.events import FRAME_MS
from audiogen.track import mp3
from audiogen.track.blocks import FRAME_SAMPLES
from audiogen.track.tones import segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audiogen.audio.loudness import PerMs, Samples

    Stretches = NDArray[np.intp]

PEAK_DBTP = -1.5  # of a track, at most
SPARE_DB = 0.02  # for what decoders differ by, and what sounds before a block
STEP_DB = 0.05  # by which peaks are turned down further at each try
SAFE_DBFS = -4.0  # no coding brings what is softer near the limit: it is not measured
REACH_FRAMES = 2  # to each side of a loud frame that are measured, too: what is coded of it is heard in its neighbours


def encoded_below(pcm: bytes, bitrate_kbps: int = mp3.MONO_KBPS, quiet: int = 0) -> bytes:
    """Encode a block as `mp3.encode_block` does, with no peak above the limit when it is decoded."""
    frames = mp3.encode_block(pcm, bitrate_kbps, quiet=quiet)
    if segment(pcm).max_dBFS < SAFE_DBFS:
        return frames
    import numpy as np

    from audiogen.audio.loudness import turned_down

    limit = ratio(PEAK_DBTP - SPARE_DB)
    sound, below_db = np.frombuffer(pcm, "<i2").astype(np.float32), 0.0
    loud = _loud_stretches(sound)
    while (peaks := _decoded_peaks(frames, bitrate_kbps, loud, limit)).max() > limit:
        below_db += STEP_DB
        sound = turned_down(sound, peaks, limit * ratio(-below_db))
        frames = mp3.encode_block(np.rint(sound).astype("<i2").tobytes(), bitrate_kbps, quiet=quiet)
    return frames


def _loud_stretches(sound: "Samples") -> "Stretches":
    """The first frame and the one behind the last of each stretch of a block that may be too loud, [stretches, 2]."""
    import numpy as np

    loud = np.abs(sound).reshape(-1, FRAME_SAMPLES).max(axis=1) > 32768 * ratio(SAFE_DBFS)
    widened = np.convolve(loud, np.ones(2 * REACH_FRAMES + 1), "full")[REACH_FRAMES : REACH_FRAMES + len(loud)] > 0
    widened[-1] = False  # a decoder gives it out only with one more behind it; a block ends in so much silence
    return np.flatnonzero(np.diff(widened, prepend=False, append=False)).reshape(-1, 2)


def _decoded_peaks(frames: bytes, bitrate_kbps: int, loud: "Stretches", limit: float) -> "PerMs":
    """The peak of each millisecond of a block, as a decoder makes it; 0 where it is not loud."""
    import numpy as np
    import soundfile

    from audiogen.audio.meter import true_peaks

    count = len(frames) // mp3.frame_bytes(bitrate_kbps)
    file = io.BytesIO()
    mp3.write_mp3(file, b"", [(0, frames)], (count - 1) * FRAME_MS, bitrate_kbps)
    file.seek(0)
    sound = np.zeros(count * FRAME_SAMPLES, np.float32)
    with soundfile.SoundFile(file) as decoded:
        for first, end in loud * FRAME_SAMPLES:
            decoded.seek(first)
            decoded.read(out=sound[first:end])
    return true_peaks(sound, limit)
