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
from audiogen.track.tones import segment

if TYPE_CHECKING:
    from audiogen.audio.loudness import PerMs

PEAK_DBTP = -1.5  # of a track, at most
SPARE_DB = 0.02  # for what decoders differ by, and what sounds before a block
STEP_DB = 0.05  # by which peaks are turned down further at each try
# A softer block is not measured. Coding adds least to speech, and most to noise that was clipped: its phases are lost,
# and where no peak was more than 2 dB above the mean power, some are 10 dB above it again.
SAFE_DBFS = -12.0


def encoded_below(pcm: bytes, bitrate_kbps: int = mp3.MONO_KBPS, quiet: int = 0) -> bytes:
    """Encode a block as `mp3.encode_block` does, with no peak above the limit when it is decoded."""
    frames = mp3.encode_block(pcm, bitrate_kbps, quiet=quiet)
    if segment(pcm).max_dBFS < SAFE_DBFS:
        return frames
    import numpy as np

    from audiogen.audio.loudness import turned_down

    limit = ratio(PEAK_DBTP - SPARE_DB)
    sound, below_db = np.frombuffer(pcm, "<i2").astype(np.float32), 0.0
    while (peaks := _decoded_peaks(frames, bitrate_kbps, limit)).max() > limit:
        below_db += STEP_DB
        sound = turned_down(sound, peaks, limit * ratio(-below_db))
        frames = mp3.encode_block(np.rint(sound).astype("<i2").tobytes(), bitrate_kbps, quiet=quiet)
    return frames


def _decoded_peaks(frames: bytes, bitrate_kbps: int, limit: float) -> "PerMs":
    """The peak of each millisecond of a block, as a decoder makes it."""
    import numpy as np
    import soundfile

    from audiogen.audio.meter import true_peaks

    length_ms = len(frames) // mp3.frame_bytes(bitrate_kbps) * FRAME_MS
    file = io.BytesIO()
    # A decoder gives out the last frame only with one more behind it; a block ends in so much silence.
    mp3.write_mp3(file, b"", [(0, frames)], length_ms - FRAME_MS, bitrate_kbps)
    file.seek(0)
    return np.pad(true_peaks(soundfile.read(file, dtype="float32")[0], limit), (0, FRAME_MS))
